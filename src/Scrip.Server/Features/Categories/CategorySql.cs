using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Categories;

/// <summary>The statements about categories.</summary>
static class CategorySql
{
    /// <summary>Every category of a project, the newest first.</summary>
    public static async Task<List<CategoryRow>> All(DbConnection db, string project) => (await db.QueryAsync<CategoryRow>(
        "SELECT * FROM categories WHERE project_id = @project ORDER BY created_at DESC, id DESC", new { project })).AsList();

    public static Task<CategoryRow?> Find(DbConnection db, string project, string id, string ending = "") => db.QueryFirstOrDefaultAsync<CategoryRow>(
        $"SELECT * FROM categories WHERE project_id = @project AND id = @id {ending}", new { project, id });

    /// <summary>Those of the ids that exist.</summary>
    public static async Task<List<CategoryRow>> Among(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> ids) =>
        ids.Count == 0 ? [] : (await db.QueryAsync<CategoryRow>(
            $"SELECT * FROM categories WHERE project_id = @project AND {dialect.Among("id", "@ids")}", new { project, ids = dialect.Texts(ids) })).AsList();

    /// <summary>
    /// Checks a <c>category_id</c> inside the write that stores it: the category stays until the write ends. Null and
    /// the empty text take the category away.
    /// </summary>
    /// <exception cref="ApiFault">There is no such category.</exception>
    public static async Task<CategoryRow?> Need(DbConnection db, Dialect dialect, string project, string? id) =>
        string.IsNullOrEmpty(id) ? null
            : await Find(db, project, id, dialect.ForShare) ?? throw new ApiFault(Refusals.Missing("category", id));

    public static Task Insert(DbConnection db, CategoryRow row) => db.ExecuteAsync(
        "INSERT INTO categories (project_id, id, name, hierarchy, created_at) VALUES (@ProjectId, @Id, @Name, @Hierarchy, @CreatedAt)", row);

    public static Task<CategoryRow?> Update(DbConnection db, string project, string id, string name, long hierarchy, long now) =>
        db.QueryFirstOrDefaultAsync<CategoryRow>("""
            UPDATE categories SET name = @name, hierarchy = @hierarchy, updated_at = @now WHERE project_id = @project AND id = @id RETURNING *
            """, new { project, id, name, hierarchy, now });

    public static Task Delete(DbConnection db, string project, string id) =>
        db.ExecuteAsync("DELETE FROM categories WHERE project_id = @project AND id = @id", new { project, id });

    /// <summary>Those of a table with the columns <c>category_id</c> and <c>deleted_at</c> that are of the category; a few.</summary>
    public static ResourceUse Use(string type, string table) => new(type, async (db, project, id) => (await db.QueryAsync<string>($"""
        SELECT id FROM {table} WHERE project_id = @project AND category_id = @id AND deleted_at IS NULL ORDER BY created_at LIMIT {ResourceUse.NamedMax}
        """, new { project, id })).AsList());
}
