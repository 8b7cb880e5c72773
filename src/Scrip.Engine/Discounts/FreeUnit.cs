using Scrip.Engine.Carts;
using Scrip.Engine.Formulas;

namespace Scrip.Engine.Discounts;

/// <summary>A number of free units of one product or SKU, with the facts a new line needs.</summary>
public sealed record FreeUnit
{
    /// <summary>How many units are free: 0 to 2^31 − 1.</summary>
    public required long Count { get; init; }

    /// <summary>Calculates the count where the facts allow; <see cref="Count"/> is the fallback.</summary>
    public Formula? Formula { get; init; }

    /// <summary>How the units come into the cart.</summary>
    public required UnitEffect Effect { get; init; }

    /// <summary>The product collection whose items are added again, for ADD_SAME_ITEMS; null when a product or SKU is named.</summary>
    public string? CollectionId { get; init; }

    /// <summary>The product's id; also of the product a SKU belongs to.</summary>
    public required string ProductId { get; init; }

    /// <summary>The SKU's id, when the free unit is a SKU.</summary>
    public string? SkuId { get; init; }

    /// <summary>The merchant's id of the SKU, or of the product when there is no SKU.</summary>
    public string? SourceId { get; init; }

    /// <summary>Minor units for one unit; null makes a line without amounts.</summary>
    public long? Price { get; init; }

    /// <summary>Ids of the product collections that it is in; a line that this unit adds is in them.</summary>
    public IReadOnlySet<string> Collections { get; init; } = NoCollections;

    private static readonly HashSet<string> NoCollections = [];

    /// <summary>Whatever the caller attaches (product snapshot); copied to a line this unit adds.</summary>
    public object? Tag { get; init; }

    /// <summary>Whether this is a unit of a product or of a SKU.</summary>
    public RelatedObject Kind => SkuId is null ? RelatedObject.Product : RelatedObject.Sku;

    /// <summary>True when the line holds such units: a product covers its SKUs, a SKU only itself.</summary>
    public bool Covers(CartLine line) =>
        CollectionId is not null ? line.Collections.Contains(CollectionId)
        : SkuId is null
            ? line.ProductId == ProductId || NamedBySource(line)
            : line.SkuId == SkuId || (line.SkuId is null && NamedBySource(line));

    /// <summary>True when further units may be added to the line: it is this very product or SKU.</summary>
    public bool Is(CartLine line) => Covers(line) && (SkuId is not null || line.SkuId is null);

    private bool NamedBySource(CartLine line) =>
        line.ProductId is null && SourceId is not null && line.SourceId == SourceId
        && (line.RelatedObject ?? RelatedObject.Product) == Kind;
}
