using System.Data.Common;
using Dapper;

namespace Scrip.Server.Platform.Jobs;

/// <summary>
/// Files of jobs, kept in the database where every node reaches them. A file is a row of parts, each of which holds
/// whole rows of the file and can be read without the others.
/// </summary>
public static class JobFile
{
    /// <summary>What was sent with the request; it goes when the job ends.</summary>
    public const string Upload = "upload";

    /// <summary>What the job tells of each row; see <see cref="KeptMs"/>.</summary>
    public const string Report = "report";

    /// <summary>How long a file is kept after it was made, in milliseconds: a week.</summary>
    public const long KeptMs = 7L * 24 * 60 * 60 * 1000;

    /// <summary>Adds a part.</summary>
    public static Task Add(DbConnection db, string project, string job, string kind, JobPart part, long now) => db.ExecuteAsync("""
        INSERT INTO job_files (project_id, job_id, kind, part, first_row, row_count, content, created_at)
        VALUES (@project, @job, @kind, @Part, @FirstRow, @RowCount, @Content, @now)
        """, new { project, job, kind, part.Part, part.FirstRow, part.RowCount, part.Content, now });

    /// <summary>A part, or null past the end.</summary>
    public static Task<JobPart?> Read(DbConnection db, string project, string job, string kind, long part) => db.QueryFirstOrDefaultAsync<JobPart>("""
        SELECT part, first_row, row_count, content FROM job_files
        WHERE project_id = @project AND job_id = @job AND kind = @kind AND part = @part
        """, new { project, job, kind, part });

    /// <summary>Deletes a file.</summary>
    public static Task Drop(DbConnection db, string project, string job, string kind) => db.ExecuteAsync(
        "DELETE FROM job_files WHERE project_id = @project AND job_id = @job AND kind = @kind", new { project, job, kind });
}

/// <summary>A part of a file: whole rows in UTF-8.</summary>
public sealed class JobPart
{
    /// <summary>Its number, from 0.</summary>
    public long Part { get; init; }

    /// <summary>The number of its first row in the file, from 1.</summary>
    public long FirstRow { get; init; }

    /// <summary>How many rows it has.</summary>
    public long RowCount { get; init; }

    /// <summary>The rows.</summary>
    public byte[] Content { get; init; } = [];
}
