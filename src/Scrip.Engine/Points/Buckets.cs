using NodaTime;

namespace Scrip.Engine.Points;

/// <summary>
/// The points of one card by when they expire, worked out from its movements. What is left in all buckets, less the debt,
/// is what the card began with and all that moved since; the debt is only there when movements come in another order than
/// they happened in, and the next points pay it.
/// </summary>
public sealed class Buckets
{
    private readonly List<Bucket> all = [];
    private readonly Dictionary<string, Bucket> byId = [];
    private readonly SortedSet<Bucket> filled = new(Bucket.BySoonest);
    private readonly Dictionary<string, List<(Bucket From, long Points)>> spent = [];
    private readonly Bucket first;

    private Buckets(string id, long opening, long openedAt)
    {
        first = Open(id, null, openedAt);
        if (opening < 0) Debt = -opening;
        else Fill(first, opening, openedAt);
    }

    /// <summary>Every bucket in the order in which they were opened, empty ones too; first what the card began with.</summary>
    public IReadOnlyList<Bucket> All => all;

    /// <summary>Points that went before they came; zero when all movements are there in their order.</summary>
    public long Debt { get; private set; }

    /// <summary>The points of a card after its movements.</summary>
    /// <param name="id">Names the bucket of what the card began with, which stays.</param>
    /// <param name="opening">What it began with.</param>
    /// <param name="openedAt">When, in Unix milliseconds.</param>
    /// <param name="movements">In the order in which they happened.</param>
    public static Buckets Replay(string id, long opening, long openedAt, IEnumerable<Movement> movements)
    {
        var buckets = new Buckets(id, opening, openedAt);
        foreach (var movement in movements) buckets.Apply(movement);
        return buckets;
    }

    /// <summary>What is to expire: of buckets whose last day is over, soonest first, at most so much in all.</summary>
    public IReadOnlyList<(Bucket Bucket, long Points)> Due(LocalDate today, long most)
    {
        var due = new List<(Bucket, long)>();
        foreach (var bucket in filled)
        {
            if (most <= 0 || !bucket.IsOver(today)) break;
            var points = Math.Min(bucket.Left, most);
            due.Add((bucket, points));
            most -= points;
        }
        return due;
    }

    private void Apply(Movement movement)
    {
        switch (movement.Kind)
        {
            case MovementKind.Added:
                Fill(Open(movement.Id, movement.LastDay, movement.At), Paid(movement.Points), movement.At);
                break;
            case MovementKind.GivenBack:
                GiveBack(movement);
                break;
            case MovementKind.Expired:
                var left = movement.Points;
                foreach (var share in movement.Shares)
                    if (byId.TryGetValue(share.BucketId, out var bucket)) left -= Draw(bucket, Math.Min(share.Points, left), movement.At, expires: true);
                Take(left, movement.At, null);
                break;
            default:
                Take(movement.Points, movement.At, movement.Kind == MovementKind.Spent ? movement.RedemptionId : null);
                break;
        }
    }

    private void Take(long points, long at, string? redemption)
    {
        while (points > 0 && filled.Min is { } soonest)
        {
            var drawn = Draw(soonest, points, at);
            points -= drawn;
            if (redemption is null) continue;
            if (!spent.TryGetValue(redemption, out var draws)) spent[redemption] = draws = [];
            draws.Add((soonest, drawn));
        }
        Debt += points;
    }

    // Back to where they were drawn from, what would have stayed longest first.
    private void GiveBack(Movement movement)
    {
        var points = Paid(movement.Points);
        if (movement.RedemptionId is { } redemption && spent.TryGetValue(redemption, out var draws))
            while (points > 0 && draws.Count > 0)
            {
                var (from, drawn) = draws[^1];
                var back = Math.Min(drawn, points);
                Fill(from, back, movement.At);
                points -= back;
                if (back == drawn) draws.RemoveAt(draws.Count - 1);
                else draws[^1] = (from, drawn - back);
            }
        Fill(first, points, movement.At);
    }

    private long Paid(long points)
    {
        var paid = Math.Min(points, Debt);
        Debt -= paid;
        return points - paid;
    }

    private Bucket Open(string id, LocalDate? lastDay, long at)
    {
        var bucket = new Bucket(id, all.Count, lastDay, at);
        all.Add(bucket);
        byId[id] = bucket;
        return bucket;
    }

    private void Fill(Bucket bucket, long points, long at)
    {
        if (points <= 0) return;
        bucket.Fill(points, at);
        filled.Add(bucket);
    }

    private long Draw(Bucket bucket, long points, long at, bool expires = false)
    {
        var drawn = bucket.Draw(points, at, expires);
        if (bucket.Left == 0) filled.Remove(bucket);
        return drawn;
    }
}
