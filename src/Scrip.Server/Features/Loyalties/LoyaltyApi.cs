using Scrip.Server.Features.Campaigns;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Loyalties;

/// <summary>
/// Loyalty programs. A program is a campaign of LOYALTY_PROGRAM, the same as at <c>/v1/campaigns</c>: it is read, checked and
/// written there, and any other campaign is not found here.
/// </summary>
static class LoyaltyApi
{
    public static void Map(Api v1, PromotionDoor door)
    {
        v1.List("/v1/loyalties", "list-loyalty-programs", call => CampaignApi.List(call, door, CampaignTypes.Loyalty));
        v1.Post<CampaignInput, Campaign>("/v1/loyalties", "create-loyalty-program", (input, call) => CampaignApi.Create(Loyal(input), call, door));
        v1.Get("/v1/loyalties/{campaignId}", "get-loyalty-program", call => call.Db.Read(async db => await CampaignApi.Show(db, call, await Members.Program(db, call), door)));
        v1.Put<CampaignInput, Campaign>("/v1/loyalties/{campaignId}", "update-loyalty-program", async (input, call) =>
        {
            await Need(call);
            return await CampaignApi.Update(input, call, door);
        });
        v1.Delete("/v1/loyalties/{campaignId}", "delete-loyalty-program", async call =>
        {
            await Need(call);
            return await CampaignApi.Delete(call, door, StatusCodes.Status200OK);
        });
        MemberApi.Map(v1);
        PointsApi.Map(v1);
        ProgramRewardApi.Map(v1);
    }

    // The type of a campaign never changes.
    static Task<CampaignRow> Need(Call call) => call.Db.Read(db => Members.Program(db, call));

    static CampaignInput Loyal(CampaignInput input) => input.CampaignType is null or CampaignTypes.Loyalty
        ? input with { CampaignType = CampaignTypes.Loyalty }
        : throw Checks.Wrong("campaign_type", $"must be one of: {CampaignTypes.Loyalty}");
}
