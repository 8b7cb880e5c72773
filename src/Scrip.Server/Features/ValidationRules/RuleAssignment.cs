using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.ValidationRules;

/// <summary>That something is bound to a rule, as the API answers it.</summary>
public record RuleAssignment
{
    public required string Id { get; init; }
    public required string RuleId { get; init; }
    public required string RelatedObjectId { get; init; }
    public required string RelatedObjectType { get; init; }
    public required Moment CreatedAt { get; init; }
    public string Object => "validation_rules_assignment";
}

/// <summary>What a caller binds to a rule.</summary>
public sealed record RuleAssignmentInput
{
    public string? RelatedObjectId { get; init; }
    public string? RelatedObjectType { get; init; }
}

/// <summary>A row of <c>validation_rule_assignments</c>.</summary>
public sealed class RuleAssignmentRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string RuleId { get; init; } = "";
    public string RelatedObjectId { get; init; } = "";
    public string RelatedObjectType { get; init; } = "";
    public long CreatedAt { get; init; }

    /// <summary>As the API shows it.</summary>
    public RuleAssignment Show() => new()
    {
        Id = Id,
        RuleId = RuleId,
        RelatedObjectId = RelatedObjectId,
        RelatedObjectType = RelatedObjectType,
        CreatedAt = new(CreatedAt),
    };
}

/// <summary>The rules of one campaign or promotion tier.</summary>
/// <param name="ObjectId">Its id.</param>
/// <param name="RuleIds">The ids of its rules, oldest assignment first.</param>
public sealed record ObjectRules(string ObjectId, string[] RuleIds);
