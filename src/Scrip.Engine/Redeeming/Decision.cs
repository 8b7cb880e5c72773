using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Redeeming;

/// <summary>Everything a decision depends on. The same facts give the same decision.</summary>
/// <param name="Cart">The order; null when the caller sent none.</param>
/// <param name="Redeemables">In the order of the request.</param>
/// <param name="Stacking">The project's stacking rules.</param>
/// <param name="Situation">The instant, the customer and what else rules and formulas look at.</param>
public sealed record DecisionFacts(Cart? Cart, IReadOnlyList<Redeemable> Redeemables, StackingRules Stacking, Situation Situation)
{
    /// <summary>Which families of conditions are judged; a qualification leaves some out.</summary>
    public RuleFamilies Scope { get; init; } = RuleFamilies.All;

    /// <summary>False when an incomplete bundle is only reported: some qualifications tell what is missing.</summary>
    public bool CompleteBundles { get; init; } = true;
}

/// <summary>What became of one redeemable: the API's <c>status</c>.</summary>
public enum RedeemableStatus
{
    /// <summary>APPLICABLE: it holds and is part of the calculation.</summary>
    Applicable,

    /// <summary>INAPPLICABLE: it does not hold; the refusal says why.</summary>
    Inapplicable,

    /// <summary>SKIPPED: it was left out; the refusal says why.</summary>
    Skipped,
}

/// <summary>What was decided about one redeemable.</summary>
/// <param name="Redeemable">The redeemable of the facts.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Refusal">Why it is not applicable; null when it is.</param>
public sealed record RedeemableOutcome(Redeemable Redeemable, RedeemableStatus Status, Refusal? Refusal = null)
{
    /// <summary>Gift credits to take from the card, in minor units; null for anything but an applicable gift card.</summary>
    public long? Credits { get; init; }

    /// <summary>Loyalty points to take from the card; null for anything but an applicable loyalty card that pays.</summary>
    public long? Points { get; init; }

    /// <summary>What is taken off its card, credits or points; null when it is no card.</summary>
    public long? Drawn => Credits ?? Points;

    /// <summary>The cart after it: cumulative totals, applied amounts of this redeemable alone. Null when inapplicable, skipped or without an order.</summary>
    public Cart? Cart { get; init; }

    /// <summary>The discount as it was calculated; null for anything but an applicable discount.</summary>
    public Applied? Applied { get; init; }

    /// <summary>Which lines it may touch: its own targets and those of its rules together.</summary>
    public Targets Targets { get; init; } = Targets.Everything;

    /// <summary>What a redemption of it uses, whether or not a rule counts it; nothing unless applicable.</summary>
    public Usage Takes { get; init; }

    /// <summary>What a redemption adds to usage counters.</summary>
    public IReadOnlyList<KeyValuePair<UsageKey, Usage>> Used { get; init; } = [];

    /// <summary>The limits of those counters that the decision rests on; the commit guards them again.</summary>
    public IReadOnlyList<UsageLimit> Limits { get; init; } = [];

    /// <summary>The bundles of the order; null without bundle rules.</summary>
    public BundleCount? Bundles { get; init; }

    /// <summary>The conditions that were judged, for the trace.</summary>
    public IReadOnlyList<RuleStep> Steps { get; init; } = [];

    /// <summary>The smallest change of one fact that would make its rules hold; null when they hold or need more than one. Worked out when asked for.</summary>
    public RuleChange? Change => Failing is null ? null : Mending.Of(Failing, ((Incentive)Redeemable).Rules);

    /// <summary>The verdict of the only rule that fails; null when all hold or several fail.</summary>
    internal RuleVerdict? Failing { get; init; }

    /// <summary>Names of conditions that a qualification left out.</summary>
    public IReadOnlyList<string> Omitted { get; init; } = [];
}

/// <summary>The answer to a set of redeemables.</summary>
/// <param name="Valid">True when something may be redeemed: under ALL nothing failed, and at least one is applicable.</param>
/// <param name="Refusal">What is wrong with the request as a whole; then there are no outcomes.</param>
/// <param name="Outcomes">One for each redeemable, in the order in which they were considered.</param>
/// <param name="Cart">The cart after all of them, applied amounts of the whole request; null without an order.</param>
public sealed record Decision(bool Valid, Refusal? Refusal, IReadOnlyList<RedeemableOutcome> Outcomes, Cart? Cart)
{
    /// <summary>The refusal that ends a redemption: of the request, or of the first failing redeemable; null when valid.</summary>
    public Refusal? FirstRefusal => Valid ? null
        : Refusal
        ?? Outcomes.FirstOrDefault(outcome => outcome.Status == RedeemableStatus.Inapplicable)?.Refusal
        ?? Outcomes.FirstOrDefault(outcome => outcome.Status == RedeemableStatus.Skipped)?.Refusal;
}
