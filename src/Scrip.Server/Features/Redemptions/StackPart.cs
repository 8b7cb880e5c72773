using System.Text.Json.Serialization;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Features.Vouchers;

namespace Scrip.Server.Features.Redemptions;

/// <summary>
/// A part of a stack as its <c>body</c> column keeps it. What it shares with the stack is kept once, with its parent; of its
/// own order a part keeps the amounts. Parts and their parent are written together and none of them is deleted alone. A body
/// without <see cref="Own"/> and <see cref="Part"/> is a whole redemption.
/// </summary>
public sealed record StackPart
{
    /// <summary>What a part has of its own, where all else is the stack's.</summary>
    public OwnOfPart? Own { get; init; }

    /// <summary>Of any other part, the redemption without the customer and the order that the parent tells.</summary>
    public Redemption? Part { get; init; }

    /// <summary>Whether the order is the parent's.</summary>
    public bool SameOrder { get; init; }

    /// <summary>Of rows from before there was <see cref="Own"/>: whether lines keep amounts alone; a line that is the parent's is null.</summary>
    public bool SameLines { get; init; }

    /// <summary>Whether the row keeps the whole redemption.</summary>
    [JsonIgnore] public bool IsWhole => Own is null && Part is null;

    /// <summary>What is kept of a part.</summary>
    public static StackPart Of(Redemption part, Redemption parent)
    {
        if (OwnOfPart.Of(part, parent) is { } own) return new() { Own = own };
        var kept = part with { Customer = ReferenceEquals(part.Customer, parent.Customer) ? null : part.Customer };
        return ReferenceEquals(part.Order, parent.Order) && part.Order is not null ? new() { Part = kept with { Order = null }, SameOrder = true } : new() { Part = kept };
    }

    /// <summary>The redemption as it was answered.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="parent">The stack.</param>
    public Redemption Whole(string id, Redemption parent)
    {
        if (Own is not null) return Own.Whole(id, parent);
        var whole = Part! with { Customer = Part!.Customer ?? parent.Customer };
        if (SameOrder) return whole with { Order = parent.Order };
        if (Part.Order is not { } kept || parent.Order is not { } order) return whole;
        var lines = SameLines ? [.. kept.Items!.Select((line, i) => line is null ? order.Items![i] : OrderAmounts.With(order.Items![i], OrderAmounts.Of(line)))] : kept.Items;
        return whole with { Order = OrderAmounts.With(order, OrderAmounts.Of(kept)) with { Items = lines } };
    }
}

/// <summary>
/// What a part of a stack has of its own. Amounts are those that differ from the parent's: a place among
/// <see cref="OrderAmounts"/> and the amount, one after the other.
/// </summary>
public sealed record OwnOfPart
{
    public Voucher? Voucher { get; init; }
    public PromotionTier? PromotionTier { get; init; }
    public long? Amount { get; init; }
    public GiftMovement? Gift { get; init; }
    public PointsMovement? LoyaltyCard { get; init; }
    public RedeemedReward? Reward { get; init; }
    public SessionName? Session { get; init; }

    /// <summary>Of the order; null when there is none, or it is the parent's.</summary>
    public long?[]? Amounts { get; init; }

    /// <summary>Of each line.</summary>
    public long?[][]? Lines { get; init; }

    /// <summary>What a part has of its own; null when it differs from its parent in anything else.</summary>
    public static OwnOfPart? Of(Redemption part, Redemption parent)
    {
        var own = new OwnOfPart
        {
            Voucher = part.Voucher,
            PromotionTier = part.PromotionTier,
            Amount = part.Amount,
            Gift = part.Gift,
            LoyaltyCard = part.LoyaltyCard,
            Reward = part.Reward,
            Session = part.Session,
        };
        var (type, id) = own.RelatedObject;
        if (part.Object != parent.Object || part.Date != parent.Date || part.CustomerId != parent.CustomerId || part.TrackingId != parent.TrackingId
            || !OrderAmounts.IsSame(part.Metadata, parent.Metadata) || part.RedemptionId != parent.Id || part.Reason != parent.Reason || part.Result != parent.Result
            || part.Status != parent.Status || part.FailureCode != parent.FailureCode || part.FailureMessage != parent.FailureMessage || part.Channel != parent.Channel
            || !ReferenceEquals(part.Customer, parent.Customer) || part.RelatedObjectType != type || part.RelatedObjectId != id
            || part.RelatedRedemptions is not null || part.Trace is not null) return null;
        if (ReferenceEquals(part.Order, parent.Order)) return own;
        return part.Order is { } order && parent.Order is { } whole && OrderAmounts.LinesOf(order, whole) is { } lines
            ? own with { Amounts = OrderAmounts.Differing(OrderAmounts.Of(order), OrderAmounts.Of(whole)), Lines = lines }
            : null;
    }

    /// <summary>The redemption as it was answered.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="parent">The stack.</param>
    public Redemption Whole(string id, Redemption parent)
    {
        var (type, about) = RelatedObject;
        return parent with
        {
            Id = id,
            RedemptionId = parent.Id,
            RelatedObjectType = type,
            RelatedObjectId = about!,
            RelatedRedemptions = null,
            Voucher = Voucher,
            PromotionTier = PromotionTier,
            Amount = Amount,
            Gift = Gift,
            LoyaltyCard = LoyaltyCard,
            Reward = Reward,
            Session = Session,
            Order = parent.Order is { } order && Lines is not null ? OrderAmounts.With(order, OrderAmounts.Changed(OrderAmounts.Of(order), Amounts)) with
            {
                Items = order.Items is { } lines ? [.. Lines.Select((line, i) => OrderAmounts.With(lines[i], OrderAmounts.Changed(OrderAmounts.Of(lines[i]), line)))] : null,
            } : parent.Order,
        };
    }

    (string Type, string? Id) RelatedObject => PromotionTier is null ? ("voucher", Voucher?.Id) : ("promotion_tier", PromotionTier.Id);
}
