using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Campaigns;

/// <summary>What a campaign came to. Amounts are minor units; the last three groups belong to coupons, to gift cards or to loyalty cards.</summary>
public sealed record CampaignSummary
{
    public string Object => "campaign_summary";
    public required Campaign Campaign { get; init; }
    public long Redemptions { get; init; }
    public long RedemptionsSucceeded { get; init; }
    public long RedemptionsFailed { get; init; }
    public long Rollbacks { get; init; }
    public long RollbacksSucceeded { get; init; }
    public long RollbacksFailed { get; init; }
    public long Validations { get; init; }
    public long ValidationsSucceeded { get; init; }
    public long ValidationsFailed { get; init; }
    public long OrdersAmount { get; init; }
    public long OrdersRolledbackAmount { get; init; }
    public long VouchersCreated { get; init; }
    public long VouchersDeleted { get; init; }
    public long Publications { get; init; }
    public long PublicationsSucceeded { get; init; }
    public long PublicationsFailed { get; init; }
    public long? DiscountedAmount { get; init; }
    public long? RolledbackDiscountedAmount { get; init; }
    public long? CreatedVouchersAmount { get; init; }
    public long? AmountAdded { get; init; }
    public long? AmountDeleted { get; init; }
    public long? AmountRedeemed { get; init; }
    public long? AmountRolledback { get; init; }
    public long? AmountSubtracted { get; init; }
    public long? CreatedVouchersPoints { get; init; }
    public long? PointsAdded { get; init; }
    public long? PointsDeleted { get; init; }
    public long? PointsRedeemed { get; init; }
    public long? PointsRolledback { get; init; }
    public long? PointsSubtracted { get; init; }
    public long? PointsRewarded { get; init; }
    public long? PointsExpired { get; init; }
    public long? PointsTransferredOut { get; init; }
    public long? PointsTransferredIn { get; init; }
    public long? PendingPointsAdded { get; init; }
    public long? PendingPointsSubtracted { get; init; }
    public long? PendingPointsActivated { get; init; }
    public long? PendingPointsCanceled { get; init; }
}

/// <summary>Adds a campaign up in SQL. Validations and publications are not kept, so they count 0.</summary>
static class CampaignSummaries
{
    public static Task<CampaignSummary> Get(Call call)
    {
        var (from, until) = (Date(call, "start_date", isEnd: false), Date(call, "end_date", isEnd: true));
        return call.Db.Read(async db =>
        {
            var row = await CampaignApi.Find(db, call);
            var args = new { project = call.ProjectId, campaign = row.Id, from, until };
            var uses = await db.QuerySingleAsync<Uses>(UsesSql(call.Db.Dialect), args);
            var vouchers = await db.QuerySingleAsync<VoucherSums>(VouchersSql, args);
            var summary = new CampaignSummary
            {
                Campaign = await CampaignApi.Categorized(db, call, CampaignTerms.Show(row)),
                Redemptions = uses.Succeeded + uses.Failed,
                RedemptionsSucceeded = uses.Succeeded,
                RedemptionsFailed = uses.Failed,
                Rollbacks = uses.RolledBack + uses.RollbackFailed,
                RollbacksSucceeded = uses.RolledBack,
                RollbacksFailed = uses.RollbackFailed,
                OrdersAmount = uses.OrdersAmount,
                OrdersRolledbackAmount = uses.OrdersRolledbackAmount,
                VouchersCreated = vouchers.Created,
                VouchersDeleted = vouchers.Deleted,
            };
            return row.CampaignType == CampaignTypes.Loyalty
                ? summary with
                {
                    CreatedVouchersPoints = vouchers.Loaded - vouchers.AddedEver,
                    PointsAdded = vouchers.Added,
                    PointsSubtracted = vouchers.Removed,
                    PointsDeleted = vouchers.DeletedAmount,
                    PointsRedeemed = uses.Amount,
                    PointsRolledback = uses.RolledBackAmount,
                    // Nothing earns, moves or is pending yet.
                    PointsRewarded = 0,
                    PointsExpired = vouchers.Expired,
                    PointsTransferredOut = 0,
                    PointsTransferredIn = 0,
                    PendingPointsAdded = 0,
                    PendingPointsSubtracted = 0,
                    PendingPointsActivated = 0,
                    PendingPointsCanceled = 0,
                }
                : row.CampaignType == CampaignTypes.Gifts
                ? summary with
                {
                    CreatedVouchersAmount = vouchers.Loaded - vouchers.AddedEver,
                    AmountAdded = vouchers.Added,
                    AmountSubtracted = vouchers.Removed,
                    AmountDeleted = vouchers.DeletedAmount,
                    AmountRedeemed = uses.Amount,
                    AmountRolledback = uses.RolledBackAmount,
                }
                : summary with { DiscountedAmount = uses.Discounted, RolledbackDiscountedAmount = uses.RolledBackDiscounted };
        });
    }

    static long Date(Call call, string name, bool isEnd)
    {
        var text = call.Query[name].ToString();
        if (text.Length == 0) return isEnd ? long.MaxValue : long.MinValue;
        if (!Moment.TryParse(text, out var moment))
            throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .{name} cannot be recognized as a ISO-8601 compliant date"));
        const long day = 24 * 60 * 60 * 1000;
        // A date without a time means the whole day.
        return isEnd && !text.Contains('T', StringComparison.Ordinal) ? moment.Ms + day - 1 : moment.Ms;
    }

    static string UsesSql(Dialect dialect)
    {
        var discount = $"CAST({dialect.JsonText("r.body", ["order", "total_applied_discount_amount"])} AS BIGINT)";
        return $"""
            SELECT {Count("redemption", "SUCCESS")} AS succeeded, {Count("redemption", "FAILURE")} AS failed,
                {Count("redemption_rollback", "SUCCESS")} AS rolled_back, {Count("redemption_rollback", "FAILURE")} AS rollback_failed,
                {Sum("redemption", "o.amount")} AS orders_amount, {Sum("redemption_rollback", "o.amount")} AS orders_rolledback_amount,
                {Sum("redemption", "r.amount")} AS amount, {Sum("redemption_rollback", "r.amount")} AS rolled_back_amount,
                {Sum("redemption", discount)} AS discounted,
                {Sum("redemption_rollback", $"(SELECT {discount.Replace("r.body", "taken.body", StringComparison.Ordinal)} FROM redemptions taken WHERE taken.project_id = r.project_id AND taken.id = r.redemption_id)")} AS rolled_back_discounted
            FROM redemptions r LEFT JOIN orders o ON o.project_id = r.project_id AND o.id = r.order_id
            WHERE r.project_id = @project AND r.campaign_id = @campaign AND r.created_at BETWEEN @from AND @until
            """;
    }

    static string Count(string what, string result) =>
        $"COALESCE(SUM(CASE WHEN r.object = '{what}' AND r.result = '{result}' THEN 1 ELSE 0 END), 0)";

    static string Sum(string what, string amount) =>
        Sums.Of($"CASE WHEN r.object = '{what}' AND r.result = 'SUCCESS' THEN ABS({amount}) ELSE 0 END");

    static readonly string VouchersSql = $"""
        SELECT COUNT(*) AS created,
            COALESCE(SUM(CASE WHEN deleted_at IS NULL THEN 0 ELSE 1 END), 0) AS deleted,
            {Sums.Of("gift_amount")} AS loaded,
            {Sums.Of("CASE WHEN deleted_at IS NULL THEN 0 ELSE gift_balance END")} AS deleted_amount,
            (SELECT {Sums.Of("t.amount")} FROM voucher_transactions t JOIN vouchers v ON v.project_id = t.project_id AND v.id = t.voucher_id
                WHERE t.project_id = @project AND t.campaign_id = @campaign AND t.type IN ('CREDITS_ADDITION', 'POINTS_ADDITION') AND v.created_at BETWEEN @from AND @until) AS added_ever,
            (SELECT {Sums.Of("amount")} FROM voucher_transactions
                WHERE project_id = @project AND campaign_id = @campaign AND type IN ('CREDITS_ADDITION', 'POINTS_ADDITION') AND created_at BETWEEN @from AND @until) AS added,
            (SELECT {Sums.Of("-amount")} FROM voucher_transactions
                WHERE project_id = @project AND campaign_id = @campaign AND type IN ('CREDITS_REMOVAL', 'POINTS_REMOVAL') AND created_at BETWEEN @from AND @until) AS removed,
            (SELECT {Sums.Of("-amount")} FROM voucher_transactions
                WHERE project_id = @project AND campaign_id = @campaign AND type = 'POINTS_EXPIRATION' AND created_at BETWEEN @from AND @until) AS expired
        FROM vouchers WHERE project_id = @project AND campaign_id = @campaign AND created_at BETWEEN @from AND @until
        """;

    sealed class Uses
    {
        public long Succeeded { get; init; }
        public long Failed { get; init; }
        public long RolledBack { get; init; }
        public long RollbackFailed { get; init; }
        public long OrdersAmount { get; init; }
        public long OrdersRolledbackAmount { get; init; }
        public long Amount { get; init; }
        public long RolledBackAmount { get; init; }
        public long Discounted { get; init; }
        public long RolledBackDiscounted { get; init; }
    }

    sealed class VoucherSums
    {
        public long Created { get; init; }
        public long Deleted { get; init; }
        public long Loaded { get; init; }
        public long DeletedAmount { get; init; }
        public long AddedEver { get; init; }
        public long Added { get; init; }
        public long Removed { get; init; }
        public long Expired { get; init; }
    }
}
