using NodaTime;

namespace Scrip.Engine.Points;

/// <summary>What points did.</summary>
public enum MovementKind
{
    /// <summary>Came on the card.</summary>
    Added,

    /// <summary>Went by hand, or to another card.</summary>
    Taken,

    /// <summary>Were spent by a redemption.</summary>
    Spent,

    /// <summary>Came back from a redemption that was rolled back.</summary>
    GivenBack,

    /// <summary>Expired.</summary>
    Expired,
}

/// <summary>A movement of points on one card.</summary>
/// <param name="Id">Names it; that of an addition names the bucket it opens.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Points">How many, never below zero.</param>
/// <param name="At">When, in Unix milliseconds.</param>
public sealed record Movement(string Id, MovementKind Kind, long Points, long At)
{
    /// <summary>Of an addition: the last day of its points; null when they stay.</summary>
    public LocalDate? LastDay { get; init; }

    /// <summary>The redemption that spent them, or whose they were.</summary>
    public string? RedemptionId { get; init; }

    /// <summary>Of an expiry: from which buckets.</summary>
    public IReadOnlyList<Share> Shares { get; init; } = [];
}

/// <summary>A part of a movement.</summary>
/// <param name="BucketId">The bucket it concerns.</param>
/// <param name="Points">How many points.</param>
public readonly record struct Share(string BucketId, long Points);
