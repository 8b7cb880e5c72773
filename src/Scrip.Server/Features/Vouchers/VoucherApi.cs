using System.Data.Common;
using Scrip.Engine;
using Scrip.Engine.Codes;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.TrashBin;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Vouchers: coupons, gift cards and loyalty cards, with a campaign or without. A path names them by code or by id.</summary>
static class VoucherApi
{
    // Further operations of the contract, which are no codes.
    static readonly string[] Reserved = ["qualification"];

    public static void Map(Api v1, CampaignDoor campaigns)
    {
        v1.List("/v1/vouchers", "list-vouchers", VoucherList.Read);
        v1.Post<VoucherInput, Voucher>("/v1/vouchers", "generate-random-code", (input, call) => Create(input, input.Code, call, campaigns));
        v1.Post<VoucherInput, Voucher>("/v1/vouchers/{code}", "create-voucher", (input, call) => Create(input, NewCode(call), call, campaigns));
        v1.Get("/v1/vouchers/{code}", "get-voucher", Get);
        v1.Put<VoucherInput, Voucher>("/v1/vouchers/{code}", "update-voucher", Update);
        v1.Delete("/v1/vouchers/{code}", "delete-voucher", call => Delete(call, campaigns));
        v1.Post("/v1/vouchers/{code}/enable", "enable-voucher", call => Switch(call, true));
        v1.Post("/v1/vouchers/{code}/disable", "disable-voucher", call => Switch(call, false));
        BalanceApi.Map(v1);
        VoucherImportApi.Map(v1);
    }

    static string NewCode(Call call)
    {
        var code = call.Route("code");
        return Reserved.Contains(code) ? throw new ApiFault(Refusals.NotFound.With($"POST /v1/vouchers/{code} is not served yet")) : code;
    }

    static async Task<Voucher> Get(Call call)
    {
        var links = await call.Need<AssetSecret>().Links(call);
        return await call.Db.Read(async db =>
        {
            var row = await Find(db, call);
            return await VoucherView.Categorized(db, call, VoucherView.Show(row, row.CampaignName, links));
        });
    }

    static async Task<VoucherRow> Find(DbConnection db, Call call)
    {
        var id = call.Route("code");
        return await VoucherSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("voucher", id));
    }

    static async Task<VoucherRow> FindForUpdate(DbConnection db, Call call)
    {
        var id = call.Route("code");
        return await VoucherSql.FindForUpdate(db, call.ProjectId, id, call.Db.Dialect) ?? throw new ApiFault(Refusals.Missing("voucher", id));
    }

    static async Task<Voucher> Create(VoucherInput input, string? code, Call call, CampaignDoor campaigns)
    {
        if (code is not null) VoucherTerms.Code(code);
        var links = await call.Need<AssetSecret>().Links(call);
        try
        {
            return await call.Commit(async db =>
            {
                await CategorySql.Need(db, call.Db.Dialect, call.ProjectId, input.CategoryId);
                var named = input.CampaignId ?? input.Campaign;
                if (!string.IsNullOrEmpty(named))
                {
                    var added = await campaigns.Add(db, call, named, await WithProducts(db, call, input, isOptional: true), code);
                    return await Told(db, call, EventTypes.VoucherCreated, VoucherView.Show(added, added.CampaignName, links));
                }
                await SchemaCheck.Hold(db, call.ProjectId, SchemaKinds.Voucher, input.Metadata, isNew: true);
                var row = VoucherMaking.Alone(await WithProducts(db, call, input), call.ProjectId, call.Now, call.Sent);
                row = VoucherMaking.Coded(row, code ?? await OneCode(db, call, input.CodeConfig?.ToConfig() ?? new CodeConfig()));
                await VoucherMaking.Add(db, row, call.Now);
                row = await VoucherMaking.Bind(db, call, row, input.ValidationRules);
                return await Told(db, call, EventTypes.VoucherCreated, VoucherView.Show(row, null, links));
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("voucher", code ?? ""));
        }
    }

    /// <summary>The voucher with its categories, and the event that it is what became of it.</summary>
    internal static async Task<Voucher> Told(DbConnection db, Call call, string type, Voucher shown)
    {
        var whole = await VoucherView.Categorized(db, call, shown);
        await Happening.Tell(db, call, type, whole.HolderId, new VoucherTold(whole));
        return whole;
    }

    static async Task<VoucherInput> WithProducts(DbConnection db, Call call, VoucherInput input, bool isOptional = false)
    {
        if (!isOptional || input.Type is not (null or VoucherTypes.Loyalty)) VoucherTerms.Type(input.Type, input.Discount ?? (isOptional ? new() : null), input.Gift ?? (isOptional ? new() : null));
        return input.Discount is null ? input : input with { Discount = await DiscountCheck.Read(db, call.ProjectId, input.Discount) };
    }

    internal static async Task<string> OneCode(DbConnection db, Call call, CodeConfig config)
    {
        if (config.Refuse(1) is { } refusal) throw new ApiFault(refusal);
        var codes = await CodeMaking.Draw(db, call.Db.Dialect, call.ProjectId, config, 1)
            ?? throw new ApiFault(Refusals.InvalidCodeConfig.With("Every code of this code_config is taken"));
        return codes[0];
    }

    static async Task<Voucher> Update(VoucherInput input, Call call)
    {
        var links = await call.Need<AssetSecret>().Links(call);
        return await call.Commit(async db =>
        {
            var row = await FindForUpdate(db, call);
            await SchemaCheck.Hold(db, call.ProjectId, SchemaKinds.Voucher, input.Metadata, isNew: false);
            var discount = input.Discount is null ? null : await DiscountCheck.Read(db, call.ProjectId, input.Discount);
            var changed = VoucherMaking.Merge(row, input with { Discount = discount }, call);
            if (call.Sent("category_id")) await CategorySql.Need(db, call.Db.Dialect, call.ProjectId, input.CategoryId);
            await VoucherSql.Update(db, changed);
            return await Told(db, call, EventTypes.VoucherUpdated, VoucherView.Show(changed, row.CampaignName, links));
        });
    }

    static async Task<Voucher> Switch(Call call, bool active)
    {
        var links = await call.Need<AssetSecret>().Links(call);
        return await call.Commit(async db =>
        {
            var row = await FindForUpdate(db, call);
            await VoucherSql.Enable(db, row, active, call.Now);
            var shown = VoucherView.Show(row, row.CampaignName, links) with { Active = active, UpdatedAt = new Moment(call.Now) };
            return await Told(db, call, active ? EventTypes.VoucherEnabled : EventTypes.VoucherDisabled, shown);
        });
    }

    static async Task Delete(Call call, CampaignDoor campaigns)
    {
        var (id, force) = (call.Route("code"), call.Flag("force"));
        await call.Commit(async db =>
        {
            var row = await VoucherSql.FindForUpdate(db, call.ProjectId, id, call.Db.Dialect);
            var binned = row is null && force ? await VoucherSql.FindInBin(db, call.ProjectId, id) : null;
            if ((row ?? binned) is not { } found) throw new ApiFault(Refusals.Missing("voucher", id));
            // What lay in the bin was told when it went there.
            if (row is not null) await Told(db, call, EventTypes.VoucherDeleted, VoucherView.Show(row, row.CampaignName, null));
            if (force) await VoucherSql.Delete(db, found, call.Now);
            else await VoucherSql.Bin(db, found, call.Now);
            if (force) await BinSql.Forget(db, call.ProjectId, VoucherBin.Type, found.Id);
            else await BinSql.Add(db, call.ProjectId, VoucherBin.Type, found.Id, found.Code, found.CampaignId, call.Now);
            if (row?.CampaignId is { } campaign) await campaigns.Forget(db, call.ProjectId, campaign);
            return Nothing.Instance;
        });
    }
}
