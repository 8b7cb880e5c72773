using NodaTime;

namespace Scrip.Engine.Points;

/// <summary>A level of membership: who has so many points is in it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="From">The fewest points.</param>
/// <param name="To">The most points; null is without end.</param>
public sealed record TierStep(string Id, long From, long? To)
{
    /// <summary>Whether so many points are in its range.</summary>
    public bool Holds(long points) => points >= From && !(points > To);
}

/// <summary>What became of a membership.</summary>
public enum TierMove
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>The first tier.</summary>
    Joined,

    /// <summary>No tier any more.</summary>
    Left,

    /// <summary>A tier of more points.</summary>
    Upgraded,

    /// <summary>A tier of fewer points.</summary>
    Downgraded,

    /// <summary>The same tier once more.</summary>
    Prolonged,
}

/// <summary>A membership.</summary>
/// <param name="TierId">The tier; null is in none.</param>
/// <param name="LastDay">Until when it is kept whatever becomes of the points; null when only points say.</param>
public readonly record struct TierStanding(string? TierId, LocalDate? LastDay);

/// <summary>Which tier a card is in, from its points. Up at once; down at once, too, or when the time is over that tiers are kept for.</summary>
public static class TierLadder
{
    /// <summary>What becomes of a membership.</summary>
    /// <param name="steps">The tiers, whose ranges do not overlap.</param>
    /// <param name="points">What the card has.</param>
    /// <param name="before">The membership as it is.</param>
    /// <param name="keeps">How long a tier is kept; null when it is left at once.</param>
    /// <param name="today">The day it is.</param>
    public static (TierMove Move, TierStanding After) Decide(IReadOnlyList<TierStep> steps, long points, TierStanding before, ExpirationRules? keeps, LocalDate today)
    {
        var reached = steps.FirstOrDefault(step => step.Holds(points));
        var current = steps.FirstOrDefault(step => step.Id == before.TierId);
        var fresh = new TierStanding(reached?.Id, reached is null ? null : keeps?.LastDay(today));
        // A tier that is no more is left at once.
        if (current is null) return (reached is not null ? TierMove.Joined : before.TierId is null ? TierMove.None : TierMove.Left, fresh);
        var isOver = before.LastDay < today;
        if (reached == current) return isOver ? (TierMove.Prolonged, fresh) : (TierMove.None, before);
        if (reached?.From > current.From) return (TierMove.Upgraded, fresh);
        if (before.LastDay is not null && !isOver) return (TierMove.None, before);
        return (reached is null ? TierMove.Left : TierMove.Downgraded, fresh);
    }
}
