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
/// fixed    8.00   to items  only shirt,mug  price 7.00,-      new prices of single targets
/// amount   5.00   to each  only #adventure  from dearest  skip 1  repeat 2  by unit  units 3  units-all 5  line-cap 9.00  lines-cap 20.00
/// amount   5.00   to each  only mug,shirt  units 1,2  units-all 1,3          limits of single targets
/// percent  10     to order  bundles 2  of-initial
/// free     2 shirt 30.00 missing     or new, or same; "free 1 #summer same" names a collection
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
            Collections = row.Where(word => word.StartsWith('#')).Select(word => word[1..]).ToHashSet(),
        };
    }

    private static Cart Applied(Cart cart, string[] row) => row[0] switch
    {
        "amount" => Discounting.Apply(cart, new AmountOff(Minor(row[1]), Effect(row), Option(row, "all")), Targets(row), Terms(row)).Cart,
        "percent" => Discounting.Apply(cart, new PercentOff(decimal.Parse(row[1], CultureInfo.InvariantCulture), Effect(row), Option(row, "cap"), Option(row, "all")), Targets(row), Terms(row)).Cart,
        "fixed" => Discounting.Apply(cart, new FixedPrice(Minor(row[1]), Effect(row)), Targets(row), Terms(row)).Cart,
        "free" => Discounting.Apply(cart, new UnitOff(Unit(row)), Engine.Discounts.Targets.Everything, Terms(row)).Cart,
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
        CollectionId = row[2].StartsWith('#') ? row[2][1..] : null,
        ProductId = row[2].StartsWith('#') ? "" : row[2].Split('/')[0],
        SkuId = row[2].Split('/').ElementAtOrDefault(1),
        Price = row.Length > 4 && char.IsAsciiDigit(row[3][0]) ? Minor(row[3]) : null,
        Effect = row.Contains("new") ? UnitEffect.AddNewItems : row.Contains("same") ? UnitEffect.AddSameItems : UnitEffect.AddMissingItems,
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

    // "from cheapest", "at cheapest", "from dearest", "at dearest"; skip and repeat count lines, with "by unit" units.
    private static Targets Targets(string[] row)
    {
        var effect = (After(row, "from"), After(row, "at")) switch
        {
            ("cheapest", _) => TargetEffect.FromCheapest,
            ("dearest", _) => TargetEffect.FromMostExpensive,
            (_, "cheapest") => TargetEffect.Cheapest,
            (_, "dearest") => TargetEffect.MostExpensive,
            _ => TargetEffect.Every,
        };
        var only = After(row, "only")?.Split(',') ?? [];
        var price = After(row, "price");
        Target[] included = [.. only.Select((id, i) => new Target(id.StartsWith('#') ? TargetKind.Collection : id.StartsWith('/') ? TargetKind.Sku : TargetKind.Product, id.TrimStart('#', '/'))
        {
            Effect = effect,
            SkipInitially = Count(row, "skip") ?? 0,
            Repeat = Count(row, "repeat") ?? 1,
            CountsUnits = After(row, "by") == "unit",
            QuantityLimit = Of(row, "units", i),
            AggregatedQuantityLimit = Of(row, "units-all", i),
            AmountLimit = Option(row, "line-cap"),
            AggregatedAmountLimit = Option(row, "lines-cap"),
            Price = price?.Split(',')[i] is { } own and not "-" ? Minor(own) : null,
        })];
        return new(included, Engine.Discounts.Targets.OfIds([], After(row, "not")?.Split(',') ?? []).Excluded);
    }

    private static DiscountTerms Terms(string[] row) => new()
    {
        Bundles = Count(row, "bundles") ?? 1,
        OfInitialAmount = row.Contains("of-initial"),
    };

    private static long? Of(string[] row, string word, int place) => After(row, word)?.Split(',') is not { } own ? null
        : long.Parse(own.Length == 1 ? own[0] : own[place], CultureInfo.InvariantCulture);

    private static long? Count(string[] row, string word) =>
        After(row, word) is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    private static string? After(string[] row, string word) =>
        Array.IndexOf(row, word) is >= 0 and var at ? row[at + 1] : null;

    private static long? Option(string[] row, string word) => After(row, word) is { } text ? Minor(text) : null;

    private static long? Value(IEnumerable<string[]> rows, string word) =>
        rows.FirstOrDefault(row => row[0] == word) is { } row ? Minor(row[1]) : null;

    private static long Minor(string text) => (long)(decimal.Parse(text, CultureInfo.InvariantCulture) * 100);
}
