using NodaTime;

namespace Scrip.Engine.Redeeming;

/// <summary>Recurring times of validity in the project's time zone. All that are given have to hold.</summary>
/// <param name="Window">A window that repeats from the start date (<c>validity_timeframe</c>).</param>
/// <param name="DaysOfWeek">Valid days, 0 = Sunday to 6 = Saturday (<c>validity_day_of_week</c>); empty means every day.</param>
/// <param name="Hours">Valid hours (<c>validity_hours.daily</c>), one of which has to hold; empty means all day.</param>
public sealed record ValidityFrame(
    RepeatingWindow? Window, IReadOnlyList<int> DaysOfWeek, IReadOnlyList<DailyHours> Hours)
{
    /// <summary>True when the instant lies within every kind of limit that is given.</summary>
    /// <param name="nowMs">Unix milliseconds.</param>
    /// <param name="startsAt">The start date the window repeats from; without one the window does not limit.</param>
    /// <param name="zone">The project's time zone.</param>
    public bool Holds(long nowMs, long? startsAt, DateTimeZone zone)
    {
        var now = Instant.FromUnixTimeMilliseconds(nowMs);
        var local = now.InZone(zone).LocalDateTime;
        if (DaysOfWeek.Count > 0 && !DaysOfWeek.Contains(DayNumber(local.Date))) return false;
        if (Hours.Count > 0 && !Hours.Any(hours => hours.Hold(local))) return false;
        return Window is null || startsAt is null
            || Window.Holds(now, Instant.FromUnixTimeMilliseconds(startsAt.Value), zone);
    }

    internal static int DayNumber(LocalDate date) => (int)date.DayOfWeek % 7;
}

/// <summary>
/// Hours of some days. Both ends belong to the validity; an end before the start lies on the following day, and
/// the day is that of the start.
/// </summary>
/// <param name="Start">The first valid time of the day.</param>
/// <param name="Expiration">The last valid time.</param>
/// <param name="DaysOfWeek">0 = Sunday to 6 = Saturday; empty means every day.</param>
public sealed record DailyHours(LocalTime Start, LocalTime Expiration, IReadOnlyList<int> DaysOfWeek)
{
    /// <summary>True when the local time lies within these hours.</summary>
    public bool Hold(LocalDateTime local)
    {
        var time = local.TimeOfDay;
        if (Start <= Expiration) return time >= Start && time <= Expiration && On(local.Date);
        return (time >= Start && On(local.Date)) || (time <= Expiration && On(local.Date.PlusDays(-1)));
    }

    private bool On(LocalDate date) => DaysOfWeek.Count == 0 || DaysOfWeek.Contains(ValidityFrame.DayNumber(date));
}
