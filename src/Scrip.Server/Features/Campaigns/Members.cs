using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Campaigns;

/// <summary>
/// Loyalty programs and their members as paths name them. A campaign that is no loyalty program is none here, and a member
/// is a loyalty card, by its code or id; of another campaign than the path names it is not there.
/// </summary>
static class Members
{
    /// <summary>The loyalty program that the path names.</summary>
    public static async Task<CampaignRow> Program(DbConnection db, Call call, string ending = "")
    {
        var row = await CampaignApi.Find(db, call, ending);
        return row.CampaignType == CampaignTypes.Loyalty ? row : throw new ApiFault(Refusals.Missing("campaign", call.Route("campaignId")));
    }

    /// <summary>The card that the path names.</summary>
    public static async Task<VoucherRow> Find(DbConnection db, Call call)
    {
        var program = call.RouteOrNull("campaignId") is null ? null : await Program(db, call);
        var id = call.Route("memberId");
        var card = await VoucherSql.Find(db, call.ProjectId, id);
        return card is { Type: VoucherTypes.Loyalty } && (program is null || card.CampaignId == program.Id) ? card : throw new ApiFault(Refusals.Missing("voucher", id));
    }
}
