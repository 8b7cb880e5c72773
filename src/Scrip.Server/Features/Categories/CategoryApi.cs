using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Categories;

/// <summary>Categories. One that campaigns, vouchers or tiers use cannot be deleted; stacking rules forget one that is.</summary>
static class CategoryApi
{
    const long HierarchyMax = int.MaxValue;

    /// <param name="v1">The routes.</param>
    /// <param name="uses">Who may use a category.</param>
    /// <param name="forget">Takes a deleted category out of the stacking rules of the project.</param>
    public static void Map(Api v1, ResourceUse[] uses, Func<DbConnection, string, string, long, Task> forget)
    {
        v1.Get("/v1/categories", "list-categories", List);
        v1.Post<CategoryInput, Category>("/v1/categories", "create-category", Create);
        v1.Get("/v1/categories/{categoryId}", "get-category", Get);
        v1.Put<CategoryInput, Category>("/v1/categories/{categoryId}", "update-category", Update);
        v1.Delete("/v1/categories/{categoryId}", "delete-category", call => Delete(call, uses, forget));
    }

    static Task<ListOf<Category>> List(Call call) => call.Db.Read(async db =>
    {
        var rows = await CategorySql.All(db, call.ProjectId);
        return new ListOf<Category>("data", rows.ConvertAll(row => row.Show())) { Total = rows.Count };
    });

    static Task<Category> Get(Call call) => call.Db.Read(async db =>
    {
        var id = call.Route("categoryId");
        return (await CategorySql.Find(db, call.ProjectId, id) ?? throw Missing(id)).Show();
    });

    static async Task<Category> Create(CategoryInput input, Call call)
    {
        var (name, hierarchy) = Read(input);
        try
        {
            return await call.Commit(async db =>
            {
                var row = new CategoryRow { ProjectId = call.ProjectId, Id = Ids.New("cat_", call.Now), Name = name, Hierarchy = hierarchy, CreatedAt = call.Now };
                await CategorySql.Insert(db, row);
                await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Category, row.Id);
                return row.Show();
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("category", name, by: "name"));
        }
    }

    static async Task<Category> Update(CategoryInput input, Call call)
    {
        var (name, hierarchy) = Read(input);
        var id = call.Route("categoryId");
        try
        {
            return await call.Commit(async db =>
            {
                var row = await CategorySql.Update(db, call.ProjectId, id, name, hierarchy, call.Now) ?? throw Missing(id);
                await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Category, row.Id);
                return row.Show();
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("category", name, by: "name"));
        }
    }

    static async Task Delete(Call call, ResourceUse[] uses, Func<DbConnection, string, string, long, Task> forget)
    {
        var id = call.Route("categoryId");
        await call.Commit(async db =>
        {
            // Who is just storing the id holds the row; after the lock they are seen.
            if (await CategorySql.Find(db, call.ProjectId, id, call.Db.Dialect.ForUpdate) is null) throw Missing(id);
            await ResourceUse.Refuse(uses, db, call.ProjectId, "category", id);
            await CategorySql.Delete(db, call.ProjectId, id);
            await forget(db, call.ProjectId, id, call.Now);
            await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Category, id);
            return Nothing.Instance;
        });
    }

    static (string Name, long Hierarchy) Read(CategoryInput input)
    {
        var name = Checks.Text(input.Name?.Trim(), "name") ?? throw Lacks("name");
        var hierarchy = Checks.NotNegative(input.Hierarchy, "hierarchy") ?? throw Lacks("hierarchy");
        return hierarchy <= HierarchyMax ? (name, hierarchy) : throw Checks.Wrong("hierarchy", $"must be <= {HierarchyMax}");
    }

    static ApiFault Lacks(string field) => new(Refusals.InvalidPayload.With($"Payload should have required property '{field}'"));

    static ApiFault Missing(string id) => new(Refusals.Missing("category", id));
}
