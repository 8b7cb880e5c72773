using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Jobs;

/// <summary>Work of one chunk. It writes through the connection only, so that its effect and the cursor are one transaction.</summary>
public delegate Task<Chunk> JobStep(DbConnection db, Job job, long now);

/// <summary>
/// Jobs are rows enqueued in the transaction that asks for them. A worker leases one, runs it chunk by chunk,
/// and commits each chunk with its cursor; when a node dies its lease runs out and another goes on.
/// </summary>
public sealed class JobQueue(Database db, TimeProvider clock) : IDisposable
{
    /// <summary>How long a worker may be silent before its job is taken over, in milliseconds.</summary>
    public const long LeaseMs = 30_000;

    /// <summary>Starts after which a job that keeps failing is given up.</summary>
    public const int AttemptsMax = 5;

    readonly SemaphoreSlim wake = new(0);

    /// <summary>Adds a job inside the caller's transaction. Call <see cref="Wake"/> once that is committed.</summary>
    public static async Task<string> Enqueue(DbConnection connection, string projectId, string type, string parameters, long total, long now)
    {
        var id = Ids.New("aa_", now);
        await connection.ExecuteAsync("""
            INSERT INTO async_actions (project_id, id, type, status, parameters, total_count, created_at)
            VALUES (@projectId, @id, @type, 'ENQUEUED', @parameters, @total, @now)
            """, new { projectId, id, type, parameters = new Json(parameters), total, now });
        return id;
    }

    /// <summary>Tells this node's workers that there is work.</summary>
    public void Wake() => wake.Release();

    /// <summary>Waits for work or for a while.</summary>
    internal Task Rest(TimeSpan atMost, CancellationToken stop) => wake.WaitAsync(atMost, stop);

    /// <summary>Leases the oldest open job, or null.</summary>
    internal Task<Job?> Claim()
    {
        var now = Now();
        return db.Write(connection => connection.QueryFirstOrDefaultAsync<Job>($"""
            UPDATE async_actions SET status = 'IN_PROGRESS', lease_until = @until, attempts = attempts + 1, updated_at = @now
            WHERE (project_id, id) IN (
                SELECT project_id, id FROM async_actions
                WHERE status IN ('ENQUEUED', 'IN_PROGRESS') AND lease_until < @now
                ORDER BY lease_until, created_at LIMIT 1 {db.Dialect.SkipLocked})
            RETURNING *
            """, new { now, until = now + LeaseMs }));
    }

    /// <summary>Runs one chunk and commits it with its cursor. False when the job is finished, or was taken over.</summary>
    internal Task<bool> Step(Job job, JobStep step) => db.Write(async connection =>
    {
        var now = Now();
        // Locks the row, so that of two workers that both believe to hold the lease only one writes.
        var current = await connection.QueryFirstOrDefaultAsync<Job>("""
            UPDATE async_actions SET lease_until = @until, updated_at = @now
            WHERE project_id = @ProjectId AND id = @Id AND status = 'IN_PROGRESS' AND attempts = @Attempts
            RETURNING *
            """, new { job.ProjectId, job.Id, job.Attempts, now, until = now + LeaseMs });
        if (current is null) return false;
        var chunk = await step(connection, current, now);
        await connection.ExecuteAsync("""
            UPDATE async_actions SET done_count = done_count + @done, result = @result, attempts = @attempts,
                status = @status
            WHERE project_id = @ProjectId AND id = @Id
            """, new
        {
            job.ProjectId,
            job.Id,
            done = chunk.Done,
            attempts = job.Attempts,
            status = chunk.IsFailed ? JobStatus.Failed : chunk.Result is null ? JobStatus.InProgress : JobStatus.Done,
            result = chunk.Result is { } result ? new Json(result) : (Json?)null,
        });
        return chunk.Result is null;
    });

    /// <summary>Puts a job back after a fault: later each time, and failed for good after the last.</summary>
    internal Task Fail(Job job, string reason) => db.Write(connection => connection.ExecuteAsync("""
        UPDATE async_actions SET status = CASE WHEN attempts >= @max THEN 'FAILED' ELSE 'IN_PROGRESS' END,
            lease_until = @later, updated_at = @now, result = @result
        WHERE project_id = @ProjectId AND id = @Id AND attempts = @Attempts AND status = 'IN_PROGRESS'
        """, new
    {
        job.ProjectId,
        job.Id,
        job.Attempts,
        max = AttemptsMax,
        now = Now(),
        later = Now() + 1000 * (1L << (int)Math.Min(job.Attempts, 6)),
        result = new Json(reason),
    }));

    /// <inheritdoc/>
    public void Dispose() => wake.Dispose();

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}
