using Scrip.Engine.Carts;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Rules;

/// <summary>One operator of one rule, bound.</summary>
/// <param name="Path">The place of the rule, such as <c>2.rules.1</c>.</param>
internal sealed record Condition(string Path, string Name, string? Property, string Operator, Test Test);

/// <summary>One verdict in the making.</summary>
/// <param name="ruleId">The rule.</param>
/// <param name="facts">What it looks at.</param>
/// <param name="steps">How many steps it records; 0 records none.</param>
internal sealed class Judgement(string ruleId, RuleFacts facts, int steps)
{
    private static readonly List<RuleStep> NoSteps = [];

    public bool Records => steps > 0;

    public RuleFacts Facts => facts;

    public Situation Situation => facts.Situation;

    public List<RuleStep> Steps { get; } = steps > 0 ? new(steps) : NoSteps;

    /// <summary>The counter that each of the top rules binds; made when the first one does.</summary>
    public UsageLimit?[]? Limits { get; set; }

    public List<string>? Omitted { get; set; }

    public bool Step(Condition condition, bool holds, in Value seen, in Value changed)
    {
        if (Records) Steps.Add(new RuleStep(ruleId, condition, holds, seen, holds ? default : changed));
        return holds;
    }

    public void LeaveOut(Condition condition)
    {
        if (Records) Steps.Add(new RuleStep(ruleId, condition, null, default, default));
    }
}

/// <summary>One numbered rule, bound: all its conditions have to hold.</summary>
internal abstract class RuleNode(Fact fact, string number, string? message, Condition[] conditions)
{
    public Fact Fact => fact;

    public string Number => number;

    /// <summary>Its place in the rule, such as <c>2.rules.1</c>.</summary>
    public required string Path { get; init; }

    public string? Message => message;

    public Condition[] Conditions => conditions;

    /// <summary>Judges the conditions.</summary>
    /// <param name="judgement">Where steps go.</param>
    /// <param name="lines">The lines it may look at; null when the request has none.</param>
    /// <param name="each">True when an inherited quantifier means each of the lines.</param>
    public abstract bool Judge(Judgement judgement, List<CartLine>? lines, bool each);

    /// <summary>The limit that a positive verdict rests on.</summary>
    public virtual UsageLimit? Limit(RuleFacts facts) => null;
}

/// <summary>A rule about one value of the request or one counter.</summary>
internal sealed class FactRule(Fact fact, string number, string? message, Condition[] conditions) : RuleNode(fact, number, message, conditions)
{
    private readonly long? max = fact.Counter is null ? null : conditions.Min(one => (long?)one.Test.Max);

    public override bool Judge(Judgement judgement, List<CartLine>? lines, bool each)
    {
        var holds = true;
        foreach (var condition in Conditions)
        {
            var seen = Seen(judgement.Facts, condition.Property);
            var met = condition.Test is Anything || condition.Test.Holds(seen, judgement.Situation);
            // What was used up cannot be given back, so counters tell no change.
            holds &= judgement.Step(condition, met, seen, met || !judgement.Records || Fact.Counter is not null || Fact.Kind == FactKind.Flag ? default : condition.Test.Nearest(seen, Fact.Kind == FactKind.Number));
        }
        return holds;
    }

    public override UsageLimit? Limit(RuleFacts facts) =>
        max is { } bound && Fact.Counter?.Key(facts.Incentive, facts.Situation) is { } key ? new UsageLimit(key, Fact.Measure, bound) : null;

    // A limit counts the redemption that asks: after it, the counter may be at the limit.
    private Value Seen(RuleFacts facts, string? property) =>
        Fact.Counter is not { } need ? Fact.Read!(facts, property)
        : need.Key(facts.Incentive, facts.Situation) is { } key
            ? Value.OfNumber((decimal)facts.Situation.Usage.Of(key).Of(Fact.Measure) + facts.Takes.Of(Fact.Measure)) : default;
}

/// <summary>A rule about a sum over lines. A line without the number makes the sum unknown.</summary>
internal sealed class SumRule(Fact fact, string number, string? message, Condition[] conditions) : RuleNode(fact, number, message, conditions)
{
    public override bool Judge(Judgement judgement, List<CartLine>? lines, bool each)
    {
        var seen = Sum(lines);
        var holds = true;
        foreach (var condition in Conditions)
        {
            var met = condition.Test.Holds(seen, judgement.Situation);
            holds &= judgement.Step(condition, met, seen, met || !judgement.Records ? default : Fact.Possible(condition.Test.Nearest(seen, true)));
        }
        return holds;
    }

    private Value Sum(List<CartLine>? lines)
    {
        if (lines is null || lines.Count == 0) return default;
        var sum = 0m;
        foreach (var line in lines)
        {
            if (Fact.Added!(line) is not { } added) return default;
            sum += added;
        }
        return Value.OfNumber(sum);
    }
}
