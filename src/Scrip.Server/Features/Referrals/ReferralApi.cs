using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Referrals;

/// <summary>Holders of referral codes. A member is a code or the id of its voucher; its referrer is whom it was published to.</summary>
static class ReferralApi
{
    const int HoldersMax = 100;
    const int AttemptsMax = 3;

    static readonly Dictionary<string, (string, ColumnKind)> Columns = new()
    {
        ["id"] = ("id", ColumnKind.Text),
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["customer_id"] = ("customer_id", ColumnKind.Text),
        ["holder_role"] = ("holder_role", ColumnKind.Text),
    };

    public static void Map(Api v1)
    {
        foreach (var (path, suffix) in new[] { ("/v1/referrals/{campaignId}/members/{memberId}/holders", "-1"), ("/v1/referrals/members/{memberId}/holders", "") })
        {
            v1.Post<HoldersInput, HoldersAnswer>(path, "referrals-add-holders" + suffix, Add);
            v1.List(path, suffix.Length > 0 ? "referrals-code-holders" : "referrals-code-holders-1", List);
            v1.Delete(path + "/{holderId}", "referrals-remove-holder" + suffix, Remove);
        }
    }

    static async Task<HoldersAnswer> Add(HoldersInput input, Call call)
    {
        if (input.Holders is not { Length: > 0 }) throw Checks.Wrong("holders", "must NOT have fewer than 1 items");
        if (input.Holders.Length > HoldersMax) throw Checks.Wrong("holders", $"must NOT have more than {HoldersMax} items");
        Checks.Metadata(input.Metadata);
        for (var i = 0; i < input.Holders.Length; i++)
        {
            if (input.Holders[i] is not { } holder) throw Checks.Wrong($"holders[{i}]", "must be object");
            CustomerFlow.Check(holder, $"holders[{i}].");
            if (string.IsNullOrEmpty(holder.Id) && string.IsNullOrEmpty(holder.SourceId)) throw Checks.Wrong($"holders[{i}]", "must have id or source_id");
        }
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            try
            {
                return await call.Commit(async db => await AddAll(db, input, call));
            }
            catch (Exception fault) when (fault is Retry || call.Db.IsDuplicate(fault))
            {
                // Another request made or changed one of the customers; nothing of this attempt was written.
            }
        }
        throw new ApiFault(Refusals.ConcurrentUpdate);
    }

    static async Task<HoldersAnswer> AddAll(DbConnection db, HoldersInput input, Call call)
    {
        var voucher = await Code(db, call);
        if (voucher.HolderId is null) throw new ApiFault(Refusals.NotPublished.With("Referral code must be first published to Referrer before assigning it to Referee"));
        var added = new List<RedeemableHolder>();
        foreach (var holder in input.Holders!)
        {
            var customer = await InlineCustomer.Load(db, call.ProjectId, holder, call.Now);
            if (customer.Write is { } write && !await CustomerSql.Write(db, write)) throw new Retry();
            if (customer.Id == voucher.HolderId) throw new ApiFault(Refusals.HolderDuplication.With($"Customer {customer.Id} is the referrer of the code"));
            var row = new HolderRow
            {
                ProjectId = call.ProjectId,
                Id = Ids.New("rh_", call.Now),
                VoucherId = voucher.Id,
                CampaignId = voucher.CampaignId!,
                CustomerId = customer.Id!,
                VoucherType = voucher.Type,
                CreatedAt = call.Now,
                Body = Wire.Text(new HolderBody(input.Metadata)),
            };
            if (!await ReferralSql.AddHolder(db, row)) throw new ApiFault(Refusals.HolderDuplication.With($"Customer {customer.Id} is a referee of the code already"));
            added.Add(row.Show());
            await Happening.Tell(db, call, EventTypes.HolderAssigned, row.CustomerId, new HolderTold(added[^1]));
        }
        return new HoldersAnswer([.. added]);
    }

    static Task<ListOf<RedeemableHolder>> List(Call call) => call.Db.Read(async db =>
    {
        var voucher = await Code(db, call);
        var list = Matching(call, voucher);
        var ascending = call.Query["order"] == "id";
        if (call.Query["starting_after_id"].ToString() is { Length: > 0 } after) list.Where($"id {(ascending ? ">" : "<")} {list.Arg(after)}");
        var (_, total) = await Matching(call, voucher).RowsAndTotal<HolderRow>(db);
        var rows = await list.OneMore<HolderRow>(db);
        var hasMore = rows.Count > list.Limit;
        if (hasMore) rows.RemoveAt(rows.Count - 1);
        return new ListOf<RedeemableHolder>("data", rows.ConvertAll(row => row.Show())) { Total = total, HasMore = hasMore, MoreStartingAfter = hasMore ? rows[^1].Id : null };
    });

    static ListQuery Matching(Call call, VoucherRow voucher)
    {
        var empty = call.Db.Dialect.IsPostgres ? "CAST('{}' AS JSONB)" : "'{}'";
        var list = ListQuery.Read(call, new ListSpec(ReferralSql.Holders.Replace("$empty$", empty, StringComparison.Ordinal), Columns, ["id", "created_at"], "-id"));
        list.Named("voucher", voucher.Id);
        return list;
    }

    static Task Remove(Call call)
    {
        var id = call.Route("holderId");
        return call.Commit(async db =>
        {
            var voucher = await Code(db, call);
            if (voucher.Id.Length > 2 && id == "rh_" + voucher.Id[2..] && voucher.HolderId is not null) throw new ApiFault(Refusals.Forbidden.With("You can not remove Referrer assignment"));
            if (await ReferralSql.RemoveHolder(db, call.ProjectId, voucher.Id, id) is not { } row) throw new ApiFault(Refusals.Missing("redeemable_holder", id));
            await Happening.Tell(db, call, EventTypes.HolderUnassigned, row.CustomerId, new HolderTold((row with { VoucherType = voucher.Type }).Show()));
            return Nothing.Instance;
        });
    }

    // A code of a referral campaign, and of the one in the path where that names one.
    static async Task<VoucherRow> Code(DbConnection db, Call call)
    {
        var id = call.Route("memberId");
        var named = call.RouteOrNull("campaignId");
        var campaign = named is null ? null : await CampaignSql.Find(db, call.ProjectId, named) ?? throw new ApiFault(Refusals.Missing("campaign", named));
        var voucher = await VoucherSql.Find(db, call.ProjectId, id);
        if (voucher?.CampaignId is null || (campaign is not null && campaign.Id != voucher.CampaignId)) throw new ApiFault(Refusals.Missing("voucher", id));
        campaign ??= await CampaignSql.Find(db, call.ProjectId, voucher.CampaignId);
        return campaign?.CampaignType == CampaignTypes.Referral ? voucher : throw new ApiFault(Refusals.Missing("voucher", id));
    }

    /// <summary>Rolls an attempt back.</summary>
    sealed class Retry : Exception;
}
