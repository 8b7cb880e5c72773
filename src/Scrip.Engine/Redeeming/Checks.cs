using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;

namespace Scrip.Engine.Redeeming;

/// <summary>
/// Whether one voucher holds, before any calculation. Faults are reported in the order of <see cref="Refusals"/>;
/// for each fault the voucher is asked before its campaign.
/// </summary>
internal static class Checks
{
    /// <summary>The first fault of the voucher itself; its details are the code.</summary>
    public static Refusal? Voucher(VoucherRedeemable voucher, long nowMs, DateTimeZone zone)
    {
        bool Either(Func<Schedule, bool> fails) => fails(voucher.Schedule) || (voucher.Campaign is { } campaign && fails(campaign));

        var refusal =
            Either(schedule => !schedule.Active) ? Refusals.VoucherDisabled
            : Either(schedule => nowMs < schedule.StartsAt) ? Refusals.VoucherNotActive
            : Either(schedule => nowMs > schedule.ExpiresAt) ? Refusals.VoucherExpired
            : Either(schedule => !schedule.IsOpen(nowMs, zone)) ? Refusals.VoucherNotActiveNow
            : voucher.Redeemed + voucher.Held >= voucher.Quantity ? Refusals.QuantityExceeded
            : null;
        return refusal?.With(voucher.Code);
    }

    /// <summary>The first fault of the benefit against the cart as earlier redeemables left it.</summary>
    public static Refusal? Benefit(VoucherRedeemable voucher, Cart? cart) => voucher.Benefit switch
    {
        GiftBenefit gift => Gift(gift, voucher, cart),
        DiscountBenefit { Discount: var discount } => cart is null ? null : Discounting.Refuse(cart, discount),
        _ => throw new ArgumentOutOfRangeException(nameof(voucher), voucher.Benefit, "No such benefit"),
    };

    private static Refusal? Gift(GiftBenefit gift, VoucherRedeemable voucher, Cart? cart)
    {
        if (gift.Credits is < 0 or > Money.Max) return Refusals.InvalidGift.With("gift.credits has to be a whole number, not negative");
        if (gift.Credits > gift.Balance || gift.Balance <= 0) return Refusals.GiftAmountExceeded.With(voucher.Code);
        if (gift.Effect == GiftEffect.ApplyToItems) return GiftOnItems(voucher.Targets, cart);
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
