using System.Text.Json;
using Scrip.Engine.Carts;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Earning;

/// <summary>What proportional points are counted by. Without what it measures it has no value, and earns nothing.</summary>
public abstract record Measure
{
    /// <summary>The value: minor units of money, units of items, or an attribute as it is; null when it is missing.</summary>
    public abstract decimal? Value(EarningFacts facts);
}

/// <summary>The order's amount before discounts.</summary>
public sealed record OrderAmount : Measure
{
    /// <inheritdoc/>
    public override decimal? Value(EarningFacts facts) => facts.Cart?.Amount;
}

/// <summary>What was paid for the order: its amount less all discounts.</summary>
public sealed record OrderTotalAmount : Measure
{
    /// <inheritdoc/>
    public override decimal? Value(EarningFacts facts) => facts.Cart?.TotalAmount;
}

/// <summary>A number among the attributes of something.</summary>
/// <param name="Of">Of what.</param>
/// <param name="Property">The name of the attribute.</param>
public sealed record Attribute(AttributeOwner Of, string Property) : Measure
{
    /// <inheritdoc/>
    public override decimal? Value(EarningFacts facts)
    {
        var metadata = Of switch
        {
            AttributeOwner.Order => facts.Situation.OrderMetadata,
            AttributeOwner.Customer => facts.Situation.Customer?.Metadata ?? Metadata.None,
            _ => facts.EventMetadata,
        };
        return metadata.Find(Property) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) ? value : null;
    }
}

/// <summary>Whose attributes are looked at.</summary>
public enum AttributeOwner
{
    /// <summary>The order's.</summary>
    Order,

    /// <summary>The customer's.</summary>
    Customer,

    /// <summary>The custom event's.</summary>
    Event,
}

/// <summary>The lines of the order that are covered, added up. A line counts once, however many of the ids it has.</summary>
/// <param name="What">What is added up.</param>
/// <param name="Ids">Ids of products, SKUs and collections; null covers every line.</param>
public sealed record OrderItems(ItemsOf What, IReadOnlySet<string>? Ids = null) : Measure
{
    /// <inheritdoc/>
    public override decimal? Value(EarningFacts facts)
    {
        if (facts.Cart is not { } cart) return null;
        var sum = 0m;
        foreach (var line in cart.Lines)
            if (Covers(line)) sum += Of(line);
        return sum;
    }

    private decimal Of(CartLine line) => What switch
    {
        // Only free units set the units apart that there were before.
        ItemsOf.Quantity => line.Quantity - (line.InitialQuantity is null ? 0 : Math.Min(line.DiscountQuantity, line.Quantity)),
        ItemsOf.Amount => line.Amount ?? 0,
        _ => line.Subtotal ?? 0,
    };

    private bool Covers(CartLine line) => Ids is null
        || (line.ProductId is { } product && Ids.Contains(product)) || (line.SkuId is { } sku && Ids.Contains(sku)) || line.Collections.Overlaps(Ids);
}

/// <summary>What of lines is added up.</summary>
public enum ItemsOf
{
    /// <summary>Units, without free ones.</summary>
    Quantity,

    /// <summary>Amounts before discounts.</summary>
    Amount,

    /// <summary>Amounts less the discounts of the lines.</summary>
    SubtotalAmount,
}
