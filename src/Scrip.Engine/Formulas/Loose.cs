using System.Globalization;
using System.Text.Json;

namespace Scrip.Engine.Formulas;

/// <summary>
/// A value whose type only the facts know: an attribute of metadata, or a number or text to compare it with.
/// Reading it as another type than it has gives null.
/// </summary>
readonly record struct Loose
{
    private readonly decimal? number;
    private readonly string? text;
    private readonly bool? truth;
    private readonly JsonElement list;

    /// <summary>A number.</summary>
    public Loose(decimal number) => this.number = number;

    /// <summary>A text.</summary>
    public Loose(string text) => this.text = text;

    private Loose(bool truth) => this.truth = truth;

    private Loose(JsonElement list) => this.list = list;

    /// <summary>The value of a JSON element; null when it is an object, null or a number beyond decimals.</summary>
    public static Loose? Of(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? new Loose(number) : null,
        JsonValueKind.String => Read(json) is { } text ? new Loose(text) : null,
        JsonValueKind.True => new Loose(true),
        JsonValueKind.False => new Loose(false),
        JsonValueKind.Array => new Loose(json),
        _ => null,
    };

    // Half of a surrogate pair is valid JSON and no text.
    private static string? Read(JsonElement json)
    {
        try
        {
            return json.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    /// <summary>The number, if it is one.</summary>
    public static decimal? Number(Loose? value) => value?.number;

    /// <summary>The text, if it is one.</summary>
    public static string? Text(Loose? value) => value?.text;

    /// <summary>The truth, if it is one.</summary>
    public static bool? Truth(Loose? value) => value?.truth;

    /// <summary>True when both have the same value; null when their types differ.</summary>
    public bool? Equal(Loose other) =>
        number is { } a && other.number is { } b ? a == b
        : text is not null && other.text is not null ? text == other.text
        : truth is { } c && other.truth is { } d ? c == d
        : null;

    /// <summary>True when a value of this one equals a value of the other; either may be a list. A text may spell a number.</summary>
    public bool Meets(Loose other)
    {
        if (list.ValueKind == JsonValueKind.Array) return AnyMeets(list, other);
        if (other.list.ValueKind == JsonValueKind.Array) return AnyMeets(other.list, this);
        if (Equal(other) is { } same) return same;
        if (number is null == other.number is null) return false;
        return (number ?? Spelt(text)) is { } a && a == (other.number ?? Spelt(other.text));
    }

    // A list of many against a list of many would take the product of both: lists within lists never meet.
    private static bool AnyMeets(JsonElement list, Loose other)
    {
        if (other.list.ValueKind == JsonValueKind.Array) return false;
        foreach (var element in list.EnumerateArray())
        {
            if (Of(element) is { } one && one.list.ValueKind != JsonValueKind.Array && one.Meets(other)) return true;
        }
        return false;
    }

    /// <summary>True when it is a text with that part, or a list with that text; null when it is neither.</summary>
    public bool? Contains(string part)
    {
        if (text is not null) return text.Contains(part, StringComparison.Ordinal);
        if (list.ValueKind != JsonValueKind.Array) return null;
        foreach (var element in list.EnumerateArray())
        {
            if (element.ValueKind == JsonValueKind.String && Read(element) == part) return true;
        }
        return false;
    }

    /// <summary>The number that a text spells.</summary>
    public static decimal? Spelt(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) ? number : null;
}
