using System.Data.Common;
using Dapper;
using Scrip.Server.Features.Products;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.ProductCollections;

/// <summary>The statements about product collections.</summary>
static class CollectionSql
{
    /// <summary>
    /// Products and SKUs as one table with the names that filters use. NULLIF makes a NULL of the collation that
    /// identifiers have, which PostgreSQL asks of both sides of a union.
    /// </summary>
    public const string Catalog = """
        (SELECT project_id, id, 'product' AS object, NULLIF(id, id) AS product_id, source_id, name, price, created_at, updated_at, body
            FROM products WHERE deleted_at IS NULL
        UNION ALL SELECT project_id, id, 'sku' AS object, product_id, source_id, sku AS name, price, created_at, updated_at, body
            FROM skus WHERE deleted_at IS NULL) items
        """;

    /// <summary>The collections with one of the ids, or all.</summary>
    public static async Task<List<CollectionRow>> Of(DbConnection db, Dialect dialect, string project, string[]? ids) => (await db.QueryAsync<CollectionRow>(
        $"SELECT * FROM product_collections WHERE project_id = @project{(ids is null ? "" : $" AND {dialect.Among("id", "@ids")}")}",
        new { project, ids = ids is null ? null : dialect.Texts(ids) })).AsList();

    public static Task<CollectionRow?> Find(DbConnection db, string project, string id, string ending = "") => db.QueryFirstOrDefaultAsync<CollectionRow>(
        $"SELECT * FROM product_collections WHERE project_id = @project AND id = @id {ending}", new { project, id });

    public static Task<long> Count(DbConnection db, string project) =>
        db.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM product_collections WHERE project_id = @project", new { project });

    public static Task Insert(DbConnection db, CollectionRow row) => db.ExecuteAsync("""
        INSERT INTO product_collections (project_id, id, name, type, created_at, body) VALUES (@ProjectId, @Id, @Name, @Type, @CreatedAt, @json)
        """, new { row.ProjectId, row.Id, row.Name, row.Type, row.CreatedAt, json = new Json(row.Body) });

    public static Task Update(DbConnection db, CollectionRow row) => db.ExecuteAsync(
        "UPDATE product_collections SET name = @Name, updated_at = @UpdatedAt, body = @json WHERE project_id = @ProjectId AND id = @Id",
        new { row.ProjectId, row.Id, row.Name, row.UpdatedAt, json = new Json(row.Body) });

    public static Task Delete(DbConnection db, string project, string id) =>
        db.ExecuteAsync("DELETE FROM product_collections WHERE project_id = @project AND id = @id", new { project, id });

    /// <summary>Products and SKUs by id, those in the bin left out.</summary>
    public static async Task<(List<ProductRow> Products, List<ProductRow> Skus)> Stored(DbConnection db, Dialect dialect, string project, string[] ids)
    {
        if (ids.Length == 0) return ([], []);
        await using var results = await db.QueryMultipleAsync(ProductSql.SelectMany(dialect), new { project, names = dialect.Texts(ids) });
        return ((await results.ReadAsync<ProductRow>()).AsList(), (await results.ReadAsync<ProductRow>()).AsList());
    }
}
