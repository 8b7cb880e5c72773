using System.Text.Json;
using Scrip.Engine.Carts;

namespace Scrip.Engine.Discounts;

/// <summary>
/// Which lines an item-level effect may touch. Without an inclusion every line may; exclusion beats inclusion; a
/// product covers its SKUs, a SKU only itself. Immutable.
/// </summary>
public sealed class Targets
{
    /// <summary>Every line, nothing included or excluded by name.</summary>
    public static readonly Targets Everything = new([], []);

    private readonly Targets? also;

    /// <summary>Targets of one rule.</summary>
    /// <param name="included">What may be touched; empty means everything.</param>
    /// <param name="excluded">What may not.</param>
    /// <param name="also">Another rule's targets that have to cover a line, too.</param>
    /// <param name="everywhere">True when everything may be touched; what is included then only has limits of its own.</param>
    public Targets(IReadOnlyList<Target> included, IReadOnlyList<Target> excluded, Targets? also = null, bool everywhere = false)
    {
        Everywhere = everywhere;
        Included = included;
        Excluded = excluded;
        this.also = also;
        HaveBudgets = included.Any(target => target.Budgets.Count > 0) || also?.HaveBudgets == true;
    }

    /// <summary>Targets from ids of products and SKUs.</summary>
    public static Targets OfIds(IEnumerable<string> included, IEnumerable<string> excluded) => new([.. included.SelectMany(Either)], [.. excluded.SelectMany(Either)]);

    private static Target[] Either(string id) => [new(TargetKind.Product, id), new(TargetKind.Sku, id)];

    /// <summary>True when everything may be touched though something is included by name.</summary>
    public bool Everywhere { get; }

    /// <summary>What may be touched, in the order of the rule; empty means everything.</summary>
    public IReadOnlyList<Target> Included { get; }

    /// <summary>What may not be touched.</summary>
    public IReadOnlyList<Target> Excluded { get; }

    /// <summary>The first of the rules that includes something by name, or this one: what was used is told of it.</summary>
    public Targets Naming => Included.Count == 0 && also is not null ? also.Naming : this;

    /// <summary>The targets of another rule that has to hold, too; null for one rule alone.</summary>
    public Targets? Also => also;

    /// <summary>True when products are included or excluded by name.</summary>
    public bool NameProducts => Included.Count + Excluded.Count > 0 || also?.NameProducts == true;

    /// <summary>True when some target has a limit of units over many orders.</summary>
    public bool HaveBudgets { get; }

    /// <summary>True when the line may be touched.</summary>
    public bool Cover(CartLine line)
    {
        for (var i = 0; i < Excluded.Count; i++)
            if (Excluded[i].Covers(line)) return false;
        return (Included.Count == 0 || Everywhere || Names(line)) && also?.Cover(line) != false;
    }

    private bool Names(CartLine line)
    {
        for (var i = 0; i < Included.Count; i++)
            if (Included[i].Covers(line)) return true;
        return false;
    }

    /// <summary>The effect, or the documented default: items when products are named, else the order.</summary>
    public DiscountEffect EffectOr(DiscountEffect? effect) =>
        effect ?? (NameProducts ? DiscountEffect.ApplyToItems : DiscountEffect.ApplyToOrder);

    /// <summary>Reads the API's <c>applicable_to</c>.</summary>
    public static TargetsReading Read(JsonElement applicableTo) => TargetsReader.Read(applicableTo);

    /// <summary>The targets of two rules that both have to hold: a line is covered by each, and the limits of both count.</summary>
    public static Targets Both(Targets a, Targets b) => !a.NameProducts ? b : !b.NameProducts || ReferenceEquals(a, b) ? a
        : new(b.Included, b.Excluded, b.also is null ? a : Both(a, b.also), b.Everywhere);
}

/// <summary>What <see cref="Targets.Read"/> answers: exactly one of the two is set.</summary>
/// <param name="Targets">The targets.</param>
/// <param name="Fault">Where they are wrong and why.</param>
public readonly record struct TargetsReading(Targets? Targets, string? Fault);
