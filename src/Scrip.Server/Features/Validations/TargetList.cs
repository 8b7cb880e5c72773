using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Redeeming;

namespace Scrip.Server.Features.Validations;

/// <summary>The products, SKUs and collections that a discount is limited to (<c>applicable_to</c>) or kept from.</summary>
public sealed record TargetList
{
    public static readonly TargetList Nothing = new() { Data = [] };
    public string Object => "list";
    public string DataRef => "data";
    public required TargetView[] Data { get; init; }
    public long Total => Data.Length;

    /// <summary>What the discount may touch, with the lines that it did touch.</summary>
    public static TargetList Included(RedeemableOutcome outcome)
    {
        var targets = outcome.Targets.Naming;
        return targets.Included.Count == 0 ? Nothing : new()
        {
            Data = [.. targets.Included.Select((target, i) => TargetView.Of(target, outcome.Applied?.Targets.FirstOrDefault(use => use.Index == i)))],
        };
    }

    /// <summary>What it may not touch, with the lines that are kept from it.</summary>
    public static TargetList Excluded(RedeemableOutcome outcome, Cart? cart)
    {
        var data = new List<TargetView>();
        for (var targets = outcome.Targets; targets is not null; targets = targets.Also)
            data.AddRange(targets.Excluded.Select(target => TargetView.Of(target, null) with { OrderItemIndices = Lines(target, cart) }));
        return data.Count == 0 ? Nothing : new() { Data = [.. data] };
    }

    static long[] Lines(Target target, Cart? cart) =>
        cart is null ? [] : [.. Enumerable.Range(0, cart.Lines.Count).Where(i => target.Covers(cart.Lines[i])).Select(i => (long)i)];
}

/// <summary>One of them. Amounts are minor units, lines are counted from 0 and units from 1.</summary>
public sealed record TargetView
{
    public required string Object { get; init; }
    public required string Id { get; init; }
    public string? SourceId { get; init; }
    public string? ProductId { get; init; }
    public string? ProductSourceId { get; init; }
    public long? Price { get; init; }
    public required string Effect { get; init; }
    public long? QuantityLimit { get; init; }
    public long? AggregatedQuantityLimit { get; init; }
    public long? AmountLimit { get; init; }
    public long? AggregatedAmountLimit { get; init; }
    public long? ProductCampaignQuantityLimit { get; init; }
    public long? ProductCustomerCampaignQuantityLimit { get; init; }
    public long? ProductInCollectionCampaignQuantityLimit { get; init; }
    public long? ProductInCollectionCustomerCampaignQuantityLimit { get; init; }
    public long? ProductPromotionTierQuantityLimit { get; init; }
    public long? ProductCustomerPromotionTierQuantityLimit { get; init; }
    public long? ProductInCollectionPromotionTierQuantityLimit { get; init; }
    public long? ProductInCollectionCustomerPromotionTierQuantityLimit { get; init; }
    public long[]? OrderItemIndices { get; init; }
    public TargetUnits[]? OrderItemUnits { get; init; }
    public long? Repeat { get; init; }
    public long? SkipInitially { get; init; }
    public string? Target { get; init; }

    internal static TargetView Of(Target target, TargetUse? use) => new()
    {
        Object = target.Kind switch { TargetKind.Collection => "products_collection", TargetKind.Sku => "sku", _ => "product" },
        Id = target.Id,
        SourceId = target.SourceId,
        ProductId = target.ProductId,
        ProductSourceId = target.ProductSourceId,
        Price = target.Price,
        Effect = target.Effect switch
        {
            TargetEffect.Cheapest => "APPLY_TO_CHEAPEST",
            TargetEffect.FromCheapest => "APPLY_FROM_CHEAPEST",
            TargetEffect.MostExpensive => "APPLY_TO_MOST_EXPENSIVE",
            TargetEffect.FromMostExpensive => "APPLY_FROM_MOST_EXPENSIVE",
            _ => "APPLY_TO_EVERY",
        },
        QuantityLimit = target.QuantityLimit,
        AggregatedQuantityLimit = target.AggregatedQuantityLimit,
        AmountLimit = target.AmountLimit,
        AggregatedAmountLimit = target.AggregatedAmountLimit,
        ProductCampaignQuantityLimit = Budget(target, false, false, false),
        ProductCustomerCampaignQuantityLimit = Budget(target, false, true, false),
        ProductInCollectionCampaignQuantityLimit = Budget(target, false, false, true),
        ProductInCollectionCustomerCampaignQuantityLimit = Budget(target, false, true, true),
        ProductPromotionTierQuantityLimit = Budget(target, true, false, false),
        ProductCustomerPromotionTierQuantityLimit = Budget(target, true, true, false),
        ProductInCollectionPromotionTierQuantityLimit = Budget(target, true, false, true),
        ProductInCollectionCustomerPromotionTierQuantityLimit = Budget(target, true, true, true),
        OrderItemIndices = use is { Lines.Count: > 0 } ? [.. use.Lines.Select(line => (long)line)] : null,
        OrderItemUnits = use is { Units.Count: > 0 } ? [.. use.Units.Select(TargetUnits.Of)] : null,
        Repeat = target.Repeat > 1 ? target.Repeat : null,
        SkipInitially = target.SkipInitially > 0 ? target.SkipInitially : null,
        Target = target.CountsUnits ? "UNIT" : "ITEM",
    };

    static long? Budget(Target target, bool ofTier, bool perCustomer, bool perProduct) =>
        target.Budgets.FirstOrDefault(one => (one.OfTier, one.PerCustomer, one.PerProduct) == (ofTier, perCustomer, perProduct))?.Limit;
}

/// <summary>Units of one line that a discount covers; not listed for orders of more than 1000 units.</summary>
public sealed record TargetUnits(long Index, long[]? Units, bool? UnitsLimitExceeded)
{
    internal static TargetUnits Of(LineUnits units) =>
        new(units.Line, units.LimitExceeded ? null : [.. units.Units.Select(unit => (long)unit)], units.LimitExceeded ? true : null);
}
