using Scrip.Engine.Discounts;

namespace Scrip.Engine.Tests.Discounts;

/// <summary>
/// The arithmetic of discounts once more: slow, plain, and written from the documentation alone. Fractions stay
/// exact until a line or the order gets its discount, and end there. Mutates the order.
/// </summary>
internal static class Reference
{
    public static void Apply(ReferenceOrder order, Discount discount, Targets targets, DiscountTerms terms)
    {
        var named = targets.Included.Count + targets.Excluded.Count > 0;
        var usual = named ? DiscountEffect.ApplyToItems : DiscountEffect.ApplyToOrder;
        switch (discount)
        {
            case UnitOff off: Units(order, off, terms); break;
            case AmountOff off when (off.Effect ?? usual) == DiscountEffect.ApplyToOrder: TakeOfOrder(order, off.Amount * terms.Bundles, off.AggregatedAmountLimit); break;
            case PercentOff off when (off.Effect ?? usual) == DiscountEffect.ApplyToOrder:
                TakeOfOrder(order, (terms.OfInitialAmount ? order.Initial ?? 0 : order.Left) * Percent(off, terms) / 100m, off.AmountLimit, off.AggregatedAmountLimit);
                break;
            case FixedPrice price when (price.Effect ?? usual) == DiscountEffect.ApplyToOrder: TakeOfOrder(order, order.Left - price.Price); break;
            case AmountOff off: Amount(order, off, off.Effect ?? usual, targets, terms); break;
            case PercentOff off:
                Lines(order, Reach(order, targets, terms, 1), off.AggregatedAmountLimit, reach =>
                    Math.Min(Round((terms.OfInitialAmount ? reach.Initial : reach.Worth) * Percent(off, terms) / 100m), off.AmountLimit ?? long.MaxValue));
                break;
            case FixedPrice price:
                Lines(order, Reach(order, targets, terms, terms.Bundles), null, reach => Round(reach.Worth) - ((reach.Target?.Price ?? price.Price) * reach.Units));
                break;
            default: throw new ArgumentOutOfRangeException(nameof(discount));
        }
    }

    public static void Gift(ReferenceOrder order, long credits, GiftEffect effect, Targets targets, DiscountTerms terms)
    {
        if (effect == GiftEffect.ApplyToOrder) TakeOfOrder(order, credits);
        else Lines(order, Reach(order, targets, terms, 1), credits, reach => Round(reach.Worth));
    }

    private static List<ReferenceReach> Reach(ReferenceOrder order, Targets targets, DiscountTerms terms, long factor) =>
        ReferenceReach.All(order, targets, terms.Closed, factor);

    private static decimal Percent(PercentOff off, DiscountTerms terms) => Math.Min(100, off.Percent * terms.Bundles);

    private static long Round(decimal amount)
    {
        var whole = decimal.Floor(amount);
        return (long)(amount - whole >= 0.5m ? whole + 1 : whole);
    }

    private static void TakeOfOrder(ReferenceOrder order, decimal wanted, params long?[] limits)
    {
        var taken = Math.Min(Round(wanted), order.Left);
        foreach (var limit in limits) taken = Math.Min(taken, limit ?? taken);
        order.Off += Math.Max(0, taken);
    }

    private static void Amount(ReferenceOrder order, AmountOff off, DiscountEffect effect, Targets targets, DiscountTerms terms)
    {
        var reached = Reach(order, targets, terms, terms.Bundles);
        if (effect == DiscountEffect.ApplyToItems)
            Lines(order, reached, off.AggregatedAmountLimit, _ => off.Amount * terms.Bundles);
        else if (effect == DiscountEffect.ApplyToItemsByQuantity)
            Lines(order, reached, off.AggregatedAmountLimit, reach => off.Amount * reach.Units);
        else
            Split(order, reached, Math.Min(off.Amount * terms.Bundles, off.AggregatedAmountLimit ?? long.MaxValue), effect == DiscountEffect.ApplyToItemsProportionally);
    }

    // Lines get their discount one after the other, as long as there is something left to give.
    private static void Lines(ReferenceOrder order, List<ReferenceReach> reached, long? limit, Func<ReferenceReach, long> wanted)
    {
        var given = new Dictionary<ReferenceReach, long>();
        foreach (var reach in reached)
        {
            var most = Math.Min(order.Left, (limit ?? long.MaxValue) - given.Values.Sum());
            Take(reach, Math.Min(wanted(reach), most), Round(reach.Worth), given);
        }
    }

    private static void Take(ReferenceReach reach, long wanted, long worth, Dictionary<ReferenceReach, long> given)
    {
        var before = given.GetValueOrDefault(reach);
        var taken = Math.Min(wanted, worth);
        if (reach.Target is { } target)
        {
            taken = Math.Min(taken, (target.AmountLimit ?? long.MaxValue) - before);
            taken = Math.Min(taken, (target.AggregatedAmountLimit ?? long.MaxValue) - given.Where(one => ReferenceEquals(one.Key.Target, target)).Sum(one => one.Value));
        }
        taken = Math.Max(0, taken);
        reach.Line.Off += taken;
        given[reach] = before + taken;
    }

    // Shares by what the units are worth or by their number; what a line cannot take is shared by the others.
    private static void Split(ReferenceOrder order, List<ReferenceReach> reached, long whole, bool byAmount)
    {
        var given = new Dictionary<ReferenceReach, long>();
        var worth = reached.ToDictionary(reach => reach, reach => Round(reach.Worth));
        var open = reached.Where(reach => worth[reach] > 0).ToList();
        whole = Math.Min(whole, order.Left);
        while (whole > 0 && open.Count > 0)
        {
            var shares = Shares(Math.Min(whole, open.Sum(reach => worth[reach])), [.. open.Select(reach => byAmount ? worth[reach] : reach.Units)]);
            foreach (var (reach, share) in open.ToList().Zip(shares))
            {
                var before = given.GetValueOrDefault(reach);
                Take(reach, share, worth[reach], given);
                var taken = given[reach] - before;
                whole -= taken;
                worth[reach] -= taken;
                if (taken < share || worth[reach] == 0) open.Remove(reach);
            }
            if (shares.All(share => share == 0)) return;
        }
    }

    private static long[] Shares(long whole, long[] weights)
    {
        var all = weights.Sum();
        if (all == 0) return new long[weights.Length];
        var shares = weights.Select(weight => whole * weight / all).ToArray();
        var remainders = weights.Select(weight => whole * weight % all).ToArray();
        while (shares.Sum() < whole)
        {
            var largest = Array.IndexOf(remainders, remainders.Max());
            shares[largest]++;
            remainders[largest] = -1;
        }
        return shares;
    }

    private static void Units(ReferenceOrder order, UnitOff off, DiscountTerms terms)
    {
        var closed = order.Lines.Where((_, i) => terms.Closed.Contains(i)).ToList();
        foreach (var unit in off.Units.Where(unit => unit.Effect == UnitEffect.AddSameItems || !closed.Any(line => Covers(unit, line))))
        {
            var count = unit.Count * terms.Bundles;
            if (unit.Effect == UnitEffect.AddSameItems)
            {
                if (count > 0) Same(order, [.. order.Lines.Where(line => line.Quantity > 0 && Covers(unit, line) && !closed.Contains(line))], count);
                continue;
            }
            var present = order.Lines.Where(line => Covers(unit, line)).Sum(line => line.Quantity);
            var added = unit.Effect == UnitEffect.AddNewItems ? count : Math.Max(0, count - present);
            var line = added == 0 ? null : Add(order, unit, added);
            if (unit.Effect == UnitEffect.AddNewItems) _ = line is null ? 0 : Free(order, line, count);
            else foreach (var covered in order.Lines.Where(one => Covers(unit, one))) count -= Free(order, covered, Math.Min(count, covered.Quantity));
        }
    }

    private static void Same(ReferenceOrder order, List<ReferenceLine> lines, long count)
    {
        foreach (var item in lines.GroupBy(line => (line.Product, line.Sku)))
        {
            var line = item.First();
            if (line.Amount is not null)
            {
                var price = line.Price ?? Round((decimal)line.Amount.Value / line.Quantity);
                line.Amount += price * count;
                order.Amount = (order.Amount ?? 0) + (price * count);
                order.Initial ??= 0;
            }
            line.Quantity += count;
            Free(order, line, count);
        }
    }

    private static bool Covers(FreeUnit unit, ReferenceLine line) => unit.CollectionId is not null ? line.Collections.Contains(unit.CollectionId) : unit.SkuId is null ? line.Product == unit.ProductId : line.Sku == unit.SkuId;

    private static ReferenceLine Add(ReferenceOrder order, FreeUnit unit, long count)
    {
        var line = order.Lines.FirstOrDefault(one => Covers(unit, one) && (unit.SkuId is not null || one.Sku is null));
        if (line is null)
            order.Lines.Add(line = new() { Product = unit.ProductId, Sku = unit.SkuId, Price = unit.Price, Amount = unit.Price is null ? null : 0 });
        line.Quantity += count;
        if (line.Amount is null || (line.Price ?? unit.Price) is not { } price) return line;
        for (var i = 0; i < count; i++)
        {
            line.Amount += price;
            order.Initial ??= 0;
            order.Amount = (order.Amount ?? 0) + price;
        }
        return line;
    }

    private static long Free(ReferenceOrder order, ReferenceLine line, long count)
    {
        if (count == 0) return 0;
        var worth = count == line.Quantity ? line.Amount ?? 0 : line.Price is { } price ? price * count : Round((decimal)(line.Amount ?? 0) * count / line.Quantity);
        line.Off += Math.Min(worth, Math.Min(line.Left, order.Left));
        return count;
    }
}
