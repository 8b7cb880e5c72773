using System.Text.Json.Serialization;
using Scrip.Engine.Redeeming;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Stacking;

/// <summary>
/// Stacking rules as answers tell them, and as the <c>body</c> column keeps them. The defaults of a project without
/// rules of its own have neither id nor dates.
/// </summary>
public sealed record StackingRulesView
{
    public string? Id { get; init; }
    public required long RedeemablesLimit { get; init; }
    public required long ApplicableRedeemablesLimit { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long? ApplicableRedeemablesPerCategoryLimit { get; init; }
    public required Dictionary<string, long> ApplicableRedeemablesCategoryLimits { get; init; }
    public required long ApplicableExclusiveRedeemablesLimit { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long? ApplicableExclusiveRedeemablesPerCategoryLimit { get; init; }
    public required string[] ExclusiveCategories { get; init; }
    public required string[] JointCategories { get; init; }
    public required string DiscountCalculationMode { get; init; }
    public required string[] InitialAmountModeCategories { get; init; }
    public required string[] DiscountedAmountModeCategories { get; init; }
    public required string RedeemablesApplicationMode { get; init; }
    public required string RedeemablesSortingRule { get; init; }
    public required string RedeemablesProductsApplicationMode { get; init; }
    public required string RedeemablesNoEffectRule { get; init; }
    public required string[] NoEffectSkipCategories { get; init; }
    public required string[] NoEffectRedeemAnywayCategories { get; init; }
    public required string RedeemablesRollbackOrderMode { get; init; }
    public required string GroupedRedeemablesSortingRule { get; init; }
    public Moment? CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }

    /// <summary>The rules in the API's words.</summary>
    public static StackingRulesView Of(StackingRules rules) => new()
    {
        RedeemablesLimit = rules.RedeemablesLimit,
        ApplicableRedeemablesLimit = rules.ApplicableRedeemablesLimit,
        ApplicableRedeemablesPerCategoryLimit = rules.ApplicableRedeemablesPerCategoryLimit,
        ApplicableRedeemablesCategoryLimits = rules.ApplicableRedeemablesCategoryLimits.ToDictionary(pair => pair.Key, pair => (long)pair.Value),
        ApplicableExclusiveRedeemablesLimit = rules.ApplicableExclusiveRedeemablesLimit,
        ApplicableExclusiveRedeemablesPerCategoryLimit = rules.ApplicableExclusiveRedeemablesPerCategoryLimit,
        ExclusiveCategories = [.. rules.ExclusiveCategories],
        JointCategories = [.. rules.JointCategories],
        DiscountCalculationMode = rules.DiscountCalculationMode == Engine.Redeeming.DiscountCalculationMode.InitialAmount ? "INITIAL_AMOUNT" : "DISCOUNTED_AMOUNT",
        InitialAmountModeCategories = [.. rules.InitialAmountModeCategories],
        DiscountedAmountModeCategories = [.. rules.DiscountedAmountModeCategories],
        RedeemablesApplicationMode = rules.ApplicationMode == ApplicationMode.All ? "ALL" : "PARTIAL",
        RedeemablesSortingRule = rules.SortingRule == SortingRule.RequestedOrder ? "REQUESTED_ORDER" : "CATEGORY_HIERARCHY",
        RedeemablesProductsApplicationMode = rules.ProductsApplicationMode == ProductsApplicationMode.Stack ? "STACK" : "ONCE",
        RedeemablesNoEffectRule = rules.NoEffectRule == NoEffectRule.Skip ? "SKIP" : "REDEEM_ANYWAY",
        NoEffectSkipCategories = [.. rules.NoEffectSkipCategories],
        NoEffectRedeemAnywayCategories = [.. rules.NoEffectRedeemAnywayCategories],
        RedeemablesRollbackOrderMode = rules.RollbackOrderMode == RollbackOrderMode.WithOrder ? "WITH_ORDER" : "WITHOUT_ORDER",
        GroupedRedeemablesSortingRule = rules.GroupedSortingRule == GroupedSortingRule.JointAlwaysLast ? "JOINT_ALWAYS_LAST" : "REDEEMABLES_SORTING_RULE",
    };

    /// <summary>Whether redeemables of the category are always or never stackable: JOINT, EXCLUSIVE, or null for common ones.</summary>
    public static string? TypeOf(StackingRules rules, string categoryId) =>
        rules.JointCategories.Contains(categoryId) ? "JOINT" : rules.ExclusiveCategories.Contains(categoryId) ? "EXCLUSIVE" : null;
}

/// <summary>What a caller may set; absent fields keep their value, lists are replaced.</summary>
public sealed record StackingInput
{
    public long? RedeemablesLimit { get; init; }
    public long? ApplicableRedeemablesLimit { get; init; }
    public long? ApplicableRedeemablesPerCategoryLimit { get; init; }
    public Dictionary<string, long>? ApplicableRedeemablesCategoryLimits { get; init; }
    public long? ApplicableExclusiveRedeemablesLimit { get; init; }
    public long? ApplicableExclusiveRedeemablesPerCategoryLimit { get; init; }
    public string[]? ExclusiveCategories { get; init; }
    public string[]? JointCategories { get; init; }
    public string? DiscountCalculationMode { get; init; }
    public string[]? InitialAmountModeCategories { get; init; }
    public string[]? DiscountedAmountModeCategories { get; init; }
    public string? RedeemablesApplicationMode { get; init; }
    public string? RedeemablesSortingRule { get; init; }
    public string? RedeemablesProductsApplicationMode { get; init; }
    public string? RedeemablesNoEffectRule { get; init; }
    public string[]? NoEffectSkipCategories { get; init; }
    public string[]? NoEffectRedeemAnywayCategories { get; init; }
    public string? RedeemablesRollbackOrderMode { get; init; }
    public string? GroupedRedeemablesSortingRule { get; init; }
}

/// <summary>A row of <c>stacking_rules</c>.</summary>
public sealed class StackingRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";

    /// <summary>The rules.</summary>
    public StackingRules Rules() => StackingTerms.Merge(StackingRules.Default, Wire.Read<StackingInput>(Body), static _ => true);

    /// <summary>As the API shows them.</summary>
    public StackingRulesView Show() =>
        StackingRulesView.Of(Rules()) with { Id = Id, CreatedAt = new(CreatedAt), UpdatedAt = Moment.From(UpdatedAt) };
}
