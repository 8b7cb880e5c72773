namespace Scrip.Server.Features.Events;

/// <summary>The types of events, as webhooks, activities and distributions name them.</summary>
public static class EventTypes
{
    public const string CampaignCreated = "campaign.created";
    public const string CampaignUpdated = "campaign.updated";
    public const string CampaignDeleted = "campaign.deleted";
    public const string CampaignEnabled = "campaign.enabled";
    public const string CampaignDisabled = "campaign.disabled";
    public const string VouchersAdded = "campaign.vouchers.added";
    public const string GenerationStarted = "campaign.vouchers.generation.started";
    public const string GenerationFailed = "campaign.vouchers.generation.failed";
    public const string GenerationCompleted = "campaign.vouchers.generation.completed";
    public const string TierCreated = "campaign.promotion_tier.created";
    public const string TierUpdated = "campaign.promotion_tier.updated";
    public const string TierDeleted = "campaign.promotion_tier.deleted";
    public const string TierEnabled = "campaign.promotion_tier.enabled";
    public const string TierDisabled = "campaign.promotion_tier.disabled";
    public const string LoyaltyTierCreated = "campaign.loyalty_tier.created";
    public const string StackCreated = "campaign.promotion_stack.created";
    public const string StackUpdated = "campaign.promotion_stack.updated";
    public const string RewardAssigned = "campaign.reward.assignment.created";
    public const string RewardReassigned = "campaign.reward.assignment.updated";
    public const string RewardUnassigned = "campaign.reward.assignment.deleted";
    public const string VoucherCreated = "voucher.created";
    public const string VoucherUpdated = "voucher.updated";
    public const string VoucherDeleted = "voucher.deleted";
    public const string VoucherEnabled = "voucher.enabled";
    public const string VoucherDisabled = "voucher.disabled";
    public const string VoucherPublished = "voucher.published";
    public const string GiftTransaction = "voucher.gift.transaction.created";

    /// <summary>Subscriptions of webhooks call it <c>voucher.gift.balance_aded</c>; the event itself is spelled as here.</summary>
    public const string GiftBalanceAdded = "voucher.gift.balance_added";
    public const string RedemptionSucceeded = "redemption.succeeded";
    public const string RedemptionFailed = "redemption.failed";
    public const string RollbackSucceeded = "redemption.rollback.succeeded";
    public const string RollbackFailed = "redemption.rollback.failed";
    public const string PublicationSucceeded = "publication.succeeded";
    public const string RuleCreated = "business_validation_rule.created";
    public const string RuleUpdated = "business_validation_rule.updated";
    public const string RuleDeleted = "business_validation_rule.deleted";
    public const string RuleAssigned = "business_validation_rule.assignment.created";
    public const string RuleUnassigned = "business_validation_rule.assignment.deleted";
    public const string CustomerCreated = "customer.created";
    public const string CustomerUpdated = "customer.updated";
    public const string CustomerConfirmed = "customer.confirmed";
    public const string CustomerDeleted = "customer.deleted";
    public const string CustomerRedemptionSucceeded = "customer.redemption.succeeded";
    public const string CustomerRedemptionFailed = "customer.redemption.failed";
    public const string CustomerRollbackSucceeded = "customer.redemption.rollback.succeeded";
    public const string CustomerRollbackFailed = "customer.redemption.rollback.failed";
    public const string CustomerPublicationSucceeded = "customer.publication.succeeded";
    public const string CustomerGiftBalanceAdded = "customer.voucher.gift.balance_added";
    public const string PointsTransaction = "voucher.loyalty_card.transaction.created";
    public const string PointsAdded = "voucher.loyalty_card.points_added";
    public const string CustomerPointsAdded = "customer.voucher.loyalty_card.points_added";
    public const string EarningRuleAssigned = "campaign.earning_rule.assigned";
    public const string EarningRuleUpdated = "campaign.earning_rule.updated";
    public const string EarningRuleDeleted = "campaign.earning_rule.deleted";
    public const string EarningRuleEnabled = "campaign.earning_rule.enabled";
    public const string EarningRuleDisabled = "campaign.earning_rule.disabled";

    /// <summary>Each of these four is told of the card, and once more of the customer: <see cref="OfCustomer"/>.</summary>
    public const string PendingAdded = "voucher.loyalty_card.pending_points.added";
    public const string PendingUpdated = "voucher.loyalty_card.pending_points.updated";
    public const string PendingActivated = "voucher.loyalty_card.pending_points.activated";
    public const string PendingCanceled = "voucher.loyalty_card.pending_points.canceled";
    public const string CustomerRewardedPoints = "customer.rewarded.loyalty_points";
    public const string PointsExpired = "voucher.loyalty_card.points_expired";
    public const string CustomerPointsExpired = "customer.voucher.loyalty_card.points_expired";
    public const string LoyaltyTierJoined = "customer.loyalty.tier.joined";
    public const string LoyaltyTierLeft = "customer.loyalty.tier.left";
    public const string LoyaltyTierUpgraded = "customer.loyalty.tier.upgraded";
    public const string LoyaltyTierDowngraded = "customer.loyalty.tier.downgraded";
    public const string LoyaltyTierProlonged = "customer.loyalty.tier.prolonged";
    public const string CustomerPointsTransferred = "customer.voucher.loyalty_card.points_transferred";
    public const string RewardRedemptionCreated = "customer.reward_redemptions.created";
    public const string RewardRedemptionPending = "customer.reward_redemptions.pending";
    public const string RewardRedemptionCompleted = "customer.reward_redemptions.completed";
    public const string RewardRedemptionRolledBack = "customer.reward_redemptions.rolledback";
    public const string CustomerRewarded = "customer.rewarded";
    public const string CustomerVoucherDeleted = "customer.voucher.deleted";
    public const string HolderAssigned = "customer.holder.assignment.created";
    public const string HolderUnassigned = "customer.holder.assignment.deleted";
    public const string SegmentEntered = "customer.segment.entered";
    public const string SegmentLeft = "customer.segment.left";
    public const string CustomEvent = "customer.custom_event";
    public const string OrderCreated = "customer.order.created";
    public const string OrderUpdated = "customer.order.updated";
    public const string OrderPaid = "customer.order.paid";
    public const string OrderCanceled = "customer.order.canceled";
    public const string OrderFulfilled = "customer.order.fulfilled";

    /// <summary>The type under which the customer is told of what happens to a voucher.</summary>
    public static string OfCustomer(string type) => "customer." + type;
}

/// <summary>Types that only features write; subscribers see the documented events that they stand for.</summary>
public static class ShortTypes
{
    /// <summary>One call redeemed: <see cref="RedemptionHappened"/>.</summary>
    public const string Redeemed = "redeemed";

    /// <summary>One call was refused with a failed redemption: <see cref="RedemptionHappened"/>.</summary>
    public const string Refused = "refused";

    /// <summary>One call rolled back: <see cref="RedemptionHappened"/>.</summary>
    public const string RolledBack = "rolled_back";

    /// <summary>A redemption was to be rolled back once more: <see cref="RedemptionHappened"/>.</summary>
    public const string RollbackRefused = "rollback_refused";

    /// <summary>A call saved an order: <see cref="OrderHappened"/>.</summary>
    public const string OrderSaved = "order_saved";

    /// <summary>
    /// An order of the past was imported: <see cref="CustomerHappened"/>. It stands for no documented event; its customer
    /// may move between segments.
    /// </summary>
    public const string OrderImported = "order_imported";

    /// <summary>Credits of a gift card or points of a loyalty card were added or removed by hand.</summary>
    public const string CreditsMoved = "credits_moved";
}
