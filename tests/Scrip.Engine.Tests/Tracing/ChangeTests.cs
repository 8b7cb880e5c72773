using CsCheck;
using Scrip.Engine.Carts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;
using Scrip.Engine.Tests.Rules;
using Scrip.Engine.Tracing;

namespace Scrip.Engine.Tests.Tracing;

/// <summary>The change that a trace suggests, when rules refuse.</summary>
public class ChangeTests
{
    [Fact]
    public void Doing_what_the_trace_suggests_makes_the_incentive_applicable() => Gen.Select(RuleGen.Any, RuleGen.Any, Gen.Bool, RuleGen.Facts).Sample((items, more, two, facts) =>
    {
        Rule[] rules = two ? [Ruling.Bind(items.Json), Ruling.Bind(more.Json)] : [Ruling.Bind(items.Json)];
        var coupon = Ruling.Coupon with { Rules = rules };
        var asked = Facts(facts, coupon);
        if (Tracer.Trace(asked, Deciding.Decide(asked))[0].Change is not { Fact: not ("redemption.reward.pay_with_points.points_used" or "custom_event.metadata.p") } change) return;
        // What is left to pay is 100 less than the amount, because the coupon takes 100 off.
        if (change.Fact == "order.total_amount") change = new("order.amount", $"{long.Parse(change.To) + 100}");
        Mended.By(change, facts).Any(mended => Deciding.Decide(Facts(mended, coupon)).Valid).ShouldBeTrue($"{change} of {items.Json} {(two ? more.Json : "")}");
    }, iter: 2_000);

    [Theory]
    [InlineData("1", "order.amount=20001")]
    [InlineData("1 and 2", "order.amount=20001")]
    [InlineData("1 and 3", null)]
    [InlineData("1 and 4", null)]
    [InlineData("3 or 1", "customer.segment=\"x\"")]
    [InlineData("(1 and 3) or (2 and 3)", "customer.segment=\"x\"")]
    public void One_change_is_told_when_one_is_enough(string logic, string? change)
    {
        var rule = Ruling.Bind($$"""
            {"1":{"name":"order.amount","conditions":{"$more_than":[20000]} },"2":{"name":"order.items.any","conditions":{"$is":["shirt"]} },
             "3":{"name":"customer.segment","conditions":{"$is":["x"]} },"4":{"name":"order.amount","conditions":{"$less_than":[20000]} },"logic":"{{logic}}"}
            """);
        (rule.Judge(Ruling.Full).Change is { } told ? $"{told.Fact}={told.To}" : null).ShouldBe(change);
    }

    private static DecisionFacts Facts(RuleFacts facts, VoucherRedeemable coupon) =>
        new(facts.Before, [coupon], StackingRules.Default, facts.Situation) { Scope = facts.Scope };
}
