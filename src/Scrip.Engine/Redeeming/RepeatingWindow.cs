using NodaTime;
using NodaTime.Text;

namespace Scrip.Engine.Redeeming;

/// <summary>
/// A window of some duration that opens at the start date and again after every interval. Days, weeks and months
/// follow the calendar of the time zone, so "every day" keeps its local hour across a clock change; hours and
/// minutes are exact. The end of a window does not belong to it.
/// </summary>
public sealed class RepeatingWindow
{
    private readonly Period interval;
    private readonly Period duration;

    private RepeatingWindow(Period interval, Period duration) => (this.interval, this.duration) = (interval, duration);

    /// <summary>Reads ISO 8601 durations: <c>P2D</c>, <c>PT1H</c>, <c>P1M</c>.</summary>
    /// <returns>The window, or null when a text is no ISO duration or does not move time forward.</returns>
    public static RepeatingWindow? Parse(string? interval, string? duration)
    {
        if (Read(interval) is not { } every || Read(duration) is not { } length) return null;
        return new(every, length);
    }

    /// <summary>True when the instant lies in one of the windows.</summary>
    public bool Holds(Instant now, Instant start, DateTimeZone zone)
    {
        if (now < start) return false;
        var elapsed = (now.ToUnixTimeMilliseconds() - start.ToUnixTimeMilliseconds()) * (Int128)NodaConstants.NanosecondsPerMillisecond;
        var count = (long)(elapsed / Nanoseconds(interval));
        // The estimate is off by what months and clock changes differ from their average.
        while (count > 0 && After(start, zone, interval, count) > now) count--;
        while (After(start, zone, interval, count + 1) <= now) count++;
        var opened = After(start, zone, interval, count);
        return now < After(opened, zone, duration, 1) || Nanoseconds(duration) >= Nanoseconds(interval);
    }

    /// <summary>The instant that lies an ISO 8601 duration after another, by the calendar of the zone.</summary>
    /// <returns>Unix milliseconds, or null when the text is no duration that moves time forward.</returns>
    public static long? EndOf(string duration, long fromMs, DateTimeZone zone) =>
        Read(duration) is { } length ? After(Instant.FromUnixTimeMilliseconds(fromMs), zone, length, 1).ToUnixTimeMilliseconds() : null;

    private static Instant After(Instant start, DateTimeZone zone, Period period, long times)
    {
        var exact = period.Hours * (Int128)NodaConstants.NanosecondsPerHour
            + period.Minutes * (Int128)NodaConstants.NanosecondsPerMinute
            + period.Seconds * (Int128)NodaConstants.NanosecondsPerSecond + Fraction(period);
        var moved = start;
        if (period.HasDateComponent)
        {
            var count = checked((int)times);
            var local = start.InZone(zone).LocalDateTime
                .PlusYears(checked(period.Years * count)).PlusMonths(checked(period.Months * count))
                .PlusWeeks(checked(period.Weeks * count)).PlusDays(checked(period.Days * count));
            moved = zone.AtLeniently(local).ToInstant();
        }
        return moved + Duration.FromNanoseconds(exact * times);
    }

    private static Period? Read(string? text)
    {
        if (text is null) return null;
        var parsed = PeriodPattern.Roundtrip.Parse(text);
        if (!parsed.Success) return null;
        var period = parsed.Value;
        var negative = period.Years < 0 || period.Months < 0 || period.Weeks < 0 || period.Days < 0 || period.Hours < 0
            || period.Minutes < 0 || period.Seconds < 0 || Fraction(period) < 0;
        // A window shorter than a second, or of centuries, is a slip of the pen and would only cost time to search.
        return negative || Nanoseconds(period) < NodaConstants.NanosecondsPerSecond
            || Nanoseconds(period) > 100 * 366 * (Int128)NodaConstants.NanosecondsPerDay ? null : period;
    }

    private static Int128 Fraction(Period period) =>
        period.Milliseconds * (Int128)NodaConstants.NanosecondsPerMillisecond
        + period.Ticks * (Int128)NodaConstants.NanosecondsPerTick + period.Nanoseconds;

    // A month counts as 30.436875 days here, a year as twelve of them: good enough to estimate and to compare.
    private static Int128 Nanoseconds(Period period) =>
        (period.Years * (Int128)12 + period.Months) * 2_629_746 * NodaConstants.NanosecondsPerSecond
        + (period.Weeks * (Int128)7 + period.Days) * NodaConstants.NanosecondsPerDay
        + period.Hours * (Int128)NodaConstants.NanosecondsPerHour
        + period.Minutes * (Int128)NodaConstants.NanosecondsPerMinute
        + period.Seconds * (Int128)NodaConstants.NanosecondsPerSecond + Fraction(period);
}
