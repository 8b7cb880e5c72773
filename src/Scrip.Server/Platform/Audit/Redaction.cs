using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Audit;

/// <summary>
/// Takes secrets out of what is kept: the values of fields and parameters that are named like one, and texts that carry a
/// token in an address. A body that is no JSON is not kept at all, since it cannot be looked through.
/// </summary>
public static class Redaction
{
    const string Mark = "***";

    static readonly string[] Words = ["token", "secret", "password", "secret_key", "api_key", "authorization"];

    /// <summary>A body as it is kept; null when there was none. One that hides nothing is kept as it came, uncopied.</summary>
    public static Utf8Text? Body(AuditBody body)
    {
        if (body.Length == 0) return null;
        try
        {
            var kept = Json(body.Kept, body.IsCut);
            // What is no text becomes one, with marks for what nobody can read.
            return new(Utf8.IsValid(kept.Span) ? kept : Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(kept.Span)));
        }
        catch (JsonException)
        {
            return new(Encoding.UTF8.GetBytes($"({body.Length} bytes that are not JSON)"));
        }
    }

    static ReadOnlyMemory<byte> Json(byte[] bytes, bool isCut)
    {
        ArrayBufferWriter<byte>? kept = null;
        var reader = new Utf8JsonReader(bytes, isFinalBlock: !isCut, default);
        var copied = 0;
        var isSecret = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName)
            {
                // A log sees thousands of names a second: only one that is written with escapes becomes a string.
                isSecret = reader.ValueIsEscaped ? IsSecret(reader.GetString()!) : IsSecret(reader.ValueSpan);
                continue;
            }
            var isHidden = reader.TokenType is JsonTokenType.String or JsonTokenType.Number
                && (isSecret || (reader.TokenType == JsonTokenType.String && reader.ValueSpan.IndexOf("token="u8) >= 0));
            // A list under such a name holds secrets, too; an object's fields have names of their own.
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.EndObject or JsonTokenType.EndArray) isSecret = false;
            if (!isHidden) continue;
            kept ??= new(bytes.Length + 16);
            kept.Write(bytes.AsSpan(copied..(int)reader.TokenStartIndex));
            kept.Write("\"***\""u8);
            copied = (int)reader.BytesConsumed;
        }
        var end = (int)reader.BytesConsumed;
        if (kept is null && !isCut) return bytes.AsMemory(..end);
        kept ??= new(end + 3);
        kept.Write(bytes.AsSpan(copied..end));
        if (isCut) kept.Write("…"u8);
        return kept.WrittenMemory;
    }

    /// <summary>A query with its question mark, or empty.</summary>
    public static string Query(string query)
    {
        if (query.Length < 2) return "";
        var pairs = query[1..].Split('&');
        for (var i = 0; i < pairs.Length; i++)
            if (pairs[i].IndexOf('=', StringComparison.Ordinal) is > 0 and var at && IsSecret(Uri.UnescapeDataString(pairs[i][..at]))) pairs[i] = pairs[i][..at] + "=" + Mark;
        return "?" + string.Join('&', pairs);
    }

    /// <summary>Text that every column can hold.</summary>
    public static string Storable(string text) => text.Replace('\0', '\ufffd');

    static bool IsSecret(ReadOnlySpan<byte> name)
    {
        foreach (var word in Words)
            if (name.Length >= word.Length && Ascii.EqualsIgnoreCase(name[^word.Length..], word)) return true;
        return false;
    }

    static bool IsSecret(string name)
    {
        foreach (var word in Words)
            if (name.EndsWith(word, StringComparison.OrdinalIgnoreCase)) return true;
        return false;
    }
}
