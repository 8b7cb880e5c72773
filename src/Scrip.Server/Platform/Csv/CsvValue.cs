using System.Globalization;
using Scrip.Engine;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Csv;

/// <summary>Reads fields of rows. Each throws a fault that names the column and what is wanted in it.</summary>
static class CsvValue
{
    const decimal MinorPerMajor = 100;
    const int KnownMax = 1000;

    /// <summary><c>true</c> or <c>false</c> in any letter case.</summary>
    public static bool? Flag(string? text, string column) => text switch
    {
        null => null,
        _ when text.Equals("true", StringComparison.OrdinalIgnoreCase) || text == "1" => true,
        _ when text.Equals("false", StringComparison.OrdinalIgnoreCase) || text == "0" => false,
        _ => throw Bad(column, "must be TRUE or FALSE", text),
    };

    /// <summary>A whole number that is not negative, also written <c>15.0</c>.</summary>
    public static long? Whole(string? text, string column)
    {
        if (text is null) return null;
        return Number(text) is { } value && value == decimal.Truncate(value) && value is >= 0 and <= Wire.WholeMax
            ? (long)value
            : throw Bad(column, "must be a whole number that is not negative", text);
    }

    /// <summary>A number.</summary>
    public static decimal? Fraction(string? text, string column) =>
        text is null ? null : Number(text) is { } value && Math.Abs(value) <= Wire.WholeMax ? value : throw Bad(column, "must be a number", text);

    /// <summary>A price in major units with two decimals at most, such as <c>14.5</c>; in minor units.</summary>
    public static long? Price(string? text, string column)
    {
        if (text is null) return null;
        return Number(text) is { } value && value is >= 0 and <= Wire.WholeMax / MinorPerMajor && decimal.Round(value, 2) == value
            ? (long)(value * MinorPerMajor)
            : throw Bad(column, "must be a price such as 14.50", text);
    }

    /// <summary>An ISO-8601 date with or without a time, in Unix milliseconds.</summary>
    public static long? Instant(string? text, string column)
    {
        if (text is null) return null;
        return Moment.TryParse(text, out var moment) ? moment.Ms : throw Bad(column, "must be an ISO-8601 date such as 2026-01-31 or 2026-01-31T10:00:00.000Z", text);
    }

    /// <summary>Like <see cref="Instant(string?, string)"/>, for files in which many rows have the same dates.</summary>
    public static long? Instant(string? text, string column, Dictionary<string, long> known)
    {
        if (text is null) return null;
        if (known.TryGetValue(text, out var ms)) return ms;
        var read = Instant(text, column);
        if (known.Count < KnownMax) known[text] = read!.Value;
        return read;
    }

    static decimal? Number(string text) => decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint
        | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var value) ? value : null;

    static ApiFault Bad(string column, string what, string actual) =>
        Wrong($"{column} {what} (actual value is '{(actual.Length <= 100 ? actual : actual[..100] + "…")}')");

    /// <summary>The fault of a row.</summary>
    public static ApiFault Wrong(string reason) => new(Refusals.InvalidPayload.With(reason));
}
