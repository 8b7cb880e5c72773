using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Jobs;

/// <summary>
/// Jobs are rows enqueued in the transaction that asks for them. A turn is one transaction: it locks the job whose
/// project was served longest ago, does one chunk of it, and commits the chunk with the place of the next. When a node
/// dies in between, nothing of the chunk stays and any node goes on at once.
/// </summary>
public sealed class JobQueue(Database db, TimeProvider clock) : IDisposable
{
    /// <summary>Failures in a row after which a job is given up.</summary>
    public const int AttemptsMax = 5;

    const string Open = "status IN ('ENQUEUED', 'IN_PROGRESS')";

    readonly SemaphoreSlim wake = new(0);

    /// <summary>Adds a job inside the caller's transaction. Call <see cref="Wake"/> once that is committed.</summary>
    /// <param name="connection">The connection of the write.</param>
    /// <param name="projectId">The project.</param>
    /// <param name="type">A type of the catalog.</param>
    /// <param name="parameters">What it works on, as JSON; <c>request_id</c> in it is shown with the action.</param>
    /// <param name="total">Units in all, or 0.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="id">Its id when files were stored for it already.</param>
    /// <param name="series">Jobs of the same series of a project run one after the other.</param>
    /// <param name="isInner">True when it is no async action of the API.</param>
    public static async Task<string> Enqueue(DbConnection connection, string projectId, string type, string parameters, long total, long now,
        string? id = null, string? series = null, bool isInner = false)
    {
        id ??= NewId(now);
        await connection.ExecuteAsync("""
            INSERT INTO async_actions (project_id, id, type, status, parameters, total_count, created_at, series, is_inner)
            VALUES (@projectId, @id, @type, 'ENQUEUED', @parameters, @total, @now, @series, @isInner)
            """, new { projectId, id, type, parameters = new Json(parameters), total, now, series, isInner });
        return id;
    }

    /// <summary>The id of a job that is still to be enqueued.</summary>
    public static string NewId(long now) => Ids.New("aa_", now);

    /// <summary>Tells this node's workers that there is work.</summary>
    public void Wake() => wake.Release();

    /// <summary>Waits for work or for a while.</summary>
    internal Task Rest(TimeSpan atMost, CancellationToken stop) => wake.WaitAsync(atMost, stop);

    /// <summary>Does one chunk of the job whose turn it is. False when there was none to do.</summary>
    /// <exception cref="JobFailed">The chunk failed; nothing of it stays.</exception>
    internal async Task<bool> Turn(JobCatalog catalog)
    {
        Job? job = null;
        try
        {
            return await db.Write(async connection =>
            {
                var now = Now();
                job = await Next(connection, catalog, now);
                if (job is null) return false;
                await Commit(connection, job, await catalog.Steps[job.Type](connection, job, now), now);
                return true;
            });
        }
        catch (Exception fault) when (job is not null)
        {
            throw new JobFailed(job, fault);
        }
    }

    // Another worker's job is skipped while it is locked; on SQLite there is one writer anyway.
    Task<Job?> Next(DbConnection connection, JobCatalog catalog, long now) => connection.QueryFirstOrDefaultAsync<Job>($"""
        SELECT a.* FROM async_actions a
        WHERE a.{Open} AND a.lease_until <= @now AND {db.Dialect.Among("a.type", "@types")}
            AND NOT EXISTS (SELECT 1 FROM projects WHERE projects.id = a.project_id AND projects.deleted_at IS NOT NULL)
            AND NOT EXISTS (SELECT 1 FROM async_actions e WHERE e.project_id = a.project_id AND e.series = a.series AND e.{Open}
                AND (e.created_at < a.created_at OR (e.created_at = a.created_at AND e.id < a.id)))
        ORDER BY (SELECT MAX(p.turn_at) FROM async_actions p WHERE p.project_id = a.project_id AND p.{Open}), a.turn_at, a.created_at, a.id
        LIMIT 1 {db.Dialect.SkipLocked}
        """, new { now, types = db.Dialect.Texts(catalog.Types) });

    static async Task Commit(DbConnection connection, Job job, Chunk chunk, long now)
    {
        var ended = chunk.Result is not null;
        await connection.ExecuteAsync("""
            UPDATE async_actions SET done_count = done_count + @done, failed_count = failed_count + @failed, place = @place, attempts = 0,
                status = @status, result = @result, turn_at = @now, updated_at = @now
            WHERE project_id = @ProjectId AND id = @Id
            """, new
        {
            job.ProjectId,
            job.Id,
            done = chunk.Done,
            failed = chunk.FailedRows,
            place = chunk.Place,
            status = chunk.IsFailed ? JobStatus.Failed : ended ? JobStatus.Done : JobStatus.InProgress,
            result = chunk.Result is { } result ? new Json(result) : (Json?)null,
            now,
        });
        if (ended) await JobFile.Drop(connection, job.ProjectId, job.Id, JobFile.Upload);
    }

    /// <summary>Puts a job back after a fault: later each time, and failed for good after the last.</summary>
    internal Task PutBack(Job job, JobCatalog catalog, string reason) => db.Write(async connection =>
    {
        var now = Now();
        var isLast = job.Attempts + 1 >= AttemptsMax;
        var changed = await connection.ExecuteAsync($"""
            UPDATE async_actions SET status = @status, attempts = attempts + 1, lease_until = @later, turn_at = @now, updated_at = @now, result = @result
            WHERE project_id = @ProjectId AND id = @Id AND attempts = @Attempts AND {Open}
            """, new
        {
            job.ProjectId,
            job.Id,
            job.Attempts,
            status = isLast ? JobStatus.Failed : JobStatus.InProgress,
            now,
            later = now + (250L << (int)Math.Min(2 * job.Attempts, 12)),
            result = new Json(reason),
        });
        if (changed == 0 || !isLast) return;
        await JobFile.Drop(connection, job.ProjectId, job.Id, JobFile.Upload);
        if (catalog.WhenGivenUp.TryGetValue(job.Type, out var also)) await also(connection, job, now);
    });

    /// <summary>Ends what belongs to deleted projects, and forgets files that nobody will ask for any more.</summary>
    internal Task Clean() => db.Write(async connection =>
    {
        await connection.ExecuteAsync($"""
            UPDATE async_actions SET status = 'FAILED' WHERE {Open} AND project_id IN (SELECT id FROM projects WHERE deleted_at IS NOT NULL)
            """);
        await connection.ExecuteAsync($"""
            DELETE FROM job_files WHERE created_at < @before
                AND NOT EXISTS (SELECT 1 FROM async_actions a WHERE a.project_id = job_files.project_id AND a.id = job_files.job_id AND a.{Open})
            """, new { before = Now() - JobFile.KeptMs });
        await connection.ExecuteAsync($"""
            DELETE FROM job_faults WHERE NOT EXISTS (
                SELECT 1 FROM async_actions a WHERE a.project_id = job_faults.project_id AND a.id = job_faults.job_id AND a.{Open})
            """);
    });

    /// <inheritdoc/>
    public void Dispose() => wake.Dispose();

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();
}

/// <summary>A chunk of a job failed and was rolled back.</summary>
sealed class JobFailed(Job job, Exception fault) : Exception(fault.Message, fault)
{
    public Job Job { get; } = job;
}
