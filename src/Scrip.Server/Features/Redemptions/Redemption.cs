using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Redemptions;

/// <summary>
/// A redemption, a failed redemption or a rollback, as the API answers it and as its <c>body</c> column keeps it.
/// Status and the rollbacks of a redemption change later and come from their rows.
/// </summary>
public sealed record Redemption
{
    public required string Id { get; init; }
    public required string Object { get; init; }
    public required Moment Date { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CustomerId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? TrackingId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public JsonElement? Metadata { get; init; }
    /// <summary>Gift credits taken, in minor units, or points; negative when given back.</summary>
    public long? Amount { get; init; }
    /// <summary>Of a part of a stack: the parent. Of a rollback: the redemption it takes back.</summary>
    [JsonPropertyName("redemption"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? RedemptionId { get; init; }
    public string? Reason { get; init; }
    public required string Result { get; init; }
    public required string Status { get; init; }
    public RelatedRedemptions? RelatedRedemptions { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureMessage { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Order? Order { get; init; }
    public required Channel Channel { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerShort? Customer { get; init; }
    public required string RelatedObjectType { get; init; }
    public required string RelatedObjectId { get; init; }
    public Voucher? Voucher { get; init; }
    public PromotionTier? PromotionTier { get; init; }
    public GiftMovement? Gift { get; init; }
    public PointsMovement? LoyaltyCard { get; init; }
    /// <summary>What points bought.</summary>
    public RedeemedReward? Reward { get; init; }
    /// <summary>The session it used up.</summary>
    public SessionName? Session { get; init; }
    /// <summary>Why it was decided as it was, when the caller asks; kept in a column of its own.</summary>
    public TraceView? Trace { get; init; }
}

/// <summary>Gift credits moved, in minor units.</summary>
public sealed record GiftMovement(long Amount);

/// <summary>Loyalty points moved.</summary>
public sealed record PointsMovement(long Points);

/// <summary>A reward as it was when points bought it, and for whom.</summary>
public sealed record RedeemedReward
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerShort? Customer { get; init; }
    public string? AssignmentId { get; init; }
    /// <summary>A code that was given; points that pay give none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Voucher? Voucher { get; init; }
    /// <summary>A product that was given; likewise.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public JsonElement? Product { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public JsonElement? Sku { get; init; }
    /// <summary>Rewards cost the same in every tier, so none is told.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? LoyaltyTierId => null;
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Type { get; init; }
    public required RedeemedParameters Parameters { get; init; }
    public required JsonElement Metadata { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string Object => "reward";

    /// <summary>The reward alone, as far as it is kept.</summary>
    public Reward AsReward() => new() { Id = Id, Name = Name, Type = Type, Parameters = Parameters.AsParameters(), Metadata = Metadata, CreatedAt = CreatedAt, UpdatedAt = UpdatedAt };

    internal static RedeemedReward Of(RewardSnapshot reward, string campaign, CustomerShort? customer, GivenReward? given) => new()
    {
        Customer = customer,
        AssignmentId = reward.Assignments[campaign].Id,
        Voucher = given?.Voucher,
        Product = given?.Product,
        Sku = given?.Sku,
        Id = reward.Reward.Id,
        Name = reward.Reward.Name,
        Type = reward.Reward.Type,
        Parameters = RedeemedParameters.Of(reward.Reward.Parameters),
        Metadata = reward.Reward.Metadata,
        CreatedAt = reward.Reward.CreatedAt,
        UpdatedAt = reward.Reward.UpdatedAt,
    };
}

/// <summary>What a reward gave: exactly one of the three.</summary>
public sealed record RedeemedParameters(RewardCampaign? Campaign, RedeemedProduct? Product, RewardCoin? Coin)
{
    internal static RedeemedParameters Of(RewardParameters given) => new(given.Campaign, given.Product is { } product ? new(product.Id, product.SkuId) : null, given.Coin);

    internal RewardParameters AsParameters() => new() { Campaign = Campaign, Product = Product is { } product ? new() { Id = product.Id, SkuId = product.SkuId } : null, Coin = Coin };
}

/// <summary>A product or SKU; here, unlike in rewards, a SKU that there is not is left out.</summary>
public sealed record RedeemedProduct(string? Id, string? SkuId);

/// <summary>What a redemption is related to: its rollbacks, or the parts of a stack.</summary>
public sealed record RelatedRedemptions
{
    public RelatedRedemption[]? Rollbacks { get; init; }
    public RelatedRedemption[]? Redemptions { get; init; }
}

/// <summary>One of them.</summary>
public sealed record RelatedRedemption(string Id, Moment Date);

/// <summary>Who redeemed: the application key.</summary>
public sealed record Channel(string ChannelId, string ChannelType);

/// <summary>The answer to a redemption. Both arrays of what was left out are always there.</summary>
public sealed record RedemptionAnswer
{
    public required Redemption[] Redemptions { get; init; }
    public Redemption? ParentRedemption { get; init; }
    public Order? Order { get; init; }
    public required RedeemableAnswer[] InapplicableRedeemables { get; init; }
    public required RedeemableAnswer[] SkippedRedeemables { get; init; }
}

/// <summary>What a caller may say about a rollback.</summary>
public sealed record RollbackInput
{
    public string? Reason { get; init; }
    public string? TrackingId { get; init; }
    public CustomerInput? Customer { get; init; }
    public OrderInput? Order { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>The answer to the rollback of a stack.</summary>
public sealed record RollbackAnswer
{
    public required Redemption[] Rollbacks { get; init; }
    public Redemption? ParentRollback { get; init; }
    public Order? Order { get; init; }
}

/// <summary>The redemptions of one voucher.</summary>
public sealed record VoucherRedemptions
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long? Quantity { get; init; }
    public required long RedeemedQuantity { get; init; }
    public string Object => "list";
    public required string Url { get; init; }
    public string DataRef => "redemption_entries";
    public required long Total { get; init; }
    public required Redemption[] RedemptionEntries { get; init; }
}

/// <summary>A row of <c>redemptions</c>.</summary>
public sealed class RedemptionRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string Object { get; init; } = "";
    public string? ParentId { get; init; }
    public string? RedemptionId { get; init; }
    public string? VoucherId { get; init; }
    public string? VoucherCode { get; init; }
    public string? PromotionTierId { get; init; }
    public string? CampaignId { get; init; }
    public string? CustomerId { get; init; }
    public string? OrderId { get; init; }
    public string Result { get; init; } = "";
    public string Status { get; init; } = "";
    public long? Amount { get; init; }
    /// <summary>What a redemption added to usage counters, with <see cref="Amount"/>; minor units.</summary>
    public long? OrderAmount { get; init; }
    /// <summary>Likewise.</summary>
    public long? DiscountAmount { get; init; }
    /// <summary>The key that redeemed.</summary>
    public string? ApiKey { get; init; }
    public long CreatedAt { get; init; }
    public string Body { get; init; } = "{}";
}
