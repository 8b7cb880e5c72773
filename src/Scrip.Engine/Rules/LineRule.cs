using Scrip.Engine.Carts;

namespace Scrip.Engine.Rules;

/// <summary>
/// A rule about single lines: what they are, or one value of them. It shows one line for all its conditions, the
/// one that comes closest: a line that meets them all, else one that meets the first of them.
/// </summary>
internal sealed class LineRule(Fact fact, string number, string? message, Condition[] conditions, RuleSet? rules) : RuleNode(fact, number, message, conditions)
{
    public RuleSet? Rules => rules;

    /// <summary>What a rule without conditions asks: some line; null when it has conditions.</summary>
    public Condition? Presence { get; init; }

    public override bool Judge(Judgement judgement, List<CartLine>? lines, bool each)
    {
        var kind = Fact.Quantifier switch
        {
            Quantifier.Inherited => each ? Quantifier.Every : Quantifier.Any,
            // "The product is not X" means that no line is X.
            Quantifier.Any when Fact.RefObject is not null && Conditions.Any(one => one.Test is Naming { Excludes: true }) => Quantifier.Every,
            var own => own,
        };
        var extremes = lines is null || kind is not (Quantifier.Cheapest or Quantifier.MostExpensive) ? lines : Extremes(judgement, lines, kind);
        if (extremes is null || extremes.Count == 0)
        {
            if (!judgement.Records) return false;
            foreach (var condition in Conditions)
                judgement.Step(condition, false, default, kind == Quantifier.Any ? Changed(judgement, condition, default) : default);
            if (Presence is not null) judgement.Step(Presence, false, default, default);
            return false;
        }
        if (Presence is not null) judgement.Step(Presence, true, Value.Of(extremes), default);
        var (matched, shown) = Match(judgement, extremes, kind);
        var holds = kind switch
        {
            Quantifier.Every => matched.Count == extremes.Count,
            Quantifier.None => matched.Count == 0,
            _ => matched.Count > 0,
        };
        if (judgement.Records) Record(judgement, lines!, extremes, (matched, shown), kind, holds);
        if (!holds || rules is null) return holds;
        return rules.Judge(judgement, kind == Quantifier.None ? extremes : matched, kind != Quantifier.Any);
    }

    private void Record(Judgement judgement, List<CartLine> lines, List<CartLine> extremes, (List<CartLine> Matched, CartLine Shown) found, Quantifier kind, bool holds)
    {
        var (matched, shown) = found;
        foreach (var condition in Conditions)
        {
            var seen = condition.Test is Naming ? Value.Of(lines) : Fact.OfLine!(shown, condition.Property);
            var met = kind == Quantifier.None ? holds : Meets(judgement, condition, shown);
            // One change mends "every" only when a single line fails.
            var told = !met && (kind == Quantifier.Any || (kind == Quantifier.Every && matched.Count == extremes.Count - 1 && condition.Test is not Naming));
            judgement.Step(condition, met, seen, told ? Changed(judgement, condition, seen) : default);
        }
    }

    private static bool IsFrom(Condition condition) => condition.Operator == "$from";

    private Value Changed(Judgement judgement, Condition condition, in Value seen) =>
        condition.Test is Naming ? (Conditions.Length > 1 || IsFrom(condition) ? default : condition.Test.Nearest(seen, true)) : Fact.Possible(condition.Test.Nearest(seen, Fact.Kind == FactKind.Number));

    private bool Meets(Judgement judgement, Condition condition, CartLine line)
    {
        if (condition.Test is not Naming naming) return condition.Test.Holds(Fact.OfLine!(line, condition.Property), judgement.Situation);
        foreach (var one in naming.Refs)
            if (one.Names(line)) return !naming.Excludes;
        return naming.Excludes;
    }

    private (List<CartLine> Matched, CartLine Shown) Match(Judgement judgement, List<CartLine> lines, Quantifier kind)
    {
        var matched = new List<CartLine>(lines.Count);
        var (shown, best) = (lines[0], -1);
        foreach (var line in lines)
        {
            var met = 0;
            while (met < Conditions.Length && Meets(judgement, Conditions[met], line)) met++;
            if (met == Conditions.Length) matched.Add(line);
            // "Every" shows a line that fails, the others the line that gets farthest.
            var rank = kind == Quantifier.Every ? (met < Conditions.Length ? 1 : 0) : met;
            if (rank > best) (shown, best) = (line, rank);
        }
        return (matched, shown);
    }

    // A line whose price nobody knows could be the cheapest or the dearest, so then there is no answer.
    private List<CartLine>? Extremes(Judgement judgement, List<CartLine> lines, Quantifier kind)
    {
        var from = lines.FindAll(line => Array.TrueForAll(Conditions, one => !IsFrom(one) || Meets(judgement, one, line)));
        if (from.Count == 0 || from.Exists(line => line.Price is null)) return null;
        var price = kind == Quantifier.Cheapest ? from.Min(line => line.Price) : from.Max(line => line.Price);
        return from.FindAll(line => line.Price == price);
    }
}
