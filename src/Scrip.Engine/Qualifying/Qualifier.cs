using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Qualifying;

/// <summary>
/// Judges candidates of one qualification, each alone on the untouched cart, with the calculation that validations
/// use. Usage counters are not asked; <see cref="Scenarios.Scope"/> says what else is left out.
/// </summary>
/// <param name="cart">The order; null when the caller sent none.</param>
/// <param name="stacking">The project's stacking rules.</param>
/// <param name="situation">The instant, the customer and what else rules and formulas look at.</param>
/// <param name="scenario">What is asked for.</param>
public sealed class Qualifier(Cart? cart, StackingRules stacking, Situation situation, Scenario scenario)
{
    private static readonly HashSet<int> NothingClosed = [];

    // Faults of the order, which a scenario that does not look at it passes over.
    private static readonly HashSet<string> OrderFaults =
    [
        Refusals.MissingOrder.Key, Refusals.MissingAmount.Key, Refusals.MissingOrderItems.Key, Refusals.MissingOrderItemsAmount.Key,
    ];

    // Conditions that name what has to be in the cart.
    private static readonly HashSet<string> ProductFacts =
    [
        "order.items.any", "order.items.every", "order.items.cheapest", "order.items.most_expensive",
        "product.id", "product.metadata", "product.metadata.match_all", "sku.id",
    ];

    private readonly DecisionFacts facts = new(cart, [], stacking, situation) { Scope = scenario.Scope(), CompleteBundles = scenario.NeedsOrder() };
    private readonly List<CartLine>? present = cart is null ? null : Rule.Present(cart);
    private readonly CartSums sums = CartSums.Of(cart);
    private Question? question;

    /// <summary>What gates look at; made when first asked for.</summary>
    internal Question Question => question ??= new(
        situation.NowMs, (facts.Scope & RuleFamilies.Products) != 0, (facts.Scope & RuleFamilies.Audience) != 0, (facts.Scope & RuleFamilies.Order) != 0,
        cart?.InitialAmount, IdsOf(cart), situation.Customer?.Segments ?? new HashSet<string>());

    /// <summary>Between which bounds lies what the candidate takes off if it qualifies, in minor units.</summary>
    public (long Least, long Most) Bounds(Candidate candidate) => candidate.Deal.On(sums);

    /// <summary>
    /// What the candidate would take off, in minor units, or null when it does not qualify: the same as
    /// <see cref="Judge"/> says, at a fraction of the cost for what most candidates are.
    /// </summary>
    public long? Look(Candidate candidate)
    {
        if (candidate.Parts is not [var incentive] || !CanLook(incentive, out var discount)) return Judge(candidate)?.Taken;
        if (Checks.Open(incentive, situation) is not null || !Hold(incentive)) return null;
        var judging = new Judging(incentive, cart, facts, situation.Usage, NothingClosed);
        var (targets, terms) = (judging.AllTargets(), judging.Terms(1, situation));
        if (Checks.Benefit(incentive, targets, cart, terms) is { } fault && !PassesOver(fault)) return null;
        if (!Concerns(incentive, targets, null)) return null;
        return cart is null ? 0 : Discounting.Apply(cart, discount, targets, terms).Cart.TotalAppliedDiscountAmount;
    }

    private static HashSet<string> IdsOf(Cart? cart)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        foreach (var line in cart?.Lines ?? [])
        {
            foreach (var id in (string?[])[line.ProductId, line.SkuId, line.SourceId])
                if (id is not null) ids.Add(id);
            ids.UnionWith(line.Collections);
        }
        return ids;
    }

    // Bundles multiply, rules may ask for what was taken off, and what asks for products is known by its steps.
    private bool CanLook(Incentive incentive, out Discount discount)
    {
        discount = null!;
        if (incentive.Benefit is not DiscountBenefit benefit || (scenario.ByProducts() && !scenario.ByDiscount())) return false;
        discount = benefit.Discount;
        foreach (var rule in incentive.Rules)
            if (rule.Source.BundleRules is not null || rule.NeedsOutcome(facts.Scope)) return false;
        return true;
    }

    private bool Hold(Incentive incentive)
    {
        if (incentive.Rules.Count == 0) return true;
        var asked = new RuleFacts(situation, incentive, cart, null, default, facts.Scope) { CompleteBundles = facts.CompleteBundles, Present = present };
        foreach (var rule in incentive.Rules)
            if (!rule.Holds(asked)) return false;
        return true;
    }

    /// <summary>The candidate with what it would do, or null when it does not qualify.</summary>
    public Qualified? Judge(Candidate candidate) => candidate.Parts is [var only] ? Alone(candidate, only) : Stack(candidate);

    private Qualified? Alone(Candidate candidate, Incentive incentive)
    {
        var outcome = new Judging(incentive, cart, facts, situation.Usage, NothingClosed).Judge();
        if (outcome.Status != RedeemableStatus.Applicable)
        {
            if (!PassesOver(outcome.Refusal)) return null;
            outcome = outcome with { Status = RedeemableStatus.Applicable, Refusal = null };
        }
        // A bundle that is not complete yet takes nothing off.
        if (outcome.Bundles is { Quantity: 0 } && cart is not null) outcome = outcome with { Cart = cart };
        return Concerns(incentive, outcome.Targets, outcome) ? new(candidate, [outcome], outcome.Cart ?? cart) : null;
    }

    // The tiers of a stack see the cart as those before them left it, and all of them have to hold as a validation would have it.
    private Qualified? Stack(Candidate candidate)
    {
        var decision = Deciding.Decide(facts with { Redeemables = candidate.Parts });
        return decision.Valid && (!scenario.ByProducts() || decision.Outcomes.Any(outcome => Concerns((Incentive)outcome.Redeemable, outcome.Targets, outcome)))
            ? new(candidate, decision.Outcomes, decision.Cart)
            : null;
    }

    // Without any order a card is still worth showing; what it pays for nobody can tell.
    private bool PassesOver(Refusal? refusal) => refusal is not null && (cart is null || !scenario.NeedsOrder()) && OrderFaults.Contains(refusal.Key);

    private bool Concerns(Incentive incentive, Targets targets, RedeemableOutcome? outcome) =>
        !scenario.ByProducts() || (cart is not null && (Discounts(incentive, targets) || (!scenario.ByDiscount() && AsksFor(outcome!))));

    // True when it takes something off lines of the cart rather than off the order.
    private bool Discounts(Incentive incentive, Targets targets) => incentive.Benefit switch
    {
        DiscountBenefit { Discount: UnitOff off } => off.Units.Any(unit => cart!.Lines.Any(unit.Covers)),
        DiscountBenefit { Discount: var discount } => targets.EffectOr(Effect(discount)) != DiscountEffect.ApplyToOrder && cart!.Lines.Any(targets.Cover),
        GiftBenefit { Effect: GiftEffect.ApplyToItems } => cart!.Lines.Any(targets.Cover),
        _ => false,
    };

    private static DiscountEffect? Effect(Discount discount) => discount switch
    {
        AmountOff off => off.Effect,
        PercentOff off => off.Effect,
        FixedPrice price => price.Effect,
        _ => null,
    };

    // True when the order has what some rule asks for by product, or a part of a bundle.
    private static bool AsksFor(RedeemableOutcome outcome) => outcome.Bundles is { Identified.Count: > 0 }
        || outcome.Steps.Any(step => step.Holds == true && !step.Path.Contains('.', StringComparison.Ordinal) && ProductFacts.Contains(step.Name));
}
