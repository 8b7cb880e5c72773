using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Products;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.ProductCollections;

/// <summary>The list of what a collection holds: products and SKUs, found by SQL.</summary>
static class CollectedProducts
{
    static readonly ListSpec Items = new(CollectionSql.Catalog, new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["name"] = ("name", ColumnKind.Text),
        ["source_id"] = ("source_id", ColumnKind.Text),
        ["price"] = ("price", ColumnKind.Whole),
        ["id"] = ("id", ColumnKind.Text),
    }, ["created_at", "updated_at", "name", "source_id"]);

    public static Task<ListOf<JsonElement>> List(Call call)
    {
        var list = ListQuery.Read(call, Items);
        if (call.Query["starting_after"].ToString() is { Length: > 0 } text)
        {
            if (!Moment.TryParse(text, out var after)) throw new ApiFault(Refusals.InvalidQueryParams.With("Property .starting_after cannot be recognized as a ISO-8601 compliant date"));
            list.Where($"created_at {(call.Query["order"].ToString() == "created_at" ? ">" : "<")} {list.Arg(after.Ms)}");
        }
        return call.Db.Read(async db =>
        {
            var body = Wire.Read<CollectionBody>((await CollectionApi.Find(db, call)).Body);
            list.Where(body.Filter is { } filter
                ? new CollectionFilterSql(call.Db.Dialect, list.Arg, call.Now).Of(CollectionFilter.Read(filter))
                : Listed(call, list, [.. (body.Products ?? []).Select(item => item.Id!)]));
            var (rows, total) = await list.RowsAndTotal<ItemRow>(db);
            var parents = rows.Where(row => row.Object == "sku").Select(row => row.ProductId!).Distinct().ToArray();
            var (products, _) = await CollectionSql.Stored(db, call.Db.Dialect, call.ProjectId, parents);
            return new ListOf<JsonElement>("data", rows.ConvertAll(row => Show(row, products))) { Total = total };
        });
    }

    // A listed product brings its SKUs along.
    static string Listed(Call call, ListQuery list, string[] ids)
    {
        var among = list.Arg(call.Db.Dialect.Texts(ids));
        return $"({call.Db.Dialect.Among("id", among)} OR {call.Db.Dialect.Among("product_id", among)})";
    }

    static JsonElement Show(ItemRow row, List<ProductRow> products)
    {
        var isSku = row.Object == "sku";
        var shown = new ProductRow
        {
            Id = row.Id,
            ProductId = row.ProductId,
            SourceId = row.SourceId,
            Name = isSku ? null : row.Name,
            Sku = isSku ? row.Name : null,
            Price = row.Price,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            Body = row.Body,
        };
        if (!isSku) return Wire.Element(ProductApi.Show(shown));
        var product = products.Find(one => one.Id == row.ProductId);
        return Wire.Element(CollectedSku.Of(SkuApi.Show(shown), product is null ? null : ProductApi.Show(product)));
    }

    /// <summary>A row of <see cref="CollectionSql.Catalog"/>.</summary>
    sealed class ItemRow
    {
        public string Id { get; init; } = "";
        public string Object { get; init; } = "";
        public string? ProductId { get; init; }
        public string? SourceId { get; init; }
        public string? Name { get; init; }
        public long? Price { get; init; }
        public long CreatedAt { get; init; }
        public long? UpdatedAt { get; init; }
        public string Body { get; init; } = "{}";
    }
}
