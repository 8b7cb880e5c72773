using NodaTime;

namespace Scrip.Engine.Redeeming;

/// <summary>When a voucher or campaign is valid. Both bounds belong to the validity.</summary>
/// <param name="Active">False switches it off, whatever the dates say.</param>
/// <param name="StartsAt">The first valid instant in Unix milliseconds; null means always has been.</param>
/// <param name="ExpiresAt">The last valid instant in Unix milliseconds; null means never ends.</param>
/// <param name="Frame">Recurring times within the bounds.</param>
public sealed record Schedule(bool Active = true, long? StartsAt = null, long? ExpiresAt = null, ValidityFrame? Frame = null)
{
    /// <summary>Active without bounds.</summary>
    public static readonly Schedule Always = new();

    /// <summary>True unless a recurring limit excludes the instant.</summary>
    /// <param name="nowMs">Unix milliseconds.</param>
    /// <param name="zone">The project's time zone.</param>
    public bool IsOpen(long nowMs, DateTimeZone zone) => Frame?.Holds(nowMs, StartsAt, zone) ?? true;
}
