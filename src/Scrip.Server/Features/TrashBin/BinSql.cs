using System.Data.Common;
using Dapper;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.TrashBin;

/// <summary>The statements about the bin.</summary>
static class BinSql
{
    /// <summary>A condition that a row of another table, called <paramref name="table"/>, has no entry of its own and so went with its parent.</summary>
    public static string WentAlong(string table, string type) => $"""
        NOT EXISTS (SELECT 1 FROM trash_bin b WHERE b.project_id = {table}.project_id AND b.resource_id = {table}.id AND b.resource_type = '{type}')
        """;

    /// <summary>Notes that something was deleted; part of the write that deletes it.</summary>
    /// <param name="db">The connection of the write.</param>
    /// <param name="project">The project.</param>
    /// <param name="type">The kind in the API's words.</param>
    /// <param name="resource">Its id.</param>
    /// <param name="name">What people call it.</param>
    /// <param name="parent">What it belongs to.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="body">What has no place of its own while it is deleted.</param>
    public static Task Add(DbConnection db, string project, string type, string resource, string name, string? parent, long now, string? body = null) => db.ExecuteAsync("""
        INSERT INTO trash_bin (project_id, id, resource_type, resource_id, resource_name, parent_id, created_at, body)
        VALUES (@project, @id, @type, @resource, @name, @parent, @now, @body)
        ON CONFLICT (project_id, resource_id, resource_type) DO NOTHING
        """, new { project, id = Ids.New("tbe_", now), type, resource, name, parent, now, body = body is null ? (Json?)null : new Json(body) });

    /// <summary>Takes an entry out of the bin; null when it is not there any more.</summary>
    public static Task<BinRow?> Take(DbConnection db, string project, string id) => db.QueryFirstOrDefaultAsync<BinRow>(
        "DELETE FROM trash_bin WHERE project_id = @project AND id = @id RETURNING *", new { project, id });

    /// <summary>Forgets what is deleted for good by itself, and what belonged to it.</summary>
    public static async Task Forget(DbConnection db, string project, string type, string resource)
    {
        await db.ExecuteAsync("DELETE FROM trash_bin WHERE project_id = @project AND resource_id = @resource AND resource_type = @type", new { project, type, resource });
        await db.ExecuteAsync("DELETE FROM trash_bin WHERE project_id = @project AND parent_id = @resource", new { project, resource });
    }
}
