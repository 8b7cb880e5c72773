using System.Globalization;
using System.Text.RegularExpressions;
using Scrip.Engine.Points;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Campaigns;

/// <summary>
/// When members of a loyalty campaign come into its tiers and leave them. Tiers go by the balance of points; they are left
/// when it drops, or kept for some months.
/// </summary>
public sealed partial record TiersExpiration
{
    const string ByBalance = "BALANCE";
    const string Custom = "CUSTOM";

    public string? QualificationType { get; init; }
    public string? QualificationPeriod { get; init; }
    public TierStart? StartDate { get; init; }
    public TierEnd? ExpirationDate { get; init; }

    /// <summary>The terms, when they can be followed.</summary>
    /// <exception cref="ApiFault">They cannot; it says what to send.</exception>
    public static TiersExpiration? Checked(TiersExpiration? terms)
    {
        const string at = "loyalty_tiers_expiration.";
        if (terms is null) return null;
        if (terms.QualificationType == "POINTS_IN_PERIOD" || terms.QualificationPeriod is not null)
            throw Checks.Wrong(at + "qualification_type", $"must be {ByBalance}: points collected in a period are not followed yet");
        Checks.OneOf(terms.QualificationType, at + "qualification_type", ByBalance);
        if (terms.StartDate?.Type is not (null or "IMMEDIATE")) throw Checks.Wrong(at + "start_date.type", $"must be IMMEDIATE for tiers by {ByBalance}");
        terms = terms with { QualificationType = ByBalance, StartDate = new("IMMEDIATE"), ExpirationDate = terms.ExpirationDate is { Type: not null } given ? given : new("BALANCE_DROP", terms.ExpirationDate?.Extend, terms.ExpirationDate?.Rounding) };
        var end = terms.ExpirationDate;
        if (end.Type is not ("BALANCE_DROP" or Custom)) throw Checks.Wrong(at + "expiration_date.type", $"must be BALANCE_DROP or {Custom} for tiers by {ByBalance}");
        if (end.Type != Custom)
        {
            if ((end.Extend is not null && Months(end.Extend) != 0) || end.Rounding is not null) throw Checks.Wrong(at + "expiration_date.extend and rounding", $"are for the type {Custom} only");
            // Answers have to have it.
            return terms with { ExpirationDate = end with { Extend = "P0M" } };
        }
        if (end.Extend is null || Months(end.Extend) is not (>= 0 and <= ExpirationRules.MonthsMax)) throw Checks.Wrong(at + "expiration_date.extend", "must be a number of months such as P3M");
        if (end.Rounding is not { } rounding) return terms;
        Checks.OneOf(rounding.Type, at + "expiration_date.rounding.type", "MONTH", "QUARTER", "HALF_YEAR", "YEAR", Custom);
        if (rounding.Type is null) throw Checks.Wrong(at + "expiration_date.rounding.type", "is required");
        if (rounding.Strategy is not (null or "END")) throw Checks.Wrong(at + "expiration_date.rounding.strategy", "must be END");
        if (rounding.Unit is not (null or "MONTH")) throw Checks.Wrong(at + "expiration_date.rounding.unit", "must be MONTH");
        if (rounding.Type == Custom && rounding.Value is not (>= 1 and <= 12)) throw Checks.Wrong(at + "expiration_date.rounding.value", "must be a month from 1 to 12");
        if (rounding.Type != Custom && (rounding.Value ?? 0) != 0) throw Checks.Wrong(at + "expiration_date.rounding.value", $"is for the type {Custom} only");
        return terms;
    }

    /// <summary>How long a tier is kept that was reached; null when it is left at once.</summary>
    internal ExpirationRules? Keeps() => ExpirationDate is not { Type: Custom, Extend: { } extend } end ? null : new(Months(extend), end.Rounding?.Type switch
    {
        "MONTH" => RoundUp.EndOfMonth,
        "QUARTER" => RoundUp.EndOfQuarter,
        "HALF_YEAR" => RoundUp.EndOfHalfYear,
        "YEAR" => RoundUp.EndOfYear,
        Custom => RoundUp.ParticularMonth,
        _ => RoundUp.None,
    }, (int)(end.Rounding?.Value ?? 0), 0);

    static int? Months(string text) => InMonths().Match(text) is { Success: true } match ? int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex("^P([0-9]{1,4})M$", RegexOptions.ECMAScript)]
    private static partial Regex InMonths();
}

/// <summary>When a tier begins.</summary>
public sealed record TierStart(string? Type);

/// <summary>When a tier ends.</summary>
public sealed record TierEnd(string? Type, string? Extend, TierRounding? Rounding);

/// <summary>To which end of a stretch of the calendar the end of a tier is moved.</summary>
public sealed record TierRounding(string? Type, string? Strategy, string? Unit, long? Value);
