using Scrip.Engine.Carts;

namespace Scrip.Engine.Discounts;

/// <summary>
/// Effects on lines. A line loses at most what is left of the units that are reached, all lines together at most
/// what is left of the order and what the limits allow; where that is not enough for every line, earlier ones in
/// the plan come first.
/// </summary>
internal sealed class ItemEffects(Cart cart, List<PlannedLine> plan, DiscountTerms terms)
{
    private readonly CartLine[] lines = [.. cart.Lines];
    private Dictionary<Target, long>? given;
    private Dictionary<int, long>? cut;

    /// <summary>True when a formula gave a value.</summary>
    public bool IsDynamic { get; private set; }

    /// <summary>How many of the planned units were discounted: fewer where a budget ended within the line.</summary>
    public long Units(PlannedLine one) => cut is not null && cut.TryGetValue(one.Index, out var units) ? units : one.Units;

    public Cart Amount(AmountOff off, DiscountEffect effect)
    {
        switch (effect)
        {
            case DiscountEffect.ApplyToItemsByQuantity:
                long each = 0;
                return PerLine(off.AggregatedAmountLimit, one => Money.Times(each = Value(off, one), one.Units) ?? Money.Max, (one, taken) => UnitsOf(one, taken, each));
            case DiscountEffect.ApplyToItemsProportionally:
                return Split(off, one => one.Value);
            case DiscountEffect.ApplyToItemsProportionallyByQuantity:
                return Split(off, one => one.Units);
            default:
                return PerLine(off.AggregatedAmountLimit, one => Money.Times(Value(off, one), terms.Bundles) ?? Money.Max);
        }
    }

    public Cart Percent(PercentOff off) => PerLine(off.AggregatedAmountLimit, one =>
    {
        var percent = Dynamic(Values.Percent(off, terms.Facts, lines[one.Index]), off.Percent);
        var line = lines[one.Index];
        var taken = Percent(terms.OfInitialAmount ? line.Amount ?? 0 : line.Left, one.Units, line.Quantity, Math.Min(100m, percent * terms.Bundles));
        return Math.Min(taken, off.AmountLimit ?? long.MaxValue);
    });

    // Of some units of a line the exact share counts, so that fractions end once.
    private static long Percent(long amount, long units, long quantity, decimal percent) =>
        units >= quantity ? Money.Percent(amount, percent) : Money.Round(amount * percent * units / (100m * quantity));

    public Cart Fixed(FixedPrice price) => PerLine(null, one =>
    {
        var unit = one.Target is { Price: not null } or { PriceFormula: not null }
            ? Dynamic(Values.Price(one.Target, terms.Facts, lines[one.Index]), one.Target.Price ?? price.Price)
            : Dynamic(Values.Price(price, terms.Facts, lines[one.Index]), price.Price);
        return one.Value - Math.Min(one.Value, Money.Times(unit, one.Units) ?? Money.Max);
    });

    /// <summary>Takes at most so many minor units from the lines in their order.</summary>
    public Cart All(long most) => PerLine(most, one => one.Value);

    private long Value(AmountOff off, PlannedLine one) => Dynamic(Values.Amount(off, terms.Facts, lines[one.Index]), off.Amount);

    private T Dynamic<T>(T? calculated, T plain) where T : struct
    {
        IsDynamic |= calculated is not null;
        return calculated ?? plain;
    }

    private Cart PerLine(long? limit, Func<PlannedLine, long> wanted, Func<PlannedLine, long, long>? units = null)
    {
        var budget = Math.Min(cart.Left, limit ?? long.MaxValue);
        foreach (var one in plan)
        {
            if (budget <= 0) break;
            budget -= Take(one, Math.Min(budget, wanted(one)), units);
        }
        return cart with { Lines = lines };
    }

    // Returns what was taken. Units are noted where they are counted: a discount each, or only some of the line.
    private long Take(PlannedLine one, long wanted, Func<PlannedLine, long, long>? units)
    {
        var line = lines[one.Index];
        var taken = Math.Min(Math.Clamp(wanted, 0, Math.Min(one.Value, line.Left)), Math.Min(one.Cap, Room(one)));
        if (taken <= 0) return 0;
        Note(one.Target, taken);
        foreach (var other in one.Others ?? []) Note(other, taken);
        var after = line with { DiscountAmount = line.DiscountAmount + taken };
        var counted = units is not null ? units(one, taken) : one.Units < line.Quantity ? one.Units : 0;
        if (counted > 0 && counted < one.Units) (cut ??= [])[one.Index] = counted;
        lines[one.Index] = counted == 0 ? after : after with { DiscountQuantity = Math.Min(line.Quantity, line.DiscountQuantity + counted) };
        return taken;
    }

    private long Room(PlannedLine one)
    {
        var room = Room(one.Target);
        foreach (var other in one.Others ?? []) room = Math.Min(room, Room(other));
        return room;
    }

    private long Room(Target? target) => target?.AggregatedAmountLimit is { } limit ? limit - (given?.GetValueOrDefault(target) ?? 0) : long.MaxValue;

    private void Note(Target? target, long taken)
    {
        if (target?.AggregatedAmountLimit is null) return;
        given ??= new(ReferenceEqualityComparer.Instance);
        given[target] = given.GetValueOrDefault(target) + taken;
    }

    // A budget that ends within a line discounts only the units it reached, the last of them in part.
    private static long UnitsOf(PlannedLine one, long taken, long each) =>
        taken >= one.Value || each == 0 ? one.Units : Math.Min(one.Units, (taken + each - 1) / each);

    private Cart Split(AmountOff off, Func<PlannedLine, long> weight)
    {
        var whole = Money.Times(Dynamic(Values.Amount(off, terms.Facts, null), off.Amount), terms.Bundles) ?? Money.Max;
        var left = Math.Min(whole, Math.Min(cart.Left, off.AggregatedAmountLimit ?? long.MaxValue));
        var open = plan.Where(one => one.Value > 0).ToList();
        // What a full line cannot take is spread again over the others; each round fills a line or ends.
        while (left > 0 && open.Count > 0)
        {
            var shares = Money.Spread(Math.Min(left, open.Aggregate(0L, (sum, one) => Math.Min(Money.Max, sum + one.Value))), [.. open.Select(weight)]);
            var next = new List<PlannedLine>(open.Count);
            for (var k = 0; k < shares.Length; k++)
            {
                var taken = Take(open[k], shares[k], Silent);
                left -= taken;
                if (taken == shares[k] && open[k].Value > taken) next.Add(open[k] with { Value = open[k].Value - taken, Taken = open[k].Taken + taken });
            }
            if (next.Count == open.Count && shares.All(share => share == 0)) break;
            open = next;
        }
        foreach (var one in plan)
            if (one.Units < lines[one.Index].Quantity && lines[one.Index].DiscountAmount > cart.Lines[one.Index].DiscountAmount)
                lines[one.Index] = lines[one.Index] with { DiscountQuantity = Math.Min(lines[one.Index].Quantity, lines[one.Index].DiscountQuantity + one.Units) };
        return cart with { Lines = lines };
    }

    private static long Silent(PlannedLine one, long taken) => 0;
}
