using System.Diagnostics.CodeAnalysis;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.ValidationRules;

/// <summary>What is told of a rule that was made, changed or deleted.</summary>
public sealed record RuleTold(ValidationRule Rule)
{
    /// <summary>Of a new one.</summary>
    public Moment? CreatedAt { get; init; }

    /// <summary>Of one that changed.</summary>
    public Moment? UpdatedAt { get; init; }

    /// <summary>Of a deleted one.</summary>
    public Moment? DeletedAt { get; init; }
}

/// <summary>What is told of an assignment that was made or taken away; what it is assigned to is added later.</summary>
public sealed record AssignmentTold(ValidationRule Rule, ToldAssignment Assignment);

/// <summary>An assignment as webhooks tell it. A rule that could not hold for what it is assigned to is refused when it is saved, so nothing is ever omitted.</summary>
public sealed record ToldAssignment : RuleAssignment
{
    /// <summary>Tells an assignment.</summary>
    [SetsRequiredMembers]
    public ToldAssignment(RuleAssignment told) : base(told)
    {
    }

    public string ValidationStatus => "VALID";
    public string[] ValidationOmittedRules { get; } = [];
}
