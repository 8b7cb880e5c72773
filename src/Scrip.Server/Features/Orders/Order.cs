using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Customers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Orders;

/// <summary>What a caller sends of an order. Amounts are minor units.</summary>
public sealed record OrderInput
{
    public string? Id { get; init; }
    public string? SourceId { get; init; }
    public string? Status { get; init; }
    public long? Amount { get; init; }
    public long? InitialAmount { get; init; }
    public long? DiscountAmount { get; init; }
    public OrderItemInput[]? Items { get; init; }
    public CustomerInput? Customer { get; init; }
    public string? CustomerId { get; init; }
    public CustomerInput? Referrer { get; init; }
    public string? ReferrerId { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>What a caller sends of one line.</summary>
public sealed record OrderItemInput
{
    public string? SkuId { get; init; }
    public string? ProductId { get; init; }
    public string? RelatedObject { get; init; }
    public string? SourceId { get; init; }
    /// <summary>Units; the vendor's guides write them as texts, too.</summary>
    [JsonConverter(typeof(WrittenWholeConverter))] public long? Quantity { get; init; }
    public long? DiscountQuantity { get; init; }
    public long? InitialQuantity { get; init; }
    public long? Amount { get; init; }
    public long? DiscountAmount { get; init; }
    public long? InitialAmount { get; init; }
    public long? Price { get; init; }
    public OrderProduct? Product { get; init; }
    public OrderSku? Sku { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>The product of a line: sent inline, or copied from the stored one.</summary>
public sealed record OrderProduct
{
    public string? Id { get; init; }
    public string? SourceId { get; init; }
    public bool? Override { get; init; }
    public string? Name { get; init; }
    public JsonElement? Metadata { get; init; }
    public long? Price { get; init; }
}

/// <summary>The SKU of a line: sent inline, or copied from the stored one.</summary>
public sealed record OrderSku
{
    public string? Id { get; init; }
    public string? SourceId { get; init; }
    public bool? Override { get; init; }
    [JsonPropertyName("sku")] public string? Name { get; init; }
    public long? Price { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>
/// An order as the API answers it and as its <c>body</c> column keeps it: written once, read back as it is.
/// Zero amounts are left out.
/// </summary>
public sealed record Order
{
    public string? Id { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? SourceId { get; init; }
    public Moment? CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string? Status { get; init; }
    public long? Amount { get; init; }
    public long? InitialAmount { get; init; }
    public long? DiscountAmount { get; init; }
    public long? ItemsDiscountAmount { get; init; }
    public long? TotalDiscountAmount { get; init; }
    public long? TotalAmount { get; init; }
    public long? AppliedDiscountAmount { get; init; }
    public long? ItemsAppliedDiscountAmount { get; init; }
    public long? TotalAppliedDiscountAmount { get; init; }
    public OrderItem[]? Items { get; init; }
    public required JsonElement Metadata { get; init; }
    public ObjectRef? Customer { get; init; }
    public ObjectRef? Referrer { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CustomerId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? ReferrerId { get; init; }
    public Dictionary<string, OrderRedemption>? Redemptions { get; init; }
    public string Object => "order";
}

/// <summary>One line as the API answers it.</summary>
public sealed record OrderItem
{
    public string? Id { get; init; }
    public string? SkuId { get; init; }
    public string? ProductId { get; init; }
    public string? RelatedObject { get; init; }
    public string? SourceId { get; init; }
    public long? Quantity { get; init; }
    public long? DiscountQuantity { get; init; }
    public long? InitialQuantity { get; init; }
    public long? Amount { get; init; }
    public long? DiscountAmount { get; init; }
    public long? AppliedDiscountAmount { get; init; }
    public long? AppliedDiscountQuantity { get; init; }
    public long? AppliedQuantity { get; init; }
    public long? AppliedQuantityAmount { get; init; }
    public long? InitialAmount { get; init; }
    public long? Price { get; init; }
    public long? SubtotalAmount { get; init; }
    public OrderProduct? Product { get; init; }
    public OrderSku? Sku { get; init; }
    public string Object => "order_item";
    public JsonElement? Metadata { get; init; }
}

/// <summary>A reference to a customer inside another object.</summary>
public sealed record ObjectRef(string Id, string Object);

/// <summary>A redemption in an order's history; of a stack, the parent with its children.</summary>
public sealed record OrderRedemption
{
    public required Moment Date { get; init; }
    public string? RollbackId { get; init; }
    public Moment? RollbackDate { get; init; }
    public required string RelatedObjectType { get; init; }
    public required string RelatedObjectId { get; init; }
    public string? RelatedObjectParentId { get; init; }
    public string[]? Stacked { get; init; }
    public string[]? RollbackStacked { get; init; }
}

/// <summary>A row of <c>orders</c>.</summary>
public sealed class OrderRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string? SourceId { get; init; }
    public string Status { get; init; } = "";
    public string? CustomerId { get; init; }
    public long? Amount { get; init; }
    public long? TotalAmount { get; init; }
    public long Revision { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";
}
