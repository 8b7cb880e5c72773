using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Products;

/// <summary>A row of <c>products</c> or of <c>skus</c>.</summary>
public sealed class ProductRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string? ProductId { get; init; }
    public string? SourceId { get; init; }
    public string? Name { get; init; }
    public string? Sku { get; init; }
    public long? Price { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public long? DeletedAt { get; init; }
    public string Body { get; init; } = "{}";
}

/// <summary>The statements about products and SKUs. Both are named by id or by <c>source_id</c>.</summary>
static class ProductSql
{
    const string Named = "project_id = @project AND (id = @id OR source_id = @id) AND deleted_at IS NULL";

    /// <summary>Products named by id or source id (with those of named SKUs), then SKUs likewise: two result sets.</summary>
    public static string SelectMany(Dialect dialect)
    {
        // One look-up for each index: with an OR over both, SQLite reads every product of the project.
        var (byId, bySource) = (dialect.Among("id", "@names"), dialect.Among("source_id", "@names"));
        const string Live = "project_id = @project AND deleted_at IS NULL";
        return $"""
            SELECT * FROM products WHERE {Live} AND {byId} UNION ALL SELECT * FROM products WHERE {Live} AND {bySource}
                UNION ALL SELECT * FROM products WHERE {Live} AND id IN (
                    SELECT product_id FROM skus WHERE {Live} AND {byId} UNION ALL SELECT product_id FROM skus WHERE {Live} AND {bySource});
            SELECT * FROM skus WHERE {Live} AND {byId} UNION ALL SELECT * FROM skus WHERE {Live} AND {bySource};
            """;
    }

    const string HotColumns = "SELECT id, source_id, name, price, created_at, updated_at, body FROM products WHERE project_id = @project AND deleted_at IS NULL";
    const string HotSkuColumns = "SELECT id, source_id, sku, price, created_at, updated_at, body, product_id FROM skus WHERE project_id = @project AND deleted_at IS NULL";

    /// <summary>Products that lines name, for the hot path; read them with <see cref="Read"/>.</summary>
    public static readonly Words SelectHot = new(static dialect =>
        $"{HotColumns} AND {dialect.Among("id", "@names")} UNION ALL {HotColumns} AND {dialect.Among("source_id", "@names")}");

    /// <summary>Products of the SKUs that lines name, likewise.</summary>
    public static readonly Words SelectHotOfSkus = new(static dialect => $"""
        {HotColumns} AND id IN (SELECT product_id FROM skus WHERE project_id = @project AND deleted_at IS NULL AND {dialect.Among("id", "@skus")}
            UNION ALL SELECT product_id FROM skus WHERE project_id = @project AND deleted_at IS NULL AND {dialect.Among("source_id", "@skus")})
        """);

    /// <summary>SKUs that lines name, likewise; read them with <see cref="ReadSku"/>.</summary>
    public static readonly Words SelectHotSkus = new(static dialect =>
        $"{HotSkuColumns} AND {dialect.Among("id", "@skus")} UNION ALL {HotSkuColumns} AND {dialect.Among("source_id", "@skus")}");

    /// <summary>A product of a hot statement.</summary>
    public static ProductRow Read(Rows rows) => new()
    {
        Id = rows.Text(0),
        SourceId = rows.TextOrNull(1),
        Name = rows.TextOrNull(2),
        Price = rows.NumberOrNull(3),
        CreatedAt = rows.Number(4),
        UpdatedAt = rows.NumberOrNull(5),
        Body = rows.Text(6),
    };

    /// <summary>A SKU of a hot statement.</summary>
    public static ProductRow ReadSku(Rows rows) => new()
    {
        Id = rows.Text(0),
        SourceId = rows.TextOrNull(1),
        Sku = rows.TextOrNull(2),
        Price = rows.NumberOrNull(3),
        CreatedAt = rows.Number(4),
        UpdatedAt = rows.NumberOrNull(5),
        Body = rows.Text(6),
        ProductId = rows.Text(7),
    };

    public static Task<ProductRow?> Find(DbConnection db, string project, string id, string ending = "") =>
        db.QueryFirstOrDefaultAsync<ProductRow>($"SELECT * FROM products WHERE {Named} ORDER BY id = @id DESC LIMIT 1 {ending}", new { project, id });

    public static Task<ProductRow?> FindSku(DbConnection db, string project, string id, string ending = "") =>
        db.QueryFirstOrDefaultAsync<ProductRow>($"SELECT * FROM skus WHERE {Named} ORDER BY id = @id DESC LIMIT 1 {ending}", new { project, id });

    /// <summary>The SKUs of a product, oldest first.</summary>
    /// <summary>Whether there is a product collection of that id.</summary>
    public static async Task<bool> HasCollection(DbConnection db, string project, string id) =>
        await db.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM product_collections WHERE project_id = @project AND id = @id", new { project, id }) > 0;

    public static async Task<List<ProductRow>> SkusOf(DbConnection db, string project, string productId, int limit = 500) =>
        (await db.QueryAsync<ProductRow>("""
            SELECT * FROM skus WHERE project_id = @project AND product_id = @productId AND deleted_at IS NULL
            ORDER BY created_at, id LIMIT @limit
            """, new { project, productId, limit })).AsList();

    public static Task Insert(DbConnection db, ProductRow row) => db.ExecuteAsync("""
        INSERT INTO products (project_id, id, source_id, name, price, created_at, body)
        VALUES (@ProjectId, @Id, @SourceId, @Name, @Price, @CreatedAt, @json)
        """, Args(row));

    public static Task InsertSku(DbConnection db, ProductRow row) => db.ExecuteAsync("""
        INSERT INTO skus (project_id, id, product_id, source_id, sku, price, created_at, body)
        VALUES (@ProjectId, @Id, @ProductId, @SourceId, @Sku, @Price, @CreatedAt, @json)
        """, Args(row));

    public static Task Update(DbConnection db, ProductRow row) => db.ExecuteAsync("""
        UPDATE products SET source_id = @SourceId, name = @Name, price = @Price, updated_at = @UpdatedAt, body = @json
        WHERE project_id = @ProjectId AND id = @Id
        """, Args(row));

    public static Task UpdateSku(DbConnection db, ProductRow row) => db.ExecuteAsync("""
        UPDATE skus SET source_id = @SourceId, sku = @Sku, price = @Price, updated_at = @UpdatedAt, body = @json
        WHERE project_id = @ProjectId AND id = @Id
        """, Args(row));

    /// <summary>Into the trash bin, where the identifiers stay taken; or for good. SKUs go with their product.</summary>
    public static async Task Delete(DbConnection db, string project, string id, bool force, long now)
    {
        var args = new { project, id, now };
        await db.ExecuteAsync(force
            ? "DELETE FROM skus WHERE project_id = @project AND product_id = @id"
            : "UPDATE skus SET deleted_at = @now WHERE project_id = @project AND product_id = @id AND deleted_at IS NULL", args);
        await db.ExecuteAsync(force
            ? "DELETE FROM products WHERE project_id = @project AND id = @id"
            : "UPDATE products SET deleted_at = @now WHERE project_id = @project AND id = @id", args);
    }

    public static Task DeleteSku(DbConnection db, string project, string id, bool force, long now) => db.ExecuteAsync(force
        ? "DELETE FROM skus WHERE project_id = @project AND id = @id"
        : "UPDATE skus SET deleted_at = @now WHERE project_id = @project AND id = @id", new { project, id, now });

    static object Args(ProductRow row) => new
    {
        row.ProjectId,
        row.Id,
        row.ProductId,
        row.SourceId,
        row.Name,
        row.Sku,
        row.Price,
        row.CreatedAt,
        row.UpdatedAt,
        json = new Json(row.Body),
    };
}
