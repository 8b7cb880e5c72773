using Scrip.Engine.Carts;
using Scrip.Engine.Formulas;

namespace Scrip.Engine.Discounts;

/// <summary>What a target names: the API's <c>object</c>.</summary>
public enum TargetKind
{
    /// <summary>A product with all its SKUs.</summary>
    Product,

    /// <summary>One SKU.</summary>
    Sku,

    /// <summary>A product collection.</summary>
    Collection,
}

/// <summary>Which of the matching lines or units are discounted, and in which order: the API's <c>effect</c> of a target.</summary>
public enum TargetEffect
{
    /// <summary>APPLY_TO_EVERY: all, in the order of the cart.</summary>
    Every,

    /// <summary>APPLY_TO_CHEAPEST: the cheapest alone.</summary>
    Cheapest,

    /// <summary>APPLY_FROM_CHEAPEST: all, the cheapest first.</summary>
    FromCheapest,

    /// <summary>APPLY_TO_MOST_EXPENSIVE: the most expensive alone.</summary>
    MostExpensive,

    /// <summary>APPLY_FROM_MOST_EXPENSIVE: all, the most expensive first.</summary>
    FromMostExpensive,
}

/// <summary>A product, SKU or collection that a discount is limited to, or kept from. Amounts are minor units.</summary>
/// <param name="Kind">What it names.</param>
/// <param name="Id">The id of the product, SKU or collection.</param>
public sealed record Target(TargetKind Kind, string Id)
{
    /// <summary>The merchant's id of the product or SKU.</summary>
    public string? SourceId { get; init; }

    /// <summary>Of a SKU: the id of its product.</summary>
    public string? ProductId { get; init; }

    /// <summary>Of a SKU: the merchant's id of its product.</summary>
    public string? ProductSourceId { get; init; }

    /// <summary>Which matching lines or units, and in which order.</summary>
    public TargetEffect Effect { get; init; }

    /// <summary>A new price for a unit of this target, for FIXED discounts; null leaves that of the discount.</summary>
    public long? Price { get; init; }

    /// <summary>Calculates the new price in major units; <see cref="Price"/> is the fallback.</summary>
    public Formula? PriceFormula { get; init; }

    /// <summary>The most units discounted on one line.</summary>
    public long? QuantityLimit { get; init; }

    /// <summary>The most units discounted on all lines of this target together.</summary>
    public long? AggregatedQuantityLimit { get; init; }

    /// <summary>Limits of units over many orders; empty for most.</summary>
    public IReadOnlyList<UnitBudget> Budgets { get; init; } = [];

    /// <summary>The most one line is discounted by.</summary>
    public long? AmountLimit { get; init; }

    /// <summary>The most all lines of this target are discounted by together.</summary>
    public long? AggregatedAmountLimit { get; init; }

    /// <summary>How many lines or units are left out at first.</summary>
    public long SkipInitially { get; init; }

    /// <summary>Every n-th line or unit after those is discounted; 1 means each.</summary>
    public long Repeat { get; init; } = 1;

    /// <summary>True when skipping and repeating count single units across lines, false when they count lines.</summary>
    public bool CountsUnits { get; init; }

    /// <summary>True when the line is a product, SKU or member of this target.</summary>
    public bool Covers(CartLine line) => Kind switch
    {
        TargetKind.Collection => line.Collections.Contains(Id),
        TargetKind.Sku => line.SkuId == Id || NamedBySource(line, RelatedObject.Sku, line.SkuId),
        _ => line.ProductId == Id || NamedBySource(line, RelatedObject.Product, line.ProductId),
    };

    private bool NamedBySource(CartLine line, RelatedObject kind, string? known) =>
        known is null && line.SourceId is { } source && (source == SourceId || source == Id) && (line.RelatedObject ?? kind) == kind;
}
