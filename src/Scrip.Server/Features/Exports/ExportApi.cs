using System.Data.Common;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Exports;

/// <summary>Exports: asked for, made by a job, and downloaded by a signed link that expires.</summary>
static class ExportApi
{
    const string Type = "export";

    static readonly ListSpec Exports = new("exports", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["status"] = ("status", ColumnKind.Text),
        ["exported_object"] = ("exported_object", ColumnKind.Text),
    }, ["created_at", "status"]);

    public static void Map(Api v1, Api open)
    {
        v1.Post<ExportInput, Export>("/v1/exports", "create-export", (input, call) => Create(call, input.ExportedObject, input.Parameters));
        v1.List("/v1/exports", "list-exports", List);
        v1.Get("/v1/exports/{exportId}", "get-export", Get);
        v1.Delete("/v1/exports/{exportId}", "delete-export", Delete);
        open.Download("/v1/exports/{export_Id}", "download-export", "token", Download);
        v1.Under("orders").Post<ExportInput, Export>("/v1/orders/export", "create-order-export", (input, call) => Create(call, OrderExport.Orders.Name, input.Parameters));
        v1.Under("vouchers").Post<ExportInput, Export>("/v1/vouchers/{code}/transactions/export", "export-voucher-transactions", OfVoucher);
        v1.Under("campaigns").Post<ExportInput, Export>("/v1/campaigns/{campaignId}/transactions/export", "export-campaign-transactions", OfCampaign);
        var loyalties = v1.Under("loyalties");
        loyalties.Post<ExportInput, Export>("/v1/loyalties/{campaignId}/transactions/export", "export-loyalty-campaign-transactions", OfProgram);
        loyalties.Post<ExportInput, Export>("/v1/loyalties/members/{memberId}/transactions/export", "export-loyalty-card-transactions", OfMember);
        loyalties.Post<ExportInput, Export>("/v1/loyalties/{campaignId}/members/{memberId}/transactions/export", "export-loyalty-card-transactions-1", OfMember);
        loyalties.Post<ExportInput, Export>("/v1/loyalties/{campaignId}/points-expiration/export", "create-points-expiration-export", OfPoints);
    }

    static async Task<Export> Create(Call call, string? name, ExportParameters? parameters)
    {
        if (name is null || !ExportTable.All.TryGetValue(name, out var table))
            throw new ApiFault(Refusals.InvalidPayload.With($"Property .exported_object should be equal to one of the allowed values [ {string.Join(", ", ExportTable.All.Keys)} ]"));
        // Every fault of the parameters is told now.
        var query = new ExportQuery(table, parameters, call.Db.Dialect, call.ProjectId, call.Now);
        if (parameters?.Filters is { } filters) parameters = parameters with { Filters = ExportFilter.Plain(filters) };
        await call.Need<AssetSecret>().Read();
        var row = new ExportRow
        {
            ProjectId = call.ProjectId,
            Id = Ids.New("exp_", call.Now),
            ExportedObject = name,
            Status = ExportRow.Scheduled,
            Channel = "API",
            CreatedAt = call.Now,
            Body = Wire.Text(new ExportBody { Parameters = parameters, Origin = call.Origin }),
        };
        var answer = await call.Commit(async db =>
        {
            await ExportSql.Insert(db, row);
            await JobQueue.Enqueue(db, call.ProjectId, ExportJobs.Type, Wire.Text(new ExportJob(row.Id)), 0, call.Now, isInner: true);
            return Show(row, null, call.Now);
        });
        call.Need<JobQueue>().Wake();
        return answer;
    }

    static async Task<Export> OfVoucher(ExportInput input, Call call)
    {
        var code = call.Route("code");
        var voucher = await call.Db.Read(db => VoucherSql.Find(db, call.ProjectId, code)) ?? throw new ApiFault(Refusals.Missing("voucher", code));
        return await Create(call, VoucherExport.Transactions.Name, Only(input.Parameters, "voucher_id", voucher.Id));
    }

    static async Task<Export> OfMember(ExportInput input, Call call)
    {
        var card = await call.Db.Read(db => Members.Find(db, call));
        return await Create(call, VoucherExport.Transactions.Name, Only(input.Parameters, "voucher_id", card.Id));
    }

    static async Task<Export> OfProgram(ExportInput input, Call call)
    {
        var program = await call.Db.Read(db => Members.Program(db, call));
        return await Create(call, VoucherExport.Transactions.Name, Only(input.Parameters, "campaign_id", program.Id));
    }

    static async Task<Export> OfCampaign(ExportInput input, Call call)
    {
        var campaign = await call.Db.Read(db => CampaignApi.Find(db, call));
        if (campaign.CampaignType is not (CampaignTypes.Gifts or CampaignTypes.Loyalty)) throw new ApiFault(Refusals.Forbidden.With("Transactions are allowed only for loyalty or gift campaigns"));
        return await Create(call, VoucherExport.Transactions.Name, Only(input.Parameters, "campaign_id", campaign.Id));
    }

    static async Task<Export> OfPoints(ExportInput input, Call call)
    {
        var campaign = await call.Db.Read(db => CampaignApi.Find(db, call));
        if (campaign.CampaignType != CampaignTypes.Loyalty) throw new ApiFault(Refusals.Missing("campaign", campaign.Id));
        return await Create(call, PointsExport.Expirations.Name, Only(input.Parameters, "campaign_id", campaign.Id));
    }

    // The path's condition holds beside the caller's own, which therefore cannot widen it.
    static ExportParameters Only(ExportParameters? parameters, string field, string id)
    {
        var own = parameters?.Filters is { ValueKind: JsonValueKind.Object } sent
            ? sent.EnumerateObject().Where(one => one.Name != field).ToDictionary(one => one.Name, one => one.Value)
            : [];
        if (own.TryGetValue("junction", out var junction) && own.Count > 1 && junction.ToString().Equals("or", StringComparison.OrdinalIgnoreCase))
            throw new ApiFault(Refusals.InvalidPayload.With("Property .parameters.filters.junction must be: and"));
        own[field] = Wire.Element(new Dictionary<string, JsonElement>
        {
            ["conditions"] = Wire.Element(new Dictionary<string, JsonElement> { ["$in"] = Wire.Element(new[] { id }) }),
        });
        return (parameters ?? new()) with { Filters = Wire.Element(own) };
    }

    static async Task<ListOf<Export>> List(Call call)
    {
        var list = ListQuery.Read(call, Exports);
        var secret = await call.Need<AssetSecret>().Read();
        var (rows, total) = await call.Db.Read(db => list.RowsAndTotal<ExportRow>(db));
        return new("exports", rows.ConvertAll(row => Show(row, Link(row, call, secret), call.Now))) { Total = total };
    }

    static async Task<Export> Get(Call call)
    {
        var secret = await call.Need<AssetSecret>().Read();
        var row = await call.Db.Read(db => Find(db, call.ProjectId, call.Route("exportId")));
        return Show(row, Link(row, call, secret), call.Now);
    }

    static async Task<ExportRow> Find(DbConnection db, string project, string id) =>
        await ExportSql.Find(db, project, id) ?? throw new ApiFault(Refusals.Missing(Type, id));

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var id = call.Route("exportId");
        return await ExportSql.Delete(db, call.ProjectId, id) ? Nothing.Instance : throw new ApiFault(Refusals.Missing(Type, id));
    });

    static string? Link(ExportRow row, Call call, byte[] secret) => row.Status == ExportRow.Done
        ? $"{call.Origin}/v1/exports/{row.Id}?token={ExportLink.Sign(secret, row.ProjectId, row.Id, call.Now + ExportLink.ValidMs)}"
        : null;

    static Export Show(ExportRow row, string? url, long now) => new()
    {
        Id = row.Id,
        CreatedAt = new(row.CreatedAt),
        Status = row.Status,
        Channel = row.Channel,
        ExportedObject = row.ExportedObject,
        Parameters = Wire.Read<ExportBody>(row.Body).Parameters,
        Result = url is null ? null : new(url),
    };

    static async Task<Download> Download(Call call)
    {
        var id = call.Route("export_Id");
        var project = ExportLink.Open(await call.Need<AssetSecret>().Read(), call.Query["token"].ToString(), id, call.Now)
            ?? throw new ApiFault(Refusals.Unauthorized.With("The link is not valid or is over; get the export again for a new one"));
        var row = await call.Db.Read(db => Find(db, project, id));
        if (row.Status != ExportRow.Done) throw new ApiFault(Refusals.Missing(Type, id));
        return new Download($"{row.ExportedObject}-{row.Id}.csv", row.ByteCount, part => call.Db.Read(db => ExportSql.Part(db, project, id, part)));
    }
}
