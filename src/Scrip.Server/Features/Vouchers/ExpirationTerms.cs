using NodaTime;
using NodaTime.Text;
using Scrip.Engine.Points;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>When points expire, in the words of the API.</summary>
public sealed record ExpirationTerms
{
    const string InMonths = "MONTH";
    const string Yearly = "FIXED_DAY_OF_YEAR";
    const string Particular = "PARTICULAR_MONTH";

    /// <summary>MONTH or FIXED_DAY_OF_YEAR.</summary>
    public string? PeriodType { get; init; }

    /// <summary>Of MONTH: how many.</summary>
    public long? PeriodValue { get; init; }

    /// <summary>Of MONTH: to which end of a stretch the day is moved.</summary>
    public string? RoundingType { get; init; }

    /// <summary>Of PARTICULAR_MONTH: which month.</summary>
    public long? RoundingValue { get; init; }

    /// <summary>Of FIXED_DAY_OF_YEAR: the month.</summary>
    public long? FixedMonth { get; init; }

    /// <summary>Of FIXED_DAY_OF_YEAR: the day.</summary>
    public long? FixedDay { get; init; }

    /// <summary>The terms, when they can be followed.</summary>
    /// <param name="terms">What a caller sent.</param>
    /// <param name="field">Where it sent them.</param>
    /// <exception cref="ApiFault">They cannot; it says what to send.</exception>
    public static ExpirationTerms? Checked(ExpirationTerms? terms, string field)
    {
        if (terms is null) return null;
        var type = Checks.OneOf(terms.PeriodType, field + ".period_type", Yearly, InMonths) ?? throw Checks.Wrong(field + ".period_type", "is required");
        if (type == InMonths)
        {
            Only(terms.FixedMonth ?? terms.FixedDay, field + ".fixed_month and fixed_day", Yearly);
            if (terms.PeriodValue is not (>= 0 and <= ExpirationRules.MonthsMax)) throw Checks.Wrong(field + ".period_value", $"must be a number of months from 0 to {ExpirationRules.MonthsMax}");
            Checks.OneOf(terms.RoundingType, field + ".rounding_type", "END_OF_MONTH", "END_OF_QUARTER", "END_OF_HALF_YEAR", "END_OF_YEAR", Particular);
            if (terms.RoundingType == Particular && terms.RoundingValue is not (>= 1 and <= 12)) throw Checks.Wrong(field + ".rounding_value", "must be a month from 1 to 12");
            if (terms.RoundingType != Particular && terms.RoundingValue is not null) throw Checks.Wrong(field + ".rounding_value", $"is for the rounding_type {Particular} only");
            return terms;
        }
        Only(terms.PeriodValue ?? terms.RoundingValue, field + ".period_value and rounding_value", InMonths);
        if (terms.RoundingType is not null) throw Checks.Wrong(field + ".rounding_type", $"is for the period_type {InMonths} only");
        if (terms.FixedMonth is not (>= 1 and <= 12)) throw Checks.Wrong(field + ".fixed_month", "must be a month from 1 to 12");
        // The 29th of February is the 28th in most years.
        var days = CalendarSystem.Iso.GetDaysInMonth(2024, (int)terms.FixedMonth);
        if (terms.FixedDay is not >= 1 || terms.FixedDay > days) throw Checks.Wrong(field + ".fixed_day", $"must be a day of that month, from 1 to {days}");
        return terms;
    }

    static void Only(long? value, string field, string type)
    {
        if (value is not null) throw Checks.Wrong(field, $"are for the period_type {type} only");
    }

    internal ExpirationRules Rules() => PeriodType == InMonths
        ? new((int)PeriodValue!, Rounding(), (int)(RoundingValue ?? 0), 0)
        : new(null, RoundUp.None, (int)FixedMonth!, (int)FixedDay!);

    RoundUp Rounding() => RoundingType switch
    {
        "END_OF_MONTH" => RoundUp.EndOfMonth,
        "END_OF_QUARTER" => RoundUp.EndOfQuarter,
        "END_OF_HALF_YEAR" => RoundUp.EndOfHalfYear,
        "END_OF_YEAR" => RoundUp.EndOfYear,
        Particular => RoundUp.ParticularMonth,
        _ => RoundUp.None,
    };
}

/// <summary>How long points last that come on a card.</summary>
public sealed record PointsLife
{
    /// <summary>As the campaign says.</summary>
    public static readonly PointsLife ByCampaign = new();

    /// <summary>They stay.</summary>
    public static readonly PointsLife Endless = new() { IsEndless = true };

    /// <summary>As these rules say, or as the campaign says without any.</summary>
    public static PointsLife By(ExpirationTerms? rules) => rules is null ? ByCampaign : new() { Rules = rules };

    /// <summary>Whether they stay, whatever any rules say.</summary>
    public bool IsEndless { get; init; }

    /// <summary>Until the end of that day; null when rules say.</summary>
    public LocalDate? On { get; init; }

    /// <summary>Rules instead of those of the campaign.</summary>
    public ExpirationTerms? Rules { get; init; }

    /// <summary>The day in a text such as 2026-12-31; null when it is none.</summary>
    public static LocalDate? Day(string? text) => text is not null && LocalDatePattern.Iso.Parse(text) is { Success: true } parsed ? parsed.Value : null;

    /// <summary>The day as such a text.</summary>
    public static string Text(LocalDate day) => LocalDatePattern.Iso.Format(day);
}
