using Dapper;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Segments;

/// <summary>Has segments whose conditions depend on the time looked through again, each once in a while, whatever the number of nodes.</summary>
public sealed partial class SegmentClock(Database db, JobQueue jobs, Settings settings, TimeProvider clock, ILogger<SegmentClock> log) : BackgroundService
{
    static readonly TimeSpan LookMax = TimeSpan.FromMinutes(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var every = TimeSpan.FromMilliseconds(settings.SegmentRefreshMs);
        while (!stoppingToken.IsCancellationRequested)
        {
            await Task.Delay(every < LookMax ? every : LookMax, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested) return;
            try
            {
                if (await Refresh() > 0) jobs.Wake();
            }
            catch (Exception fault)
            {
                Stumbled(log, fault);
            }
        }
    }

    // The row says when it was done last, so that of several nodes one does it.
    Task<int> Refresh() => db.Write(async connection =>
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var due = (await connection.QueryAsync<SegmentRow>("""
            UPDATE segments SET refreshed_at = @now
            WHERE is_timed AND sync_status = 'DONE' AND refreshed_at <= @before
                AND NOT EXISTS (SELECT 1 FROM projects WHERE projects.id = segments.project_id AND projects.deleted_at IS NOT NULL)
            RETURNING *
            """, new { now, before = now - settings.SegmentRefreshMs })).AsList();
        foreach (var row in due) await SegmentJobs.EnqueueFill(connection, row.ProjectId, row.Id, isFirst: false, now);
        return due.Count;
    });

    [LoggerMessage(LogLevel.Warning, "Segments could not be looked through again")]
    private static partial void Stumbled(ILogger log, Exception fault);
}
