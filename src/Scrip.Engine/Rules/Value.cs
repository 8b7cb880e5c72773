using System.Globalization;
using System.Text;
using System.Text.Json;
using Scrip.Engine.Carts;

namespace Scrip.Engine.Rules;

/// <summary>What kind of value a condition saw.</summary>
internal enum ValueKind : byte
{
    /// <summary>Nothing: the fact is missing. No condition holds of it.</summary>
    Missing,
    Number,
    Text,
    Flag,

    /// <summary>A JSON array of an attribute: operators ask its elements.</summary>
    List,

    /// <summary>A set of ids: segments, loyalty tiers.</summary>
    Ids,

    /// <summary>The lines of a cart.</summary>
    Lines,

    /// <summary>Something that no operator compares, such as a JSON object.</summary>
    Other,
}

/// <summary>A fact as conditions see it. Amounts are minor units.</summary>
internal readonly struct Value
{
    private readonly object? held;

    private Value(ValueKind kind, decimal number, object? held) => (Kind, Number, this.held) = (kind, number, held);

    public static Value Missing => default;

    public ValueKind Kind { get; }

    public decimal Number { get; }

    public bool IsTrue => Number != 0;

    public string String => (string)held!;

    public JsonElement Json => (JsonElement)held!;

    public IReadOnlySet<string> Ids => (IReadOnlySet<string>)held!;

    public static Value Of(long? number) => number is { } known ? new(ValueKind.Number, known, null) : default;

    public static Value OfNumber(decimal number) => new(ValueKind.Number, number, null);

    public static Value Of(string? text) => text is null ? default : new(ValueKind.Text, 0, text);

    public static Value Of(bool flag) => new(ValueKind.Flag, flag ? 1 : 0, null);

    public static Value Of(IReadOnlySet<string>? ids) => ids is null ? default : new(ValueKind.Ids, 0, ids);

    public static Value Of(IReadOnlyList<CartLine> lines) => new(ValueKind.Lines, 0, lines);

    /// <summary>An attribute. A number that a decimal cannot hold compares with nothing.</summary>
    public static Value Of(JsonElement? json) => json is not { } found ? default : found.ValueKind switch
    {
        JsonValueKind.Number => found.TryGetDecimal(out var number) ? new(ValueKind.Number, number, null) : new(ValueKind.Other, 0, found),
        JsonValueKind.String => TextOf(found),
        JsonValueKind.True => Of(true),
        JsonValueKind.False => Of(false),
        JsonValueKind.Array => new(ValueKind.List, 0, found),
        JsonValueKind.Object => new(ValueKind.Other, 0, found),
        _ => default,
    };

    // Half a character, escaped in JSON, cannot become a text.
    private static Value TextOf(JsonElement json)
    {
        try
        {
            return new(ValueKind.Text, 0, json.GetString());
        }
        catch (InvalidOperationException)
        {
            return new(ValueKind.Other, 0, json);
        }
    }

    /// <summary>The same number, text or flag. <c>"true"</c> and <c>"false"</c> name flags too; else types do not mix.</summary>
    public bool Same(in Value other) => (Kind, other.Kind) switch
    {
        (ValueKind.Number, ValueKind.Number) => Number == other.Number,
        (ValueKind.Text, ValueKind.Text) => String == other.String,
        (ValueKind.Flag, ValueKind.Flag) => IsTrue == other.IsTrue,
        (ValueKind.Flag, ValueKind.Text) => other.String == (IsTrue ? "true" : "false"),
        (ValueKind.Ids, ValueKind.Text) => Ids.Contains(other.String),
        _ => false,
    };

    /// <summary>As JSON text; null when it is missing.</summary>
    public string? Text() => Kind switch
    {
        ValueKind.Missing => null,
        ValueKind.Number => Number.ToString("0.############################", CultureInfo.InvariantCulture),
        ValueKind.Text => Quoted(String),
        ValueKind.Flag => IsTrue ? "true" : "false",
        ValueKind.Ids => Array(Ids.Order(StringComparer.Ordinal)),
        ValueKind.Lines => Array(((IReadOnlyList<CartLine>)held!).Select(line => line.SkuId ?? line.ProductId ?? line.SourceId)),
        _ => Json.GetRawText(),
    };

    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(Sound(text))}\"";

    // A lone surrogate cannot be written as JSON; half a character is shown as the replacement character.
    private static string Sound(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Array(IEnumerable<string?> ids) => $"[{string.Join(',', ids.Select(id => id is null ? "null" : Quoted(id)))}]";
}
