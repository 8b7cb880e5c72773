using System.Text.Json;
using Scrip.Engine.Rules;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.ValidationRules;

/// <summary>A validation rule as the API answers it: conditions that vouchers, campaigns and promotion tiers may be bound to.</summary>
public sealed record ValidationRule
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required JsonElement Rules { get; init; }
    public JsonElement? BundleRules { get; init; }
    public RuleError? Error { get; init; }
    public required JsonElement ApplicableTo { get; init; }
    public required string Type { get; init; }
    public required string ContextType { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public required long AssignmentsCount { get; init; }
    public string Object => "validation_rules";
}

/// <summary>The text that customers are shown when no condition has one of its own.</summary>
public sealed record RuleError
{
    public string? Message { get; init; }
}

/// <summary>What a caller may set on a rule; absent fields keep their value in an update.</summary>
public sealed record ValidationRuleInput
{
    public string? Name { get; init; }
    public JsonElement? Rules { get; init; }
    public JsonElement? BundleRules { get; init; }
    public RuleError? Error { get; init; }
    public JsonElement? ApplicableTo { get; init; }
    public string? Type { get; init; }
    public string? ContextType { get; init; }
}

/// <summary>The part of a rule that lies in its <c>body</c> column, as it was sent.</summary>
public sealed record ValidationRuleBody
{
    public JsonElement? Rules { get; init; }
    public JsonElement? BundleRules { get; init; }
    public RuleError? Error { get; init; }
    public JsonElement? ApplicableTo { get; init; }
}

/// <summary>A row of <c>validation_rules</c>.</summary>
public sealed record ValidationRuleRow
{
    static readonly JsonElement NoRules = JsonDocument.Parse("""{"logic":""}""").RootElement;
    static readonly JsonElement NoTargets = JsonDocument.Parse("""{"excluded":[],"included":[],"included_all":false}""").RootElement;

    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";
    public string ContextType { get; init; } = "";
    /// <summary>The kinds of usage counters that it looks at, between spaces; empty for none.</summary>
    public string Counted { get; init; } = "";
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";
    /// <summary>No column: how many things it is assigned to, which reads count along.</summary>
    public long AssignmentsCount { get; init; }

    /// <summary>As the API shows it.</summary>
    public ValidationRule Show()
    {
        var body = Wire.Read<ValidationRuleBody>(Body);
        return new ValidationRule
        {
            Id = Id,
            Name = Name,
            Rules = body.Rules ?? NoRules,
            BundleRules = body.BundleRules,
            Error = body.Error,
            ApplicableTo = body.ApplicableTo ?? NoTargets,
            Type = Type,
            ContextType = ContextType,
            CreatedAt = new(CreatedAt),
            UpdatedAt = Moment.From(UpdatedAt),
            AssignmentsCount = AssignmentsCount,
        };
    }

    /// <summary>The rule bound for judging. One that cannot be bound any more refuses whatever it is asked.</summary>
    public Rule Bind() => Rule.Bind(Source()).Rule ?? Rule.Never(Id);

    /// <summary>As the engine reads it.</summary>
    public RuleSource Source()
    {
        var body = Wire.Read<ValidationRuleBody>(Body);
        // A bundle that was taken away is told as an empty object.
        var bundle = body.BundleRules is { ValueKind: JsonValueKind.Object } given && given.GetPropertyCount() == 0 ? null : body.BundleRules;
        return new RuleSource(Id, body.Rules, bundle, body.ApplicableTo, body.Error?.Message);
    }
}
