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

    private static Refusal? Voucher(VoucherRedeemable voucher, Situation situation) =>
        Either(voucher, schedule => !schedule.Active) ? Refusals.VoucherDisabled
        : Either(voucher, schedule => situation.NowMs < schedule.StartsAt) ? Refusals.VoucherNotActive
        : Either(voucher, schedule => situation.NowMs > schedule.ExpiresAt) ? Refusals.VoucherExpired
        : Either(voucher, schedule => !schedule.IsOpen(situation.NowMs, situation.Zone)) ? Refusals.VoucherNotActiveNow
        : voucher.Redeemed + voucher.Held >= voucher.Quantity ? Refusals.QuantityExceeded
        : null;

    private static Refusal? Tier(Incentive tier, Situation situation) =>
        Either(tier, schedule => !schedule.Active || situation.NowMs < schedule.StartsAt || situation.NowMs > schedule.ExpiresAt) ? Refusals.PromotionInactive
        : Either(tier, schedule => !schedule.IsOpen(situation.NowMs, situation.Zone)) ? Refusals.PromotionNotActiveNow
        : null;

    private static bool Either(Incentive incentive, Func<Schedule, bool> fails) =>
        fails(incentive.Schedule) || (incentive.Campaign is { } campaign && fails(campaign));

    /// <summary>The first fault of the benefit against the cart as earlier redeemables left it.</summary>
    public static Refusal? Benefit(Incentive incentive, Targets targets, Cart? cart, DiscountTerms terms) => incentive.Benefit switch
    {
        GiftBenefit gift => Gift(gift, incentive, targets, cart),
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

    private static Refusal? GiftOnItems(Targets targets, Cart? cart)
    {
        if (cart is null) return Refusals.MissingOrder;
        if (cart.Lines.Count == 0) return Refusals.MissingOrderItems;
        return cart.Lines.Any(line => line.Amount > 0 && targets.Cover(line)) ? null : Refusals.MissingOrderItemsAmount;
    }
}
