using Scrip.Engine.Carts;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Discounts;

/// <summary>Applies one discount to a cart. Pure: the same cart, discount, targets and terms give the same cart.</summary>
public static class Discounting
{
    private const long UnitsListedMax = 1000;

    /// <summary>The cart after the discount under plain terms; its applied amounts cover this discount alone.</summary>
    /// <exception cref="OverflowException">Free units would exceed the limits; <see cref="Refuse"/> tells beforehand.</exception>
    public static Cart Apply(Cart cart, Discount discount, Targets targets) => Apply(cart, discount, targets, DiscountTerms.Plain).Cart;

    /// <summary>
    /// The cart after the discount; its applied amounts cover this discount alone. A cart without an amount comes
    /// back without a discount, unless free units give it one.
    /// </summary>
    /// <exception cref="OverflowException">Free units would exceed the limits; <see cref="Refuse"/> tells beforehand.</exception>
    public static Applied Apply(Cart cart, Discount discount, Targets targets, DiscountTerms terms) => discount switch
    {
        UnitOff off => Units(cart, off, terms),
        AmountOff off when targets.EffectOr(off.Effect) == DiscountEffect.ApplyToOrder => ToOrder(cart, Used(off, terms), terms, IsDynamic(off, terms)),
        PercentOff off when targets.EffectOr(off.Effect) == DiscountEffect.ApplyToOrder => ToOrder(cart, Used(off, terms), terms, IsDynamic(off, terms)),
        FixedPrice price when targets.EffectOr(price.Effect) == DiscountEffect.ApplyToOrder => ToOrder(cart, Used(price, terms), terms, IsDynamic(price, terms)),
        _ => ToItems(cart, discount, targets, terms),
    };

    /// <summary>Why the discount cannot be applied to this cart: its free units would exceed the largest amount; else null.</summary>
    public static Refusal? Refuse(Cart cart, Discount discount, DiscountTerms terms)
    {
        if (discount is not UnitOff off) return null;
        try
        {
            Units(cart, off, terms);
            return null;
        }
        catch (OverflowException)
        {
            return Refusals.InvalidAmount.With($"The free units would raise the order above {Money.Max}");
        }
    }

    private static Applied ToOrder(Cart cart, Discount used, DiscountTerms terms, bool isDynamic) => new((used switch
    {
        AmountOff off => OrderEffects.Amount(cart, off),
        PercentOff off => OrderEffects.Percent(cart, off, terms.OfInitialAmount),
        FixedPrice price => OrderEffects.Fixed(cart, price),
        _ => throw new ArgumentOutOfRangeException(nameof(used), used, "No such discount"),
    }).Since(cart), used)
    { IsDynamic = isDynamic };

    // Bundles multiply amounts and percentages, but not a new price.
    private static AmountOff Used(AmountOff off, DiscountTerms terms) =>
        off with { Amount = Money.Times(Values.Amount(off, terms.Facts, null) ?? off.Amount, terms.Bundles) ?? Money.Max };

    private static PercentOff Used(PercentOff off, DiscountTerms terms) =>
        off with { Percent = Math.Min(100m, (Values.Percent(off, terms.Facts, null) ?? off.Percent) * terms.Bundles) };

    private static FixedPrice Used(FixedPrice price, DiscountTerms terms) => price with { Price = Values.Price(price, terms.Facts, null) ?? price.Price };

    private static bool IsDynamic(AmountOff off, DiscountTerms terms) => off.Formula is not null && Values.Amount(off, terms.Facts, null) is not null;

    private static bool IsDynamic(PercentOff off, DiscountTerms terms) => off.Formula is not null && Values.Percent(off, terms.Facts, null) is not null;

    private static bool IsDynamic(FixedPrice price, DiscountTerms terms) => price.Formula is not null && Values.Price(price, terms.Facts, null) is not null;

    private static Applied ToItems(Cart cart, Discount discount, Targets targets, DiscountTerms terms)
    {
        // Limits of units grow with the bundles, except those of a percentage, which grows itself.
        var plan = Plan.Of(cart, targets, terms.Closed, discount is PercentOff ? 1 : terms.Bundles, terms.Budgets?.Start());
        var effects = new ItemEffects(cart, plan, terms);
        var after = (discount switch
        {
            AmountOff off => effects.Amount(off, targets.EffectOr(off.Effect)),
            PercentOff off => effects.Percent(off),
            FixedPrice price => effects.Fixed(price),
            _ => throw new ArgumentOutOfRangeException(nameof(discount), discount, "No such discount"),
        }).Since(cart);
        return new Applied(after, discount) { IsDynamic = effects.IsDynamic, Targets = targets.NameProducts ? Uses(cart, after, targets, plan, effects) : [], UnitsTaken = terms.Budgets is { } budgets ? Taken(cart, after, plan, effects, budgets) : [] };
    }

    private static Dictionary<UsageKey, UnitsTaken>.ValueCollection Taken(Cart cart, Cart after, List<PlannedLine> plan, ItemEffects effects, UnitBudgets budgets)
    {
        var taken = new Dictionary<UsageKey, UnitsTaken>();
        foreach (var one in plan)
            if (one.Target is { } target && Touched(after, one)) budgets.Take(taken, [target, .. one.Others ?? []], cart.Lines[one.Index], effects.Units(one));
        return taken.Values;
    }

    private static Applied Units(Cart cart, UnitOff off, DiscountTerms terms)
    {
        if (ReferenceEquals(terms, DiscountTerms.Plain)) return new Applied(UnitEffects.Units(cart, off, terms.Closed).Since(cart), off);
        var isDynamic = off.Units.Any(unit => unit.Formula is not null && Values.Units(unit, terms.Facts) is not null);
        var used = isDynamic || terms.Bundles > 1
            ? new UnitOff([.. off.Units.Select(unit => unit with { Count = Math.Min(int.MaxValue, (Values.Units(unit, terms.Facts) ?? unit.Count) * terms.Bundles) })])
            : off;
        var open = terms.Closed.Count == 0 ? used : new UnitOff([.. used.Units.Where(unit => unit.Effect == UnitEffect.AddSameItems || !terms.Closed.Any(i => unit.Covers(cart.Lines[i])))]);
        return new Applied(UnitEffects.Units(cart, open, terms.Closed).Since(cart), used) { IsDynamic = isDynamic };
    }

    private static TargetUse[] Uses(Cart cart, Cart after, Targets targets, List<PlannedLine> plan, ItemEffects effects)
    {
        var all = cart.Lines.Sum(line => (decimal)line.Quantity) <= UnitsListedMax;
        var own = targets.Naming;
        return [.. own.Included.Select((target, place) => new TargetUse(place)
        {
            Lines = [.. plan.Where(one => one.Place == place && Touched(after, one)).Select(one => one.Index)],
            Units = !target.CountsUnits ? [] : [.. plan.Where(one => one.Place == place && Touched(after, one))
                .Select(one => new LineUnits(one.Index, all ? Numbers(target, one, effects.Units(one)) : [], !all))],
        })];
    }

    private static bool Touched(Cart after, PlannedLine one) => after.Lines[one.Index].AppliedDiscountAmount > 0;

    // The numbers of the units that are hit, counted from 1 within the line.
    private static List<int> Numbers(Target target, PlannedLine one, long units)
    {
        var numbers = new List<int>();
        for (var unit = 1; numbers.Count < units && unit <= UnitsListedMax; unit++)
            if (Plan.Hits(one.Offset + unit, target) > Plan.Hits(one.Offset + unit - 1, target)) numbers.Add(unit);
        return numbers;
    }
}
