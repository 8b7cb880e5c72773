using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.PointsExpiration;

/// <summary>What expires on a member's card, and when. It is worked out for each answer from what moved on the card.</summary>
static class PointsExpirationApi
{
    static readonly ListSpec Paging = new("point_buckets", new() { ["created_at"] = ("created_at", ColumnKind.Moment) }, ["created_at"]);

    public static void Map(Api v1) => v1.List("/v1/loyalties/{campaignId}/members/{memberId}/points-expiration", "list-points-expiration", List);

    static Task<ListOf<PointsBucket>> List(Call call)
    {
        var list = ListQuery.Read(call, Paging);
        return call.Db.Read(async db =>
        {
            var campaign = await CampaignApi.Find(db, call);
            if (campaign.CampaignType != CampaignTypes.Loyalty) throw new ApiFault(Refusals.Missing("campaign", campaign.Id));
            var member = call.Route("memberId");
            if (await VoucherSql.Find(db, call.ProjectId, member) is not { } card || card.CampaignId != campaign.Id) throw new ApiFault(Refusals.Missing("voucher", member));
            var today = PointBuckets.Today(await ProjectZone.Of(db, call.ProjectId), call.Now);
            var buckets = await PointBuckets.Of(db, card);
            // Those that are over have nothing left, but for what a session still holds or what is about to go.
            var shown = buckets.All.Where(bucket => bucket.Left > 0 || (bucket.LastDay is not null && !bucket.IsOver(today)))
                .OrderBy(bucket => bucket.LastDay ?? NodaTime.LocalDate.MaxIsoValue).ThenBy(bucket => bucket.OpenedAt).ToList();
            return new ListOf<PointsBucket>("data", [.. shown.Skip((list.Page - 1) * list.Limit).Take(list.Limit).Select(bucket => PointsBucket.Of(card, bucket))]) { Total = shown.Count };
        });
    }
}
