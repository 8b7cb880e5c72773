using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Stacking;

/// <summary>The stacking rules of a project, through the management keys. A project has one set of its own, or the defaults.</summary>
static class StackingApi
{
    const string Path = "/management/v1/projects/{projectId}/stacking-rules";
    const string Type = "stacking_rules";

    public static void Map(Api management)
    {
        management.Post<StackingInput, StackingRulesView>(Path, "create-stacking-rules", Create);
        management.Get(Path, "list-stacking-rules", List);
        management.Get(Path + "/{stackingRulesId}", "get-stacking-rules", call => call.Db.Read(async db => (await Find(db, call)).Show()));
        management.Put<StackingInput, StackingRulesView>(Path + "/{stackingRulesId}", "update-stacking-rules", Update);
        management.Delete(Path + "/{stackingRulesId}", "delete-stacking-rules", Delete);
    }

    static async Task<StackingRulesView> Create(StackingInput input, Call call)
    {
        var rules = StackingTerms.Checked(StackingTerms.Merge(StackingTerms.DefaultsFor(input), input, call.Sent));
        try
        {
            return await call.Commit(async db =>
            {
                var project = await Project(db, call);
                if (await StackingSql.Find(db, project) is not null) throw new ApiFault(Refusals.StackingRulesExist);
                await NeedCategories(db, call, project, input);
                var row = new StackingRow { ProjectId = project, Id = Ids.New("stk_", call.Now), CreatedAt = call.Now, Body = StackingSql.BodyOf(rules) };
                await StackingSql.Insert(db, row);
                await ProjectSql.Bump(db, project, ConfigKind.StackingRules, row.Id);
                return row.Show();
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.StackingRulesExist);
        }
    }

    static Task<ListOf<StackingRulesView>> List(Call call) => call.Db.Read(async db =>
    {
        var row = await StackingSql.Find(db, await Project(db, call));
        return new ListOf<StackingRulesView>("data", [row?.Show() ?? StackingRulesView.Of(StackingRules.Default)]) { Total = 1 };
    });

    static Task<StackingRulesView> Update(StackingInput input, Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        var rules = StackingTerms.Checked(StackingTerms.Merge(row.Rules(), input, call.Sent));
        await NeedCategories(db, call, row.ProjectId, input);
        var changed = new StackingRow { ProjectId = row.ProjectId, Id = row.Id, CreatedAt = row.CreatedAt, UpdatedAt = call.Now, Body = StackingSql.BodyOf(rules) };
        await StackingSql.Update(db, changed);
        await ProjectSql.Bump(db, row.ProjectId, ConfigKind.StackingRules, row.Id);
        return changed.Show();
    });

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        await StackingSql.Delete(db, row.ProjectId);
        await ProjectSql.Bump(db, row.ProjectId, ConfigKind.StackingRules, row.Id);
        return Nothing.Instance;
    });

    static async Task<StackingRow> Find(DbConnection db, Call call, string ending = "")
    {
        var (project, id) = (await Project(db, call), call.Route("stackingRulesId"));
        var row = await StackingSql.Find(db, project, ending);
        return row?.Id == id ? row : throw new ApiFault(Refusals.Missing(Type, id));
    }

    static async Task<string> Project(DbConnection db, Call call)
    {
        var id = call.Route("projectId");
        return (await ProjectSql.Find(db, id) ?? throw new ApiFault(Refusals.Missing("project", id))).Id;
    }

    static async Task NeedCategories(DbConnection db, Call call, string project, StackingInput input)
    {
        var named = StackingTerms.Named(input);
        var known = (await CategorySql.Among(db, call.Db.Dialect, project, named)).ConvertAll(row => row.Id);
        if (named.Except(known).FirstOrDefault() is { } missing) throw new ApiFault(Refusals.Missing("category", missing));
    }
}

/// <summary>The statements about stacking rules.</summary>
static class StackingSql
{
    /// <summary>The project's own rules; null when the defaults hold.</summary>
    public static Task<StackingRow?> Find(DbConnection db, string project, string ending = "") =>
        db.QueryFirstOrDefaultAsync<StackingRow>($"SELECT * FROM stacking_rules WHERE project_id = @project {ending}", new { project });

    /// <summary>Rules for the <c>body</c> column.</summary>
    public static string BodyOf(StackingRules rules) => Wire.Text(StackingRulesView.Of(rules));

    public static Task Insert(DbConnection db, StackingRow row) => db.ExecuteAsync(
        "INSERT INTO stacking_rules (project_id, id, created_at, body) VALUES (@ProjectId, @Id, @CreatedAt, @json)",
        new { row.ProjectId, row.Id, row.CreatedAt, json = new Json(row.Body) });

    public static Task Update(DbConnection db, StackingRow row) => db.ExecuteAsync(
        "UPDATE stacking_rules SET updated_at = @UpdatedAt, body = @json WHERE project_id = @ProjectId",
        new { row.ProjectId, row.UpdatedAt, json = new Json(row.Body) });

    public static Task Delete(DbConnection db, string project) => db.ExecuteAsync("DELETE FROM stacking_rules WHERE project_id = @project", new { project });

    /// <summary>Takes a deleted category out of the rules. Part of the write that deletes it.</summary>
    public static async Task Forget(DbConnection db, Dialect dialect, string project, string category, long now)
    {
        if (await Find(db, project, dialect.ForUpdate) is not { } row || !row.Body.Contains(category, StringComparison.Ordinal)) return;
        await Update(db, new StackingRow { ProjectId = project, UpdatedAt = now, Body = BodyOf(StackingTerms.Without(row.Rules(), category)) });
        await ProjectSql.Bump(db, project, ConfigKind.StackingRules, row.Id);
    }
}
