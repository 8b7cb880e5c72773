using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Tracing;

/// <summary>Explains a decision: pure, from its facts and itself.</summary>
public static class Tracer
{
    /// <summary>One trace for each outcome, in their order.</summary>
    public static IReadOnlyList<RedeemableTrace> Trace(DecisionFacts facts, Decision decision)
    {
        var traces = new RedeemableTrace[decision.Outcomes.Count];
        var (cart, applied) = (facts.Cart, new List<Incentive>());
        for (var i = 0; i < traces.Length; i++)
        {
            var outcome = decision.Outcomes[i];
            traces[i] = One(outcome, i, cart, applied, facts);
            if (outcome.Status != RedeemableStatus.Applicable) continue;
            applied.Add((Incentive)outcome.Redeemable);
            cart = outcome.Cart ?? cart;
        }
        return traces;
    }

    private static RedeemableTrace One(RedeemableOutcome outcome, int index, Cart? before, List<Incentive> applied, DecisionFacts facts)
    {
        var steps = CheckSteps.Of(outcome, before, facts).ToList();
        var checkFailed = steps.Exists(step => step.Holds == false);
        foreach (var step in outcome.Steps)
            steps.Add(new TraceStep(TraceKind.Rule, step.Name, step.Holds, step.Seen, step.Operator, step.Needed)
            {
                RuleId = step.RuleId,
                Path = step.Path,
                Property = step.Property,
                Change = step.Change,
            });
        if (CheckSteps.Stacking(outcome, applied, facts.Stacking) is { } stacking) steps.Add(stacking);
        return new RedeemableTrace(outcome.Redeemable.RequestedId, outcome.Status, outcome.Refusal?.Key)
        {
            Requested = Place(outcome.Redeemable, facts),
            Considered = index + 1,
            Group = outcome.Redeemable is not Incentive ? null
                : Stacking.IsExclusive(outcome.Redeemable, facts.Stacking) ? "exclusive"
                : Stacking.IsJoint(outcome.Redeemable, facts.Stacking) ? "joint" : "common",
            Steps = steps,
            Calculation = Calculated(outcome, before, facts),
            Change = Change(outcome, steps, checkFailed),
        };
    }

    private static int Place(Redeemable redeemable, DecisionFacts facts)
    {
        for (var i = 0; i < facts.Redeemables.Count; i++)
            if (ReferenceEquals(facts.Redeemables[i], redeemable)) return i + 1;
        return 0;
    }

    // Of what was refused, the change of the step that refused it. A rule that needs several changes has none.
    private static RuleChange? Change(RedeemableOutcome outcome, List<TraceStep> steps, bool checkFailed)
    {
        if (outcome.Status == RedeemableStatus.Applicable) return null;
        if (checkFailed || outcome.Status == RedeemableStatus.Skipped)
            return steps.LastOrDefault(step => step.Kind != TraceKind.Rule && step.Holds == false)?.Change;
        return outcome.Change;
    }

    private static Calculation? Calculated(RedeemableOutcome outcome, Cart? before, DecisionFacts facts)
    {
        if (outcome.Status != RedeemableStatus.Applicable) return null;
        if (outcome.Credits is { } credits) return new Calculation("GIFT", before?.TotalAmount, credits);
        if (outcome.Points is { } points) return new Calculation("POINTS", before?.TotalAmount, outcome.Cart?.TotalAppliedDiscountAmount ?? 0) { Value = points };
        if (outcome.Applied is not { } applied || before is null) return null;
        var ofInitial = Stacking.OfInitialAmount((Incentive)outcome.Redeemable, facts.Stacking);
        var (type, value) = applied.Discount switch
        {
            AmountOff off => ("AMOUNT", (decimal?)off.Amount),
            PercentOff off => ("PERCENT", off.Percent),
            FixedPrice price => ("FIXED", price.Price),
            UnitOff { Units: [var unit] } => ("UNIT", unit.Count),
            _ => ("UNIT", null),
        };
        return new Calculation(type, before.TotalAmount, applied.Cart.TotalAppliedDiscountAmount)
        {
            Value = value,
            IsDynamic = applied.IsDynamic,
            OfInitialAmount = ofInitial && applied.Discount is PercentOff,
            Bundles = Math.Max(1, outcome.Bundles?.Quantity ?? 1),
            Roundings = Roundings.Of(before, applied.Cart, applied.Discount, outcome.Targets, ofInitial),
        };
    }
}
