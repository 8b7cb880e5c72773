using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Promotions;

/// <summary>Promotion tiers: discounts of PROMOTION campaigns, which carts get without a code.</summary>
static class TierApi
{
    static readonly ListSpec Tiers = new("promotion_tiers", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["name"] = ("name", ColumnKind.Text),
        ["campaign_id"] = ("campaign_id", ColumnKind.Text),
        ["hierarchy"] = ("hierarchy", ColumnKind.Whole),
        ["start_date"] = ("starts_at", ColumnKind.Moment),
        ["expiration_date"] = ("expires_at", ColumnKind.Moment),
        ["category"] = ("body.category", ColumnKind.Text),
        ["category_id"] = ("category_id", ColumnKind.Text),
        ["banner"] = ("body.banner", ColumnKind.Text),
    }, ["created_at", "updated_at"]);

    public static void Map(Api v1)
    {
        v1.List("/v1/promotions/tiers", "list-promotion-tiers", call => List(call, null));
        v1.List("/v1/promotions/{campaignId}/tiers", "list-promotion-tiers-from-campaign",
            async call => await List(call, (await call.Db.Read(db => TierTerms.Campaign(db, call))).Id));
        v1.Post<PromotionTierInput, PromotionTier>("/v1/promotions/{campaignId}/tiers", "add-promotion-tier-to-campaign", Add);
        v1.Get("/v1/promotions/tiers/{promotionTierId}", "get-promotion-tier", call => call.Db.Read(async db => await Show(db, call, await Find(db, call))));
        v1.Put<PromotionTierInput, PromotionTier>("/v1/promotions/tiers/{promotionTierId}", "update-promotion-tier", Update);
        v1.Delete("/v1/promotions/tiers/{promotionTierId}", "delete-promotion-tier", Delete);
        v1.Post("/v1/promotions/tiers/{promotionTierId}/enable", "enable-promotion-tier", call => Switch(call, true));
        v1.Post("/v1/promotions/tiers/{promotionTierId}/disable", "disable-promotion-tier", call => Switch(call, false));
        StackApi.Map(v1);
    }

    static async Task<ListOf<PromotionTier>> List(Call call, string? campaign)
    {
        var list = ListQuery.Read(call, Tiers).Where(TierSql.Live).WhereIs("campaign_id", campaign);
        if (call.Query["is_available"].ToString().Length > 0)
        {
            var open = $"({VoucherList.Active(call.Now, "$active", "true")})";
            list.Where(call.Flag("is_available") ? open : $"NOT {open}");
        }
        return await call.Db.Read(async db =>
        {
            var (rows, total) = await list.RowsAndTotal<TierRow>(db);
            var ids = rows.Select(row => row.CampaignId).Distinct().ToArray();
            var campaigns = (await CampaignSql.Live(db, call.Db.Dialect, call.ProjectId, ids)).ToDictionary(row => row.Id);
            var shown = rows.ConvertAll(row => PromotionTier.Of(row) with { Campaign = TierCampaign.Of(campaigns[row.CampaignId]) });
            return new ListOf<PromotionTier>("tiers", await TierTerms.Categorized(db, call.Db.Dialect, call.ProjectId, shown)) { Total = total, HasMore = (long)list.Page * list.Limit < total };
        });
    }

    static async Task<TierRow> Find(DbConnection db, Call call, string ending = "")
    {
        var id = call.Route("promotionTierId");
        return await TierSql.Find(db, call.ProjectId, id, ending) ?? throw new ApiFault(Refusals.Missing("promotion_tier", id));
    }

    static async Task<PromotionTier> Show(DbConnection db, Call call, TierRow row)
    {
        var campaign = (await CampaignSql.Live(db, call.Db.Dialect, call.ProjectId, [row.CampaignId])).Select(TierCampaign.Of).FirstOrDefault();
        return (await TierTerms.Categorized(db, call.Db.Dialect, call.ProjectId, [PromotionTier.Of(row) with { Campaign = campaign }]))[0];
    }

    // With the event that it is what became of it.
    static async Task<PromotionTier> Show(DbConnection db, Call call, TierRow row, string type)
    {
        var shown = await Show(db, call, row);
        await Happening.Tell(db, call, type, null, new TierTold(shown));
        return shown;
    }

    static Task<PromotionTier> Add(PromotionTierInput input, Call call) => call.Commit(async db =>
    {
        var campaign = await TierTerms.Campaign(db, call, call.Db.Dialect.ForUpdate);
        var row = await TierTerms.Add(db, call, campaign, input);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Tier, row.Id);
        return await Show(db, call, row, EventTypes.TierCreated);
    });

    static Task<PromotionTier> Update(PromotionTierInput input, Call call) => call.Commit(async db =>
    {
        var row = await TierTerms.Merge(db, call, await Find(db, call, call.Db.Dialect.ForUpdate), input, call.Sent, call.Now);
        await TierSql.Update(db, row);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Tier, row.Id);
        return await Show(db, call, row, EventTypes.TierUpdated);
    });

    static Task Delete(Call call) => call.Commit(async db =>
    {
        var row = await Find(db, call, call.Db.Dialect.ForUpdate);
        await Show(db, call, row, EventTypes.TierDeleted);
        await TierSql.Delete(db, row, call.Now);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Tier, row.Id);
        return Nothing.Instance;
    });

    static Task<PromotionTier> Switch(Call call, bool active) => call.Commit(async db =>
    {
        await TierSql.Enable(db, await Find(db, call, call.Db.Dialect.ForUpdate), active, call.Now);
        var row = await Find(db, call);
        await ProjectSql.Bump(db, call.ProjectId, ConfigKind.Tier, row.Id);
        return await Show(db, call, row, active ? EventTypes.TierEnabled : EventTypes.TierDisabled);
    });
}
