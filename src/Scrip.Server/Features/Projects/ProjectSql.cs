using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Projects;

/// <summary>A row of <c>projects</c>.</summary>
public sealed class ProjectRow
{
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public long Version { get; init; }
    public long Counting { get; init; }
    public long CreatedAt { get; init; }
    public string Body { get; init; } = "{}";
}

/// <summary>The statements about projects.</summary>
static class ProjectSql
{
    public static Task<ProjectRow?> Find(DbConnection db, string id) =>
        db.QueryFirstOrDefaultAsync<ProjectRow>("SELECT * FROM projects WHERE id = @id AND deleted_at IS NULL", new { id });

    /// <summary>The id of the project that the path of a management operation names.</summary>
    /// <exception cref="ApiFault">There is none.</exception>
    public static async Task<string> Need(DbConnection db, Call call)
    {
        var id = call.Route("projectId");
        return (await Find(db, id) ?? throw new ApiFault(Refusals.Missing("project", id))).Id;
    }

    /// <summary>Whether events that came with client-side keys count for loyalty and referral programs: anybody can send them.</summary>
    public static async Task<bool> CountsClientEvents(DbConnection db, string id) =>
        await Find(db, id) is { } row && Wire.Read<ProjectBody>(row.Body).ClientLoyaltyEventsEnabled == true;

    public static async Task<List<ProjectRow>> All(DbConnection db) =>
        (await db.QueryAsync<ProjectRow>("SELECT * FROM projects WHERE deleted_at IS NULL ORDER BY created_at, id")).AsList();

    public static Task<bool> Any(DbConnection db) => db.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM projects)");

    public static Task Insert(DbConnection db, string id, ProjectBody body, long now) => db.ExecuteAsync(
        "INSERT INTO projects (id, name, created_at, body) VALUES (@id, @name, @now, @json)",
        new { id, name = body.Name, now, json = new Json(Wire.Text(body)) });

    public static async Task Update(DbConnection db, string id, ProjectBody body, long now)
    {
        await db.ExecuteAsync("UPDATE projects SET name = @name, body = @json, updated_at = @now WHERE id = @id",
            new { id, name = body.Name, now, json = new Json(Wire.Text(body)) });
        await Bump(db, id, ConfigKind.Project, id);
    }

    /// <summary>The keys die with the project; its rows stay until the bin is emptied.</summary>
    public static async Task Delete(DbConnection db, string id, long now)
    {
        await db.ExecuteAsync("DELETE FROM api_keys WHERE project_id = @id AND kind <> 'Management'", new { id });
        await db.ExecuteAsync("UPDATE projects SET deleted_at = @now, version = version + 1 WHERE id = @id", new { id, now });
        // Work that nobody can watch any more ends.
        await db.ExecuteAsync("UPDATE async_actions SET status = 'FAILED' WHERE project_id = @id AND status IN ('ENQUEUED', 'IN_PROGRESS')", new { id });
    }

    /// <summary>Tells every node which configuration of the project changed; part of the write that changed it.</summary>
    public static Task Bump(DbConnection db, string project, string kind, params IEnumerable<string> ids) => ConfigChanges.Add(db, project, kind, ids);
}
