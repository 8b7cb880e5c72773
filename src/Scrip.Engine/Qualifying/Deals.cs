using System.Buffers;

namespace Scrip.Engine.Qualifying;

/// <summary>
/// Finds the page that takes most, or least, off. A candidate is looked at only while the bounds of what it takes off
/// could bring it onto the page; the most promising come first, so that the page soon keeps the others out.
/// </summary>
/// <param name="candidates">Sorted newest first.</param>
/// <param name="qualifier">Says what qualifies.</param>
/// <param name="order">BestDeal or LeastDeal.</param>
/// <param name="from">The rank of the last item of the page before; null for the first page.</param>
/// <param name="wanted">The most items.</param>
internal sealed class Deals(IReadOnlyList<Candidate> candidates, Qualifier qualifier, QualifyingOrder order, (long, int)? from, int wanted)
{
    private const int PromisingTimes = 4;

    private static readonly Comparer<(long, int)> WorstFirst = Comparer<(long, int)>.Create((one, other) => other.CompareTo(one));

    // The worst of the page lies on top.
    private readonly PriorityQueue<int, (long, int)> page = new(WorstFirst);

    /// <summary>The indices of the page's candidates, in order.</summary>
    public List<int> Find()
    {
        var reach = ArrayPool<long>.Shared.Rent(Math.Max(1, candidates.Count));
        try
        {
            for (var i = 0; i < candidates.Count; i++)
            {
                var (least, most) = qualifier.Bounds(candidates[i]);
                reach[i] = order == QualifyingOrder.BestDeal ? -most : least;
            }
            var first = Promising(reach);
            foreach (var i in first) Consider(i, reach[i]);
            var looked = first.ToHashSet();
            for (var i = 0; i < candidates.Count; i++)
                if (!IsShutOut(i, reach[i]) && !looked.Contains(i)) Consider(i, reach[i]);
        }
        finally
        {
            ArrayPool<long>.Shared.Return(reach);
        }
        var found = new List<int>(page.Count);
        while (page.TryDequeue(out var index, out _)) found.Add(index);
        found.Reverse();
        return found;
    }

    private void Consider(int i, long reach)
    {
        if (IsShutOut(i, reach) || qualifier.Look(candidates[i]) is not { } taken) return;
        var rank = Paging.Rank(taken, i, order);
        if (from is { } passed && rank.CompareTo(passed) <= 0) return;
        if (page.Count < wanted) page.Enqueue(i, rank);
        else page.EnqueueDequeue(i, rank);
    }

    private bool IsShutOut(int i, long reach) => page.Count >= wanted && page.TryPeek(out _, out var worst) && (reach, i).CompareTo(worst) > 0;

    // The few that reach farthest.
    private List<int> Promising(long[] reach)
    {
        var few = new PriorityQueue<int, (long, int)>(WorstFirst);
        for (var i = 0; i < candidates.Count; i++)
        {
            if (few.Count < wanted * PromisingTimes) few.Enqueue(i, (reach[i], i));
            else if (few.TryPeek(out _, out var last) && (reach[i], i).CompareTo(last) < 0) few.EnqueueDequeue(i, (reach[i], i));
        }
        return [.. few.UnorderedItems.OrderBy(one => one.Priority).Select(one => one.Element)];
    }
}
