using System.Data.Common;
using Dapper;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Redemptions;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Payloads;

/// <summary>
/// What payloads of one project's events are made of, read together: however many events there are, it is a few
/// queries. Ask for all with the Want methods, then <see cref="Load"/>, then take; what is gone meanwhile is null.
/// </summary>
sealed class PayloadFacts(DbConnection db, Dialect dialect, string project)
{
    readonly Shelf<Redemption> redemptions = new();
    readonly Shelf<Transaction> transactions = new();
    readonly Shelf<VoucherRow> vouchers = new();
    readonly Shelf<SimpleCampaign> campaigns = new();
    readonly Shelf<SimpleTier> tiers = new();
    readonly Shelf<CustomerRow> customers = new();
    readonly HashSet<string> summarized = [];
    Dictionary<string, CustomerSummary> summaries = [];

    public void WantRedemption(string? id) => redemptions.Want(id);

    public void WantTransaction(string? id) => transactions.Want(id);

    public void WantVoucher(string? id) => vouchers.Want(id);

    public void WantCampaign(string? id) => campaigns.Want(id);

    public void WantTier(string? id) => tiers.Want(id);

    public void WantCustomer(string? id, bool whole = false)
    {
        customers.Want(id);
        if (whole && id is not null) summarized.Add(id);
    }

    /// <summary>Reads all that was asked for, and what belongs to it.</summary>
    public async Task Load()
    {
        await LoadRedemptions();
        await transactions.Fill(async ids => (await Rows<TransactionRow>("voucher_transactions", ids)).Select(row => (row.Id, TransactionSql.Show(row))));
        foreach (var one in transactions.All)
        {
            vouchers.Want(one.VoucherId);
            vouchers.Want(one.Details.SourceVoucher?.Id);
            vouchers.Want(one.Details.DestinationVoucher?.Id);
            redemptions.Want(one.Details.Redemption?.Id);
            redemptions.Want(one.Details.Rollback?.Id);
        }
        await LoadRedemptions();
        await vouchers.Fill(async ids => (await db.QueryAsync<VoucherRow>(
            $"SELECT {VoucherSql.Columns} FROM vouchers WHERE project_id = @project AND {dialect.Among("id", "@ids")}",
            new { project, ids = dialect.Texts(ids) })).Select(row => (row.Id, row)));
        foreach (var voucher in vouchers.All)
        {
            campaigns.Want(voucher.CampaignId);
            customers.Want(voucher.HolderId);
        }
        await tiers.Fill(async ids => (await TierSql.All(db, dialect, project, [.. ids])).Select(row => (row.Id, SimpleTier.Of(PromotionTier.Of(row)))));
        await campaigns.Fill(async ids => (await Rows<CampaignRow>("campaigns", ids)).Select(row => (row.Id, SimpleCampaign.Of(row))));
        await customers.Fill(async ids => (await Rows<CustomerRow>("customers", ids)).Select(row => (row.Id, row)));
        if (summarized.Count > 0) summaries = await CustomerSummarySql.Of(db, dialect, project, summarized);
    }

    // The redemption that a rollback takes back is told beside it.
    async Task LoadRedemptions()
    {
        for (var more = true; more;)
        {
            var found = await redemptions.Fill(async ids => (await RedemptionSql.Whole(db, dialect, project, [.. await Rows<RedemptionRow>("redemptions", ids)])).Select(entry => (entry.Id, entry)));
            more = false;
            foreach (var entry in found)
            {
                campaigns.Want(entry.Voucher?.CampaignId ?? entry.PromotionTier?.CampaignId);
                customers.Want(entry.Voucher?.HolderId);
                customers.Want(entry.Order?.ReferrerId);
                if (entry.Object == RedemptionFlow.Object) continue;
                redemptions.Want(entry.RedemptionId);
                more = true;
            }
        }
    }

    async Task<IEnumerable<TRow>> Rows<TRow>(string table, string[] ids) => await db.QueryAsync<TRow>(
        $"SELECT * FROM {table} WHERE project_id = @project AND {dialect.Among("id", "@ids")}", new { project, ids = dialect.Texts(ids) });

    public Redemption? Redemption(string? id) => redemptions.Take(id);

    public Transaction? Transaction(string? id) => transactions.Take(id);

    public Voucher? Voucher(string? id) => vouchers.Take(id) is { } row ? VoucherView.Show(row, row.CampaignName, null) : null;

    public SimpleCampaign? Campaign(string? id) => campaigns.Take(id);

    public SimpleTier? Tier(string? id) => tiers.Take(id);

    public CustomerShort? Short(string? id) => customers.Take(id) is { } row ? CustomerView.Short(row) : null;

    public Customer? Customer(string? id) => customers.Take(id) is { } row ? CustomerView.Show(row, summaries.GetValueOrDefault(row.Id)) : null;

    /// <summary>Things of one kind by their ids.</summary>
    sealed class Shelf<T> where T : class
    {
        readonly Dictionary<string, T?> things = [];
        readonly HashSet<string> wanted = [];

        public IEnumerable<T> All => things.Values.OfType<T>();

        public void Want(string? id)
        {
            if (id is not null && !things.ContainsKey(id)) wanted.Add(id);
        }

        public T? Take(string? id) => id is null ? null : things.GetValueOrDefault(id);

        public async Task<List<T>> Fill(Func<string[], Task<IEnumerable<(string, T)>>> read)
        {
            if (wanted.Count == 0) return [];
            foreach (var id in wanted) things[id] = null;
            var found = (await read([.. wanted])).ToList();
            wanted.Clear();
            foreach (var (id, thing) in found) things[id] = thing;
            return found.ConvertAll(one => one.Item2);
        }
    }
}
