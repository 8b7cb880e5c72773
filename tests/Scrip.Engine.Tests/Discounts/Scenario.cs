using System.Globalization;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;

namespace Scrip.Engine.Tests.Discounts;

/// <summary>
/// Reads a small table: items, discounts in order, then what must come out. Amounts are in major units.
/// <code>
/// item     shirt  2 x 30.00          a line; "item ship 1" has no price; "item shirt/red 1 x 5.00" is a SKU
/// order    90.00                     order.amount as the caller gives it
/// earlier  92.00                     order-level discount of earlier redemptions
/// amount   20.00  to order           to order | items | split | split-by-quantity | each
/// percent  10     to items  only shirt,socks  not mug  cap 5.00  all 9.00
/// fixed    8.00   to items
/// free     2 shirt 30.00 missing     or new
/// gift     50.00  to order
/// line     shirt  -5.00              that the first line of this name has this item-level discount
/// units    shirt  3 of 1             quantity and initial quantity
/// total    45.00                     and likewise: before, initial, discount, items, applied
/// </code>
/// </summary>
internal static class Scenario
{
    public static Cart Check(string table)
    {
        var rows = table.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(row => row.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(row => row.Length > 0).ToList();
        var lines = rows.Where(row => row[0] == "item").Select(Item).ToList();
        var cart = Cart.Open(lines, Value(rows, "order"), Value(rows, "earlier") ?? 0).Cart.ShouldNotBeNull();
        var opened = cart;
        foreach (var row in rows)
            cart = Applied(cart, row);
        cart = cart.Since(opened);
        foreach (var row in rows)
            Expect(cart, row);
        return cart;
    }

    private static CartLine Item(string[] row)
    {
        var (product, sku) = (row[1].Split('/')[0], row[1].Split('/').ElementAtOrDefault(1));
        return new CartLine
        {
            ProductId = product,
            SkuId = sku,
            Quantity = long.Parse(row[2], CultureInfo.InvariantCulture),
            Price = row.Length > 4 ? Minor(row[4]) : null,
        };
    }

    private static Cart Applied(Cart cart, string[] row) => row[0] switch
    {
        "amount" => Discounting.Apply(cart, new AmountOff(Minor(row[1]), Effect(row), Option(row, "all")), Targets(row)),
        "percent" => Discounting.Apply(cart, new PercentOff(decimal.Parse(row[1], CultureInfo.InvariantCulture), Effect(row), Option(row, "cap"), Option(row, "all")), Targets(row)),
        "fixed" => Discounting.Apply(cart, new FixedPrice(Minor(row[1]), Effect(row)), Targets(row)),
        "free" => Discounting.Apply(cart, new UnitOff(Unit(row)), Engine.Discounts.Targets.Everything),
        "gift" => GiftCredits.Apply(cart, Minor(row[1]), Effect(row) == DiscountEffect.ApplyToOrder ? GiftEffect.ApplyToOrder : GiftEffect.ApplyToItems, Targets(row)),
        _ => cart,
    };

    private static void Expect(Cart cart, string[] row)
    {
        switch (row[0])
        {
            case "total": cart.TotalAmount.ShouldBe(Minor(row[1]), "total"); break;
            case "before": cart.Amount.ShouldBe(Minor(row[1]), "amount"); break;
            case "initial": cart.InitialAmount.ShouldBe(Minor(row[1]), "initial amount"); break;
            case "discount": cart.DiscountAmount.ShouldBe(Minor(row[1]), "order-level discount"); break;
            case "items": cart.ItemsDiscountAmount.ShouldBe(Minor(row[1]), "item-level discount"); break;
            case "applied": cart.TotalAppliedDiscountAmount.ShouldBe(Minor(row[1]), "applied discount"); break;
            case "line": Line(cart, row[1]).DiscountAmount.ShouldBe(-Minor(row[2]), $"discount of {row[1]}"); break;
            case "units":
                Line(cart, row[1]).Quantity.ShouldBe(long.Parse(row[2], CultureInfo.InvariantCulture), $"units of {row[1]}");
                Line(cart, row[1]).InitialQuantity.ShouldBe(long.Parse(row[4], CultureInfo.InvariantCulture), $"initial units of {row[1]}");
                break;
            case "item" or "order" or "earlier" or "amount" or "percent" or "fixed" or "free" or "gift": break;
            default: throw new FormatException($"No such row: {row[0]}");
        }
    }

    private static CartLine Line(Cart cart, string name) =>
        cart.Lines.First(line => (line.SkuId is null ? line.ProductId : $"{line.ProductId}/{line.SkuId}") == name);

    private static FreeUnit Unit(string[] row) => new()
    {
        Count = long.Parse(row[1], CultureInfo.InvariantCulture),
        ProductId = row[2].Split('/')[0],
        SkuId = row[2].Split('/').ElementAtOrDefault(1),
        Price = row.Length > 4 ? Minor(row[3]) : null,
        Effect = row[^1] == "new" ? UnitEffect.AddNewItems : UnitEffect.AddMissingItems,
    };

    private static DiscountEffect? Effect(string[] row) => After(row, "to") switch
    {
        "order" => DiscountEffect.ApplyToOrder,
        "items" => DiscountEffect.ApplyToItems,
        "split" => DiscountEffect.ApplyToItemsProportionally,
        "split-by-quantity" => DiscountEffect.ApplyToItemsProportionallyByQuantity,
        "each" => DiscountEffect.ApplyToItemsByQuantity,
        _ => null,
    };

    private static Targets Targets(string[] row) =>
        new(After(row, "only")?.Split(',') ?? [], After(row, "not")?.Split(',') ?? []);

    private static string? After(string[] row, string word) =>
        Array.IndexOf(row, word) is >= 0 and var at ? row[at + 1] : null;

    private static long? Option(string[] row, string word) => After(row, word) is { } text ? Minor(text) : null;

    private static long? Value(IEnumerable<string[]> rows, string word) =>
        rows.FirstOrDefault(row => row[0] == word) is { } row ? Minor(row[1]) : null;

    private static long Minor(string text) => (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * 100);
}
