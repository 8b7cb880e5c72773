namespace Scrip.Engine.Redeeming;

/// <summary>
/// What stacking rules say of redeemables as a set: their order, who excludes whom, and how many are applied.
/// Source: the vendor's pages "Stacking rules" and "Manage categories".
/// </summary>
internal static class Stacking
{
    /// <summary>
    /// The order of application. Under CATEGORY_HIERARCHY lower hierarchies go first, ties as requested, those without
    /// a category last. Where exclusive and joint ones meet, JOINT_ALWAYS_LAST puts the joint ones behind.
    /// </summary>
    public static IReadOnlyList<Redeemable> Sort(IReadOnlyList<Redeemable> redeemables, StackingRules rules)
    {
        var sorted = rules.SortingRule == SortingRule.RequestedOrder ? redeemables : [.. redeemables.OrderBy(Hierarchy)];
        if (rules.GroupedSortingRule != GroupedSortingRule.JointAlwaysLast || rules.ExclusiveCategories.Count == 0 || rules.JointCategories.Count == 0)
            return sorted;
        return sorted.Any(one => IsExclusive(one, rules)) && sorted.Any(one => IsJoint(one, rules))
            ? [.. sorted.OrderBy(one => IsJoint(one, rules) ? 1 : 0)]
            : sorted;
    }

    /// <summary>True for never stackable ones.</summary>
    public static bool IsExclusive(Redeemable redeemable, StackingRules rules) =>
        redeemable is Incentive { Category: { } category } && rules.ExclusiveCategories.Contains(category.Id);

    /// <summary>True for always stackable ones.</summary>
    public static bool IsJoint(Redeemable redeemable, StackingRules rules) =>
        redeemable is Incentive { Category: { } category } && rules.JointCategories.Contains(category.Id);

    /// <summary>True when percentages of this incentive are taken of the initial amount.</summary>
    public static bool OfInitialAmount(Incentive incentive, StackingRules rules) => incentive.Category switch
    {
        { } category when rules.InitialAmountModeCategories.Contains(category.Id) => true,
        { } category when rules.DiscountedAmountModeCategories.Contains(category.Id) => false,
        _ => rules.DiscountCalculationMode == DiscountCalculationMode.InitialAmount,
    };

    /// <summary>True when this incentive is skipped rather than redeemed without an effect.</summary>
    public static bool SkipsWithoutEffect(Incentive incentive, StackingRules rules) => incentive.Category switch
    {
        { } category when rules.NoEffectSkipCategories.Contains(category.Id) => true,
        { } category when rules.NoEffectRedeemAnywayCategories.Contains(category.Id) => false,
        _ => rules.NoEffectRule == NoEffectRule.Skip,
    };

    /// <summary>The first limit that one more of this incentive would exceed; null when there is room.</summary>
    /// <param name="incentive">The next incentive.</param>
    /// <param name="applied">Those that are applied already.</param>
    /// <param name="rules">The limits.</param>
    public static Refusal? Exceeded(Incentive incentive, IReadOnlyList<Incentive> applied, StackingRules rules)
    {
        if (applied.Count >= rules.ApplicableRedeemablesLimit) return Refusals.ApplicableRedeemablesLimitExceeded;
        var ofCategory = incentive.Category is { } category ? applied.Count(one => one.Category?.Id == category.Id) : 0;
        if (incentive.Category is { } named && ofCategory >= CategoryLimit(named.Id, rules)) return Refusals.ApplicableRedeemablesPerCategoryLimitExceeded;
        if (!IsExclusive(incentive, rules)) return null;
        if (applied.Count(one => IsExclusive(one, rules)) >= rules.ApplicableExclusiveRedeemablesLimit) return Refusals.ApplicableExclusiveRedeemablesLimitExceeded;
        return ofCategory >= (rules.ApplicableExclusiveRedeemablesPerCategoryLimit ?? int.MaxValue)
            ? Refusals.ApplicableExclusiveRedeemablesPerCategoryLimitExceeded
            : null;
    }

    // A category's own limit replaces the one for all categories.
    private static int CategoryLimit(string id, StackingRules rules) =>
        rules.ApplicableRedeemablesCategoryLimits.TryGetValue(id, out var own) ? own : rules.ApplicableRedeemablesPerCategoryLimit ?? int.MaxValue;

    private static int Hierarchy(Redeemable redeemable) => redeemable is Incentive { Category: { } category } ? category.Hierarchy : int.MaxValue;
}
