using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Exports;

/// <summary>Redemptions and their rollbacks.</summary>
static class RedemptionExport
{
    const string Campaign = "(SELECT c.name FROM campaigns c WHERE c.project_id = t.project_id AND c.id = t.campaign_id)";

    static string Customer(string column) => $"(SELECT c.{column} FROM customers c WHERE c.project_id = t.project_id AND c.id = t.customer_id)";

    public static readonly ExportTable Redemptions = new()
    {
        Name = "redemption",
        From = "redemptions t",
        Metadata = ["metadata"],
        Default = ["id", "object", "voucher_code", "customer_id", "date", "result"],
        Fields = new()
        {
            ["id"] = Of.Text("t.id"),
            ["object"] = Of.Text("t.object"),
            ["date"] = Of.Moment("t.created_at"),
            ["voucher_code"] = Of.Text("t.voucher_code"),
            ["campaign"] = Of.Text(Campaign),
            ["promotion_tier_id"] = Of.Text("t.promotion_tier_id"),
            ["customer_id"] = Of.Text("t.customer_id"),
            ["customer_source_id"] = Of.Text(Customer("source_id")),
            ["customer_name"] = Of.Text(Customer("name")),
            ["tracking_id"] = Of.Text("t.tracking_id"),
            ["order_id"] = Of.Text("t.order_id"),
            ["order_amount"] = Of.NumberInside("order", "amount"),
            ["gift_amount"] = Of.NumberInside("gift", "amount"),
            ["loyalty_points"] = Of.NumberInside("loyalty_card", "points"),
            ["result"] = Of.Text("t.result"),
            ["failure_code"] = Of.Inside("failure_code"),
            ["failure_message"] = Of.Inside("failure_message"),
            ["metadata"] = Of.Json("metadata"),
        },
        Orders = new()
        {
            ["id"] = ("t.id", false),
            ["voucher_code"] = ("COALESCE(t.voucher_code, '')", false),
            ["tracking_id"] = ("COALESCE(t.tracking_id, '')", false),
            ["customer_id"] = ("COALESCE(t.customer_id, '')", false),
            ["created_at"] = ("t.created_at", true),
        },
        Filters = new()
        {
            ["created_at"] = new(_ => "t.created_at", ColumnKind.Moment),
            ["campaign"] = new(_ => Campaign, ColumnKind.Text),
            ["campaign_name"] = new(_ => Campaign, ColumnKind.Text),
            ["customer"] = new(_ => "t.customer_id", ColumnKind.Text),
            ["customer_id"] = new(_ => "t.customer_id", ColumnKind.Text),
            ["voucher"] = new(_ => "t.voucher_code", ColumnKind.Text),
            ["voucher_code"] = new(_ => "t.voucher_code", ColumnKind.Text),
            ["related_object"] = new(_ => "COALESCE(t.voucher_id, t.promotion_tier_id)", ColumnKind.Text),
            ["related_object_id"] = new(_ => "COALESCE(t.voucher_id, t.promotion_tier_id)", ColumnKind.Text),
            ["related_object_parent_id"] = new(_ => "t.campaign_id", ColumnKind.Text),
            ["parent_redemption_id"] = new(_ => "t.parent_id", ColumnKind.Text),
            ["failure_code"] = new(dialect => dialect.JsonText("t.body", ["failure_code"]), ColumnKind.Text),
            ["result"] = new(_ => "t.result", ColumnKind.Text),
            ["status"] = new(_ => "t.status", ColumnKind.Text),
            ["object"] = new(_ => "t.object", ColumnKind.Text),
        },
    };
}

/// <summary>Loyalty points that expire, or did: a line for those that came together.</summary>
static class PointsExport
{
    public static readonly ExportTable Expirations = new()
    {
        Name = "points_expiration",
        From = "point_buckets t",
        Default = ["id", "campaign_id", "voucher_id", "status", "expires_at", "points"],
        Fields = new()
        {
            ["id"] = Of.Text("t.id"),
            ["campaign_id"] = Of.Text("t.campaign_id"),
            ["voucher_id"] = Of.Text("t.voucher_id"),
            // Of an expired bucket, what expired.
            ["points"] = Of.Number("CASE WHEN t.points > 0 THEN t.points ELSE t.expired END"),
            ["status"] = Of.Text("CASE WHEN t.points = 0 AND t.expired > 0 THEN 'EXPIRED' ELSE 'ACTIVE' END"),
            ["expires_at"] = Of.Text("t.last_day"),
        },
        Orders = new() { ["expires_at"] = ("t.last_day", false) },
        Filters = new()
        {
            ["campaign_id"] = new(_ => "t.campaign_id", ColumnKind.Text),
            ["voucher_id"] = new(_ => "t.voucher_id", ColumnKind.Text),
        },
    };
}
