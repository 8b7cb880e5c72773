using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Exports;

/// <summary>An export as the API answers it. The link in its result is made anew for each answer, and expires.</summary>
public sealed record Export
{
    public required string Id { get; init; }
    public string Object => "export";
    public required Moment CreatedAt { get; init; }
    public required string Status { get; init; }
    public required string Channel { get; init; }
    public required string ExportedObject { get; init; }
    public ExportParameters? Parameters { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public ExportResult? Result { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? UserId { get; init; }
}

/// <summary>Where the file is.</summary>
public sealed record ExportResult(string Url);

/// <summary>What a caller asks to export.</summary>
public sealed record ExportInput
{
    public string? ExportedObject { get; init; }
    public ExportParameters? Parameters { get; init; }
}

/// <summary>Which fields of which objects, in which order.</summary>
public sealed record ExportParameters
{
    public string? Order { get; init; }
    public string[]? Fields { get; init; }
    public JsonElement? Filters { get; init; }
    /// <summary>Of vouchers: those of one campaign.</summary>
    public string? CampaignId { get; init; }
}

/// <summary>The part of an export that lies in its <c>body</c> column.</summary>
public sealed record ExportBody
{
    public ExportParameters? Parameters { get; init; }
    /// <summary>Where the caller reached the server; links inside the file begin with it.</summary>
    public string Origin { get; init; } = "";
}

/// <summary>What the job of an export works on.</summary>
public sealed record ExportJob(string ExportId);

/// <summary>Where the next chunk of an export begins.</summary>
public sealed record ExportPlace
{
    /// <summary>The number of the next part.</summary>
    public required long Part { get; init; }
    /// <summary>The id of the last row written.</summary>
    public required string Id { get; init; }
    /// <summary>What the last row was sorted by: a text or a number.</summary>
    public string? Text { get; init; }
    public long? Number { get; init; }
}

/// <summary>A row of <c>exports</c>.</summary>
public sealed class ExportRow
{
    public const string Scheduled = "SCHEDULED";
    public const string InProgress = "IN_PROGRESS";
    public const string Done = "DONE";
    public const string Error = "ERROR";

    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string ExportedObject { get; init; } = "";
    public string Status { get; init; } = "";
    public string Channel { get; init; } = "";
    public long CreatedAt { get; init; }
    public long RowCount { get; init; }
    public long ByteCount { get; init; }
    public string Body { get; init; } = "{}";
}
