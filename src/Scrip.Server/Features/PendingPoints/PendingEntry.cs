using System.Text.Json.Serialization;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.PendingPoints;

/// <summary>Points that were earned and wait, as the API answers them.</summary>
public sealed record PendingEntry
{
    public required string Id { get; init; }
    public required string VoucherId { get; init; }
    public required string CampaignId { get; init; }
    public required string CustomerId { get; init; }
    public required string OrderId { get; init; }
    public required long Points { get; init; }

    /// <summary>The day at whose beginning they are put on the card, in the project's time zone.</summary>
    public required string ActivatesAt { get; init; }
    public required PendingDetails Details { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
}

/// <summary>How pending points were earned.</summary>
public sealed record PendingDetails
{
    public required PendingEvent Event { get; init; }
    public required NamedEarningRule EarningRule { get; init; }
    public required PendingOrder Order { get; init; }
}

/// <summary>The event that points follow from.</summary>
public sealed record PendingEvent
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    /// <summary>The request that caused it.</summary>
    public string? GroupId { get; init; }
    public required string EntityId { get; init; }
    public required Moment CreatedAt { get; init; }
    public string Category => "EFFECT";
}

/// <summary>The order that earned pending points.</summary>
public sealed record PendingOrder(string Id, [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] string? SourceId);

/// <summary>Points that a caller adds to pending ones; below zero takes off.</summary>
public sealed record PendingInput
{
    public long? Points { get; init; }
}

/// <summary>What moved, and what is there after it.</summary>
public sealed record PendingBalance
{
    public required long Points { get; init; }

    /// <summary>Pending points of the card; of an activation, all points that were ever on it.</summary>
    public required long Total { get; init; }

    /// <summary>Of an activation: points that can be spent.</summary>
    public long? Balance { get; init; }
    public string? Type { get; init; }
    public string Object => "balance";
    public required RelatedVoucher RelatedObject { get; init; }

    /// <summary>MANUAL when somebody asked for it, else AUTOMATIC.</summary>
    public required string OperationType { get; init; }
}

/// <summary>What is told of pending points; campaign, voucher and transaction by their ids, whose rest is added later.</summary>
public sealed record PendingTold
{
    public required NamedObject Campaign { get; init; }
    public required NamedObject Voucher { get; init; }
    public CustomerShort? Customer { get; init; }
    public required PendingBalance VoucherPendingPointsBalance { get; init; }
    public Order? Order { get; init; }
    public required PendingEntry PendingPoints { get; init; }

    /// <summary>Of an activation: what put them on the card.</summary>
    public NamedObject? Transaction { get; init; }
}

/// <summary>The part of pending points that lies in their <c>body</c> column.</summary>
public sealed record PendingBody(string ActivatesAt, PendingDetails Details)
{
    /// <summary>How long the points last once they are on the card; null as the campaign says.</summary>
    public ExpirationTerms? ExpirationRules { get; init; }
}

/// <summary>What becomes of pending points.</summary>
static class PendingStatus
{
    public const string Pending = "PENDING";
    public const string Activated = "ACTIVATED";
    public const string Canceled = "CANCELED";
}

/// <summary>A row of <c>pending_points</c>.</summary>
public sealed record PendingRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string VoucherId { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string CustomerId { get; init; } = "";
    public string OrderId { get; init; } = "";
    public long Points { get; init; }
    public string Status { get; init; } = PendingStatus.Pending;
    public long ActivatesAt { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";

    /// <summary>As the API shows it.</summary>
    internal PendingEntry Show()
    {
        var body = Wire.Read<PendingBody>(Body);
        return new()
        {
            Id = Id,
            VoucherId = VoucherId,
            CampaignId = CampaignId,
            CustomerId = CustomerId,
            OrderId = OrderId,
            Points = Points,
            ActivatesAt = body.ActivatesAt,
            Details = body.Details,
            CreatedAt = new(CreatedAt),
            UpdatedAt = Moment.From(UpdatedAt),
        };
    }
}
