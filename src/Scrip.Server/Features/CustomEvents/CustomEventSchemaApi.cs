using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.CustomEvents;

/// <summary>The definitions of custom events of a project, through the management keys.</summary>
static class CustomEventSchemaApi
{
    const string Path = "/management/v1/projects/{projectId}/custom-event-schemas";
    const string Type = "custom_event_schema";
    const int SchemasMax = 1000;

    public static void Map(Api management)
    {
        management.Post<CustomEventSchemaInput, CustomEventSchema>(Path, "create-custom-event-schema", Create);
        management.Get(Path, "list-custom-event-schemas", List);
        management.Get(Path + "/{customEventSchemaId}", "get-custom-event-schema", call => call.Db.Read(async db => (await Find(db, call)).Show()));
        management.Put<CustomEventSchemaInput, CustomEventSchema>(Path + "/{customEventSchemaId}", "update-custom-event-schema", Update);
        management.Delete(Path + "/{customEventSchemaId}", "delete-custom-event-schema", Delete);
    }

    static async Task<CustomEventSchema> Create(CustomEventSchemaInput input, Call call)
    {
        var name = Checks.Text(input.Name, "name", 300) ?? throw Checks.Wrong("", "should have required property 'name'");
        if (input.Schema?.Properties is null) throw Checks.Wrong("schema", "should have required property 'properties'");
        var body = CustomEventSchemaRow.Merge(new(), input.Schema);
        try
        {
            return await call.Commit(async db =>
            {
                var project = await Project(db, call);
                if (await CustomEventSchemaSql.Count(db, project) >= SchemasMax) throw new ApiFault(Refusals.InvalidPayload.With($"A project may define {SchemasMax} custom events at most"));
                var row = new CustomEventSchemaRow { ProjectId = project, Id = Ids.New("ms_", call.Now), Name = name, CreatedAt = call.Now, Body = Wire.Text(body) };
                await CustomEventSchemaSql.Insert(db, row);
                return row.Show();
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate(Type, name, by: "name"));
        }
    }

    static Task<ListOf<CustomEventSchema>> List(Call call) => call.Db.Read(async db =>
    {
        var rows = await CustomEventSchemaSql.All(db, await Project(db, call));
        return new ListOf<CustomEventSchema>("data", rows.ConvertAll(row => row.Show())) { Total = rows.Count };
    });

    static Task<CustomEventSchema> Update(CustomEventSchemaInput input, Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        var changed = new CustomEventSchemaRow
        {
            ProjectId = row.ProjectId,
            Id = row.Id,
            Name = row.Name,
            CreatedAt = row.CreatedAt,
            UpdatedAt = call.Now,
            Body = Wire.Text(CustomEventSchemaRow.Merge(Wire.Read<EventSchemaBody>(row.Body), input.Schema)),
        };
        await CustomEventSchemaSql.Update(db, changed);
        return changed.Show();
    });

    static Task Delete(Call call) => call.Commit(async db =>
    {
        await CustomEventSchemaSql.Delete(db, await Find(db, call));
        return Nothing.Instance;
    });

    static async Task<CustomEventSchemaRow> Find(DbConnection db, Call call, string ending = "")
    {
        var (project, id) = (await Project(db, call), call.Route("customEventSchemaId"));
        return await CustomEventSchemaSql.Find(db, project, id, ending) ?? throw new ApiFault(Refusals.Missing(Type, id));
    }

    static async Task<string> Project(DbConnection db, Call call)
    {
        var id = call.Route("projectId");
        return (await ProjectSql.Find(db, id) ?? throw new ApiFault(Refusals.Missing("project", id))).Id;
    }
}

/// <summary>The statements about definitions of custom events.</summary>
static class CustomEventSchemaSql
{
    /// <summary>The definition of a name; null when there is none.</summary>
    public static Task<CustomEventSchemaRow?> Named(DbConnection db, string project, string name) => db.QueryFirstOrDefaultAsync<CustomEventSchemaRow>(
        "SELECT * FROM custom_event_schemas WHERE project_id = @project AND name = @name", new { project, name });

    public static Task<CustomEventSchemaRow?> Find(DbConnection db, string project, string id, string ending) => db.QueryFirstOrDefaultAsync<CustomEventSchemaRow>(
        $"SELECT * FROM custom_event_schemas WHERE project_id = @project AND id = @id {ending}", new { project, id });

    public static Task<long> Count(DbConnection db, string project) => db.ExecuteScalarAsync<long>(
        "SELECT COUNT(*) FROM custom_event_schemas WHERE project_id = @project", new { project });

    public static async Task<List<CustomEventSchemaRow>> All(DbConnection db, string project) => (await db.QueryAsync<CustomEventSchemaRow>(
        "SELECT * FROM custom_event_schemas WHERE project_id = @project ORDER BY created_at, id", new { project })).AsList();

    public static Task Insert(DbConnection db, CustomEventSchemaRow row) => db.ExecuteAsync(
        "INSERT INTO custom_event_schemas (project_id, id, name, created_at, body) VALUES (@ProjectId, @Id, @Name, @CreatedAt, @json)",
        new { row.ProjectId, row.Id, row.Name, row.CreatedAt, json = new Json(row.Body) });

    public static Task Update(DbConnection db, CustomEventSchemaRow row) => db.ExecuteAsync(
        "UPDATE custom_event_schemas SET updated_at = @UpdatedAt, body = @json WHERE project_id = @ProjectId AND id = @Id",
        new { row.ProjectId, row.Id, row.UpdatedAt, json = new Json(row.Body) });

    public static Task Delete(DbConnection db, CustomEventSchemaRow row) => db.ExecuteAsync(
        "DELETE FROM custom_event_schemas WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id });
}
