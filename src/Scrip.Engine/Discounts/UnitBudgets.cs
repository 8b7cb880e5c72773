using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Formulas;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Discounts;

/// <summary>
/// How many units of a target are discounted in all orders together. Units above it keep their price. Source: the
/// vendor's page on discount types, "Discounted product limits".
/// </summary>
/// <param name="OfTier">True when it covers the promotion tier, false when the whole campaign.</param>
/// <param name="PerCustomer">True when each customer has it.</param>
/// <param name="PerProduct">True when each product of the collection has it.</param>
/// <param name="Limit">Units; null when only the formula says it.</param>
/// <param name="Formula">Calculates the limit, rounded down; <see cref="Limit"/> is the fallback.</param>
public sealed record UnitBudget(bool OfTier, bool PerCustomer, bool PerProduct, long? Limit, Formula? Formula);

/// <summary>Units that a discount takes of a budget.</summary>
/// <param name="Key">The counter.</param>
/// <param name="Units">How many units were discounted.</param>
/// <param name="Max">What the counter may be afterwards.</param>
public sealed record UnitsTaken(UsageKey Key, long Units, long Max);

/// <summary>
/// The unit budgets of one incentive in one request. A budget for each customer has nothing left for nobody; a voucher
/// without a campaign, or without a tier, counts for itself.
/// </summary>
/// <param name="incentive">The voucher or tier.</param>
/// <param name="facts">What formulas look at, and the counters.</param>
public sealed class UnitBudgets(Incentive incentive, FormulaFacts facts)
{
    private readonly Incentive incentive = incentive;
    private readonly FormulaFacts facts = facts;

    /// <summary>Begins every scope of a counter of units.</summary>
    public const string Prefix = "units ";

    /// <summary>The counters that the lines of a cart would draw on.</summary>
    public static IEnumerable<UsageKey> Keys(Incentive incentive, Cart? cart, Situation situation)
    {
        foreach (var rule in incentive.Rules)
        {
            if (!rule.Targets.HaveBudgets) continue;
            foreach (var target in rule.Targets.Included)
                foreach (var budget in target.Budgets)
                    foreach (var line in cart?.Lines ?? [])
                        if (target.Covers(line) && Key(incentive, target, budget, line, situation) is { } key) yield return key;
        }
    }

    /// <summary>Starts to count what one plan takes.</summary>
    internal Room Start() => new(this);

    /// <summary>What discounted units of a line take of the budgets of its targets.</summary>
    internal void Take(Dictionary<UsageKey, UnitsTaken> taken, IEnumerable<Target> targets, CartLine line, long units)
    {
        var seen = new HashSet<UsageKey>();
        foreach (var target in targets)
            foreach (var budget in target.Budgets)
            {
                if (Key(incentive, target, budget, line, facts.Situation) is not { } key) continue;
                var max = Max(budget);
                var before = taken.GetValueOrDefault(key) ?? new(key, 0, max);
                taken[key] = before with { Units = before.Units + (seen.Add(key) ? units : 0), Max = Math.Min(before.Max, max) };
            }
    }

    private static UsageKey? Key(Incentive incentive, Target target, UnitBudget budget, CartLine line, Situation situation)
    {
        if (budget.PerCustomer && situation.Customer is null) return null;
        var of = target.Kind switch { TargetKind.Collection => "collection:", TargetKind.Sku => "sku:", _ => "product:" };
        var product = budget.PerProduct ? $" product:{line.ProductId ?? line.SkuId ?? line.SourceId}" : "";
        var customer = budget.PerCustomer ? $" {UsageKey.Customer(situation.Customer!.Id)}" : "";
        return new(budget.OfTier ? incentive.Id : incentive.CampaignId ?? incentive.Id, $"{Prefix}{of}{target.Id}{product}{customer}", UsageWindow.Ever);
    }

    private long Max(UnitBudget budget) =>
        Values.Units(budget.Formula, facts) ?? budget.Limit ?? 0;

    /// <summary>What is left for one plan; changes as the plan takes.</summary>
    internal sealed class Room(UnitBudgets budgets)
    {
        private readonly Dictionary<UsageKey, long> planned = [];

        /// <summary>The most units of the line that the target may still discount.</summary>
        public long Left(Target target, CartLine line)
        {
            var left = long.MaxValue;
            foreach (var budget in target.Budgets)
                left = Key(budgets.incentive, target, budget, line, budgets.facts.Situation) is not { } key ? 0
                    : Math.Min(left, budgets.Max(budget) - budgets.facts.Situation.Usage.Of(key).Units - planned.GetValueOrDefault(key));
            return Math.Max(0, left);
        }

        /// <summary>Notes units that are planned.</summary>
        public void Plan(Target target, CartLine line, long units)
        {
            var seen = new HashSet<UsageKey>();
            foreach (var budget in target.Budgets)
                if (Key(budgets.incentive, target, budget, line, budgets.facts.Situation) is { } key && seen.Add(key))
                    planned[key] = planned.GetValueOrDefault(key) + units;
        }
    }
}
