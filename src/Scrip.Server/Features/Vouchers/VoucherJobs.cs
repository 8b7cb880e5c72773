using System.Text.Json;
using Scrip.Engine;
using Scrip.Engine.Schemas;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Csv;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Imports of vouchers without a campaign, and bulk updates of vouchers' metadata; one part of the rows is a chunk.</summary>
static class VoucherJobs
{
    public const string Import = "VOUCHERS.IMPORT";
    public const string ImportCsv = "VOUCHERS.IMPORT_CSV";
    public const string BulkUpdate = "VOUCHERS.BULK_UPDATE";
    public const string MetadataUpdate = "VOUCHERS.METADATA_UPDATE";

    /// <summary>Jobs that change vouchers by their codes run one after the other.</summary>
    public const string Series = "vouchers";

    /// <summary>The steps by type.</summary>
    public static IEnumerable<KeyValuePair<string, JobStep>> Steps(Database database) =>
    [
        RowSteps.Import(database, Import, "voucher", ImportItems),
        RowSteps.Import(database, ImportCsv, "voucher", ImportRows),
        RowSteps.Update(database, BulkUpdate, "code", work => Update(work, [.. work.Items()
            .Select(one => (one.Item.GetProperty("code").GetString()!, one.Item.GetProperty("metadata")))])),
        RowSteps.Update(database, MetadataUpdate, "code", work => Update(work, [.. work.Items().Select(one => (one.Item.GetString()!, work.Work.Metadata!.Value))])),
    ];

    static async Task ImportItems(PartWork work)
    {
        var items = work.Items().Select(one => (Json: one.Item, Input: one.Item.Deserialize(Wire.Info<VoucherInput>())!)).ToList();
        var taken = (await VoucherSql.Taken(work.Db, work.Dialect, work.Project, [.. items.Select(one => one.Input.Code!)])).ToHashSet(StringComparer.Ordinal);
        var categories = await CategoryNames.Load(work.Db, work.Project);
        var schemas = await MetadataSchemaSql.Load(work.Db, work.Project);
        var discounts = new Dictionary<string, Discount>(StringComparer.Ordinal);
        var rows = new List<VoucherRow>(items.Count);
        foreach (var (json, input) in items)
        {
            try
            {
                var code = VoucherTerms.Code(input.Code);
                if (taken.Contains(code)) throw CsvValue.Wrong($"A voucher with the code {code} exists already");
                if (input.CategoryId is { Length: > 0 } category && !categories.Has(category)) throw new ApiFault(Refusals.Missing("category", category));
                SchemaCheck.Hold(schemas, SchemaKinds.Voucher, input.Metadata, isNew: true);
                var read = input with { Discount = await Known(work, discounts, json, input.Discount) };
                rows.Add(VoucherMaking.Coded(VoucherMaking.Alone(read, work.Project, work.Now, name => json.TryGetProperty(name, out _)), code));
                taken.Add(code);
            }
            catch (ApiFault fault)
            {
                work.Tally.Fail(new RowFault { Code = input.Code, Reason = RowTally.Reason(fault.Refusal) });
            }
        }
        work.Tally.Done = rows.Count;
        await VoucherBulk.Insert(work.Database, work.Db, rows, work.Now);
    }

    // Most items of a list have the same discount.
    static async Task<Discount?> Known(PartWork work, Dictionary<string, Discount> known, JsonElement json, Discount? discount)
    {
        if (discount is null) return null;
        var text = json.GetProperty("discount").GetRawText();
        if (known.TryGetValue(text, out var read)) return read;
        return known[text] = await DiscountCheck.Read(work.Db, work.Project, discount);
    }

    static async Task ImportRows(PartWork work)
    {
        var schemas = await MetadataSchemaSql.Load(work.Db, work.Project);
        var csv = new VoucherCsv(VoucherCsv.Columns.Bind(work.Work.File!, "Code"), work.Db, work.Dialect, work.Project, await CategoryNames.Load(work.Db, work.Project), work.Now)
        {
            Typed = SchemaCheck.OfRows(schemas, SchemaKinds.Voucher),
        };
        foreach (var stretch in Stretches.Of(CsvRows.Read(work.Part, work.Work.File!), csv.CodeOf))
        {
            if (await New(stretch) is { } all && await VoucherBulk.TryInsert(work.Database, work.Db, all, work.Now))
            {
                work.Tally.Done += all.Count;
                await Tell(work, EventTypes.VoucherCreated, all);
                continue;
            }
            var known = await VoucherBulk.Known(work.Db, work.Dialect, work.Project, [.. stretch.Select(csv.CodeOf)]);
            var (rows, changed) = (new List<VoucherRow>(stretch.Count), new List<VoucherRow>());
            foreach (var row in stretch)
            {
                try
                {
                    if (!known.TryGetValue(csv.CodeOf(row), out var there)) rows.Add(VoucherBulk.Held(schemas, await csv.New(row)));
                    else
                    {
                        var (rule, now) = (there.CampaignId is null ? await csv.RuleOf(row) : null, csv.Changed(there, row));
                        await VoucherSql.Update(work.Db, now);
                        if (rule is not null) await AssignmentSql.Ensure(work.Db, work.Project, rule, there.Id, work.Now);
                        changed.Add(now);
                    }
                    work.Tally.Done++;
                }
                catch (ApiFault fault)
                {
                    work.Tally.Fail(new RowFault { Code = csv.CodeOf(row), Row = row.Number, Reason = RowTally.Reason(fault.Refusal) });
                }
            }
            await VoucherBulk.Insert(work.Database, work.Db, rows, work.Now);
            await Tell(work, EventTypes.VoucherCreated, rows);
            await Tell(work, EventTypes.VoucherUpdated, changed);
        }

        // Most files have new vouchers alone. What is there already is asked for only when a row cannot be a new one, or is not.
        async Task<List<VoucherRow>?> New(List<CsvRow> stretch)
        {
            var rows = new List<VoucherRow>(stretch.Count);
            try
            {
                foreach (var row in stretch)
                {
                    rows.Add(VoucherBulk.Held(schemas, await csv.New(row)));
                    GivingWay.AfterRow();
                }
                return rows;
            }
            catch (ApiFault)
            {
                return null;
            }
        }
    }

    // Bulk work is told to webhooks only when its request says so.
    static async Task Tell(PartWork work, string type, List<VoucherRow> rows)
    {
        if (!work.Work.WebhooksEnable || rows.Count == 0) return;
        var links = new AssetLinks(await AssetSecret.Read(work.Db), work.Work.Origin);
        foreach (var row in rows)
            await Happening.Tell(work.Db, work.Project, type, row.HolderId, new VoucherTold(VoucherView.Show(row, row.CampaignName, links)), work.Now);
    }

    static async Task Update(PartWork work, List<(string Code, JsonElement Metadata)> items)
    {
        var schemas = await MetadataSchemaSql.Load(work.Db, work.Project);
        foreach (var stretch in Stretches.Of(items, item => item.Code))
        {
            var known = await VoucherBulk.Known(work.Db, work.Dialect, work.Project, [.. stretch.Select(item => item.Code)]);
            foreach (var (code, metadata) in stretch)
            {
                var row = known.GetValueOrDefault(code) is { DeletedAt: null } found ? found : null;
                try
                {
                    if (row is null) throw new ApiFault(Refusals.Missing("voucher", code));
                    SchemaCheck.Hold(schemas, SchemaKinds.Voucher, metadata, isNew: false);
                    var body = Wire.Read<VoucherBody>(row.Body);
                    await VoucherSql.Update(work.Db, row with { UpdatedAt = work.Now, Body = Wire.Text(body with { Metadata = Merging.Metadata(body.Metadata, metadata) }) });
                    work.Tally.Done++;
                    work.Tally.Tell(code, isFound: true, isUpdated: true);
                }
                catch (ApiFault fault)
                {
                    work.Tally.Fail(new BulkFault { Message = fault.Refusal.Message, Details = fault.Refusal.Details!, Key = fault.Refusal.Key, Code = code });
                    work.Tally.Tell(code, isFound: row is not null, isUpdated: false, fault.Refusal.Details);
                }
            }
        }
    }
}
