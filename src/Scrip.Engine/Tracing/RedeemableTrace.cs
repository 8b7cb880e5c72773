using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Tracing;

/// <summary>Why one redeemable was decided as it was, in the order in which it was asked.</summary>
/// <param name="RequestedId">The id as the caller wrote it.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Key">The key of the refusal; null when it is applicable.</param>
public sealed record RedeemableTrace(string RequestedId, RedeemableStatus Status, string? Key)
{
    /// <summary>Its place in the request, from 1.</summary>
    public required int Requested { get; init; }

    /// <summary>Its place in the order of application, from 1.</summary>
    public required int Considered { get; init; }

    /// <summary>How it stacks: <c>exclusive</c>, <c>joint</c> or <c>common</c>; null for what does not exist.</summary>
    public string? Group { get; init; }

    /// <summary>The checks that were made, up to the one that ended it: the incentive itself, its rules, the stacking rules.</summary>
    public required IReadOnlyList<TraceStep> Steps { get; init; }

    /// <summary>How its value was calculated; null when nothing was.</summary>
    public Calculation? Calculation { get; init; }

    /// <summary>
    /// The smallest single change that would flip the verdict; null where none is known. Of a refusal it names what
    /// would lift this one; a later check may still refuse.
    /// </summary>
    public RuleChange? Change { get; init; }
}

/// <summary>What kind of check a step was.</summary>
public enum TraceKind
{
    /// <summary>The voucher or tier itself: dates, uses, credits.</summary>
    Check,

    /// <summary>A condition of a validation rule.</summary>
    Rule,

    /// <summary>The stacking rules.</summary>
    Stacking,
}

/// <summary>One check.</summary>
/// <param name="Kind">What kind of check it was.</param>
/// <param name="Name">What was looked at, such as <c>order.amount</c> or <c>voucher.redemption.quantity</c>.</param>
/// <param name="Holds">True when it is met; null when it was left out.</param>
/// <param name="Seen">The value seen, as JSON text; null when it is missing.</param>
/// <param name="Operator">How seen and needed were compared.</param>
/// <param name="Needed">The value needed, as JSON text.</param>
public sealed record TraceStep(TraceKind Kind, string Name, bool? Holds, string? Seen, string? Operator, string? Needed)
{
    /// <summary>The validation rule's id.</summary>
    public string? RuleId { get; init; }

    /// <summary>The place of the condition in the rule, such as <c>2.rules.1</c>.</summary>
    public string? Path { get; init; }

    /// <summary>The metadata property that was looked at.</summary>
    public string? Property { get; init; }

    /// <summary>The change of one fact that would flip this step.</summary>
    public RuleChange? Change { get; init; }
}

/// <summary>How a value was calculated. Amounts are minor units.</summary>
/// <param name="Type">AMOUNT, PERCENT, FIXED, UNIT, GIFT or POINTS, whose value is the points.</param>
/// <param name="Before">What was left of the order before it; null when unknown.</param>
/// <param name="Taken">What it takes off in all.</param>
public sealed record Calculation(string Type, long? Before, long Taken)
{
    /// <summary>The value that was used after formulas and bundles: minor units, per cent or units.</summary>
    public decimal? Value { get; init; }

    /// <summary>True when a formula calculated it.</summary>
    public bool IsDynamic { get; init; }

    /// <summary>True when percentages were taken of the initial amount.</summary>
    public bool OfInitialAmount { get; init; }

    /// <summary>How many bundles it was multiplied by.</summary>
    public long Bundles { get; init; } = 1;

    /// <summary>Where an exact value and what was taken differ: rounded, split or capped.</summary>
    public IReadOnlyList<Rounding> Roundings { get; init; } = [];
}

/// <summary>An exact value and what became of it.</summary>
/// <param name="At"><c>order</c>, or <c>items[3]</c> with the line's index.</param>
/// <param name="Exact">The exact value in minor units.</param>
/// <param name="Taken">What was taken.</param>
public sealed record Rounding(string At, decimal Exact, long Taken);
