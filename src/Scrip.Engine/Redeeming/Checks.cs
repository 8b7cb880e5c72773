using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Redeeming;

/// <summary>
/// Whether an incentive is open at all, and whether its benefit can be calculated. Faults are reported in the order of
/// <see cref="Refusals"/>; for each fault the incentive is asked before its campaign.
/// </summary>
internal static class Checks
{
    /// <summary>The first reason why it is not open; its details are the code of a voucher, the id of a tier.</summary>
    public static Refusal? Open(Incentive incentive, Situation situation) => incentive is VoucherRedeemable voucher
        ? Voucher(voucher, situation)?.With(voucher.Code)
        : Tier(incentive, situation)?.With(incentive.Id);

    private static Refusal? Voucher(VoucherRedeemable voucher, Situation situation)
    {
        var (own, campaign, now) = (voucher.Schedule, voucher.Campaign, situation.NowMs);
        return !own.Active || campaign is { Active: false } ? Refusals.VoucherDisabled
            : now < own.StartsAt || now < campaign?.StartsAt ? Refusals.VoucherNotActive
            : now > own.ExpiresAt || now > campaign?.ExpiresAt ? Refusals.VoucherExpired
            : !IsOpenNow(voucher, situation) ? Refusals.VoucherNotActiveNow
            : voucher.Redeemed + voucher.Held >= voucher.Quantity ? Refusals.QuantityExceeded
            : voucher.IsReferral ? Referral(voucher, situation)
            : voucher.Benefit is PointsBenefit { Reward: not NoReward } points ? Points(points, voucher, situation)
            : null;
    }

    // Without its holder nobody would be the referrer, and without a customer nobody the referee.
    private static Refusal? Referral(VoucherRedeemable voucher, Situation situation) =>
        voucher.HolderId is null ? Refusals.NotPublished
        : situation.Customer is null ? Refusals.MissingCustomer
        : situation.Customer.Id == voucher.HolderId ? Refusals.ReferrerNotPermittedToRedeem
        : null;

    // Points are spent by whoever earned them.
    private static Refusal? Points(PointsBenefit points, VoucherRedeemable voucher, Situation situation) =>
        points.Reward is null ? Refusals.MissingReward
        : points.Reward is UnknownReward unknown ? Refusals.Missing("reward", unknown.Id)
        : situation.Customer is null ? Refusals.MissingCustomer
        : situation.Customer.Id != voucher.HolderId ? Refusals.InvalidCustomer
        : null;

    private static Refusal? Tier(Incentive tier, Situation situation) =>
        !IsLive(tier.Schedule, situation.NowMs) || (tier.Campaign is { } campaign && !IsLive(campaign, situation.NowMs)) ? Refusals.PromotionInactive
        : !IsOpenNow(tier, situation) ? Refusals.PromotionNotActiveNow
        : null;

    private static bool IsLive(Schedule schedule, long now) => schedule.Active && !(now < schedule.StartsAt || now > schedule.ExpiresAt);

    private static bool IsOpenNow(Incentive incentive, Situation situation) =>
        incentive.Schedule.IsOpen(situation.NowMs, situation.Zone) && incentive.Campaign?.IsOpen(situation.NowMs, situation.Zone) != false;

    /// <summary>The first fault of the benefit against the cart as earlier redeemables left it.</summary>
    public static Refusal? Benefit(Incentive incentive, Targets targets, Cart? cart, DiscountTerms terms) => incentive.Benefit switch
    {
        GiftBenefit gift => Gift(gift, incentive, targets, cart),
        PointsBenefit { Reward: CoinReward coin } points => Coins(points, coin, incentive, cart),
        PointsBenefit { Reward: PricedReward priced } points => points.Balance < priced.Cost
            ? Refusals.LoyaltyCardPointsExceeded.With(incentive is VoucherRedeemable voucher ? voucher.Code : incentive.Id)
            : null,
        PointsBenefit => null,
        DiscountBenefit { Discount: var discount } => cart is null ? null : Discounting.Refuse(cart, discount, terms),
        _ => throw new ArgumentOutOfRangeException(nameof(incentive), incentive.Benefit, "No such benefit"),
    };

    private static Refusal? Gift(GiftBenefit gift, Incentive incentive, Targets targets, Cart? cart)
    {
        if (gift.Credits is < 0 or > Money.Max) return Refusals.InvalidGift.With("gift.credits has to be a whole number, not negative");
        if (gift.Credits > gift.Balance || gift.Balance <= 0) return Refusals.GiftAmountExceeded.With(incentive is VoucherRedeemable voucher ? voucher.Code : incentive.Id);
        if (gift.Effect == GiftEffect.ApplyToItems) return GiftOnItems(targets, cart);
        if (gift.Credits is not null) return null;
        if (cart is null) return Refusals.MissingOrder;
        return cart.Amount is null ? Refusals.MissingAmount : null;
    }

    private static Refusal? Coins(PointsBenefit points, CoinReward coin, Incentive incentive, Cart? cart)
    {
        if (points.Points > points.Balance || points.Balance < (points.Points is null ? coin.Ratio : 1))
            return Refusals.LoyaltyCardPointsExceeded.With(incentive is VoucherRedeemable voucher ? voucher.Code : incentive.Id);
        if (cart is null) return Refusals.MissingOrder;
        return cart.Amount is null ? Refusals.MissingAmount : null;
    }

    private static Refusal? GiftOnItems(Targets targets, Cart? cart)
    {
        if (cart is null) return Refusals.MissingOrder;
        if (cart.Lines.Count == 0) return Refusals.MissingOrderItems;
        return cart.Lines.Any(line => line.Amount > 0 && targets.Cover(line)) ? null : Refusals.MissingOrderItemsAmount;
    }
}
