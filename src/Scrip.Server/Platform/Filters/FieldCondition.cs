using System.Globalization;
using System.Text;
using System.Text.Json;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Filters;

/// <summary>How the values of a field compare.</summary>
enum FieldKind
{
    /// <summary>A text of a column or of the body.</summary>
    Text,

    /// <summary>Minor units.</summary>
    Whole,

    /// <summary>Unix milliseconds, written as ISO-8601.</summary>
    Moment,

    /// <summary>A list of names.</summary>
    Names,

    /// <summary>Any JSON: a scalar, or an array of them.</summary>
    Metadata,
}

/// <summary>What a condition asks of the values of its field.</summary>
enum Test
{
    /// <summary>One of the values is one of the operands.</summary>
    Among,

    /// <summary>The field has a value.</summary>
    HasValue,

    /// <summary>One of the texts holds one of the operands; an array holds it as an element.</summary>
    Contains,

    /// <summary>One of the texts begins with one of the operands.</summary>
    StartsWith,

    /// <summary>One of the texts ends with one of the operands.</summary>
    EndsWith,

    /// <summary>One of the values is above the operand.</summary>
    More,

    /// <summary>One of the values is the operand or above it.</summary>
    MoreOrEqual,

    /// <summary>One of the values is below the operand.</summary>
    Less,

    /// <summary>One of the values is the operand or below it.</summary>
    LessOrEqual,

    /// <summary>There are as many values as the operand says.</summary>
    Count,

    /// <summary>There are fewer values.</summary>
    CountLess,

    /// <summary>There are more values.</summary>
    CountMore,

    /// <summary>The instant lies so many days before now or, below zero, behind it: from From (inclusive) to To (exclusive) days ago.</summary>
    Days,
}

/// <summary>A text or a number; anything else is neither. A truth is the text that filters write for it.</summary>
readonly record struct FieldValue(string? Text, decimal? Number)
{
    public static FieldValue Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => new(value.GetString(), null),
        JsonValueKind.Number when value.TryGetDecimal(out var number) => new(null, number),
        JsonValueKind.True => new("true", null),
        JsonValueKind.False => new("false", null),
        _ => default,
    };

    /// <summary>The sign of this minus the other; null when they do not compare. Texts compare by their bytes, as both databases do.</summary>
    public int? CompareTo(FieldValue other)
    {
        if (Number is { } number && other.Number is { } than) return number.CompareTo(than);
        return Text is { } text && other.Text is { } thanText ? Encoding.UTF8.GetBytes(text).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(thanText)) : null;
    }
}

/// <summary>One condition on one field.</summary>
/// <param name="Field">The field's name, or the name or dotted path of a metadata attribute.</param>
/// <param name="Kind">How its values compare.</param>
/// <param name="Test">What is asked.</param>
/// <param name="IsNot">True for its contrary, which a missing value meets.</param>
/// <param name="Operands">What values are held against.</param>
sealed record FieldCondition(string Field, FieldKind Kind, Test Test, bool IsNot, FieldValue[] Operands)
{
    public const long DayMs = 86_400_000;

    /// <summary>Of <see cref="Test.Days"/>: the ages in milliseconds between which an instant lies, from (inclusive) and to (exclusive); null is open.</summary>
    public (long? From, long? To) Age { get; private init; }

    /// <summary>Reads a condition; with <paramref name="readsDates"/> days may be counted from texts of metadata, too, which SQL cannot do.</summary>
    /// <exception cref="ApiFault">The operator is unknown or does not fit the field, or an operand is of the wrong type.</exception>
    public static FieldCondition Read(string field, FieldKind kind, string op, JsonElement[] values, string at, bool readsDates = false)
    {
        var (test, isNot) = op switch
        {
            "$is" or "$in" => (Test.Among, false),
            "$is_not" or "$not_in" => (Test.Among, true),
            "$has_value" => (Test.HasValue, false),
            "$is_unknown" => (Test.HasValue, true),
            "$contains" => (Test.Contains, false),
            "$not_contain" => (Test.Contains, true),
            "$starts_with" => (Test.StartsWith, false),
            "$ends_with" => (Test.EndsWith, false),
            "$more_than" or "$after" => (Test.More, false),
            "$more_than_equal" => (Test.MoreOrEqual, false),
            "$less_than" or "$before" => (Test.Less, false),
            "$less_than_equal" => (Test.LessOrEqual, false),
            "$count" => (Test.Count, false),
            "$count_less" => (Test.CountLess, false),
            "$count_more" => (Test.CountMore, false),
            "$is_days_ago" or "$is_days_in_future" or "$more_than_ago" or "$less_than_ago" or "$more_than_future" or "$less_than_future" => (Test.Days, false),
            _ => throw Checks.Wrong(at, "is no condition that is served"),
        };
        if (!Fits(test, kind) && !(readsDates && test == Test.Days && kind == FieldKind.Metadata)) throw Checks.Wrong(at, "does not go with this field");
        if (test == Test.HasValue) return new(field, kind, test, isNot, []);
        if (values.Length == 0) throw Checks.Wrong(at, "must NOT have fewer than 1 items");
        if (test >= Test.More && values.Length > 1) throw Checks.Wrong(at, "must NOT have more than 1 items");
        if (test == Test.Days) return new(field, kind, test, isNot, []) { Age = AgeOf(op, Whole(values[0], at)) };
        var operands = values.Select(value => Operand(test, kind, value, at)).ToArray();
        return new(field, kind, test, isNot, operands);
    }

    static bool Fits(Test test, FieldKind kind) => test switch
    {
        Test.Among or Test.HasValue => true,
        Test.Contains => kind is not (FieldKind.Whole or FieldKind.Moment),
        Test.StartsWith or Test.EndsWith => kind is FieldKind.Text or FieldKind.Metadata,
        Test.Count or Test.CountLess or Test.CountMore => kind is FieldKind.Names or FieldKind.Metadata,
        Test.Days => kind == FieldKind.Moment,
        _ => kind is FieldKind.Whole or FieldKind.Moment or FieldKind.Metadata,
    };

    static FieldValue Operand(Test test, FieldKind kind, JsonElement value, string at)
    {
        if (test is Test.Count or Test.CountLess or Test.CountMore) return new(null, Whole(value, at));
        var scalar = value.ValueKind is JsonValueKind.String or JsonValueKind.Number ? FieldValue.Of(value) : default;
        if (test is Test.Contains or Test.StartsWith or Test.EndsWith || kind is FieldKind.Text or FieldKind.Names)
            return scalar.Text is { Length: > 0 } ? scalar : throw Checks.Wrong(at, "must be string");
        if (kind == FieldKind.Whole) return new(null, Whole(value, at));
        if (kind == FieldKind.Moment)
            return scalar.Text is { } text && Moment.TryParse(text, out var moment) ? new(null, moment.Ms) : throw Checks.Wrong(at, "must be an ISO-8601 date");
        return scalar == default ? throw Checks.Wrong(at, "must be string or number") : scalar;
    }

    static long Whole(JsonElement value, string at)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.GetString() : value.ValueKind == JsonValueKind.Number ? value.GetRawText() : null;
        return decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number == decimal.Truncate(number) && Math.Abs(number) <= Wire.WholeMax
            ? (long)number
            : throw Checks.Wrong(at, "must be integer");
    }

    // Days are 24 hours. Ages are positive in the past: 0 ≤ age < 1 day is "0 days ago".
    static (long? From, long? To) AgeOf(string op, long days)
    {
        var ms = Math.Clamp(days, 0, 1_000_000) * DayMs;
        return op switch
        {
            "$is_days_ago" => (ms, ms + DayMs),
            "$more_than_ago" => (ms, null),
            "$less_than_ago" => (0, ms),
            "$is_days_in_future" => (-ms - DayMs, -ms),
            "$more_than_future" => (null, -ms),
            _ => (-ms, 0),
        };
    }

    /// <summary>Whether it holds for the values of its field.</summary>
    /// <param name="values">Those that are there.</param>
    /// <param name="isArray">Whether the field holds several.</param>
    /// <param name="now">Unix milliseconds, from which ages are counted.</param>
    public bool Holds(List<FieldValue> values, bool isArray, long now)
    {
        return IsNot != Test switch
        {
            Test.Among => values.Any(value => value != default && Operands.Contains(value)),
            Test.HasValue => values.Count > 0 || (isArray && Kind == FieldKind.Metadata),
            Test.Contains when isArray => values.Any(value => value != default && Operands.Contains(value)),
            Test.Contains => AnyText(values, static (text, part) => text.Contains(part, StringComparison.Ordinal)),
            Test.StartsWith => AnyText(values, static (text, part) => text.StartsWith(part, StringComparison.Ordinal)),
            Test.EndsWith => AnyText(values, static (text, part) => text.EndsWith(part, StringComparison.Ordinal)),
            Test.More => values.Any(value => value.CompareTo(Operands[0]) > 0),
            Test.MoreOrEqual => values.Any(value => value.CompareTo(Operands[0]) >= 0),
            Test.Less => values.Any(value => value.CompareTo(Operands[0]) < 0),
            Test.LessOrEqual => values.Any(value => value.CompareTo(Operands[0]) <= 0),
            Test.Count => values.Count == Operands[0].Number,
            Test.CountLess => values.Count < Operands[0].Number,
            Test.CountMore => values.Count > Operands[0].Number,
            _ => values.Any(value => InstantOf(value) is { } instant && now - instant is var age && !(age < Age.From) && !(age >= Age.To)),
        };
    }

    // Metadata has dates as texts.
    long? InstantOf(FieldValue value) => Kind != FieldKind.Metadata ? (long?)value.Number : value.Text is { } text && Moment.TryParse(text, out var moment) ? moment.Ms : null;

    bool AnyText(List<FieldValue> values, Func<string, string, bool> test) =>
        values.Any(value => value.Text is { } text && Operands.Any(operand => test(text, operand.Text!)));

    /// <summary>The values of a piece of JSON. Elements that are JSON null are no values; objects and arrays inside are values that equal nothing.</summary>
    public static (List<FieldValue> Values, bool IsArray) Elements(JsonElement? json) => json switch
    {
        { ValueKind: JsonValueKind.Array } array => ([.. array.EnumerateArray().Where(one => one.ValueKind != JsonValueKind.Null).Select(FieldValue.Of)], true),
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => ([], false),
        { } one => ([FieldValue.Of(one)], false),
    };
}
