using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Server.Features.ProductCollections;
using Scrip.Server.Features.Products;

namespace Scrip.Server.Features.Orders;

/// <summary>
/// Which product collections the lines of a cart are in, worked out from what the request has loaded. A line with a SKU
/// is judged by the SKU, as the catalogue is; what is stored wins over what a caller or an older order says of it.
/// </summary>
public static class LineCollections
{
    static readonly HashSet<string> None = [];

    /// <summary>The cart with the collections of its lines.</summary>
    /// <param name="cart">The cart; null when the caller sent no order.</param>
    /// <param name="collections">Those of the project.</param>
    /// <param name="facts">The stored products and SKUs that were loaded, in one or more parts.</param>
    /// <param name="now">The instant of the request, in Unix milliseconds.</param>
    public static Cart? Mark(Cart? cart, IReadOnlyDictionary<string, CollectionSnapshot> collections, IReadOnlyList<LineFacts> facts, long now) =>
        cart is null || collections.Count == 0 ? cart : cart.InCollections(line => Of(line, collections, facts, now));

    static HashSet<string> Of(CartLine line, IReadOnlyDictionary<string, CollectionSnapshot> collections, IReadOnlyList<LineFacts> facts, long now)
    {
        var sku = First(facts, one => one.Sku(line.SkuId)) ?? (line.RelatedObject == RelatedObject.Sku ? First(facts, one => one.Sku(line.SourceId)) : null);
        var product = First(facts, one => one.Product(line.ProductId ?? sku?.ProductId));
        return Of(product, sku, () => Sent(line), line.SkuId is not null || line.RelatedObject == RelatedObject.Sku, collections, now);
    }

    /// <summary>The collections of a stored product or SKU; none when both are null.</summary>
    public static IReadOnlySet<string> Of(ProductRow? product, ProductRow? sku, IReadOnlyDictionary<string, CollectionSnapshot> collections, long now) =>
        product is null && sku is null ? None : Of(product, sku, static () => throw new InvalidOperationException("Stored"), sku is not null, collections, now);

    static HashSet<string> Of(ProductRow? product, ProductRow? sku, Func<CatalogItem> sent, bool isSku, IReadOnlyDictionary<string, CollectionSnapshot> collections, long now)
    {
        var item = new Lazy<CatalogItem>(() => (isSku ? sku : product) is { } row ? CatalogItem.Of(row) : sent());
        HashSet<string>? found = null;
        foreach (var collection in collections.Values)
            if (collection.Has(product, sku, item, now)) (found ??= new(StringComparer.Ordinal)).Add(collection.Id);
        return found ?? None;
    }

    // Something that is not stored is what the line says of it.
    static CatalogItem Sent(CartLine line)
    {
        var tag = line.Tag as LineTag;
        var isSku = line.SkuId is not null || line.RelatedObject == RelatedObject.Sku;
        return new CatalogItem
        {
            Id = isSku ? line.SkuId : line.ProductId,
            Object = isSku ? "sku" : "product",
            ProductId = isSku ? line.ProductId : null,
            SourceId = (isSku ? tag?.Sku?.SourceId : tag?.Product?.SourceId) ?? line.SourceId,
            Name = isSku ? tag?.Sku?.Name : tag?.Product?.Name,
            Price = (isSku ? tag?.Sku?.Price : tag?.Product?.Price) ?? line.Price,
            Metadata = isSku ? line.SkuMetadata : line.ProductMetadata,
        };
    }

    static ProductRow? First(IReadOnlyList<LineFacts> facts, Func<LineFacts, ProductRow?> find)
    {
        foreach (var one in facts)
            if (find(one) is { } row) return row;
        return null;
    }
}
