namespace Scrip.Engine.Rules;

/// <summary>
/// What has to be there for a rule to hold, as far as it can be told without judging it. Never more than is really
/// needed: facts that meet a requirement may fail the rule, facts that do not meet it always do.
/// </summary>
internal static class Requirement
{
    /// <summary>
    /// Ids one of which the cart (family Products: ids of products, SKUs, collections) or the customer (Audience: segments)
    /// has to have while that family is asked; null when the rule may hold without any.
    /// </summary>
    public static string[]? Ids(Rule rule, RuleFamilies family)
    {
        if (rule.Set is not { } set) return null;
        var ofRules = new string[]?[set.Nodes.Length];
        for (var i = 0; i < ofRules.Length; i++)
            if (set.Nodes[i].Fact.Family == family) ofRules[i] = Ids(set.Nodes[i]);
        return set.Logic.Required(ofRules);
    }

    /// <summary>The bounds, in minor units, that <c>order.initial_amount</c> has to keep while conditions of the order are asked; null where there is none.</summary>
    public static (decimal? Least, decimal? Most) InitialAmount(Rule rule)
    {
        (decimal? Least, decimal? Most) bounds = default;
        if (rule.Set is not { Logic.NeedsEach: true } set) return bounds;
        foreach (var node in set.Nodes)
        {
            if (node.Fact.Name != FactTable.InitialAmount) continue;
            foreach (var condition in node.Conditions)
            {
                if (condition.Test.Min is { } least && !(bounds.Least >= least)) bounds.Least = least;
                if (condition.Test.Max is { } most && !(bounds.Most <= most)) bounds.Most = most;
            }
        }
        return bounds;
    }

    private static string[]? Ids(RuleNode node)
    {
        string[]? fewest = null;
        foreach (var condition in node.Conditions)
            if (Ids(node, condition) is { } ids && (fewest is null || ids.Length < fewest.Length)) fewest = ids;
        return fewest;
    }

    // Only a rule that no line may match holds of a cart without what it names.
    private static string[]? Ids(RuleNode node, Condition condition) => node switch
    {
        LineRule { Fact.Quantifier: not Quantifier.None } when condition.Test is Naming { Excludes: false } naming =>
            [.. naming.Refs.SelectMany(one => new[] { one.Id, one.SourceId }).OfType<string>().Distinct()],
        FactRule { Fact.Name: FactTable.Segment } => condition.Test.Texts,
        _ => null,
    };
}
