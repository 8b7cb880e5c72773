using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Audit;

/// <summary>
/// Writes noted calls in batches, at a bounded pace, so that the log takes a small part of the database however many
/// calls come; what comes faster for long is dropped by the trail. A crash loses what waits, which is under a second.
/// </summary>
public sealed partial class AuditWriter(AuditTrail trail, Database db, TimeProvider clock, ILogger<AuditWriter> log) : BackgroundService
{
    static readonly (string, bool)[] Columns =
    [
        ("project_id", false), ("created_at", false), ("id", false), ("method", false), ("path", false), ("query", false), ("operation", false),
        ("status", false), ("duration_ms", false), ("app_id", false), ("channel", false), ("request", false), ("response", false),
    ];

    static readonly TimeSpan Wait = TimeSpan.FromMilliseconds(100);

    // SQLite's one writer must not keep requests waiting.
    readonly int batchMax = db.Dialect.IsPostgres ? 200 : 50;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await trail.Waiting.WaitToReadAsync(stoppingToken))
            {
                await Task.Delay(Wait, clock, stoppingToken);
                await WriteSome();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What was answered before the end is in the log.
            while (await WriteSome() > 0) { }
        }
    }

    async Task<int> WriteSome()
    {
        var batch = new List<object?[]>(batchMax);
        while (batch.Count < batchMax && trail.Waiting.TryRead(out var request)) batch.Add(Row(request));
        if (batch.Count == 0) return 0;
        try
        {
            await Write(batch);
            trail.Written(batch.Count);
        }
        catch (Exception fault) when (db.IsUnstorable(fault) || db.IsDuplicate(fault))
        {
            await OneByOne(batch);
        }
        catch (Exception fault)
        {
            // The database is away. Requests matter more than their log.
            Failed(log, fault, batch.Count);
            trail.Dropped(batch.Count);
        }
        return batch.Count;
    }

    async Task OneByOne(List<object?[]> batch)
    {
        foreach (var row in batch)
        {
            try
            {
                await Write([row]);
                trail.Written(1);
            }
            catch (Exception fault)
            {
                Failed(log, fault, 1);
                trail.Dropped(1);
            }
        }
    }

    Task Write(List<object?[]> batch) => db.Write(async connection =>
    {
        if (db.Dialect.CommitLater.Length > 0) await connection.ExecuteAsync(db.Dialect.CommitLater);
        await db.BulkInsert(connection, "api_requests", Columns, batch);
    });

    static object?[] Row(ApiRequest request) =>
    [
        request.ProjectId, request.CreatedAt, request.Id, request.Method, Redaction.Storable(request.Path), Redaction.Storable(Redaction.Query(request.Query)),
        request.Operation, (long)request.Status, request.DurationMs, request.AppId, Redaction.Storable(request.Channel),
        Redaction.Body(request.Request), Redaction.Body(request.Response),
    ];

    [LoggerMessage(LogLevel.Warning, "{Count} calls could not be written to the audit log")]
    private static partial void Failed(ILogger log, Exception fault, int count);
}
