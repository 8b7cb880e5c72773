using NodaTime;
using NodaTime.Text;
using Scrip.Engine.Facts;

namespace Scrip.Server.Features.Usages;

/// <summary>The windows of usage counters that an instant lies in, by the calendar of the project. Equal ones name the same windows.</summary>
/// <param name="Day">The day.</param>
/// <param name="WeekStart">The first day of its week.</param>
/// <param name="Zone">The project's time zone.</param>
public sealed record UsageCalendar(LocalDate Day, LocalDate WeekStart, DateTimeZone Zone)
{
    /// <summary>Every window.</summary>
    public static readonly UsageWindow[] Windows = [UsageWindow.Ever, UsageWindow.Day, UsageWindow.Week, UsageWindow.Month];

    /// <summary>The calendar of an instant in Unix milliseconds.</summary>
    public static UsageCalendar Of(long ms, DateTimeZone zone, IsoDayOfWeek firstDay = IsoDayOfWeek.Monday)
    {
        var day = Instant.FromUnixTimeMilliseconds(ms).InZone(zone).Date;
        return new UsageCalendar(day, day.PlusDays(-((day.DayOfWeek - firstDay + 7) % 7)), zone);
    }

    /// <summary>A window's name: empty for ever, else such as <c>D2026-11-24</c>, <c>W2026-11-23</c> or <c>M2026-11</c>.</summary>
    public string Name(UsageWindow window) => window switch
    {
        UsageWindow.Day => "D" + LocalDatePattern.Iso.Format(Day),
        UsageWindow.Week => "W" + LocalDatePattern.Iso.Format(WeekStart),
        UsageWindow.Month => "M" + LocalDatePattern.Iso.Format(Day)[..7],
        _ => "",
    };

    /// <summary>From when, and until before when, a window lasts; Unix milliseconds.</summary>
    public (long From, long Until) Span(UsageWindow window)
    {
        var month = new LocalDate(Day.Year, Day.Month, 1);
        return window switch
        {
            UsageWindow.Day => (Start(Day), Start(Day.PlusDays(1))),
            UsageWindow.Week => (Start(WeekStart), Start(WeekStart.PlusWeeks(1))),
            UsageWindow.Month => (Start(month), Start(month.PlusMonths(1))),
            _ => (long.MinValue, long.MaxValue),
        };
    }

    /// <summary>The window of a name; null when it is another day's, week's or month's.</summary>
    public UsageWindow? Window(string name)
    {
        foreach (var window in Windows)
            if (Name(window) == name) return window;
        return null;
    }

    long Start(LocalDate day) => Zone.AtStartOfDay(day).ToInstant().ToUnixTimeMilliseconds();
}
