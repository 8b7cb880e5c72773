using Scrip.Engine.Discounts;

namespace Scrip.Engine.Redeeming;

/// <summary>Something a request wants to redeem, with everything that deciding needs to know about it.</summary>
/// <param name="RequestedId">The id as the caller wrote it; answers repeat it.</param>
public abstract record Redeemable(string RequestedId);

/// <summary>A voucher that was not found: always a <see cref="Refusals.Missing"/> refusal.</summary>
/// <param name="RequestedId">The id as the caller wrote it.</param>
public sealed record UnknownVoucher(string RequestedId) : Redeemable(RequestedId);

/// <summary>A voucher that exists.</summary>
/// <param name="RequestedId">The id as the caller wrote it: usually the code.</param>
public sealed record VoucherRedeemable(string RequestedId) : Redeemable(RequestedId)
{
    /// <summary>The voucher's own id.</summary>
    public required string VoucherId { get; init; }

    /// <summary>The code; refusals about the voucher carry it as their details.</summary>
    public required string Code { get; init; }

    /// <summary>When the voucher itself is valid.</summary>
    public Schedule Schedule { get; init; } = Schedule.Always;

    /// <summary>When its campaign is valid; null without a campaign. Both have to hold.</summary>
    public Schedule? Campaign { get; init; }

    /// <summary>How often it may be redeemed; null means without limit.</summary>
    public long? Quantity { get; init; }

    /// <summary>How often it is redeemed already, uses held by sessions included.</summary>
    public long Redeemed { get; init; }

    /// <summary>What the voucher is worth.</summary>
    public required Benefit Benefit { get; init; }

    /// <summary>Which lines item-level effects may touch.</summary>
    public Targets Targets { get; init; } = Targets.Everything;
}

/// <summary>What a redeemable is worth.</summary>
public abstract record Benefit
{
    private protected Benefit()
    {
    }
}

/// <summary>A discount coupon's worth.</summary>
/// <param name="Discount">What it takes off.</param>
public sealed record DiscountBenefit(Discount Discount) : Benefit;

/// <summary>A gift card's worth. One credit is one minor unit.</summary>
/// <param name="Balance">Available credits, not negative; credits held by sessions are not available.</param>
/// <param name="Credits">The credits the caller asked for; null means as many as the order takes.</param>
/// <param name="Effect">What the credits pay for.</param>
public sealed record GiftBenefit(long Balance, long? Credits = null, GiftEffect Effect = GiftEffect.ApplyToOrder) : Benefit;
