using CsCheck;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Qualifying;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Tests.Qualifying;

public sealed class PagingTests
{
    private static readonly Cart Order = Cart.Open([new CartLine { ProductId = "shirt", Price = 10_000 }]).Cart!;

    // Few instants and few amounts, so that both have many ties; amounts above 90 do not qualify.
    private static readonly Gen<(int CreatedAt, int Off)[]> Tiers = Gen.Select(Gen.Int[1, 5], Gen.Int[0, 100]).Array[0, 40];

    [Theory]
    [InlineData(QualifyingOrder.Newest)]
    [InlineData(QualifyingOrder.BestDeal)]
    [InlineData(QualifyingOrder.LeastDeal)]
    public void Pages_follow_each_other_without_gap_or_repetition(QualifyingOrder order) =>
        Gen.Select(Tiers, Gen.Int[1, 7]).Sample((tiers, limit) =>
        {
            var candidates = Candidates(tiers);
            var all = Sorted(candidates.Select(Judge).OfType<Qualified>(), order).Select(one => one.Candidate.Id).ToList();
            var paged = new List<string>();
            QualifyingCursor? after = null;
            do
            {
                var page = Paging.Pick(candidates, Asked, order, after, limit);
                page.Items.Count.ShouldBeLessThanOrEqualTo(limit);
                paged.AddRange(page.Items.Select(one => one.Candidate.Id));
                // Pages that do not go on would never end.
                paged.Count.ShouldBeLessThanOrEqualTo(all.Count);
                after = page.Next;
            }
            while (after is not null);
            paged.ShouldBe(all);
        });

    [Fact]
    public void Newest_first_looks_at_no_more_than_the_page_and_one()
    {
        // The seventh cannot be looked at.
        List<Candidate> candidates = [.. Candidates([.. Enumerable.Range(0, 6).Select(i => (9 - i, 10))]), new("promo_6", 0, null!)];

        Paging.Pick(candidates, Asked, QualifyingOrder.Newest, null, 5).Items.Count.ShouldBe(5);
        Should.Throw<Exception>(() => Paging.Pick(candidates, Asked, QualifyingOrder.Newest, null, 6));
    }

    [Fact]
    public void A_cursor_of_an_instant_alone_goes_on_behind_everything_of_that_instant()
    {
        var candidates = Candidates([(3, 10), (2, 20), (2, 30), (1, 40)]);

        Paging.Pick(candidates, Asked, QualifyingOrder.Newest, new(2, null), 5).Items.ShouldHaveSingleItem().Taken.ShouldBe(40);
    }

    [Fact]
    public void A_cursor_of_an_instant_that_nothing_was_made_in_ends_the_deals_and_goes_on_newest_first()
    {
        var candidates = Candidates([(3, 10), (1, 40)]);

        Paging.Pick(candidates, Asked, QualifyingOrder.BestDeal, new(2, null), 5).Items.ShouldBeEmpty();
        Paging.Pick(candidates, Asked, QualifyingOrder.Newest, new(2, null), 5).Items.ShouldHaveSingleItem();
    }

    private static IEnumerable<Qualified> Sorted(IEnumerable<Qualified> all, QualifyingOrder order) => order switch
    {
        QualifyingOrder.BestDeal => all.OrderByDescending(one => one.Taken),
        QualifyingOrder.LeastDeal => all.OrderBy(one => one.Taken),
        _ => all,
    };

    private static List<Candidate> Candidates((int CreatedAt, int Off)[] tiers)
    {
        var candidates = tiers.Select((tier, i) => new Candidate($"promo_{i:000}", tier.CreatedAt, [new TierRedeemable($"promo_{i}")
        {
            Id = $"promo_{i}",
            Schedule = new(Active: tier.Off <= 90),
            Benefit = new DiscountBenefit(new AmountOff(tier.Off)),
        }])).ToList();
        candidates.Sort(Candidate.NewestFirst);
        return candidates;
    }

    private static readonly Qualifier Asked = new(Order, StackingRules.Default, new Situation { NowMs = 0, Zone = DateTimeZone.Utc }, Scenario.All);

    private static Qualified? Judge(Candidate candidate) => Asked.Judge(candidate);
}
