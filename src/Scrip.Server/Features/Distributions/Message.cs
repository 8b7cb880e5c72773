using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Distributions;

/// <summary>A message of a distribution as our API answers it.</summary>
public sealed record Message
{
    public required string Id { get; init; }
    public required string DistributionId { get; init; }
    public required string CustomerId { get; init; }
    /// <summary>The event that set it off; the distribution's own id when it is sent by hand.</summary>
    public required string EventId { get; init; }
    /// <summary>EMAIL, SMS or WEBHOOK.</summary>
    public required string Channel { get; init; }
    /// <summary>PENDING, SENT, DEAD, or SKIPPED when the customer wants no e-mails; the last two are not tried again by themselves.</summary>
    public required string Status { get; init; }
    public required long Attempts { get; init; }
    /// <summary>When it is tried next.</summary>
    public Moment? DueAt { get; init; }
    /// <summary>Why the last attempt failed, or why there was none.</summary>
    public string? Fault { get; init; }
    public string? VoucherId { get; init; }
    public string? PublicationId { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? SentAt { get; init; }
    public string Object => "distribution_message";
}

/// <summary>What a message is about, by ids; the data is read when it is sent, so that nobody's data lies in the queue.</summary>
public sealed record MessageBody
{
    public string? VoucherId { get; init; }
    public string? CampaignId { get; init; }
    public string? PublicationId { get; init; }
    /// <summary>The type of the event that set it off.</summary>
    public string? EventType { get; init; }
}

/// <summary>A row of <c>distribution_messages</c>.</summary>
public sealed record MessageRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string DistributionId { get; init; } = "";
    public string EventId { get; init; } = "";
    public string CustomerId { get; init; } = "";
    public long Place { get; init; }
    public string Channel { get; init; } = "";
    public string Status { get; init; } = "";
    public long Attempts { get; init; }
    public long DueAt { get; init; }
    public string? Fault { get; init; }
    public long CreatedAt { get; init; }
    public long? SentAt { get; init; }
    public string Body { get; init; } = "{}";

    /// <summary>As the API shows it.</summary>
    internal Message Show()
    {
        var body = Wire.Read<MessageBody>(Body);
        return new Message
        {
            Id = Id,
            DistributionId = DistributionId,
            CustomerId = CustomerId,
            EventId = EventId,
            Channel = Channel,
            Status = Status,
            Attempts = Attempts,
            DueAt = Status == MessageStatus.Pending ? new(DueAt) : null,
            Fault = Fault,
            VoucherId = body.VoucherId,
            PublicationId = body.PublicationId,
            CreatedAt = new(CreatedAt),
            SentAt = Moment.From(SentAt),
        };
    }
}

/// <summary>The statuses of a message.</summary>
static class MessageStatus
{
    public const string Pending = "PENDING";
    public const string Sent = "SENT";
    public const string Dead = "DEAD";
    public const string Skipped = "SKIPPED";
}
