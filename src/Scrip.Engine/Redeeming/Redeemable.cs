using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Redeeming;

/// <summary>Something a request wants to redeem, with everything that deciding needs to know about it.</summary>
/// <param name="RequestedId">The id as the caller wrote it; answers repeat it.</param>
public abstract record Redeemable(string RequestedId);

/// <summary>A voucher or promotion tier that was not found: always a <see cref="Refusals.Missing"/> refusal.</summary>
/// <param name="RequestedId">The id as the caller wrote it.</param>
/// <param name="Type">What the caller took it for: <c>voucher</c> or <c>promotion_tier</c>.</param>
public sealed record UnknownRedeemable(string RequestedId, string Type) : Redeemable(RequestedId);

/// <summary>A voucher or promotion tier that exists, with everything that both have.</summary>
/// <param name="RequestedId">The id as the caller wrote it.</param>
public abstract record Incentive(string RequestedId) : Redeemable(RequestedId)
{
    /// <summary>Its own id.</summary>
    public required string Id { get; init; }

    /// <summary>The id of its campaign; null without one.</summary>
    public string? CampaignId { get; init; }

    /// <summary>When it is valid itself.</summary>
    public Schedule Schedule { get; init; } = Schedule.Always;

    /// <summary>When its campaign is valid; null without a campaign. Both have to hold.</summary>
    public Schedule? Campaign { get; init; }

    /// <summary>What it is worth.</summary>
    public required Benefit Benefit { get; init; }

    /// <summary>The validation rules of its campaign and its own. All have to hold.</summary>
    public IReadOnlyList<Rule> Rules { get; init; } = [];

    /// <summary>Which lines item-level effects may touch.</summary>
    public Targets Targets { get; init; } = Targets.Everything;

    /// <summary>The category that stacking rules speak of; null without one.</summary>
    public Category? Category { get; init; }

    /// <summary>Custom attributes.</summary>
    public Metadata Metadata { get; init; }
}

/// <summary>The category of a campaign, voucher or tier, as stacking rules see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Hierarchy">Lower goes first under CATEGORY_HIERARCHY.</param>
public sealed record Category(string Id, string Name, int Hierarchy);

/// <summary>A voucher that exists.</summary>
/// <param name="RequestedId">The id as the caller wrote it: usually the code.</param>
public sealed record VoucherRedeemable(string RequestedId) : Incentive(RequestedId)
{
    /// <summary>The code; refusals about the voucher carry it as their details.</summary>
    public required string Code { get; init; }

    /// <summary>How often it may be redeemed; null means without limit.</summary>
    public long? Quantity { get; init; }

    /// <summary>How often it is redeemed already.</summary>
    public long Redeemed { get; init; }

    /// <summary>Uses that sessions of others hold.</summary>
    public long Held { get; init; }

    /// <summary>The id of the customer it was published to; null when nobody holds it.</summary>
    public string? HolderId { get; init; }

    /// <summary>True for a code that its holder recommends the shop with; others redeem it.</summary>
    public bool IsReferral { get; init; }

    /// <summary>Custom attributes of its publication.</summary>
    public Metadata Publication { get; init; }
}

/// <summary>A promotion tier that exists: a discount of a cart without a code.</summary>
/// <param name="RequestedId">The id as the caller wrote it.</param>
public sealed record TierRedeemable(string RequestedId) : Incentive(RequestedId)
{
    /// <summary>The id of the promotion stack that brought it along; null when it was named itself.</summary>
    public string? StackId { get; init; }
}

/// <summary>A campaign whose codes customers are given one by one: what such a code would be worth. Only qualifications ask for it.</summary>
/// <param name="RequestedId">The campaign's id.</param>
public sealed record CampaignRedeemable(string RequestedId) : Incentive(RequestedId);

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

/// <summary>A loyalty card's worth: its points buy a reward, for its holder.</summary>
/// <param name="Balance">Available points, not negative; points held by sessions are not available.</param>
/// <param name="Reward">What they are to buy; null when the caller named none.</param>
/// <param name="Points">The points the caller asked for; null means as many as the order takes.</param>
public sealed record PointsBenefit(long Balance, PointsReward? Reward, long? Points = null) : Benefit;
