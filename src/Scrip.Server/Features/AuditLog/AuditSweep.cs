using Dapper;
using Scrip.Server.Features.Webhooks;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.AuditLog;

/// <summary>
/// Forgets calls and sendouts that are older than the operator keeps them: at the start and every hour, a few rows at a
/// time, so that nobody waits for it. Async actions stay.
/// </summary>
public sealed partial class AuditSweep(Database db, Settings settings, TimeProvider clock, ILogger<AuditSweep> log) : BackgroundService
{
    const int ChunkMax = 500;
    const long DayMs = 24 * 60 * 60 * 1000;

    // A sendout is tried for a day.
    const int SendoutDaysMin = 2;

    static readonly TimeSpan Every = TimeSpan.FromHours(1);
    static readonly TimeSpan Breath = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
                await SweepRequests(now - settings.AuditDays * DayMs, stoppingToken);
                await SweepSendouts(now - Math.Max(settings.AuditDays, SendoutDaysMin) * DayMs, stoppingToken);
            }
            catch (Exception fault) when (fault is not OperationCanceledException)
            {
                Failed(log, fault);
            }
            await Task.Delay(Every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    Task SweepRequests(long before, CancellationToken stop) =>
        UntilNone(connection => connection.ExecuteAsync("""
            DELETE FROM api_requests WHERE (project_id, created_at, id) IN (
                SELECT project_id, created_at, id FROM api_requests WHERE created_at < @before ORDER BY created_at LIMIT @count)
            """, new { before, count = ChunkMax }), stop);

    async Task SweepSendouts(long before, CancellationToken stop)
    {
        var projects = await db.Read(async connection => (await connection.QueryAsync<string>("""
            SELECT id FROM projects p WHERE EXISTS (SELECT 1 FROM webhook_sendouts s WHERE s.project_id = p.id AND s.created_at < @before)
            """, new { before })).AsList());
        foreach (var project in projects) await UntilNone(connection => SendoutSql.Sweep(connection, project, before, ChunkMax), stop);
    }

    async Task UntilNone(Func<System.Data.Common.DbConnection, Task<int>> delete, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested && await db.Write(delete) == ChunkMax) await Task.Delay(Breath, clock, stop);
    }

    [LoggerMessage(LogLevel.Warning, "Old entries of the audit log could not be deleted; the next try is in an hour")]
    private static partial void Failed(ILogger log, Exception fault);
}
