using System.Text.Json;
using Scrip.Engine.Facts;
using Scrip.Server.Features.Products;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.ProductCollections;

/// <summary>What the filter of a collection may look at: one product, or one SKU without its product.</summary>
public sealed record CatalogItem
{
    /// <summary>Its id; null for something a caller sent that is not stored.</summary>
    public string? Id { get; init; }

    /// <summary><c>product</c> or <c>sku</c>.</summary>
    public required string Object { get; init; }

    /// <summary>Of a SKU: its product.</summary>
    public string? ProductId { get; init; }

    /// <summary>The merchant's id.</summary>
    public string? SourceId { get; init; }

    /// <summary>Its name; of a SKU the <c>sku</c>.</summary>
    public string? Name { get; init; }

    /// <summary>Its own price in minor units.</summary>
    public long? Price { get; init; }

    /// <summary>The link to its image.</summary>
    public string? ImageUrl { get; init; }

    /// <summary>When it was made, in Unix milliseconds; null when it is not stored.</summary>
    public long? CreatedAt { get; init; }

    /// <summary>When it was last changed, in Unix milliseconds.</summary>
    public long? UpdatedAt { get; init; }

    /// <summary>Names of a product's attributes, or a SKU's attributes by name.</summary>
    public JsonElement? Attributes { get; init; }

    /// <summary>Custom attributes.</summary>
    public Metadata Metadata { get; init; }

    /// <summary>A stored product or SKU.</summary>
    public static CatalogItem Of(ProductRow row)
    {
        var body = Wire.Read<ProductBody>(row.Body);
        var isSku = row.ProductId is not null;
        return new CatalogItem
        {
            Id = row.Id,
            Object = isSku ? "sku" : "product",
            ProductId = row.ProductId,
            SourceId = row.SourceId,
            Name = isSku ? row.Sku : row.Name,
            Price = row.Price,
            ImageUrl = body.ImageUrl,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            Attributes = body.Attributes,
            Metadata = body.Metadata is { } metadata ? new(metadata) : Metadata.None,
        };
    }
}
