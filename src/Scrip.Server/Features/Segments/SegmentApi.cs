using System.Data.Common;
using System.Text.Json;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Segments;

/// <summary>Segments of customers. They are made and deleted, never changed; who is in them changes by itself.</summary>
static class SegmentApi
{
    const int CustomersMax = 20_000;
    const int FilteredMax = 100;

    static readonly ListSpec Segments = new("segments", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["name"] = ("name", ColumnKind.Text),
        ["type"] = ("type", ColumnKind.Text),
    }, ["created_at"]);

    public static void Map(Api v1)
    {
        v1.List("/v1/segments", "list-segment", List);
        v1.Post<SegmentInput, Segment>("/v1/segments", "create-segment", Create);
        v1.Get("/v1/segments/{segmentId}", "get-segment", call => call.Db.Read(async db => (await Find(db, call)).Show()));
        v1.Delete("/v1/segments/{segmentId}", "delete-segment", Delete);
        v1.Under("customers").Get("/v1/customers/{customerId}/segments", "list-customer-segments", OfCustomer);
    }

    static async Task<SegmentRow> Find(DbConnection db, Call call)
    {
        var id = call.Route("segmentId");
        return await SegmentSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("segment", id));
    }

    static async Task<ListOf<Segment>> List(Call call)
    {
        var list = ListQuery.Read(call, Segments);
        string[] ids = [.. call.Query["ids"].SelectMany(text => (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        if (ids.Length > 0) list.Where(call.Db.Dialect.Among("id", list.Arg(call.Db.Dialect.Texts(ids))));
        var (rows, total) = await call.Db.Read(db => list.RowsAndTotal<SegmentRow>(db));
        return new("data", rows.ConvertAll(row => row.Show())) { Total = total };
    }

    static async Task<Segment> Create(SegmentInput input, Call call)
    {
        var name = Checks.Text(input.Name?.Trim(), "name") ?? throw Checks.Wrong("", "should have required property 'name'");
        var type = Checks.OneOf(input.Type, "type", SegmentTypes.AutoUpdate, SegmentTypes.Passive, SegmentTypes.Static) ?? (input.Customers is null ? SegmentTypes.Passive : SegmentTypes.Static);
        var isStatic = type == SegmentTypes.Static;
        if (isStatic && input.Filter is { ValueKind: not JsonValueKind.Null }) throw Checks.Wrong("filter", "cannot be given for a static segment");
        if (!isStatic && input.Customers is not null) throw Checks.Wrong("customers", "can be given for a static segment only");
        if (input.Customers is { Length: > CustomersMax }) throw Checks.Wrong("customers", $"must NOT have more than {CustomersMax} items");
        var filter = isStatic ? null : SegmentFilter.Read(input.Filter is { ValueKind: not JsonValueKind.Null } sent ? sent : throw Checks.Wrong("", "should have required property 'filter'"));
        var row = new SegmentRow
        {
            ProjectId = call.ProjectId,
            Id = Ids.New("seg_", call.Now),
            Name = name,
            Type = type,
            SyncStatus = isStatic ? SegmentRow.Done : SegmentRow.InProgress,
            IsTimed = filter is { IsTimed: true },
            RefreshedAt = call.Now,
            CreatedAt = call.Now,
            Body = Wire.Text(new SegmentBody(isStatic ? null : input.Filter)),
        };
        var made = await call.Commit(async db =>
        {
            // Before anything else of the write: segments of a project are made one after the other.
            await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Segment, row.Id);
            if (filter is not null) await CheckFilter(db, call, filter);
            await SegmentSql.Insert(db, row);
            if (isStatic) await AddMembers(db, call, row.Id, input.Customers ?? []);
            else await SegmentJobs.EnqueueFill(db, call.ProjectId, row.Id, isFirst: true, call.Now);
            return row.Show();
        });
        if (!isStatic) call.Need<JobQueue>().Wake();
        return made;
    }

    static async Task CheckFilter(DbConnection db, Call call, SegmentFilter filter)
    {
        if (await SegmentSql.CountFiltered(db, call.ProjectId) >= FilteredMax)
            throw new ApiFault(Refusals.InvalidPayload.With($"A project may have {FilteredMax} passive and auto-update segments at most"));
        string[] named = [.. filter.SegmentIds];
        var known = (await SegmentSql.Of(db, call.Db.Dialect, call.ProjectId, named)).ConvertAll(row => row.Id);
        if (named.Except(known).FirstOrDefault() is { } missing) throw new ApiFault(Refusals.Missing("segment", missing));
    }

    static async Task AddMembers(DbConnection db, Call call, string segment, string[] customers)
    {
        string[] named = [.. customers.Select(id => id ?? "").Distinct(StringComparer.Ordinal)];
        var dialect = call.Db.Dialect;
        var args = new { project = call.ProjectId, named = dialect.Texts(named) };
        // Two look-ups: with an OR, SQLite reads every customer of the project.
        var found = (await db.QueryAsync<CustomerRow>($"""
            SELECT id, source_id FROM customers WHERE project_id = @project AND {dialect.Among("id", "@named")}
            UNION SELECT id, source_id FROM customers WHERE project_id = @project AND {dialect.Among("source_id", "@named")}
            """, args)).AsList();
        var known = found.SelectMany(row => new[] { row.Id, row.SourceId }).OfType<string>().ToHashSet(StringComparer.Ordinal);
        if (Array.Find(named, id => !known.Contains(id)) is { } missing) throw new ApiFault(Refusals.Missing("customer", missing));
        await call.Db.BulkInsert(db, "segment_members", [("project_id", false), ("customer_id", false), ("segment_id", false), ("since", false)],
            found.Select(row => row.Id).Distinct().Order(StringComparer.Ordinal).Select(id => new object?[] { call.ProjectId, id, segment, call.Now }));
    }

    static async Task Delete(Call call)
    {
        await call.Commit(async db =>
        {
            var row = await Find(db, call);
            await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Segment, row.Id);
            if (await SegmentSql.Delete(db, call.ProjectId, row.Id) == 0) throw new ApiFault(Refusals.Missing("segment", row.Id));
            await SegmentJobs.EnqueueClear(db, call.ProjectId, row.Id, call.Now);
            return Nothing.Instance;
        });
        call.Need<JobQueue>().Wake();
    }

    // Of somebody who is not known, the segments that a customer of that name and nothing else would be in.
    static Task<ListOf<SimpleSegment>> OfCustomer(Call call) => call.Db.Read(async db =>
    {
        var name = call.Route("customerId");
        var known = await CustomerSql.Find(db, call.ProjectId, name);
        var rows = known is not null ? await SegmentSql.OfCustomer(db, call.ProjectId, known.Id) : await Potential(db, call, name);
        return new ListOf<SimpleSegment>("data", rows.ConvertAll(row => new SimpleSegment(row.Id, row.Name))) { Total = rows.Count };
    });

    static async Task<List<SegmentRow>> Potential(DbConnection db, Call call, string name)
    {
        var zone = await SegmentFlow.Zone(db, call.ProjectId);
        var stranger = new CustomerRow { ProjectId = call.ProjectId, Id = "", SourceId = name, CreatedAt = call.Now };
        var inside = new HashSet<string>();
        var rows = await SegmentSql.Filtered(db, call.ProjectId);
        foreach (var row in rows)
            if (row.Bind()!.Matches(new Person(stranger, null, null, inside), zone, call.Now)) inside.Add(row.Id);
        return rows.FindAll(row => inside.Contains(row.Id));
    }
}
