using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Products;

/// <summary>A product as the API answers it.</summary>
public sealed record Product
{
    public required string Id { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? SourceId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? Name { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long? Price { get; init; }
    public required string[] Attributes { get; init; }
    public required JsonElement Metadata { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? ImageUrl { get; init; }
    public required Moment CreatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? UpdatedAt { get; init; }
    public ListOf<Sku>? Skus { get; init; }
    public string Object => "product";
}

/// <summary>A SKU as the API answers it.</summary>
public sealed record Sku
{
    public required string Id { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? SourceId { get; init; }
    public required string ProductId { get; init; }
    [JsonPropertyName("sku"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? Name { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long? Price { get; init; }
    public string? Currency { get; init; }
    public required JsonElement Attributes { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? ImageUrl { get; init; }
    public required JsonElement Metadata { get; init; }
    public required Moment CreatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? UpdatedAt { get; init; }
    public string Object => "sku";
}

/// <summary>What a caller may set on a product; absent fields keep their value in an update.</summary>
public sealed record ProductInput
{
    public string? Id { get; init; }
    public string? SourceId { get; init; }
    public string? Name { get; init; }
    public long? Price { get; init; }
    public string[]? Attributes { get; init; }
    public JsonElement? Metadata { get; init; }
    public string? ImageUrl { get; init; }
}

/// <summary>What a caller may set on a SKU.</summary>
public sealed record SkuInput
{
    public string? Id { get; init; }
    public string? SourceId { get; init; }
    public string? Sku { get; init; }
    public long? Price { get; init; }
    public string? Currency { get; init; }
    public JsonElement? Attributes { get; init; }
    public JsonElement? Metadata { get; init; }
    public string? ImageUrl { get; init; }
}

/// <summary>The part of a product or SKU that lies in its <c>body</c> column.</summary>
public sealed record ProductBody
{
    public JsonElement? Attributes { get; init; }
    public JsonElement? Metadata { get; init; }
    public string? ImageUrl { get; init; }
    public string? Currency { get; init; }
}
