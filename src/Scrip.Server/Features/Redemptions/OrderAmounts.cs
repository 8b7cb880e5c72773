using System.Text.Json;
using Scrip.Server.Features.Orders;

namespace Scrip.Server.Features.Redemptions;

/// <summary>
/// The amounts of an order and of its lines as arrays, in which a part of a stack keeps those that differ from the stack's.
/// Rows name them by their places, so places stay as they are; what is new comes last.
/// </summary>
static class OrderAmounts
{
    /// <summary>The amounts of an order, in minor units.</summary>
    public static long?[] Of(Order order) =>
    [
        order.Amount, order.InitialAmount, order.DiscountAmount, order.ItemsDiscountAmount, order.TotalDiscountAmount, order.TotalAmount,
        order.AppliedDiscountAmount, order.ItemsAppliedDiscountAmount, order.TotalAppliedDiscountAmount,
    ];

    /// <summary>The order with other amounts.</summary>
    public static Order With(Order order, long?[] amounts) => order with
    {
        Amount = amounts[0],
        InitialAmount = amounts[1],
        DiscountAmount = amounts[2],
        ItemsDiscountAmount = amounts[3],
        TotalDiscountAmount = amounts[4],
        TotalAmount = amounts[5],
        AppliedDiscountAmount = amounts[6],
        ItemsAppliedDiscountAmount = amounts[7],
        TotalAppliedDiscountAmount = amounts[8],
    };

    /// <summary>The units and amounts of a line.</summary>
    public static long?[] Of(OrderItem line) =>
    [
        line.Quantity, line.DiscountQuantity, line.InitialQuantity, line.Amount, line.DiscountAmount, line.AppliedDiscountAmount,
        line.AppliedDiscountQuantity, line.AppliedQuantity, line.AppliedQuantityAmount, line.InitialAmount, line.Price, line.SubtotalAmount,
    ];

    /// <summary>The line with other units and amounts.</summary>
    public static OrderItem With(OrderItem line, long?[] amounts) => line with
    {
        Quantity = amounts[0],
        DiscountQuantity = amounts[1],
        InitialQuantity = amounts[2],
        Amount = amounts[3],
        DiscountAmount = amounts[4],
        AppliedDiscountAmount = amounts[5],
        AppliedDiscountQuantity = amounts[6],
        AppliedQuantity = amounts[7],
        AppliedQuantityAmount = amounts[8],
        InitialAmount = amounts[9],
        Price = amounts[10],
        SubtotalAmount = amounts[11],
    };

    /// <summary>Where amounts differ from others: a place and the amount that is there, one after the other.</summary>
    public static long?[] Differing(ReadOnlySpan<long?> amounts, ReadOnlySpan<long?> from)
    {
        Span<long?> found = stackalloc long?[2 * amounts.Length];
        var count = 0;
        for (var place = 0; place < amounts.Length; place++)
        {
            if (amounts[place] == from[place]) continue;
            found[count++] = place;
            found[count++] = amounts[place];
        }
        return found[..count].ToArray();
    }

    /// <summary>Amounts with what differs in place; takes back <see cref="Differing"/>.</summary>
    public static long?[] Changed(long?[] amounts, long?[]? differing)
    {
        for (var i = 0; i < (differing?.Length ?? 0); i += 2) amounts[differing![i]!.Value] = differing[i + 1];
        return amounts;
    }

    /// <summary>What differs in the lines of a part; null when they are not the lines of the stack, or its first ones.</summary>
    public static long?[][]? LinesOf(Order order, Order stack)
    {
        if (order.Items is not { } lines) return stack.Items is null ? [] : null;
        if (stack.Items is not { } all || lines.Length > all.Length) return null;
        var differing = new long?[lines.Length][];
        for (var i = 0; i < lines.Length; i++)
        {
            if (!IsAbout(lines[i], all[i])) return null;
            differing[i] = Differing(Of(lines[i]), Of(all[i]));
        }
        return differing;
    }

    // What is neither the same object nor the same text is kept whole; comparing it would cost more than keeping it.
    static bool IsAbout(OrderItem line, OrderItem other) => line.SourceId == other.SourceId && line.ProductId == other.ProductId && line.SkuId == other.SkuId
        && line.RelatedObject == other.RelatedObject && line.Id == other.Id && ReferenceEquals(line.Product, other.Product) && ReferenceEquals(line.Sku, other.Sku)
        && IsSame(line.Metadata, other.Metadata);

    /// <summary>Whether both are the same JSON, or there is none.</summary>
    public static bool IsSame(JsonElement? one, JsonElement? other) =>
        one is { } first && other is { } second ? JsonElement.DeepEquals(first, second) : one is null && other is null;
}
