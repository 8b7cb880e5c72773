using CsCheck;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Tests.Discounts;

namespace Scrip.Engine.Tests.Redeeming;

public class DecidingTests
{
    private const long Now = 1_000_000;

    private static readonly Cart Hundred = Cart.Open([new CartLine { ProductId = "shirt", Price = 10_000 }]).Cart!;

    [Fact]
    public void Applied_amounts_cover_one_redeemable_inside_and_the_request_outside()
    {
        var decision = Decide(Hundred, Voucher("a", new AmountOff(2000)), Voucher("b", new PercentOff(10)));
        decision.Valid.ShouldBeTrue();
        decision.Outcomes.Select(outcome => outcome.Cart!.AppliedDiscountAmount).ShouldBe([2000, 800]);
        decision.Outcomes.Select(outcome => outcome.Cart!.DiscountAmount).ShouldBe([2000, 2800]);
        (decision.Cart!.AppliedDiscountAmount, decision.Cart.TotalAmount).ShouldBe((2800, 7200));
    }

    [Fact]
    public void Earlier_discounts_of_the_order_are_not_applied_again()
    {
        var cart = Cart.Open([], 10_000, discountAmount: 9200).Cart!;
        var after = Decide(cart, Voucher("a", new AmountOff(1000))).Cart!;
        (after.DiscountAmount, after.AppliedDiscountAmount, after.TotalAmount).ShouldBe((10_000, 800, 0));
    }

    [Fact]
    public void One_failure_fails_all_and_skips_what_follows()
    {
        var decision = Decide(Hundred, Voucher("a", new AmountOff(1)), new UnknownRedeemable("b", "voucher"), Voucher("c", new AmountOff(1)));
        decision.Valid.ShouldBeFalse();
        decision.Outcomes.Select(outcome => outcome.Status).ShouldBe(
            [RedeemableStatus.Applicable, RedeemableStatus.Inapplicable, RedeemableStatus.Skipped]);
        decision.Outcomes[2].Refusal.ShouldBe(Refusals.PrecedingValidationFailed);
        decision.FirstRefusal.ShouldBe(Refusals.Missing("voucher", "b"));
        decision.FirstRefusal!.Code.ShouldBe(404);
    }

    [Fact]
    public void Partial_mode_goes_on_without_what_failed()
    {
        var decision = Decide(new StackingRules { ApplicationMode = ApplicationMode.Partial }, Hundred,
            new UnknownRedeemable("b", "voucher"), Voucher("c", new AmountOff(500)));
        decision.Valid.ShouldBeTrue();
        decision.Cart!.TotalAmount.ShouldBe(9500);
        Decide(new StackingRules { ApplicationMode = ApplicationMode.Partial }, Hundred, new UnknownRedeemable("b", "voucher")).Valid.ShouldBeFalse();
    }

    [Fact]
    public void Faults_are_reported_in_the_order_of_the_catalogue()
    {
        var worst = Voucher("CODE", new AmountOff(1)) with
        {
            Schedule = new Schedule(false, Now + 1, Now - 1, new ValidityFrame(null, [6], [])),
            Quantity = 1,
            Redeemed = 1,
        };
        Key(worst).ShouldBe("voucher_disabled");
        Key(worst = worst with { Schedule = worst.Schedule with { Active = true } }).ShouldBe("voucher_not_active");
        Key(worst = worst with { Schedule = worst.Schedule with { StartsAt = Now } }).ShouldBe("voucher_expired");
        Key(worst = worst with { Schedule = worst.Schedule with { ExpiresAt = Now } }).ShouldBe("voucher_not_active_now");
        Key(worst = worst with { Schedule = worst.Schedule with { Frame = null } }).ShouldBe("quantity_exceeded");
        Key(worst with { Quantity = 2 }).ShouldBeNull();
        Decide(null, worst).Outcomes[0].Refusal!.Details.ShouldBe("CODE");
    }

    [Fact]
    public void A_campaign_that_ended_ends_its_vouchers() =>
        Key(Voucher("a", new AmountOff(1)) with { Campaign = new Schedule(ExpiresAt: Now - 1) }).ShouldBe("voucher_expired");

    [Fact]
    public void A_discount_needs_no_order()
    {
        var decision = Decide(null, Voucher("a", new AmountOff(1)));
        decision.Valid.ShouldBeTrue();
        (decision.Cart, decision.Outcomes[0].Cart).ShouldBe((null, null));
    }

    [Theory]
    [InlineData(5000, null, true, 5000L, null)]
    [InlineData(20_000, null, true, 10_000L, null)]
    [InlineData(5000, 3000L, true, 3000L, null)]
    [InlineData(20_000, 15_000L, true, 10_000L, null)]
    [InlineData(5000, 5001L, true, null, "gift_amount_exceeded")]
    [InlineData(0, null, true, null, "gift_amount_exceeded")]
    [InlineData(5000, -1L, true, null, "invalid_gift")]
    [InlineData(5000, 3000L, false, 3000L, null)]
    [InlineData(5000, null, false, null, "missing_order")]
    public void Gift_credits(long balance, long? requested, bool order, long? taken, string? key)
    {
        var outcome = Decide(order ? Hundred : null, Gift("g", new GiftBenefit(balance, requested))).Outcomes[0];
        outcome.Credits.ShouldBe(taken);
        outcome.Refusal?.Key.ShouldBe(key);
        if (key is null) outcome.Status.ShouldBe(RedeemableStatus.Applicable);
    }

    [Fact]
    public void A_gift_card_needs_an_amount_or_credits()
    {
        var priceless = Cart.Open([new CartLine { ProductId = "a" }]).Cart!;
        Decide(priceless, Gift("g", new GiftBenefit(500))).FirstRefusal!.Key.ShouldBe("missing_amount");
        Decide(priceless, Gift("g", new GiftBenefit(500, 100))).Outcomes[0].Credits.ShouldBe(100);
        Decide(priceless, Gift("g", new GiftBenefit(500, 100, GiftEffect.ApplyToItems))).FirstRefusal!.Key.ShouldBe("missing_order_items_amount");
        Decide(Cart.Open([], 100).Cart, Gift("g", new GiftBenefit(500, 100, GiftEffect.ApplyToItems))).FirstRefusal!.Key.ShouldBe("missing_order_items");
    }

    [Fact]
    public void Too_many_and_repeated_redeemables_are_refused()
    {
        var rules = new StackingRules { RedeemablesLimit = 1 };
        Decide(rules, Hundred, Voucher("a", new AmountOff(1)), Voucher("b", new AmountOff(1))).Refusal!.Key.ShouldBe("invalid_redeemables");
        var twice = Voucher("a", new AmountOff(1));
        Decide(Hundred, twice, twice with { RequestedId = "by-id" }).Refusal.ShouldBe(Refusals.DuplicatedRedeemables);
    }

    [Fact]
    public void Redeemables_above_the_limit_are_skipped_not_refused()
    {
        var decision = Decide(new StackingRules { ApplicableRedeemablesLimit = 1 }, Hundred, Voucher("a", new AmountOff(1)), Voucher("b", new AmountOff(1)));
        decision.Valid.ShouldBeTrue();
        decision.Outcomes[1].Refusal.ShouldBe(Refusals.ApplicableRedeemablesLimitExceeded);
        decision.Cart!.TotalAmount.ShouldBe(9999);
    }

    [Fact]
    public void A_redeemable_without_effect_is_redeemed_or_skipped_as_the_rules_say()
    {
        Redeemable[] two = [Voucher("a", new AmountOff(10_000)), Voucher("b", new AmountOff(1))];
        Decide(Hundred, two).Outcomes[1].Status.ShouldBe(RedeemableStatus.Applicable);
        var skipped = Decide(new StackingRules { NoEffectRule = NoEffectRule.Skip }, Hundred, two);
        skipped.Valid.ShouldBeTrue();
        skipped.Outcomes[1].Refusal.ShouldBe(Refusals.NoEffect);
    }

    [Fact]
    public void The_same_facts_give_the_same_decision() =>
        Gen.Select(DiscountProperties.Carts, Gen.Select(DiscountProperties.Discounts, DiscountProperties.AnyTargets).Array[1, 6]).Sample((cart, stack) =>
        {
            var redeemables = stack.Select((one, i) => (Redeemable)(Voucher($"v{i}", one.Item1) with { Targets = one.Item2 })).ToArray();
            var (first, second) = (Decide(cart, redeemables), Decide(cart, redeemables));
            Print(first).ShouldBe(Print(second));
            first.Outcomes.Sum(outcome => outcome.Cart?.TotalAppliedDiscountAmount ?? 0).ShouldBe(first.Cart!.TotalAppliedDiscountAmount);
        });

    private static string Print(Decision decision) => string.Join('\n', decision.Outcomes.Select(outcome =>
        $"{outcome.Status} {outcome.Refusal} {outcome.Credits} {outcome.Cart} {string.Join(' ', outcome.Cart?.Lines ?? [])}"));

    private static string? Key(Redeemable redeemable) => Decide(null, redeemable).FirstRefusal?.Key;

    private static VoucherRedeemable Voucher(string code, Discount discount) =>
        new(code) { Id = $"v_{code}", Code = code, Benefit = new DiscountBenefit(discount) };

    private static VoucherRedeemable Gift(string code, GiftBenefit gift) =>
        new(code) { Id = $"v_{code}", Code = code, Benefit = gift };

    private static Decision Decide(Cart? cart, params Redeemable[] redeemables) => Decide(StackingRules.Default, cart, redeemables);

    private static Decision Decide(StackingRules rules, Cart? cart, params Redeemable[] redeemables) =>
        Deciding.Decide(new DecisionFacts(cart, redeemables, rules, new Situation { NowMs = Now, Zone = DateTimeZone.Utc }));
}
