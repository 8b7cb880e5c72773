using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.TrashBin;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Products;

/// <summary>Products and SKUs in the bin, where their identifiers stay taken. SKUs go and come back with their product.</summary>
static class ProductBin
{
    public const string Product = "product";
    public const string Sku = "sku";

    /// <summary>What the bin wants of products.</summary>
    public static readonly BinKind[] Kinds =
    [
        new(Product, RestoreProduct, (db, call, entry) => ProductSql.Delete(db, entry.ProjectId, entry.ResourceId, force: true, call.Now)),
        new(Sku, RestoreSku, (db, call, entry) => ProductSql.DeleteSku(db, entry.ProjectId, entry.ResourceId, force: true, call.Now)),
    ];

    static async Task RestoreProduct(DbConnection db, Call call, BinRow entry)
    {
        var args = new { entry.ProjectId, entry.ResourceId };
        await db.ExecuteAsync("UPDATE products SET deleted_at = NULL WHERE project_id = @ProjectId AND id = @ResourceId", args);
        await db.ExecuteAsync($"""
            UPDATE skus SET deleted_at = NULL
            WHERE project_id = @ProjectId AND product_id = @ResourceId AND deleted_at IS NOT NULL AND {BinSql.WentAlong("skus", Sku)}
            """, args);
    }

    static async Task RestoreSku(DbConnection db, Call call, BinRow entry)
    {
        // The product stays as it is until the SKU is back.
        var product = await db.ExecuteScalarAsync<long?>(
            $"SELECT 1 FROM products WHERE project_id = @ProjectId AND id = @ParentId AND deleted_at IS NULL {call.Db.Dialect.ForShare}", new { entry.ProjectId, entry.ParentId });
        if (product is null) throw new ApiFault(Refusals.InvalidPayload.With($"The SKU belongs to product {entry.ParentId}, which is deleted; restore the product first"));
        await db.ExecuteAsync("UPDATE skus SET deleted_at = NULL WHERE project_id = @ProjectId AND id = @ResourceId", new { entry.ProjectId, entry.ResourceId });
    }
}
