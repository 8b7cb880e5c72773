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
public sealed record AssignmentTold(ValidationRule Rule, RuleAssignment Assignment);
