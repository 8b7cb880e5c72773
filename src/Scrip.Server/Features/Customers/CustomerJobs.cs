using System.Text.Json;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Csv;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Customers;

/// <summary>
/// Imports and bulk updates of customers; who is not known is made. Webhooks are not told, as the API documents.
/// </summary>
static class CustomerJobs
{
    public const string ImportCsv = "CUSTOMERS.IMPORT_CSV";
    public const string BulkUpdate = "CUSTOMERS.BULK_UPDATE";
    public const string MetadataUpdate = "CUSTOMERS.METADATA_UPDATE";

    /// <summary>Jobs that write customers run one after the other.</summary>
    public const string Series = "customers";

    static readonly (string Name, bool IsJson)[] BulkColumns =
        [("project_id", false), ("id", false), ("source_id", false), ("name", false), ("email", false), ("created_at", false), ("body", true)];

    /// <summary>The steps by type.</summary>
    public static IEnumerable<KeyValuePair<string, JobStep>> Steps(Database database) =>
    [
        RowSteps.Import(database, ImportCsv, "customer", Rows),
        RowSteps.Update(database, BulkUpdate, "source_id", work => Update(work, [.. work.Items().Select(one =>
            new Sent(one.Number, one.Item.Deserialize(Wire.Info<CustomerInput>())! with { Id = null }, name => one.Item.TryGetProperty(name, out _)))])),
        RowSteps.Update(database, MetadataUpdate, "source_id", work => Update(work, [.. work.Items().Select(one =>
            new Sent(one.Number, new CustomerInput { SourceId = one.Item.GetString(), Metadata = work.Work.Metadata }, _ => false))])),
    ];

    /// <summary>One customer of the list: where it stands, what was sent, and which fields were.</summary>
    sealed record Sent(long Number, CustomerInput Input, Func<string, bool> Fields)
    {
        /// <summary>What the job calls it.</summary>
        public string Name => Input.SourceId ?? Input.Id ?? "";
    }

    static Task Update(PartWork work, List<Sent> items) => Write(work, items, (known, sent) =>
    {
        CustomerFlow.Check(sent.Input);
        return CustomerFlow.Upsert(work.Project, known, sent.Input, work.Now, sent.Fields);
    },
    (sent, isFound, fault) =>
    {
        work.Tally.Tell(sent.Name, isFound, isUpdated: fault is null, fault?.Details);
        if (fault is not null) work.Tally.Fail(new BulkFault { Message = fault.Message, Details = RowTally.Reason(fault), Key = fault.Key, SourceId = sent.Name });
    });

    static async Task Rows(PartWork work)
    {
        var csv = new CustomerCsv(work.Work.File!) { Typed = SchemaCheck.OfRows(await MetadataSchemaSql.Load(work.Db, work.Project), SchemaKinds.Customer) };
        var rows = new List<Sent>((int)work.Part.RowCount);
        foreach (var row in CsvRows.Read(work.Part, work.Work.File!))
        {
            try
            {
                rows.Add(new Sent(row.Number, csv.Read(row), csv.Has));
            }
            catch (ApiFault fault)
            {
                work.Tally.Fail(new RowFault { SourceId = csv.NameOf(row), Row = row.Number, Reason = RowTally.Reason(fault.Refusal) });
            }
        }
        await Write(work, rows, (known, sent) =>
        {
            CustomerFlow.Check(sent.Input);
            // Who is named by the source id becomes what the row says, and nothing else.
            var isReplaced = known is not null && sent.Input.SourceId is not null;
            return CustomerFlow.Upsert(work.Project, isReplaced ? CustomerFlow.Blank(known!) : known, sent.Input, work.Now, sent.Fields, isReplaced);
        },
        (sent, _, fault) =>
        {
            if (fault is not null) work.Tally.Fail(new RowFault { SourceId = sent.Name, Row = sent.Number, Reason = RowTally.Reason(fault) });
        });
    }

    // Looks all up at once, and writes new ones at once.
    static async Task Write(PartWork work, List<Sent> items, Func<CustomerRow?, Sent, CustomerRow?> upsert, Action<Sent, bool, Refusal?> tell)
    {
        var schemas = await MetadataSchemaSql.Load(work.Db, work.Project);
        foreach (var stretch in Stretches.Of(items, sent => sent.Name))
        {
            var known = await Known(work, [.. stretch.SelectMany(sent => new[] { sent.Input.SourceId, sent.Input.Id }).OfType<string>().Distinct(StringComparer.Ordinal)]);
            var (rows, ids) = (new List<CustomerRow>(stretch.Count), new HashSet<string>(StringComparer.Ordinal));
            foreach (var sent in stretch)
            {
                var found = known.GetValueOrDefault(sent.Name) ?? (sent.Input.Id is { } id ? known.GetValueOrDefault(id) : null);
                try
                {
                    SchemaCheck.Hold(schemas, SchemaKinds.Customer, sent.Input.Metadata, isNew: found is null);
                    if (upsert(found, sent) is { } row)
                    {
                        if (row.IsNew && !ids.Add(row.Id)) throw CsvValue.Wrong($"Another row makes a customer with the id {row.Id}");
                        if (row.IsNew) rows.Add(row);
                        else await CustomerSql.Write(work.Db, row);
                    }
                    work.Tally.Done++;
                    tell(sent, found is not null, null);
                }
                catch (ApiFault fault)
                {
                    tell(sent, found is not null, fault.Refusal);
                }
            }
            await work.Database.BulkInsert(work.Db, "customers", BulkColumns, rows.Select(row => new object?[]
                { row.ProjectId, row.Id, row.SourceId, row.Name, row.Email, row.CreatedAt, row.Body }));
        }
        if (items.Count > 0) await LookThroughSegments(work.Db, work.Project, work.Now);
    }

    // Events move one customer between segments; when many were written without an event each, all are looked at again.
    // A job that has not begun yet will see them.
    static async Task LookThroughSegments(System.Data.Common.DbConnection db, string project, long now)
    {
        var segments = (await db.QueryAsync<string>("""
            SELECT id FROM segments s WHERE project_id = @project AND type <> 'static' AND NOT EXISTS (
                SELECT 1 FROM async_actions a WHERE a.project_id = s.project_id AND a.series = 'segment ' || s.id AND a.status = 'ENQUEUED')
            """, new { project })).AsList();
        foreach (var id in segments)
            await JobQueue.Enqueue(db, project, "SEGMENT.FILL", $$"""{"segment_id":"{{id}}","is_first":false}""", 0, now, series: "segment " + id, isInner: true);
    }

    // By source id before id, as they are until the write ends.
    static async Task<Dictionary<string, CustomerRow>> Known(PartWork work, string[] names)
    {
        var found = new Dictionary<string, CustomerRow>(StringComparer.Ordinal);
        foreach (var column in new[] { "id", "source_id" })
        {
            var rows = await work.Db.QueryAsync<CustomerRow>($"""
                SELECT * FROM customers WHERE project_id = @Project AND {work.Dialect.Among(column, "@names")} ORDER BY id {work.Dialect.ForUpdate}
                """, new { work.Project, names = work.Dialect.Texts(names) });
            foreach (var row in rows) found[column == "id" ? row.Id : row.SourceId!] = row;
        }
        return found;
    }
}
