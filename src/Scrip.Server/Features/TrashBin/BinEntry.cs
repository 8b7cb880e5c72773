using System.Text.Json.Serialization;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.TrashBin;

/// <summary>Something deleted, as the API answers it.</summary>
public sealed record BinEntry
{
    public required string Id { get; init; }
    public required Moment CreatedAt { get; init; }
    /// <summary>Null: what deletes here is a key.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? DeletedByUserId { get; init; }
    public required string ResourceId { get; init; }
    public required string ResourceType { get; init; }
    public required string ResourceName { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? ResourceParentId { get; init; }
    public string Object => ResourceType;
}

/// <summary>A row of <c>trash_bin</c>.</summary>
public sealed class BinRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string ResourceType { get; init; } = "";
    public string ResourceId { get; init; } = "";
    public string ResourceName { get; init; } = "";
    public string? ParentId { get; init; }
    public long CreatedAt { get; init; }
    /// <summary>What has no place of its own while it is deleted, as JSON.</summary>
    public string? Body { get; init; }

    /// <summary>As the API shows it.</summary>
    internal BinEntry Show() => new()
    {
        Id = Id,
        CreatedAt = new(CreatedAt),
        ResourceId = ResourceId,
        ResourceType = ResourceType,
        ResourceName = ResourceName,
        ResourceParentId = ParentId,
    };
}
