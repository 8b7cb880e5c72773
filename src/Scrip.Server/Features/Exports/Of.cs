using System.Globalization;
using System.Text.Json;
using Scrip.Engine.Facts;
using Scrip.Server.Features.Customers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Exports;

/// <summary>Makes fields: each names where a value lies and how it is written.</summary>
static class Of
{
    /// <summary>A text column.</summary>
    public static ExportField Text(string sql) => new([_ => sql], (row, _) => Cell.Text(Plain(row[0])));

    /// <summary>A text inside the body.</summary>
    public static ExportField Inside(params string[] path) => new([dialect => dialect.JsonText("t.body", path)], (row, _) => Cell.Text(Plain(row[0])));

    /// <summary>A number column.</summary>
    public static ExportField Number(string sql) => new([_ => sql], (row, _) => Cell.Own(Plain(row[0])));

    /// <summary>A number inside the body.</summary>
    public static ExportField NumberInside(params string[] path) => new([dialect => dialect.JsonText("t.body", path)], (row, _) => Cell.Own(Plain(row[0])));

    /// <summary>An instant, in UTC.</summary>
    public static ExportField Moment(string sql) => new([_ => sql], (row, _) => Cell.Own(row[0] is null ? "" : new Moment(Convert.ToInt64(row[0], CultureInfo.InvariantCulture)).ToString()));

    /// <summary>True or false.</summary>
    public static ExportField Flag(string sql) => new([_ => sql], (row, _) => Cell.Own(IsTrue(row[0]) ? "true" : "false"));

    /// <summary>Always the same.</summary>
    public static ExportField Always(string text) => new([], (_, _) => Cell.Own(text));

    /// <summary>JSON inside the body, as it is.</summary>
    public static ExportField Json(params string[] path) => new([Raw(path)], (row, _) => Cell.Text(Plain(row[0])));

    /// <summary>A list inside the body with commas between.</summary>
    public static ExportField List(params string[] path) => new([Raw(path)], (row, _) =>
    {
        if (row[0] is not string json || JsonDocument.Parse(json).RootElement is not { ValueKind: JsonValueKind.Array } list) return Cell.Own("");
        return Cell.Text(string.Join(",", list.EnumerateArray().Select(Scalar)));
    });

    /// <summary>One key of metadata, which a dotted name looks for inside nested objects, too.</summary>
    public static ExportField Key(string[] metadata, string key) => new([Raw(metadata)], (row, _) =>
        row[0] is string json && new Metadata(JsonDocument.Parse(json).RootElement).Find(key) is { } value ? Written(value) : Cell.Own(""));

    /// <summary>Something of the customer's history.</summary>
    public static ExportField Summary(Func<CustomerSummary, object?> part) => new([], (_, context) => Cell.Own(context.Summary is { } summary ? Plain(part(summary)) : ""))
    {
        NeedsSummary = true,
    };

    static Func<Dialect, string> Raw(string[] path) => dialect => $"CAST({dialect.JsonAt("t.body", path)} AS TEXT)";

    static Cell Written(JsonElement value) => value.ValueKind is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False
        ? Cell.Own(value.GetRawText())
        : Cell.Text(Scalar(value));

    static string Scalar(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    // SQLite has no booleans.
    static bool IsTrue(object? value) => value is true or 1L;

    /// <summary>A value of the database as a file has it.</summary>
    public static string Plain(object? value) => value switch
    {
        null => "",
        string text => text,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };
}
