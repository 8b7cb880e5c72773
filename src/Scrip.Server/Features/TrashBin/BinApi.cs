using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.TrashBin;

/// <summary>
/// The bin: what was deleted without <c>force</c>, to be deleted for good or, as an operation of ours, restored.
/// Strict clients know four kinds only, so others are listed when they are asked for by name.
/// </summary>
static class BinApi
{
    const string Type = "bin_entry";

    static readonly string[] Documented = ["campaign", "product", "sku", "voucher"];

    static readonly ListSpec Entries = new("trash_bin", new()
    {
        ["id"] = ("id", ColumnKind.Text),
        ["resource_type"] = ("resource_type", ColumnKind.Text),
        ["resource_name"] = ("resource_name", ColumnKind.Text),
        ["resource_id"] = ("resource_id", ColumnKind.Text),
        ["created_at"] = ("created_at", ColumnKind.Moment),
    }, ["id"], "id");

    public static void Map(Api v1, BinKind[] kinds)
    {
        var byType = kinds.ToDictionary(kind => kind.Type, StringComparer.Ordinal);
        v1.List("/v1/trash-bin", "list-bin-entries", List);
        v1.Delete("/v1/trash-bin/{binEntryId}", "delete-bin-entry", call => Delete(call, byType));
        v1.Post("/v1/trash-bin/{binEntryId}/restore", "restore-bin-entry", call => Restore(call, byType));
    }

    static async Task<ListOf<BinEntry>> List(Call call)
    {
        var list = ListQuery.Read(call, Entries);
        if (call.Query["starting_after_id"].ToString() is { Length: > 0 } after)
            list.Where($"id {(call.Query["order"].ToString().StartsWith('-') ? "<" : ">")} {list.Arg(after)}");
        if (!AsksForOthers(call)) list.Where($"resource_type IN ({string.Join(", ", Documented.Select(list.Arg))})");
        var rows = await call.Db.Read(db => list.OneMore<BinRow>(db));
        var shown = rows.Take(list.Limit).Select(row => row.Show()).ToList();
        var more = rows.Count > list.Limit;
        return new("data", shown) { Total = shown.Count, HasMore = more, MoreStartingAfter = more ? shown[^1].Id : null };
    }

    static bool AsksForOthers(Call call) => call.Query.Any(pair =>
        pair.Key.StartsWith("filters[resource_type][conditions][$i", StringComparison.Ordinal) && !pair.Key.Contains("$is_", StringComparison.Ordinal)
        && pair.Value.Any(value => !Documented.Contains(value)));

    static async Task Delete(Call call, Dictionary<string, BinKind> kinds)
    {
        await call.Commit(async db =>
        {
            var entry = await Take(db, call);
            await kinds[entry.ResourceType].Delete(db, call, entry);
            await BinSql.Forget(db, call.ProjectId, entry.ResourceType, entry.ResourceId);
            return Nothing.Instance;
        });
        call.Need<JobQueue>().Wake();
    }

    static async Task<BinEntry> Restore(Call call, Dictionary<string, BinKind> kinds)
    {
        var name = "";
        try
        {
            var restored = await call.Commit(async db =>
            {
                var entry = await Take(db, call);
                name = entry.ResourceName;
                await kinds[entry.ResourceType].Restore(db, call, entry);
                return entry.Show();
            });
            call.Need<JobQueue>().Wake();
            return restored;
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("resource", name, by: "name"));
        }
    }

    static async Task<BinRow> Take(System.Data.Common.DbConnection db, Call call)
    {
        var id = call.Route("binEntryId");
        return await BinSql.Take(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing(Type, id));
    }
}
