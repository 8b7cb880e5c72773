using System.Text.Json;
using BenchmarkDotNet.Attributes;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Qualifying;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;

namespace Scrip.Bench;

/// <summary>
/// The first page of five out of many live promotion tiers, each with a rule of three conditions, on a cart of five
/// lines: by time, which may stop early, and by the deal. Then the same after one tier was saved.
/// </summary>
[MemoryDiagnoser]
public class QualifyingBench
{
    const long Now = 1_750_000_000_000;

    CandidateIndex<Candidate> index = null!;
    Candidate saved = null!;
    Situation situation = null!;
    Cart cart = null!;

    /// <summary>How many promotion tiers are live.</summary>
    [Params(1_000, 10_000)]
    public int Tiers { get; set; }

    /// <summary>Of how many one qualifies; the others ask for products that the cart does not have.</summary>
    [Params(1, 1_000)]
    public int OneIn { get; set; }

    /// <summary>Makes the facts, which are not measured.</summary>
    [GlobalSetup]
    public void Setup()
    {
        index = CandidateIndex.Of<Candidate>(Enumerable.Range(0, Tiers).Select(Tier));
        saved = Tier(Tiers / 2);
        cart = Cart.Open([.. Enumerable.Range(0, 5).Select(i => new CartLine { ProductId = $"prod_{i}", Quantity = 1 + i, Price = 999 + (i * 37) })]).Cart!;
        situation = new Situation
        {
            NowMs = Now,
            Zone = DateTimeZone.Utc,
            Customer = new CustomerFacts { Id = "cust_1", Metadata = new(JsonSerializer.SerializeToElement(new { tier = "gold" })), Segments = new HashSet<string> { "seg_1", "seg_2" } },
        };
    }

    // Every request has a qualifier of its own.
    QualifyingPage Page(CandidateIndex<Candidate> among, QualifyingOrder order)
    {
        var qualifier = new Qualifier(cart, StackingRules.Default, situation, Scenario.All);
        return Paging.Pick(among.Possible(qualifier), qualifier, order, null, 5);
    }

    Candidate Tier(int i)
    {
        var wanted = i % OneIn == OneIn - 1 ? $"prod_{i % 5}" : $"prod_{1000 + i}";
        var rules = JsonSerializer.SerializeToElement(new Dictionary<string, object>
        {
            ["1"] = new { name = "customer.segment", conditions = new Dictionary<string, string[]> { ["$is"] = ["seg_2", "seg_9"] } },
            ["2"] = new { name = "order.initial_amount", conditions = new Dictionary<string, int[]> { ["$more_than"] = [1_000] } },
            ["3"] = new { name = "product.id", conditions = new Dictionary<string, string[]> { ["$is"] = [wanted] } },
            ["logic"] = "1 and 2 and 3",
        });
        var rule = Rule.Bind(new RuleSource($"val_{i}", rules)) is { Rule: { } bound } ? bound : throw new InvalidOperationException("No rule");
        return new Candidate($"promo_{i}", Now - i, [new TierRedeemable($"promo_{i}")
        {
            Id = $"promo_{i}",
            CampaignId = "camp_1",
            Campaign = Schedule.Always,
            Schedule = new(true, Now - 1_000_000, Now + 1_000_000),
            Benefit = new DiscountBenefit(i % 2 == 0 ? new PercentOff(1 + (i % 50)) : new AmountOff(100 + i)),
            Rules = [rule],
        }]);
    }

    /// <summary>The five newest that qualify.</summary>
    [Benchmark]
    public QualifyingPage Newest() => Page(index, QualifyingOrder.Newest);

    /// <summary>The five that take most off.</summary>
    [Benchmark]
    public QualifyingPage BestDeal() => Page(index, QualifyingOrder.BestDeal);

    /// <summary>The five that take most off, and the change of the index that a saved tier makes.</summary>
    [Benchmark]
    public QualifyingPage AfterSaving() => Page(index.With(new HashSet<string> { saved.Id }, [saved]), QualifyingOrder.BestDeal);
}
