using System.Text.Json;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Stacking;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Qualifications;

/// <summary>The answer to a qualification. Its total counts the redeemables of this page.</summary>
public sealed record Qualification
{
    public required ListOf<QualifiedRedeemable> Redeemables { get; init; }
    public required string TrackingId { get; init; }
    /// <summary>The order as it was sent, without totals; left out where none was.</summary>
    public Order? Order { get; init; }
    public required StackingRulesView StackingRules { get; init; }
}

/// <summary>One redeemable that qualified, alone on the order; of a promotion stack with its tiers.</summary>
public sealed record QualifiedRedeemable
{
    public required string Id { get; init; }
    public required string Object { get; init; }
    public required Moment CreatedAt { get; init; }
    public QualifiedResult? Result { get; init; }
    public Order? Order { get; init; }
    public TargetList? ApplicableTo { get; init; }
    public TargetList? InapplicableTo { get; init; }
    public JsonElement? Metadata { get; init; }
    public Category[]? Categories { get; init; }
    public string? Banner { get; init; }
    public string? Name { get; init; }
    public string? CampaignName { get; init; }
    public string? CampaignId { get; init; }
    public ListOf<QualifiedAssignment>? ValidationRulesAssignments { get; init; }
    public QualifiedRedeemable[]? Redeemables { get; init; }
    /// <summary>Why it qualifies, for server keys that ask; of a stack its tiers tell.</summary>
    public TraceView? Trace { get; init; }
}

/// <summary>A rule of the redeemable or its campaign: VALID, or PARTIALLY_VALID where the scenario left some of its conditions out.</summary>
public sealed record QualifiedAssignment
{
    public required string Id { get; init; }
    public required string RuleId { get; init; }
    public required string RelatedObjectId { get; init; }
    public required string RelatedObjectType { get; init; }
    public required Moment CreatedAt { get; init; }
    public required string ValidationStatus { get; init; }
    /// <summary>The numbers of the conditions that were left out.</summary>
    public string[]? ValidationOmittedRules { get; init; }
    public string Object => "validation_rules_assignment";
}

/// <summary>What a redeemable would do.</summary>
public sealed record QualifiedResult
{
    public Discount? Discount { get; init; }
    public QualifiedGift? Gift { get; init; }
    public QualifiedPoints? LoyaltyCard { get; init; }
    public QualifiedBundle? Bundle { get; init; }
}

/// <summary>The bundles of the order: complete ones, at most how many count, what of a bundle is there and what is missing.</summary>
public sealed record QualifiedBundle
{
    public required long Quantity { get; init; }
    public required long Limit { get; init; }
    public required QualifiedBundlePart[] Identified { get; init; }
    public required QualifiedBundlePart[] Missing { get; init; }
}

/// <summary>Units of a product, SKU or collection, with the line they are on where they are there.</summary>
public sealed record QualifiedBundlePart
{
    public required string Id { get; init; }
    public required string Object { get; init; }
    public long? ItemIndex { get; init; }
    public required long ItemQuantity { get; init; }
}

/// <summary>Points of a loyalty card, and what so many of them pay in major units when its campaign lets them pay.</summary>
public sealed record QualifiedPoints
{
    public long? Points { get; init; }
    public required long Balance { get; init; }
    public decimal? ExchangeRatio { get; init; }
    public long? PointsRatio { get; init; }
}

/// <summary>Credits of a gift card, in minor units: what is left after the credits it would pay, and what sessions hold.</summary>
public sealed record QualifiedGift
{
    public required long Balance { get; init; }
    public long? Credits { get; init; }
    public long? LockedCredits { get; init; }
}
