using Scrip.Engine.Carts;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Rules;

/// <summary>Which operators and operands fit a fact.</summary>
internal enum FactKind
{
    /// <summary>A whole number: amounts in minor units, quantities, counters.</summary>
    Number,

    /// <summary>One id or login, or a set of ids.</summary>
    Id,

    /// <summary>A custom attribute of any type; the rule has a <c>property</c>.</summary>
    Attribute,

    /// <summary>True or false.</summary>
    Flag,

    /// <summary>Lines that products, SKUs and collections name.</summary>
    Lines,
}

/// <summary>Which lines of those it looks at a rule speaks of.</summary>
internal enum Quantifier
{
    /// <summary>The rule is not about lines.</summary>
    NoLines,
    Any,
    Every,
    None,
    Cheapest,
    MostExpensive,

    /// <summary>As the parent says: any line of an <c>any</c>, each line of the others.</summary>
    Inherited,

    /// <summary>All lines added up.</summary>
    Sum,
}

/// <summary>A name of the contract's table, and how its value is found. Exactly one way of reading is set.</summary>
internal sealed record Fact(string Name, FactKind Kind, RuleFamilies Family)
{
    public Func<RuleFacts, string?, Value>? Read { get; init; }

    public UsageNeed? Counter { get; init; }

    public UsageMeasure Measure { get; init; }

    public Quantifier Quantifier { get; init; }

    public Func<CartLine, string?, Value>? OfLine { get; init; }

    /// <summary>What a <see cref="Quantifier.Sum"/> adds up; null of a line makes the sum missing.</summary>
    public Func<CartLine, long?>? Added { get; init; }

    /// <summary>The kind of object that plain ids name.</summary>
    public string? RefObject { get; init; }

    public bool NeedsCustomer { get; init; }

    /// <summary>True when it depends on what the incentive does to the order.</summary>
    public bool NeedsOutcome { get; init; }

    // Lines of no units are not in the cart, so nothing can be asked of them.
    public Value Possible(in Value changed) =>
        Quantifier != Quantifier.NoLines && (Name == "order.items.count" || Name.EndsWith("quantity", StringComparison.Ordinal)) && changed.Number == 0 ? default : changed;

    public bool MayHaveRules => Kind == FactKind.Lines && Quantifier != Quantifier.None || Name is "product.metadata" or "product.metadata.match_all";

    public bool MayBeSubRule => OfLine is not null || Quantifier == Quantifier.Sum || Kind == FactKind.Flag && Family == RuleFamilies.Products;

    /// <summary>An attribute; a name or text that is not valid Unicode is as good as missing.</summary>
    public static Value Attribute(Metadata metadata, string? name)
    {
        try
        {
            return Value.Of(metadata.Find(name ?? ""));
        }
        catch (InvalidOperationException)
        {
            return default;
        }
    }
}
