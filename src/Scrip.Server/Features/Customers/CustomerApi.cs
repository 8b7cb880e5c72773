using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Customers;

/// <summary>Customers, who hold and redeem vouchers. POST with a known id or <c>source_id</c> updates.</summary>
static class CustomerApi
{
    const int AttemptsMax = 3;

    static readonly ListSpec Customers = new("customers", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["source_id"] = ("source_id", ColumnKind.Text),
        ["name"] = ("name", ColumnKind.Text),
        ["email"] = ("email", ColumnKind.Text),
    }, ["created_at", "updated_at", "source_id"]);

    public static void Map(Api v1)
    {
        v1.List("/v1/customers", "list-customers", List);
        v1.Post<CustomerInput, Customer>("/v1/customers", "create-customer", Create);
        v1.Get("/v1/customers/{customerId}", "get-customer", Get);
        v1.Put<CustomerInput, Customer>("/v1/customers/{customerId}", "update-customer", Update);
        v1.Delete("/v1/customers/{customerId}", "delete-customer", Delete);
        v1.Post("/v1/customers/{customerId}/permanent-deletion", "customer-permanently-deletion", Erase);
        CustomerImportApi.Map(v1);
    }

    static async Task<ListOf<Customer>> List(Call call)
    {
        var links = await PreferenceLinks.Of(call);
        var page = Matching(call);
        var cursor = Cursor(call, page);
        return await call.Db.Read(async db =>
        {
            // Nobody is in a segment that does not exist, and that is worth telling.
            if (call.Query["segment_id"].ToString() is { Length: > 0 } segment && !await CustomerSql.HasSegment(db, call.ProjectId, segment))
                throw new ApiFault(Refusals.Missing("segment", segment));
            var (rows, left) = await page.RowsAndTotal<CustomerRow>(db);
            // The total is that of all pages, whichever of them the cursor asks for.
            var total = cursor ? (await Matching(call).RowsAndTotal<CustomerRow>(db)).Total : left;
            var summaries = await CustomerSummarySql.Of(db, call.Db.Dialect, call.ProjectId, rows.ConvertAll(row => row.Id));
            return new ListOf<Customer>("customers", rows.ConvertAll(row => CustomerView.Show(row, summaries.GetValueOrDefault(row.Id), links)))
            {
                Total = total,
                HasMore = left > (page.Page - 1L) * page.Limit + rows.Count,
            };
        });
    }

    static ListQuery Matching(Call call)
    {
        var list = ListQuery.Read(call, Customers);
        if (call.Query["segment_id"].ToString() is { Length: > 0 } segment)
            list.Where($"id IN (SELECT customer_id FROM segment_members WHERE project_id = @project AND segment_id = {list.Arg(segment)})");
        return list
            .WhereIs("email", call.Query["email"])
            .WhereIs("name", call.Query["name"])
            .WhereIs(call.Db.Dialect.JsonText("body", ["address", "city"]), call.Query["city"]);
    }

    // The cursor is an instant of the column that orders the list, and goes the way the order goes.
    static bool Cursor(Call call, ListQuery list)
    {
        var text = call.Query["starting_after"].ToString();
        if (text.Length == 0) return false;
        if (!Moment.TryParse(text, out var moment) && !Moment.TryParse(text.Replace(' ', '+'), out moment))
            throw new ApiFault(Refusals.InvalidQueryParams.With("Property .starting_after cannot be recognized as a ISO-8601 compliant date"));
        list.Where(call.Query["order"].ToString() switch
        {
            "created_at" => $"created_at > {list.Arg(moment.Ms)}",
            "updated_at" => $"updated_at > {list.Arg(moment.Ms)}",
            "-updated_at" => $"updated_at < {list.Arg(moment.Ms)}",
            "" or "-created_at" => $"created_at < {list.Arg(moment.Ms)}",
            _ => throw new ApiFault(Refusals.InvalidQueryParams.With("Property .starting_after needs an order by created_at or updated_at")),
        });
        return true;
    }

    static async Task<Customer> Get(Call call)
    {
        var links = await PreferenceLinks.Of(call);
        return await call.Db.Read(async db => await Show(db, call, await Find(db, call), links));
    }

    static Task<Customer> Create(CustomerInput input, Call call)
    {
        CustomerFlow.Check(input);
        return Write(call, input, db => CustomerSql.Find(db, call.ProjectId, input));
    }

    static Task<Customer> Update(CustomerInput input, Call call)
    {
        CustomerFlow.Check(input);
        return Write(call, input, async db => await Find(db, call));
    }

    // Another writer may change or create the same customer between the look and the write: look again then.
    static async Task<Customer> Write(Call call, CustomerInput input, Func<DbConnection, Task<CustomerRow?>> find)
    {
        var links = await PreferenceLinks.Of(call);
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            try
            {
                return await call.Commit(async db =>
                {
                    var known = await find(db);
                    if (attempt > 1 && known is not null) known = await Locked(db, known, find);
                    await RefuseForeignSource(db, known, input);
                    await SchemaCheck.Hold(db, call.ProjectId, SchemaKinds.Customer, input.Metadata, isNew: known is null);
                    var changed = CustomerFlow.Upsert(call.ProjectId, known, input, call.Now, call.Sent);
                    if (changed is not null && !await CustomerSql.Write(db, changed)) throw new LostRace();
                    var shown = await Show(db, call, changed ?? known!, links);
                    if (changed is not null)
                        await Happening.Tell(db, call, changed.IsNew ? EventTypes.CustomerCreated : EventTypes.CustomerUpdated, shown.Id, new CustomerTold(shown));
                    return shown;
                });
            }
            catch (Exception fault) when (fault is LostRace || call.Db.IsDuplicate(fault))
            {
                // Nothing of this attempt was written.
            }
        }
        throw new ApiFault(Refusals.ConcurrentUpdate);
    }

    // Who lost once waits for its turn, so that many writers of one customer all succeed.
    static async Task<CustomerRow?> Locked(DbConnection db, CustomerRow known, Func<DbConnection, Task<CustomerRow?>> find)
    {
        await CustomerSql.Lock(db, known);
        return await find(db);
    }

    // A source id is given once and stays; one that names somebody else is a mistake worth telling.
    static async Task RefuseForeignSource(DbConnection db, CustomerRow? known, CustomerInput input)
    {
        if (known is null || input.SourceId is not { Length: > 0 } source || source == known.SourceId) return;
        if (await CustomerSql.Find(db, known.ProjectId, source) is { } other && other.Id != known.Id)
            throw new ApiFault(Refusals.Duplicate("customer", source, "source_id"));
    }

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call);
        // Without links: they lead nowhere any more.
        await Happening.Tell(db, call, EventTypes.CustomerDeleted, row.Id, new CustomerTold(await Show(db, call, row, null)));
        await CustomerSql.Delete(db, call.ProjectId, row.Id);
        return Nothing.Instance;
    });

    static Task<PermanentDeletion> Erase(Call call) => call.Commit(async db =>
    {
        var name = call.Route("customerId");
        // A deleted profile leaves a history under its id, which can still be erased.
        var id = (await CustomerSql.Find(db, call.ProjectId, name))?.Id ?? name;
        var counts = await CustomerErasure.Erase(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("customer", name));
        if (counts.Customer > 0) await Happening.Tell(db, call, EventTypes.CustomerDeleted, id, new CustomerForgotten(new CustomerShort { Id = id }));
        return new PermanentDeletion { Id = Ids.New("del_", call.Now), CreatedAt = new(call.Now), RelatedObjectId = id, DataJson = counts };
    });

    static async Task<CustomerRow> Find(DbConnection db, Call call)
    {
        var id = call.Route("customerId");
        return await CustomerSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("customer", id));
    }

    static async Task<Customer> Show(DbConnection db, Call call, CustomerRow row, PreferenceLinks? links) => CustomerView.Show(row,
        row.IsNew ? null : (await CustomerSummarySql.Of(db, call.Db.Dialect, row.ProjectId, [row.Id])).GetValueOrDefault(row.Id), links);

    /// <summary>Rolls an attempt back.</summary>
    sealed class LostRace : Exception;
}
