using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scrip.Server.Features.Vouchers;

/// <summary>
/// A discount on the wire: one record for AMOUNT, PERCENT, FIXED and UNIT, which differ by a few fields.
/// Amounts are minor units.
/// </summary>
public sealed record Discount
{
    public string? Type { get; init; }
    public long? AmountOff { get; init; }
    public decimal? PercentOff { get; init; }
    public long? FixedAmount { get; init; }
    public long? AmountLimit { get; init; }
    public long? AggregatedAmountLimit { get; init; }
    public string? Effect { get; init; }
    public long? UnitOff { get; init; }
    public string? UnitType { get; init; }
    public DiscountTarget? Product { get; init; }
    public DiscountTarget? Sku { get; init; }
    public DiscountUnit[]? Units { get; init; }
    public bool? IsDynamic { get; init; }
    /// <summary>Calculates the amount, percentage, price or units for each order; the plain value is the fallback. Amounts in it are major units.</summary>
    public string? AmountOffFormula { get; init; }
    /// <summary>See <see cref="AmountOffFormula"/>.</summary>
    public string? PercentOffFormula { get; init; }
    /// <summary>See <see cref="AmountOffFormula"/>.</summary>
    public string? FixedAmountFormula { get; init; }
    /// <summary>See <see cref="AmountOffFormula"/>.</summary>
    public string? UnitOffFormula { get; init; }
}

/// <summary>One of the products that an ADD_MANY_ITEMS discount gives.</summary>
public sealed record DiscountUnit
{
    public long? UnitOff { get; init; }
    public string? UnitOffFormula { get; init; }
    public string? UnitType { get; init; }
    public string? Effect { get; init; }
    public DiscountTarget? Product { get; init; }
    public DiscountTarget? Sku { get; init; }
}

/// <summary>The product or SKU that a UNIT discount names.</summary>
public sealed record DiscountTarget
{
    public string? Id { get; init; }
    public string? SourceId { get; init; }
    public string? Name { get; init; }
}

/// <summary>Gift credits on the wire, in minor units: loaded in all, removed by hand, and available.</summary>
public sealed record Gift
{
    public long? Amount { get; init; }
    public long? SubtractedAmount { get; init; }
    public long? Balance { get; init; }
    public string? Effect { get; init; }
}

/// <summary>The points of a loyalty card. A balance is all points less expired, subtracted and redeemed ones.</summary>
public sealed record LoyaltyCard
{
    /// <summary>Added in all.</summary>
    public long? Points { get; init; }
    public long? Balance { get; init; }
    /// <summary>Taken off by hand.</summary>
    public long? SubtractedPoints { get; init; }
    /// <summary>Points whose last day was over.</summary>
    public long? ExpiredPoints { get; init; }
    /// <summary>The next day after which points expire, as far as that is known where the card is shown.</summary>
    public string? NextExpirationDate { get; init; }
    public long? NextExpirationPoints { get; init; }
    /// <summary>When points expire that come on the campaign's cards.</summary>
    public ExpirationTerms? ExpirationRules { get; init; }
}

/// <summary>ISO-8601 periods: every <c>interval</c> from the start date, for <c>duration</c>.</summary>
public sealed record ValidityTimeframe
{
    public string? Interval { get; init; }
    public string? Duration { get; init; }
}

/// <summary>Hours of days in the project's time zone.</summary>
public sealed record ValidityHours
{
    public DailyHours[]? Daily { get; init; }
}

/// <summary>From <c>start_time</c> to <c>expiration_time</c> (HH:mm) on days of the week, 0 = Sunday.</summary>
public sealed record DailyHours
{
    public string? StartTime { get; init; }
    public string? ExpirationTime { get; init; }
    public long[]? DaysOfWeek { get; init; }
}

/// <summary>How often a voucher may be redeemed; null means without limit.</summary>
public sealed record RedemptionLimit
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long? Quantity { get; init; }
}
