using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Webhooks;

/// <summary>A row of <c>webhooks</c>.</summary>
public sealed class WebhookRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string TargetUrl { get; init; } = "";
    public bool Active { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";

    /// <summary>The types of events it listens to.</summary>
    public string[] Events => Wire.Read<WebhookBody>(Body).Events;

    /// <summary>The webhook as the API answers it.</summary>
    public Webhook Show() => new() { Id = Id, CreatedAt = new(CreatedAt), TargetUrl = TargetUrl, Events = Events, Active = Active };
}

/// <summary>The statements about webhooks.</summary>
static class WebhookSql
{
    public static Task<WebhookRow?> Find(DbConnection db, string project, string id, string ending = "") =>
        db.QueryFirstOrDefaultAsync<WebhookRow>($"SELECT * FROM webhooks WHERE project_id = @project AND id = @id {ending}", new { project, id });

    public static async Task<List<WebhookRow>> All(DbConnection db, string project) => (await db.QueryAsync<WebhookRow>(
        "SELECT * FROM webhooks WHERE project_id = @project ORDER BY created_at, id", new { project })).AsList();

    public static Task<long> Count(DbConnection db, string project) =>
        db.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM webhooks WHERE project_id = @project", new { project });

    /// <summary>Those that are switched on, of some projects.</summary>
    public static async Task<List<WebhookRow>> Active(DbConnection db, Dialect dialect, IReadOnlyCollection<string> projects) => (await db.QueryAsync<WebhookRow>(
        $"SELECT * FROM webhooks WHERE active AND {dialect.Among("project_id", "@projects")}", new { projects = dialect.Texts(projects) })).AsList();

    public static Task Insert(DbConnection db, WebhookRow row) => db.ExecuteAsync("""
        INSERT INTO webhooks (project_id, id, target_url, active, created_at, body)
        VALUES (@ProjectId, @Id, @TargetUrl, @Active, @CreatedAt, @json)
        """, new { row.ProjectId, row.Id, row.TargetUrl, row.Active, row.CreatedAt, json = new Json(row.Body) });

    public static Task Update(DbConnection db, WebhookRow row) => db.ExecuteAsync("""
        UPDATE webhooks SET target_url = @TargetUrl, active = @Active, updated_at = @UpdatedAt, body = @json
        WHERE project_id = @ProjectId AND id = @Id
        """, new { row.ProjectId, row.Id, row.TargetUrl, row.Active, row.UpdatedAt, json = new Json(row.Body) });

    /// <summary>Deletes it; what was still to be sent will not be. False when there is none.</summary>
    public static async Task<bool> Delete(DbConnection db, string project, string id)
    {
        if (await db.ExecuteAsync("DELETE FROM webhooks WHERE project_id = @project AND id = @id", new { project, id }) == 0) return false;
        await db.ExecuteAsync("""
            UPDATE webhook_sendouts SET status = 'FAILED', fault = 'The webhook was deleted'
            WHERE project_id = @project AND webhook_id = @id AND status = 'PENDING'
            """, new { project, id });
        return true;
    }

    /// <summary>Switches it off after a sendout failed for good, unless one that is not older arrived.</summary>
    public static async Task<bool> DisableAfter(DbConnection db, SendoutRow failed, long now) => await db.ExecuteAsync("""
        UPDATE webhooks SET active = FALSE, updated_at = @now
        WHERE project_id = @ProjectId AND id = @WebhookId AND active AND NOT EXISTS (
            SELECT 1 FROM webhook_sendouts s
            WHERE s.project_id = @ProjectId AND s.webhook_id = @WebhookId AND s.created_at >= @CreatedAt AND s.status = 'SUCCEEDED')
        """, new { failed.ProjectId, failed.WebhookId, failed.CreatedAt, now }) > 0;
}
