using Scrip.Engine.Carts;

namespace Scrip.Engine.Discounts;

/// <summary>
/// Free units. Added units raise quantity and amount at full price and are then discounted, so that the total
/// stays; what the cart was before remains in the initial quantity and amount.
/// </summary>
internal static class UnitEffects
{
    public static Cart Units(Cart cart, UnitOff off, IReadOnlySet<int> closed) => off.Units.Aggregate(cart, (current, unit) =>
        unit.Count == 0 ? current
        : unit.Effect == UnitEffect.AddSameItems ? AddSame(current, unit, closed)
        : unit.Effect == UnitEffect.AddNewItems ? AddNew(current, unit)
        : AddMissing(current, unit));

    // An item that stands on two lines is added to the first of them, once.
    private static Cart AddSame(Cart cart, FreeUnit unit, IReadOnlySet<int> closed)
    {
        var seen = new HashSet<(string?, string?, string?)>();
        var after = cart;
        for (var i = 0; i < cart.Lines.Count; i++)
        {
            var line = cart.Lines[i];
            if (line.Quantity == 0 || closed.Contains(i) || !unit.Covers(line)) continue;
            if (!seen.Add((line.ProductId, line.SkuId, line.ProductId is null && line.SkuId is null ? line.SourceId : null))) continue;
            var price = line is { Price: null, Amount: { } amount } ? Money.Round((decimal)amount / line.Quantity) : (long?)null;
            after = More(after, [.. after.Lines], i, price, unit.Count);
            var lines = after.Lines.ToArray();
            lines[i] = Free(lines[i], unit.Count, after.Left);
            after = after with { Lines = lines };
        }
        return after;
    }

    private static Cart AddNew(Cart cart, FreeUnit unit)
    {
        var (after, index) = Add(cart, unit, unit.Count);
        var lines = after.Lines.ToArray();
        lines[index] = Free(lines[index], unit.Count, after.Left);
        return after with { Lines = lines };
    }

    private static Cart AddMissing(Cart cart, FreeUnit unit)
    {
        Int128 present = 0;
        foreach (var line in cart.Lines)
            if (unit.Covers(line)) present += line.Quantity;
        var after = present < unit.Count ? Add(cart, unit, unit.Count - (long)present).Cart : cart;
        var lines = after.Lines.ToArray();
        var (left, budget) = (unit.Count, after.Left);
        for (var i = 0; i < lines.Length && left > 0; i++)
        {
            if (lines[i].Quantity == 0 || !unit.Covers(lines[i])) continue;
            var units = Math.Min(left, lines[i].Quantity);
            var before = lines[i].DiscountAmount;
            lines[i] = Free(lines[i], units, budget);
            budget -= lines[i].DiscountAmount - before;
            left -= units;
        }
        return after with { Lines = lines };
    }

    /// <summary>Adds units to the line that is this product or SKU already, else to a new line at the end.</summary>
    private static (Cart Cart, int Index) Add(Cart cart, FreeUnit unit, long count)
    {
        var lines = cart.Lines.ToList();
        var index = lines.FindIndex(unit.Is);
        if (index < 0)
        {
            index = lines.Count;
            lines.Add(NewLine(unit));
        }
        return (More(cart, lines, index, unit.Price, count), index);
    }

    private static Cart More(Cart cart, List<CartLine> lines, int index, long? unitPrice, long count)
    {
        var line = Touched(lines[index]);
        // A line without an amount stays without one: a price for some of its units would be a wrong total.
        var price = line.Amount is null ? null : line.Price ?? unitPrice;
        var raise = price is null ? 0 : Checked(Money.Times(price.Value, count));
        lines[index] = line with
        {
            Quantity = checked(line.Quantity + count),
            Amount = price is null ? line.Amount : Checked(line.Amount + raise),
        };
        var amount = price is null ? cart.Amount : Checked((cart.Amount ?? 0) + raise);
        return cart with { Lines = lines, Amount = amount, InitialAmount = cart.InitialAmount ?? (amount is null ? null : 0) };
    }

    private static CartLine NewLine(FreeUnit unit) => new()
    {
        ProductId = unit.ProductId,
        SkuId = unit.SkuId,
        SourceId = unit.SourceId,
        RelatedObject = unit.Kind,
        Quantity = 0,
        Price = unit.Price,
        Amount = unit.Price is null ? null : 0,
        AddedFrom = unit,
        Collections = unit.Collections,
        Tag = unit.Tag,
    };

    /// <summary>Takes the full value of so many units off the line, as far as line and order have it.</summary>
    private static CartLine Free(CartLine line, long units, long budget)
    {
        var value = units == line.Quantity ? line.Amount ?? 0
            : line.Price is { } price ? Money.Times(price, units) ?? Money.Max
            : Money.Round((decimal)(line.Amount ?? 0) * units / line.Quantity);
        return Touched(line) with
        {
            DiscountAmount = line.DiscountAmount + Math.Min(Math.Min(value, line.Left), budget),
            DiscountQuantity = Math.Min(line.Quantity, line.DiscountQuantity + units),
        };
    }

    private static CartLine Touched(CartLine line) => line.InitialQuantity is not null ? line : line with
    {
        InitialQuantity = line.Quantity,
        InitialAmount = line.Amount,
    };

    private static long Checked(long? amount) =>
        amount is { } value and <= Money.Max ? value : throw new OverflowException("More than the largest amount");
}
