using NodaTime;

namespace Scrip.Engine.Points;

/// <summary>To which end of a stretch of the calendar the last day of points is moved.</summary>
public enum RoundUp
{
    /// <summary>It stays.</summary>
    None,

    /// <summary>The last day of its month.</summary>
    EndOfMonth,

    /// <summary>The last day of March, June, September or December.</summary>
    EndOfQuarter,

    /// <summary>The last day of June or December.</summary>
    EndOfHalfYear,

    /// <summary>The last day of December.</summary>
    EndOfYear,

    /// <summary>The last day of a month that the rules name.</summary>
    ParticularMonth,
}

/// <summary>
/// Until which day points last: so many months after the day they came, perhaps moved to the end of a longer stretch, or
/// until a day of the year. The last day is never before the day they came.
/// </summary>
/// <param name="Months">Months that points last; null when they last until a day of the year.</param>
/// <param name="Rounding">Where the day is moved to, of rules in months.</param>
/// <param name="Month">The month of <see cref="RoundUp.ParticularMonth"/>, or of the day of the year; from 1 to 12.</param>
/// <param name="Day">The day of the year's month; in a month without it, the last one.</param>
public sealed record ExpirationRules(int? Months, RoundUp Rounding, int Month, int Day)
{
    /// <summary>The most months; beyond it dates would leave the calendar.</summary>
    public const int MonthsMax = 1200;

    /// <summary>The last day of points that come on a day.</summary>
    public LocalDate LastDay(LocalDate came) => Months is { } months ? Rounded(came.PlusMonths(months)) : Yearly(came);

    private LocalDate Yearly(LocalDate came)
    {
        var thisYear = In(came.Year);
        return thisYear >= came ? thisYear : In(came.Year + 1);

        LocalDate In(int year) => new(year, Month, Math.Min(Day, CalendarSystem.Iso.GetDaysInMonth(year, Month)));
    }

    private LocalDate Rounded(LocalDate day) => Rounding switch
    {
        RoundUp.EndOfMonth => EndOfMonth(day),
        RoundUp.EndOfQuarter => EndOfStretch(day, 3),
        RoundUp.EndOfHalfYear => EndOfStretch(day, 6),
        RoundUp.EndOfYear => EndOfStretch(day, 12),
        RoundUp.ParticularMonth => EndOfMonth(new(day.Month <= Month ? day.Year : day.Year + 1, Month, 1)),
        _ => day,
    };

    private static LocalDate EndOfStretch(LocalDate day, int months) => EndOfMonth(new(day.Year, (day.Month + months - 1) / months * months, 1));

    private static LocalDate EndOfMonth(LocalDate day) => day.With(DateAdjusters.EndOfMonth);
}
