using Scrip.Engine;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.TrashBin;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Products;

/// <summary>Products, which orders and discounts name. POST with a known id or <c>source_id</c> updates.</summary>
static class ProductApi
{
    static readonly ListSpec Products = new("products", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["name"] = ("name", ColumnKind.Text),
        ["source_id"] = ("source_id", ColumnKind.Text),
        ["price"] = ("price", ColumnKind.Whole),
        ["id"] = ("id", ColumnKind.Text),
    }, ["created_at", "updated_at", "name", "source_id"]);

    public static void Map(Api v1)
    {
        v1.List("/v1/products", "list-products", List);
        v1.Post<ProductInput, Product>("/v1/products", "create-product", Create);
        v1.Get("/v1/products/{productId}", "get-product", Get);
        v1.Put<ProductInput, Product>("/v1/products/{productId}", "update-product", Update);
        v1.Delete("/v1/products/{productId}", "delete-product", Delete);
        SkuApi.Map(v1);
        ProductImportApi.Map(v1);
    }

    static async Task<ListOf<Product>> List(Call call)
    {
        var list = ListQuery.Read(call, Products).Where("deleted_at IS NULL");
        var (rows, total) = await call.Db.Read(db => list.RowsAndTotal<ProductRow>(db));
        return new("products", rows.ConvertAll(row => Show(row))) { Total = total };
    }

    static Task<Product> Get(Call call) => call.Db.Read(async db =>
    {
        var id = call.Route("productId");
        var row = await ProductSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("product", id));
        var skus = await ProductSql.SkusOf(db, call.ProjectId, row.Id);
        return Show(row) with { Skus = new("data", skus.ConvertAll(SkuApi.Show)) { Total = skus.Count } };
    });

    static async Task<Product> Create(ProductInput input, Call call)
    {
        Check(input);
        try
        {
            return await call.Commit(async db =>
            {
                var known = await Known(db, call, input);
                await SchemaCheck.Hold(db, call.ProjectId, SchemaKinds.Product, input.Metadata, isNew: known is null);
                if (known is not null)
                {
                    var changed = Merge(known, input, call);
                    await ProductSql.Update(db, changed);
                    return Show(changed);
                }
                var row = Merge(new ProductRow { ProjectId = call.ProjectId, Id = input.Id ?? Ids.New("prod_", call.Now), CreatedAt = call.Now }, input, call, isNew: true);
                await ProductSql.Insert(db, row);
                return Show(row);
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("product", input.SourceId ?? input.Id ?? ""));
        }
    }

    static async Task<ProductRow?> Known(System.Data.Common.DbConnection db, Call call, ProductInput input) =>
        (input.Id is { } id ? await ProductSql.Find(db, call.ProjectId, id, call.Db.Dialect.ForUpdate) : null)
        ?? (input.SourceId is { } source ? await ProductSql.Find(db, call.ProjectId, source, call.Db.Dialect.ForUpdate) : null);

    static async Task<Product> Update(ProductInput input, Call call)
    {
        Check(input);
        var id = call.Route("productId");
        try
        {
            return await call.Commit(async db =>
            {
                var row = await ProductSql.Find(db, call.ProjectId, id, call.Db.Dialect.ForUpdate) ?? throw new ApiFault(Refusals.Missing("product", id));
                await SchemaCheck.Hold(db, call.ProjectId, SchemaKinds.Product, input.Metadata, isNew: false);
                var changed = Merge(row, input, call);
                await ProductSql.Update(db, changed);
                return Show(changed);
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("product", input.SourceId ?? id));
        }
    }

    static Task Delete(Call call)
    {
        var (id, force) = (call.Route("productId"), call.Flag("force"));
        return call.Commit(async db =>
        {
            var row = await ProductSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("product", id));
            await ProductSql.Delete(db, call.ProjectId, row.Id, force, call.Now);
            if (force) await BinSql.Forget(db, call.ProjectId, ProductBin.Product, row.Id);
            else await BinSql.Add(db, call.ProjectId, ProductBin.Product, row.Id, row.Name ?? row.SourceId ?? row.Id, null, call.Now);
            return Nothing.Instance;
        });
    }

    /// <summary>Refuses what cannot be stored.</summary>
    internal static void Check(ProductInput input)
    {
        Checks.Text(input.Id, "id");
        Checks.Text(input.SourceId, "source_id");
        Checks.Text(input.Name, "name");
        Checks.NotNegative(input.Price, "price");
        Checks.Metadata(input.Metadata);
        Checks.Text(input.ImageUrl, "image_url", 2000);
    }

    static ProductRow Merge(ProductRow row, ProductInput input, Call call, bool isNew = false) => Merge(row, input, call.Sent, call.Now, isNew);

    /// <summary>The product with what was sent: that replaces, the rest stays, metadata is merged key by key.</summary>
    internal static ProductRow Merge(ProductRow row, ProductInput input, Func<string, bool> sent, long now, bool isNew = false)
    {
        var body = Wire.Read<ProductBody>(row.Body);
        return new ProductRow
        {
            ProjectId = row.ProjectId,
            Id = row.Id,
            CreatedAt = row.CreatedAt,
            UpdatedAt = isNew ? null : now,
            SourceId = sent("source_id") ? Checks.Text(input.SourceId, "source_id") : row.SourceId,
            Name = sent("name") ? input.Name : row.Name,
            Price = sent("price") ? input.Price : row.Price,
            Body = Wire.Text(body with
            {
                Attributes = input.Attributes is { } attributes ? System.Text.Json.JsonSerializer.SerializeToElement(attributes, Wire.Info<string[]>()) : body.Attributes,
                Metadata = Merging.Metadata(body.Metadata, input.Metadata),
                ImageUrl = sent("image_url") ? input.ImageUrl : body.ImageUrl,
            }),
        };
    }

    internal static Product Show(ProductRow row)
    {
        var body = Wire.Read<ProductBody>(row.Body);
        return new Product
        {
            Id = row.Id,
            SourceId = row.SourceId,
            Name = row.Name,
            Price = row.Price,
            ImageUrl = body.ImageUrl,
            Attributes = body.Attributes is { ValueKind: System.Text.Json.JsonValueKind.Array } list ? [.. list.EnumerateArray().Select(item => item.GetString() ?? "")] : [],
            Metadata = Checks.Metadata(body.Metadata),
            CreatedAt = new(row.CreatedAt),
            UpdatedAt = Moment.From(row.UpdatedAt),
        };
    }
}
