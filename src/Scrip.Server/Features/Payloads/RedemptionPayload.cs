using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Payloads;

/// <summary>What <c>redemption.…</c> and <c>customer.redemption.…</c> tell; of a stack's own entry without voucher and tier.</summary>
public sealed record RedemptionPayload
{
    public CustomerShort? Customer { get; init; }
    public SimpleOrder? Order { get; init; }
    public SimpleCampaign? Campaign { get; init; }
    public SimpleVoucher? Voucher { get; init; }
    /// <summary>Who holds the voucher.</summary>
    public CustomerShort? Holder { get; init; }
    public SimpleTier? PromotionTier { get; init; }
    public SimpleRedemption? Redemption { get; init; }
    public SimpleRedemption? RedemptionRollback { get; init; }
    public Moment? CreatedAt { get; init; }
}

/// <summary>What <c>customer.order.…</c> tells.</summary>
public sealed record OrderPayload
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerShort? Customer { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerShort? Referrer { get; init; }
    public required Order Order { get; init; }
    /// <summary>The redemption that saved the order; null when it was saved by itself.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public SimpleRedemption? Redemption { get; init; }
}

/// <summary>What <c>voucher.created</c> and its like tell: the voucher as its answer showed it, and its campaign.</summary>
public sealed record VoucherPayload(JsonElement Voucher, SimpleCampaign? Campaign);

/// <summary>What <c>campaign.promotion_tier.…</c> tells.</summary>
public sealed record TierPayload(SimpleCampaign? Campaign, JsonElement PromotionTier);

/// <summary>What <c>campaign.vouchers.…</c> tells; when it was completed tells <c>generation.completed</c> only.</summary>
public sealed record CodesPayload(SimpleCampaign? Campaign, long Count, Moment? CompletedAt);

/// <summary>What <c>voucher.gift.transaction.created</c> tells; null where there is none.</summary>
public record TransactionPayload
{
    public required Transaction Transaction { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Voucher? Voucher { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public SimpleCampaign? Campaign { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerShort? Holder { get; init; }
    public required CardBalance Balance { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public SimpleOrder? Order { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public SimpleRedemption? Redemption { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public SimpleRedemption? Rollback { get; init; }

    /// <summary>Of credits this, of points a <see cref="PointsPayload"/>; as JSON.</summary>
    internal static string Text(Transaction transaction, PayloadFacts facts)
    {
        var card = facts.Voucher(transaction.VoucherId);
        var (redemption, rollback) = (facts.Redemption(transaction.Details.Redemption?.Id), facts.Redemption(transaction.Details.Rollback?.Id));
        var told = new PointsPayload
        {
            Transaction = transaction,
            Voucher = card,
            Campaign = facts.Campaign(transaction.CampaignId),
            Holder = facts.Short(card?.HolderId),
            Balance = transaction.Details.Balance,
            Order = SimpleOrder.Of((rollback ?? redemption)?.Order),
            Redemption = redemption is null ? null : SimpleRedemption.Of(redemption),
            Rollback = rollback is null ? null : SimpleRedemption.Of(rollback),
            Reward = redemption?.Reward?.AsReward(),
            SourceVoucher = transaction.Details.SourceVoucher,
            DestinationVoucher = transaction.Details.DestinationVoucher,
        };
        return TransactionTypes.IsOfPoints(transaction.Type) ? Wire.Text(told) : Wire.Text<TransactionPayload>(told);
    }
}

/// <summary>What <c>voucher.loyalty_card.transaction.created</c> tells; nothing earns points yet.</summary>
public sealed record PointsPayload : TransactionPayload
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Reward? Reward { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public JsonElement? HolderLoyaltyTier => null;
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public JsonElement? LoyaltyTier => null;
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public JsonElement? Event => null;
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public JsonElement? CustomEvent => null;
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public JsonElement? EarningRule => null;
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public JsonElement? Segment => null;
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public TransferCard? SourceVoucher { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public TransferCard? DestinationVoucher { get; init; }
}

/// <summary>What <c>voucher.gift.balance_added</c> tells, and of a card that somebody holds <c>customer.voucher.gift.balance_added</c>.</summary>
public sealed record BalancePayload
{
    public CustomerShort? Customer { get; init; }
    public SimpleCampaign? Campaign { get; init; }
    public SimpleVoucher? Voucher { get; init; }
    public required CardBalance Balance { get; init; }
    public required Transaction Transaction { get; init; }
}

/// <summary>What <c>voucher.loyalty_card.points_expired</c> tells, and of a card that somebody holds the event of the same name of its customer.</summary>
public sealed record PointsExpiredPayload
{
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerShort? Customer { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public SimpleCampaign? Campaign { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public SimpleVoucher? Voucher { get; init; }
    public required long Points { get; init; }
    public required PointsBucket[] Buckets { get; init; }
    public required Transaction Transaction { get; init; }
}

/// <summary>What <c>customer.voucher.loyalty_card.points_transferred</c> tells to the holder of each of both cards.</summary>
public sealed record TransferPayload
{
    public CustomerShort? Customer { get; init; }
    public SimpleCampaign? Campaign { get; init; }
    public SimpleVoucher? Voucher { get; init; }
    public SimpleVoucher? SourceVoucher { get; init; }
    public SimpleVoucher? DestinationVoucher { get; init; }
    public required CardBalance Balance { get; init; }
    public required Transaction Transaction { get; init; }
}

/// <summary>What <c>business_validation_rule.assignment.…</c> tells: what the rule is assigned to, as far as it is still there.</summary>
public sealed record AssignmentPayload(JsonElement Rule, JsonElement Assignment)
{
    public SimpleVoucher? Voucher { get; init; }
    public SimpleCampaign? Campaign { get; init; }
    public SimpleTier? PromotionTier { get; init; }
}

/// <summary>What <c>customer.holder.assignment.…</c> tells: a referee of a code, and the code as far as it is still there.</summary>
public sealed record HolderPayload(JsonElement Holder, SimpleVoucher? Voucher, SimpleCampaign? Campaign, CustomerShort? Customer);
