using System.Globalization;
using System.Text.Json;
using Scrip.Engine.Carts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Tracing;

/// <summary>The checks of an incentive itself and of the stacking rules, as steps of a trace.</summary>
internal static class CheckSteps
{
    /// <summary>What was asked of the incentive itself, up to the refusal.</summary>
    public static IEnumerable<TraceStep> Of(RedeemableOutcome outcome, Cart? before, DecisionFacts facts)
    {
        if (outcome.Redeemable is not Incentive incentive)
        {
            yield return Step("exists", false, "false", "$is", "true");
            yield break;
        }
        if (outcome.Status == RedeemableStatus.Skipped && outcome.Refusal?.Key is "preceding_validation_failed" or "exclusion_rules_not_met") yield break;
        var kind = incentive is VoucherRedeemable ? "voucher" : "promotion_tier";
        foreach (var (schedule, name) in new[] { (incentive.Schedule, kind), (incentive.Campaign, "campaign") })
        {
            if (schedule is null) continue;
            foreach (var step in Schedule(schedule, name, facts))
            {
                yield return step;
                if (step.Holds == false) yield break;
            }
        }
        foreach (var step in Referral(incentive, facts))
        {
            yield return step;
            if (step.Holds == false) yield break;
        }
        foreach (var step in Holder(incentive, facts))
        {
            yield return step;
            if (step.Holds == false) yield break;
        }
        foreach (var step in Benefit(incentive, outcome, before))
        {
            yield return step;
            if (step.Holds == false) yield break;
        }
    }

    private static IEnumerable<TraceStep> Schedule(Schedule schedule, string name, DecisionFacts facts)
    {
        var now = facts.Situation.NowMs;
        yield return Step($"{name}.active", schedule.Active, schedule.Active ? "true" : "false", "$is", "true")
            with
        { Change = schedule.Active ? null : new RuleChange($"{name}.active", "true") };
        if (schedule.StartsAt is { } start) yield return Step($"{name}.start_date", now >= start, Instant(now), "$more_than_or_equal", Instant(start));
        if (schedule.ExpiresAt is { } end) yield return Step($"{name}.expiration_date", now <= end, Instant(now), "$less_than_or_equal", Instant(end));
        if (schedule.Frame is not null)
            yield return Step($"{name}.validity_timeframe", schedule.IsOpen(now, facts.Situation.Zone), Instant(now), "$in", null);
    }

    private static IEnumerable<TraceStep> Referral(Incentive incentive, DecisionFacts facts)
    {
        if (incentive is not VoucherRedeemable { IsReferral: true } voucher || voucher.Redeemed + voucher.Held >= voucher.Quantity) yield break;
        yield return Step("voucher.holder_id", voucher.HolderId is not null, voucher.HolderId is { } holder ? Text(holder) : null, "$has_value", null);
        var customer = facts.Situation.Customer?.Id;
        yield return Step("customer.id", customer is not null && customer != voucher.HolderId, customer is null ? null : Text(customer), "$is_not", voucher.HolderId is { } owner ? Text(owner) : null);
    }

    private static IEnumerable<TraceStep> Holder(Incentive incentive, DecisionFacts facts)
    {
        if (incentive is not VoucherRedeemable { Benefit: PointsBenefit { Reward: not NoReward } points } voucher || voucher.Redeemed + voucher.Held >= voucher.Quantity) yield break;
        yield return Step("reward.id", points.Reward is not (null or UnknownReward), points.Reward is { } reward ? Text(reward.Id) : null, "$has_value", null);
        var customer = facts.Situation.Customer?.Id;
        yield return Step("customer.id", customer is not null && customer == voucher.HolderId, customer is null ? null : Text(customer), "$is", voucher.HolderId is { } owner ? Text(owner) : null);
    }

    private static IEnumerable<TraceStep> Benefit(Incentive incentive, RedeemableOutcome outcome, Cart? before)
    {
        if (incentive is VoucherRedeemable { Quantity: { } quantity } voucher)
        {
            var used = voucher.Redeemed + voucher.Held;
            yield return Step("voucher.redemption.quantity", used < quantity, Number(used), "$less_than", Number(quantity))
                with
            { Change = used < quantity ? null : new RuleChange("voucher.redemption.quantity", Number(used + 1)) };
        }
        if (incentive.Benefit is GiftBenefit gift)
        {
            var wanted = gift.Credits ?? 1;
            yield return Step("voucher.gift.balance", gift.Balance >= wanted && gift.Balance > 0, Number(gift.Balance), "$more_than_or_equal", Number(wanted))
                with
            { Change = gift.Balance > 0 && gift.Balance < wanted ? new RuleChange("gift.credits", Number(gift.Balance)) : null };
        }
        if (incentive.Benefit is PointsBenefit { Reward: CoinReward coin } card)
        {
            var wanted = card.Points ?? coin.Ratio;
            yield return Step("voucher.loyalty_card.balance", card.Balance >= wanted, Number(card.Balance), "$more_than_or_equal", Number(wanted))
                with
            { Change = card.Balance > 0 && card.Points > card.Balance ? new RuleChange("reward.points", Number(card.Balance)) : null };
        }
        if (incentive.Benefit is PointsBenefit { Reward: PricedReward priced } payer)
            yield return Step("voucher.loyalty_card.balance", payer.Balance >= priced.Cost, Number(payer.Balance), "$more_than_or_equal", Number(priced.Cost));
        switch (outcome.Refusal?.Key)
        {
            case "missing_order": yield return Step("order", false, null, "$has_value", null); break;
            case "missing_amount": yield return Step("order.amount", false, before?.Amount is { } amount ? Number(amount) : null, "$has_value", null); break;
            case "missing_order_items" or "missing_order_items_amount": yield return Step("order.items", false, Number(before?.Lines.Count ?? 0), "$has_value", null); break;
            case "invalid_amount": yield return Step("order.amount", false, before?.Amount is { } large ? Number(large) : null, "$less_than_or_equal", Number(Money.Max)); break;
        }
    }

    /// <summary>What the stacking rules said; null when they had nothing to say.</summary>
    public static TraceStep? Stacking(RedeemableOutcome outcome, IReadOnlyList<Incentive> applied, StackingRules rules)
    {
        var category = (outcome.Redeemable as Incentive)?.Category?.Id;
        long Same() => applied.Count(one => one.Category?.Id == category);
        return outcome.Status != RedeemableStatus.Skipped ? null : outcome.Refusal!.Key switch
        {
            "preceding_validation_failed" => Stack("redeemables_application_mode", "\"ALL\"", "$is", "\"PARTIAL\""),
            "exclusion_rules_not_met" => Stack("exclusive_categories", category is null ? null : Text(category), "$in",
                JsonList(rules.ExclusiveCategories.Concat(rules.JointCategories))),
            "no_effect" => Stack("redeemables_no_effect_rule", "0", "$more_than", "0"),
            "applicable_redeemables_limit_exceeded" => Limit("applicable_redeemables_limit", applied.Count, rules.ApplicableRedeemablesLimit),
            "applicable_redeemables_per_category_limit_exceeded" => Limit("applicable_redeemables_per_category_limit", Same(),
                category is not null && rules.ApplicableRedeemablesCategoryLimits.TryGetValue(category, out var own) ? own : rules.ApplicableRedeemablesPerCategoryLimit ?? 0),
            "applicable_exclusive_redeemables_limit_exceeded" => Limit("applicable_exclusive_redeemables_limit",
                applied.Count(one => Redeeming.Stacking.IsExclusive(one, rules)), rules.ApplicableExclusiveRedeemablesLimit),
            "applicable_exclusive_redeemables_per_category_limit_exceeded" => Limit("applicable_exclusive_redeemables_per_category_limit", Same(),
                rules.ApplicableExclusiveRedeemablesPerCategoryLimit ?? 0),
            _ => null,
        };
    }

    private static TraceStep Limit(string name, long seen, long limit) => Stack(name, Number(seen), "$less_than", Number(limit))
        with
    { Change = new RuleChange($"stacking_rules.{name}", Number(seen + 1)) };

    private static TraceStep Stack(string name, string? seen, string op, string? needed) => new(TraceKind.Stacking, $"stacking_rules.{name}", false, seen, op, needed);

    private static TraceStep Step(string name, bool holds, string? seen, string op, string? needed) => new(TraceKind.Check, name, holds, seen, op, needed);

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Instant(long ms) => '"' + NodaTime.Text.InstantPattern.ExtendedIso.Format(NodaTime.Instant.FromUnixTimeMilliseconds(ms)) + '"';

    private static string Text(string value) => '"' + JsonEncodedText.Encode(value).ToString() + '"';

    private static string JsonList(IEnumerable<string> values) => '[' + string.Join(',', values.Select(Text)) + ']';
}
