using NodaTime;
using NodaTime.Text;

namespace Scrip.Engine.Formulas;

/// <summary>A day, or a day and a time of it, by the project's calendar.</summary>
/// <param name="Local">Day and time in the project's zone; midnight of a plain day.</param>
/// <param name="WholeDay">True when only the day is meant.</param>
readonly record struct Moment(LocalDateTime Local, bool WholeDay)
{
    private const long FirstMs = -62_135_596_800_000; // 0001-01-01
    private const long LastMs = 253_370_764_800_000; // 9999-01-01: a year of room for zones

    /// <summary>A plain day.</summary>
    public Moment(LocalDate day) : this(day.AtMidnight(), true)
    {
    }

    /// <summary>The day.</summary>
    public LocalDate Day => Local.Date;

    /// <summary>An instant in a zone; null when calendars do not reach it.</summary>
    /// <param name="ms">Unix milliseconds.</param>
    /// <param name="zone">The project's zone.</param>
    public static Moment? At(long? ms, DateTimeZone zone) =>
        ms is >= FirstMs and <= LastMs ? new(Instant.FromUnixTimeMilliseconds(ms.Value).InZone(zone).LocalDateTime, false) : null;

    /// <summary>The day of the request.</summary>
    public static Moment? Today(FormulaFacts facts) => Now(facts) is { } now ? new(now.Day) : null;

    /// <summary>The instant of the request.</summary>
    public static Moment? Now(FormulaFacts facts) => At(facts.Situation.NowMs, facts.Situation.Zone);

    /// <summary>A day as ISO 8601 writes it (2023-08-17), or null.</summary>
    public static Moment? ReadDay(string text) =>
        LocalDatePattern.Iso.Parse(text) is { Success: true, Value: { Year: >= 1 and < 9999 } day } ? new(day) : null;

    /// <summary>An instant as ISO 8601 writes it (2023-08-17T14:05:00.000Z), or null.</summary>
    public static Moment? ReadInstant(string text, DateTimeZone zone) =>
        OffsetDateTimePattern.ExtendedIso.Parse(text) is { Success: true, Value: { Year: >= 1 and < 9999 } found }
            ? At(found.ToInstant().ToUnixTimeMilliseconds(), zone)
            : null;

    /// <summary>A day or an instant, or null.</summary>
    public static Moment? Read(string text, DateTimeZone zone) => ReadDay(text) ?? ReadInstant(text, zone);

    /// <summary>Negative, 0 or positive. Two times are compared as such; beside a plain day only days count.</summary>
    public int CompareTo(Moment other) => WholeDay || other.WholeDay ? Day.CompareTo(other.Day) : Local.CompareTo(other.Local);

    /// <summary>Calendar days from one to the other; negative when the other is earlier.</summary>
    public decimal DaysTo(Moment other) => Period.DaysBetween(Day, other.Day);

    /// <summary>Whole months from one to the other.</summary>
    public decimal MonthsTo(Moment other) => Period.Between(Day, other.Day, PeriodUnits.Months).Months;

    /// <summary>Whole years from one to the other: an age.</summary>
    public decimal YearsTo(Moment other) => Period.Between(Day, other.Day, PeriodUnits.Years).Years;
}
