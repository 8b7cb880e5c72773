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
        var filter = ActivityFilter.Of(call, isOld);
        return call.Db.Read(async db =>
        {
            var (customer, only) = await whose(db);
            if (customer is not { } id) return new ListOf<Activity>("data", []) { HasMore = false };
            if (only is not null) filter.Campaign(only);
            var rows = await filter.Find(db, id, limit + 1);
            var hasMore = rows.Count > limit;
            if (hasMore) rows.RemoveAt(limit);
            var bodies = await ActivityRow.Bodies(db, call.Db.Dialect, call.Need<OutboxCatalog>().Expand, call.ProjectId, id, rows);
            var shown = rows.ConvertAll(row => row.Show(bodies[row.Id]));
            return isOld
                ? new ListOf<Activity>("data", shown) { Total = await filter.Count(db, id) }
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
}
