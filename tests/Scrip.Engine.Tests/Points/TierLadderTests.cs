using NodaTime;
using Scrip.Engine.Points;

namespace Scrip.Engine.Tests.Points;

public class TierLadderTests
{
    private static readonly TierStep[] Steps = [new("bronze", 1, 99), new("silver", 100, 199), new("gold", 300, null)];
    private static readonly LocalDate Today = new(2026, 5, 10);
    private static readonly ExpirationRules Quarter = new(1, RoundUp.EndOfQuarter, 0, 0);

    [Theory]
    [InlineData(0, null, TierMove.None, null)]
    [InlineData(1, null, TierMove.Joined, "bronze")]
    [InlineData(99, "bronze", TierMove.None, "bronze")]
    [InlineData(100, "bronze", TierMove.Upgraded, "silver")]
    [InlineData(5000, "bronze", TierMove.Upgraded, "gold")]
    [InlineData(300, "gold", TierMove.None, "gold")]
    // Between two ranges there is none.
    [InlineData(250, "gold", TierMove.Left, null)]
    [InlineData(150, "gold", TierMove.Downgraded, "silver")]
    [InlineData(0, "bronze", TierMove.Left, null)]
    // A tier that is no more.
    [InlineData(150, "iron", TierMove.Joined, "silver")]
    [InlineData(0, "iron", TierMove.Left, null)]
    public void Up_and_down_at_once(long points, string? before, TierMove move, string? after)
    {
        var decided = TierLadder.Decide(Steps, points, new(before, null), null, Today);
        decided.Move.ShouldBe(move);
        decided.After.ShouldBe(new TierStanding(after, null));
    }

    [Fact]
    public void A_tier_is_kept_from_the_day_it_was_reached_and_then_the_points_say()
    {
        var end = new LocalDate(2026, 6, 30);
        TierLadder.Decide(Steps, 150, default, Quarter, Today).ShouldBe((TierMove.Joined, new("silver", end)));
        var silver = new TierStanding("silver", end);
        TierLadder.Decide(Steps, 50, silver, Quarter, end).ShouldBe((TierMove.None, silver));
        TierLadder.Decide(Steps, 0, silver, Quarter, Today).ShouldBe((TierMove.None, silver));
        TierLadder.Decide(Steps, 300, silver, Quarter, end).ShouldBe((TierMove.Upgraded, new("gold", new LocalDate(2026, 9, 30))));
        var after = end.PlusDays(1);
        TierLadder.Decide(Steps, 150, silver, Quarter, after).ShouldBe((TierMove.Prolonged, new("silver", new LocalDate(2026, 9, 30))));
        TierLadder.Decide(Steps, 50, silver, Quarter, after).ShouldBe((TierMove.Downgraded, new("bronze", new LocalDate(2026, 9, 30))));
        TierLadder.Decide(Steps, 0, silver, Quarter, after).ShouldBe((TierMove.Left, default));
        // Rules that are gone keep nothing more.
        TierLadder.Decide(Steps, 150, silver, null, after).ShouldBe((TierMove.Prolonged, new("silver", null)));
    }

    [Fact]
    public void Whatever_comes_the_tier_is_that_of_the_points_or_is_kept()
    {
        var random = new Random(71);
        for (var i = 0; i < 2000; i++)
        {
            var (standing, day) = (default(TierStanding), Today);
            var keeps = random.Next(2) == 0 ? null : new ExpirationRules(random.Next(3), (RoundUp)random.Next(5), 0, 0);
            for (var step = 0; step < 20; step++)
            {
                day = day.PlusDays(random.Next(40));
                var points = random.Next(400);
                var (move, after) = TierLadder.Decide(Steps, points, standing, keeps, day);
                var reached = Steps.FirstOrDefault(one => one.Holds(points))?.Id;
                if (after.TierId != reached) (after.LastDay >= day).ShouldBeTrue($"{i}.{step}");
                if (move == TierMove.None) after.ShouldBe(standing);
                // Once more, nothing more.
                TierLadder.Decide(Steps, points, after, keeps, day).ShouldBe((TierMove.None, after));
                standing = after;
            }
        }
    }

    [Fact]
    public void What_a_tier_makes_of_points()
    {
        new PointsMapping(1.5m, null).Of(3).ShouldBe(5);
        new PointsMapping(0.1m, null).Of(4).ShouldBe(0);
        new PointsMapping(2, null).Of(100).ShouldBe(200);
        new PointsMapping(null, 7).Of(100).ShouldBe(7);
        new PointsMapping(null, null).Of(100).ShouldBe(100);
        new PointsMapping(1_000_000, null).Of(long.MaxValue).ShouldBe(long.MaxValue);
    }
}
