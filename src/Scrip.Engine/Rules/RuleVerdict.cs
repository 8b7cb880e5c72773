using Scrip.Engine.Facts;

namespace Scrip.Engine.Rules;

/// <summary>What a rule says of the facts.</summary>
/// <param name="Holds">True when it is met.</param>
/// <param name="Refusal">Why it is not met; null when it is.</param>
/// <param name="Limits">The counters a positive verdict rests on; the commit guards them again.</param>
/// <param name="Bundles">How many bundles the order has, as far as the rule allows: what the discount is multiplied by; null without bundle rules.</param>
/// <param name="Steps">What was looked at, for the trace.</param>
public sealed record RuleVerdict(bool Holds, Refusal? Refusal, IReadOnlyList<UsageLimit> Limits, BundleCount? Bundles, IReadOnlyList<RuleStep> Steps)
{
    /// <summary>Met, and nothing was looked at.</summary>
    public static readonly RuleVerdict Holding = new(true, null, [], null, []);

    /// <summary>Numbers of the rules that were left out because of <see cref="RuleFacts.Scope"/>, such as <c>2</c>; no duplicates.</summary>
    public IReadOnlyList<string> Omitted { get; init; } = [];

    /// <summary>
    /// The change of one fact that would make the whole rule hold while all other facts stay; null when it holds,
    /// when more than one condition has to change, or when none is known. Worked out when asked for.
    /// </summary>
    public RuleChange? Change => Mending.Of(this, []);

    internal Rule? Rule { get; init; }

    internal Situation? Situation { get; init; }

    /// <summary>True when the bundle is to blame, which no single change mends.</summary>
    internal bool Incomplete { get; init; }
}

/// <summary>The bundles of an order.</summary>
/// <param name="Quantity">Complete bundles, at most the rule's limit.</param>
/// <param name="Identified">What of the bundle the order has.</param>
/// <param name="Missing">What it lacks for the first one; empty once one is complete.</param>
public sealed record BundleCount(long Quantity, IReadOnlyList<BundlePart> Identified, IReadOnlyList<BundlePart> Missing)
{
    /// <summary>Bundles that count at most.</summary>
    public long Limit { get; init; } = 1;
}

/// <summary>One product or collection of a bundle.</summary>
/// <param name="Id">The id of the product, SKU or collection.</param>
/// <param name="Object"><c>product</c>, <c>sku</c> or <c>products_collection</c>.</param>
/// <param name="Quantity">Units.</param>
public sealed record BundlePart(string Id, string Object, long Quantity)
{
    /// <summary>The indices of the lines that were counted.</summary>
    public IReadOnlyList<int> Lines { get; init; } = [];
}
