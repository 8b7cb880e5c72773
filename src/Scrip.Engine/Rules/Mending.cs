using Scrip.Engine.Facts;

namespace Scrip.Engine.Rules;

/// <summary>
/// Finds the change of one fact that makes a failing rule hold while every other fact stays as it is. It reads the
/// steps of the verdict, so that a verdict that nobody traces costs nothing. When in doubt there is no change.
/// </summary>
internal static class Mending
{
    /// <summary>The change; null when the verdict is positive, several conditions have to change, or none is known.</summary>
    /// <param name="verdict">The verdict of the only rule that fails.</param>
    /// <param name="besides">All rules of the incentive: what they say must not be undone.</param>
    public static RuleChange? Of(RuleVerdict verdict, IReadOnlyList<Rule> besides)
    {
        if (verdict.Holds || verdict.Rule is not { Set: { } set } rule || verdict.Situation is not { } situation || verdict.Incomplete) return null;
        var steps = verdict.Steps.Where(step => step.Condition is not null).ToLookup(step => step.Path);
        if (Set(set, steps, situation, null).Mend is not { } mend) return null;
        foreach (var other in besides)
            if (!ReferenceEquals(other, rule) && other.Set is { } nodes && nodes.Nodes.Any(node => Undoes(mend, node, situation))) return null;
        return mend.Step.Change;
    }

    private static State Set(RuleSet set, ILookup<string, RuleStep> steps, Situation situation, RuleNode? parent)
    {
        var states = set.Nodes.Select(node => Node(node, steps, situation)).ToArray();
        var mends = new Mend?[states.Length];
        for (var i = 0; i < states.Length; i++)
        {
            if (states[i].Mend is not { } mend || (parent is not null && Undoes(mend, parent))) continue;
            // Logic has no "not": only rules that hold can be undone.
            if (!set.Nodes.Where((_, other) => other != i && states[other].Holds).Any(node => Undoes(mend, node, situation))) mends[i] = mend;
        }
        bool[] results = [.. states.Select(state => state.Holds)];
        return new(set.Logic.Holds(results), set.Logic.Mending(results, mends));
    }

    private static State Node(RuleNode node, ILookup<string, RuleStep> steps, Situation situation)
    {
        var own = steps[node.Path].ToArray();
        if (Array.Exists(own, step => step.Holds is null)) return new(true, null);
        var subs = (node as LineRule)?.Rules;
        var failing = Array.FindAll(own, step => step.Holds == false);
        if (failing.Length == 0) return subs is null ? new(true, null) : Set(subs, steps, situation, node);
        if (failing.Length > 1 || subs is not null || failing[0].Changed.Kind == ValueKind.Missing) return new(false, null);
        var (changed, condition) = (failing[0].Changed, failing[0].Condition);
        return Array.TrueForAll(node.Conditions, one => one == condition || one.Test.Holds(changed, situation)) ? new(false, new(node, failing[0])) : new(false, null);
    }

    // A change of the lines that a parent matched must not change which ones it matches.
    private static bool Undoes(Mend mend, RuleNode parent) =>
        parent.Fact.Quantifier is Quantifier.Cheapest or Quantifier.MostExpensive || (parent.Fact.Kind == FactKind.Attribute && mend.Node.Fact.Kind == FactKind.Attribute);

    private static bool Undoes(Mend mend, RuleNode other, Situation situation)
    {
        var (fact, condition) = (mend.Node.Fact, mend.Step.Condition!);
        if (fact.Quantifier != Quantifier.NoLines)
            return other.Fact.Quantifier != Quantifier.NoLines && !(condition.Test is Naming && IsSome(other));
        if (Group(fact) != Group(other.Fact)) return false;
        if (fact.Kind == FactKind.Attribute && !other.Conditions.Any(one => Overlap(one.Property!, condition.Property!))) return false;
        return fact != other.Fact || other.Conditions.Any(one => one.Property != condition.Property || !one.Test.Holds(mend.Step.Changed, situation));
    }

    // One more line leaves alone what asks for some line.
    private static bool IsSome(RuleNode node) =>
        node is LineRule { Rules: null, Fact.Quantifier: Quantifier.Any or Quantifier.Inherited } && !node.Conditions.Any(one => one.Test is Naming { Excludes: true });

    private static bool Overlap(string a, string b) =>
        a == b || a.StartsWith(b + ".", StringComparison.Ordinal) || b.StartsWith(a + ".", StringComparison.Ordinal);

    // Facts of one group change together.
    private static string Group(Fact fact) => fact.Name switch
    {
        "order.amount" or "order.initial_amount" or "order.total_amount" or "campaign.orders.amount" or "campaign.orders.amount_discounted" or "redemption.gift.amount" => "money",
        "redemption.count.per_api_key" => "redemption.api_key",
        "redemption.count.per_user" => "redemption.user.login",
        var own => own,
    };

    private readonly record struct State(bool Holds, Mend? Mend);
}

/// <summary>A failing step whose change mends its rule.</summary>
internal readonly record struct Mend(RuleNode Node, RuleStep Step);
