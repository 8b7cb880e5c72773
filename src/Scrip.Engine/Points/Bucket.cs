using NodaTime;

namespace Scrip.Engine.Points;

/// <summary>Points that came on a card together and expire together. What is left is never below zero.</summary>
/// <param name="id">The movement that opened it.</param>
/// <param name="place">Its place among the buckets of the card, in the order in which they were opened.</param>
/// <param name="lastDay">The last day of its points; null when they stay.</param>
/// <param name="openedAt">When, in Unix milliseconds.</param>
public sealed class Bucket(string id, int place, LocalDate? lastDay, long openedAt)
{
    /// <summary>The movement that opened it.</summary>
    public string Id => id;

    /// <summary>The last day of its points; null when they stay.</summary>
    public LocalDate? LastDay => lastDay;

    /// <summary>When it was opened, in Unix milliseconds.</summary>
    public long OpenedAt { get; } = openedAt;

    /// <summary>When its points changed last.</summary>
    public long ChangedAt { get; private set; } = openedAt;

    /// <summary>Points left in it.</summary>
    public long Left { get; private set; }

    /// <summary>Points of it that expired.</summary>
    public long Expired { get; private set; }

    /// <summary>Whether its last day is over.</summary>
    public bool IsOver(LocalDate today) => lastDay < today;

    internal void Fill(long points, long at) => (Left, ChangedAt) = (checked(Left + points), at);

    /// <summary>Takes as much as there is, and answers how much that was.</summary>
    internal long Draw(long points, long at, bool expires = false)
    {
        var drawn = Math.Min(points, Left);
        Left -= drawn;
        if (expires) Expired += drawn;
        if (drawn > 0) ChangedAt = at;
        return drawn;
    }

    /// <summary>The order in which points are spent: those that expire soonest, then those that came first.</summary>
    internal static readonly IComparer<Bucket> BySoonest = Comparer<Bucket>.Create((one, other) =>
    {
        var byDay = (one.LastDay ?? LocalDate.MaxIsoValue).CompareTo(other.LastDay ?? LocalDate.MaxIsoValue);
        return byDay != 0 ? byDay : one.Place.CompareTo(other.Place);
    });

    private int Place => place;
}
