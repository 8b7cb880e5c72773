using NodaTime;
using Scrip.Engine.Points;

namespace Scrip.Engine.Tests.Points;

public class BucketsTests
{
    private static readonly LocalDate First = new(2026, 1, 1);

    private static Movement Add(string id, long points, int? days) => new(id, MovementKind.Added, points, 0) { LastDay = days is { } after ? First.PlusDays(after) : null };

    private static Movement Spend(string id, long points) => new(id, MovementKind.Spent, points, 0) { RedemptionId = id };

    private static Movement Back(string redemption, long points) => new("back", MovementKind.GivenBack, points, 0) { RedemptionId = redemption };

    private static string Left(long opening, params Movement[] movements)
    {
        var buckets = Buckets.Replay("card", opening, 0, movements);
        return string.Join(" ", buckets.All.Select(bucket => $"{bucket.Id}:{bucket.Left}")) + (buckets.Debt > 0 ? $" debt:{buckets.Debt}" : "");
    }

    [Fact]
    public void What_expires_soonest_goes_first_and_what_stays_goes_last()
    {
        Left(50, Add("late", 100, 90), Add("soon", 30, 10), Add("stays", 5, null)).ShouldBe("card:50 late:100 soon:30 stays:5");
        Left(50, Add("late", 100, 90), Add("soon", 30, 10), Spend("r", 40)).ShouldBe("card:50 late:90 soon:0");
        Left(50, Add("late", 100, 90), Spend("r", 120)).ShouldBe("card:30 late:0");
        // Of the same day, what came first.
        Left(0, Add("one", 10, 5), Add("two", 10, 5), Spend("r", 12)).ShouldBe("card:0 one:0 two:8");
        Left(0, Add("one", 10, 5), new Movement("gone", MovementKind.Taken, 4, 0)).ShouldBe("card:0 one:6");
    }

    [Fact]
    public void A_rollback_gives_back_to_where_it_was_taken_from()
    {
        Left(50, Add("late", 100, 90), Add("soon", 30, 10), Spend("r", 140), Back("r", 140)).ShouldBe("card:50 late:100 soon:30");
        // A part of it: what would have stayed longest.
        Left(50, Add("late", 100, 90), Add("soon", 30, 10), Spend("r", 140), Back("r", 50)).ShouldBe("card:50 late:40 soon:0");
        Left(50, Add("late", 100, 90), Spend("r", 140), Spend("s", 10), Back("r", 140)).ShouldBe("card:40 late:100");
        // What nobody knows of stays.
        Left(0, Back("unknown", 7)).ShouldBe("card:7");
    }

    [Fact]
    public void What_is_due_is_over_and_no_more_than_may_go()
    {
        var buckets = Buckets.Replay("card", 50, 0, [Add("one", 10, 0), Add("two", 20, 1), Add("three", 40, 2)]);
        string Due(int day, long most) => string.Join(" ", buckets.Due(First.PlusDays(day), most).Select(one => $"{one.Bucket.Id}:{one.Points}"));
        Due(0, 100).ShouldBe("");
        Due(1, 100).ShouldBe("one:10");
        Due(2, 100).ShouldBe("one:10 two:20");
        Due(2, 15).ShouldBe("one:10 two:5");
        Due(9, 0).ShouldBe("");
        Due(9, 1000).ShouldBe("one:10 two:20 three:40");
    }

    [Fact]
    public void What_expired_is_taken_from_its_buckets_whatever_expires_sooner()
    {
        var buckets = Buckets.Replay("card", 5, 0, [Add("one", 10, 3), Add("two", 20, 1), new("x", MovementKind.Expired, 15, 0) { Shares = [new("one", 10), new("two", 5)] }]);
        buckets.All.Select(bucket => (bucket.Left, bucket.Expired)).ShouldBe([(5L, 0L), (0L, 10L), (15L, 5L)]);
    }

    [Fact]
    public void A_movement_before_the_one_that_paid_for_it_is_a_debt_that_the_next_points_pay()
    {
        Left(10, Spend("r", 25)).ShouldBe("card:0 debt:15");
        Left(10, Spend("r", 25), Add("late", 20, 9)).ShouldBe("card:0 late:5");
    }

    [Fact]
    public void No_bucket_is_below_zero_and_all_that_is_left_is_the_balance()
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var random = new Random(seed);
            var (balance, today) = ((long)random.Next(100), First);
            var opening = balance;
            var movements = new List<Movement>();
            var open = new List<(string Redemption, long Points)>();
            for (var i = 0; i < 60; i++)
            {
                today = today.PlusDays(random.Next(5));
                switch (random.Next(5))
                {
                    case 0 or 1:
                        var points = random.Next(1, 100);
                        movements.Add(new($"a{i}", MovementKind.Added, points, i) { LastDay = random.Next(4) == 0 ? null : today.PlusDays(random.Next(40)) });
                        balance += points;
                        break;
                    case 2 when balance > 0:
                        var spent = random.NextInt64(1, balance + 1);
                        movements.Add(Spend($"r{i}", spent));
                        open.Add(($"r{i}", spent));
                        balance -= spent;
                        break;
                    case 3 when open.Count > 0:
                        var (redemption, back) = open[random.Next(open.Count)];
                        open.RemoveAll(one => one.Redemption == redemption);
                        movements.Add(Back(redemption, back));
                        balance += back;
                        break;
                    default:
                        var due = Buckets.Replay("card", opening, 0, movements).Due(today, balance);
                        var sum = due.Sum(one => one.Points);
                        if (sum == 0) break;
                        movements.Add(new($"x{i}", MovementKind.Expired, sum, i) { Shares = [.. due.Select(one => new Share(one.Bucket.Id, one.Points))] });
                        balance -= sum;
                        Buckets.Replay("card", opening, 0, movements).Due(today, long.MaxValue).ShouldBeEmpty($"seed {seed}");
                        break;
                }
                var buckets = Buckets.Replay("card", opening, 0, movements);
                buckets.Debt.ShouldBe(0, $"seed {seed}");
                buckets.All.ShouldAllBe(bucket => bucket.Left >= 0 && bucket.Expired >= 0);
                buckets.All.Sum(bucket => bucket.Left).ShouldBe(balance, $"seed {seed} step {i}");
            }
            // In whatever order they are noted, nothing is lost.
            var shuffled = Buckets.Replay("card", opening, 0, movements.OrderBy(_ => random.Next()));
            (shuffled.All.Sum(bucket => bucket.Left) - shuffled.Debt).ShouldBe(balance, $"seed {seed}");
            shuffled.All.ShouldAllBe(bucket => bucket.Left >= 0);
        }
    }
}
