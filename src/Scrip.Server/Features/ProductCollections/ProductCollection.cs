using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Products;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.ProductCollections;

/// <summary>A product collection as the API answers it: listed products and SKUs, or a filter.</summary>
public sealed record ProductCollection
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string Type { get; init; }
    public JsonElement? Filter { get; init; }
    public CollectionItem[]? Products { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string Object => "products_collection";
}

/// <summary>A product or SKU that a static collection lists.</summary>
public sealed record CollectionItem
{
    public string? Id { get; init; }
    /// <summary>Of a SKU: its product.</summary>
    public string? ProductId { get; init; }
    public string? Object { get; init; }
}

/// <summary>A SKU with its product, as a list of what a collection holds shows it.</summary>
public sealed record CollectedSku
{
    public required string Id { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? SourceId { get; init; }
    public required string ProductId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? Sku { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long? Price { get; init; }
    public string? Currency { get; init; }
    public required JsonElement Attributes { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? ImageUrl { get; init; }
    public required JsonElement Metadata { get; init; }
    public required Moment CreatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? UpdatedAt { get; init; }
    public Product? Product { get; init; }
    public string Object => "sku";

    /// <summary>The SKU and its product.</summary>
    public static CollectedSku Of(Sku sku, Product? product) => new()
    {
        Id = sku.Id,
        SourceId = sku.SourceId,
        ProductId = sku.ProductId,
        Sku = sku.Name,
        Price = sku.Price,
        Currency = sku.Currency,
        Attributes = sku.Attributes,
        ImageUrl = sku.ImageUrl,
        Metadata = sku.Metadata,
        CreatedAt = sku.CreatedAt,
        UpdatedAt = sku.UpdatedAt,
        Product = product,
    };
}

/// <summary>What a caller says of a collection.</summary>
public sealed record CollectionInput
{
    public string? Type { get; init; }
    public string? Name { get; init; }
    public CollectionItem[]? Products { get; init; }
    public JsonElement? Filter { get; init; }
}

/// <summary>The part of a collection that lies in its <c>body</c> column.</summary>
public sealed record CollectionBody
{
    public JsonElement? Filter { get; init; }
    public CollectionItem[]? Products { get; init; }
}

/// <summary>A row of <c>product_collections</c>.</summary>
public sealed class CollectionRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";
}
