using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Webhooks;

/// <summary>What a caller may set on a webhook; absent fields keep their value in an update.</summary>
public sealed record WebhookInput
{
    public string? TargetUrl { get; init; }
    /// <summary>Types of events; an update replaces all of them.</summary>
    public string[]? Events { get; init; }
    public bool? Active { get; init; }
}

/// <summary>The part of a webhook that lies in its <c>body</c> column.</summary>
public sealed record WebhookBody(string[] Events);

/// <summary>A webhook as the API answers it.</summary>
public sealed record Webhook
{
    public required string Id { get; init; }
    public required Moment CreatedAt { get; init; }
    public required string TargetUrl { get; init; }
    public required string[] Events { get; init; }
    /// <summary>False stops it; the server sets it after a sendout failed for good.</summary>
    public required bool Active { get; init; }
    public string Object => "webhook";
}
