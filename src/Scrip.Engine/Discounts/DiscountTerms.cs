using Scrip.Engine.Carts;
using Scrip.Engine.Formulas;

namespace Scrip.Engine.Discounts;

/// <summary>Under which terms a discount is calculated, besides cart and targets.</summary>
public sealed record DiscountTerms
{
    // Before Plain, which starts with it.
    private static readonly HashSet<int> NothingClosed = [];

    /// <summary>Percentages of what earlier discounts left, no bundles, no formulas.</summary>
    public static readonly DiscountTerms Plain = new();

    /// <summary>Percentages are taken of the amounts before all discounts, not of what is left.</summary>
    public bool OfInitialAmount { get; init; }

    /// <summary>Complete bundles in the order: what amounts, percentages and unit limits are multiplied by.</summary>
    public long Bundles { get; init; } = 1;

    /// <summary>Indices of lines that may not be touched, since an earlier redeemable discounted their product (products mode ONCE).</summary>
    public IReadOnlySet<int> Closed { get; init; } = NothingClosed;

    /// <summary>Budgets of units over many orders; null when none count.</summary>
    public UnitBudgets? Budgets { get; init; }

    /// <summary>What formulas look at; null lets the plain values apply.</summary>
    public FormulaFacts? Facts { get; init; }
}

/// <summary>A discount as it was applied.</summary>
/// <param name="Cart">The cart after it; its applied amounts cover this discount alone.</param>
/// <param name="Discount">The discount with the values that were used: formulas calculated, bundles multiplied; as it was given where lines have values of their own.</param>
public sealed record Applied(Cart Cart, Discount Discount)
{
    /// <summary>What each included target got, in their order; empty when none is named.</summary>
    public IReadOnlyList<TargetUse> Targets { get; init; } = [];

    /// <summary>What it takes of budgets of units; empty for most.</summary>
    public IReadOnlyCollection<UnitsTaken> UnitsTaken { get; init; } = [];

    /// <summary>True when a formula calculated a value.</summary>
    public bool IsDynamic { get; init; }
}

/// <summary>What one included target covered.</summary>
/// <param name="Index">Its place among the included targets.</param>
public sealed record TargetUse(int Index)
{
    /// <summary>Indices of the lines it discounted.</summary>
    public IReadOnlyList<int> Lines { get; init; } = [];

    /// <summary>The units it discounted, where units were counted.</summary>
    public IReadOnlyList<LineUnits> Units { get; init; } = [];
}

/// <summary>Units of one line that a target discounted.</summary>
/// <param name="Line">The index of the line.</param>
/// <param name="Units">The units, counted from 1 within the line.</param>
/// <param name="LimitExceeded">True when the cart has too many units to list them; they are discounted all the same.</param>
public sealed record LineUnits(int Line, IReadOnlyList<int> Units, bool LimitExceeded);
