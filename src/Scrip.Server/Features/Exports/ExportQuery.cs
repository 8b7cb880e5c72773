using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Exports;

/// <summary>
/// The rows of an export in their order, some at a time, each time from the row after the last. Rows that are newer
/// than the export are not in it, so that it ends.
/// </summary>
sealed class ExportQuery
{
    readonly ExportTable table;
    readonly Dialect dialect;
    readonly DynamicParameters args = new();
    readonly string conditions;
    readonly string key;
    readonly bool isNumber;
    readonly bool descending;

    /// <summary>Reads and checks what was asked for.</summary>
    /// <exception cref="ApiFault">A field, an order or a filter cannot be used.</exception>
    public ExportQuery(ExportTable table, ExportParameters? parameters, Dialect dialect, string project, long createdAt)
    {
        this.table = table;
        this.dialect = dialect;
        Names = parameters?.Fields is { Length: > 0 } fields ? fields : table.Default;
        if (Names.Length > FieldsMax) throw new ApiFault(Refusals.InvalidExportFields.With($"An export has at most {FieldsMax} fields"));
        Fields = [.. Names.Select(table.Field)];
        var order = parameters?.Order is { Length: > 0 } asked ? asked : "";
        descending = order.StartsWith('-');
        var column = order.TrimStart('-') is { Length: > 0 } named ? named : table.Orders.ContainsKey("created_at") ? "created_at" : table.Orders.Keys.First();
        if (!table.Orders.TryGetValue(column, out var sorted))
            throw new ApiFault(Refusals.InvalidPayload.With($"Property .parameters.order must be one of: {string.Join(", ", table.Orders.Keys.SelectMany(name => new[] { name, "-" + name }))}"));
        (key, isNumber) = sorted;
        conditions = new ExportFilter(table, dialect, args, createdAt).Read(parameters?.Filters);
        args.Add("project", project);
        args.Add("until", createdAt);
        if (parameters?.CampaignId is not { Length: > 0 } campaign) return;
        if (!table.Filters.ContainsKey("campaign_id")) throw new ApiFault(Refusals.InvalidPayload.With("Property .parameters.campaign_id is for vouchers only"));
        conditions += " AND t.campaign_id = @campaign";
        args.Add("campaign", campaign);
    }

    /// <summary>The most columns of a file.</summary>
    public const int FieldsMax = 200;

    /// <summary>The names of the fields.</summary>
    public string[] Names { get; }

    /// <summary>What they are made from.</summary>
    public ExportField[] Fields { get; }

    /// <summary>Whether there are rows to ask for at all.</summary>
    public bool HasRows => table.From is not null;

    /// <summary>How many rows there are.</summary>
    public async Task<long> Count(DbConnection db) => HasRows
        ? await db.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM {table.From} WHERE {Which}", args)
        : 0;

    /// <summary>The next rows.</summary>
    public async Task<List<ExportedRow>> Read(DbConnection db, ExportPlace? place, int rows)
    {
        if (!HasRows) return [];
        var after = new DynamicParameters(args);
        var (op, direction) = descending ? ("<", "DESC") : (">", "ASC");
        var from = "";
        if (place is not null)
        {
            after.Add("key", isNumber ? place.Number : place.Text);
            after.Add("id", place.Id);
            from = $" AND {key} {op}= @key AND ({key} {op} @key OR t.id {op} @id)";
        }
        var columns = string.Join("", Fields.SelectMany(field => field.Sql).Select(sql => ", " + sql(dialect)));
        var read = new List<ExportedRow>();
        await using var reader = await db.ExecuteReaderAsync(
            $"SELECT t.id, {key}{columns} FROM {table.From} WHERE {Which}{from} ORDER BY {key} {direction}, t.id {direction} LIMIT {rows}", after);
        while (await reader.ReadAsync())
        {
            var values = new object?[reader.FieldCount - 2];
            for (var i = 0; i < values.Length; i++) values[i] = reader.IsDBNull(i + 2) ? null : reader.GetValue(i + 2);
            read.Add(new ExportedRow(reader.GetString(0), isNumber ? null : reader.GetString(1), isNumber ? Convert.ToInt64(reader.GetValue(1), CultureInfo.InvariantCulture) : null, values));
        }
        return read;
    }

    string Which => $"t.project_id = @project AND t.created_at <= @until AND {table.Where} AND {conditions}";
}

/// <summary>A row of an export.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Text">What it is sorted by, when that is a text.</param>
/// <param name="Number">What it is sorted by, when that is a number.</param>
/// <param name="Values">The values that the fields ask for, one after the other.</param>
sealed record ExportedRow(string Id, string? Text, long? Number, object?[] Values);
