using System.Data.Common;
using Dapper;
using Scrip.Engine.Schemas;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.MetadataSchemas;

/// <summary>The statements about metadata schemas.</summary>
static class MetadataSchemaSql
{
    /// <summary>The schemas with one of the ids, or all, by the names of what they describe.</summary>
    public static async Task<List<SchemaRow>> Of(DbConnection db, Dialect dialect, string project, string[]? ids) => (await db.QueryAsync<SchemaRow>(
        $"SELECT * FROM metadata_schemas WHERE project_id = @project{(ids is null ? "" : $" AND {dialect.Among("id", "@ids")}")} ORDER BY related_object",
        new { project, ids = ids is null ? null : dialect.Texts(ids) })).AsList();

    /// <summary>All schemas of the project, bound, for a write that decides on nothing else. Validating and redeeming have them in their snapshot.</summary>
    public static async Task<SchemaSet> Load(DbConnection db, string project)
    {
        var rows = (await db.QueryAsync<SchemaRow>("SELECT * FROM metadata_schemas WHERE project_id = @project", new { project })).AsList();
        return rows.Count == 0 ? SchemaSet.None : new(rows.ToDictionary(row => row.RelatedObject, SchemaTerms.Bind, StringComparer.Ordinal));
    }

    public static Task<SchemaRow?> Find(DbConnection db, string project, string id, string ending = "") => db.QueryFirstOrDefaultAsync<SchemaRow>(
        $"SELECT * FROM metadata_schemas WHERE project_id = @project AND id = @id {ending}", new { project, id });

    public static Task<SchemaRow?> FindByObject(DbConnection db, string project, string name) => db.QueryFirstOrDefaultAsync<SchemaRow>(
        "SELECT * FROM metadata_schemas WHERE project_id = @project AND related_object = @name", new { project, name });

    public static Task Insert(DbConnection db, SchemaRow row) => db.ExecuteAsync("""
        INSERT INTO metadata_schemas (project_id, id, related_object, allow_defined_only, created_at, body)
        VALUES (@ProjectId, @Id, @RelatedObject, @AllowDefinedOnly, @CreatedAt, @json)
        """, Args(row));

    public static Task Update(DbConnection db, SchemaRow row) => db.ExecuteAsync("""
        UPDATE metadata_schemas SET allow_defined_only = @AllowDefinedOnly, updated_at = @UpdatedAt, body = @json
        WHERE project_id = @ProjectId AND id = @Id
        """, Args(row));

    public static Task Delete(DbConnection db, SchemaRow row) =>
        db.ExecuteAsync("DELETE FROM metadata_schemas WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id });

    static object Args(SchemaRow row) => new
    {
        row.ProjectId,
        row.Id,
        row.RelatedObject,
        row.AllowDefinedOnly,
        row.CreatedAt,
        row.UpdatedAt,
        json = new Json(row.Body),
    };

    /// <summary>The row with other definitions.</summary>
    public static SchemaRow With(SchemaRow row, Dictionary<string, DefinitionView> properties, bool allowDefinedOnly, long now) => new()
    {
        ProjectId = row.ProjectId,
        Id = row.Id,
        RelatedObject = row.RelatedObject,
        AllowDefinedOnly = allowDefinedOnly,
        CreatedAt = row.CreatedAt,
        UpdatedAt = now,
        Body = Wire.Text(new SchemaBody { Properties = properties }),
    };
}
