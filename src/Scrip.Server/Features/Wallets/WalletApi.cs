using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Wallets;

/// <summary>
/// What a customer holds. A holding is not stored by itself: its id is the voucher's with another prefix, so that both
/// sort alike, and its beginning is the voucher's.
/// </summary>
static class WalletApi
{
    const string Prefix = "rh_";
    const string HoldingId = "('rh_' || CASE WHEN substr(vouchers.id, 1, 2) = 'v_' THEN substr(vouchers.id, 3) ELSE vouchers.id END)";

    static readonly ListSpec Holdings = new("vouchers", new()
    {
        ["id"] = (HoldingId, ColumnKind.Text),
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["redeemable_id"] = ("id", ColumnKind.Text),
        ["redeemable_object"] = ("CAST('voucher' AS TEXT)", ColumnKind.Text),
        ["holder_role"] = ("CAST('OWNER' AS TEXT)", ColumnKind.Text),
        ["campaign_id"] = ("campaign_id", ColumnKind.Text),
        ["campaign_type"] = ("(SELECT campaign_type FROM campaigns WHERE campaigns.project_id = vouchers.project_id AND campaigns.id = vouchers.campaign_id)", ColumnKind.Text),
        ["voucher_type"] = ("type", ColumnKind.Text),
    }, ["id"], "-id");

    public static void Map(Api v1) => v1.List("/v1/customers/{customerId}/redeemables", "list-customer-redeemables", Read);

    static async Task<ListOf<HeldRedeemable>> Read(Call call)
    {
        var name = call.Route("customerId");
        var links = await call.Need<AssetSecret>().Links(call);
        var loaded = await call.Db.Read(async db =>
        {
            var customer = await CustomerSql.Find(db, call.ProjectId, name) ?? throw new ApiFault(Refusals.Missing("customer", name));
            var (_, total) = await Matching(call, customer.Id).RowsAndTotal<VoucherRow>(db, VoucherSql.Columns);
            var rows = await Behind(call, Matching(call, customer.Id)).OneMore<VoucherRow>(db);
            return (Customer: customer.Id, Total: total, Rows: rows, Project: await ProjectSql.Find(db, call.ProjectId));
        });
        var project = await call.Need<SnapshotCache>().Get(call.ProjectId, loaded.Project?.Version ?? 0);
        var limit = Matching(call, loaded.Customer).Limit;
        var shown = loaded.Rows.Take(limit).Select(row => Show(row, loaded.Customer, project.Campaign(row.CampaignId), links, call.Now)).ToList();
        var categorized = await call.Db.Read(db => VoucherView.Categorized(db, call.Db.Dialect, call.ProjectId, shown.ConvertAll(one => one.Redeemable.Voucher)));
        var hasMore = loaded.Rows.Count > limit;
        return new("data", [.. shown.Zip(categorized, (one, voucher) => one with { Redeemable = one.Redeemable with { Voucher = voucher } })])
        {
            Total = loaded.Total,
            HasMore = hasMore,
            MoreStartingAfter = hasMore ? shown[^1].Id : null,
        };
    }

    static ListQuery Matching(Call call, string customer)
    {
        var list = ListQuery.Read(call, Holdings);
        return list.Where(VoucherSql.Live).Where($"holder_id = {list.Arg(customer)}");
    }

    // The cursor goes the way the order goes.
    static ListQuery Behind(Call call, ListQuery list)
    {
        var cursor = call.Query["starting_after_id"].ToString();
        if (cursor.Length == 0) return list;
        if (!cursor.StartsWith(Prefix, StringComparison.Ordinal))
            throw new ApiFault(Refusals.InvalidQueryParams.With("Property .starting_after_id must be an id of this list, such as rh_0e7b8db4700106a852"));
        return list.Where($"{HoldingId} {(call.Query["order"] == "id" ? ">" : "<")} {list.Arg(cursor)}");
    }

    static HeldRedeemable Show(VoucherRow row, string customer, CampaignSnapshot? campaign, AssetLinks links, long now) => new()
    {
        Id = Prefix + (row.Id.StartsWith(VoucherRow.IdPrefix, StringComparison.Ordinal) ? row.Id[VoucherRow.IdPrefix.Length..] : row.Id),
        CreatedAt = new(row.CreatedAt),
        RedeemableId = row.Id,
        CustomerId = customer,
        CampaignId = row.CampaignId,
        CampaignType = campaign?.CampaignType,
        VoucherType = row.Type,
        Redeemable = new(VoucherView.Show(row, campaign?.Name, links), Status(row, campaign?.ScheduleOf(row), now)),
    };

    // What its campaign forbids counts as well.
    static string Status(VoucherRow row, Schedule? campaign, long now)
    {
        if (!row.Active || campaign is { Active: false }) return "DISABLED";
        if (now < row.StartsAt || now < campaign?.StartsAt) return "NOT_ACTIVE_YET";
        if (now > row.ExpiresAt || now > campaign?.ExpiresAt) return "EXPIRED";
        if (row.Redeemed >= row.Quantity) return "USED";
        return row.GiftBalance == 0 ? "NO_BALANCE" : "ACTIVE";
    }
}
