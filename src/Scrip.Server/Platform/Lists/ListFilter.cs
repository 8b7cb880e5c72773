using System.Globalization;
using Scrip.Engine;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Lists;

/// <summary>How the values of a column compare.</summary>
public enum ColumnKind
{
    /// <summary>Text.</summary>
    Text,

    /// <summary>Whole numbers.</summary>
    Whole,

    /// <summary>Instants, given as ISO-8601.</summary>
    Moment,

    /// <summary>True or false.</summary>
    Flag,
}

/// <summary>
/// Turns <c>filters[FIELD][conditions][$op]=value</c> into SQL conditions with parameters. Fields are looked up
/// in the list's table of columns, so no text of a request becomes SQL.
/// </summary>
static class ListFilter
{
    const int ConditionsMax = 50;

    static readonly Dictionary<string, string> Comparisons = new(StringComparer.Ordinal)
    {
        ["$more_than"] = ">",
        ["$more_than_equal"] = ">=",
        ["$less_than"] = "<",
        ["$less_than_equal"] = "<=",
        ["$after"] = ">",
        ["$before"] = "<",
    };

    public static void Apply(Call call, ListSpec spec, ListQuery list)
    {
        var conditions = new List<string>();
        var junction = "AND";
        foreach (var (key, values) in call.Query)
        {
            var parts = Parts(key);
            if (parts.Length < 2 || parts[0] != "filters") continue;
            if (parts is ["filters", "junction"]) junction = Junction(values.ToString());
            else if (parts.Length < 4 || parts[2] != "conditions")
                throw new ApiFault(Refusals.InvalidQueryParams.With($"Filter {key} must look like filters[field][conditions][$is]"));
            else
                foreach (var group in Grouped(values, parts.Length == 4))
                    conditions.Add(Condition(call, spec, list, parts[1], parts[3], group));
            if (conditions.Count > ConditionsMax)
                throw new ApiFault(Refusals.InvalidQueryParams.With($"Up to {ConditionsMax} filter conditions are allowed"));
        }
        if (conditions.Count > 0) list.Where($"({string.Join($" {junction} ", Merge(conditions, list))})");
    }

    // filters[code][conditions][$in][0]=A&…[1]=B arrives as two keys; both belong to one condition.
    static List<string> Merge(List<string> conditions, ListQuery list) => list.MergeIn(conditions);

    static IEnumerable<string[]> Grouped(IEnumerable<string?> values, bool bare)
    {
        var all = values.Select(value => value ?? "").ToArray();
        // Python prints arrays as one value: ['x', 'y'].
        if (bare && all is [['[', .., ']'] printed])
            yield return printed[1..^1].Split(',').Select(part => part.Trim(' ', '\'', '"')).ToArray();
        else
            yield return all;
    }

    static string Junction(string text) => text.ToUpperInvariant() switch
    {
        "AND" => "AND",
        "OR" => "OR",
        _ => throw new ApiFault(Refusals.InvalidQueryParams.With("Property .filters.junction must be one of: and, or")),
    };

    static string Condition(Call call, ListSpec spec, ListQuery list, string field, string op, string[] values)
    {
        if (spec.Special?.Invoke(call, field, op, values) is { } special) return special;
        if (!spec.TryColumn(call.Db.Dialect, field, out var column, out var kind))
            throw new ApiFault(Refusals.InvalidQueryParams.With($"Filtering by {field} is not supported"));
        object?[] Arguments() => values.Select(value => Value(field, kind, value)).ToArray();
        switch (op)
        {
            case "$is":
                return $"{column} = {list.Arg(Arguments()[0])}";
            case "$is_not":
                return $"({column} IS NULL OR {column} <> {list.Arg(Arguments()[0])})";
            case "$in":
                return list.In(column, Arguments(), isNot: false);
            case "$not_in":
                return list.In(column, Arguments(), isNot: true);
            case "$has_value":
                return $"{column} IS NOT NULL";
            case "$is_unknown":
                return $"{column} IS NULL";
            case "$contains" or "$not_contain" or "$starts_with" or "$ends_with":
                return Like(call, list, column, op, values[0]);
        }
        if (Comparisons.TryGetValue(op, out var comparison))
            return $"{column} {comparison} {list.Arg(Arguments()[0])}";
        throw new ApiFault(Refusals.InvalidQueryParams.With($"Unknown filter condition {op} of {field}"));
    }

    static string Like(Call call, ListQuery list, string column, string op, string value)
    {
        var escaped = value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        var pattern = (op == "$starts_with" ? "" : "%") + escaped + (op == "$ends_with" ? "" : "%");
        var like = $"CAST({column} AS TEXT) {call.Db.Dialect.Like} {list.Arg(pattern)} ESCAPE '\\'";
        return op == "$not_contain" ? $"({column} IS NULL OR NOT ({like}))" : like;
    }

    static object Value(string field, ColumnKind kind, string text) => kind switch
    {
        ColumnKind.Text => text,
        ColumnKind.Whole when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) => whole,
        ColumnKind.Moment when Moment.TryParse(text, out var moment) => moment.Ms,
        ColumnKind.Flag when text is "true" or "1" => true,
        ColumnKind.Flag when text is "false" or "0" => false,
        _ => throw new ApiFault(Refusals.InvalidQueryParams.With($"Filter value '{text}' of {field} must be {Wanted(kind)}")),
    };

    static string Wanted(ColumnKind kind) => kind switch
    {
        ColumnKind.Whole => "integer",
        ColumnKind.Moment => "an ISO-8601 date",
        _ => "boolean",
    };

    /// <summary><c>a[b][c]</c> and <c>[a][b][c]</c> as a, b, c.</summary>
    public static string[] Parts(string key) => key.Split('[', StringSplitOptions.RemoveEmptyEntries).Select(part => part.TrimEnd(']')).ToArray();
}
