using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;

namespace Scrip.Engine.Redeeming;

/// <summary>
/// Decides what a set of redeemables is worth: the one calculation behind validations and redemptions. Each
/// redeemable sees the cart as the applicable ones before it left it.
/// </summary>
public static class Deciding
{
    /// <summary>Decides. Pure: neither clock nor storage is asked.</summary>
    /// <param name="facts">What was loaded.</param>
    public static Decision Decide(DecisionFacts facts)
    {
        if (Malformed(facts) is { } refusal) return new(false, refusal, [], facts.Cart);
        var outcomes = new List<RedeemableOutcome>(facts.Redeemables.Count);
        var (cart, applicable, failed) = (facts.Cart, 0, false);
        foreach (var redeemable in facts.Redeemables)
        {
            if (failed && facts.Stacking.ApplicationMode == ApplicationMode.All)
            {
                outcomes.Add(new(redeemable, RedeemableStatus.Skipped, Refusals.PrecedingValidationFailed));
                continue;
            }
            var outcome = Judge(redeemable, cart, applicable, facts);
            outcomes.Add(outcome);
            failed |= outcome.Status == RedeemableStatus.Inapplicable;
            if (outcome.Status != RedeemableStatus.Applicable) continue;
            applicable++;
            cart = outcome.Cart;
        }
        var valid = applicable > 0 && !(failed && facts.Stacking.ApplicationMode == ApplicationMode.All);
        return new(valid, null, outcomes, facts.Cart is null ? null : cart!.Since(facts.Cart));
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
    private static string Identity(Redeemable redeemable) =>
        redeemable is VoucherRedeemable voucher ? voucher.Id : redeemable.RequestedId;

    private static RedeemableOutcome Judge(Redeemable redeemable, Cart? cart, int applicable, DecisionFacts facts)
    {
        RedeemableOutcome No(RedeemableStatus status, Refusal why) => new(redeemable, status, why);

        if (redeemable is not VoucherRedeemable voucher)
            return No(RedeemableStatus.Inapplicable,
                Refusals.Missing(redeemable is UnknownRedeemable unknown ? unknown.Type : "redeemable", redeemable.RequestedId));
        var refusal = Checks.Voucher(voucher, facts.Situation.NowMs, facts.Situation.Zone) ?? Checks.Benefit(voucher, cart);
        if (refusal is not null) return No(RedeemableStatus.Inapplicable, refusal);
        if (applicable >= facts.Stacking.ApplicableRedeemablesLimit)
            return No(RedeemableStatus.Skipped, Refusals.ApplicableRedeemablesLimitExceeded);
        var outcome = Applied(voucher, cart);
        return facts.Stacking.NoEffectRule == NoEffectRule.Skip && !HasEffect(outcome, cart)
            ? No(RedeemableStatus.Skipped, Refusals.NoEffect)
            : outcome;
    }

    private static RedeemableOutcome Applied(VoucherRedeemable voucher, Cart? cart)
    {
        var outcome = new RedeemableOutcome(voucher, RedeemableStatus.Applicable);
        switch (voucher.Benefit)
        {
            case DiscountBenefit { Discount: var discount }:
                return outcome with { Cart = cart is null ? null : Discounting.Apply(cart, discount, voucher.Targets) };
            case GiftBenefit { Effect: GiftEffect.ApplyToOrder, Credits: { } asked } when cart?.Amount is null:
                // Nothing to compare the credits with: the caller says what the order costs.
                return outcome with { Credits = asked, Cart = cart?.Since(cart) };
            case GiftBenefit gift:
                var credits = GiftCredits.Taken(cart!, gift.Balance, gift.Credits, gift.Effect, voucher.Targets);
                return outcome with { Credits = credits, Cart = GiftCredits.Apply(cart!, credits, gift.Effect, voucher.Targets) };
            default:
                throw new ArgumentOutOfRangeException(nameof(voucher), voucher.Benefit, "No such benefit");
        }
    }

    // Without an order nobody can tell what a discount does, so it counts as an effect.
    private static bool HasEffect(RedeemableOutcome outcome, Cart? before)
    {
        if (outcome.Credits is { } credits) return credits > 0;
        if (before is null || outcome.Cart is not { } after) return true;
        return after.TotalAppliedDiscountAmount > 0
            || after.Lines.Any(line => line.AppliedQuantity != 0 || line.AppliedDiscountQuantity != 0);
    }
}
