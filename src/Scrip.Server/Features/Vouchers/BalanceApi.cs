using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Vouchers;

/// <summary>The credits of gift cards and the points of loyalty cards: changing them by hand, and what moved.</summary>
static class BalanceApi
{
    static readonly ListSpec Transactions = new("voucher_transactions", new()
    {
        ["id"] = ("id", ColumnKind.Text),
        ["voucher_id"] = ("voucher_id", ColumnKind.Text),
        ["type"] = ("type", ColumnKind.Text),
        ["campaign_id"] = ("campaign_id", ColumnKind.Text),
        ["created_at"] = ("created_at", ColumnKind.Moment),
    }, ["id"], "-id");

    public static void Map(Api v1)
    {
        v1.Post<BalanceInput, CardBalance>("/v1/vouchers/{code}/balance", "update-voucher-balance", Change);
        v1.List("/v1/vouchers/{code}/transactions", "list-voucher-transactions", OfVoucher);
    }

    static Task<CardBalance> Change(BalanceInput input, Call call) => Change(input, call, async db =>
    {
        var id = call.Route("code");
        var card = await VoucherSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("voucher", id));
        return card.GiftAmount is not null ? card : throw new ApiFault(Refusals.InvalidAddBalanceParams.With("Only a GIFT_VOUCHER and a LOYALTY_CARD have a balance"));
    });

    /// <summary>Changes the balance of a card that is found inside the write.</summary>
    public static Task<CardBalance> Change(BalanceInput input, Call call, Func<System.Data.Common.DbConnection, Task<VoucherRow>> find, string field = "amount", PointsLife? life = null)
    {
        var amount = input.Amount ?? throw Checks.Wrong(field, "is required");
        if (amount == 0) throw new ApiFault(Refusals.InvalidAddBalanceParams.With($"{field} must not be 0"));
        Checks.Text(input.SourceId, "source_id");
        Checks.Text(input.Reason, "reason", 2000);
        return call.Commit(async db =>
        {
            var card = await find(db);
            var move = new CardMove { Amount = amount, Operation = "MANUAL", Source = call.Source, SourceId = input.SourceId, Reason = input.Reason, Life = life ?? PointsLife.ByCampaign };
            var moved = await CardMoves.Move(db, card, move, call.Now, call.EventSource)
                ?? throw new ApiFault(Refusals.InvalidAddBalanceParams.With(amount < 0
                    ? $"The balance is {card.GiftBalance}, so {-amount} cannot be removed"
                    : "The card would hold more than the largest amount"));
            return moved.Balance;
        });
    }

    static Task<ListOf<Transaction>> OfVoucher(Call call)
    {
        var id = call.Route("code");
        var page = OfCard(call);
        return call.Db.Read(async db => await page(db, (await VoucherSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("voucher", id))).Id));
    }

    /// <summary>The transactions of a card, by its id.</summary>
    public static Func<System.Data.Common.DbConnection, string, Task<ListOf<Transaction>>> OfCard(Call call)
    {
        var list = ListQuery.Read(call, Transactions);
        return (db, cardId) => Page(db, call, list.WhereIs("voucher_id", cardId));
    }

    /// <summary>The transactions of all cards of a campaign.</summary>
    public static Func<System.Data.Common.DbConnection, string, Task<ListOf<Transaction>>> OfCampaign(Call call)
    {
        var list = ListQuery.Read(call, Transactions);
        return (db, campaignId) => Page(db, call, list.WhereIs("campaign_id", campaignId));
    }

    // One more than asked for tells whether there are more.
    static async Task<ListOf<Transaction>> Page(System.Data.Common.DbConnection db, Call call, ListQuery list)
    {
        var ascending = call.Query["order"].ToString() == "id";
        if (call.Query["starting_after_id"].ToString() is { Length: > 0 } after) list.Where($"id {(ascending ? ">" : "<")} {list.Arg(after)}");
        var rows = await list.OneMore<TransactionRow>(db);
        var hasMore = rows.Count > list.Limit;
        if (hasMore) rows.RemoveAt(rows.Count - 1);
        return new("data", rows.ConvertAll(TransactionSql.Show)) { HasMore = hasMore, MoreStartingAfter = hasMore ? rows[^1].Id : null };
    }
}
