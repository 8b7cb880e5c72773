using Scrip.Engine;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.TrashBin;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Products;

/// <summary>SKUs: the variants of a product. POST with a known <c>source_id</c> of the same product updates.</summary>
static class SkuApi
{
    public static void Map(Api v1)
    {
        v1.Get("/v1/skus/{skuId}", "get-sku", Get);
        v1.Get("/v1/products/{productId}/skus", "list-SKUs-in-product", List);
        v1.Post<SkuInput, Sku>("/v1/products/{productId}/skus", "create-sku", Create);
        v1.Put<SkuInput, Sku>("/v1/products/{productId}/skus/{skuId}", "update-sku", Update);
        v1.Delete("/v1/products/{productId}/skus/{skuId}", "delete-sku", Delete);
    }

    static Task<Sku> Get(Call call) => call.Db.Read(async db =>
    {
        var id = call.Route("skuId");
        return Show(await ProductSql.FindSku(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("sku", id)));
    });

    static Task<ListOf<Sku>> List(Call call) => call.Db.Read(async db =>
    {
        var product = await Product(db, call);
        var rows = await ProductSql.SkusOf(db, call.ProjectId, product.Id);
        return new ListOf<Sku>("skus", rows.ConvertAll(Show)) { Total = rows.Count };
    });

    static async Task<Sku> Create(SkuInput input, Call call)
    {
        Check(input);
        try
        {
            return await call.Commit(async db =>
            {
                var product = await Product(db, call);
                await HoldMetadata(db, call, input);
                var known = (input.Id is { } id ? await ProductSql.FindSku(db, call.ProjectId, id, call.Db.Dialect.ForUpdate) : null)
                    ?? (input.SourceId is { } source ? await ProductSql.FindSku(db, call.ProjectId, source, call.Db.Dialect.ForUpdate) : null);
                if (known is not null && known.ProductId != product.Id) throw new ApiFault(Refusals.Duplicate("sku", input.SourceId ?? known.Id));
                if (known is not null)
                {
                    var changed = Merge(known, input, call);
                    await ProductSql.UpdateSku(db, changed);
                    return Show(changed);
                }
                var row = Merge(new ProductRow { ProjectId = call.ProjectId, Id = input.Id ?? Ids.New("sku_", call.Now), ProductId = product.Id, CreatedAt = call.Now }, input, call, isNew: true);
                await ProductSql.InsertSku(db, row);
                return Show(row);
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("sku", input.SourceId ?? input.Id ?? ""));
        }
    }

    static async Task<Sku> Update(SkuInput input, Call call)
    {
        Check(input);
        try
        {
            return await call.Commit(async db =>
            {
                var row = await OfProduct(db, call, call.Db.Dialect.ForUpdate);
                await HoldMetadata(db, call, input);
                var changed = Merge(row, input, call);
                await ProductSql.UpdateSku(db, changed);
                return Show(changed);
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("sku", input.SourceId ?? ""));
        }
    }

    static Task Delete(Call call)
    {
        var force = call.Flag("force");
        return call.Commit(async db =>
        {
            var row = await OfProduct(db, call);
            await ProductSql.DeleteSku(db, call.ProjectId, row.Id, force, call.Now);
            if (force) await BinSql.Forget(db, call.ProjectId, ProductBin.Sku, row.Id);
            else await BinSql.Add(db, call.ProjectId, ProductBin.Sku, row.Id, row.Sku ?? row.SourceId ?? row.Id, row.ProductId, call.Now);
            return Nothing.Instance;
        });
    }

    static async Task<ProductRow> Product(System.Data.Common.DbConnection db, Call call)
    {
        var id = call.Route("productId");
        return await ProductSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("product", id));
    }

    static async Task<ProductRow> OfProduct(System.Data.Common.DbConnection db, Call call, string ending = "")
    {
        var product = await Product(db, call);
        var id = call.Route("skuId");
        var row = await ProductSql.FindSku(db, call.ProjectId, id, ending);
        return row?.ProductId == product.Id ? row : throw new ApiFault(Refusals.Missing("sku", id));
    }

    // SKUs share the products' schema; what is required the product has already.
    static Task HoldMetadata(System.Data.Common.DbConnection db, Call call, SkuInput input) =>
        SchemaCheck.Hold(db, call.ProjectId, SchemaKinds.Product, input.Metadata, isNew: false);

    /// <summary>Refuses what cannot be stored.</summary>
    internal static void Check(SkuInput input)
    {
        Checks.Text(input.Id, "id");
        Checks.Text(input.SourceId, "source_id");
        Checks.Text(input.Sku, "sku");
        Checks.NotNegative(input.Price, "price");
        Checks.Text(input.Currency, "currency", 3);
        Checks.Metadata(input.Metadata);
        Checks.Metadata(input.Attributes, "attributes");
        Checks.Text(input.ImageUrl, "image_url", 2000);
    }

    static ProductRow Merge(ProductRow row, SkuInput input, Call call, bool isNew = false) => Merge(row, input, call.Sent, call.Now, isNew);

    /// <summary>The SKU with what was sent: that replaces, the rest stays.</summary>
    internal static ProductRow Merge(ProductRow row, SkuInput input, Func<string, bool> sent, long now, bool isNew = false)
    {
        var body = Wire.Read<ProductBody>(row.Body);
        return new ProductRow
        {
            ProjectId = row.ProjectId,
            Id = row.Id,
            ProductId = row.ProductId,
            CreatedAt = row.CreatedAt,
            UpdatedAt = isNew ? null : now,
            SourceId = sent("source_id") ? Checks.Text(input.SourceId, "source_id") : row.SourceId,
            Sku = sent("sku") ? input.Sku : row.Sku,
            Price = sent("price") ? input.Price : row.Price,
            Body = Wire.Text(body with
            {
                Attributes = Merging.Metadata(body.Attributes, input.Attributes),
                Metadata = Merging.Metadata(body.Metadata, input.Metadata),
                ImageUrl = sent("image_url") ? input.ImageUrl : body.ImageUrl,
                Currency = sent("currency") ? input.Currency : body.Currency,
            }),
        };
    }

    internal static Sku Show(ProductRow row)
    {
        var body = Wire.Read<ProductBody>(row.Body);
        return new Sku
        {
            Id = row.Id,
            SourceId = row.SourceId,
            ProductId = row.ProductId ?? "",
            Name = row.Sku,
            Price = row.Price,
            Currency = body.Currency,
            ImageUrl = body.ImageUrl,
            Attributes = Checks.Metadata(body.Attributes),
            Metadata = Checks.Metadata(body.Metadata),
            CreatedAt = new(row.CreatedAt),
            UpdatedAt = Moment.From(row.UpdatedAt),
        };
    }
}
