using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.PendingPoints;

/// <summary>Pending points of cards and campaigns. Lists have those that wait still; a member is a card by its code or id.</summary>
static class PendingApi
{
    const string Object = "pending_points";

    static readonly ListSpec Waiting = new("pending_points", new()
    {
        ["id"] = ("id", ColumnKind.Text),
        ["voucher_id"] = ("voucher_id", ColumnKind.Text),
        ["campaign_id"] = ("campaign_id", ColumnKind.Text),
    }, ["id"], "-id");

    public static void Map(Api v1)
    {
        v1.List("/v1/loyalties/{campaignId}/pending-points", "list-campaign-pending-points", OfCampaign);
        v1.List("/v1/loyalties/{campaignId}/members/{memberId}/pending-points", "list-member-pending-points-1", OfMember);
        v1.List("/v1/loyalties/members/{memberId}/pending-points", "list-member-pending-points", OfMember);
        v1.Post("/v1/loyalties/members/{memberId}/pending-points/{pendingPointsId}/activate", "activate-member-pending-points", Activate);
        v1.Post<PendingInput, PendingBalance>("/v1/loyalties/members/{memberId}/pending-points/{pendingPointsId}/balance", "adjust-member-pending-points", Adjust);
        v1.Post("/v1/loyalties/members/{memberId}/pending-points/{pendingPointsId}/cancel", "cancel-member-pending-points", Cancel);
    }

    static Task<ListOf<PendingEntry>> OfCampaign(Call call)
    {
        var list = ListQuery.Read(call, Waiting);
        return call.Db.Read(async db => await Page(db, call, list.WhereIs("campaign_id", (await Campaign(db, call, call.Route("campaignId"))).Id)));
    }

    static Task<ListOf<PendingEntry>> OfMember(Call call)
    {
        var list = ListQuery.Read(call, Waiting);
        return call.Db.Read(async db => await Page(db, call, list.WhereIs("voucher_id", (await Card(db, call)).Id)));
    }

    // One more than asked for tells whether there are more.
    static async Task<ListOf<PendingEntry>> Page(DbConnection db, Call call, ListQuery list)
    {
        var ascending = call.Query["order"] == "id";
        if (call.Query["starting_after_id"].ToString() is { Length: > 0 } after) list.Where($"id {(ascending ? ">" : "<")} {list.Arg(after)}");
        var rows = await list.Where("status = 'PENDING'").OneMore<PendingRow>(db);
        var hasMore = rows.Count > list.Limit;
        if (hasMore) rows.RemoveAt(rows.Count - 1);
        return new("data", rows.ConvertAll(row => row.Show())) { HasMore = hasMore, MoreStartingAfter = hasMore ? rows[^1].Id : null };
    }

    static async Task<PendingBalance> Activate(Call call)
    {
        try
        {
            return await call.Commit(async db =>
            {
                var (card, row) = await Find(db, call);
                return await PendingMoves.Activate(db, row, PendingMoves.Manual, call.Now, call.Source, call.EventSource) ?? throw await Ended(db, card, row, "activated");
            });
        }
        catch (CardIsFull)
        {
            throw new ApiFault(Refusals.InvalidAddBalanceParams.With("The card would hold more than the largest amount"));
        }
    }

    static Task<PendingBalance> Adjust(PendingInput input, Call call)
    {
        if (input.Points is not { } added) throw Checks.Wrong("points", "is required");
        if (added == 0) throw Checks.Wrong("points", "must not be 0");
        return call.Commit(async db =>
        {
            var (card, row) = await Find(db, call);
            if (await PendingMoves.Adjust(db, row, added, call.Now, call.EventSource) is { } balance) return balance;
            if (await PendingSql.Find(db, call.ProjectId, card.Id, row.Id) is { Status: PendingStatus.Pending }) throw new ApiFault(Refusals.InvalidAmount);
            throw await Ended(db, card, row, "updated");
        });
    }

    static Task<Nothing> Cancel(Call call)
    {
        call.Status = StatusCodes.Status204NoContent;
        return call.Commit(async db =>
        {
            var (card, row) = await Find(db, call);
            return await PendingMoves.Cancel(db, row, PendingMoves.Manual, call.Now, call.EventSource) ? Nothing.Instance : throw await Ended(db, card, row, "canceled");
        });
    }

    static async Task<ApiFault> Ended(DbConnection db, VoucherRow card, PendingRow row, string what)
    {
        var now = await PendingSql.Find(db, row.ProjectId, card.Id, row.Id);
        return new ApiFault(Refusals.InvalidPendingPointsState.With($"Only pending points in 'PENDING' status can be {what}. Current status: '{now?.Status ?? PendingStatus.Canceled}'."));
    }

    static async Task<(VoucherRow Card, PendingRow Row)> Find(DbConnection db, Call call)
    {
        var (card, id) = (await Card(db, call), call.Route("pendingPointsId"));
        return (card, await PendingSql.Find(db, call.ProjectId, card.Id, id) ?? throw new ApiFault(Refusals.Missing(Object, id)));
    }

    // A loyalty card, and of the campaign in the path where that names one.
    static async Task<VoucherRow> Card(DbConnection db, Call call)
    {
        var id = call.Route("memberId");
        var campaign = call.RouteOrNull("campaignId") is { } named ? await Campaign(db, call, named) : null;
        return await VoucherSql.Find(db, call.ProjectId, id) is { Type: VoucherTypes.Loyalty } card && (campaign is null || campaign.Id == card.CampaignId)
            ? card
            : throw new ApiFault(Refusals.Missing("voucher", id));
    }

    static async Task<CampaignRow> Campaign(DbConnection db, Call call, string named) =>
        await CampaignSql.Find(db, call.ProjectId, named) is { CampaignType: CampaignTypes.Loyalty } campaign ? campaign : throw new ApiFault(Refusals.Missing("campaign", named));
}
