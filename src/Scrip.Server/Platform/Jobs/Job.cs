namespace Scrip.Server.Platform.Jobs;

/// <summary>The statuses of a job, in the API's words.</summary>
public static class JobStatus
{
    /// <summary>Waiting for its first turn.</summary>
    public const string Enqueued = "ENQUEUED";

    /// <summary>At least one chunk is done, or was tried.</summary>
    public const string InProgress = "IN_PROGRESS";

    /// <summary>Ended, possibly with faults in some rows.</summary>
    public const string Done = "DONE";

    /// <summary>Given up.</summary>
    public const string Failed = "FAILED";
}

/// <summary>A row of <c>async_actions</c>: work that goes on after its request was answered.</summary>
public sealed class Job
{
    /// <summary>The project it works in.</summary>
    public string ProjectId { get; init; } = "";

    /// <summary>Its identifier, <c>aa_…</c>.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its type, such as <c>CAMPAIGN.VOUCHERS_GENERATE</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>See <see cref="JobStatus"/>.</summary>
    public string Status { get; init; } = "";

    /// <summary>What it works on, as JSON. Small: rows belong into a <see cref="JobFile"/>.</summary>
    public string Parameters { get; init; } = "{}";

    /// <summary>Where the next chunk begins, in words of the job's own steps; null before the first.</summary>
    public string? Place { get; init; }

    /// <summary>Units done well.</summary>
    public long DoneCount { get; init; }

    /// <summary>Units that failed.</summary>
    public long FailedCount { get; init; }

    /// <summary>Units in all; 0 when not known.</summary>
    public long TotalCount { get; init; }

    /// <summary>How often it failed in a row.</summary>
    public long Attempts { get; init; }

    /// <summary>Its result as JSON, once it ended.</summary>
    public string? Result { get; init; }

    /// <summary>When it was enqueued, in Unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>When it last moved, in Unix milliseconds.</summary>
    public long? UpdatedAt { get; init; }
}

/// <summary>What a chunk of a job came to.</summary>
/// <param name="Done">Units that this chunk did.</param>
/// <param name="Result">The job's result as JSON when it is finished, else null.</param>
public readonly record struct Chunk(long Done, string? Result)
{
    /// <summary>Units of this chunk that failed.</summary>
    public long FailedRows { get; init; }

    /// <summary>Where the next chunk begins.</summary>
    public string? Place { get; init; }

    /// <summary>True when the job cannot be done and is not to be tried again; the result says why.</summary>
    public bool IsFailed { get; init; }

    /// <summary>The job ends without success.</summary>
    public static Chunk Failed(string result) => new(0, result) { IsFailed = true };

    /// <summary>There is more to do.</summary>
    public static Chunk More(long done, string? place = null, long failedRows = 0) => new(done, null) { Place = place, FailedRows = failedRows };

    /// <summary>The job is done.</summary>
    public static Chunk Last(long done, string result, long failedRows = 0) => new(done, result) { FailedRows = failedRows };
}
