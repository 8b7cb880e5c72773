using System.Text.Json;
using Scrip.Server.Platform.Csv;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Jobs;

/// <summary>Parameters of a job that works through rows: those of an uploaded CSV file, or the items of a JSON list.</summary>
public sealed record RowsJob
{
    /// <summary>The request that asked for it.</summary>
    public string? RequestId { get; init; }

    /// <summary>In how many parts the rows lie.</summary>
    public long Parts { get; init; }

    /// <summary>Of a CSV file: its columns.</summary>
    public CsvFile? File { get; init; }

    /// <summary>The campaign that gets the rows.</summary>
    public string? CampaignId { get; init; }

    /// <summary>The metadata that each object of the list gets.</summary>
    public JsonElement? Metadata { get; init; }

    /// <summary>Whether webhooks are to be told of each row.</summary>
    public bool WebhooksEnable { get; init; }

    /// <summary>Where the caller reached the server, for links in what webhooks are told.</summary>
    public string Origin { get; init; } = "";

    /// <summary>Where the report on each row will be served.</summary>
    public string? Report { get; init; }
}

/// <summary>Why a row failed, in the words of results.</summary>
public sealed record RowFault
{
    public string? Code { get; init; }
    public string? SourceId { get; init; }
    public long? Row { get; init; }
    public required string Reason { get; init; }
}

/// <summary>Why an object of a bulk update failed.</summary>
public sealed record BulkFault
{
    public required string Message { get; init; }
    public required string Details { get; init; }
    public required string Key { get; init; }
    public string? SourceId { get; init; }
    public string? Code { get; init; }
}

/// <summary>What an import came to.</summary>
public sealed record ImportResult(string Message, JsonElement[] Failed, long DoneCount, long FailedCount);

/// <summary>What a bulk update came to.</summary>
public sealed record BulkResult(long DoneCount, long FailedCount, string[] Reports, Moment ReportsAvailableTill, JsonElement[] Errors);

/// <summary>The answer of work that goes on: where to watch it.</summary>
public sealed record StartedAction(string AsyncActionId);
