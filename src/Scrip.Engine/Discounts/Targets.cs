using System.Text.Json;
using Scrip.Engine.Carts;

namespace Scrip.Engine.Discounts;

/// <summary>
/// Which lines an item-level effect may touch, by product and SKU ids (source ids may be listed too).
/// An empty inclusion means every line; exclusion beats inclusion; a product covers its SKUs, a SKU only itself.
/// </summary>
public sealed class Targets
{
    /// <summary>Every line, nothing included or excluded by name.</summary>
    public static readonly Targets Everything = new([], []);

    private readonly HashSet<string> included;
    private readonly HashSet<string> excluded;

    /// <summary>Targets from ids of products and SKUs.</summary>
    public Targets(IEnumerable<string> included, IEnumerable<string> excluded)
    {
        this.included = [.. included];
        this.excluded = [.. excluded];
    }

    /// <summary>Reads the API's <c>applicable_to</c>.</summary>
    public static TargetsReading Read(JsonElement applicableTo) =>
        applicableTo.ValueKind == JsonValueKind.Object ? new(Everything, null) : new(null, "applicable_to must be object");

    /// <summary>The targets of two rules that both have to hold.</summary>
    public static Targets Both(Targets a, Targets b) => ReferenceEquals(a, Everything) ? b : ReferenceEquals(b, Everything) ? a
        : new([.. a.included, .. b.included], [.. a.excluded, .. b.excluded]);

    /// <summary>The ids of included products and SKUs.</summary>
    public IReadOnlyCollection<string> Included => included;

    /// <summary>The ids of excluded products and SKUs.</summary>
    public IReadOnlyCollection<string> Excluded => excluded;

    /// <summary>True when products are included or excluded by name.</summary>
    public bool NameProducts => included.Count + excluded.Count > 0;

    /// <summary>True when the line may be touched.</summary>
    public bool Cover(CartLine line) =>
        (excluded.Count == 0 || !Names(excluded, line)) && (included.Count == 0 || Names(included, line));

    /// <summary>The effect, or the documented default: items when products are named, else the order.</summary>
    public DiscountEffect EffectOr(DiscountEffect? effect) =>
        effect ?? (NameProducts ? DiscountEffect.ApplyToItems : DiscountEffect.ApplyToOrder);

    private static bool Names(HashSet<string> ids, CartLine line) =>
        (line.ProductId is { } product && ids.Contains(product))
        || (line.SkuId is { } sku && ids.Contains(sku))
        || (line.SourceId is { } source && ids.Contains(source));
}

/// <summary>What <see cref="Targets.Read"/> answers: exactly one of the two is set.</summary>
/// <param name="Targets">The targets.</param>
/// <param name="Fault">Where they are wrong and why.</param>
public readonly record struct TargetsReading(Targets? Targets, string? Fault);
