using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scrip.Server.Platform.Http;

/// <summary>An instant in Unix milliseconds, in the API's text form: <c>2026-01-31T10:00:00.000Z</c>.</summary>
[JsonConverter(typeof(MomentConverter))]
public readonly record struct Moment(long Ms)
{
    const long Earliest = -62135596800000; // 0001-01-01
    const long Latest = 253402300799999;   // 9999-12-31T23:59:59.999Z

    static readonly string[] Forms =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH", "yyyy-MM-ddTHH:mm", "yyyy-MM-ddTHH:mm:ss", "yyyy-MM-ddTHH:mm:ss.FFFFFFF",
        "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
        "yyyy-MM-ddTHH:mm:sszz00", "yyyy-MM-ddTHH:mm:ss.FFFFFFFzz00",
        "yyyy-MM-dd HH:mm:ss 'UTC'", "yyyy-MM-dd HH:mm:ss K", "yyyy-MM-dd HH:mm:ss",
    ];

    /// <summary>Null stays null: a column that is not set.</summary>
    public static Moment? From(long? ms) => ms is { } value ? new Moment(value) : null;

    /// <summary>Reads every form that the official clients send; text without an offset is UTC.</summary>
    public static bool TryParse(string text, out Moment moment)
    {
        moment = default;
        if (text.Length is < 8 or > 40) return false;
        // More than seven fraction digits: the rest is below a tick.
        var point = text.IndexOf('.', StringComparison.Ordinal);
        if (point > 0)
        {
            var end = point + 1;
            while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
            if (end - point > 8) text = text.Remove(point + 8, end - point - 8);
        }
        // "+0000" without a colon.
        if (text.Length > 5 && text[^5] is '+' or '-' && text[^4..].All(char.IsAsciiDigit) && text.Contains('T', StringComparison.Ordinal))
            text = text[..^2] + ":" + text[^2..];
        if (!DateTimeOffset.TryParseExact(text, Forms, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AllowWhiteSpaces, out var parsed))
            return false;
        moment = new Moment(parsed.ToUnixTimeMilliseconds());
        return moment.Ms is >= Earliest and <= Latest;
    }

    /// <summary>The API's text form.</summary>
    public override string ToString() =>
        DateTimeOffset.FromUnixTimeMilliseconds(Ms).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>Reads and writes <see cref="Moment"/>.</summary>
public sealed class MomentConverter : JsonConverter<Moment>
{
    /// <inheritdoc/>
    public override Moment Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Moment.TryParse(reader.GetString()!, out var moment)
            ? moment
            : throw new JsonException("cannot be recognized as a ISO-8601 compliant date");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Moment value, JsonSerializerOptions options) => writer.WriteStringValue(value.ToString());
}
