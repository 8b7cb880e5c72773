using Scrip.Engine.Carts;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Redeeming;

/// <summary>
/// Decides what a set of redeemables is worth: the one calculation behind validations, redemptions and
/// qualifications. Each redeemable sees the cart as the applicable ones before it left it.
/// </summary>
public static class Deciding
{
    /// <summary>Decides. Pure: neither clock nor storage is asked.</summary>
    /// <param name="facts">What was loaded.</param>
    public static Decision Decide(DecisionFacts facts)
    {
        if (Malformed(facts) is { } refusal) return new(false, refusal, [], facts.Cart);
        var sorted = Stacking.Sort(facts.Redeemables, facts.Stacking);
        if (!sorted.Any(one => Stacking.IsExclusive(one, facts.Stacking))) return new Round(facts, false).Run(sorted);
        // Exclusive ones shut common ones out, but only when one of them holds.
        var decision = new Round(facts, true).Run(sorted);
        return decision.Outcomes.Any(outcome => outcome.Status == RedeemableStatus.Applicable && Stacking.IsExclusive(outcome.Redeemable, facts.Stacking))
            || facts.Stacking.ApplicationMode == ApplicationMode.All
            ? decision
            : new Round(facts, false).Run(sorted);
    }

    private static Refusal? Malformed(DecisionFacts facts)
    {
        if (facts.Redeemables.Count == 0) return Refusals.InvalidRedeemables.With("At least one redeemable is required");
        if (facts.Redeemables.Count > facts.Stacking.RedeemablesLimit)
            return Refusals.InvalidRedeemables.With(
                $"{facts.Redeemables.Count} redeemables were sent, the limit is {facts.Stacking.RedeemablesLimit}");
        var seen = new HashSet<string>();
        return facts.Redeemables.All(redeemable => seen.Add(Identity(redeemable))) ? null : Refusals.DuplicatedRedeemables;
    }

    // One voucher may be named by its code and by its id.
    private static string Identity(Redeemable redeemable) => redeemable is Incentive incentive ? incentive.Id : redeemable.RequestedId;

    /// <summary>One run over the redeemables in their order.</summary>
    private sealed class Round(DecisionFacts facts, bool shutsOut)
    {
        private readonly List<Incentive> applied = [];
        private readonly HashSet<int> closed = [];
        private Cart? cart = facts.Cart;
        private UsageFacts usage = facts.Situation.Usage;
        private bool failed;

        public Decision Run(IReadOnlyList<Redeemable> sorted)
        {
            var outcomes = new RedeemableOutcome[sorted.Count];
            for (var i = 0; i < outcomes.Length; i++)
            {
                outcomes[i] = Next(sorted[i]);
                failed |= outcomes[i].Status == RedeemableStatus.Inapplicable;
            }
            var valid = applied.Count > 0 && !(failed && facts.Stacking.ApplicationMode == ApplicationMode.All);
            return new(valid, null, outcomes, facts.Cart is null ? null : cart!.Since(facts.Cart));
        }

        private RedeemableOutcome Next(Redeemable redeemable)
        {
            if (failed && facts.Stacking.ApplicationMode == ApplicationMode.All) return Skipped(redeemable, Refusals.PrecedingValidationFailed);
            if (redeemable is not Incentive incentive)
                return new(redeemable, RedeemableStatus.Inapplicable,
                    Refusals.Missing(redeemable is UnknownRedeemable unknown ? unknown.Type : "redeemable", redeemable.RequestedId));
            if (shutsOut && !Stacking.IsExclusive(incentive, facts.Stacking) && !Stacking.IsJoint(incentive, facts.Stacking))
                return Skipped(incentive, Refusals.ExclusionRulesNotMet);
            var outcome = new Judging(incentive, cart, facts, usage, closed).Judge();
            if (outcome.Status != RedeemableStatus.Applicable) return outcome;
            if (Stacking.Exceeded(incentive, applied, facts.Stacking) is { } exceeded) return Skipped(incentive, exceeded) with { Steps = outcome.Steps };
            if (Stacking.SkipsWithoutEffect(incentive, facts.Stacking) && !HasEffect(outcome)) return Skipped(incentive, Refusals.NoEffect) with { Steps = outcome.Steps };
            Apply(incentive, outcome);
            return outcome;
        }

        private void Apply(Incentive incentive, RedeemableOutcome outcome)
        {
            applied.Add(incentive);
            if (outcome.Used.Count > 0) usage = usage.With(outcome.Used);
            if (outcome.Cart is null) return;
            if (facts.Stacking.ProductsApplicationMode == ProductsApplicationMode.Once) Close(outcome.Cart);
            cart = outcome.Cart;
        }

        // Under ONCE a product that was discounted is closed for those that follow, on whichever line it is.
        private void Close(Cart after)
        {
            for (var i = 0; i < after.Lines.Count; i++)
            {
                if (!Touched(after.Lines[i])) continue;
                closed.Add(i);
                for (var k = 0; k < after.Lines.Count; k++)
                    if (after.Lines[k].ProductId is { } product && product == after.Lines[i].ProductId) closed.Add(k);
            }
        }

        // Without an order nobody can tell what a discount does, so it counts as an effect.
        private bool HasEffect(RedeemableOutcome outcome)
        {
            if (outcome.Drawn is { } drawn) return drawn > 0;
            if (cart is null || outcome.Cart is not { } after) return true;
            return after.TotalAppliedDiscountAmount > 0 || after.Lines.Any(Touched);
        }

        private static bool Touched(CartLine line) =>
            line.AppliedDiscountAmount != 0 || line.AppliedQuantity != 0 || line.AppliedDiscountQuantity != 0;

        private static RedeemableOutcome Skipped(Redeemable redeemable, Refusal why) => new(redeemable, RedeemableStatus.Skipped, why);
    }
}
