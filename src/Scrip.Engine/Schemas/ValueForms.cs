using System.Globalization;

namespace Scrip.Engine.Schemas;

/// <summary>The forms of texts that stand for something else.</summary>
public static class ValueForms
{
    private const int UrlMax = 2000;

    private static readonly string[] Instants =
    [
        "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF",
        "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
    ];

    /// <summary>A day as ISO 8601 writes it, or an instant.</summary>
    public static bool IsDate(string text) =>
        DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _) || IsInstant(text);

    /// <summary>An instant as ISO 8601 writes it; without an offset it is UTC.</summary>
    public static bool IsInstant(string text)
    {
        if (text.Length > 40) return false;
        // More than seven fraction digits: the rest is below a tick.
        var point = text.IndexOf('.', StringComparison.Ordinal);
        var end = point + 1;
        while (point > 0 && end < text.Length && char.IsAsciiDigit(text[end])) end++;
        if (point > 0 && end - point > 8) text = text.Remove(point + 8, end - point - 8);
        return DateTimeOffset.TryParseExact(text, Instants, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _);
    }

    /// <summary>An absolute address that a browser fetches.</summary>
    public static bool IsUrl(string text) =>
        text.Length <= UrlMax && Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Host.Length > 0;

    /// <summary>Latitude and longitude in degrees: <c>37.786971, -122.399677</c>.</summary>
    public static bool IsGeopoint(string text)
    {
        var comma = text.IndexOf(',', StringComparison.Ordinal);
        return comma > 0 && text.Length <= 100 && IsDegrees(text.AsSpan(0, comma), 90) && IsDegrees(text.AsSpan(comma + 1), 180);
    }

    private static bool IsDegrees(ReadOnlySpan<char> text, decimal max) =>
        decimal.TryParse(text.Trim(' '), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var degrees)
        && Math.Abs(degrees) <= max;
}
