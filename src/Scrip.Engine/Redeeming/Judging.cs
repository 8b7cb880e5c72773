using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Formulas;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Redeeming;

/// <summary>
/// Judges one incentive against the cart as earlier ones left it: is it open, what would it do, do its rules hold
/// before and after that. Faults of the incentive come before those of rules, those before faults of the order.
/// </summary>
/// <param name="incentive">The voucher or promotion tier.</param>
/// <param name="cart">The order as earlier redeemables left it; null when none was sent.</param>
/// <param name="facts">The request.</param>
/// <param name="usage">The usage counters with what earlier redeemables use.</param>
/// <param name="closed">Indices of lines that may not be touched.</param>
internal readonly struct Judging(Incentive incentive, Cart? cart, DecisionFacts facts, UsageFacts usage, IReadOnlySet<int> closed)
{
    private static readonly IReadOnlyList<KeyValuePair<UsageKey, Usage>> NothingUsed = [];

    public RedeemableOutcome Judge()
    {
        if (Checks.Open(incentive, facts.Situation) is { } shut) return No(shut);
        return incentive.Rules.Count == 0 ? Plain() : Ruled();
    }

    private RedeemableOutcome Plain()
    {
        var terms = Terms(1, facts.Situation);
        return Checks.Benefit(incentive, incentive.Targets, cart, terms) is { } refusal ? No(refusal) : Told(Apply(incentive.Targets, terms));
    }

    private RedeemableOutcome Ruled()
    {
        var situation = ReferenceEquals(usage, facts.Situation.Usage) ? facts.Situation : facts.Situation with { Usage = usage };
        var targets = AllTargets();
        var bundles = Bundles(situation);
        var terms = Terms(bundles?.Quantity ?? 1, situation);
        var fault = Checks.Benefit(incentive, targets, cart, terms);
        // What rules say comes before what is wrong with the order, so they are asked even when nothing can be applied.
        var outcome = fault is null ? Apply(targets, terms) : new RedeemableOutcome(incentive, RedeemableStatus.Inapplicable, fault);
        var takes = Takes(outcome);
        var (steps, limits, omitted, refusal) = (new List<RuleStep>(), new List<UsageLimit>(), new List<string>(), (Refusal?)null);
        var (failing, failures) = ((RuleVerdict?)null, 0);
        foreach (var rule in incentive.Rules)
        {
            var verdict = rule.Judge(new RuleFacts(situation, incentive, cart, outcome.Cart, takes, facts.Scope) { CompleteBundles = facts.CompleteBundles });
            steps.AddRange(verdict.Steps);
            limits.AddRange(verdict.Limits);
            omitted.AddRange(verdict.Omitted);
            refusal ??= verdict.Refusal;
            if (verdict.Holds) continue;
            failing = verdict;
            failures++;
        }
        foreach (var taken in outcome.Applied?.UnitsTaken ?? []) limits.Add(new UsageLimit(taken.Key, UsageMeasure.Units, taken.Max));
        if (refusal is not null) return No(refusal) with { Failing = failures == 1 && fault is null ? failing : null, Steps = steps, Bundles = bundles, Omitted = omitted };
        return outcome with { Steps = steps, Bundles = bundles, Omitted = omitted, Limits = limits, Takes = fault is null ? takes : default, Used = fault is null ? Used(situation, takes, outcome.Applied?.UnitsTaken ?? []) : NothingUsed };
    }

    // The bundles of the order do not depend on what this incentive takes off.
    private BundleCount? Bundles(Situation situation)
    {
        BundleCount? least = null;
        foreach (var rule in incentive.Rules)
        {
            if (rule.Source.BundleRules is null) continue;
            var found = rule.Judge(new RuleFacts(situation, incentive, cart, null, default, facts.Scope)).Bundles;
            if (found is not null && (least is null || found.Quantity < least.Quantity)) least = found;
        }
        return least;
    }

    /// <summary>Which lines it may touch: its own targets and those of its rules together.</summary>
    internal Targets AllTargets()
    {
        var all = incentive.Targets;
        foreach (var rule in incentive.Rules) all = Targets.Both(all, rule.TargetsOn(cart, facts.Situation));
        return all;
    }

    // A qualification does not count what others use.
    private bool HasBudgets()
    {
        if ((facts.Scope & RuleFamilies.Budget) == 0) return false;
        foreach (var rule in incentive.Rules)
            if (rule.Targets.HaveBudgets) return true;
        return false;
    }

    internal DiscountTerms Terms(long bundles, Situation situation) => new()
    {
        OfInitialAmount = Stacking.OfInitialAmount(incentive, facts.Stacking),
        Bundles = Math.Max(1, bundles),
        Closed = closed,
        Budgets = HasBudgets() ? new UnitBudgets(incentive, new FormulaFacts(situation, incentive, cart, null)) : null,
        Facts = new FormulaFacts(situation, incentive, cart, null),
    };

    private RedeemableOutcome Apply(Targets targets, DiscountTerms terms)
    {
        var outcome = new RedeemableOutcome(incentive, RedeemableStatus.Applicable) { Targets = targets };
        switch (incentive.Benefit)
        {
            case DiscountBenefit { Discount: var discount }:
                if (cart is null) return outcome;
                var applied = Discounting.Apply(cart, discount, targets, terms);
                return outcome with { Cart = applied.Cart, Applied = applied };
            case GiftBenefit { Effect: GiftEffect.ApplyToOrder, Credits: { } asked } when cart?.Amount is null:
                // Nothing to compare the credits with: the caller says what the order costs.
                return outcome with { Credits = asked, Cart = cart?.Since(cart) };
            case GiftBenefit gift:
                var credits = GiftCredits.Taken(cart!, gift.Balance, gift.Credits, gift.Effect, targets, terms);
                return outcome with { Credits = credits, Cart = GiftCredits.Apply(cart!, credits, gift.Effect, targets, terms) };
            case PointsBenefit { Reward: CoinReward coin } card:
                var (points, paid) = coin.Take(card.Balance, card.Points, cart!.Left);
                return outcome with { Points = points, Cart = cart.Take(paid).Since(cart) };
            case PointsBenefit { Reward: PricedReward priced }:
                return outcome with { Points = priced.Cost, Cart = cart?.Since(cart) };
            case PointsBenefit:
                return outcome with { Cart = cart?.Since(cart) };
            default:
                throw new InvalidOperationException($"No such benefit: {incentive.Benefit}");
        }
    }

    private RedeemableOutcome Told(RedeemableOutcome outcome) => outcome with { Takes = Takes(outcome) };

    // Order amounts count as they are before this incentive, discounts as what it takes off.
    private Usage Takes(RedeemableOutcome outcome) => new(
        Uses: 1,
        Orders: cart?.Amount ?? 0,
        Discounts: outcome.Cart?.TotalAppliedDiscountAmount ?? 0,
        Credits: outcome.Credits ?? 0,
        Points: outcome.Points ?? 0);

    private IReadOnlyList<KeyValuePair<UsageKey, Usage>> Used(Situation situation, Usage takes, IReadOnlyCollection<UnitsTaken> units)
    {
        List<KeyValuePair<UsageKey, Usage>>? used = null;
        foreach (var taken in units) (used ??= []).Add(new(taken.Key, new Usage(Units: taken.Units)));
        foreach (var rule in incentive.Rules)
            foreach (var need in rule.Needs)
                if (need.Key(incentive, situation) is { } key && used?.Exists(one => one.Key == key) != true)
                    (used ??= []).Add(new(key, takes));
        return used ?? NothingUsed;
    }

    private RedeemableOutcome No(Refusal why) => new(incentive, RedeemableStatus.Inapplicable, why);
}
