using System.Globalization;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Customers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Activities;

/// <summary>What happened to a customer, newest first. Pages go on after an id, which costs the same however far back.</summary>
static class ActivityApi
{
    const int LimitMax = 100;
    const int LimitDefault = 10;

    public static void Map(Api v1)
    {
        v1.Get("/v1/customers/{customerId}/activity", "list-customer-activity", call => List(call, isOld: false));
        v1.Get("/v1/customers/{customerId}/activities", "list-customer-activities", call => List(call, isOld: true));
    }

    // A customer that was deleted has no profile any more, but a history under its id.
    static Task<ListOf<Activity>> List(Call call, bool isOld) => List(call, isOld, async db =>
    {
        var name = call.Route("customerId");
        var id = (await CustomerSql.Find(db, call.ProjectId, name))?.Id ?? name;
        return await Exists(db, call, id) ? (id, null) : throw new ApiFault(Refusals.Missing("customer", name));
    });

    /// <summary>What happened to a customer, or of it what belongs to one campaign; nothing when there is no customer.</summary>
    internal static Task<ListOf<Activity>> List(Call call, bool isOld, Func<System.Data.Common.DbConnection, Task<(string? Customer, string? Campaign)>> whose)
    {
        var limit = Limit(call);
        var (where, args) = Conditions(call, isOld);
        var (cursor, ascending) = Order(call, isOld, args);
        return call.Db.Read(async db =>
        {
            var (customer, only) = await whose(db);
            if (customer is not { } id) return new ListOf<Activity>("data", []) { HasMore = false };
            args.Add("customer", id);
            args.Add("limit", limit + 1);
            args.Add("only", only);
            if (only is not null) where += " AND campaign_id = @only";
            var rows = (await db.QueryAsync<ActivityRow>(
                $"SELECT id, type, created_at, source, told_by, body FROM customer_activities WHERE {where}{cursor} ORDER BY id {(ascending ? "ASC" : "DESC")} LIMIT @limit", args)).AsList();
            var hasMore = rows.Count > limit;
            if (hasMore) rows.RemoveAt(limit);
            var bodies = await ActivityRow.Bodies(db, call.Db.Dialect, call.Need<OutboxCatalog>().Expand, call.ProjectId, id, rows);
            var shown = rows.ConvertAll(row => row.Show(bodies[row.Id]));
            return isOld
                ? new ListOf<Activity>("data", shown) { Total = await db.ExecuteScalarAsync<long>($"SELECT COUNT(*) FROM customer_activities WHERE {where}", args) }
                : new ListOf<Activity>("data", shown) { HasMore = hasMore, MoreStartingAfter = hasMore ? rows[^1].Id : null };
        });
    }

    static async Task<bool> Exists(System.Data.Common.DbConnection db, Call call, string id) => await db.ExecuteScalarAsync<long?>("""
        SELECT 1 WHERE EXISTS (SELECT 1 FROM customers WHERE project_id = @ProjectId AND id = @id)
            OR EXISTS (SELECT 1 FROM customer_activities WHERE project_id = @ProjectId AND customer_id = @id)
        """, new { call.ProjectId, id }) is not null;

    static int Limit(Call call) => call.Query["limit"].ToString() switch
    {
        "" => LimitDefault,
        var text when int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= LimitMax => limit,
        _ => throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .limit must be an integer from 1 to {LimitMax}")),
    };

    static (string Where, DynamicParameters Args) Conditions(Call call, bool isOld)
    {
        var args = new DynamicParameters(new { project = call.ProjectId });
        List<string> where = ["project_id = @project", "customer_id = @customer"];
        Is("campaign_id", "campaign_id");
        Is("campaign_type", "campaign_type");
        if (!isOld)
        {
            if (call.Query["category"].ToString() is { Length: > 0 } category && !ActivityRow.Categories.Contains(category))
                throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .category must be one of: {string.Join(", ", ActivityRow.Categories)}"));
            Is("category", "category");
            Is("type", "type");
        }
        else if (call.Query["product_id"].ToString() is { Length: > 0 } product)
        {
            args.Add("product", $" {product} ");
            where.Add(call.Db.Dialect.Holds("products", "@product"));
        }
        Bound("start_date", ">=");
        Bound("end_date", "<=");
        return (string.Join(" AND ", where), args);

        void Is(string name, string column)
        {
            if (call.Query[name].ToString() is not { Length: > 0 } value) return;
            args.Add(name, value);
            where.Add($"{column} = @{name}");
        }

        void Bound(string name, string comparison)
        {
            if (call.Query[name].ToString() is not { Length: > 0 } text) return;
            args.Add(name, Instant(text, name));
            where.Add($"created_at {comparison} @{name}");
        }
    }

    static long Instant(string text, string name) => Moment.TryParse(text.Replace(' ', '+'), out var moment) || Moment.TryParse(text, out moment)
        ? moment.Ms
        : throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .{name} cannot be recognized as a ISO-8601 compliant date"));

    static (string Cursor, bool IsAscending) Order(Call call, bool isOld, DynamicParameters args)
    {
        var ascending = call.Query["order"].ToString() switch
        {
            "" or "-created_at" => false,
            "created_at" => true,
            _ => throw new ApiFault(Refusals.InvalidQueryParams.With("Property .order must be one of: created_at, -created_at")),
        };
        if (call.Query["starting_after_id"].ToString() is { Length: > 0 } after)
        {
            args.Add("after", after);
            return ($" AND id {(ascending ? ">" : "<")} @after", ascending);
        }
        if (isOld && call.Query["starting_after"].ToString() is { Length: > 0 } text)
        {
            args.Add("since", Instant(text, "starting_after"));
            return ($" AND created_at {(ascending ? ">" : "<")} @since", ascending);
        }
        return ("", ascending);
    }
}
