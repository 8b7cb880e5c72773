using System.Data.Common;
using System.Text.Json;
using Dapper;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outgoing;

namespace Scrip.Server.Features.Webhooks;

/// <summary>A row of <c>webhook_sendouts</c>.</summary>
public sealed class SendoutRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string WebhookId { get; init; } = "";
    public string EventId { get; init; } = "";
    public string Type { get; init; } = "";
    public string Status { get; init; } = "";
    public string TargetUrl { get; init; } = "";
    public string Payload { get; init; } = "";
    public long Attempts { get; init; }
    public long Claims { get; init; }
    public long DueAt { get; init; }
    public long? ResponseStatus { get; init; }
    public string? Fault { get; init; }
    public string Log { get; init; } = "[]";
    public long CreatedAt { get; init; }
    public long? SentAt { get; init; }

    /// <summary>The sendout as lists have it.</summary>
    public Sendout Show() => new()
    {
        Id = Id,
        WebhookId = WebhookId,
        EventId = EventId,
        Type = Type,
        Status = Status,
        TargetUrl = TargetUrl,
        AttemptsCount = Attempts,
        ResponseStatus = ResponseStatus,
        Fault = Fault,
        CreatedAt = new(CreatedAt),
        SentAt = Moment.From(SentAt),
        NextAttemptAt = Status == SendoutStatus.Pending ? new Moment(DueAt) : null,
    };

    /// <summary>The sendout with what was sent and answered.</summary>
    public Sendout ShowAll() => Show() with { Payload = Wire.Read<JsonElement>(Payload), Attempts = Wire.Read<SendoutAttempt[]>(Log) };
}

/// <summary>A webhook that has something to send now.</summary>
public sealed class DueWebhook
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string TargetUrl { get; init; } = "";

    /// <summary>The project's secret.</summary>
    public string? Token { get; init; }
}

/// <summary>The statements about sendouts.</summary>
static class SendoutSql
{
    /// <summary>How long a worker may be silent before another sends, in milliseconds: longer than an attempt may take.</summary>
    public const long LeaseMs = 15_000;

    /// <summary>Attempts that the log keeps.</summary>
    const int LogMax = 20;

    const int DueMax = 1000;

    /// <summary>What a list has: everything but payload and log.</summary>
    public const string ListColumns =
        "project_id, id, webhook_id, event_id, type, status, target_url, attempts, due_at, response_status, fault, created_at, sent_at";

    static readonly (string, bool)[] Columns =
    [
        ("project_id", false), ("id", false), ("webhook_id", false), ("event_id", false), ("type", false), ("status", false),
        ("target_url", false), ("payload", false), ("due_at", false), ("log", true), ("created_at", false),
    ];

    public static Task Insert(Database database, DbConnection db, IEnumerable<SendoutRow> rows) => database.BulkInsert(db, "webhook_sendouts", Columns, rows.Select(row => new object?[]
    {
        row.ProjectId, row.Id, row.WebhookId, row.EventId, row.Type, SendoutStatus.Pending, row.TargetUrl, row.Payload, row.DueAt, "[]", row.CreatedAt,
    }));

    public static Task<SendoutRow?> Find(DbConnection db, string project, string webhook, string id, string ending = "") => db.QueryFirstOrDefaultAsync<SendoutRow>(
        $"SELECT * FROM webhook_sendouts WHERE project_id = @project AND webhook_id = @webhook AND id = @id {ending}", new { project, webhook, id });

    /// <summary>The webhooks, of all projects, that have something to send now.</summary>
    public static async Task<List<DueWebhook>> Due(DbConnection db, Dialect dialect, long now) => (await db.QueryAsync<DueWebhook>($"""
        SELECT w.project_id, w.id, w.target_url, {dialect.JsonText("p.body", ["webhook_token"])} AS token
        FROM webhooks w JOIN projects p ON p.id = w.project_id AND p.deleted_at IS NULL
        WHERE w.active AND EXISTS (
            SELECT 1 FROM webhook_sendouts s
            WHERE s.project_id = w.project_id AND s.webhook_id = w.id AND s.status = 'PENDING' AND s.due_at <= @now)
        LIMIT {DueMax}
        """, new { now })).AsList();

    /// <summary>Leases some of a webhook's sendouts, the longest waiting first.</summary>
    public static async Task<List<SendoutRow>> Claim(DbConnection db, Dialect dialect, DueWebhook webhook, int count, long now) => (await db.QueryAsync<SendoutRow>($"""
        UPDATE webhook_sendouts SET claims = claims + 1, due_at = @until
        WHERE (project_id, id) IN (
            SELECT project_id, id FROM webhook_sendouts
            WHERE project_id = @ProjectId AND webhook_id = @Id AND status = 'PENDING' AND due_at <= @now
            ORDER BY due_at, id LIMIT @count {dialect.SkipLocked})
        RETURNING *
        """, new { webhook.ProjectId, webhook.Id, count, now, until = now + LeaseMs })).AsList();

    /// <summary>Writes down an attempt, unless another worker took the sendout meanwhile.</summary>
    /// <param name="db">The connection of a write.</param>
    /// <param name="row">The sendout as it was claimed.</param>
    /// <param name="target">Where it was sent.</param>
    /// <param name="answer">What came of it.</param>
    /// <param name="at">When it was sent, in Unix milliseconds.</param>
    /// <param name="next">When to try again; null ends it.</param>
    public static async Task<bool> Finish(DbConnection db, SendoutRow row, string target, OutgoingAnswer answer, long at, long? next)
    {
        var attempt = new SendoutAttempt { At = new(at), DurationMs = answer.Ms, ResponseStatus = answer.Status, Response = answer.Body, Fault = answer.Fault };
        var log = Wire.Read<SendoutAttempt[]>(row.Log).Append(attempt).TakeLast(LogMax).ToArray();
        return await db.ExecuteAsync("""
            UPDATE webhook_sendouts SET status = @status, attempts = attempts + 1, target_url = @target, response_status = @code,
                fault = @Fault, log = @log, sent_at = @at, due_at = @due
            WHERE project_id = @ProjectId AND id = @Id AND claims = @Claims AND status = 'PENDING'
            """, new
        {
            row.ProjectId,
            row.Id,
            row.Claims,
            status = answer.IsSuccess ? SendoutStatus.Succeeded : next is null ? SendoutStatus.Failed : SendoutStatus.Pending,
            target,
            code = (long?)answer.Status,
            answer.Fault,
            log = new Json(Wire.Text(log)),
            at,
            due = next ?? at,
        }) > 0;
    }

    /// <summary>Has it sent at once, whatever became of it before.</summary>
    public static Task Retry(DbConnection db, SendoutRow row, long now) => db.ExecuteAsync(
        "UPDATE webhook_sendouts SET status = 'PENDING', due_at = @now WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id, now });

    /// <summary>Deletes what is older than an instant, some rows at a time; how many those were.</summary>
    public static Task<int> Sweep(DbConnection db, string project, long before, int count) => db.ExecuteAsync("""
        DELETE FROM webhook_sendouts WHERE (project_id, id) IN (
            SELECT project_id, id FROM webhook_sendouts WHERE project_id = @project AND created_at < @before LIMIT @count)
        """, new { project, before, count });
}
