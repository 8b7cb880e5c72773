using System.Data.Common;
using System.Globalization;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Lists;

/// <summary>What a list may be ordered and filtered by: the API's field names and the columns behind them.</summary>
/// <param name="Table">The table, which has <c>project_id</c> and <c>id</c>.</param>
/// <param name="Columns">Field name to column and kind.</param>
/// <param name="Orders">The fields that <c>order</c> may name.</param>
/// <param name="DefaultOrder">The order when none is asked for; a leading minus means descending.</param>
public sealed record ListSpec(
    string Table, Dictionary<string, (string Column, ColumnKind Kind)> Columns, string[] Orders, string DefaultOrder = "-created_at")
{
    /// <summary>A filter that is no plain column: answers its SQL, or null when the field is not special.</summary>
    public Func<Call, string, string, string[], string?>? Special { get; init; }

    /// <summary>The SQL of a field, <c>metadata.x</c> included.</summary>
    public bool TryColumn(Dialect dialect, string field, out string column, out ColumnKind kind)
    {
        if (field.StartsWith("metadata.", StringComparison.Ordinal) && field.Length is > 9 and < 200)
        {
            (column, kind) = (dialect.JsonText("body", ["metadata", .. field["metadata.".Length..].Split('.')]), ColumnKind.Text);
            return true;
        }
        var known = Columns.TryGetValue(field, out var found);
        (column, kind) = (found.Column ?? "", found.Kind);
        // A field of the body is written as body.field.
        if (column.StartsWith("body.", StringComparison.Ordinal)) column = dialect.JsonText("body", column.Split('.').AsSpan(1));
        return known;
    }
}

/// <summary>
/// One page of one list: limit 1–100 (10 when not asked for), page 1–1000, an order, dates and filters, all
/// checked. The same record builds the query and its count.
/// </summary>
public sealed class ListQuery
{
    const int LimitMax = 100;
    const int LimitDefault = 10;
    /// <summary>The last page.</summary>
    internal const int PageMax = 1000;

    readonly DynamicParameters args = new();
    readonly List<string> conditions = [];
    readonly Dictionary<string, List<object?>> ins = new(StringComparer.Ordinal);
    readonly ListSpec spec;
    readonly string orderColumn;
    readonly bool descending;
    int count;

    ListQuery(Call call, ListSpec spec, string project)
    {
        this.spec = spec;
        Limit = Number(call, "limit", LimitDefault, LimitMax);
        Page = Number(call, "page", 1, PageMax);
        var order = call.Query["order"].ToString();
        if (order.Length == 0) order = spec.DefaultOrder;
        descending = order.StartsWith('-');
        var field = order.TrimStart('-');
        if (!spec.Orders.Contains(field))
            throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .order must be one of: {string.Join(", ", spec.Orders.SelectMany(name => new[] { name, "-" + name }))}"));
        orderColumn = field == "id" ? "id" : spec.Columns[field].Column;
        Where("project_id = @project");
        args.Add("project", project);
    }

    /// <summary>Objects on a page.</summary>
    public int Limit { get; }

    /// <summary>The page, from 1.</summary>
    public int Page { get; }

    /// <summary>Reads the parameters of a call.</summary>
    /// <param name="call">The call.</param>
    /// <param name="spec">What may be asked.</param>
    /// <param name="project">The project, where the key does not tell it.</param>
    /// <exception cref="ApiFault">A parameter is outside its range or names an unknown field.</exception>
    public static ListQuery Read(Call call, ListSpec spec, string? project = null)
    {
        var list = new ListQuery(call, spec, project ?? call.ProjectId);
        foreach (var field in new[] { "created_at", "updated_at" })
        {
            if (!spec.Columns.TryGetValue(field, out var column)) continue;
            list.Bound(call, field, "before", $"{column.Column} <");
            list.Bound(call, field, "after", $"{column.Column} >");
        }
        ListFilter.Apply(call, spec, list);
        return list;
    }

    /// <summary>Adds a condition; parameters come from <see cref="Arg"/>.</summary>
    public ListQuery Where(string condition)
    {
        conditions.Add(condition);
        return this;
    }

    /// <summary>Adds an equality when the value is there.</summary>
    public ListQuery WhereIs(string column, string? value) => string.IsNullOrEmpty(value) ? this : Where($"{column} = {Arg(value)}");

    /// <summary>A parameter's name for a value.</summary>
    public string Arg(object? value)
    {
        var name = $"a{count++}";
        args.Add(name, value);
        return "@" + name;
    }

    /// <summary>Sets a parameter that the table's own SQL names.</summary>
    public void Named(string name, object value) => args.Add(name, value);

    /// <summary>A condition on membership; conditions of the same column are one set.</summary>
    internal string In(string column, object?[] values, bool isNot)
    {
        var key = (isNot ? "!" : "") + column;
        if (ins.TryGetValue(key, out var known))
        {
            known.AddRange(values);
            return "";
        }
        ins[key] = [.. values];
        return "\u0001" + key;
    }

    /// <summary>Writes the sets that <see cref="In"/> gathered into the conditions.</summary>
    internal List<string> MergeIn(List<string> found) => found.Where(condition => condition.Length > 0).Select(condition =>
    {
        if (condition[0] != '\u0001') return condition;
        var key = condition[1..];
        var column = key.TrimStart('!');
        var names = string.Join(", ", ins[key].Select(Arg));
        return key[0] == '!' ? $"({column} IS NULL OR {column} NOT IN ({names}))" : $"{column} IN ({names})";
    }).ToList();

    /// <summary>The rows of the page.</summary>
    public async Task<List<TRow>> Rows<TRow>(DbConnection db, string columns = "*") =>
        (await db.QueryAsync<TRow>(PageSql(columns), args)).AsList();

    /// <summary>The rows of the page and one more, when there is one.</summary>
    public async Task<List<TRow>> OneMore<TRow>(DbConnection db, string columns = "*") =>
        (await db.QueryAsync<TRow>(PageSql(columns, Limit + 1), args)).AsList();

    /// <summary>The rows of the page, and how many there are on all pages.</summary>
    public async Task<(List<TRow> Rows, long Total)> RowsAndTotal<TRow>(DbConnection db, string columns = "*")
    {
        var sql = $"SELECT COUNT(*) FROM {spec.Table} WHERE {string.Join(" AND ", conditions)}; {PageSql(columns)}";
        await using var results = await db.QueryMultipleAsync(sql, args);
        var total = await results.ReadSingleAsync<long>();
        return ((await results.ReadAsync<TRow>()).AsList(), total);
    }

    string PageSql(string columns, int? rows = null)
    {
        var direction = descending ? "DESC" : "ASC";
        // NULLs sort alike on both databases, and equal keys keep the order of creation.
        // Every row has a creation date, and without the NULL test its index serves the order.
        var order = orderColumn == "created_at" ? $"created_at {direction}, id {direction}" : orderColumn == "id" ? $"id {direction}" : $"{orderColumn} IS NULL, {orderColumn} {direction}, id {direction}";
        return $"SELECT {columns} FROM {spec.Table} WHERE {string.Join(" AND ", conditions)} ORDER BY {order} "
            + $"LIMIT {rows ?? Limit} OFFSET {(Page - 1) * Limit}";
    }

    void Bound(Call call, string field, string side, string comparison)
    {
        var text = call.Query[$"{field}[{side}]"].ToString();
        if (text.Length == 0) text = call.Query[$"[{field}][{side}]"].ToString();
        if (text.Length == 0) return;
        if (!Moment.TryParse(text.Replace(' ', '+').Replace("+UTC", " UTC", StringComparison.Ordinal), out var moment) && !Moment.TryParse(text, out moment))
            throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .{field}.{side} cannot be recognized as a ISO-8601 compliant date"));
        Where($"{comparison} {Arg(moment.Ms)}");
    }

    /// <summary>A whole number of the query from 1 to a maximum.</summary>
    internal static int Number(Call call, string name, int otherwise, int max)
    {
        var text = call.Query[name].ToString();
        if (text.Length == 0) return otherwise;
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) || value < 1)
            throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .{name} must be an integer of at least 1"));
        if (value <= max) return value;
        throw new ApiFault(name == "page" ? Refusals.PageOverLimit : Refusals.InvalidQueryParams.With($"Property .{name} must be an integer of at most {max}"));
    }
}
