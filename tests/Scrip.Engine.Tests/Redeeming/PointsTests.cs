using CsCheck;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Tracing;

namespace Scrip.Engine.Tests.Redeeming;

/// <summary>What the points of a loyalty card pay, who may spend them, and why not.</summary>
public sealed class PointsTests
{
    private const string Holder = "cust_ada";

    [Theory]
    // The vendor's example: 20.00 for 100 points, 450.00 to pay.
    [InlineData(2000, 100, 5000, null, 45_000, 2300, 45_000)]
    [InlineData(2000, 100, 1050, null, 45_000, 1000, 20_000)]
    [InlineData(2000, 100, 1050, 1050L, 45_000, 1050, 21_000)]
    [InlineData(2000, 100, 5000, 5000L, 2000, 100, 2000)]
    [InlineData(2000, 100, 5000, null, 0, 0, 0)]
    [InlineData(0.5, 3, 100, 3L, 100, 3, 1)]
    [InlineData(0.5, 3, 100, 2L, 100, 0, 0)]
    [InlineData(1, 1, long.MaxValue >> 10, null, Money.Max, Money.Max, Money.Max)]
    public void Points_pay(decimal exchange, long ratio, long balance, long? asked, long amount, long taken, long paid)
    {
        var outcome = Decide(new CoinReward("rew", exchange, ratio), balance, asked, amount).Outcomes[0];
        outcome.Refusal.ShouldBeNull();
        outcome.Points.ShouldBe(taken);
        outcome.Cart!.TotalAppliedDiscountAmount.ShouldBe(paid);
        outcome.Takes.Points.ShouldBe(taken);
        outcome.Takes.Credits.ShouldBe(0);
    }

    [Theory]
    [InlineData("none", Holder, 500, null, "missing_reward", "reward.id", null)]
    [InlineData("unknown", Holder, 500, null, "not_found", "reward.id", null)]
    [InlineData("coin", null, 500, null, "missing_customer", "customer.id", null)]
    [InlineData("coin", "cust_bob", 500, null, "invalid_customer", "customer.id", null)]
    [InlineData("coin", Holder, 500, 501L, "loyalty_card_points_exceeded", "voucher.loyalty_card.balance", "reward.points=500")]
    [InlineData("coin", Holder, 99, null, "loyalty_card_points_exceeded", "voucher.loyalty_card.balance", null)]
    [InlineData("coin", Holder, 0, 1L, "loyalty_card_points_exceeded", "voucher.loyalty_card.balance", null)]
    [InlineData("priced", Holder, 99, null, "loyalty_card_points_exceeded", "voucher.loyalty_card.balance", null)]
    [InlineData("priced", "cust_bob", 500, null, "invalid_customer", "customer.id", null)]
    public void Points_do_not_pay(string kind, string? customer, long balance, long? asked, string key, string step, string? change)
    {
        PointsReward? reward = kind switch { "coin" => new CoinReward("rew", 2000, 100), "priced" => new PricedReward("rew", 100), "unknown" => new UnknownReward("rew"), _ => null };
        var facts = Facts(reward, balance, asked, 1000, customer);
        var decision = Deciding.Decide(facts);
        decision.FirstRefusal!.Key.ShouldBe(key);
        var trace = Tracer.Trace(facts, decision)[0];
        trace.Steps[^1].Name.ShouldBe(step);
        trace.Steps[^1].Holds.ShouldBe(false);
        (trace.Change is { } told ? $"{told.Fact}={told.To}" : null).ShouldBe(change);
        if (trace.Change is { } mend) Deciding.Decide(Facts(reward, balance, long.Parse(mend.To), 1000, customer)).Valid.ShouldBeTrue();
    }

    [Fact]
    public void What_has_a_price_costs_that_and_takes_nothing_off_the_order()
    {
        var outcome = Decide(new PricedReward("rew", 100), 100, null, 1000).Outcomes[0];
        outcome.Points.ShouldBe(100);
        outcome.Takes.Points.ShouldBe(100);
        outcome.Cart!.TotalAppliedDiscountAmount.ShouldBe(0);
        var without = Deciding.Decide(Facts(new PricedReward("rew", 100), 100, null, 1000, Holder) with { Cart = null });
        without.Valid.ShouldBeTrue();
        without.Outcomes[0].Drawn.ShouldBe(100);
    }

    [Fact]
    public void A_card_without_an_order_or_its_amount_pays_nothing()
    {
        var reward = new CoinReward("rew", 2000, 100);
        Deciding.Decide(Facts(reward, 500, 10, 1000, Holder) with { Cart = null }).FirstRefusal!.Key.ShouldBe("missing_order");
        Deciding.Decide(Facts(reward, 500, 10, 1000, Holder) with { Cart = Cart.Open([new CartLine { ProductId = "a" }]).Cart }).FirstRefusal!.Key.ShouldBe("missing_amount");
    }

    [Fact]
    public void Points_are_never_more_than_there_are_than_asked_for_or_than_the_order_needs() =>
        (from exchange in Gen.OneOf(Gen.Long[1, 1_000_000].Select(n => n / 100m), Gen.Long[1, Money.Max].Select(n => (decimal)n), Gen.Const(0.0000000000000000000000000001m), Gen.Const(900_719_925_474_099_100m))
         from ratio in Gen.OneOf(Gen.Long[1, 1000], Gen.Long[1, Money.Max])
         from balance in Gen.OneOf(Gen.Long[0, 100_000], Gen.Long[0, Money.Max])
         from asked in Gen.OneOf(Gen.Long[1, 100_000], Gen.Long[1, Money.Max])
         from isAsked in Gen.Bool
         from room in Gen.OneOf(Gen.Long[0, 1_000_000], Gen.Long[0, Money.Max])
         select (new CoinReward("rew", exchange, ratio), balance, isAsked ? Math.Min(asked, balance) : (long?)null, room)).Sample(one =>
        {
            var (coin, balance, asked, room) = one;
            var (points, paid) = coin.Take(balance, asked, room);
            points.ShouldBeInRange(0, asked ?? balance);
            points.ShouldBeLessThanOrEqualTo(coin.Needed(room));
            paid.ShouldBeInRange(0, room);
            (paid > 0 || points == 0).ShouldBeTrue();
            if (asked is null) (points % coin.Ratio == 0 || points == Money.Max).ShouldBeTrue();
            // One ratio less would not have been enough.
            if (paid == room && asked is null && points > coin.Ratio && points < Money.Max) coin.Worth(points - coin.Ratio).ShouldBeLessThan(room + 1);
            if (coin.Needed(room) < Money.Max) coin.Worth(coin.Needed(room)).ShouldBeGreaterThanOrEqualTo(room);
        }, iter: 20_000);

    private static Decision Decide(PointsReward reward, long balance, long? asked, long amount) => Deciding.Decide(Facts(reward, balance, asked, amount, Holder));

    private static DecisionFacts Facts(PointsReward? reward, long balance, long? asked, long amount, string? customer) => new(
        Cart.Open([], amount).Cart,
        [new VoucherRedeemable("card") { Id = "v_card", Code = "card", HolderId = Holder, Benefit = new PointsBenefit(balance, reward, asked) }],
        StackingRules.Default,
        new Situation { NowMs = 1_700_000_000_000, Zone = DateTimeZone.Utc, Customer = customer is null ? null : new CustomerFacts { Id = customer } });
}
