using System.Text.Json;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Features.Stacking;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>The answer to a stackable validation.</summary>
public sealed record Validation
{
    public string? Id { get; init; }
    public required bool Valid { get; init; }
    public required RedeemableAnswer[] Redeemables { get; init; }
    public RedeemableAnswer[]? SkippedRedeemables { get; init; }
    public RedeemableAnswer[]? InapplicableRedeemables { get; init; }
    public Order? Order { get; init; }
    public required string TrackingId { get; init; }
    public Session? Session { get; init; }
    public required StackingRulesView StackingRules { get; init; }
}

/// <summary>What became of one redeemable.</summary>
public sealed record RedeemableAnswer
{
    public required string Status { get; init; }
    public required string Id { get; init; }
    public required string Object { get; init; }
    public Order? Order { get; init; }
    public TargetList? ApplicableTo { get; init; }
    public TargetList? InapplicableTo { get; init; }
    public required RedeemableResult Result { get; init; }
    public JsonElement? Metadata { get; init; }
    public Category[]? Categories { get; init; }
    public string? Name { get; init; }
    public string? CampaignName { get; init; }
    public string? CampaignId { get; init; }
    public TraceView? Trace { get; init; }
}

/// <summary>The discount or credits of an applicable redeemable, or why it is not.</summary>
public sealed record RedeemableResult
{
    public Discount? Discount { get; init; }
    public GiftResult? Gift { get; init; }
    public PointsResult? LoyaltyCard { get; init; }
    public ErrorBody? Error { get; init; }
    public SkipDetails? Details { get; init; }
}

/// <summary>Credits used of a gift card and what is left on it, in minor units.</summary>
public sealed record GiftResult(long Balance, long Credits);

/// <summary>Points used of a loyalty card.</summary>
public sealed record PointsResult(long Points);

/// <summary>Why a redeemable was skipped.</summary>
public sealed record SkipDetails(string Key, string Message);
