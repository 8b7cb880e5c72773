namespace Scrip.Engine.Redeeming;

/// <summary>What one failing redeemable means for the others.</summary>
public enum ApplicationMode
{
    /// <summary>ALL: every redeemable has to hold, or nothing is redeemed.</summary>
    All,

    /// <summary>PARTIAL: those that hold are redeemed, the others are reported.</summary>
    Partial,
}

/// <summary>The order in which redeemables are applied.</summary>
public enum SortingRule
{
    /// <summary>REQUESTED_ORDER: as sent.</summary>
    RequestedOrder,

    /// <summary>CATEGORY_HIERARCHY: lower category hierarchy first, ties as sent.</summary>
    CategoryHierarchy,
}

/// <summary>How often a product may be discounted.</summary>
public enum ProductsApplicationMode
{
    /// <summary>STACK: several redeemables may discount one product.</summary>
    Stack,

    /// <summary>ONCE: only the first redeemable touches a product.</summary>
    Once,
}

/// <summary>What happens to a redeemable that changes nothing.</summary>
public enum NoEffectRule
{
    /// <summary>REDEEM_ANYWAY: it is consumed.</summary>
    RedeemAnyway,

    /// <summary>SKIP: it is skipped and keeps its use.</summary>
    Skip,
}

/// <summary>What a rollback does to the order.</summary>
public enum RollbackOrderMode
{
    /// <summary>WITH_ORDER: the order is cancelled and loses its discounts.</summary>
    WithOrder,

    /// <summary>WITHOUT_ORDER: status and discounts stay.</summary>
    WithoutOrder,
}

/// <summary>Where always-stackable (joint) redeemables go when never-stackable (exclusive) ones are present.</summary>
public enum GroupedSortingRule
{
    /// <summary>JOINT_ALWAYS_LAST: behind the exclusive ones, whatever the hierarchy says.</summary>
    JointAlwaysLast,

    /// <summary>REDEEMABLES_SORTING_RULE: as <see cref="StackingRules.SortingRule"/> says.</summary>
    RedeemablesSortingRule,
}

/// <summary>What percentages are taken of.</summary>
public enum DiscountCalculationMode
{
    /// <summary>DISCOUNTED_AMOUNT: what earlier redeemables left.</summary>
    DiscountedAmount,

    /// <summary>INITIAL_AMOUNT: the original amount.</summary>
    InitialAmount,
}

/// <summary>
/// The contract's <c>stacking_rules</c> with its documented defaults. Deciding honours the redeemables limit, the
/// application mode, the applicable limit and the no-effect rule; the rest is carried for the answer.
/// </summary>
public sealed record StackingRules
{
    /// <summary>The documented defaults.</summary>
    public static readonly StackingRules Default = new();

    /// <summary>How many redeemables one request may hold: 1 to 30.</summary>
    public int RedeemablesLimit { get; init; } = 30;

    /// <summary>How many redeemables one request applies: 1 to 30; the others are skipped.</summary>
    public int ApplicableRedeemablesLimit { get; init; } = 5;

    /// <summary>How many redeemables of one category are applied; null when not limited.</summary>
    public int? ApplicableRedeemablesPerCategoryLimit { get; init; } = 1;

    /// <summary>Limits of single categories, by category id.</summary>
    public IReadOnlyDictionary<string, int> ApplicableRedeemablesCategoryLimits { get; init; } = new Dictionary<string, int>();

    /// <summary>How many exclusive redeemables are applied: 1 to 5.</summary>
    public int ApplicableExclusiveRedeemablesLimit { get; init; } = 1;

    /// <summary>How many exclusive redeemables of one category are applied; null when not limited.</summary>
    public int? ApplicableExclusiveRedeemablesPerCategoryLimit { get; init; } = 1;

    /// <summary>Ids of exclusive (never stackable) categories.</summary>
    public IReadOnlyList<string> ExclusiveCategories { get; init; } = [];

    /// <summary>Ids of joint (always stackable) categories.</summary>
    public IReadOnlyList<string> JointCategories { get; init; } = [];

    /// <summary>What one failing redeemable means for the others.</summary>
    public ApplicationMode ApplicationMode { get; init; } = ApplicationMode.All;

    /// <summary>The order in which redeemables are applied.</summary>
    public SortingRule SortingRule { get; init; } = SortingRule.RequestedOrder;

    /// <summary>How often a product may be discounted.</summary>
    public ProductsApplicationMode ProductsApplicationMode { get; init; } = ProductsApplicationMode.Stack;

    /// <summary>What happens to a redeemable that changes nothing.</summary>
    public NoEffectRule NoEffectRule { get; init; } = NoEffectRule.RedeemAnyway;

    /// <summary>Categories whose redeemables are skipped without effect, whatever <see cref="NoEffectRule"/> says.</summary>
    public IReadOnlyList<string> NoEffectSkipCategories { get; init; } = [];

    /// <summary>Categories whose redeemables are redeemed without effect, whatever <see cref="NoEffectRule"/> says.</summary>
    public IReadOnlyList<string> NoEffectRedeemAnywayCategories { get; init; } = [];

    /// <summary>What a rollback does to the order.</summary>
    public RollbackOrderMode RollbackOrderMode { get; init; } = RollbackOrderMode.WithOrder;

    /// <summary>Where joint redeemables go when exclusive ones are present.</summary>
    public GroupedSortingRule GroupedSortingRule { get; init; } = GroupedSortingRule.JointAlwaysLast;

    /// <summary>What percentages are taken of.</summary>
    public DiscountCalculationMode DiscountCalculationMode { get; init; } = DiscountCalculationMode.DiscountedAmount;

    /// <summary>Categories whose percentages are taken of the initial amount, whatever <see cref="DiscountCalculationMode"/> says.</summary>
    public IReadOnlyList<string> InitialAmountModeCategories { get; init; } = [];

    /// <summary>Categories whose percentages are taken of the discounted amount, whatever <see cref="DiscountCalculationMode"/> says.</summary>
    public IReadOnlyList<string> DiscountedAmountModeCategories { get; init; } = [];
}
