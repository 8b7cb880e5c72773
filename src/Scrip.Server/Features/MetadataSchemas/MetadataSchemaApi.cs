using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.MetadataSchemas;

/// <summary>
/// Metadata schemas: defined with management keys, read with those of the project. A definition is removed and
/// restored by an update; deleting the schema leaves the metadata of objects as it is.
/// </summary>
static class MetadataSchemaApi
{
    const string Type = "metadata_schema";
    const int SchemasMax = 200;

    public static void Map(Api management, Api v1)
    {
        management.Post<MetadataSchemaInput, MetadataSchemaView>("/management/v1/projects/{projectId}/metadata-schemas", "create-metadata-schema", Create);
        management.Get("/management/v1/projects/{projectId}/metadata-schemas", "list-metadata-schemas-1", List);
        management.Get("/management/v1/projects/{projectId}/metadata-schemas/{metadataSchemaId}", "get-metadata-schema-1",
            call => call.Db.Read(async db => (await Find(db, call)).Show()));
        management.Put<MetadataSchemaInput, MetadataSchemaView>("/management/v1/projects/{projectId}/metadata-schemas/{metadataSchemaId}", "update-metadata-schema", Update);
        management.Delete("/management/v1/projects/{projectId}/metadata-schemas/{metadataSchemaId}", "delete-metadata-schema", Delete);
        management.Post<PurgeInput, PurgeStarted>("/management/v1/projects/{projectId}/metadata-schemas/{metadataSchemaId}/purge", "purge-metadata-schema", Purge);
        v1.Get("/v1/metadata-schemas", "list-metadata-schemas", call => call.Db.Read(async db =>
        {
            var rows = await MetadataSchemaSql.Of(db, call.Db.Dialect, call.ProjectId, null);
            return new ListOf<PublicSchema>("schemas", rows.ConvertAll(row => row.ShowPublic())) { Total = rows.Count };
        }));
        v1.Get("/v1/metadata-schemas/{resource}", "get-metadata-schema", call => call.Db.Read(async db =>
        {
            var name = call.Route("resource");
            return (await MetadataSchemaSql.FindByObject(db, call.ProjectId, name) ?? throw new ApiFault(Refusals.Missing(Type, name))).ShowPublic();
        }));
    }

    static async Task<MetadataSchemaView> Create(MetadataSchemaInput input, Call call)
    {
        var name = Checks.Text(input.RelatedObject?.Trim(), "related_object") ?? throw Checks.Wrong("", "should have required property 'related_object'");
        if (input.Properties is not { } sent) throw Checks.Wrong("", "should have required property 'properties'");
        try
        {
            return await call.Commit(async db =>
            {
                var project = await Project(db, call);
                var id = Ids.New("ms_", call.Now);
                // Locks the project's row, so that schemas and what they nest change one after the other.
                await ProjectSql.Bump(db, project, ConfigKind.MetadataSchema, id);
                var others = await MetadataSchemaSql.Of(db, call.Db.Dialect, project, null);
                if (others.Count >= SchemasMax) throw new ApiFault(Refusals.InvalidPayload.With($"A project has at most {SchemasMax} metadata schemas"));
                var row = new SchemaRow
                {
                    ProjectId = project,
                    Id = id,
                    RelatedObject = name,
                    AllowDefinedOnly = input.AllowDefinedOnly ?? false,
                    CreatedAt = call.Now,
                    Body = Wire.Text(new SchemaBody { Properties = SchemaTerms.Merge(name, [], sent, Custom(others)) }),
                };
                await MetadataSchemaSql.Insert(db, row);
                return row.Show();
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("metadata schema", name, by: "related_object"));
        }
    }

    static string[] Custom(List<SchemaRow> rows) => [.. rows.Select(row => row.RelatedObject).Where(name => !SchemaKinds.IsStandard(name))];

    static Task<ListOf<MetadataSchemaView>> List(Call call) => call.Db.Read(async db =>
    {
        var rows = await MetadataSchemaSql.Of(db, call.Db.Dialect, await Project(db, call), null);
        return new ListOf<MetadataSchemaView>("data", rows.ConvertAll(row => row.Show())) { Total = rows.Count };
    });

    static Task<MetadataSchemaView> Update(MetadataSchemaInput input, Call call)
    {
        if (input.Properties is not { } sent) throw Checks.Wrong("", "should have required property 'properties'");
        return call.Commit(async db =>
        {
            var known = await Find(db, call);
            await ProjectSql.Bump(db, known.ProjectId, ConfigKind.MetadataSchema, known.Id);
            var row = await Find(db, call);
            if (input.RelatedObject is { } name && name != row.RelatedObject) throw Checks.Wrong("related_object", "cannot be changed");
            var custom = Custom(await MetadataSchemaSql.Of(db, call.Db.Dialect, row.ProjectId, null));
            var changed = MetadataSchemaSql.With(row, SchemaTerms.Merge(row.RelatedObject, row.Properties, sent, custom), input.AllowDefinedOnly ?? row.AllowDefinedOnly, call.Now);
            await MetadataSchemaSql.Update(db, changed);
            return changed.Show();
        });
    }

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call);
        await ProjectSql.Bump(db, row.ProjectId, ConfigKind.MetadataSchema, row.Id);
        // What is nested somewhere would be checked against nothing.
        var users = (await MetadataSchemaSql.Of(db, call.Db.Dialect, row.ProjectId, null))
            .Where(other => other.Properties.Values.Any(one => one.Deleted != true && one.ObjectType == row.RelatedObject)).Select(other => other.Id).ToList();
        if (!SchemaKinds.IsStandard(row.RelatedObject) && users.Count > 0) throw new ApiFault(Refusals.InUse(Type, row.Id, Type, users));
        await MetadataSchemaSql.Delete(db, row);
        return Nothing.Instance;
    });

    static async Task<PurgeStarted> Purge(PurgeInput input, Call call)
    {
        var started = await call.Commit(async db =>
        {
            call.Status = StatusCodes.Status202Accepted;
            return new PurgeStarted(await MetadataPurge.Start(db, await Find(db, call), input.Keys, call.RequestId, call.Now));
        });
        call.Need<JobQueue>().Wake();
        return started;
    }

    /// <summary>The schema that the path names.</summary>
    internal static async Task<SchemaRow> Find(DbConnection db, Call call)
    {
        var (project, id) = (await Project(db, call), call.Route("metadataSchemaId"));
        return await MetadataSchemaSql.Find(db, project, id) ?? throw new ApiFault(Refusals.Missing(Type, id));
    }

    static async Task<string> Project(DbConnection db, Call call)
    {
        var id = call.Route("projectId");
        return (await ProjectSql.Find(db, id) ?? throw new ApiFault(Refusals.Missing("project", id))).Id;
    }
}
