using System.Globalization;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Exports;

/// <summary>Vouchers, and what moved on cards.</summary>
static class VoucherExport
{
    const string Campaign = "(SELECT c.name FROM campaigns c WHERE c.project_id = t.project_id AND c.id = t.campaign_id)";
    const string HolderSource = "(SELECT c.source_id FROM customers c WHERE c.project_id = t.project_id AND c.id = t.holder_id)";

    public static readonly ExportTable Vouchers = new()
    {
        Name = "voucher",
        From = "vouchers t",
        Where = "t.deleted_at IS NULL AND (t.campaign_id IS NULL OR t.campaign_id NOT IN (SELECT id FROM campaigns WHERE project_id = @project AND deleted_at IS NOT NULL))",
        Metadata = ["metadata"],
        Default = ["code", "voucher_type", "value", "discount_type"],
        Fields = new()
        {
            ["code"] = Of.Text("t.code"),
            ["voucher_type"] = Of.Text("t.type"),
            ["value"] = Value,
            ["formula"] = Formula,
            ["discount_type"] = Of.Inside("discount", "type"),
            ["campaign"] = Of.Text(Campaign),
            ["category"] = Of.Inside("category"),
            ["start_date"] = Of.Moment("t.starts_at"),
            ["expiration_date"] = Of.Moment("t.expires_at"),
            ["gift_balance"] = Of.Number("CASE WHEN t.type = 'LOYALTY_CARD' THEN NULL ELSE t.gift_balance END"),
            ["loyalty_balance"] = Of.Number("CASE WHEN t.type = 'LOYALTY_CARD' THEN t.gift_balance END"),
            ["redemption_quantity"] = Of.Number("t.quantity"),
            ["redemption_count"] = Of.Number("t.redeemed"),
            ["active"] = Of.Flag("t.active"),
            ["qr_code"] = Image(assets => assets.Qr.Url),
            ["bar_code"] = Image(assets => assets.Barcode.Url),
            ["metadata"] = Of.Json("metadata"),
            ["id"] = Of.Text("t.id"),
            ["is_referral_code"] = Of.Always("false"),
            ["created_at"] = Of.Moment("t.created_at"),
            ["updated_at"] = Of.Moment("t.updated_at"),
            ["validity_timeframe_interval"] = Of.Inside("validity_timeframe", "interval"),
            ["validity_timeframe_duration"] = Of.Inside("validity_timeframe", "duration"),
            ["validity_day_of_week"] = Of.List("validity_day_of_week"),
            ["discount_amount_limit"] = Of.NumberInside("discount", "amount_limit"),
            ["campaign_id"] = Of.Text("t.campaign_id"),
            ["additional_info"] = Of.Inside("additional_info"),
            ["customer_id"] = Of.Text("t.holder_id"),
            ["discount_effect"] = Of.Inside("discount", "effect"),
            ["discount_unit_type"] = Of.Inside("discount", "unit_type"),
            ["discount_unit_effect"] = new([dialect => dialect.JsonText("t.body", ["discount", "type"]), dialect => dialect.JsonText("t.body", ["discount", "effect"])],
                (row, _) => Cell.Text(row[0] is "UNIT" ? Of.Plain(row[1]) : "")),
            ["validation_rules_id"] = Of.Text("(SELECT MIN(a.rule_id) FROM validation_rule_assignments a WHERE a.project_id = t.project_id AND a.related_object_id = t.id)"),
            ["customer_source_id"] = Of.Text(HolderSource),
        },
        Orders = new()
        {
            ["created_at"] = ("t.created_at", true),
            ["updated_at"] = ("COALESCE(t.updated_at, 0)", true),
            ["code"] = ("t.code", false),
        },
        Filters = new()
        {
            ["created_at"] = new(_ => "t.created_at", ColumnKind.Moment),
            ["updated_at"] = new(_ => "t.updated_at", ColumnKind.Moment),
            ["created_date"] = new(_ => "t.created_at", ColumnKind.Moment),
            ["active"] = new(_ => "t.active", ColumnKind.Flag) { Special = (op, value, now) => VoucherList.Active(now, op, value) },
            ["redemption_status"] = new(_ => "t.redeemed", ColumnKind.Whole)
            {
                Special = (op, _, _) => op switch
                {
                    "$redeemed" => "(t.quantity IS NOT NULL AND t.redeemed >= t.quantity)",
                    "$redeemable" => "(t.quantity IS NULL OR t.redeemed < t.quantity)",
                    _ => null,
                },
            },
            ["start_date"] = new(_ => "t.starts_at", ColumnKind.Moment),
            ["expiration_date"] = new(_ => "t.expires_at", ColumnKind.Moment),
            ["validity_day_of_week"] = new(dialect => $"CAST({dialect.JsonAt("t.body", ["validity_day_of_week"])} AS TEXT)", ColumnKind.Text),
            ["validity_timeframe"] = new(dialect => $"CAST({dialect.JsonAt("t.body", ["validity_timeframe"])} AS TEXT)", ColumnKind.Text),
            ["code"] = new(_ => "t.code", ColumnKind.Text),
            ["vouchers"] = new(_ => "t.code", ColumnKind.Text),
            ["id"] = new(_ => "t.id", ColumnKind.Text),
            ["type"] = new(_ => "t.type", ColumnKind.Text),
            ["campaign"] = new(_ => Campaign, ColumnKind.Text),
            ["campaign_id"] = new(_ => "t.campaign_id", ColumnKind.Text),
            ["categories"] = new(dialect => dialect.JsonText("t.body", ["category"]), ColumnKind.Text),
            ["category_ids"] = new(_ => "t.category_id", ColumnKind.Text),
            ["holder_id"] = new(_ => "t.holder_id", ColumnKind.Text),
            ["published_for_customer_id"] = new(_ => "t.holder_id", ColumnKind.Text),
            ["is_referral_code"] = new(_ => "FALSE", ColumnKind.Flag),
        },
    };

    public static readonly ExportTable Transactions = new()
    {
        Name = "voucher_transactions",
        From = "voucher_transactions t",
        Default = ["id", "type", "source_id", "status", "reason", "source", "balance", "amount", "created_at"],
        Fields = new()
        {
            ["id"] = Of.Text("t.id"),
            ["campaign_id"] = Of.Text("t.campaign_id"),
            ["voucher_id"] = Of.Text("t.voucher_id"),
            ["type"] = Of.Text("t.type"),
            ["source_id"] = Of.Inside("source_id"),
            // What is written down has succeeded.
            ["status"] = Of.Always("SUCCESS"),
            ["reason"] = Of.Inside("reason"),
            ["source"] = Of.Inside("source"),
            ["balance"] = Of.Number("t.balance"),
            ["amount"] = Of.Number("t.amount"),
            ["related_transaction_id"] = Of.Inside("related_transaction_id"),
            ["created_at"] = Of.Moment("t.created_at"),
            ["details"] = Of.Json("details"),
        },
        Orders = new() { ["created_at"] = ("t.created_at", true) },
        Filters = new()
        {
            ["created_at"] = new(_ => "t.created_at", ColumnKind.Moment),
            ["voucher_id"] = new(_ => "t.voucher_id", ColumnKind.Text),
            ["campaign_id"] = new(_ => "t.campaign_id", ColumnKind.Text),
        },
    };

    // What an import takes back: amounts in minor units, a percentage or a count as it is.
    static ExportField Value => new(
    [
        _ => "t.gift_balance",
        dialect => dialect.JsonText("t.body", ["discount", "amount_off"]),
        dialect => dialect.JsonText("t.body", ["discount", "fixed_amount"]),
        dialect => dialect.JsonText("t.body", ["discount", "percent_off"]),
        dialect => dialect.JsonText("t.body", ["discount", "unit_off"]),
    ], (row, _) => Cell.Own(Of.Plain(Array.Find(row, value => value is not null))));

    static ExportField Formula => new(
        [.. new[] { "amount_off_formula", "percent_off_formula", "unit_off_formula", "fixed_amount_formula" }
            .Select(name => (Func<Platform.Data.Dialect, string>)(dialect => dialect.JsonText("t.body", ["discount", name])))],
        (row, _) => Cell.Text(Of.Plain(Array.Find(row, value => value is not null))));

    static ExportField Image(Func<VoucherAssets, string> url) => new([_ => "t.id"], (row, context) => Cell.Own(url(context.Links.Of(context.Project, (string)row[0]!))));
}
