using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Engine.Codes;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Campaigns;

/// <summary>
/// Codes of campaigns: one is made within its request, more by a job. A voucher takes its terms from the campaign
/// as it is when the code is made, with what the request says differently.
/// </summary>
static class CampaignVouchers
{
    /// <summary>The most codes that one request may ask for.</summary>
    public const long CountMax = 20_000_000;

    /// <summary>What vouchers want of campaigns.</summary>
    public static readonly CampaignDoor Door = new(
        async (db, call, named, input, code) =>
        {
            var found = await CampaignSql.Find(db, call.ProjectId, named) ?? throw new ApiFault(Refusals.Missing("campaign", named));
            return await AddOne(db, call, found.Id, input, code) with { CampaignName = found.Name };
        },
        (db, project, campaign) => CampaignSql.Count(db, project, campaign, -1),
        async (db, project, campaign) =>
        {
            if (await CampaignSql.Lock(db, project, campaign) is null) return false;
            await CampaignSql.Count(db, project, campaign, 1);
            return true;
        });

    public static void Map(Api v1)
    {
        v1.Post<VoucherInput, JsonElement>("/v1/campaigns/{campaignId}/vouchers", "add-vouchers-to-campaign", Add);
        v1.Post<VoucherInput, Voucher>("/v1/campaigns/{campaignId}/vouchers/{code}", "add-voucher-with-specific-code-to-campaign",
            (input, call) => AddHere(input, call.Route("code"), call));
    }

    static async Task<JsonElement> Add(VoucherInput input, Call call)
    {
        var count = Count(call);
        if (count == 1) return Wire.Element(await AddHere(input, input.Code, call));
        if (input.Code is not null) throw Checks.Wrong("code", "cannot be given for more than one voucher");
        Check(input);
        VoucherTerms.RefuseRules(input.ValidationRules);
        var answer = await call.Commit(async db =>
        {
            await CategorySql.Need(db, call.Db.Dialect, call.ProjectId, input.CategoryId);
            var campaign = await Find(db, call);
            var body = Wire.Read<CampaignBody>(campaign.Body);
            RefusePromotion(body);
            RefuseStandalone(body);
            var taken = input.CodeConfig is null ? campaign.VouchersCount : 0;
            await HoldMetadata(db, call, input);
            if (ConfigOf(body, input).Refuse(count, taken) is { } refusal) throw new ApiFault(refusal);
            call.Status = StatusCodes.Status202Accepted;
            await CampaignSql.Generated(db, call.ProjectId, campaign.Id, CampaignSql.InProgress);
            return await Enqueue(db, call, campaign.Id, CampaignJobs.Generate, count, input);
        });
        call.Need<JobQueue>().Wake();
        return Wire.Element(answer);
    }

    static long Count(Call call)
    {
        var text = call.Query["vouchers_count"].ToString();
        if (text.Length == 0) return 1;
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count is >= 1 and <= CountMax
            ? count
            : throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .vouchers_count must be an integer from 1 to {CountMax}"));
    }

    /// <summary>Adds a job of a campaign inside a write.</summary>
    public static async Task<StartedAction> Enqueue(DbConnection db, Call call, string campaignId, string type, long count, VoucherInput? voucher) =>
        new(await JobQueue.Enqueue(db, call.ProjectId, type,
            Wire.Text(new CampaignJob { CampaignId = campaignId, RequestId = call.RequestId, Voucher = voucher }), count, call.Now, series: campaignId));

    static async Task<CampaignRow> Find(DbConnection db, Call call)
    {
        var id = call.Route("campaignId");
        return await CampaignSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("campaign", id));
    }

    static async Task<Voucher> AddHere(VoucherInput input, string? code, Call call)
    {
        if (code is not null) VoucherTerms.Code(code);
        var links = await call.Need<AssetSecret>().Links(call);
        try
        {
            return await call.Commit(async db =>
            {
                var campaign = await Find(db, call);
                // What kind of voucher it is says the campaign alone.
                var row = await AddOne(db, call, campaign.Id, input with { Type = null, Discount = null, Gift = null, LoyaltyCard = null }, code);
                await Happening.Tell(db, call, EventTypes.VouchersAdded, null, new CodesTold(campaign.Id, 1));
                return await VoucherApi.Told(db, call, EventTypes.VoucherCreated, VoucherView.Show(row, campaign.Name, links));
            });
        }
        catch (Exception fault) when (call.Db.IsDuplicate(fault))
        {
            throw new ApiFault(Refusals.Duplicate("voucher", code ?? ""));
        }
    }

    /// <summary>Adds a voucher to a campaign inside a write, with the given code or with one that is made.</summary>
    public static async Task<VoucherRow> AddOne(DbConnection db, Call call, string campaignId, VoucherInput input, string? code)
    {
        Check(input);
        await CategorySql.Need(db, call.Db.Dialect, call.ProjectId, input.CategoryId);
        var campaign = await CampaignSql.Lock(db, call.ProjectId, campaignId) ?? throw new ApiFault(Refusals.Missing("campaign", campaignId));
        var body = Wire.Read<CampaignBody>(campaign.Body);
        RefusePromotion(body);
        if (code is null) RefuseStandalone(body);
        await HoldMetadata(db, call, input);
        if (body.Type == CampaignTypes.Standalone && campaign.VouchersCount > 0)
            throw new ApiFault(Refusals.InvalidCampaign.With("A STANDALONE campaign has one code, and this one has it already"));
        if (input.Type is not null && input.Type != body.Voucher.Type)
            throw VoucherTerms.Invalid($"Vouchers of this campaign are of type {body.Voucher.Type}");
        return await AddTo(db, call, campaign, body, input, code);
    }

    /// <summary>Adds a voucher to a campaign that the write has locked or just made.</summary>
    public static async Task<VoucherRow> AddTo(DbConnection db, Call call, CampaignRow campaign, CampaignBody body, VoucherInput input, string? code)
    {
        var row = VoucherMaking.Coded(Pattern(campaign, body, input, call.Now), code ?? await VoucherApi.OneCode(db, call, ConfigOf(body, input)));
        await VoucherMaking.Add(db, row, call.Now);
        await CampaignSql.Count(db, call.ProjectId, campaign.Id, 1);
        return await VoucherMaking.Bind(db, call, row, input.ValidationRules);
    }

    // A voucher without metadata of its own has that of its campaign, which was checked with the campaign.
    static async Task HoldMetadata(DbConnection db, Call call, VoucherInput input)
    {
        if (input.Metadata is { ValueKind: JsonValueKind.Object }) await SchemaCheck.Hold(db, call.ProjectId, SchemaKinds.Voucher, input.Metadata, isNew: true);
    }

    /// <summary>Adds one more code to a campaign inside a write; null when it was deleted or has used up the codes it can make.</summary>
    public static async Task<VoucherRow?> Grow(DbConnection db, Platform.Data.Dialect dialect, string project, string campaignId, long now)
    {
        if (await CampaignSql.Lock(db, project, campaignId) is not { } campaign) return null;
        var body = Wire.Read<CampaignBody>(campaign.Body);
        if (await CodeMaking.Draw(db, dialect, project, ConfigOf(body, null), 1) is not [var code]) return null;
        var row = VoucherMaking.Coded(Pattern(campaign, body, null, now), code);
        await VoucherMaking.Add(db, row, now);
        await CampaignSql.Count(db, project, campaign.Id, 1);
        return row;
    }

    static void RefusePromotion(CampaignBody body)
    {
        if (body.Voucher.Type is null) throw new ApiFault(Refusals.InvalidCampaign.With("A PROMOTION campaign has no codes"));
    }

    static void RefuseStandalone(CampaignBody body)
    {
        if (body.Type == CampaignTypes.Standalone)
            throw new ApiFault(Refusals.InvalidCampaign.With("Codes cannot be generated in a STANDALONE campaign"));
    }

    /// <summary>What a request may say of vouchers that belong to a campaign.</summary>
    public static void Check(VoucherInput input)
    {
        Checks.Period(input.StartDate, input.ExpirationDate);
        Checks.Text(input.Category, "category");
        Checks.Text(input.AdditionalInfo, "additional_info", 10_000);
        Checks.Metadata(input.Metadata);
        VoucherTerms.Quantity(input.Redemption);
        VoucherTerms.Timeframe(input.ValidityTimeframe);
        VoucherTerms.Days(input.ValidityDayOfWeek);
        VoucherTerms.Hours(input.ValidityHours);
        if (input.CodeConfig?.ToConfig().Refuse() is { } refusal) throw new ApiFault(refusal);
    }

    /// <summary>How codes look: as the request says, or else the campaign.</summary>
    public static CodeConfig ConfigOf(CampaignBody body, VoucherInput? input) => (input?.CodeConfig ?? body.Voucher.CodeConfig ?? new CodeShape()).ToConfig();

    /// <summary>A voucher of the campaign without a code, to make others alike.</summary>
    public static VoucherRow Pattern(CampaignRow campaign, CampaignBody body, VoucherInput? input, long now)
    {
        var isGift = body.Voucher.Type == VoucherTypes.Gift;
        var gift = isGift ? VoucherTerms.Gift(input?.Gift ?? body.Voucher.Gift!) : null;
        var points = body.Voucher.Type == VoucherTypes.Loyalty ? VoucherTerms.LoyaltyCard(input?.LoyaltyCard ?? body.Voucher.LoyaltyCard, isCampaign: input?.LoyaltyCard is null).Points : null;
        return new VoucherRow
        {
            ProjectId = campaign.ProjectId,
            Id = Ids.New(VoucherRow.IdPrefix, now),
            Type = body.Voucher.Type!,
            CampaignId = campaign.Id,
            CampaignType = campaign.CampaignType,
            CategoryId = Checks.Text(input?.CategoryId, "category_id"),
            Active = input?.Active ?? true,
            StartsAt = input?.StartDate?.Ms,
            ExpiresAt = input?.ExpirationDate?.Ms,
            Quantity = VoucherTerms.Quantity(input?.Redemption ?? body.Voucher.Redemption),
            GiftAmount = gift?.Amount ?? points,
            GiftBalance = gift?.Amount ?? points,
            CreatedAt = now,
            Body = Wire.Text(new VoucherBody
            {
                Discount = body.Voucher.Discount is null ? null : input?.Discount ?? body.Voucher.Discount,
                GiftEffect = gift?.Effect,
                ValidityTimeframe = VoucherTerms.Timeframe(input?.ValidityTimeframe),
                ValidityDayOfWeek = VoucherTerms.Days(input?.ValidityDayOfWeek),
                ValidityHours = VoucherTerms.Hours(input?.ValidityHours),
                AdditionalInfo = input?.AdditionalInfo,
                Category = input?.Category ?? body.Category,
                Metadata = input?.Metadata is { ValueKind: JsonValueKind.Object } own ? own : body.Metadata,
            }),
        };
    }
}
