using System.Text.Json;
using Scrip.Engine;

namespace Scrip.Server.Platform.Http;

/// <summary>Checks of single fields that many resources share. Each throws a refusal that names the field.</summary>
public static class Checks
{
    /// <summary>The longest identifier, code or name, in characters.</summary>
    public const int TextMax = 255;

    static readonly JsonElement EmptyObject = JsonDocument.Parse("{}").RootElement.Clone();

    /// <summary>Metadata is an object; absent reads as empty.</summary>
    public static JsonElement Metadata(JsonElement? value, string field = "metadata") => value switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => EmptyObject,
        { ValueKind: JsonValueKind.Object } element => element,
        _ => throw Wrong(field, "must be object"),
    };

    /// <summary>A text of at most 255 characters; an empty one reads as absent.</summary>
    public static string? Text(string? value, string field, int max = TextMax)
    {
        if (string.IsNullOrEmpty(value)) return null;
        if (value.Length > max) throw Wrong(field, $"must NOT have more than {max} characters");
        return value;
    }

    /// <summary>A whole number that is not negative.</summary>
    public static long? NotNegative(long? value, string field) =>
        value is < 0 ? throw Wrong(field, "must be >= 0") : value;

    /// <summary>A whole number above zero.</summary>
    public static long? Positive(long? value, string field) =>
        value is <= 0 ? throw Wrong(field, "must be > 0") : value;

    /// <summary>One of the contract's words.</summary>
    public static string? OneOf(string? value, string field, params ReadOnlySpan<string> allowed)
    {
        if (value is null) return null;
        foreach (var word in allowed)
            if (word == value) return value;
        throw Wrong(field, $"must be one of: {string.Join(", ", allowed.ToArray())}");
    }

    /// <summary>A period starts before it ends.</summary>
    public static void Period(Moment? start, Moment? end)
    {
        if (start is { } from && end is { } to && from.Ms >= to.Ms) throw Wrong("expiration_date", "must be after start_date");
    }

    /// <summary>The fault of a field.</summary>
    public static ApiFault Wrong(string field, string what) => new(Refusals.InvalidPayload.With($"Property .{field} {what}"));
}
