using System.Data.Common;

namespace Scrip.Server.Platform.Jobs;

/// <summary>
/// Work of one chunk. It writes through the connection only and awaits nothing else, so that its effect and the place
/// where the next chunk begins are one transaction. A chunk is to take tenths of a second at most: it holds the locks
/// of its rows, and on SQLite the one writer.
/// </summary>
public delegate Task<Chunk> JobStep(DbConnection db, Job job, long now);

/// <summary>The steps of every type of job that this server knows.</summary>
/// <param name="Steps">By type.</param>
public sealed record JobCatalog(IReadOnlyDictionary<string, JobStep> Steps)
{
    /// <summary>What else is to be written when a job of a type is given up, in the same transaction; the time is in Unix milliseconds.</summary>
    public IReadOnlyDictionary<string, Func<DbConnection, Job, long, Task>> WhenGivenUp { get; init; } = new Dictionary<string, Func<DbConnection, Job, long, Task>>();

    /// <summary>The types.</summary>
    public string[] Types { get; } = [.. Steps.Keys];
}
