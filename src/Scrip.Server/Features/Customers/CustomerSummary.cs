using System.Data.Common;
using System.Text.Json.Serialization;
using Dapper;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Customers;

/// <summary>What a customer redeemed and bought, counted from the history when a customer is shown.</summary>
public sealed record CustomerSummary(CustomerRedemptions Redemptions, CustomerOrders Orders)
{
    /// <summary>A customer without a history.</summary>
    public static readonly CustomerSummary Empty = new(new CustomerRedemptions(), new CustomerOrders());

    /// <summary>Told beside the summary: points on loyalty cards, and whom the customer referred.</summary>
    [JsonIgnore] public CustomerLoyalty Loyalty { get; init; } = new();

    /// <summary>Told beside the summary: who referred the customer.</summary>
    [JsonIgnore] public CustomerReferrals Referrals { get; init; } = new();
}

/// <summary>Each redemption counts once: of a stack the parts, not the whole.</summary>
public sealed record CustomerRedemptions
{
    /// <summary>Succeeded and failed ones.</summary>
    public long TotalRedeemed { get; init; }
    public long TotalFailed { get; init; }
    public long TotalSucceeded { get; init; }
    public long TotalRolledBack { get; init; }
    public long TotalRollbackFailed { get; init; }
    public long TotalRollbackSucceeded { get; init; }
    public CustomerGift Gift { get; init; } = new(0, 0);
    public CustomerPoints LoyaltyCard { get; init; } = new(0, 0);
}

/// <summary>Gift credits spent, less what rollbacks gave back; and what is left on the cards held. Minor units.</summary>
public sealed record CustomerGift(long RedeemedAmount, long AmountToGo);

/// <summary>Loyalty points spent and left.</summary>
public sealed record CustomerPoints(long RedeemedPoints, long PointsToGo);

/// <summary>Orders that were paid or fulfilled, after discounts, in minor units.</summary>
public sealed record CustomerOrders
{
    public long TotalAmount { get; init; }
    public long TotalCount { get; init; }
    public long AverageAmount { get; init; }
    public long LastOrderAmount { get; init; }
    public Moment? LastOrderDate { get; init; }
}

/// <summary>Points left on all loyalty cards that are held, and how many the customer referred.</summary>
public sealed record CustomerLoyalty
{
    public long Points { get; init; }
    public long ReferredCustomers { get; init; }

    /// <summary>The same by the names of campaigns.</summary>
    public IReadOnlyDictionary<string, CustomerLoyaltyCampaign> Campaigns { get; init; } = new Dictionary<string, CustomerLoyaltyCampaign>();

    internal CustomerLoyalty With(string campaign, long points, long referred)
    {
        var known = Campaigns.GetValueOrDefault(campaign) ?? new(0, 0);
        return new()
        {
            Points = Points + points,
            ReferredCustomers = ReferredCustomers + referred,
            Campaigns = new Dictionary<string, CustomerLoyaltyCampaign>(Campaigns) { [campaign] = new(known.Points + points, known.ReferredCustomers + referred) },
        };
    }
}

/// <summary>What one campaign has of a customer: points left, and how many the customer referred.</summary>
public sealed record CustomerLoyaltyCampaign(long Points, long ReferredCustomers);

/// <summary>Who referred the customer, in which campaigns; once in each.</summary>
public sealed record CustomerReferrals
{
    public long Total { get; init; }
    public CustomerReferral[] Campaigns { get; init; } = [];
}

/// <summary>One referral: of a campaign, by a customer, through a redemption or an event.</summary>
public sealed record CustomerReferral
{
    public required string CampaignId { get; init; }
    public required string ReferrerId { get; init; }
    public required string RelatedObjectId { get; init; }
    public required string RelatedObjectType { get; init; }
    public required Moment Date { get; init; }
}

/// <summary>One statement counts for any number of customers, so that a page of a list costs what one costs.</summary>
static class CustomerSummarySql
{
    // The parent of a stack repeats its children, so it is left out.
    static readonly Words Counts = new(static dialect => $"""
        WITH uses AS (
            SELECT r.customer_id,
                SUM(CASE WHEN r.object = 'redemption' THEN 1 ELSE 0 END) AS redeemed,
                SUM(CASE WHEN r.object = 'redemption' AND r.result = 'FAILURE' THEN 1 ELSE 0 END) AS failed,
                SUM(CASE WHEN r.object = 'redemption' AND r.result = 'SUCCESS' THEN 1 ELSE 0 END) AS succeeded,
                SUM(CASE WHEN r.object = 'redemption' AND r.status = 'ROLLED_BACK' THEN 1 ELSE 0 END) AS rolled_back,
                SUM(CASE WHEN r.object = 'redemption_rollback' AND r.result = 'FAILURE' THEN 1 ELSE 0 END) AS rollback_failed,
                SUM(CASE WHEN r.object = 'redemption_rollback' AND r.result = 'SUCCESS' THEN 1 ELSE 0 END) AS rollback_succeeded,
                {Sums.Of("CASE WHEN v.type = 'GIFT_VOUCHER' AND r.result = 'SUCCESS' THEN COALESCE(r.amount, 0) ELSE 0 END")} AS gift_redeemed,
                {Sums.Of("CASE WHEN v.type = 'LOYALTY_CARD' AND r.result = 'SUCCESS' THEN COALESCE(r.amount, 0) ELSE 0 END")} AS points_redeemed
            FROM redemptions r LEFT JOIN vouchers v ON v.project_id = r.project_id AND v.id = r.voucher_id
            WHERE r.project_id = @project AND {dialect.Among("r.customer_id", "@ids")} AND (r.parent_id IS NOT NULL OR NOT EXISTS (
                SELECT 1 FROM redemptions part WHERE part.project_id = r.project_id AND part.parent_id = r.id))
            GROUP BY r.customer_id
        ), paid AS (
            SELECT customer_id, created_at, COALESCE(total_amount, amount, 0) AS total,
                ROW_NUMBER() OVER (PARTITION BY customer_id ORDER BY created_at DESC, id DESC) AS place
            FROM orders WHERE project_id = @project AND {dialect.Among("customer_id", "@ids")} AND status IN ('PAID', 'FULFILLED')
        ), spent AS (
            SELECT customer_id, COUNT(*) AS orders, {Sums.Of("total")} AS total, MAX(created_at) AS last_at,
                MAX(CASE WHEN place = 1 THEN total END) AS last_total
            FROM paid GROUP BY customer_id
        ), cards AS (
            SELECT holder_id, {Sums.Of("CASE WHEN type = 'GIFT_VOUCHER' THEN gift_balance ELSE 0 END")} AS gift_left,
                {Sums.Of("CASE WHEN type = 'LOYALTY_CARD' THEN gift_balance ELSE 0 END")} AS points_left,
                SUM(CASE WHEN type = 'LOYALTY_CARD' THEN 1 ELSE 0 END) AS loyalty_cards
            FROM vouchers WHERE project_id = @project AND {dialect.Among("holder_id", "@ids")} AND deleted_at IS NULL GROUP BY holder_id
        )
        SELECT c.id, CAST(uses.redeemed AS BIGINT) AS redeemed, CAST(uses.failed AS BIGINT) AS failed,
            CAST(uses.succeeded AS BIGINT) AS succeeded, CAST(uses.rolled_back AS BIGINT) AS rolled_back,
            CAST(uses.rollback_failed AS BIGINT) AS rollback_failed, CAST(uses.rollback_succeeded AS BIGINT) AS rollback_succeeded,
            uses.gift_redeemed, cards.gift_left, uses.points_redeemed, cards.points_left, CAST(cards.loyalty_cards AS BIGINT) AS loyalty_cards,
            spent.orders, spent.total, spent.last_at, spent.last_total,
            (SELECT COUNT(*) FROM referrals WHERE project_id = @project AND referee_id = c.id) AS referred,
            (SELECT COUNT(*) FROM referrals WHERE project_id = @project AND referrer_id = c.id) AS referrals
        FROM customers c
            LEFT JOIN uses ON uses.customer_id = c.id LEFT JOIN spent ON spent.customer_id = c.id LEFT JOIN cards ON cards.holder_id = c.id
        WHERE c.project_id = @project AND {dialect.Among("c.id", "@ids")}
        """);

    /// <summary>The summaries of customers by their id.</summary>
    public static async Task<Dictionary<string, CustomerSummary>> Of(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> ids)
    {
        if (ids.Count == 0) return [];
        var rows = (await db.QueryAsync<Row>(Counts.In(dialect), new { project, ids = dialect.Texts(ids) })).AsList();
        var told = rows.ToDictionary(row => row.Id, row => row.Show());
        // Few customers refer somebody, or were referred, or hold loyalty cards.
        foreach (var one in await Ties(Referred, row => row.Referred > 0))
            told[one.Key] = told[one.Key] with { Referrals = new() { Total = one.Count(), Campaigns = [.. one.Select(tie => tie.Show())] } };
        foreach (var one in await Ties(Referring, row => row.Referrals > 0))
            foreach (var tie in one) told[one.Key] = told[one.Key] with { Loyalty = told[one.Key].Loyalty.With(tie.CampaignName, 0, tie.Count) };
        foreach (var one in await Ties(Holding, row => row.LoyaltyCards > 0))
            foreach (var tie in one) told[one.Key] = told[one.Key] with { Loyalty = told[one.Key].Loyalty.With(tie.CampaignName, tie.Count, 0) };
        return told;

        async Task<IEnumerable<IGrouping<string, Tie>>> Ties(Words words, Predicate<Row> has)
        {
            var some = rows.FindAll(has).ConvertAll(row => row.Id);
            return some.Count == 0 ? [] : (await db.QueryAsync<Tie>(words.In(dialect), new { project, ids = dialect.Texts(some) })).GroupBy(tie => tie.CustomerId);
        }
    }

    static readonly Words Referred = new(static dialect => $"""
        SELECT *, referee_id AS customer_id FROM referrals WHERE project_id = @project AND {dialect.Among("referee_id", "@ids")} ORDER BY created_at, campaign_id
        """);

    static readonly Words Referring = new(static dialect => $"""
        SELECT r.referrer_id AS customer_id, COALESCE(c.name, r.campaign_id) AS campaign_name, COUNT(*) AS count
        FROM referrals r LEFT JOIN campaigns c ON c.project_id = r.project_id AND c.id = r.campaign_id
        WHERE r.project_id = @project AND {dialect.Among("r.referrer_id", "@ids")} GROUP BY r.referrer_id, COALESCE(c.name, r.campaign_id) ORDER BY campaign_name
        """);

    static readonly Words Holding = new(static dialect => $"""
        SELECT v.holder_id AS customer_id, COALESCE(c.name, v.campaign_id) AS campaign_name, {Sums.Of("v.gift_balance")} AS count
        FROM vouchers v LEFT JOIN campaigns c ON c.project_id = v.project_id AND c.id = v.campaign_id
        WHERE v.project_id = @project AND {dialect.Among("v.holder_id", "@ids")} AND v.deleted_at IS NULL AND v.type = 'LOYALTY_CARD'
        GROUP BY v.holder_id, COALESCE(c.name, v.campaign_id) ORDER BY campaign_name
        """);

    // What ties a customer to a campaign: who referred it, how many it referred, or its points.
    sealed class Tie
    {
        public string CustomerId { get; init; } = "";
        public string CampaignId { get; init; } = "";
        public string CampaignName { get; init; } = "";
        public string ReferrerId { get; init; } = "";
        public string RelatedObjectId { get; init; } = "";
        public string RelatedObjectType { get; init; } = "";
        public long CreatedAt { get; init; }
        public long Count { get; init; }

        public CustomerReferral Show() => new()
        {
            CampaignId = CampaignId,
            ReferrerId = ReferrerId,
            RelatedObjectId = RelatedObjectId,
            RelatedObjectType = RelatedObjectType,
            Date = new(CreatedAt),
        };
    }

    sealed class Row
    {
        public string Id { get; init; } = "";
        public long Redeemed { get; init; }
        public long Failed { get; init; }
        public long Succeeded { get; init; }
        public long RolledBack { get; init; }
        public long RollbackFailed { get; init; }
        public long RollbackSucceeded { get; init; }
        public long GiftRedeemed { get; init; }
        public long GiftLeft { get; init; }
        public long PointsRedeemed { get; init; }
        public long PointsLeft { get; init; }
        public long LoyaltyCards { get; init; }
        public long Orders { get; init; }
        public long Total { get; init; }
        public long? LastAt { get; init; }
        public long LastTotal { get; init; }
        public long Referred { get; init; }
        public long Referrals { get; init; }

        public CustomerSummary Show() => new(
            new CustomerRedemptions
            {
                TotalRedeemed = Redeemed,
                TotalFailed = Failed,
                TotalSucceeded = Succeeded,
                TotalRolledBack = RolledBack,
                TotalRollbackFailed = RollbackFailed,
                TotalRollbackSucceeded = RollbackSucceeded,
                Gift = new(GiftRedeemed, GiftLeft),
                LoyaltyCard = new(PointsRedeemed, PointsLeft),
            },
            new CustomerOrders
            {
                TotalAmount = Total,
                TotalCount = Orders,
                AverageAmount = Orders == 0 ? 0 : (Total + Orders / 2) / Orders,
                LastOrderAmount = LastTotal,
                LastOrderDate = Moment.From(LastAt),
            });
    }
}
