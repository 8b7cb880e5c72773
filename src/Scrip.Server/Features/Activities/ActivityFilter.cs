using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Activities;

/// <summary>
/// Which activities of a customer a list asks for. A row may stand for several, so the database finds rows that may hold some
/// that are wanted, and each of those is looked at here.
/// </summary>
sealed class ActivityFilter
{
    // Rows that are read at once when all are counted.
    const int RowsMax = 1000;

    readonly Dialect dialect;
    readonly DynamicParameters args;
    readonly List<string> where = ["project_id = @project", "customer_id = @customer"];
    readonly List<Func<ActivityRow, bool>> conditions = [];
    bool ascending;
    string cursor = "";
    Func<ActivityRow, bool> isBeyond = static _ => true;

    ActivityFilter(Call call) => (dialect, args) = (call.Db.Dialect, new(new { project = call.ProjectId }));

    /// <summary>Reads it from a query.</summary>
    public static ActivityFilter Of(Call call, bool isOld)
    {
        var filter = new ActivityFilter(call);
        if (Asked(call, "campaign_id") is { } campaign) filter.Campaign(campaign);
        if (Asked(call, "campaign_type") is { } campaignType) filter.Is("campaign_type", campaignType, row => row.CampaignType == campaignType);
        if (!isOld)
        {
            if (Asked(call, "category") is { } category)
            {
                if (!ActivityRow.Categories.Contains(category))
                    throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .category must be one of: {string.Join(", ", ActivityRow.Categories)}"));
                filter.args.Add("category", category);
                filter.Where("(category = @category OR also IS NOT NULL)", row => row.Category == category);
            }
            if (Asked(call, "type") is { } type) filter.Is("type", type, row => row.Type == type);
        }
        else if (Asked(call, "product_id") is { } product)
        {
            filter.args.Add("product", $" {product} ");
            filter.where.Add(filter.dialect.Holds("products", "@product"));
        }
        if (Asked(call, "start_date") is { } start) filter.Bound("start_date", ">=", start);
        if (Asked(call, "end_date") is { } end) filter.Bound("end_date", "<=", end);
        filter.Order(call, isOld);
        return filter;
    }

    /// <summary>Only what belongs to a campaign.</summary>
    public void Campaign(string id) => Is("campaign_id", id, row => row.CampaignId == id);

    /// <summary>The first so many in the order that was asked for, behind the cursor.</summary>
    public async Task<List<ActivityRow>> Find(DbConnection db, string customer, int count)
    {
        var found = new List<ActivityRow>();
        await foreach (var rows in Read(db, customer, cursor, count))
        {
            foreach (var row in rows)
                found.AddRange((ascending ? row.Each() : row.Each().Reverse()).Where(one => isBeyond(one) && IsWanted(one)));
            if (found.Count >= count) return found[..count];
        }
        return found;
    }

    /// <summary>How many there are, wherever the cursor is.</summary>
    public async Task<long> Count(DbConnection db, string customer)
    {
        var count = 0L;
        await foreach (var rows in Read(db, customer, "", RowsMax)) count += rows.Sum(row => row.Each().LongCount(IsWanted));
        return count;
    }

    async IAsyncEnumerable<List<ActivityRow>> Read(DbConnection db, string customer, string from, int rowsMax)
    {
        args.Add("customer", customer);
        args.Add("rowsMax", rowsMax);
        var sql = $"SELECT id, type, campaign_id, campaign_type, created_at, source, told_by, body, also FROM customer_activities WHERE {string.Join(" AND ", where)}{from}";
        for (var behind = ""; ;)
        {
            var rows = (await db.QueryAsync<ActivityRow>($"{sql}{behind} ORDER BY id {(ascending ? "ASC" : "DESC")} LIMIT @rowsMax", args)).AsList();
            yield return rows;
            if (rows.Count < rowsMax) yield break;
            args.Add("behind", rows[^1].Id);
            behind = $" AND id {(ascending ? ">" : "<")} @behind";
        }
    }

    bool IsWanted(ActivityRow one) => conditions.TrueForAll(condition => condition(one));

    // Of the row's first activity, or, as a JSON text, of another one.
    void Is(string column, string value, Func<ActivityRow, bool> condition)
    {
        var name = $"{column}{conditions.Count}";
        args.Add(name, value);
        args.Add($"{name}_also", Wire.Text(value));
        Where($"({column} = @{name} OR {dialect.Holds("also", $"@{name}_also")})", condition);
    }

    void Where(string sql, Func<ActivityRow, bool> condition)
    {
        where.Add(sql);
        conditions.Add(condition);
    }

    // All that a row stands for happened at once.
    void Bound(string name, string comparison, string text)
    {
        args.Add(name, Instant(text, name));
        where.Add($"created_at {comparison} @{name}");
    }

    void Order(Call call, bool isOld)
    {
        ascending = call.Query["order"].ToString() switch
        {
            "" or "-created_at" => false,
            "created_at" => true,
            _ => throw new ApiFault(Refusals.InvalidQueryParams.With("Property .order must be one of: created_at, -created_at")),
        };
        if (Asked(call, "starting_after_id") is { } after)
        {
            // A row has the id of the first activity that it stands for, so the one asked for may be in the row before.
            args.Add("after", ascending ? ActivityRow.EventOf(after) : after);
            cursor = $" AND id {(ascending ? ">" : "<")} @after";
            isBeyond = ascending ? one => string.CompareOrdinal(one.Id, after) > 0 : one => string.CompareOrdinal(one.Id, after) < 0;
        }
        else if (isOld && Asked(call, "starting_after") is { } text)
        {
            args.Add("since", Instant(text, "starting_after"));
            cursor = $" AND created_at {(ascending ? ">" : "<")} @since";
        }
    }

    static string? Asked(Call call, string name) => call.Query[name].ToString() is { Length: > 0 } text ? text : null;

    static long Instant(string text, string name) => Moment.TryParse(text.Replace(' ', '+'), out var moment) || Moment.TryParse(text, out moment)
        ? moment.Ms
        : throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .{name} cannot be recognized as a ISO-8601 compliant date"));
}
