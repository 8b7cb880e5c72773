using Scrip.Engine.Formulas;

namespace Scrip.Engine.Discounts;

/// <summary>Where a discount lands: the API's <c>effect</c> of AMOUNT, PERCENT and FIXED discounts.</summary>
public enum DiscountEffect
{
    /// <summary>APPLY_TO_ORDER: off the order's total; no line is touched.</summary>
    ApplyToOrder,

    /// <summary>APPLY_TO_ITEMS: once per matched line; a new price applies to each unit.</summary>
    ApplyToItems,

    /// <summary>APPLY_TO_ITEMS_PROPORTIONALLY: split over the matched lines by what is left of them.</summary>
    ApplyToItemsProportionally,

    /// <summary>APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY: split over the matched lines by their units.</summary>
    ApplyToItemsProportionallyByQuantity,

    /// <summary>APPLY_TO_ITEMS_BY_QUANTITY: once per unit of each matched line.</summary>
    ApplyToItemsByQuantity,
}

/// <summary>How free units come into the cart: the API's <c>effect</c> of a UNIT discount or of one of its units.</summary>
public enum UnitEffect
{
    /// <summary>ADD_MISSING_ITEMS: tops the cart up to n units and makes n free.</summary>
    AddMissingItems,

    /// <summary>ADD_NEW_ITEMS: always adds n units and makes those free.</summary>
    AddNewItems,

    /// <summary>ADD_SAME_ITEMS: adds n units of each item of the cart that is such a product or in the collection, and makes those free.</summary>
    AddSameItems,
}

/// <summary>What a coupon or promotion takes off. A discount never makes a line or an order negative.</summary>
public abstract record Discount
{
    private protected Discount()
    {
    }

    /// <summary>What is wrong with the numbers of this discount (InvalidVoucher with details), or null.</summary>
    public abstract Refusal? Refuse();

    private protected static Refusal? Bad(bool bad, string details) => bad ? Refusals.InvalidVoucher.With(details) : null;
}

/// <summary>AMOUNT: a number of minor units off.</summary>
/// <param name="Amount">Minor units, 0 to <see cref="Money.Max"/>.</param>
/// <param name="Effect">Where it lands; null means the documented default, see <see cref="Targets.EffectOr"/>.</param>
/// <param name="AggregatedAmountLimit">The most one order may get, in minor units.</param>
public sealed record AmountOff(long Amount, DiscountEffect? Effect = null, long? AggregatedAmountLimit = null) : Discount
{
    /// <summary>Calculates the amount, in major units where the facts allow; the plain value is the fallback.</summary>
    public Formula? Formula { get; init; }

    /// <inheritdoc/>
    public override Refusal? Refuse() =>
        Bad(Amount is < 0 or > Money.Max, "discount.amount_off has to be a whole number of minor units, not negative")
        ?? Bad(AggregatedAmountLimit < 0, "discount.aggregated_amount_limit has to be positive");
}

/// <summary>PERCENT: a share of what earlier discounts left.</summary>
/// <param name="Percent">0 to 100, fractions allowed.</param>
/// <param name="Effect">ApplyToOrder, ApplyToItems, or null for the default.</param>
/// <param name="AmountLimit">The most it may take, in minor units: per order, or per line for an item-level effect.</param>
/// <param name="AggregatedAmountLimit">The most one order may get, in minor units.</param>
public sealed record PercentOff(
    decimal Percent, DiscountEffect? Effect = null, long? AmountLimit = null, long? AggregatedAmountLimit = null) : Discount
{
    /// <summary>Calculates the percentage where the facts allow; the plain value is the fallback.</summary>
    public Formula? Formula { get; init; }

    /// <inheritdoc/>
    public override Refusal? Refuse() =>
        Bad(Percent is < 0 or > 100, "discount.percent_off has to be between 0 and 100")
        ?? Bad(AmountLimit < 0, "discount.amount_limit has to be positive")
        ?? Bad(AggregatedAmountLimit < 0, "discount.aggregated_amount_limit has to be positive")
        ?? Bad(Effect > DiscountEffect.ApplyToItems, "discount.effect of a PERCENT discount is APPLY_TO_ORDER or APPLY_TO_ITEMS");
}

/// <summary>FIXED: a new total for the order or a new price for each unit. Never raises a price.</summary>
/// <param name="Price">Minor units, 0 to <see cref="Money.Max"/>.</param>
/// <param name="Effect">ApplyToOrder, ApplyToItems, or null for the default.</param>
public sealed record FixedPrice(long Price, DiscountEffect? Effect = null) : Discount
{
    /// <summary>Calculates the price, in major units where the facts allow; the plain value is the fallback.</summary>
    public Formula? Formula { get; init; }

    /// <inheritdoc/>
    public override Refusal? Refuse() =>
        Bad(Price is < 0 or > Money.Max, "discount.fixed_amount has to be a whole number of minor units, not negative")
        ?? Bad(Effect > DiscountEffect.ApplyToItems, "discount.effect of a FIXED discount is APPLY_TO_ORDER or APPLY_TO_ITEMS");
}

/// <summary>
/// UNIT: free units of one product or SKU, or of several (ADD_MANY_ITEMS), each with its own effect. Applied in order.
/// </summary>
/// <param name="Units">At least one.</param>
public sealed record UnitOff(IReadOnlyList<FreeUnit> Units) : Discount
{
    /// <summary>Free units of one product or SKU.</summary>
    public UnitOff(FreeUnit unit) : this([unit])
    {
    }

    /// <inheritdoc/>
    public override Refusal? Refuse() =>
        Bad(Units.Count == 0, "discount.units has to name at least one product")
        ?? Bad(Units.Any(unit => unit.Count is < 0 or > int.MaxValue), "discount.unit_off has to be a whole number, not negative")
        ?? Bad(Units.Any(unit => unit.Price is < 0 or > Money.Max), "The price of a free product is negative or too large");
}
