using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Scrip.Server.Features.Webhooks;

/// <summary>
/// JSON exactly as JavaScript's <c>JSON.stringify(JSON.parse(text))</c> writes it. Receivers check the documented signature
/// over their own compact writing of what they parsed, so what is sent has to be that writing.
/// </summary>
public static class CompactJson
{
    /// <summary>The writing of a value.</summary>
    public static string Text(JsonElement value)
    {
        var text = new StringBuilder();
        Write(text, value);
        return text.ToString();
    }

    static void Write(StringBuilder text, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                WriteObject(text, value);
                break;
            case JsonValueKind.Array:
                text.Append('[');
                var isFirst = true;
                foreach (var item in value.EnumerateArray())
                {
                    if (!isFirst) text.Append(',');
                    isFirst = false;
                    Write(text, item);
                }
                text.Append(']');
                break;
            case JsonValueKind.String:
                WriteText(text, value.GetString()!);
                break;
            case JsonValueKind.Number:
                text.Append(Number(value.GetDouble()));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    // Names that are array indexes come first, by their value; of equal names the last value counts, in the first one's place.
    static void WriteObject(StringBuilder text, JsonElement value)
    {
        var fields = new Dictionary<string, JsonElement>(StringComparer.Ordinal);
        foreach (var field in value.EnumerateObject()) fields[field.Name] = field.Value;
        var names = fields.Keys.ToList();
        if (names.Exists(name => Index(name) is not null)) names = [.. names.OrderBy(name => Index(name) ?? long.MaxValue)];
        text.Append('{');
        for (var i = 0; i < names.Count; i++)
        {
            if (i > 0) text.Append(',');
            WriteText(text, names[i]);
            text.Append(':');
            Write(text, fields[names[i]]);
        }
        text.Append('}');
    }

    static long? Index(string name) =>
        name.Length is > 0 and <= 10 && (name == "0" || name[0] is >= '1' and <= '9') && name.All(char.IsAsciiDigit)
        && long.Parse(name, CultureInfo.InvariantCulture) is < uint.MaxValue and var index ? index : null;

    static void WriteText(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var letter in value)
        {
            switch (letter)
            {
                case '"': text.Append("\\\""); break;
                case '\\': text.Append("\\\\"); break;
                case '\b': text.Append("\\b"); break;
                case '\f': text.Append("\\f"); break;
                case '\n': text.Append("\\n"); break;
                case '\r': text.Append("\\r"); break;
                case '\t': text.Append("\\t"); break;
                case < ' ': text.Append(CultureInfo.InvariantCulture, $"\\u{(int)letter:x4}"); break;
                default: text.Append(letter); break;
            }
        }
        text.Append('"');
    }

    /// <summary>A number as JavaScript prints it: the shortest digits that read back the same, an exponent below 1e-6 and from 1e21.</summary>
    public static string Number(double value)
    {
        if (value == 0) return "0";
        if (!double.IsFinite(value)) return "null";
        var (digits, exponent) = Digits(value.ToString("R", CultureInfo.InvariantCulture));
        var sign = value < 0 ? "-" : "";
        return sign + exponent switch
        {
            >= -6 and < 0 => "0." + new string('0', -exponent - 1) + digits,
            >= 0 and < 21 when digits.Length <= exponent + 1 => digits + new string('0', exponent + 1 - digits.Length),
            >= 0 and < 21 => $"{digits[..(exponent + 1)]}.{digits[(exponent + 1)..]}",
            _ => string.Create(CultureInfo.InvariantCulture, $"{digits[0]}{(digits.Length > 1 ? "." + digits[1..] : "")}e{(exponent < 0 ? "-" : "+")}{Math.Abs(exponent)}"),
        };
    }

    // The significant digits, and the power of ten of the first.
    static (string Digits, int Exponent) Digits(string round)
    {
        var text = round.TrimStart('-');
        var e = text.IndexOf('E', StringComparison.Ordinal);
        var power = e < 0 ? 0 : int.Parse(text[(e + 1)..], CultureInfo.InvariantCulture);
        var mantissa = e < 0 ? text : text[..e];
        var point = mantissa.IndexOf('.', StringComparison.Ordinal);
        var whole = point < 0 ? mantissa : mantissa[..point];
        var all = whole + (point < 0 ? "" : mantissa[(point + 1)..]);
        var leading = all.Length - all.TrimStart('0').Length;
        return (all.Trim('0'), whole.Length - 1 - leading + power);
    }
}
