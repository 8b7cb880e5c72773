using BenchmarkDotNet.Attributes;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;
using Scrip.Engine.Tracing;

namespace Scrip.Bench;

/// <summary>A stack of five coupons, to the order and to items, on a cart of twenty lines: one decision.</summary>
[MemoryDiagnoser]
public class DecidingBench
{
    const long Now = 1_750_000_000_000;

    DecisionFacts facts = null!;
    DecisionFacts ruled = null!;
    Decision decision = null!;

    /// <summary>Makes the facts, which are not measured.</summary>
    [GlobalSetup]
    public void Setup()
    {
        var lines = Enumerable.Range(0, 20).Select(i => new CartLine { ProductId = $"prod_{i}", Quantity = 1 + (i % 4), Price = 999 + (i * 37) }).ToArray();
        Discount[] discounts =
        [
            new PercentOff(10), new AmountOff(500, DiscountEffect.ApplyToItems), new AmountOff(1234, DiscountEffect.ApplyToItemsProportionally),
            new PercentOff(7.5m, DiscountEffect.ApplyToItems), new AmountOff(300),
        ];
        facts = new DecisionFacts(Cart.Open(lines).Cart, [.. discounts.Select(Coupon)], StackingRules.Default, new Situation { NowMs = Now, Zone = DateTimeZone.Utc });
        ruled = facts with
        {
            Redeemables = [.. facts.Redeemables.Select((one, i) => (VoucherRedeemable)one with { Rules = [Rule.Bind(RulesBench.Source with { Id = $"val_{i}" }).Rule!] })],
            Situation = RulesBench.Asking(),
        };
        decision = Deciding.Decide(ruled);
        if (!decision.Valid) throw new InvalidOperationException("Everything has to be applicable");
    }

    static VoucherRedeemable Coupon(Discount discount, int i) => new($"CODE{i}")
    {
        Id = $"v_{i}",
        Code = $"CODE{i}",
        Quantity = 100,
        Benefit = new DiscountBenefit(discount),
    };

    /// <summary>The decision.</summary>
    [Benchmark]
    public Decision Five_redeemables_on_twenty_lines() => Deciding.Decide(facts);

    /// <summary>The decision when each has a rule of five conditions.</summary>
    [Benchmark]
    public Decision Five_redeemables_with_rules() => Deciding.Decide(ruled);

    /// <summary>The trace of that decision, which is made only when it is asked for.</summary>
    [Benchmark]
    public IReadOnlyList<RedeemableTrace> Tracing_five_redeemables_with_rules() => Tracer.Trace(ruled, decision);
}
