using CsCheck;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Tracing;

namespace Scrip.Engine.Tests.Tracing;

public class TracerTests
{
    private const long Now = 1_000_000;

    private static readonly Situation Situation = new() { NowMs = Now, Zone = DateTimeZone.Utc };

    [Theory]
    [InlineData("disabled", "voucher.active", "false", "true", "voucher.active=true")]
    [InlineData("early", "voucher.start_date", "\"1970-01-01T00:16:40Z\"", "\"1970-01-01T00:16:40.001Z\"", null)]
    [InlineData("late", "voucher.expiration_date", "\"1970-01-01T00:16:40Z\"", "\"1970-01-01T00:16:39.999Z\"", null)]
    [InlineData("campaign", "campaign.active", "false", "true", "campaign.active=true")]
    [InlineData("used", "voucher.redemption.quantity", "3", "3", "voucher.redemption.quantity=4")]
    [InlineData("poor", "voucher.gift.balance", "50", "80", "gift.credits=50")]
    [InlineData("empty", "voucher.gift.balance", "0", "80", null)]
    [InlineData("unknown", "exists", "false", "true", null)]
    public void The_last_step_of_a_refusal_is_its_reason(string kind, string name, string seen, string needed, string? change)
    {
        var trace = One(kind);

        trace.Key.ShouldNotBeNull();
        var last = trace.Steps[^1];
        (last.Name, last.Holds, last.Seen, last.Needed).ShouldBe((name, false, seen, needed));
        (trace.Change is { } told ? $"{told.Fact}={told.To}" : null).ShouldBe(change);
    }

    [Theory]
    [InlineData("disabled")]
    [InlineData("used")]
    [InlineData("poor")]
    public void Doing_what_the_trace_suggests_flips_the_verdict(string kind)
    {
        var (redeemable, change) = (Redeemable(kind), One(kind).Change!);
        var mended = change.Fact switch
        {
            "voucher.active" => redeemable with { Schedule = redeemable.Schedule with { Active = true } },
            "voucher.redemption.quantity" => redeemable with { Quantity = long.Parse(change.To) },
            "gift.credits" => redeemable with { Benefit = ((GiftBenefit)redeemable.Benefit) with { Credits = long.Parse(change.To) } },
            _ => throw new ArgumentOutOfRangeException(nameof(kind), change.Fact),
        };

        Decide(redeemable).Valid.ShouldBeFalse();
        Decide(mended).Valid.ShouldBeTrue();
    }

    [Fact]
    public void A_rounding_is_told_with_the_exact_value()
    {
        var trace = Tracer.Trace(new DecisionFacts(Cart.Open([], 999).Cart, [Coupon("a", new PercentOff(10.5m))], StackingRules.Default, Situation), Decide(Coupon("a", new PercentOff(10.5m)), 999))[0];

        trace.Calculation!.Roundings.ShouldBe([new Rounding("order", 104.895m, 105)]);
        (trace.Calculation.Type, trace.Calculation.Before, trace.Calculation.Taken, trace.Calculation.Value).ShouldBe(("PERCENT", 999, 105, 10.5m));
    }

    [Fact]
    public void A_split_is_told_by_line()
    {
        var cart = Cart.Open([new CartLine { ProductId = "a", Price = 3300 }, new CartLine { ProductId = "b", Price = 3400 }]).Cart;
        var facts = new DecisionFacts(cart, [Coupon("a", new AmountOff(300, DiscountEffect.ApplyToItemsProportionally))], StackingRules.Default, Situation);

        Tracer.Trace(facts, Deciding.Decide(facts))[0].Calculation!.Roundings
            .ShouldBe([new Rounding("items[0]", 147.761194m, 148), new Rounding("items[1]", 152.238806m, 152)]);
    }

    [Fact]
    public void Traces_agree_with_decisions() => Gen.Select(
        Gen.OneOfConst("fine", "disabled", "late", "used", "poor", "unknown", "@news", "@vip").Array[1, 8], Gen.Bool, Gen.Bool, Gen.Int[1, 4], Gen.Long[0, 5000]).Sample(
        (kinds, partial, skips, limit, amount) =>
    {
        var rules = StackingRules.Default with
        {
            ApplicationMode = partial ? ApplicationMode.Partial : ApplicationMode.All,
            NoEffectRule = skips ? NoEffectRule.Skip : NoEffectRule.RedeemAnyway,
            ApplicableRedeemablesLimit = limit,
            ExclusiveCategories = ["vip"],
        };
        var facts = new DecisionFacts(Cart.Open([], amount).Cart, [.. kinds.Select((kind, i) => Named(kind, $"{kind}{i}"))], rules, Situation);
        var decision = Deciding.Decide(facts);
        var traces = Tracer.Trace(facts, decision);

        traces.Count.ShouldBe(decision.Outcomes.Count);
        for (var i = 0; i < traces.Count; i++)
        {
            var (trace, outcome) = (traces[i], decision.Outcomes[i]);
            trace.RequestedId.ShouldBe(outcome.Redeemable.RequestedId);
            trace.Considered.ShouldBe(i + 1);
            trace.Steps.Any(step => step.Holds == false).ShouldBe(outcome.Status != RedeemableStatus.Applicable, $"{trace.RequestedId}: {trace.Key}");
            (trace.Calculation?.Taken).ShouldBe(outcome.Credits ?? outcome.Cart?.TotalAppliedDiscountAmount);
        }
    });

    private static RedeemableTrace One(string kind)
    {
        var facts = new DecisionFacts(Cart.Open([], 1000).Cart, [Named(kind, kind)], StackingRules.Default, Situation);
        return Tracer.Trace(facts, Deciding.Decide(facts))[0];
    }

    private static Decision Decide(Redeemable redeemable, long amount = 1000) =>
        Deciding.Decide(new DecisionFacts(Cart.Open([], amount).Cart, [redeemable], StackingRules.Default, Situation));

    private static Redeemable Named(string kind, string name) => kind switch
    {
        "unknown" => new UnknownRedeemable(name, "voucher"),
        _ => Redeemable(kind) with { RequestedId = name, Id = name, Code = name },
    };

    private static VoucherRedeemable Redeemable(string kind) => kind switch
    {
        "disabled" => Coupon(kind) with { Schedule = new Schedule(Active: false) },
        "early" => Coupon(kind) with { Schedule = new Schedule(StartsAt: Now + 1) },
        "late" => Coupon(kind) with { Schedule = new Schedule(ExpiresAt: Now - 1) },
        "campaign" => Coupon(kind) with { Campaign = new Schedule(Active: false) },
        "used" => Coupon(kind) with { Quantity = 3, Redeemed = 2, Held = 1 },
        "poor" => Coupon(kind) with { Benefit = new GiftBenefit(50, 80) },
        "empty" => Coupon(kind) with { Benefit = new GiftBenefit(0, 80) },
        "@news" => Coupon(kind) with { Category = new Category("news", "News", 1) },
        "@vip" => Coupon(kind) with { Category = new Category("vip", "VIP", 1) },
        _ => Coupon(kind),
    };

    private static VoucherRedeemable Coupon(string code, Discount? discount = null) => new(code)
    {
        Id = code,
        Code = code,
        Benefit = new DiscountBenefit(discount ?? new AmountOff(100)),
    };
}
