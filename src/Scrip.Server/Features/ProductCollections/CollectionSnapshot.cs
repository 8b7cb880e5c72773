using Scrip.Server.Features.Products;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.ProductCollections;

/// <summary>A collection as deciding needs it: the ids it lists, or its filter bound once. Immutable.</summary>
public sealed class CollectionSnapshot
{
    readonly HashSet<string> listed;
    readonly CollectionFilter? filter;

    CollectionSnapshot(string id, HashSet<string> listed, CollectionFilter? filter)
    {
        Id = id;
        this.listed = listed;
        this.filter = filter;
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>Reads a row.</summary>
    public static CollectionSnapshot Of(CollectionRow row)
    {
        var body = Wire.Read<CollectionBody>(row.Body);
        return new CollectionSnapshot(row.Id, [.. (body.Products ?? []).Select(item => item.Id!)],
            body.Filter is { } filter ? CollectionFilter.Read(filter) : null);
    }

    /// <summary>
    /// Whether something of the catalogue is in it. A static collection holds what is stored and listed, and the SKUs
    /// of listed products; an automatic one judges each product and each SKU by itself, be it stored or not.
    /// </summary>
    /// <param name="product">The stored product, or that of the SKU; null when it is not stored.</param>
    /// <param name="sku">The stored SKU; null without one.</param>
    /// <param name="item">What a filter looks at.</param>
    /// <param name="now">The instant, in Unix milliseconds, from which ages are counted.</param>
    public bool Has(ProductRow? product, ProductRow? sku, Lazy<CatalogItem> item, long now) => filter is not null
        ? filter.Matches(item.Value, now)
        : (product is not null && listed.Contains(product.Id)) || (sku is not null && listed.Contains(sku.Id));
}
