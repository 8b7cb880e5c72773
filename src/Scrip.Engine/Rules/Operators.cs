using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Rules;

/// <summary>Types the operand of an operator, or says what is wrong with it. Operands are lists; most operators take exactly one.</summary>
internal static class Operators
{
    private const FactKind Text = FactKind.Id;
    private static readonly LocalTimePattern Hour = LocalTimePattern.CreateWithInvariantCulture("HH:mm");

    /// <summary>Binds an operator of a fact that is not about named lines.</summary>
    public static (Test? Test, string? Fault) Bind(string name, JsonElement operand, FactKind kind)
    {
        if (operand.ValueKind != JsonValueKind.Array) return (null, "must be a list");
        var items = operand.EnumerateArray().ToArray();
        if (items.Length == 0) return (null, "must not be empty");
        var needed = items.Length == 1 ? items[0].GetRawText() : operand.GetRawText();
        return (name, kind) switch
        {
            ("$is" or "$in" or "$is_not" or "$not_in", _) => Members(items, kind, name is "$is_not" or "$not_in", needed),
            (_, FactKind.Flag) => Unfit(name),
            ("$less_than", FactKind.Number or FactKind.Attribute) => Compare(items, kind, Order.Less, needed),
            ("$less_than_or_equal", FactKind.Number or FactKind.Attribute) => Compare(items, kind, Order.LessOrEqual, needed),
            ("$more_than", FactKind.Number or FactKind.Attribute) => Compare(items, kind, Order.More, needed),
            // The contract's own examples spell it the second way.
            ("$more_than_or_equal" or "$greater_than_or_equal", FactKind.Number or FactKind.Attribute) => Compare(items, kind, Order.MoreOrEqual, needed),
            ("$starts_with", Text or FactKind.Attribute) => Part(items, TextPlace.Start, needed),
            ("$ends_with", Text or FactKind.Attribute) => Part(items, TextPlace.End, needed),
            ("$contains", Text or FactKind.Attribute) => Part(items, TextPlace.Anywhere, needed),
            (_, not FactKind.Attribute) => Unfit(name),
            ("$not_intersect", _) => Members(items, kind, true, needed),
            ("$not_differ", _) => Scalars(items, kind) is { } values ? (new SameSet(values) { Needed = needed }, null) : (null, Types(kind)),
            ("$count", _) => Counted(items, Order.Equal, needed),
            ("$count_more", _) => Counted(items, Order.More, needed),
            ("$count_less", _) => Counted(items, Order.Less, needed),
            ("$after", _) => Dated(items, Order.More, needed),
            ("$before", _) => Dated(items, Order.Less, needed),
            ("$more_than_ago", _) => Days(items, Order.More, false, needed),
            ("$less_than_ago", _) => Days(items, Order.Less, false, needed),
            ("$is_days_ago", _) => Days(items, Order.Equal, false, needed),
            ("$more_than_future", _) => Days(items, Order.More, true, needed),
            ("$less_than_future", _) => Days(items, Order.Less, true, needed),
            ("$is_days_in_future", _) => Days(items, Order.Equal, true, needed),
            ("$timeframe", _) => Windows(items, needed),
            ("$timeframe_absolute", _) => Spans(items, needed),
            ("$timeframe_daily_hours", _) => Hours(items, needed),
            ("$dow", _) => Weekdays(items, needed),
            _ => Unfit(name),
        };
    }

    /// <summary>Binds an operator of a rule that names lines.</summary>
    public static (Naming? Test, string? Fault) BindLines(string name, JsonElement operand, string? refObject)
    {
        if (name is not ("$is" or "$in" or "$is_not" or "$not_in" or "$from")) return (null, $"{name} does not fit");
        if (operand.ValueKind != JsonValueKind.Array) return (null, "must be a list");
        var refs = new List<LineRef>();
        foreach (var item in operand.EnumerateArray())
        {
            if (Ref(item, refObject) is not { } one) return (null, "must be ids, or objects with an id or a source_id");
            if (one.Object is not (null or LineRef.Product or LineRef.Sku or LineRef.Collection)) return (null, "object must be product, sku or products_collection");
            refs.Add(one);
        }
        if (refs.Count == 0) return (null, "must not be empty");
        return (new Naming([.. refs], name is "$is_not" or "$not_in") { Needed = refs.Count == 1 ? operand[0].GetRawText() : operand.GetRawText() }, null);
    }

    /// <summary>Reads an item that names a product, SKU or collection; null when it is none.</summary>
    public static LineRef? Ref(JsonElement item, string? refObject)
    {
        if (item.ValueKind == JsonValueKind.String) return item.GetString() is { Length: > 0 } plain ? new(plain, null, refObject) : null;
        if (item.ValueKind != JsonValueKind.Object) return null;
        var (id, source, type) = (Field(item, "id"), Field(item, "source_id"), Field(item, "object"));
        return id is null && source is null ? null : new(id, source, type ?? refObject);
    }

    private static string? Field(JsonElement item, string name) =>
        item.TryGetProperty(name, out var found) && found.ValueKind == JsonValueKind.String && found.GetString() is { Length: > 0 } text ? text : null;

    private static (Test?, string?) Unfit(string name) => (null, $"{name} is unknown or does not fit");

    private static (Test?, string?) Members(JsonElement[] items, FactKind kind, bool denies, string needed) =>
        Scalars(items, kind) is { } values ? (new OneOf(values, denies) { Needed = needed }, null) : (null, Types(kind));

    private static Value[]? Scalars(JsonElement[] items, FactKind kind)
    {
        var values = new Value[items.Length];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = kind == FactKind.Id && items[i].ValueKind == JsonValueKind.Object ? Value.Of(Field(items[i], "id")) : Value.Of(items[i]);
            var fits = kind switch
            {
                FactKind.Number => values[i].Kind == ValueKind.Number,
                FactKind.Id => values[i].Kind == ValueKind.Text,
                FactKind.Flag => values[i].Kind == ValueKind.Flag || (values[i].Kind == ValueKind.Text && values[i].String is "true" or "false"),
                _ => values[i].Kind is ValueKind.Number or ValueKind.Text or ValueKind.Flag,
            };
            if (!fits || !Bounded(values[i])) return null;
        }
        return values;
    }

    private static string Types(FactKind kind) => kind switch
    {
        FactKind.Number => $"must be numbers up to {Money.Max}",
        FactKind.Id => "must be texts",
        FactKind.Flag => "must be true or false",
        _ => "must be texts, numbers, true or false",
    };

    private static bool Bounded(in Value value) => value.Kind != ValueKind.Number || Math.Abs(value.Number) <= Money.Max;

    private static (Test?, string?) Compare(JsonElement[] items, FactKind kind, Order order, string needed)
    {
        if (items.Length != 1) return (null, "must be a single value");
        var value = Value.Of(items[0]);
        if (value.Kind == ValueKind.Number) return Bounded(value) ? (new Comparison(value.Number, order) { Needed = needed }, null) : (null, $"must be at most {Money.Max}");
        if (kind == FactKind.Attribute && value.Kind == ValueKind.Text && Moment.Read(value.String) is { } moment) return (new DateComparison(moment, order) { Needed = needed }, null);
        return (null, kind == FactKind.Attribute ? "must be a number or a date" : "must be a number");
    }

    private static (Test?, string?) Dated(JsonElement[] items, Order order, string needed) =>
        items.Length == 1 && Value.Of(items[0]) is { Kind: ValueKind.Text } text && Moment.Read(text.String) is { } moment
            ? (new DateComparison(moment, order) { Needed = needed }, null) : (null, "must be a single ISO 8601 date or date-time");

    private static (Test?, string?) Part(JsonElement[] items, TextPlace place, string needed)
    {
        var texts = items.Select(item => Value.Of(item)).ToArray();
        return Array.TrueForAll(texts, text => text.Kind == ValueKind.Text && text.String.Length > 0)
            ? (new TextPart([.. texts.Select(text => text.String)], place) { Needed = needed }, null) : (null, "must be texts");
    }

    private static (Test?, string?) Counted(JsonElement[] items, Order order, string needed) =>
        Whole(items) is { } number ? (new Count(number, order) { Needed = needed }, null) : (null, "must be a whole number");

    private static (Test?, string?) Days(JsonElement[] items, Order order, bool future, string needed) =>
        Whole(items) is { } number ? (new DaysAway(number, order, future) { Needed = needed }, null) : (null, "must be a whole number of days");

    private static int? Whole(JsonElement[] items) =>
        items.Length == 1 && Value.Of(items[0]) is { Kind: ValueKind.Number, Number: >= 0 and <= 1_000_000 } value && value.Number == decimal.Truncate(value.Number) ? (int)value.Number : null;

    private static (Test?, string?) Windows(JsonElement[] items, string needed)
    {
        var windows = items.Select(item => Parts(item) is [var start, var every, var length] && Moment.Read(start) is { } from
            && RepeatingWindow.Parse(every, length) is { } window ? (from, window) : ((Moment, RepeatingWindow)?)null).ToArray();
        return Array.TrueForAll(windows, window => window is not null)
            ? (new InWindow([.. windows.Select(window => window!.Value)]) { Needed = needed }, null) : (null, "must be 'start;interval;duration' with ISO 8601 durations");
    }

    private static (Test?, string?) Spans(JsonElement[] items, string needed)
    {
        var spans = items.Select(item => Parts(item) is [var start, var end] && Moment.Read(start) is { } from && Moment.Read(end) is { } to ? (from, to) : ((Moment, Moment)?)null).ToArray();
        return Array.TrueForAll(spans, span => span is not null)
            ? (new Between([.. spans.Select(span => span!.Value)]) { Needed = needed }, null) : (null, "must be 'start;end' with ISO 8601 date-times");
    }

    private static (Test?, string?) Hours(JsonElement[] items, string needed)
    {
        var spans = items.Select(item => Parts(item) is [var start, var end, var days] && Hour.Parse(start) is { Success: true, Value: var from }
            && Hour.Parse(end) is { Success: true, Value: var to } && Mask(days.Split(',')) is { } mask ? (from, to, mask) : ((LocalTime, LocalTime, int)?)null).ToArray();
        return Array.TrueForAll(spans, span => span is not null)
            ? (new WeekHours([.. spans.Select(span => span!.Value)]) { Needed = needed }, null) : (null, "must be 'HH:mm;HH:mm;days' with days from 0 (Sunday) to 6");
    }

    private static (Test?, string?) Weekdays(JsonElement[] items, string needed) =>
        Mask(items.Select(item => item.ValueKind is JsonValueKind.Number or JsonValueKind.String ? item.ToString() : "").ToArray()) is { } mask
            ? (new WeekHours([(LocalTime.Midnight, LocalTime.Midnight, mask)]) { Needed = needed }, null) : (null, "must be days from 0 (Sunday) to 6");

    private static int? Mask(string[] days)
    {
        var mask = 0;
        foreach (var text in days)
        {
            if (!int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var day) || day > 6) return null;
            mask |= 1 << day;
        }
        return mask;
    }

    private static string[]? Parts(JsonElement item) => Value.Of(item) is { Kind: ValueKind.Text } text ? text.String.Split(';') : null;
}
