using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Qualifying;

/// <summary>
/// Between which bounds lies what a candidate takes off if it qualifies: worked out from a few sums of the cart, so that
/// the best deals are found without looking at every candidate. Both bounds may be wide, none is ever wrong.
/// </summary>
internal sealed class Deal
{
    private const long Millionths = 1_000_000;
    private const long Whole = 100 * Millionths;

    private enum Kind
    {
        /// <summary>Anything: free units, stacks.</summary>
        Unknown,

        /// <summary>At most what is left of the order.</summary>
        Left,

        /// <summary>A number of minor units off the order.</summary>
        Amount,

        /// <summary>A share of the order.</summary>
        Percent,

        /// <summary>A new total of the order.</summary>
        Price,

        /// <summary>At most a number of minor units off each line.</summary>
        EachLine,

        /// <summary>At most a number of minor units off each unit.</summary>
        EachUnit,

        /// <summary>At most a number of minor units off all lines together.</summary>
        AllLines,

        /// <summary>At most a share of each line.</summary>
        LinesPercent,
    }

    private readonly Kind kind;
    private readonly long amount;
    private readonly long limit;

    // A percentage in millionths of a percent, rounded down and up.
    private readonly long shareDown;
    private readonly long shareUp;

    private Deal(Kind kind, long amount = 0, long? limit = null, decimal percent = 0)
    {
        (this.kind, this.amount, this.limit) = (kind, amount, limit ?? long.MaxValue);
        (shareDown, shareUp) = ((long)decimal.Floor(percent * Millionths), (long)decimal.Ceiling(percent * Millionths));
    }

    /// <summary>The bounds of a candidate.</summary>
    public static Deal Of(IReadOnlyList<Incentive> parts)
    {
        if (parts is not [var incentive]) return new(Kind.Unknown);
        if (incentive.Benefit is not DiscountBenefit { Discount: var discount }) return new(Kind.Left);
        if (discount is UnitOff) return new(Kind.Unknown);
        var targets = incentive.Targets;
        foreach (var rule in incentive.Rules)
        {
            // Bundles multiply, and of some rules the cart says what they are for.
            if (rule.Source.BundleRules is not null || rule.MarksLines) return new(Kind.Left);
            targets = Targets.Both(targets, rule.Targets);
        }
        return discount switch
        {
            AmountOff { Formula: null } off => Of(off, targets.EffectOr(off.Effect)),
            PercentOff { Formula: null } off => new(targets.EffectOr(off.Effect) == DiscountEffect.ApplyToOrder ? Kind.Percent : Kind.LinesPercent,
                0, Lower(off.AggregatedAmountLimit, targets.EffectOr(off.Effect) == DiscountEffect.ApplyToOrder ? off.AmountLimit : null), off.Percent),
            FixedPrice { Formula: null } price when targets.EffectOr(price.Effect) == DiscountEffect.ApplyToOrder => new(Kind.Price, price.Price),
            _ => new(Kind.Left),
        };
    }

    private static Deal Of(AmountOff off, DiscountEffect effect) => effect switch
    {
        DiscountEffect.ApplyToOrder => new(Kind.Amount, off.Amount, off.AggregatedAmountLimit),
        DiscountEffect.ApplyToItems => new(Kind.EachLine, off.Amount, off.AggregatedAmountLimit),
        DiscountEffect.ApplyToItemsByQuantity => new(Kind.EachUnit, off.Amount, off.AggregatedAmountLimit),
        _ => new(Kind.AllLines, off.Amount, off.AggregatedAmountLimit),
    };

    /// <summary>The least and the most it takes off, in minor units.</summary>
    public (long Least, long Most) On(CartSums cart)
    {
        switch (kind)
        {
            case Kind.Unknown:
                return (0, long.MaxValue);
            case Kind.Amount:
                var off = Math.Min(Math.Min(amount, limit), cart.Left);
                return (off, off);
            case Kind.Price:
                var rest = Math.Max(0, cart.Left - amount);
                return (rest, rest);
            case Kind.Percent:
                return (Within(Share(Math.Min(cart.Left, cart.Initial), shareDown), cart), Within(Share(Math.Max(cart.Left, cart.Initial), shareUp) + 1, cart));
            case Kind.LinesPercent:
                // Each line rounds once, by less than one minor unit.
                return (0, Within(Share(cart.LineAmounts, shareUp) + cart.Lines + 1, cart));
            case Kind.EachLine:
                return (0, Within(Money.Times(amount, cart.Lines) ?? Money.Max, cart));
            case Kind.EachUnit:
                return (0, Within(Money.Times(amount, cart.Units) ?? Money.Max, cart));
            case Kind.AllLines:
                return (0, Within(amount, cart));
            default:
                return (0, cart.Left);
        }
    }

    // Rounded down.
    private static long Share(long of, long share) => of <= long.MaxValue / Whole ? of * share / Whole : (long)((Int128)of * share / Whole);

    private long Within(long taken, CartSums cart) => Math.Min(Math.Min(taken, limit), cart.Left);

    private static long? Lower(long? one, long? other) => one is null || other < one ? other : one;
}

/// <summary>Sums of a cart that bounds of deals are worked out from; amounts in minor units.</summary>
/// <param name="Left">What is left to pay.</param>
/// <param name="Initial">The amount before discounts and free units.</param>
/// <param name="LineAmounts">The amounts of all lines before discounts.</param>
/// <param name="Lines">How many lines there are.</param>
/// <param name="Units">The units of all lines.</param>
internal readonly record struct CartSums(long Left, long Initial, long LineAmounts, long Lines, long Units)
{
    /// <summary>The sums of a cart; zero without one.</summary>
    public static CartSums Of(Cart? cart) => cart is null ? default
        : new(cart.Left, OrderEffects.Initial(cart), cart.Lines.Sum(line => line.Amount ?? 0), cart.Lines.Count, cart.Lines.Sum(line => line.Quantity));
}
