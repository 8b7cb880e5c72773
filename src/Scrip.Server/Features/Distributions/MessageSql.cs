using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Distributions;

/// <summary>The statements about the queue of messages.</summary>
static class MessageSql
{
    /// <summary>How long a message that is being sent is left to its sender, in milliseconds.</summary>
    public const long LeaseMs = 60_000;

    public static Task Insert(DbConnection db, MessageRow row) => db.ExecuteAsync("""
        INSERT INTO distribution_messages (project_id, id, distribution_id, event_id, customer_id, place, channel, status, fault, due_at, created_at, body)
        VALUES (@ProjectId, @Id, @DistributionId, @EventId, @CustomerId, @Place, @Channel, @Status, @Fault, @DueAt, @CreatedAt, @json)
        """, new
    {
        row.ProjectId,
        row.Id,
        row.DistributionId,
        row.EventId,
        row.CustomerId,
        row.Place,
        row.Channel,
        row.Status,
        row.Fault,
        row.DueAt,
        row.CreatedAt,
        json = new Json(row.Body),
    });

    /// <summary>Leases some messages that are due; when their sender dies, others take them up once the lease is over.</summary>
    public static async Task<List<MessageRow>> Claim(DbConnection db, Dialect dialect, int count, long now) => (await db.QueryAsync<MessageRow>($"""
        UPDATE distribution_messages SET attempts = attempts + 1, due_at = @until
        WHERE (project_id, id) IN (
            SELECT project_id, id FROM distribution_messages WHERE status = 'PENDING' AND due_at <= @now ORDER BY due_at LIMIT @count {dialect.SkipLocked})
        RETURNING *
        """, new { now, until = now + LeaseMs, count })).AsList();

    /// <summary>Ends the attempt that the row is: sent, to be tried again, dead or skipped. Nothing happens when another took it over.</summary>
    public static Task End(DbConnection db, MessageRow row, string status, string? fault, long dueAt, long? sentAt) => db.ExecuteAsync("""
        UPDATE distribution_messages SET status = @status, fault = @fault, due_at = @dueAt, sent_at = @sentAt
        WHERE project_id = @ProjectId AND id = @Id AND status = 'PENDING' AND attempts = @Attempts
        """, new { row.ProjectId, row.Id, row.Attempts, status, fault, dueAt, sentAt });

    /// <summary>Lets a dead or skipped message be tried anew; null when there is no such one.</summary>
    public static Task<MessageRow?> Revive(DbConnection db, string project, string distribution, string id, long now) => db.QueryFirstOrDefaultAsync<MessageRow>("""
        UPDATE distribution_messages SET status = 'PENDING', attempts = 0, due_at = @now
        WHERE project_id = @project AND distribution_id = @distribution AND id = @id AND status IN ('DEAD', 'SKIPPED') RETURNING *
        """, new { project, distribution, id, now });

    /// <summary>A page of a distribution's messages, newest first, behind the one of an id.</summary>
    public static async Task<List<MessageRow>> Page(DbConnection db, string project, string distribution, string? status, string? after, int rows) =>
        (await db.QueryAsync<MessageRow>($"""
            SELECT * FROM distribution_messages
            WHERE project_id = @project AND distribution_id = @distribution AND id < @after{(status is null ? "" : " AND status = @status")}
            ORDER BY id DESC LIMIT @rows
            """, new { project, distribution, status, after = after ?? "~", rows })).AsList();
}
