using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Carts;

/// <summary>
/// One position of a cart. Discounts never exceed the line's amount, so the subtotal is never negative; only
/// item-level effects touch a line. Its identity is its index in the cart: lines are appended, never moved.
/// </summary>
public sealed record CartLine
{
    /// <summary>The product's id, as given or resolved.</summary>
    public string? ProductId { get; init; }

    /// <summary>The SKU's id, as given or resolved.</summary>
    public string? SkuId { get; init; }

    /// <summary>The caller's own id of the product or SKU; <see cref="RelatedObject"/> says which.</summary>
    public string? SourceId { get; init; }

    /// <summary>Custom attributes of the line.</summary>
    public Metadata Metadata { get; init; }

    /// <summary>Custom attributes of its product.</summary>
    public Metadata ProductMetadata { get; init; }

    /// <summary>Custom attributes of its SKU.</summary>
    public Metadata SkuMetadata { get; init; }

    /// <summary>Ids of the product collections that its product or SKU is in.</summary>
    public IReadOnlySet<string> Collections { get; init; } = NoCollections;

    private static readonly HashSet<string> NoCollections = [];

    /// <summary>What <see cref="SourceId"/> names.</summary>
    public RelatedObject? RelatedObject { get; init; }

    /// <summary>Units, 0 or more.</summary>
    public long Quantity { get; init; } = 1;

    /// <summary>Units before free units were considered; null unless a UNIT discount touched the line, 0 on an added line.</summary>
    public long? InitialQuantity { get; init; }

    /// <summary>Minor units for one unit; null when nobody knows it.</summary>
    public long? Price { get; init; }

    /// <summary>
    /// Minor units for the line before discounts, 0 to <see cref="Money.Max"/>. <see cref="Cart.Open"/> fills it
    /// with price × quantity unless it is given; null when neither is known.
    /// </summary>
    public long? Amount { get; init; }

    /// <summary>Minor units before free units were considered; null unless a UNIT discount touched the line and it has an amount.</summary>
    public long? InitialAmount { get; init; }

    /// <summary>Item-level discounts so far, cumulative, in minor units; at most <see cref="Amount"/>.</summary>
    public long DiscountAmount { get; init; }

    /// <summary>The part of <see cref="DiscountAmount"/> that is new since the baseline of <see cref="Cart.Since"/>.</summary>
    public long AppliedDiscountAmount { get; init; }

    /// <summary>Units discounted so far; counted by UNIT discounts and by amounts taken once per unit.</summary>
    public long DiscountQuantity { get; init; }

    /// <summary>The part of <see cref="DiscountQuantity"/> that is new since the baseline.</summary>
    public long AppliedDiscountQuantity { get; init; }

    /// <summary>Units added since the baseline.</summary>
    public long AppliedQuantity { get; init; }

    /// <summary>Minor units by which added units raised <see cref="Amount"/> since the baseline.</summary>
    public long AppliedQuantityAmount { get; init; }

    /// <summary>The free unit that put this line into the cart; null on the caller's own lines.</summary>
    public FreeUnit? AddedFrom { get; init; }

    /// <summary>Whatever the caller attaches (snapshots, metadata); carried along, never read.</summary>
    public object? Tag { get; init; }

    /// <summary>Minor units left of the line: amount − item-level discounts; null without an amount.</summary>
    public long? Subtotal => Amount - DiscountAmount;

    /// <summary>Minor units an item-level effect can still take: the subtotal, 0 without an amount.</summary>
    public long Left => Subtotal ?? 0;

    /// <summary>The same line whose applied amounts and quantities cover what happened after the baseline; null is a line that was added since.</summary>
    internal CartLine Since(CartLine? before)
    {
        var discount = DiscountAmount - (before?.DiscountAmount ?? 0);
        var discounted = DiscountQuantity - (before?.DiscountQuantity ?? 0);
        var quantity = Quantity - (before?.Quantity ?? 0);
        var amount = (Amount ?? 0) - (before?.Amount ?? 0);
        return (discount, discounted, quantity, amount) == (AppliedDiscountAmount, AppliedDiscountQuantity, AppliedQuantity, AppliedQuantityAmount)
            ? this
            : this with { AppliedDiscountAmount = discount, AppliedDiscountQuantity = discounted, AppliedQuantity = quantity, AppliedQuantityAmount = amount };
    }
}
