namespace Scrip.Engine.Rules;

/// <summary>
/// One condition as it was judged: one operator of one rule. It holds what was seen as it is; the texts are made
/// only when somebody asks for them, so that a verdict that nobody traces costs no text.
/// </summary>
public sealed class RuleStep
{
    private readonly string? given;
    private readonly Value value;
    private readonly Test? test;
    private readonly Value changed;

    /// <summary>A step whose texts are known already.</summary>
    public RuleStep(string ruleId, string path, string name, string? property, string @operator, bool? holds, string? seen, string? needed, RuleChange? change = null)
    {
        (RuleId, Path, Name, Property, Operator, Holds) = (ruleId, path, name, property, @operator, holds);
        (given, Needed, Change) = (seen, needed, change);
    }

    internal RuleStep(string ruleId, Condition condition, bool? holds, in Value seen, in Value changed)
    {
        (RuleId, Path, Name, Property, Operator) = (ruleId, condition.Path, condition.Name, condition.Property, condition.Operator);
        (Holds, value, test, this.changed, Condition) = (holds, seen, condition.Test, changed, condition);
        Needed = test.Needed;
    }

    /// <summary>The id of the rule it belongs to.</summary>
    public string RuleId { get; }

    /// <summary>Its place in the rule, such as <c>2.rules.1</c>.</summary>
    public string Path { get; }

    /// <summary>The condition's name, such as <c>order.amount</c>.</summary>
    public string Name { get; }

    /// <summary>The attribute it looks at; null when it looks at none.</summary>
    public string? Property { get; }

    /// <summary>The operator, such as <c>$more_than</c>.</summary>
    public string Operator { get; }

    /// <summary>True when it is met; null when it was left out.</summary>
    public bool? Holds { get; }

    /// <summary>The value seen, as JSON text; null when it is missing.</summary>
    public string? Seen => test is null ? given : value.Text();

    /// <summary>The value needed, as JSON text.</summary>
    public string? Needed { get; }

    /// <summary>The smallest change that would make a failing condition hold; null when there is none to be told.</summary>
    public RuleChange? Change => test is null ? field : changed.Text() is { } to ? new RuleChange(Fact, to) : null;

    internal Condition? Condition { get; }

    internal Value Changed => changed;

    private string Fact => Property is null ? Name : $"{Name}.{Property}";
}

/// <summary>A change of one fact that flips a condition.</summary>
/// <param name="Fact">The fact, such as <c>order.amount</c>.</param>
/// <param name="To">The value it has to get, as JSON text.</param>
public sealed record RuleChange(string Fact, string To);
