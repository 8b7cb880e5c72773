using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Distributions;

/// <summary>A distribution as our API answers it.</summary>
public sealed record Distribution
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    /// <summary>DRAFT, LIVE or PAUSED when it waits for events; DRAFT, TO SEND, SENDING, DONE or CANCELED when it is sent by hand.</summary>
    public required string Status { get; init; }
    public required DistributionTrigger Trigger { get; init; }
    public DistributionAudience? Audience { get; init; }
    public required DistributionAction Action { get; init; }
    public required DistributionChannel[] Channels { get; init; }
    public DistributionLimits? Limits { get; init; }
    /// <summary>Sent by hand: when it begins; until then it can be canceled.</summary>
    public Moment? StartsAt { get; init; }
    /// <summary>How many customers it was for so far.</summary>
    public required long Sent { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string Object => "distribution";
}

/// <summary>What a caller may set on a distribution; absent fields keep their value in an update.</summary>
public sealed record DistributionInput
{
    public string? Name { get; init; }
    public DistributionTrigger? Trigger { get; init; }
    public DistributionAudience? Audience { get; init; }
    public DistributionAction? Action { get; init; }
    public DistributionChannel[]? Channels { get; init; }
    public DistributionLimits? Limits { get; init; }
    /// <summary>DRAFT keeps it back until it is started.</summary>
    public string? Status { get; init; }
}

/// <summary>What sets a distribution off: MANUAL, or one of <see cref="Triggers"/>.</summary>
public sealed record DistributionTrigger
{
    public string? Type { get; init; }
    /// <summary>Only this segment counts.</summary>
    public string? SegmentId { get; init; }
    /// <summary>Only codes of this campaign count.</summary>
    public string? CampaignId { get; init; }
    /// <summary>Only custom events of this name count.</summary>
    public string? Event { get; init; }
}

/// <summary>Whom a distribution that is sent by hand is for: ALL, SEGMENT or CUSTOMER.</summary>
public sealed record DistributionAudience
{
    public string? Type { get; init; }
    public string? SegmentId { get; init; }
    /// <summary>Id or source id.</summary>
    public string? Customer { get; init; }
}

/// <summary>What a customer gets: PUBLISH a code of a campaign with the message, or the MESSAGE alone.</summary>
public sealed record DistributionAction
{
    public string? Type { get; init; }
    public string? CampaignId { get; init; }
    /// <summary>Who has a code of the campaign is sent the same one.</summary>
    public bool? JoinOnce { get; init; }
}

/// <summary>How a message goes out: EMAIL, SMS or WEBHOOK. All texts are Liquid templates.</summary>
public sealed record DistributionChannel
{
    public string? Type { get; init; }
    /// <summary>Of an e-mail.</summary>
    public string? Subject { get; init; }
    /// <summary>Of an e-mail or an SMS.</summary>
    public string? Text { get; init; }
    /// <summary>Of an e-mail; what it puts in is escaped.</summary>
    public string? Html { get; init; }
    /// <summary>Of a webhook.</summary>
    public string? Url { get; init; }
    /// <summary>Of a webhook: further headers.</summary>
    public Dictionary<string, string>? Headers { get; init; }
    /// <summary>Of a webhook: a template of its JSON; without one it gets everything there is.</summary>
    public string? Payload { get; init; }
}

/// <summary>How often at most; null is without limit. Days are those of the project's time zone.</summary>
public sealed record DistributionLimits
{
    public long? PerCustomer { get; init; }
    public long? PerDay { get; init; }
    public long? Total { get; init; }
}

/// <summary>The part of a distribution that lies in its <c>body</c> column.</summary>
public sealed record DistributionBody
{
    public DistributionTrigger Trigger { get; init; } = new();
    public DistributionAudience? Audience { get; init; }
    public DistributionAction Action { get; init; } = new();
    public DistributionChannel[] Channels { get; init; } = [];
    public DistributionLimits? Limits { get; init; }
    /// <summary>How the server was reached by who wrote this: where links in e-mails begin, unless the operator set that.</summary>
    public string? Origin { get; init; }
}

/// <summary>A row of <c>distributions</c>.</summary>
public sealed record DistributionRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string Status { get; init; } = "";
    public string TriggerType { get; init; } = "";
    public long? StartsAt { get; init; }
    public string ReachedId { get; init; } = "";
    public long Sent { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";

    /// <summary>As the API shows it.</summary>
    internal Distribution Show()
    {
        var body = Wire.Read<DistributionBody>(Body);
        return new Distribution
        {
            Id = Id,
            Name = Name,
            Status = Status,
            Trigger = body.Trigger,
            Audience = body.Audience,
            Action = body.Action,
            Channels = body.Channels,
            Limits = body.Limits,
            StartsAt = Moment.From(StartsAt),
            Sent = Sent,
            CreatedAt = new(CreatedAt),
            UpdatedAt = Moment.From(UpdatedAt),
        };
    }
}

/// <summary>The statuses of a distribution.</summary>
static class DistributionStatus
{
    public const string Draft = "DRAFT";
    public const string Live = "LIVE";
    public const string Paused = "PAUSED";
    public const string ToSend = "TO SEND";
    public const string Sending = "SENDING";
    public const string Done = "DONE";
    public const string Canceled = "CANCELED";
}
