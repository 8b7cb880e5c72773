using System.Text.Json;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;
using Scrip.Engine.Tracing;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>
/// Why one redeemable was decided as it was: an addition of ours, for server keys that expand <c>trace</c>. Amounts
/// are minor units, <c>exact</c> ones with fractions.
/// </summary>
public sealed record TraceView
{
    public required string Id { get; init; }
    public required string Status { get; init; }
    public string? Key { get; init; }
    public required long RequestedPlace { get; init; }
    public required long ConsideredPlace { get; init; }
    public string? StackingGroup { get; init; }
    public required TraceStepView[] Steps { get; init; }
    public CalculationView? Calculation { get; init; }
    public TraceChangeView? Change { get; init; }

    /// <summary>All redeemables of a decision, in the order in which they were considered.</summary>
    public static TraceView[] Of(DecisionFacts facts, Decision decision) => [.. Tracer.Trace(facts, decision).Select(Of)];

    static TraceView Of(RedeemableTrace trace) => new()
    {
        Id = trace.RequestedId,
        Status = trace.Status switch { RedeemableStatus.Applicable => "APPLICABLE", RedeemableStatus.Skipped => "SKIPPED", _ => "INAPPLICABLE" },
        Key = trace.Key,
        RequestedPlace = trace.Requested,
        ConsideredPlace = trace.Considered,
        StackingGroup = trace.Group,
        Steps = [.. trace.Steps.Select(TraceStepView.Of)],
        Calculation = trace.Calculation is { } calculation ? CalculationView.Of(calculation) : null,
        Change = TraceChangeView.Of(trace.Change),
    };
}

/// <summary>One check with the value seen and the value needed.</summary>
public sealed record TraceStepView
{
    public required string Kind { get; init; }
    public required string Name { get; init; }
    public string? RuleId { get; init; }
    public string? Path { get; init; }
    public string? Property { get; init; }
    /// <summary>Left out where a qualification does not ask it.</summary>
    public bool? Holds { get; init; }
    public JsonElement? Seen { get; init; }
    public string? Operator { get; init; }
    public JsonElement? Needed { get; init; }
    public TraceChangeView? Change { get; init; }

    internal static TraceStepView Of(TraceStep step) => new()
    {
        Kind = step.Kind switch { TraceKind.Rule => "rule", TraceKind.Stacking => "stacking", _ => "check" },
        Name = step.Name,
        RuleId = step.RuleId,
        Path = step.Path,
        Property = step.Property,
        Holds = step.Holds,
        Seen = Json(step.Seen),
        Operator = step.Operator,
        Needed = Json(step.Needed),
        Change = TraceChangeView.Of(step.Change),
    };

    internal static JsonElement? Json(string? text) => text is null ? null : Wire.Read<JsonElement>(text);
}

/// <summary>A change of one fact that flips a verdict.</summary>
public sealed record TraceChangeView(string Fact, JsonElement? To)
{
    internal static TraceChangeView? Of(RuleChange? change) => change is null ? null : new(change.Fact, TraceStepView.Json(change.To));
}

/// <summary>How a value was calculated.</summary>
public sealed record CalculationView
{
    public required string Type { get; init; }
    public long? TotalAmountBefore { get; init; }
    public required long Taken { get; init; }
    public decimal? Value { get; init; }
    public bool? IsDynamic { get; init; }
    public bool? OfInitialAmount { get; init; }
    public long? Bundles { get; init; }
    public RoundingView[]? Roundings { get; init; }

    internal static CalculationView Of(Calculation calculation) => new()
    {
        Type = calculation.Type,
        TotalAmountBefore = calculation.Before,
        Taken = calculation.Taken,
        Value = calculation.Value,
        IsDynamic = calculation.IsDynamic ? true : null,
        OfInitialAmount = calculation.OfInitialAmount ? true : null,
        Bundles = calculation.Bundles > 1 ? calculation.Bundles : null,
        Roundings = calculation.Roundings is { Count: > 0 } list ? [.. list.Select(one => new RoundingView(one.At, one.Exact, one.Taken))] : null,
    };
}

/// <summary>An exact value in minor units and what was taken: rounded, split or capped.</summary>
public sealed record RoundingView(string At, decimal Exact, long Taken);

/// <summary>The stored trace of a redemption, or of each part of a stack and what it left out.</summary>
public sealed record RedemptionTrace
{
    public required string RedemptionId { get; init; }
    public string Object => "redemption_trace";
    public string DataRef => "redeemables";
    public required TraceView[] Redeemables { get; init; }
}
