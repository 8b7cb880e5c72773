using Scrip.Engine.Redeeming;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Stacking;

/// <summary>Reads what a caller says of stacking rules, and checks that it makes sense together. Pure.</summary>
static class StackingTerms
{
    const int RedeemablesMax = 30;
    const int ExclusiveMax = 5;
    const int CategoryLimitMax = 10;

    /// <summary>Rules with what was sent.</summary>
    /// <exception cref="ApiFault">A field is outside its range.</exception>
    public static StackingRules Merge(StackingRules old, StackingInput input, Func<string, bool> sent) => old with
    {
        RedeemablesLimit = Limit(input.RedeemablesLimit, "redeemables_limit", RedeemablesMax) ?? old.RedeemablesLimit,
        ApplicableRedeemablesLimit = Limit(input.ApplicableRedeemablesLimit, "applicable_redeemables_limit", RedeemablesMax) ?? old.ApplicableRedeemablesLimit,
        ApplicableRedeemablesPerCategoryLimit = sent("applicable_redeemables_per_category_limit")
            ? Limit(input.ApplicableRedeemablesPerCategoryLimit, "applicable_redeemables_per_category_limit", RedeemablesMax)
            : old.ApplicableRedeemablesPerCategoryLimit,
        ApplicableRedeemablesCategoryLimits = input.ApplicableRedeemablesCategoryLimits?.ToDictionary(pair => pair.Key,
            pair => (int)Limit(pair.Value, $"applicable_redeemables_category_limits.{pair.Key}", CategoryLimitMax)!) ?? old.ApplicableRedeemablesCategoryLimits,
        ApplicableExclusiveRedeemablesLimit =
            Limit(input.ApplicableExclusiveRedeemablesLimit, "applicable_exclusive_redeemables_limit", ExclusiveMax) ?? old.ApplicableExclusiveRedeemablesLimit,
        ApplicableExclusiveRedeemablesPerCategoryLimit = sent("applicable_exclusive_redeemables_per_category_limit")
            ? Limit(input.ApplicableExclusiveRedeemablesPerCategoryLimit, "applicable_exclusive_redeemables_per_category_limit", ExclusiveMax)
            : old.ApplicableExclusiveRedeemablesPerCategoryLimit,
        ExclusiveCategories = Categories(input.ExclusiveCategories, "exclusive_categories") ?? old.ExclusiveCategories,
        JointCategories = Categories(input.JointCategories, "joint_categories") ?? old.JointCategories,
        DiscountCalculationMode = Word(input.DiscountCalculationMode, "discount_calculation_mode", old.DiscountCalculationMode,
            ("INITIAL_AMOUNT", DiscountCalculationMode.InitialAmount), ("DISCOUNTED_AMOUNT", DiscountCalculationMode.DiscountedAmount)),
        InitialAmountModeCategories = Categories(input.InitialAmountModeCategories, "initial_amount_mode_categories") ?? old.InitialAmountModeCategories,
        DiscountedAmountModeCategories = Categories(input.DiscountedAmountModeCategories, "discounted_amount_mode_categories") ?? old.DiscountedAmountModeCategories,
        ApplicationMode = Word(input.RedeemablesApplicationMode, "redeemables_application_mode", old.ApplicationMode,
            ("ALL", ApplicationMode.All), ("PARTIAL", ApplicationMode.Partial)),
        SortingRule = Word(input.RedeemablesSortingRule, "redeemables_sorting_rule", old.SortingRule,
            ("CATEGORY_HIERARCHY", SortingRule.CategoryHierarchy), ("REQUESTED_ORDER", SortingRule.RequestedOrder)),
        ProductsApplicationMode = Word(input.RedeemablesProductsApplicationMode, "redeemables_products_application_mode", old.ProductsApplicationMode,
            ("STACK", ProductsApplicationMode.Stack), ("ONCE", ProductsApplicationMode.Once)),
        NoEffectRule = Word(input.RedeemablesNoEffectRule, "redeemables_no_effect_rule", old.NoEffectRule,
            ("REDEEM_ANYWAY", NoEffectRule.RedeemAnyway), ("SKIP", NoEffectRule.Skip)),
        NoEffectSkipCategories = Categories(input.NoEffectSkipCategories, "no_effect_skip_categories") ?? old.NoEffectSkipCategories,
        NoEffectRedeemAnywayCategories = Categories(input.NoEffectRedeemAnywayCategories, "no_effect_redeem_anyway_categories") ?? old.NoEffectRedeemAnywayCategories,
        RollbackOrderMode = Word(input.RedeemablesRollbackOrderMode, "redeemables_rollback_order_mode", old.RollbackOrderMode,
            ("WITH_ORDER", RollbackOrderMode.WithOrder), ("WITHOUT_ORDER", RollbackOrderMode.WithoutOrder)),
        GroupedSortingRule = Word(input.GroupedRedeemablesSortingRule, "grouped_redeemables_sorting_rule", old.GroupedSortingRule,
            ("JOINT_ALWAYS_LAST", GroupedSortingRule.JointAlwaysLast), ("REDEEMABLES_SORTING_RULE", GroupedSortingRule.RedeemablesSortingRule)),
    };

    /// <summary>The defaults below the limits that a caller sets when it creates rules: what it does not send never contradicts it.</summary>
    public static StackingRules DefaultsFor(StackingInput input)
    {
        var rules = StackingRules.Default;
        var applicable = (int)Math.Clamp(input.ApplicableRedeemablesLimit ?? rules.ApplicableRedeemablesLimit, 1, Math.Max(1, input.RedeemablesLimit ?? RedeemablesMax));
        return rules with { ApplicableRedeemablesLimit = applicable };
    }

    /// <summary>Limits fit into each other, and no category is of two minds.</summary>
    /// <exception cref="ApiFault">They do not.</exception>
    public static StackingRules Checked(StackingRules rules)
    {
        Within(rules.ApplicableRedeemablesLimit, "applicable_redeemables_limit", rules.RedeemablesLimit, "redeemables_limit");
        Within(rules.ApplicableRedeemablesPerCategoryLimit, "applicable_redeemables_per_category_limit", rules.ApplicableRedeemablesLimit, "applicable_redeemables_limit");
        foreach (var (id, limit) in rules.ApplicableRedeemablesCategoryLimits)
            Within(limit, $"applicable_redeemables_category_limits.{id}", rules.ApplicableRedeemablesLimit, "applicable_redeemables_limit");
        Within(rules.ApplicableExclusiveRedeemablesPerCategoryLimit, "applicable_exclusive_redeemables_per_category_limit",
            rules.ApplicableExclusiveRedeemablesLimit, "applicable_exclusive_redeemables_limit");
        Apart(rules.ExclusiveCategories, "exclusive_categories", rules.JointCategories, "joint_categories");
        Apart(rules.InitialAmountModeCategories, "initial_amount_mode_categories", rules.DiscountedAmountModeCategories, "discounted_amount_mode_categories");
        Apart(rules.NoEffectSkipCategories, "no_effect_skip_categories", rules.NoEffectRedeemAnywayCategories, "no_effect_redeem_anyway_categories");
        return rules;
    }

    /// <summary>Every category that the input names.</summary>
    public static string[] Named(StackingInput input) => new[]
    {
        input.ExclusiveCategories, input.JointCategories, input.InitialAmountModeCategories, input.DiscountedAmountModeCategories,
        input.NoEffectSkipCategories, input.NoEffectRedeemAnywayCategories, input.ApplicableRedeemablesCategoryLimits?.Keys.ToArray(),
    }.SelectMany(list => list ?? []).Distinct(StringComparer.Ordinal).ToArray();

    /// <summary>The rules without a category.</summary>
    public static StackingRules Without(StackingRules rules, string id)
    {
        return rules with
        {
            ExclusiveCategories = Rest(rules.ExclusiveCategories),
            JointCategories = Rest(rules.JointCategories),
            InitialAmountModeCategories = Rest(rules.InitialAmountModeCategories),
            DiscountedAmountModeCategories = Rest(rules.DiscountedAmountModeCategories),
            NoEffectSkipCategories = Rest(rules.NoEffectSkipCategories),
            NoEffectRedeemAnywayCategories = Rest(rules.NoEffectRedeemAnywayCategories),
            ApplicableRedeemablesCategoryLimits = rules.ApplicableRedeemablesCategoryLimits.Where(pair => pair.Key != id).ToDictionary(),
        };

        string[] Rest(IReadOnlyList<string> ids) => [.. ids.Where(one => one != id)];
    }

    static int? Limit(long? value, string field, int max) => value switch
    {
        < 1 => throw Checks.Wrong(field, "must be >= 1"),
        { } above when above > max => throw Checks.Wrong(field, $"must be <= {max}"),
        _ => (int?)value,
    };

    static void Within(int? value, string field, int max, string other)
    {
        if (value > max) throw Checks.Wrong(field, $"must be <= {max}, which is {other}");
    }

    static void Apart(IReadOnlyList<string> one, string field, IReadOnlyList<string> two, string other)
    {
        if (one.Intersect(two).FirstOrDefault() is { } both) throw Checks.Wrong(field, $"must NOT name {both}, which {other} names");
    }

    static string[]? Categories(string?[]? ids, string field)
    {
        if (ids is null) return null;
        if (ids.Any(string.IsNullOrEmpty)) throw Checks.Wrong(field, "must hold ids of categories");
        return [.. ids.Distinct(StringComparer.Ordinal)!];
    }

    static T Word<T>(string? word, string field, T old, params (string Word, T Meaning)[] meanings)
    {
        if (word is null) return old;
        Checks.OneOf(word, field, meanings.Select(one => one.Word).ToArray());
        return meanings.First(one => one.Word == word).Meaning;
    }
}
