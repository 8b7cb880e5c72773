namespace Scrip.Engine.Points;

/// <summary>What a tier makes of points that an earning rule gives, or of the points that a reward costs: so many times as many, or others.</summary>
/// <param name="Multiplier">How many times; null when <paramref name="Custom"/> says.</param>
/// <param name="Custom">How many instead.</param>
public sealed record PointsMapping(decimal? Multiplier, long? Custom)
{
    /// <summary>The most that points are multiplied by.</summary>
    public const decimal MultiplierMax = 1_000_000;

    /// <summary>The points in the tier; a half and more is rounded up, and what would be too many stays the most there can be.</summary>
    public long Of(long points)
    {
        if (Multiplier is not { } times) return Custom ?? points;
        var mapped = decimal.Round(points * times, MidpointRounding.AwayFromZero);
        return mapped > long.MaxValue ? long.MaxValue : (long)mapped;
    }
}
