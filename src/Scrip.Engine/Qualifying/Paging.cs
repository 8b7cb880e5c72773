namespace Scrip.Engine.Qualifying;

/// <summary>
/// Picks one page out of candidates that are sorted newest first. Nothing is looked at that the page does not depend on:
/// newest first stops behind the page, the deals leave out what cannot reach the page. Only the page itself is judged in full.
/// </summary>
public static class Paging
{
    /// <summary>The page behind the cursor.</summary>
    /// <param name="newestFirst">The candidates, sorted by <see cref="Candidate.NewestFirst"/>.</param>
    /// <param name="qualifier">Says what qualifies.</param>
    /// <param name="order">How the answer is sorted.</param>
    /// <param name="after">Where the page before ended; null for the first page.</param>
    /// <param name="limit">The most items of a page, at least 1.</param>
    public static QualifyingPage Pick(
        IReadOnlyList<Candidate> newestFirst, Qualifier qualifier, QualifyingOrder order, QualifyingCursor? after, int limit)
    {
        var found = order == QualifyingOrder.Newest ? Newest(newestFirst, qualifier, after, limit + 1) : Best(newestFirst, qualifier, order, after, limit + 1);
        if (found.Count <= limit) return new(found, null);
        found.RemoveAt(limit);
        var last = found[^1].Candidate;
        return new(found, new(last.CreatedAt, Place(newestFirst, qualifier, last)));
    }

    private static List<Qualified> Newest(IReadOnlyList<Candidate> candidates, Qualifier qualifier, QualifyingCursor? after, int wanted)
    {
        var found = new List<Qualified>(wanted);
        var (start, passed) = (0, 0);
        if (after is { } cursor) start = cursor.Place is null ? FirstOlder(candidates, cursor.CreatedAt - 1) : FirstOlder(candidates, cursor.CreatedAt);
        for (var i = start; i < candidates.Count && found.Count < wanted; i++)
        {
            if (qualifier.Look(candidates[i]) is null) continue;
            // The page before ended in the middle of those of one instant.
            if (after is { Place: { } place } at && candidates[i].CreatedAt == at.CreatedAt && ++passed <= place) continue;
            found.Add(qualifier.Judge(candidates[i])!);
        }
        return found;
    }

    private static List<Qualified> Best(
        IReadOnlyList<Candidate> candidates, Qualifier qualifier, QualifyingOrder order, QualifyingCursor? after, int wanted)
    {
        (long, int)? from = null;
        if (after is { } cursor)
        {
            from = CursorRank(candidates, qualifier, order, cursor);
            if (from is null) return [];
        }
        var page = new Deals(candidates, qualifier, order, from, wanted).Find();
        return page.ConvertAll(index => qualifier.Judge(candidates[index])!);
    }

    internal static (long, int) Rank(long taken, int index, QualifyingOrder order) => (order == QualifyingOrder.BestDeal ? -taken : taken, index);

    // The rank of what the cursor names; of several without a place the last in rank. Null when nothing of the instant qualifies.
    private static (long, int)? CursorRank(
        IReadOnlyList<Candidate> candidates, Qualifier qualifier, QualifyingOrder order, QualifyingCursor cursor)
    {
        (long, int)? last = null;
        var place = 0;
        for (var i = FirstOlder(candidates, cursor.CreatedAt); i < candidates.Count && candidates[i].CreatedAt == cursor.CreatedAt; i++)
        {
            if (qualifier.Look(candidates[i]) is not { } taken) continue;
            var rank = Rank(taken, i, order);
            if (++place == cursor.Place) return rank;
            if (last is null || rank.CompareTo(last.Value) > 0) last = rank;
        }
        return last;
    }

    private static int Place(IReadOnlyList<Candidate> candidates, Qualifier qualifier, Candidate item)
    {
        var place = 0;
        for (var i = FirstOlder(candidates, item.CreatedAt); i < candidates.Count && candidates[i].CreatedAt == item.CreatedAt; i++)
        {
            // It is known that the item itself qualifies.
            if (ReferenceEquals(candidates[i], item)) return place + 1;
            if (qualifier.Look(candidates[i]) is not null) place++;
        }
        throw new ArgumentException("The item is not among the candidates", nameof(item));
    }

    // The index of the first candidate that is not newer than the instant.
    private static int FirstOlder(IReadOnlyList<Candidate> candidates, long createdAt)
    {
        var (low, high) = (0, candidates.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (candidates[middle].CreatedAt > createdAt) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}
