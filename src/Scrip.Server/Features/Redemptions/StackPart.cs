using Scrip.Server.Features.Orders;

namespace Scrip.Server.Features.Redemptions;

/// <summary>
/// A part of a stack as its <c>body</c> column keeps it. Customer and order of a stack are kept once, with its parent;
/// of its own order a part keeps the amounts. Parts and their parent are written together and none of them is deleted
/// alone. A body without <see cref="Part"/> is a whole redemption.
/// </summary>
public sealed record StackPart
{
    /// <summary>The redemption without what the parent tells.</summary>
    public Redemption? Part { get; init; }

    /// <summary>Whether the order is the parent's.</summary>
    public bool SameOrder { get; init; }

    /// <summary>Whether lines have the parent's names and products, so that only amounts are kept; a line that is the parent's is null.</summary>
    public bool SameLines { get; init; }

    /// <summary>What is kept of a part.</summary>
    public static StackPart Of(Redemption part, Redemption parent)
    {
        var kept = part with { Customer = ReferenceEquals(part.Customer, parent.Customer) ? null : part.Customer };
        if (part.Order is not { } order || parent.Order is not { } whole) return new() { Part = kept };
        if (ReferenceEquals(order, whole)) return new() { Part = kept with { Order = null }, SameOrder = true };
        var sameLines = order.Items is { } lines && whole.Items is { } all && lines.Length <= all.Length && !lines.Where((line, i) => !IsAbout(line, all[i])).Any();
        return new()
        {
            SameLines = sameLines,
            Part = kept with
            {
                Order = Amounts(new Order { Metadata = Platform.Http.Checks.Metadata(null) }, order) with
                {
                    Items = sameLines ? [.. order.Items!.Select((line, i) => line == whole.Items![i] ? null! : Amounts(new OrderItem(), line))] : order.Items,
                },
            },
        };
    }

    /// <summary>The redemption as it was answered.</summary>
    public Redemption Whole(Redemption parent)
    {
        var whole = Part! with { Customer = Part!.Customer ?? parent.Customer };
        if (SameOrder) return whole with { Order = parent.Order };
        if (Part.Order is not { } kept || parent.Order is not { } order) return whole;
        var lines = SameLines ? [.. kept.Items!.Select((line, i) => line is null ? order.Items![i] : Amounts(order.Items![i], line))] : kept.Items;
        return whole with { Order = Amounts(order, kept) with { Items = lines } };
    }

    static Order Amounts(Order order, Order of) => order with
    {
        Amount = of.Amount,
        InitialAmount = of.InitialAmount,
        DiscountAmount = of.DiscountAmount,
        ItemsDiscountAmount = of.ItemsDiscountAmount,
        TotalDiscountAmount = of.TotalDiscountAmount,
        TotalAmount = of.TotalAmount,
        AppliedDiscountAmount = of.AppliedDiscountAmount,
        ItemsAppliedDiscountAmount = of.ItemsAppliedDiscountAmount,
        TotalAppliedDiscountAmount = of.TotalAppliedDiscountAmount,
    };

    static OrderItem Amounts(OrderItem line, OrderItem of) => line with
    {
        Quantity = of.Quantity,
        DiscountQuantity = of.DiscountQuantity,
        InitialQuantity = of.InitialQuantity,
        Amount = of.Amount,
        DiscountAmount = of.DiscountAmount,
        AppliedDiscountAmount = of.AppliedDiscountAmount,
        AppliedDiscountQuantity = of.AppliedDiscountQuantity,
        AppliedQuantity = of.AppliedQuantity,
        AppliedQuantityAmount = of.AppliedQuantityAmount,
        InitialAmount = of.InitialAmount,
        Price = of.Price,
        SubtotalAmount = of.SubtotalAmount,
    };

    // What is neither the same object nor the same text is kept whole; comparing it would cost more than keeping it.
    static bool IsAbout(OrderItem line, OrderItem other) => line.SourceId == other.SourceId && line.ProductId == other.ProductId && line.SkuId == other.SkuId
        && line.RelatedObject == other.RelatedObject && line.Id == other.Id && ReferenceEquals(line.Product, other.Product) && ReferenceEquals(line.Sku, other.Sku)
        && IsSame(line.Metadata, other.Metadata);

    static bool IsSame(System.Text.Json.JsonElement? one, System.Text.Json.JsonElement? other) =>
        one is { } first && other is { } second ? System.Text.Json.JsonElement.DeepEquals(first, second) : one is null && other is null;
}
