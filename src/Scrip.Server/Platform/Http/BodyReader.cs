using System.Buffers;
using System.Buffers.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Text.Unicode;
using Microsoft.AspNetCore.Http.Features;
using Scrip.Engine;

namespace Scrip.Server.Platform.Http;

/// <summary>
/// Reads a request body within its limit and binds it to a record, with faults that name the place and what is
/// wanted there. An empty body and <c>null</c> read as an object without fields.
/// </summary>
static partial class BodyReader
{
    /// <summary>The largest JSON body, in bytes.</summary>
    public const int BytesMax = 2 * 1024 * 1024;

    /// <summary>The largest JSON body of an operation on many objects, in bytes.</summary>
    public const int BulkBytesMax = 10 * 1024 * 1024;

    static readonly SearchValues<byte> NumberBytes = SearchValues.Create("0123456789.eE+-"u8);

    /// <summary>The whole body of at most so many bytes.</summary>
    public static async Task<byte[]> ReadAll(HttpRequest request, int bytesMax)
    {
        if (request.ContentLength is 0) return [];
        // Twice as much may arrive, so that a caller who sends too much can read the answer.
        Allow(request, bytesMax * 2L);
        if (request.ContentLength > bytesMax) throw TooLarge(bytesMax);
        var buffer = new ArrayBufferWriter<byte>((int)(request.ContentLength ?? 1024));
        while (true)
        {
            var memory = buffer.GetMemory(512);
            var read = await request.Body.ReadAsync(memory, request.HttpContext.RequestAborted);
            if (read == 0) return buffer.WrittenSpan.ToArray();
            buffer.Advance(read);
            if (buffer.WrittenCount > bytesMax) throw TooLarge(bytesMax);
        }
    }

    /// <summary>Lets the web server take a body that is larger than those of most operations.</summary>
    public static void Allow(HttpRequest request, long bytes)
    {
        var limit = request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>();
        if (limit is { IsReadOnly: false } && limit.MaxRequestBodySize < bytes) limit.MaxRequestBodySize = bytes;
    }

    static ApiFault TooLarge(int bytesMax) => new(Refusals.QueryTooLarge.With($"A body may have {bytesMax} bytes at most"));

    public static T Bind<T>(byte[] body)
    {
        RefuseUnstorable(body);
        try
        {
            if (IsNothing(body)) body = "{}"u8.ToArray();
            return JsonSerializer.Deserialize(body, Wire.Info<T>())!;
        }
        catch (JsonException fault)
        {
            throw new ApiFault(Refusals.InvalidPayload.With(Explain(fault)));
        }
    }

    /// <summary>The names of the fields that the body's outermost object has, to tell "null" from "not sent".</summary>
    public static HashSet<string> Sent(byte[] body)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        if (IsNothing(body)) return names;
        var reader = new Utf8JsonReader(body);
        while (reader.Read())
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1) names.Add(reader.GetString()!);
        return names;
    }

    // Clients send nothing, null or a bare number where an operation needs no body.
    static bool IsNothing(ReadOnlySpan<byte> body)
    {
        var text = body.Trim(" \t\r\n"u8);
        return text.IsEmpty || text.SequenceEqual("null"u8) || (char.IsAsciiDigit((char)text[0]) && text.IndexOfAnyExcept(NumberBytes) < 0);
    }

    // What the two databases cannot store alike: broken UTF-8, U+0000, half a surrogate pair, numbers without an end.
    static void RefuseUnstorable(ReadOnlySpan<byte> body)
    {
        if (!Utf8.IsValid(body)) throw new ApiFault(Refusals.InvalidPayload.With("The body is not valid UTF-8"));
        var isHigh = false;
        for (var at = 0; (at = Next(body, at, isHigh)) >= 0;)
        {
            var unit = Unit(body, at);
            if (unit == 0) throw new ApiFault(Refusals.InvalidPayload.With("Text must not contain the character U+0000"));
            if ((unit >= 0 && char.IsLowSurrogate((char)unit)) != isHigh) throw HalfPair();
            isHigh = unit >= 0 && char.IsHighSurrogate((char)unit);
            at += unit < 0 ? 2 : 6;
        }
        if (isHigh) throw HalfPair();
        if (MayHoldEndless(body)) RefuseEndless(body);
    }

    // Digits before the point, and after it, of any number that is kept as it came.
    const int DigitsMax = 1000;

    static bool MayHoldEndless(ReadOnlySpan<byte> body)
    {
        // Of so many digits in a row, one is here.
        for (var at = 0; at < body.Length; at += DigitsMax / 2)
            if (IsDigit(body, at) && IsDigit(body, at + 1)) return true;
        for (var at = 0; at + 3 < body.Length; at++)
            if ((body[at] | 0x20) == 'e' && at > 0 && IsDigit(body, at - 1) && IsDigit(body, at + 2) && IsDigit(body, at + 3)) return true;
        return false;
    }

    static bool IsDigit(ReadOnlySpan<byte> body, int at) => at < body.Length && char.IsAsciiDigit((char)body[at]);

    static void RefuseEndless(ReadOnlySpan<byte> body)
    {
        var reader = new Utf8JsonReader(body);
        try
        {
            while (reader.Read())
                if (reader.TokenType == JsonTokenType.Number && IsEndless(reader.ValueSpan)) throw new ApiFault(Refusals.InvalidPayload.With($"A number must not have more than {DigitsMax} digits"));
        }
        catch (JsonException)
        {
            // Whoever binds it says so, and where.
        }
    }

    static bool IsEndless(ReadOnlySpan<byte> number)
    {
        var at = number.IndexOfAny((byte)'e', (byte)'E');
        if ((at < 0 ? number.Length : at) > DigitsMax) return true;
        return at >= 0 && !(Utf8Parser.TryParse(number[(at + 1)..].TrimStart((byte)'+'), out int power, out _) && power is >= -DigitsMax and <= DigitsMax);
    }

    // The next escape; a high surrogate that is not followed by one at once has lost its other half.
    static int Next(ReadOnlySpan<byte> body, int from, bool isHigh)
    {
        var at = from < body.Length ? body[from..].IndexOf((byte)'\\') : -1;
        if (isHigh && at != 0) throw HalfPair();
        return at < 0 ? -1 : from + at;
    }

    // The UTF-16 unit of a \uXXXX escape, -1 for every other escape.
    static int Unit(ReadOnlySpan<byte> body, int at) =>
        at + 6 <= body.Length && body[at + 1] == (byte)'u'
            && Utf8Parser.TryParse(body.Slice(at + 2, 4), out int unit, out var used, 'x') && used == 4 ? unit : -1;

    static ApiFault HalfPair() => new(Refusals.InvalidPayload.With("Text must not contain half of a surrogate pair"));

    static string Explain(JsonException fault)
    {
        var message = fault.Message;
        var path = fault.Path is { Length: > 1 } found ? found[1..] : "";
        if (MissingProperties().Match(message) is { Success: true } missing)
            return $"Property {(path.Length > 0 ? path : ".")} should have required property {missing.Groups[1].Value}";
        // A text or a truth that is something else; the reader then blames the object around it.
        if (fault.InnerException is InvalidOperationException { Message: var token } && TokenType().Match(token) is { Success: true } wanted)
            return $"Property {(path.Length > 0 ? path : ".")} must be {wanted.Groups[1].Value}";
        if (WrongType().Match(message) is { Success: true } wrong)
            return $"Property {(path.Length > 0 ? path : ".")} must be {Friendly(wrong.Groups[1].Value)}";
        if (message.StartsWith("must ", StringComparison.Ordinal) || message.StartsWith("cannot ", StringComparison.Ordinal))
            return $"Property {path} {message}";
        var place = fault.LineNumber is { } line ? $" at line {line + 1}, byte {fault.BytePositionInLine + 1}" : "";
        return $"The body is not valid JSON{place}";
    }

    static string Friendly(string type) => type switch
    {
        "System.String" => "string",
        "System.Boolean" or "System.Nullable`1[System.Boolean]" => "boolean",
        _ when type.EndsWith("[]", StringComparison.Ordinal) || type.Contains("List`", StringComparison.Ordinal) => "array",
        _ => "object",
    };

    [GeneratedRegex("missing required properties including: ('[^']+')")]
    private static partial Regex MissingProperties();

    [GeneratedRegex("token type '[A-Za-z]+' as a (string|boolean|number)")]
    private static partial Regex TokenType();

    [GeneratedRegex("could not be converted to ([^ ]+?)\\.? ?(Path|$)")]
    private static partial Regex WrongType();
}
