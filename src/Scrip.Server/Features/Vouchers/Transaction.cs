using System.Text.Json.Serialization;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>What moved on a card, as the API answers it.</summary>
public sealed record Transaction
{
    public required string Id { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? SourceId { get; init; }
    public required string VoucherId { get; init; }
    /// <summary>Empty for a card without a campaign, since the contract wants a text here.</summary>
    public required string CampaignId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? Source { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? Reason { get; init; }
    public required string Type { get; init; }
    public required TransactionDetails Details { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? RelatedTransactionId { get; init; }
    public required Moment CreatedAt { get; init; }

    /// <summary>What expired, which the API tells in the event only.</summary>
    [JsonIgnore] public IReadOnlyList<ExpiredShare> Expired { get; init; } = [];
}

/// <summary>The balance that a transaction left, and what it belongs to.</summary>
public sealed record TransactionDetails
{
    public required CardBalance Balance { get; init; }
    public NamedOrder? Order { get; init; }
    public NamedReward? Reward { get; init; }
    public NamedObject? Redemption { get; init; }
    public NamedObject? Rollback { get; init; }

    /// <summary>What points were earned by.</summary>
    public NamedEvent? Event { get; init; }
    public NamedEarningRule? EarningRule { get; init; }

    /// <summary>The segment whose members earned points by entering it.</summary>
    public NamedReward? Segment { get; init; }
    public NamedEvent? CustomEvent { get; init; }
    public NamedReward? EventSchema { get; init; }
    /// <summary>Of points that came from another card: that card.</summary>
    public TransferCard? SourceVoucher { get; init; }
    /// <summary>Of points that went to another card: that card.</summary>
    public TransferCard? DestinationVoucher { get; init; }
}

/// <summary>The other card of a transfer.</summary>
public sealed record TransferCard(string Id, string Code, string? CampaignId, string? HolderId, Moment CreatedAt)
{
    public string Type => VoucherTypes.Loyalty;
    public string Object => "voucher";

    internal static TransferCard Of(VoucherRow card) => new(card.Id, card.Code, card.CampaignId, card.HolderId, new(card.CreatedAt));
}

/// <summary>Something that is named by its id alone.</summary>
public sealed record NamedObject(string Id);

/// <summary>An order as a transaction names it; the source id of one that has none is empty, since the contract wants a text.</summary>
public sealed record NamedOrder(string Id, string SourceId);

/// <summary>An event as a transaction names it.</summary>
public sealed record NamedEvent(string Id, string Type);

/// <summary>An earning rule as a transaction names it.</summary>
public sealed record NamedEarningRule(string Id, NamedBanner Source);

/// <summary>The name that an earning rule is shown with; empty when it has none, since the contract wants a text.</summary>
public sealed record NamedBanner(string Banner);

/// <summary>A reward, a segment or a definition of events as a transaction names it.</summary>
public sealed record NamedReward(string Id, string Name);

/// <summary>The balance of a card after it moved, in minor units or points.</summary>
public sealed record CardBalance
{
    /// <summary>What moved: below zero when credits went.</summary>
    public required long Amount { get; init; }
    /// <summary>The same of a loyalty card.</summary>
    public long? Points { get; init; }
    /// <summary>Loaded in all, without what was removed by hand.</summary>
    public required long Total { get; init; }
    /// <summary>Available.</summary>
    public required long Balance { get; init; }
    public string Type { get; init; } = "gift_voucher";
    /// <summary>MANUAL or AUTOMATIC.</summary>
    public required string OperationType { get; init; }
    public string Object => "balance";
    public required RelatedVoucher RelatedObject { get; init; }

    /// <summary>The balance of a card as it is now, after so much moved.</summary>
    public static CardBalance Of(VoucherRow card, long amount, string operation) => new()
    {
        Amount = amount,
        Points = card.Type == VoucherTypes.Loyalty ? amount : null,
        Type = card.Type == VoucherTypes.Loyalty ? "loyalty_card" : "gift_voucher",
        Total = (card.GiftAmount ?? 0) - card.GiftSubtracted,
        Balance = card.GiftBalance ?? 0,
        OperationType = operation,
        RelatedObject = new(card.Id),
    };
}

/// <summary>The card that a balance belongs to.</summary>
public sealed record RelatedVoucher(string Id)
{
    public string Type => "voucher";
}

/// <summary>A change of a card's balance that a caller asks for.</summary>
public sealed record BalanceInput
{
    public long? Amount { get; init; }
    public string? SourceId { get; init; }
    public string? Reason { get; init; }
}

/// <summary>The part of a transaction that lies in its <c>body</c> column.</summary>
public sealed record TransactionBody
{
    public string? SourceId { get; init; }
    public string? Source { get; init; }
    public string? Reason { get; init; }
    public string? RelatedTransactionId { get; init; }

    /// <summary>The last day of points that were added, as 2026-12-31; null when they stay.</summary>
    public string? LastDay { get; init; }

    /// <summary>Of an expiry: of which buckets.</summary>
    public ExpiredShare[]? Expired { get; init; }
    public required TransactionDetails Details { get; init; }
}

/// <summary>A row of <c>voucher_transactions</c>.</summary>
public sealed class TransactionRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string VoucherId { get; init; } = "";
    public string? CampaignId { get; init; }
    /// <summary>See <see cref="TransactionTypes"/>.</summary>
    public string Type { get; init; } = "";
    public long Amount { get; init; }
    public long Total { get; init; }
    public long Balance { get; init; }
    public long CreatedAt { get; init; }
    public string Body { get; init; } = "{}";
}

/// <summary>The API's words for movements of gift credits and of loyalty points.</summary>
public static class TransactionTypes
{
    const string Credits = "CREDITS_";
    const string Points = "POINTS_";

    /// <summary>Points whose last day was over.</summary>
    public const string Expiration = Points + "EXPIRATION";

    /// <summary>Put on a card.</summary>
    public static string Addition(string voucherType) => Kind(voucherType) + "ADDITION";

    /// <summary>Taken off by hand.</summary>
    public static string Removal(string voucherType) => Kind(voucherType) + "REMOVAL";

    /// <summary>Spent.</summary>
    public static string Redemption(string voucherType) => Kind(voucherType) + "REDEMPTION";

    /// <summary>Given back by a rollback.</summary>
    public static string Refund(string voucherType) => Kind(voucherType) + "REFUND";

    /// <summary>Earned.</summary>
    public const string Accrual = Points + "ACCRUAL";

    /// <summary>Earned before, and put on the card now.</summary>
    public const string PendingActivation = "PENDING_" + Points + "ACTIVATION";

    /// <summary>Came from another card.</summary>
    public const string TransferIn = Points + "TRANSFER_IN";

    /// <summary>Went to another card.</summary>
    public const string TransferOut = Points + "TRANSFER_OUT";

    /// <summary>Whether points moved, not credits.</summary>
    public static bool IsOfPoints(string type) => type.Contains(Points, StringComparison.Ordinal);

    static string Kind(string voucherType) => voucherType == VoucherTypes.Loyalty ? Points : Credits;
}
