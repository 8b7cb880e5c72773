using CsCheck;
using Scrip.Engine.Qualifying;
using Scrip.Engine.Redeeming;
using static Scrip.Engine.Tests.Qualifying.World;

namespace Scrip.Engine.Tests.Qualifying;

public sealed class CandidateIndexTests
{
    private static readonly Gen<Candidate[]> Offered = Gen.Select(Incentives, Gen.Int[1, 9]).Array[0, 90]
        .Select(made => made.Select((one, i) => Named(one.Item1, i, one.Item2)).ToArray());

    // Some of them stacks of two tiers.
    private static readonly Gen<Candidate[]> Stacked = Gen.Select(Incentives, Incentives, Gen.Int[1, 9]).Array[0, 40]
        .Select(made => made.Select((one, i) => i % 2 == 0 ? Named(one.Item1, i, one.Item3) : Named(one.Item1, i, one.Item3) with { Parts = [one.Item1, one.Item2] }).ToArray());

    [Fact]
    public void Whatever_qualifies_is_possible_in_the_order_of_all() =>
        Gen.Select(Gen.OneOf(Offered, Stacked), Orders, Gen.Enum<Scenario>(), Gen.Bool).Sample((candidates, cart, scenario, isKnown) =>
        {
            var qualifier = new Qualifier(cart, StackingRules.Default, Situation(isKnown), scenario);

            var possible = CandidateIndex.Of<Candidate>(candidates).Possible(qualifier);

            possible.ShouldBe(candidates.Intersect(possible).Order(Comparer<Candidate>.Create(Candidate.NewestFirst)));
            candidates.Except(possible).Where(one => qualifier.Judge(one) is not null).ShouldBeEmpty();
        }, iter: 800);

    [Fact]
    public void An_index_that_followed_changes_is_like_one_that_was_made_anew() =>
        Gen.Select(Offered, Offered, Orders, Gen.Int[0, 5], Gen.Enum<Scenario>(), Gen.Bool).Sample((first, later, cart, deleted, scenario, isKnown) =>
        {
            var qualifier = new Qualifier(cart, StackingRules.Default, Situation(isKnown), scenario);
            var (index, live) = (CandidateIndex.Of<Candidate>(first), first.ToDictionary(one => one.Id));

            // Every later candidate takes the place of a first one, is new, or is deleted again.
            foreach (var one in later)
            {
                var isGone = one.CreatedAt <= deleted;
                index = index.With(new HashSet<string> { one.Id }, isGone ? [] : [one]);
                if (isGone) live.Remove(one.Id);
                else live[one.Id] = one;
            }

            index.Items.ShouldBe(live.Values, ignoreOrder: true);
            index.Possible(qualifier).ShouldBe(CandidateIndex.Of<Candidate>(live.Values).Possible(qualifier));
        }, iter: 500);

    [Fact]
    public void An_index_of_many_changes_is_made_anew_and_still_the_same()
    {
        var index = CandidateIndex.Of<Candidate>([]);
        for (var i = 0; i < 1500; i++) index = index.With(new HashSet<string> { $"promo_{i % 700}" }, [Named(Made(new Engine.Discounts.AmountOff(1), [], "and", false, false, 0), i % 700, i)]);

        index.Items.Count().ShouldBe(700);
        index.Possible(new Qualifier(null, StackingRules.Default, Situation(true), Scenario.All)).Select(one => one.CreatedAt).ShouldBe(Enumerable.Range(800, 700).Reverse().Select(i => (long)i));
    }

    [Fact]
    public void Nothing_is_looked_at_that_asks_for_what_the_cart_lacks()
    {
        var cart = Engine.Carts.Cart.Open([new Engine.Carts.CartLine { ProductId = "shirt", Price = 1000 }]).Cart;
        Candidate[] candidates = [.. new[] { Hat, Shirt, Initial, Segment, Metadata }.Select((condition, i) => Named(Made(new Engine.Discounts.AmountOff(1), [condition], "and", false, false, 0), i, i))];

        CandidateIndex.Of<Candidate>(candidates).Possible(new Qualifier(cart, StackingRules.Default, Situation(false), Scenario.All))
            .Select(one => one.Id).ShouldBe(["promo_4", "promo_1"]);
        CandidateIndex.Of<Candidate>(candidates).Possible(new Qualifier(cart, StackingRules.Default, Situation(true), Scenario.AudienceOnly)).Count.ShouldBe(5);
    }

    [Theory]
    [InlineData(QualifyingOrder.BestDeal)]
    [InlineData(QualifyingOrder.LeastDeal)]
    [InlineData(QualifyingOrder.Newest)]
    public void A_page_is_the_first_of_all_that_qualify(QualifyingOrder order) =>
        Gen.Select(Offered, Orders, Gen.Enum<Scenario>(), Gen.Int[1, 6]).Sample((candidates, cart, scenario, limit) =>
        {
            var qualifier = new Qualifier(cart, StackingRules.Default, Situation(true), scenario);
            var all = candidates.Order(Comparer<Candidate>.Create(Candidate.NewestFirst)).Select(qualifier.Judge).OfType<Qualified>();
            var sorted = order switch { QualifyingOrder.BestDeal => all.OrderByDescending(one => one.Taken), QualifyingOrder.LeastDeal => all.OrderBy(one => one.Taken), _ => all };

            var page = Paging.Pick(CandidateIndex.Of<Candidate>(candidates).Possible(qualifier), qualifier, order, null, limit);

            page.Items.Select(one => (one.Candidate.Id, one.Taken)).ShouldBe(sorted.Take(limit).Select(one => (one.Candidate.Id, one.Taken)));
        }, iter: 800);

    [Fact]
    public void What_is_taken_off_lies_between_the_bounds() =>
        Gen.Select(Incentives, Orders, Gen.Enum<Scenario>()).Sample((incentive, cart, scenario) =>
        {
            var qualifier = new Qualifier(cart, StackingRules.Default, Situation(true), scenario);
            var candidate = Named(incentive, 0, 0);
            if (qualifier.Judge(candidate) is not { } qualified) return;

            var (least, most) = qualifier.Bounds(candidate);

            qualified.Taken.ShouldBeInRange(least, most);
        }, iter: 5000);

    private static Candidate Named(Incentive incentive, int number, int createdAt) => new($"promo_{number}", createdAt, [incentive with { Id = $"promo_{number}" }]);
}
