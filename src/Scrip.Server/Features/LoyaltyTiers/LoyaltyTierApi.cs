using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.LoyaltyTiers;

/// <summary>The tiers of loyalty campaigns, and which of them members are in.</summary>
static class LoyaltyTierApi
{
    static readonly ListSpec Tiers = new("loyalty_tiers", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
    }, ["created_at", "updated_at"], "created_at");

    public static void Map(Api v1)
    {
        v1.List("/v1/loyalties/{campaignId}/tiers", "list-loyalty-tiers", List);
        v1.Post<LoyaltyTierInput[], LoyaltyTier[]>("/v1/loyalties/{campaignId}/tiers", "create-in-bulk-loyalty-tiers", Create);
        v1.Get("/v1/loyalties/{campaignId}/tiers/{loyaltyTierId}", "get-loyalty-tier", call => call.Db.Read(async db => (await Find(db, call)).Show()));
        v1.List("/v1/loyalties/{campaignId}/tiers/{loyaltyTierId}/rewards", "list-loyalty-tier-rewards", ListRewards);
        v1.List("/v1/loyalties/members/{memberId}/tiers", "list-member-loyalty-tier", OfMember);
    }

    static async Task<CampaignRow> Campaign(DbConnection db, Call call, string ending = "")
    {
        var campaign = await CampaignApi.Find(db, call, ending);
        return campaign.CampaignType == CampaignTypes.Loyalty ? campaign : throw new ApiFault(Refusals.Missing("campaign", call.Route("campaignId")));
    }

    static async Task<LoyaltyTierRow> Find(DbConnection db, Call call)
    {
        var (campaign, id) = (await Campaign(db, call), call.Route("loyaltyTierId"));
        return await LoyaltyTierSql.Find(db, call.ProjectId, campaign.Id, id) ?? throw new ApiFault(Refusals.Missing("loyalty_tier", id));
    }

    static Task<ListOf<LoyaltyTier>> List(Call call)
    {
        var list = ListQuery.Read(call, Tiers);
        return call.Db.Read(async db =>
        {
            var (rows, total) = await list.WhereIs("campaign_id", (await Campaign(db, call)).Id).RowsAndTotal<LoyaltyTierRow>(db);
            return new ListOf<LoyaltyTier>("data", rows.ConvertAll(row => row.Show())) { Total = total };
        });
    }

    static async Task<LoyaltyTier[]> Create(LoyaltyTierInput[] input, Call call)
    {
        if (input.Length is 0 or > LoyaltyTierTerms.TiersMax) throw Checks.Wrong("[]", $"must have from 1 to {LoyaltyTierTerms.TiersMax} tiers");
        var made = await call.Commit(async db =>
        {
            // Those who add tiers to a campaign do it one after the other.
            var campaign = await Campaign(db, call, call.Db.Dialect.ForUpdate);
            var tiers = await LoyaltyTierSql.OfCampaign(db, call.ProjectId, campaign.Id);
            var shown = new List<LoyaltyTier>();
            for (var i = 0; i < input.Length; i++)
            {
                var row = await LoyaltyTierTerms.New(db, call, campaign, input[i], $"[{i}]", tiers);
                await LoyaltyTierSql.Insert(db, row);
                tiers.Add(row);
                shown.Add(row.Show());
                await Happening.Tell(db, call, EventTypes.LoyaltyTierCreated, null, new LoyaltyTierTold(new(campaign.Id), shown[^1]));
            }
            await LoyaltyTierJobs.Enqueue(db, call.ProjectId, campaign.Id, call.Now);
            return shown.ToArray();
        });
        call.Need<JobQueue>().Wake();
        return made;
    }

    static Task<ListOf<LoyaltyTierReward>> ListRewards(Call call)
    {
        ListQuery.Read(call, Tiers);
        return call.Db.Read(async db =>
        {
            var tier = await Find(db, call);
            var assignments = (await db.QueryAsync<RewardAssignmentRow>(
                "SELECT * FROM reward_assignments WHERE project_id = @ProjectId AND campaign_id = @CampaignId ORDER BY id", new { call.ProjectId, tier.CampaignId })).AsList();
            var rewards = (await RewardSql.OfCampaign(db, call.ProjectId, tier.CampaignId)).DistinctBy(row => row.Id).ToDictionary(row => row.Id);
            var shown = assignments.Where(one => rewards.ContainsKey(one.RewardId)).Select(one => new LoyaltyTierReward(rewards[one.RewardId].Show(), one.Show())).ToList();
            return new ListOf<LoyaltyTierReward>("data", shown) { Total = shown.Count };
        });
    }

    static Task<ListOf<LoyaltyTier>> OfMember(Call call)
    {
        ListQuery.Read(call, Tiers);
        var id = call.Route("memberId");
        return call.Db.Read(async db =>
        {
            if (await VoucherSql.Find(db, call.ProjectId, id) is not { Type: VoucherTypes.Loyalty } card) throw new ApiFault(Refusals.Missing("voucher", id));
            LoyaltyTier[] tiers = await LoyaltyTierSql.Member(db, call.ProjectId, card.Id) is { } member && await LoyaltyTierSql.Find(db, call.ProjectId, member.CampaignId, member.TierId) is { } tier
                ? [tier.Show() with { Expiration = member.Show() }]
                : [];
            return new ListOf<LoyaltyTier>("data", tiers) { Total = tiers.Length };
        });
    }
}
