using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Server.Features.Products;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Orders;

/// <summary>What is attached to a line on its way through the engine: the snapshots that the answer repeats.</summary>
public sealed record LineTag(OrderProduct? Product, OrderSku? Sku, System.Text.Json.JsonElement? Metadata);

/// <summary>
/// Turns the lines a caller sent into the engine's, with stored products and SKUs found by id or <c>source_id</c>.
/// A price falls back from the line to the inline SKU or product, then to the stored SKU, then to the stored product.
/// </summary>
public sealed class LineFacts
{
    /// <summary>The most lines an order may have.</summary>
    public const int ItemsMax = 500;

    readonly Dictionary<string, ProductRow> products = new(StringComparer.Ordinal);
    readonly Dictionary<string, ProductRow> skus = new(StringComparer.Ordinal);

    /// <summary>No stored products.</summary>
    public static readonly LineFacts Empty = new([], []);

    /// <summary>The stored products and SKUs that lines may name. A SKU brings its product along.</summary>
    public LineFacts(IEnumerable<ProductRow> products, IEnumerable<ProductRow> skus)
    {
        foreach (var row in products) Add(this.products, row);
        foreach (var row in skus) Add(this.skus, row);
    }

    static void Add(Dictionary<string, ProductRow> to, ProductRow row)
    {
        if (row.SourceId is { } source) to.TryAdd(source, row);
        to[row.Id] = row;
    }

    /// <summary>Names that lines use for products and SKUs; both tables are asked for all of them.</summary>
    public static string[] Names(OrderItemInput[]? items) => items is null or [] ? [] : items.Where(item => item is not null)
        .SelectMany(item => new[] { item.ProductId, item.SkuId, item.SourceId, item.Product?.Id, item.Product?.SourceId, item.Sku?.Id, item.Sku?.SourceId })
        .OfType<string>().Where(name => name.Length > 0).Distinct(StringComparer.Ordinal).ToArray();

    /// <summary>Loads by names, in one round trip.</summary>
    public static async Task<LineFacts> Load(DbConnection db, Dialect dialect, string project, string[] names)
    {
        if (names.Length == 0) return Empty;
        await using var results = await db.QueryMultipleAsync(ProductSql.SelectMany(dialect), new { project, names = dialect.Texts(names) });
        return await Read(results);
    }

    /// <summary>Reads the two result sets of <see cref="ProductSql.SelectMany"/>.</summary>
    internal static async Task<LineFacts> Read(SqlMapper.GridReader results) =>
        new(await results.ReadAsync<ProductRow>(), await results.ReadAsync<ProductRow>());

    /// <summary>Asks for what lines name, in the round trip of other questions; <see cref="Read(Rows, Wanted)"/> reads it.</summary>
    internal static Wanted Ask(Batch questions, Dialect dialect, string project, OrderItemInput[]? items)
    {
        var wanted = Wanted.Of(items);
        if (wanted.Products.Count > 0) questions.Add(ProductSql.SelectHot.In(dialect), ("project", project), ("names", dialect.Texts(wanted.Products)));
        if (wanted.Skus.Count == 0) return wanted;
        (string, object?)[] args = [("project", project), ("skus", dialect.Texts(wanted.Skus))];
        questions.Add(ProductSql.SelectHotOfSkus.In(dialect), args).Add(ProductSql.SelectHotSkus.In(dialect), args);
        return wanted;
    }

    internal static async ValueTask<LineFacts> Read(Rows rows, Wanted wanted)
    {
        if (wanted.Products.Count == 0 && wanted.Skus.Count == 0) return Empty;
        var products = wanted.Products.Count == 0 ? [] : await rows.All(ProductSql.Read);
        if (wanted.Skus.Count == 0) return new(products, []);
        products.AddRange(await rows.All(ProductSql.Read));
        return new(products, await rows.All(ProductSql.ReadSku));
    }

    /// <summary>Names that lines use for products and for SKUs; a source id alone may be either.</summary>
    internal sealed record Wanted(HashSet<string> Products, HashSet<string> Skus)
    {
        public static Wanted Of(OrderItemInput[]? items)
        {
            var wanted = new Wanted(new(StringComparer.Ordinal), new(StringComparer.Ordinal));
            foreach (var item in items ?? [])
            {
                if (item is null) continue;
                Add(wanted.Products, item.ProductId, item.Product?.Id, item.Product?.SourceId, item.RelatedObject == "sku" ? null : item.SourceId);
                Add(wanted.Skus, item.SkuId, item.Sku?.Id, item.Sku?.SourceId, item.RelatedObject == "product" ? null : item.SourceId);
            }
            return wanted;
        }

        static void Add(HashSet<string> to, params ReadOnlySpan<string?> names)
        {
            foreach (var name in names)
                if (!string.IsNullOrEmpty(name)) to.Add(name);
        }
    }

    /// <summary>Finds a stored product by id or <c>source_id</c>.</summary>
    public ProductRow? Product(string? name) => name is not null && products.TryGetValue(name, out var row) ? row : null;

    /// <summary>Finds a stored SKU by id or <c>source_id</c>.</summary>
    public ProductRow? Sku(string? name) => name is not null && skus.TryGetValue(name, out var row) ? row : null;

    /// <summary>The engine's lines.</summary>
    /// <exception cref="ApiFault">A line is malformed.</exception>
    public CartLine[] Lines(OrderItemInput[]? items)
    {
        if (items is null) return [];
        if (items.Length > ItemsMax) throw Checks.Wrong("order.items", $"must NOT have more than {ItemsMax} items");
        var lines = new CartLine[items.Length];
        for (var i = 0; i < items.Length; i++) lines[i] = Line(items[i] ?? throw Checks.Wrong($"order.items[{i}]", "must be object"), i);
        return lines;
    }

    CartLine Line(OrderItemInput item, int index)
    {
        Check(item, index);
        var sku = Sku(item.SkuId) ?? Sku(item.Sku?.Id) ?? Sku(item.Sku?.SourceId) ?? (item.RelatedObject == "product" ? null : Sku(item.SourceId));
        var product = Product(item.ProductId) ?? Product(item.Product?.Id) ?? Product(item.Product?.SourceId)
            ?? (item.RelatedObject == "sku" ? null : Product(item.SourceId)) ?? Product(sku?.ProductId);
        var tag = new LineTag(ProductSnapshot(item.Product, product), SkuSnapshot(item.Sku, sku), item.Metadata);
        return new CartLine
        {
            ProductId = product?.Id ?? sku?.ProductId ?? item.ProductId ?? item.Product?.Id,
            SkuId = sku?.Id ?? item.SkuId ?? item.Sku?.Id,
            SourceId = item.SourceId,
            RelatedObject = item.RelatedObject switch { "sku" => RelatedObject.Sku, "product" => RelatedObject.Product, _ => null },
            Quantity = item.Quantity ?? 1,
            Price = item.Price ?? item.Sku?.Price ?? item.Product?.Price ?? sku?.Price ?? product?.Price,
            Amount = item.Amount,
            Tag = tag,
            Metadata = item.Metadata is { } metadata ? new(metadata) : Metadata.None,
            ProductMetadata = tag.Product?.Metadata is { } ofProduct ? new(ofProduct) : Metadata.None,
            SkuMetadata = tag.Sku?.Metadata is { } ofSku ? new(ofSku) : Metadata.None,
        };
    }

    static void Check(OrderItemInput item, int index)
    {
        // Names of fields are made for those that are wrong.
        if (item.RelatedObject is not (null or "product" or "sku")) Checks.OneOf(item.RelatedObject, $"order.items[{index}].related_object", "product", "sku");
        NotNegative(item.Quantity, index, "quantity");
        NotNegative(item.Price, index, "price");
        NotNegative(item.Amount, index, "amount");
        NotNegative(item.DiscountAmount, index, "discount_amount");
        NotNegative(item.Product?.Price, index, "product.price");
        NotNegative(item.Sku?.Price, index, "sku.price");
        if (item.Metadata is not null) Checks.Metadata(item.Metadata, $"order.items[{index}].metadata");
    }

    static void NotNegative(long? value, int index, string field)
    {
        if (value is < 0) Checks.NotNegative(value, $"order.items[{index}].{field}");
    }

    // What was sent inline wins over what is stored.
    internal static OrderProduct? ProductSnapshot(OrderProduct? sent, ProductRow? stored)
    {
        if (stored is null) return sent;
        var body = Wire.Read<ProductBody>(stored.Body);
        return new OrderProduct
        {
            Id = stored.Id,
            SourceId = stored.SourceId,
            Override = sent?.Override,
            Name = sent?.Name ?? stored.Name,
            Price = sent?.Price ?? stored.Price,
            Metadata = sent?.Metadata ?? body.Metadata,
        };
    }

    internal static OrderSku? SkuSnapshot(OrderSku? sent, ProductRow? stored)
    {
        if (stored is null) return sent;
        var body = Wire.Read<ProductBody>(stored.Body);
        return new OrderSku
        {
            Id = stored.Id,
            SourceId = stored.SourceId,
            Override = sent?.Override,
            Name = sent?.Name ?? stored.Sku,
            Price = sent?.Price ?? stored.Price,
            Metadata = sent?.Metadata ?? body.Metadata,
        };
    }
}
