using System.Text.Json;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Webhooks;

/// <summary>The statuses of a sendout.</summary>
static class SendoutStatus
{
    /// <summary>Waiting for its first or its next attempt.</summary>
    public const string Pending = "PENDING";

    /// <summary>The receiver took it with a 2xx.</summary>
    public const string Succeeded = "SUCCEEDED";

    /// <summary>Given up; it can be tried again by hand.</summary>
    public const string Failed = "FAILED";
}

/// <summary>One attempt, as it is kept and answered.</summary>
public sealed record SendoutAttempt
{
    public required Moment At { get; init; }
    /// <summary>Milliseconds until the answer, or until the attempt was given up.</summary>
    public required long DurationMs { get; init; }
    public long? ResponseStatus { get; init; }
    /// <summary>The first 4096 bytes of the answer.</summary>
    public string? Response { get; init; }
    /// <summary>Why there was no answer.</summary>
    public string? Fault { get; init; }
}

/// <summary>An event on its way to a webhook, as the API answers it. Lists leave payload and attempts out.</summary>
public sealed record Sendout
{
    public required string Id { get; init; }
    public required string WebhookId { get; init; }
    public required string EventId { get; init; }
    public required string Type { get; init; }
    public required string Status { get; init; }
    public required string TargetUrl { get; init; }
    public required long AttemptsCount { get; init; }
    /// <summary>The status of the last answer.</summary>
    public long? ResponseStatus { get; init; }
    /// <summary>Why the last attempt had no answer, or why it was given up.</summary>
    public string? Fault { get; init; }
    public required Moment CreatedAt { get; init; }
    /// <summary>When it was last sent.</summary>
    public Moment? SentAt { get; init; }
    /// <summary>When it is sent next; absent when it is not going to be.</summary>
    public Moment? NextAttemptAt { get; init; }
    public JsonElement? Payload { get; init; }
    public SendoutAttempt[]? Attempts { get; init; }
    public string Object => "webhook_sendout";
}
