using Scrip.Engine.Carts;

namespace Scrip.Engine.Discounts;

/// <summary>
/// Effects on lines. A line loses at most its subtotal, all lines together at most what is left of the order and
/// what the aggregated limit allows; where that is not enough for every line, earlier lines come first.
/// </summary>
internal static class ItemEffects
{
    public static Cart Amount(Cart cart, AmountOff off, Targets targets) => targets.EffectOr(off.Effect) switch
    {
        DiscountEffect.ApplyToItemsByQuantity => ByQuantity(cart, off, targets),
        DiscountEffect.ApplyToItemsProportionally => Spread(cart, off, targets, line => line.Left),
        DiscountEffect.ApplyToItemsProportionallyByQuantity => Spread(cart, off, targets, line => line.Quantity),
        _ => PerLine(cart, targets, off.AggregatedAmountLimit, _ => off.Amount),
    };

    public static Cart Percent(Cart cart, PercentOff off, Targets targets) =>
        PerLine(cart, targets, off.AggregatedAmountLimit, line =>
            Math.Min(Money.Percent(line.Left, off.Percent), off.AmountLimit ?? long.MaxValue));

    public static Cart Fixed(Cart cart, FixedPrice price, Targets targets) =>
        PerLine(cart, targets, null, line =>
            line.Left - Math.Min(line.Left, Money.Times(price.Price, line.Quantity) ?? Money.Max));

    /// <summary>Takes from each covered line in its order what the function wants, as far as line and budget allow.</summary>
    public static Cart PerLine(Cart cart, Targets targets, long? limit, Func<CartLine, long> wanted)
    {
        var budget = Budget(cart, limit);
        var lines = cart.Lines.ToArray();
        for (var i = 0; i < lines.Length && budget > 0; i++)
        {
            if (lines[i].Left == 0 || !targets.Cover(lines[i])) continue;
            var taken = Math.Min(budget, Math.Clamp(wanted(lines[i]), 0, lines[i].Left));
            lines[i] = lines[i] with { DiscountAmount = lines[i].DiscountAmount + taken };
            budget -= taken;
        }
        return cart with { Lines = lines };
    }

    private static Cart ByQuantity(Cart cart, AmountOff off, Targets targets)
    {
        var after = PerLine(cart, targets, off.AggregatedAmountLimit, line =>
            Money.Times(off.Amount, line.Quantity) ?? Money.Max);
        var lines = after.Lines.ToArray();
        for (var i = 0; i < lines.Length; i++)
            if (lines[i].DiscountAmount > cart.Lines[i].DiscountAmount)
                lines[i] = lines[i] with { DiscountQuantity = Math.Min(lines[i].Quantity, lines[i].DiscountQuantity + UnitsOf(lines[i], cart.Lines[i], off)) };
        return after with { Lines = lines };
    }

    // A budget that ends within a line discounts only the units it reached, the last of them in part.
    private static long UnitsOf(CartLine line, CartLine before, AmountOff off)
    {
        var taken = line.DiscountAmount - before.DiscountAmount;
        return line.Left == 0 ? line.Quantity : Math.Min(line.Quantity, (taken + off.Amount - 1) / off.Amount);
    }

    private static Cart Spread(Cart cart, AmountOff off, Targets targets, Func<CartLine, long> weight)
    {
        var lines = cart.Lines.ToArray();
        var left = Math.Min(off.Amount, Budget(cart, off.AggregatedAmountLimit));
        // What a full line cannot take is spread again over the others; each round fills a line or ends.
        while (left > 0)
        {
            var open = Enumerable.Range(0, lines.Length)
                .Where(i => lines[i].Left > 0 && weight(lines[i]) > 0 && targets.Cover(lines[i])).ToArray();
            if (open.Length == 0) break;
            var room = open.Sum(i => lines[i].Left);
            var shares = Money.Spread(Math.Min(left, room), [.. open.Select(i => weight(lines[i]))]);
            for (var k = 0; k < open.Length; k++)
            {
                var line = lines[open[k]];
                var taken = Math.Min(shares[k], line.Left);
                lines[open[k]] = line with { DiscountAmount = line.DiscountAmount + taken };
                left -= taken;
            }
        }
        return cart with { Lines = lines };
    }

    private static long Budget(Cart cart, long? limit) => Math.Min(cart.Left, limit ?? long.MaxValue);
}
