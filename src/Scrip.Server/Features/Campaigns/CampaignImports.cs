using System.Data.Common;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Csv;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Campaigns;

/// <summary>
/// Imports of codes into a campaign, which gives them its terms. Of a code that the campaign has already a file changes
/// state and category, and nothing else; a JSON list may not name one.
/// </summary>
static class CampaignImports
{
    public const string Import = "CAMPAIGN.VOUCHERS_IMPORT";
    public const string ImportCsv = "CAMPAIGN.VOUCHERS_IMPORT_CSV";

    // The import guides' names; what says that a code was redeemed counts from the start.
    static readonly CsvColumns Columns = new(
        ["Code"], ["Active"], ["Category"], ["Start Date"], ["Expiration Date"], ["Gift Amount", "Value"], ["Redeemed Amount"], ["Redeemed Quantity"]);

    public static void Map(Api v1)
    {
        v1.PostMany<VoucherInput[], StartedAction>("/v1/campaigns/{campaignId}/import", "import-vouchers-to-campaign", Items);
        v1.PostFile("/v1/campaigns/{campaignId}/importCSV", "import-vouchers-to-campaign-using-csv", File);
    }

    /// <summary>The steps by type.</summary>
    public static IEnumerable<KeyValuePair<string, JobStep>> Steps(Database database) =>
    [
        RowSteps.Import(database, Import, "voucher", ImportItems),
        RowSteps.Import(database, ImportCsv, "voucher", ImportRows),
    ];

    static async Task<StartedAction> Items(VoucherInput[] vouchers, Call call)
    {
        VoucherImportApi.CheckCodes(vouchers);
        call.Status = StatusCodes.Status202Accepted;
        var campaign = await call.Db.Read(db => Open(db, call));
        return await JobIntake.Items(call, Import, campaign.Id, call.RawBody.ToArray(), new RowsJob { CampaignId = campaign.Id }, isPlain: true, async (db, work) =>
        {
            await Open(db, call);
            var codes = vouchers.Select(voucher => voucher.Code!).ToArray();
            var taken = (await VoucherSql.Taken(db, call.Db.Dialect, call.ProjectId, codes)).Count + codes.Length - codes.Distinct(StringComparer.Ordinal).Count();
            return taken == 0 ? work : throw new ApiFault(Refusals.DuplicateKey.With($"{taken} voucher codes(s) already exist."));
        });
    }

    static async Task<StartedAction> File(Call call)
    {
        var campaign = await call.Db.Read(db => Open(db, call));
        return await JobIntake.File(call, ImportCsv, campaign.Id, file => Columns.Bind(file, "Code"), isPlain: true,
            fill: async (db, work) => work with { CampaignId = (await Open(db, call)).Id });
    }

    // The campaign of the path, if codes may be added to it.
    static async Task<CampaignRow> Open(DbConnection db, Call call)
    {
        var row = await CampaignApi.Find(db, call);
        var body = Wire.Read<CampaignBody>(row.Body);
        if (body.Voucher.Type is null) throw new ApiFault(Refusals.InvalidCampaign.With("A PROMOTION campaign has no codes"));
        if (body.Type == CampaignTypes.Standalone) throw new ApiFault(Refusals.InvalidCampaign.With("Codes cannot be imported into a STANDALONE campaign"));
        return row;
    }

    static async Task ImportItems(PartWork work)
    {
        if (await Locked(work, "The campaign was deleted before its codes were imported") is not { } campaign) return;
        var body = Wire.Read<CampaignBody>(campaign.Body);
        var items = work.Items().Select(one => one.Item.Deserialize(Wire.Info<VoucherInput>())!).ToList();
        var taken = (await VoucherSql.Taken(work.Db, work.Dialect, work.Project, [.. items.Select(one => one.Code!)])).ToHashSet(StringComparer.Ordinal);
        var categories = await CategoryNames.Load(work.Db, work.Project);
        var schemas = await MetadataSchemaSql.Load(work.Db, work.Project);
        var rows = new List<VoucherRow>(items.Count);
        foreach (var input in items)
        {
            try
            {
                var code = VoucherTerms.Code(input.Code);
                if (!taken.Add(code)) throw CsvValue.Wrong($"A voucher with the code {code} exists already");
                if (input.CategoryId is { Length: > 0 } id && !categories.Has(id)) throw new ApiFault(Refusals.Missing("category", id));
                CampaignVouchers.Check(input);
                if (input.Metadata is { ValueKind: JsonValueKind.Object }) SchemaCheck.Hold(schemas, SchemaKinds.Voucher, input.Metadata, isNew: true);
                // What kind of voucher it is says the campaign alone.
                var row = CampaignVouchers.Pattern(campaign, body, input with { Type = null, Discount = null, Active = input.Active ?? IsOpen(campaign, work.Now) }, work.Now);
                rows.Add(row with { Code = code, Id = Ids.New(VoucherRow.IdPrefix, work.Now) });
            }
            catch (ApiFault fault)
            {
                work.Tally.Fail(new RowFault { Code = input.Code, Reason = RowTally.Reason(fault.Refusal) });
            }
        }
        await Insert(work, campaign, rows);
        work.Tally.Done = rows.Count;
    }

    static async Task ImportRows(PartWork work)
    {
        var file = work.Work.File!;
        if (await Locked(work, "The campaign was deleted before its codes were imported") is not { } campaign) return;
        var schemas = await MetadataSchemaSql.Load(work.Db, work.Project);
        var csv = new CampaignCsv(Columns.Bind(file, "Code"), campaign, await CategoryNames.Load(work.Db, work.Project), IsOpen(campaign, work.Now), work.Now)
        {
            Typed = SchemaCheck.OfRows(schemas, SchemaKinds.Voucher),
        };
        foreach (var stretch in Stretches.Of(CsvRows.Read(work.Part, file), csv.CodeOf))
        {
            var known = await VoucherBulk.Known(work.Db, work.Dialect, work.Project, [.. stretch.Select(csv.CodeOf)]);
            var rows = new List<VoucherRow>(stretch.Count);
            foreach (var row in stretch)
            {
                try
                {
                    if (known.TryGetValue(csv.CodeOf(row), out var there)) await VoucherSql.Update(work.Db, csv.Changed(there, row));
                    else rows.Add(VoucherBulk.Held(schemas, csv.New(row)));
                    work.Tally.Done++;
                }
                catch (ApiFault fault)
                {
                    work.Tally.Fail(new RowFault { Code = csv.CodeOf(row), Row = row.Number, Reason = RowTally.Reason(fault.Refusal) });
                }
            }
            await Insert(work, campaign, rows);
        }
    }

    static async Task Insert(PartWork work, CampaignRow campaign, List<VoucherRow> rows)
    {
        await VoucherBulk.Insert(work.Database, work.Db, rows, work.Now);
        if (rows.Count == 0) return;
        await CampaignSql.Count(work.Db, work.Project, campaign.Id, rows.Count);
        await Happening.Tell(work.Db, work.Project, EventTypes.VouchersAdded, null, new CodesTold(campaign.Id, rows.Count), work.Now);
    }

    // Codes of a campaign that is over are imported switched off, unless the file says otherwise.
    static bool IsOpen(CampaignRow campaign, long now) => campaign.ExpiresAt is not { } end || end > now;

    // Every row of a part fails when the campaign is gone.
    static async Task<CampaignRow?> Locked(PartWork work, string reason)
    {
        if (await CampaignSql.Lock(work.Db, work.Project, work.Work.CampaignId!) is { } campaign) return campaign;
        for (var i = 0; i < work.Part.RowCount; i++)
            work.Tally.Fail(new RowFault { Row = work.Work.File is null ? null : work.Part.FirstRow + i, Reason = reason });
        return null;
    }
}
