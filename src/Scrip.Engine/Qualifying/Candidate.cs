using System.Runtime.CompilerServices;
using Scrip.Engine.Carts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Qualifying;

/// <summary>Something a qualification may answer: a voucher, a promotion tier, a campaign, or a stack of tiers.</summary>
/// <param name="Id">Its own id, which tells candidates of the same instant apart.</param>
/// <param name="CreatedAt">When it was made, in Unix milliseconds.</param>
/// <param name="Parts">The incentive; of a promotion stack its tiers in their order. At least one.</param>
public record Candidate(string Id, long CreatedAt, IReadOnlyList<Incentive> Parts)
{
    private Gate? gate;
    private Deal? deal;

    /// <summary>A candidate equals itself alone.</summary>
    public virtual bool Equals(Candidate? other) => ReferenceEquals(this, other);

    /// <inheritdoc/>
    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    /// <summary>What it asks for at the least; made when first asked for.</summary>
    internal Gate Gate => gate ??= Gate.Of(Parts);

    /// <summary>Between which bounds lies what it takes off; made when first asked for.</summary>
    internal Deal Deal => deal ??= Deal.Of(Parts);

    /// <summary>Joins two lists that are sorted newest first; one of them itself when the other is empty.</summary>
    public static IReadOnlyList<T> Joined<T>(IReadOnlyList<T> ones, IReadOnlyList<T> others) where T : Candidate =>
        others.Count == 0 ? ones : ones.Count == 0 ? others : Merge(ones, others);

    private static List<T> Merge<T>(IReadOnlyList<T> ones, IReadOnlyList<T> others) where T : Candidate
    {
        var merged = new List<T>(ones.Count + others.Count);
        var (i, k) = (0, 0);
        while (i < ones.Count && k < others.Count)
            merged.Add(NewestFirst(ones[i], others[k]) <= 0 ? ones[i++] : others[k++]);
        while (i < ones.Count) merged.Add(ones[i++]);
        while (k < others.Count) merged.Add(others[k++]);
        return merged;
    }

    /// <summary>Newest first; of the same instant the larger id first.</summary>
    public static int NewestFirst(Candidate one, Candidate other)
    {
        var byTime = other.CreatedAt.CompareTo(one.CreatedAt);
        return byTime != 0 ? byTime : string.CompareOrdinal(other.Id, one.Id);
    }
}

/// <summary>A candidate that qualified.</summary>
/// <param name="Candidate">The candidate.</param>
/// <param name="Outcomes">What was decided of each part, in the order of application.</param>
/// <param name="Cart">The order with this candidate alone; null without an order.</param>
public sealed record Qualified(Candidate Candidate, IReadOnlyList<RedeemableOutcome> Outcomes, Cart? Cart)
{
    /// <summary>What it takes off, in minor units: the API's <c>total_applied_discount_amount</c>.</summary>
    public long Taken => Cart?.TotalAppliedDiscountAmount ?? 0;
}

/// <summary>How the answers of a qualification are sorted: the API's <c>sorting_rule</c>.</summary>
public enum QualifyingOrder
{
    /// <summary>DEFAULT: newest first.</summary>
    Newest,

    /// <summary>BEST_DEAL: those that take most off first, ties newest first.</summary>
    BestDeal,

    /// <summary>LEAST_DEAL: those that take least off first, ties newest first.</summary>
    LeastDeal,
}

/// <summary>Where a page ended.</summary>
/// <param name="CreatedAt">When its last candidate was made, in Unix milliseconds.</param>
/// <param name="Place">
/// Which one of those that were made in that instant and qualify, from 1, newest first; null means the last of them.
/// </param>
public readonly record struct QualifyingCursor(long CreatedAt, int? Place);

/// <summary>One page of what qualified.</summary>
/// <param name="Items">At most as many as were asked for.</param>
/// <param name="Next">Where the next page begins; null when there is none.</param>
public sealed record QualifyingPage(IReadOnlyList<Qualified> Items, QualifyingCursor? Next);
