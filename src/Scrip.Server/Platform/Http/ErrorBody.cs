using Scrip.Engine;

namespace Scrip.Server.Platform.Http;

/// <summary>The documented error object.</summary>
public sealed record ErrorBody
{
    /// <summary>The HTTP status.</summary>
    public required long Code { get; init; }

    /// <summary>The documented key.</summary>
    public required string Key { get; init; }

    /// <summary>The key's sentence.</summary>
    public required string Message { get; init; }

    /// <summary>What to mend.</summary>
    public string? Details { get; init; }

    /// <summary>Names the request in logs.</summary>
    public string? RequestId { get; init; }

    /// <summary>The identifier of the resource the error is about.</summary>
    public string? ResourceId { get; init; }

    /// <summary>Its kind.</summary>
    public string? ResourceType { get; init; }

    /// <summary>The text for customers that a validation rule carries.</summary>
    public ErrorText? Error { get; init; }

    /// <summary>The ids of the resources that stand in the way.</summary>
    public string[]? RelatedObjectIds { get; init; }

    /// <summary>Their kind.</summary>
    public string? RelatedObjectType { get; init; }

    /// <summary>How many they are.</summary>
    public long? RelatedObjectTotal { get; init; }

    /// <summary>The object that tells of a refusal.</summary>
    public static ErrorBody Of(Refusal refusal, string? requestId) => new()
    {
        Code = refusal.Code,
        Key = refusal.Key,
        Message = refusal.Message,
        Details = refusal.Details,
        RequestId = requestId,
        ResourceId = refusal.ResourceId,
        ResourceType = refusal.ResourceType,
        RelatedObjectIds = refusal.RelatedIds is { } ids ? [.. ids] : null,
        RelatedObjectType = refusal.RelatedType,
        RelatedObjectTotal = refusal.RelatedIds?.Count,
        Error = refusal.CustomerMessage is { } text ? new ErrorText(text) : null,
    };
}

/// <summary>A text meant for customers.</summary>
public sealed record ErrorText(string Message);
