using System.Text.Json;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Rules;

/// <summary>A validation rule as it is stored, in the API's own shape.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Rules">The API's <c>rules</c>: numbered conditions and <c>logic</c>.</param>
/// <param name="BundleRules">The API's <c>bundle_rules</c>; absent when there are none.</param>
/// <param name="ApplicableTo">The API's <c>applicable_to</c>; absent when it is not limited.</param>
/// <param name="Message">The text shown to customers when no condition has one of its own.</param>
public sealed record RuleSource(string Id, JsonElement? Rules, JsonElement? BundleRules = null, JsonElement? ApplicableTo = null, string? Message = null);

/// <summary>What <see cref="Rule.Bind"/> answers: exactly one of the two is set.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Fault">Where it is wrong and why, such as <c>rules.2.conditions.$is: must be a number</c>.</param>
public readonly record struct RuleBinding(Rule? Rule, string? Fault);

/// <summary>A validation rule bound once: names resolved, operands typed, operators chosen. Immutable, and shared by threads.</summary>
public sealed class Rule
{
    internal const string BundleName = "order.items.any";

    private readonly RuleSet? rules;
    private readonly Bundle? bundle;
    private readonly IReadOnlyList<LineMatch> matching;
    private readonly int steps;
    private readonly RuleFamilies outcomes;
    private bool isNever;

    private Rule(RuleSource source, Binder binder, RuleSet? rules, Bundle? bundle, Targets targets)
    {
        (Source, Needs, Targets, matching) = (source, [.. binder.Needs], targets, [.. binder.Matching]);
        (this.rules, this.bundle, steps) = (rules, bundle, Math.Max(1, binder.Conditions));
        foreach (var node in rules?.Nodes ?? [])
        {
            if (node.Fact.NeedsOutcome) outcomes |= node.Fact.Family;
            AsksSegments |= node.Fact.Name is FactTable.Segment or FactTable.LoyaltyTier;
        }
    }

    internal RuleSet? Set => rules;

    /// <summary>What it was bound from.</summary>
    public RuleSource Source { get; }

    /// <summary>Which lines its discount may touch, whatever the cart; see <see cref="TargetsOn"/>.</summary>
    public Targets Targets { get; }

    /// <summary>True when the cart says, too, which lines its discount may touch.</summary>
    public bool MarksLines => matching.Count > 0;

    /// <summary>Which lines of a cart its discount may touch.</summary>
    public Targets TargetsOn(Cart? cart, Situation situation) => MarksLines ? Targets.Both(Targets, LineMatch.Of(matching, cart, situation)) : Targets;

    /// <summary>Whether it looks at the segments or the loyalty tiers of the customer.</summary>
    public bool AsksSegments { get; }

    /// <summary>The usage counters it looks at.</summary>
    public IReadOnlyList<UsageNeed> Needs { get; }

    /// <summary>True when it looks at usage counters, budgets of units among them.</summary>
    public bool Counts => Needs.Count > 0 || Targets.HaveBudgets;

    /// <summary>Binds a rule, or says what is wrong with it and where.</summary>
    public static RuleBinding Bind(RuleSource source)
    {
        try
        {
            var binder = new Binder();
            var rules = binder.Rules(source.Rules, "rules", "");
            var bundle = binder.Fault is null ? binder.Bundle(source.BundleRules, "bundle_rules") : null;
            if (binder.Fault is { } fault) return new(null, fault);
            var (targets, wrong) = source.ApplicableTo is { ValueKind: not JsonValueKind.Null } given ? Targets.Read(given) : new(Targets.Everything, null);
            if (targets is null) return new(null, wrong);
            if (binder.Applicable.Count > 0) targets = Targets.Both(targets, Targets.OfIds(binder.Applicable.Select(one => one.Shown), []));
            return new(new Rule(source, binder, rules, bundle, targets), null);
        }
        catch (InvalidOperationException)
        {
            // JSON may escape half a character, which no text can hold.
            return new(null, "rules: a text is not valid Unicode");
        }
    }

    /// <summary>True when its verdict depends on what the incentive does to the order, as far as the families in scope are asked.</summary>
    public bool NeedsOutcome(RuleFamilies scope) => (outcomes & scope) != 0;

    /// <summary>Whether <see cref="Judge"/> would say that it holds; without steps, limits and reasons.</summary>
    public bool Holds(RuleFacts facts)
    {
        if (rules is null && bundle is null) return Judge(facts).Holds;
        if (rules is not null && !rules.HoldsTop(new Judgement(Source.Id, facts, 0), facts.Present ?? (facts.Before is { } cart ? Present(cart) : null))) return false;
        return bundle is null || !facts.CompleteBundles || (facts.Scope & RuleFamilies.Products) == 0 || bundle.Count(facts.Before?.Lines).Quantity > 0;
    }

    /// <summary>A rule that never holds, in place of a stored one that cannot be bound any more.</summary>
    public static Rule Never(string id) => new(new RuleSource(id, null), new Binder(), null, null, Targets.Everything) { isNever = true };

    /// <summary>Judges the facts. It never throws, whatever they are: a condition does not hold of what is missing.</summary>
    public RuleVerdict Judge(RuleFacts facts)
    {
        if (isNever) return new RuleVerdict(false, Refused(Refusals.RedemptionRulesViolated, facts.Incentive, null), [], null, []);
        if (rules is null && bundle is null) return RuleVerdict.Holding;
        var lines = facts.Before is { } cart ? Present(cart) : null;
        var judgement = new Judgement(Source.Id, facts, steps + 1);
        var limits = new List<UsageLimit>();
        var blamed = rules?.JudgeTop(judgement, lines, limits);
        var bundles = bundle?.Count(facts.Before?.Lines);
        var incomplete = bundles?.Quantity == 0 && facts.CompleteBundles && (facts.Scope & RuleFamilies.Products) != 0;
        var refusal = blamed is not null ? Refuse(blamed, facts)
            : incomplete ? Refused(Refusals.OrderRulesViolated, facts.Incentive, null) : null;
        if (refusal is not null) limits.Clear();
        if (incomplete) judgement.Steps.Add(new RuleStep(Source.Id, "bundle", "bundle_rules", null, "$more_than_or_equal", false, "0", "1"));
        return new RuleVerdict(refusal is null, refusal, limits, bundles, judgement.Steps) { Omitted = judgement.Omitted ?? [], Rule = this, Situation = facts.Situation, Incomplete = incomplete };
    }

    // A line of no units is not in the cart.
    internal static List<CartLine> Present(Cart cart)
    {
        var lines = new List<CartLine>(cart.Lines.Count);
        foreach (var line in cart.Lines)
            if (line.Quantity > 0) lines.Add(line);
        return lines;
    }

    private Refusal Refuse(RuleNode blamed, RuleFacts facts) =>
        blamed.Fact.NeedsCustomer && facts.Situation.Customer is null
            ? Refusals.MissingCustomer with { CustomerMessage = blamed.Message ?? Fallback }
            : Refused(
                blamed.Fact.Family switch
                {
                    RuleFamilies.Audience => Refusals.CustomerRulesViolated,
                    RuleFamilies.Order or RuleFamilies.AmountBefore or RuleFamilies.Products => Refusals.OrderRulesViolated,
                    _ => Refusals.RedemptionRulesViolated,
                },
                facts.Incentive, blamed.Message);

    private Refusal Refused(Refusal kind, Incentive incentive, string? message)
    {
        var what = incentive is TierRedeemable ? "Promotion Tier" : incentive.Benefit switch
        {
            DiscountBenefit => "Discount Coupon",
            GiftBenefit => "Gift Card",
            _ => "Voucher",
        };
        return kind.With($"{what} cannot be redeemed because of violated validation rules: {Source.Id}") with { CustomerMessage = message ?? Fallback };
    }

    private string? Fallback => string.IsNullOrEmpty(Source.Message) ? null : Source.Message;
}
