using System.Text.Json;
using BenchmarkDotNet.Attributes;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;

namespace Scrip.Bench;

/// <summary>A rule of five conditions on a cart of twenty lines: binding it, judging it, judging many.</summary>
[MemoryDiagnoser]
public class RulesBench
{
    /// <summary>Two conditions on the order, one on the customer, one counter, one on lines with a sub-rule.</summary>
    internal static readonly RuleSource Source = new("val_1", JsonDocument.Parse("""
        {"1":{"name":"order.amount","conditions":{"$more_than":[5000]} },
         "2":{"name":"order.items.any","conditions":{"$is":["prod_3"]},"rules":{"1":{"name":"order.items.price","conditions":{"$less_than":[90000]} } } },
         "3":{"name":"customer.metadata","property":"city","conditions":{"$is":["Oslo","Rome"]} },
         "4":{"name":"redemption.count.per_customer.daily","conditions":{"$less_than":[10]} },
         "logic":"1 and (2 or 3) and 4"}
        """).RootElement);

    RuleFacts facts = null!;
    Rule rule = null!;
    Rule[] rules = [];

    /// <summary>The cart of twenty lines.</summary>
    internal static Cart Twenty() =>
        Cart.Open([.. Enumerable.Range(0, 20).Select(i => new CartLine { ProductId = $"prod_{i}", Quantity = 1 + (i % 4), Price = 999 + (i * 37) })]).Cart!;

    /// <summary>Who asks and when.</summary>
    internal static Situation Asking() => new()
    {
        NowMs = 1_750_000_000_000,
        Zone = DateTimeZone.Utc,
        Customer = new() { Id = "cust_1", Metadata = new(JsonDocument.Parse("""{"city":"Oslo"}""").RootElement) },
    };

    /// <summary>Makes the facts and the rules, which are not measured.</summary>
    [GlobalSetup]
    public void Setup()
    {
        rule = Rule.Bind(Source).Rule!;
        rules = [.. Enumerable.Range(0, 10_000).Select(i => Rule.Bind(Source with { Id = $"val_{i}" }).Rule!)];
        var coupon = new VoucherRedeemable("CODE") { Id = "v_1", Code = "CODE", Benefit = new DiscountBenefit(new AmountOff(100)) };
        facts = new RuleFacts(Asking(), coupon, Twenty(), Twenty(), new Usage(Uses: 1));
        if (!rule.Judge(facts).Holds) throw new InvalidOperationException("The rule has to hold");
    }

    /// <summary>Binding, as when a rule changes.</summary>
    [Benchmark]
    public Rule? Bind() => Rule.Bind(Source).Rule;

    /// <summary>One verdict.</summary>
    [Benchmark]
    public RuleVerdict Judge() => rule.Judge(facts);

    /// <summary>Verdicts of many rules on one order.</summary>
    /// <param name="count">How many.</param>
    [Benchmark]
    [Arguments(1_000)]
    [Arguments(10_000)]
    public int Judge_many(int count)
    {
        var held = 0;
        for (var i = 0; i < count; i++)
            if (rules[i].Judge(facts).Holds) held++;
        return held;
    }
}
