using System.Text.Json;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.AsyncActions;

/// <summary>A job as the API shows it. Lists leave its result out.</summary>
public sealed record AsyncAction
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required string Status { get; init; }
    /// <summary>Of bulk updates: how it went; UNKNOWN until it ended.</summary>
    public string? OperationStatus { get; init; }
    public JsonElement? Result { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string? RequestId { get; init; }
    /// <summary>Milliseconds from asking to the last move.</summary>
    public required long ProcessingTime { get; init; }
    /// <summary>0 to 100.</summary>
    public required long Progress { get; init; }
    public string Object => "async_action";
}
