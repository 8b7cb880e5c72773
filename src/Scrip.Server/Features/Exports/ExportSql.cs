using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Exports;

/// <summary>The statements about exports and the parts of their files.</summary>
static class ExportSql
{
    public static Task<ExportRow?> Find(DbConnection db, string project, string id, string ending = "") => db.QueryFirstOrDefaultAsync<ExportRow>(
        $"SELECT * FROM exports WHERE project_id = @project AND id = @id {ending}", new { project, id });

    public static Task Insert(DbConnection db, ExportRow row) => db.ExecuteAsync("""
        INSERT INTO exports (project_id, id, exported_object, status, channel, created_at, body)
        VALUES (@ProjectId, @Id, @ExportedObject, @Status, @Channel, @CreatedAt, @json)
        """, new { row.ProjectId, row.Id, row.ExportedObject, row.Status, row.Channel, row.CreatedAt, json = new Json(row.Body) });

    /// <summary>Adds a part of the file.</summary>
    public static Task Add(DbConnection db, string project, string id, long part, byte[] content) => db.ExecuteAsync(
        "INSERT INTO export_parts (project_id, export_id, part, content) VALUES (@project, @id, @part, @content)", new { project, id, part, content });

    /// <summary>Notes how far the file has come.</summary>
    public static Task Move(DbConnection db, string project, string id, string status, long rows, long bytes) => db.ExecuteAsync("""
        UPDATE exports SET status = @status, row_count = row_count + @rows, byte_count = byte_count + @bytes WHERE project_id = @project AND id = @id
        """, new { project, id, status, rows, bytes });

    /// <summary>The next part of the file; null past its end.</summary>
    public static Task<byte[]?> Part(DbConnection db, string project, string id, long part) => db.QueryFirstOrDefaultAsync<byte[]>(
        "SELECT content FROM export_parts WHERE project_id = @project AND export_id = @id AND part = @part", new { project, id, part });

    /// <summary>Deletes the export with its file; false when there is none.</summary>
    public static async Task<bool> Delete(DbConnection db, string project, string id)
    {
        if (await db.ExecuteAsync("DELETE FROM exports WHERE project_id = @project AND id = @id", new { project, id }) == 0) return false;
        await db.ExecuteAsync("DELETE FROM export_parts WHERE project_id = @project AND export_id = @id", new { project, id });
        return true;
    }
}
