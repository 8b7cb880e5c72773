using Scrip.Engine.Carts;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Rules;

/// <summary>Numbered rules and how they are joined. Rules that the logic does not name are not judged.</summary>
internal sealed class RuleSet(RuleNode[] nodes, Logic logic)
{
    public RuleNode[] Nodes => nodes;

    public Logic Logic => logic;

    /// <summary>Judges every rule, so that the trace shows them all, then joins them.</summary>
    public bool Judge(Judgement judgement, List<CartLine>? lines, bool each)
    {
        Span<bool> results = stackalloc bool[nodes.Length];
        for (var i = 0; i < nodes.Length; i++) results[i] = nodes[i].Judge(judgement, lines, each);
        return logic.Holds(results);
    }

    /// <summary>Whether the rules of the families in scope hold; it stops where the answer is known.</summary>
    public bool HoldsTop(Judgement judgement, List<CartLine>? lines)
    {
        Span<bool> results = stackalloc bool[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            results[i] = (nodes[i].Fact.Family & judgement.Facts.Scope) == 0 || nodes[i].Judge(judgement, lines, false);
            if (!results[i] && logic.NeedsEach) return false;
        }
        return logic.Holds(results);
    }

    /// <summary>Judges the rules of the families in scope; the others hold.</summary>
    /// <returns>The rule to blame; null when the set holds.</returns>
    public RuleNode? JudgeTop(Judgement judgement, List<CartLine>? lines, List<UsageLimit> limits)
    {
        Span<bool> results = stackalloc bool[nodes.Length];
        Span<bool> binding = stackalloc bool[nodes.Length];
        for (var i = 0; i < nodes.Length; i++)
        {
            if ((nodes[i].Fact.Family & judgement.Facts.Scope) == 0)
            {
                results[i] = true;
                foreach (var condition in nodes[i].Conditions) judgement.LeaveOut(condition);
                if (nodes[i] is LineRule { Presence: { } presence }) judgement.LeaveOut(presence);
                (judgement.Omitted ??= []).Add(nodes[i].Number);
                continue;
            }
            results[i] = nodes[i].Judge(judgement, lines, false);
            if (!results[i] || nodes[i].Limit(judgement.Facts) is not { } limit) continue;
            (judgement.Limits ??= new UsageLimit?[nodes.Length])[i] = limit;
            binding[i] = true;
        }
        if (logic.Failing(results) is >= 0 and var index) return nodes[index];
        if (judgement.Limits is not { } found) return null;
        var on = new List<int>();
        logic.Resting(results, binding, on);
        foreach (var i in on) limits.Add(found[i]!.Value);
        return null;
    }
}
