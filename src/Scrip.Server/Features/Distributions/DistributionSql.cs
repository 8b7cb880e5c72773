using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Distributions;

/// <summary>The statements about distributions themselves.</summary>
static class DistributionSql
{
    public static Task<DistributionRow?> Find(DbConnection db, string project, string id, string ending = "") => db.QueryFirstOrDefaultAsync<DistributionRow>(
        $"SELECT * FROM distributions WHERE project_id = @project AND id = @id {ending}", new { project, id });

    /// <summary>A page of a project's distributions, newest first, behind the one of an id.</summary>
    public static async Task<List<DistributionRow>> Page(DbConnection db, string project, string? after, int rows) => (await db.QueryAsync<DistributionRow>(
        "SELECT * FROM distributions WHERE project_id = @project AND id < @after ORDER BY id DESC LIMIT @rows",
        new { project, after = after ?? "~", rows })).AsList();

    public static Task Insert(DbConnection db, DistributionRow row) => db.ExecuteAsync("""
        INSERT INTO distributions (project_id, id, name, status, trigger_type, starts_at, created_at, body)
        VALUES (@ProjectId, @Id, @Name, @Status, @TriggerType, @StartsAt, @CreatedAt, @json)
        """, Args(row));

    public static Task Update(DbConnection db, DistributionRow row) => db.ExecuteAsync("""
        UPDATE distributions SET name = @Name, status = @Status, trigger_type = @TriggerType, starts_at = @StartsAt, updated_at = @UpdatedAt, body = @json
        WHERE project_id = @ProjectId AND id = @Id
        """, Args(row));

    /// <summary>With its messages. What was published stays.</summary>
    public static async Task Delete(DbConnection db, string project, string id)
    {
        foreach (var table in new[] { "distribution_messages", "distribution_receipts" })
            await db.ExecuteAsync($"DELETE FROM {table} WHERE project_id = @project AND distribution_id = @id", new { project, id });
        await db.ExecuteAsync("DELETE FROM distributions WHERE project_id = @project AND id = @id", new { project, id });
    }

    /// <summary>Those that wait for one of the triggers in one of the projects.</summary>
    public static async Task<List<DistributionRow>> Live(DbConnection db, Dialect dialect, IReadOnlyCollection<string> projects, IReadOnlyCollection<string> triggers) =>
        (await db.QueryAsync<DistributionRow>($"""
            SELECT * FROM distributions
            WHERE {dialect.Among("project_id", "@projects")} AND {dialect.Among("trigger_type", "@triggers")} AND status = 'LIVE' ORDER BY id
            """, new { projects = dialect.Texts(projects), triggers = dialect.Texts(triggers) })).AsList();

    /// <summary>One that is to be sent now, for this transaction alone; null when there is none.</summary>
    public static Task<DistributionRow?> Due(DbConnection db, Dialect dialect, long now) => db.QueryFirstOrDefaultAsync<DistributionRow>($"""
        SELECT * FROM distributions
        WHERE status IN ('TO SEND', 'SENDING') AND starts_at <= @now AND project_id IN (SELECT id FROM projects WHERE deleted_at IS NULL)
        ORDER BY starts_at LIMIT 1 {dialect.SkipLocked}
        """, new { now });

    /// <summary>How far one that is sent by hand has come.</summary>
    public static Task Reach(DbConnection db, DistributionRow row, string reached, string status) => db.ExecuteAsync(
        "UPDATE distributions SET reached_id = @reached, status = @status WHERE project_id = @ProjectId AND id = @Id",
        new { row.ProjectId, row.Id, reached, status });

    static object Args(DistributionRow row) => new
    {
        row.ProjectId,
        row.Id,
        row.Name,
        row.Status,
        row.TriggerType,
        row.StartsAt,
        row.CreatedAt,
        row.UpdatedAt,
        json = new Json(row.Body),
    };
}
