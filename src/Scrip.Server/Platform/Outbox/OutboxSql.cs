using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Outbox;

/// <summary>The statements of the worker.</summary>
static class OutboxSql
{
    // Names the outbox among advisory locks.
    const int LockClass = 0x5c719;

    // An event whose customer has an older one that waits for another attempt waits behind it.
    const string IsDue = """
        NOT is_dead AND due_at <= @now AND NOT EXISTS (
            SELECT 1 FROM outbox older WHERE older.project_id = o.project_id AND older.customer_id = o.customer_id
                AND older.attempts > 0 AND NOT older.is_dead AND older.id < o.id)
        """;

    /// <summary>Takes those lanes that no other worker has until the transaction ends. SQLite has one writer anyway.</summary>
    public static async Task<long[]> Take(DbConnection db, Dialect dialect, long[] lanes) => !dialect.IsPostgres
        ? lanes
        : [.. await db.QueryAsync<long>("SELECT lane FROM unnest(@lanes) AS lane WHERE pg_try_advisory_xact_lock(@LockClass, CAST(lane AS INTEGER))",
            new { lanes, LockClass })];

    /// <summary>Takes all lanes, whoever has them now, in their order.</summary>
    public static Task TakeAll(DbConnection db, Dialect dialect) => !dialect.IsPostgres
        ? Task.CompletedTask
        : db.ExecuteAsync($"SELECT pg_advisory_xact_lock(@LockClass, lane) FROM generate_series(0, {OutboxQueue.Lanes - 1}) AS lane", new { LockClass });

    /// <summary>The oldest events of each lane that are due, in their order.</summary>
    public static async Task<List<OutboxEvent>> Due(DbConnection db, long[] lanes, int each, long now)
    {
        if (lanes.Length == 0) return [];
        // A look-up per lane, each along its index, whatever waits behind.
        var parts = lanes.Select(lane => $"SELECT * FROM (SELECT * FROM outbox o WHERE lane = {lane} AND {IsDue} ORDER BY id LIMIT @each) lane{lane}");
        return (await db.QueryAsync<OutboxEvent>(string.Join(" UNION ALL ", parts) + " ORDER BY id", new { each, now })).AsList();
    }

    /// <summary>The event, when it is still due.</summary>
    public static Task<OutboxEvent?> One(DbConnection db, OutboxEvent row, long now) => db.QueryFirstOrDefaultAsync<OutboxEvent>(
        $"SELECT * FROM outbox o WHERE project_id = @ProjectId AND id = @Id AND {IsDue}", new { row.ProjectId, row.Id, now });

    /// <summary>Takes events out, of whichever projects.</summary>
    public static async Task Remove(DbConnection db, Dialect dialect, IReadOnlyList<OutboxEvent> events)
    {
        foreach (var project in events.GroupBy(row => row.ProjectId))
            await db.ExecuteAsync($"DELETE FROM outbox WHERE project_id = @project AND {dialect.Among("id", "@ids")}",
                new { project = project.Key, ids = dialect.Texts([.. project.Select(row => row.Id)]) });
    }

    /// <summary>Notes a failed attempt.</summary>
    public static Task Fail(DbConnection db, OutboxEvent row, string fault, long dueAt, bool isDead) => db.ExecuteAsync("""
        UPDATE outbox SET attempts = attempts + 1, fault = @fault, due_at = @dueAt, is_dead = @isDead
        WHERE project_id = @ProjectId AND id = @Id AND NOT is_dead
        """, new { row.ProjectId, row.Id, fault, dueAt, isDead });

    /// <summary>When the oldest event that waits happened, in Unix milliseconds.</summary>
    public static Task<long?> Oldest(DbConnection db) => db.ExecuteScalarAsync<long?>($"""
        SELECT MIN(created_at) FROM ({string.Join(" UNION ALL ", Enumerable.Range(0, OutboxQueue.Lanes).Select(lane =>
            $"SELECT * FROM (SELECT created_at FROM outbox WHERE lane = {lane} AND NOT is_dead ORDER BY id LIMIT 1) lane{lane}"))}) oldest
        """);
}
