using System.Globalization;
using System.Text.Json;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Exports;

/// <summary>
/// Turns the filters of an export into SQL conditions with parameters: <c>{"field": {"conditions": {"$op": [values]}}}</c>.
/// Reading them once when the export is asked for tells every fault before the work begins.
/// </summary>
sealed class ExportFilter(ExportTable table, Dialect dialect, DynamicParameters args, long now)
{
    const int ConditionsMax = 50;
    const int ValuesMax = 1000;
    const long DayMs = 24 * 60 * 60 * 1000;

    static readonly Dictionary<string, string> Comparisons = new(StringComparer.Ordinal)
    {
        ["$more_than"] = ">",
        ["$more_than_equal"] = ">=",
        ["$less_than"] = "<",
        ["$less_than_equal"] = "<=",
        ["$after"] = ">",
        ["$before"] = "<",
    };

    int count;

    /// <summary>Filters as strict clients want to read them back: values in lists, the junction in small letters.</summary>
    public static JsonElement? Plain(JsonElement? filters)
    {
        if (filters is not { ValueKind: JsonValueKind.Object } all) return null;
        return Wire.Element(all.EnumerateObject().ToDictionary(field => field.Name, field => field.Name == "junction"
            ? Wire.Element(field.Value.GetString()!.ToLowerInvariant())
            : Wire.Element(new Dictionary<string, JsonElement>
            {
                ["conditions"] = Wire.Element(field.Value.GetProperty("conditions").EnumerateObject()
                    .ToDictionary(one => one.Name, one => one.Value.ValueKind == JsonValueKind.Array ? one.Value : Wire.Element(new[] { one.Value }))),
            })));
    }

    /// <summary>The conditions as one; everything when there are none.</summary>
    /// <exception cref="ApiFault">A field, an operator or a value cannot be used.</exception>
    public string Read(JsonElement? filters)
    {
        if (filters is null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined }) return "1 = 1";
        if (filters is not { ValueKind: JsonValueKind.Object } all) throw Wrong("", "must be object");
        var (junction, conditions) = ("AND", new List<string>());
        foreach (var field in all.EnumerateObject())
        {
            if (field.Name == "junction") junction = Junction(field.Value);
            else if (field.Value.ValueKind != JsonValueKind.Object || !field.Value.TryGetProperty("conditions", out var given) || given.ValueKind != JsonValueKind.Object)
                throw Wrong($".{field.Name}", "should have required property 'conditions'");
            else
                foreach (var condition in given.EnumerateObject())
                    conditions.Add(Condition(field.Name, condition.Name, Values(field.Name, condition.Value)));
            if (conditions.Count > ConditionsMax) throw Wrong("", $"must NOT have more than {ConditionsMax} conditions");
        }
        return conditions.Count == 0 ? "1 = 1" : $"({string.Join($" {junction} ", conditions)})";
    }

    static string Junction(JsonElement value) => value.ValueKind == JsonValueKind.String && value.GetString()!.ToUpperInvariant() is "AND" or "OR"
        ? value.GetString()!.ToUpperInvariant()
        : throw Wrong(".junction", "must be one of: and, or");

    static JsonElement[] Values(string field, JsonElement value)
    {
        var values = value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray()] : new[] { value };
        return values.Length <= ValuesMax ? values : throw Wrong($".{field}", $"must NOT have more than {ValuesMax} values");
    }

    string Condition(string field, string op, JsonElement[] values)
    {
        var (column, kind, special) = Column(field);
        if (special?.Invoke(op, values.Length > 0 ? values[0].ToString().ToLowerInvariant() : "", now) is { } own) return own;
        if (op is "$has_value") return $"{column} IS NOT NULL";
        if (op is "$is_unknown") return $"{column} IS NULL";
        if (values.Length == 0) throw Wrong($".{field}.{op}", "must have a value");
        return op switch
        {
            "$is" or "$in" => $"{column} IN ({Args(field, kind, values)})",
            "$is_not" or "$not_in" => $"({column} IS NULL OR {column} NOT IN ({Args(field, kind, values)}))",
            "$contains" or "$not_contain" or "$starts_with" or "$ends_with" => Like(column, op, values[0].ToString()),
            _ when Comparisons.TryGetValue(op, out var comparison) => $"{column} {comparison} {Arg(Value(field, kind, values[0]))}",
            _ when kind == ColumnKind.Moment && Days(column, op, field, values[0]) is { } days => days,
            _ => throw Wrong($".{field}", $"has a condition that is not supported: {op}"),
        };
    }

    (string Sql, ColumnKind Kind, Func<string, string, long, string?>? Special) Column(string field)
    {
        if (table.Filters.TryGetValue(field, out var column)) return (column.Sql(dialect), column.Kind, column.Special);
        if (table.Metadata is not null && field.StartsWith(ExportTable.MetadataPrefix, StringComparison.Ordinal) && field.Length is > 9 and < 265 && !field.Contains('"', StringComparison.Ordinal) && field[9] != '$')
            return (dialect.JsonText("t.body", [.. table.Metadata, .. field[ExportTable.MetadataPrefix.Length..].Split('.')]), ColumnKind.Text, null);
        throw Wrong("", $"cannot name {field}; it may name: {string.Join(", ", table.Filters.Keys)}");
    }

    // Days before or after the instant of the request, of 24 hours each; a day itself is one of the calendar in UTC.
    string? Days(string column, string op, string field, JsonElement value)
    {
        if (!op.EndsWith("_ago", StringComparison.Ordinal) && !op.EndsWith("_future", StringComparison.Ordinal)) return null;
        var days = (long)Value(field, ColumnKind.Whole, value);
        if (days is < 0 or > 100_000) throw Wrong($".{field}.{op}", "must be a number of days from 0 to 100000");
        var (past, future, midnight) = (now - days * DayMs, now + days * DayMs, now - now % DayMs);
        return op switch
        {
            "$is_days_ago" => Between(column, midnight - days * DayMs),
            "$is_days_in_future" => Between(column, midnight + days * DayMs),
            "$more_than_ago" => $"{column} < {past}",
            "$less_than_ago" => $"({column} > {past} AND {column} <= {now})",
            "$more_than_future" => $"{column} > {future}",
            "$less_than_future" => $"({column} < {future} AND {column} >= {now})",
            _ => null,
        };
    }

    static string Between(string column, long day) => $"({column} >= {day} AND {column} < {day + DayMs})";

    string Like(string column, string op, string value)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        var pattern = (op == "$starts_with" ? "" : "%") + escaped + (op == "$ends_with" ? "" : "%");
        var like = $"CAST({column} AS TEXT) {dialect.Like} {Arg(pattern)} ESCAPE '\\'";
        return op == "$not_contain" ? $"({column} IS NULL OR NOT ({like}))" : like;
    }

    string Args(string field, ColumnKind kind, JsonElement[] values) => string.Join(", ", values.Select(value => Arg(Value(field, kind, value))));

    string Arg(object value)
    {
        var name = $"f{count++}";
        args.Add(name, value);
        return "@" + name;
    }

    static object Value(string field, ColumnKind kind, JsonElement value)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
            _ => throw Wrong($".{field}", "must have texts, numbers or truths as values"),
        };
        return kind switch
        {
            ColumnKind.Text => text,
            ColumnKind.Whole when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
            ColumnKind.Moment when Moment.TryParse(text, out var moment) => moment.Ms,
            ColumnKind.Flag when text is "true" or "1" => true,
            ColumnKind.Flag when text is "false" or "0" => false,
            ColumnKind.Whole => throw Wrong($".{field}", $"must be an integer, not '{text}'"),
            ColumnKind.Moment => throw Wrong($".{field}", $"cannot be recognized as a ISO-8601 compliant date: '{text}'"),
            _ => throw Wrong($".{field}", $"must be boolean, not '{text}'"),
        };
    }

    static ApiFault Wrong(string at, string what) => new(Refusals.InvalidPayload.With($"Property .parameters.filters{at} {what}"));
}
