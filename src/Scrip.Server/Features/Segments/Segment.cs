using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Customers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Segments;

/// <summary>The types of segments.</summary>
public static class SegmentTypes
{
    /// <summary>A fixed list of customers.</summary>
    public const string Static = "static";

    /// <summary>Whoever meets the filter; nobody is told.</summary>
    public const string Passive = "passive";

    /// <summary>Whoever meets the filter; entering and leaving are events.</summary>
    public const string AutoUpdate = "auto-update";
}

/// <summary>A segment as the API answers it.</summary>
public sealed record Segment
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required Moment CreatedAt { get; init; }
    public required string Type { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public JsonElement? Filter { get; init; }
    /// <summary>IN_PROGRESS until every customer was looked at once, then DONE.</summary>
    public required string InitialSyncStatus { get; init; }
    public string Object => "segment";
}

/// <summary>A segment as lists of a customer's segments and payloads hold it.</summary>
public sealed record SimpleSegment(string Id, string Name)
{
    public string Object => "segment";
}

/// <summary>What a caller says of a new segment.</summary>
public sealed record SegmentInput
{
    public string? Name { get; init; }
    public string? Type { get; init; }
    /// <summary>Of a static one: ids or source ids of customers.</summary>
    public string[]? Customers { get; init; }
    /// <summary>Of any other.</summary>
    public JsonElement? Filter { get; init; }
}

/// <summary>The part of a segment that lies in its <c>body</c> column.</summary>
public sealed record SegmentBody(JsonElement? Filter);

/// <summary>What <c>customer.segment.entered</c> and <c>customer.segment.left</c> tell.</summary>
public sealed record SegmentTold(Customer Customer, SimpleSegment Segment);

/// <summary>A row of <c>segments</c>.</summary>
public sealed class SegmentRow
{
    public const string InProgress = "IN_PROGRESS";
    public const string Done = "DONE";

    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";
    public string SyncStatus { get; init; } = "";
    public bool IsTimed { get; init; }
    public long RefreshedAt { get; init; }
    public long CreatedAt { get; init; }
    public string Body { get; init; } = "{}";

    /// <summary>As the API shows it.</summary>
    public Segment Show() => new()
    {
        Id = Id,
        Name = Name,
        CreatedAt = new(CreatedAt),
        Type = Type,
        Filter = Wire.Read<SegmentBody>(Body).Filter,
        InitialSyncStatus = SyncStatus,
    };

    /// <summary>The filter bound; null of a static one.</summary>
    public SegmentFilter? Bind() => Wire.Read<SegmentBody>(Body).Filter is { } filter ? SegmentFilter.Read(filter) : null;
}
