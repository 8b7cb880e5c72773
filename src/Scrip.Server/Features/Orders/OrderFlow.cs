using System.Text.Json;
using Scrip.Engine;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Schemas;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Orders;

/// <summary>Between an order on the wire and the engine's cart, both ways. Pure.</summary>
static class OrderFlow
{
    /// <summary>
    /// The cart of an order. A stored order named by <c>source_id</c>, or by id without details, is continued with
    /// its lines and discounts; a stored order named by id with items or an amount takes them and keeps its discounts.
    /// </summary>
    /// <exception cref="ApiFault">Something sent is malformed or beyond 2^53.</exception>
    public static Cart Open(OrderInput input, Order? stored, LineFacts facts)
    {
        Check(input);
        if (stored is not null && Continues(input)) return Continue(stored);
        return Opened(Cart.Open(facts.Lines(input.Items), input.Amount, stored?.DiscountAmount ?? 0));
    }

    static bool Continues(OrderInput input) => input.Id is null || (input.Items is null && input.Amount is null);

    /// <summary>The ids of products and SKUs of a stored order that is continued as it is; empty for any other.</summary>
    public static IEnumerable<string> Continued(OrderInput? input, Order? stored) => input is null || stored is null || !Continues(input) ? []
        : (stored.Items ?? []).SelectMany(item => new[] { item.ProductId, item.SkuId }).OfType<string>();

    /// <summary>Checks everything of an order but its lines.</summary>
    public static void Check(OrderInput input)
    {
        Checks.Text(input.Id, "order.id");
        Checks.Text(input.SourceId, "order.source_id");
        Checks.OneOf(input.Status, "order.status", "CREATED", "PAID", "CANCELED", "FULFILLED");
        if (input.Metadata is not null) Checks.Metadata(input.Metadata, "order.metadata");
        if (input.Amount < 0) throw new ApiFault(Refusals.InvalidAmount);
        Checks.NotNegative(input.DiscountAmount, "order.discount_amount");
    }

    /// <summary>Refuses metadata of an order and of its lines that they could not be written with.</summary>
    /// <param name="schemas">The project's metadata schemas.</param>
    /// <param name="input">What was sent.</param>
    /// <param name="isNew">Whether there is no such order yet; lines are new whenever they are sent.</param>
    /// <param name="at">Where the order lies in the request, such as <c>order.</c></param>
    public static void Hold(SchemaSet schemas, OrderInput input, bool isNew, string at)
    {
        SchemaCheck.Hold(schemas, SchemaKinds.Order, input.Metadata, isNew, $"{at}metadata");
        if (!schemas.Describes(SchemaKinds.OrderItem)) return;
        for (var i = 0; i < input.Items?.Length; i++)
            SchemaCheck.Hold(schemas, SchemaKinds.OrderItem, input.Items[i].Metadata, isNew: true, $"{at}items[{i}].metadata");
    }

    /// <summary>The cart of a stored order, earlier discounts included.</summary>
    public static Cart Continue(Order stored)
    {
        var lines = (stored.Items ?? []).Select(item => new CartLine
        {
            ProductId = item.ProductId,
            SkuId = item.SkuId,
            SourceId = item.SourceId,
            RelatedObject = item.RelatedObject switch { "sku" => RelatedObject.Sku, "product" => RelatedObject.Product, _ => null },
            Quantity = item.Quantity ?? 1,
            InitialQuantity = item.InitialQuantity,
            InitialAmount = item.InitialAmount,
            Price = item.Price,
            Amount = item.Amount,
            DiscountAmount = item.DiscountAmount ?? 0,
            DiscountQuantity = item.DiscountQuantity ?? 0,
            Tag = new LineTag(item.Product, item.Sku, item.Metadata),
            Metadata = item.Metadata is { } metadata ? new(metadata) : Metadata.None,
            ProductMetadata = item.Product?.Metadata is { } ofProduct ? new(ofProduct) : Metadata.None,
            SkuMetadata = item.Sku?.Metadata is { } ofSku ? new(ofSku) : Metadata.None,
        });
        return Opened(Cart.Open([.. lines], stored.Amount, stored.DiscountAmount ?? 0, stored.InitialAmount));
    }

    static Cart Opened(CartOpening opening) => opening.Cart ?? throw new ApiFault(opening.Refusal!);

    /// <summary>The amounts and lines of a cart as an order; identity, status and dates come from <paramref name="frame"/>.</summary>
    public static Order Show(Cart cart, Order frame) => frame with
    {
        Amount = cart.Amount,
        InitialAmount = cart.InitialAmount == cart.Amount && !cart.UnitsTouched ? null : cart.InitialAmount,
        DiscountAmount = NotZero(cart.DiscountAmount),
        ItemsDiscountAmount = NotZero(cart.ItemsDiscountAmount),
        TotalDiscountAmount = NotZero(cart.TotalDiscountAmount),
        TotalAmount = cart.TotalAmount,
        AppliedDiscountAmount = NotZero(cart.AppliedDiscountAmount),
        ItemsAppliedDiscountAmount = NotZero(cart.ItemsAppliedDiscountAmount),
        TotalAppliedDiscountAmount = NotZero(cart.TotalAppliedDiscountAmount),
        Items = cart.Lines.Count == 0 ? null : [.. cart.Lines.Select(Show)],
    };

    static OrderItem Show(CartLine line)
    {
        var tag = line.Tag as LineTag;
        return new OrderItem
        {
            SkuId = line.SkuId,
            ProductId = line.ProductId,
            RelatedObject = line.RelatedObject switch { RelatedObject.Sku => "sku", RelatedObject.Product => "product", _ => null },
            SourceId = line.SourceId,
            Quantity = line.Quantity,
            DiscountQuantity = NotZero(line.DiscountQuantity),
            InitialQuantity = line.InitialQuantity,
            Amount = line.Amount,
            DiscountAmount = NotZero(line.DiscountAmount),
            AppliedDiscountAmount = NotZero(line.AppliedDiscountAmount),
            AppliedDiscountQuantity = NotZero(line.AppliedDiscountQuantity),
            AppliedQuantity = NotZero(line.AppliedQuantity),
            AppliedQuantityAmount = NotZero(line.AppliedQuantityAmount),
            InitialAmount = line.InitialAmount,
            Price = line.Price,
            SubtotalAmount = line.Subtotal,
            Product = tag?.Product,
            Sku = tag?.Sku,
            Metadata = tag?.Metadata,
        };
    }

    static long? NotZero(long amount) => amount == 0 ? null : amount;

    /// <summary>The order without its discounts, as a cancelling rollback leaves it.</summary>
    public static Order WithoutDiscounts(Order order)
    {
        var cart = Continue(order);
        var lines = cart.Lines.Where(line => line.InitialQuantity is not 0).Select(line => line with
        {
            Quantity = line.InitialQuantity ?? line.Quantity,
            Amount = line.InitialAmount ?? line.Amount,
            DiscountAmount = 0,
            DiscountQuantity = 0,
            InitialQuantity = null,
            InitialAmount = null,
        });
        return Show(Opened(Cart.Open([.. lines], cart.InitialAmount)), order);
    }

    /// <summary>The stored order with what the caller sent about its metadata and status.</summary>
    public static JsonElement MergedMetadata(Order? stored, OrderInput? input) =>
        Checks.Metadata(Merging.Metadata(stored?.Metadata, input?.Metadata));

    /// <summary>The ids of the products of its lines, each between spaces; null without any.</summary>
    public static string? Products(Order? order)
    {
        var ids = (order?.Items ?? []).Select(line => line.ProductId).OfType<string>().Distinct().ToArray();
        return ids.Length == 0 ? null : $" {string.Join(' ', ids)} ";
    }
}
