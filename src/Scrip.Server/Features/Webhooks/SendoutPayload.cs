using System.Text.Json;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Webhooks;

/// <summary>What a receiver gets: the documented envelope around the event's own data.</summary>
public sealed record SendoutPayload
{
    /// <summary>The sendout; the same in every attempt, so that a receiver knows what it has already.</summary>
    public required string Id { get; init; }
    public required string ProjectId { get; init; }
    public required Moment CreatedAt { get; init; }
    public required string Type { get; init; }
    public required JsonElement Data { get; init; }
    public required SendoutSource Source { get; init; }
    public required SendoutEvent Event { get; init; }
}

/// <summary>The webhook that sends.</summary>
public sealed record SendoutSource(string Id, string TargetUrl)
{
    public string Object => "webhook";
}

/// <summary>The event that is told of.</summary>
public sealed record SendoutEvent
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required Moment CreatedAt { get; init; }
    /// <summary>What it is about; absent when its data does not tell.</summary>
    public string? EntityId { get; init; }
    /// <summary>The request that made it happen.</summary>
    public string? GroupId { get; init; }
    public SendoutEventSource? EventSource { get; init; }
}

/// <summary>Who made an event happen.</summary>
public sealed record SendoutEventSource(string Channel, SendoutKey? ApiKey);

/// <summary>An application key, without its secret.</summary>
public sealed record SendoutKey(string AppId);
