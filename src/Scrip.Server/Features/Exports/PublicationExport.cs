using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Exports;

/// <summary>Publications, a line for each code that was given, and one for each attempt that failed.</summary>
static class PublicationExport
{
    const string CustomerSource = "(SELECT c.source_id FROM customers c WHERE c.project_id = t.project_id AND c.id = t.customer_id)";

    public static readonly ExportTable Publications = new()
    {
        Name = "publication",
        From = """
            (SELECT p.project_id, p.id || COALESCE('/' || v.voucher_id, '') AS id, p.id AS publication_id, COALESCE(v.code, p.voucher_code) AS code,
                v.voucher_id, p.voucher_type, p.customer_id, p.campaign_id, p.campaign_name, p.is_referral, p.source_id, p.channel, p.result,
                p.failure_code, p.created_at, p.body
            FROM publications p LEFT JOIN published_vouchers v ON v.project_id = p.project_id AND v.publication_id = p.id) t
            """,
        Metadata = ["metadata"],
        Default = ["voucher_code", "customer_id", "date", "channel"],
        Fields = new()
        {
            ["voucher_code"] = Of.Text("t.code"),
            ["customer_id"] = Of.Text("t.customer_id"),
            ["customer_source_id"] = Of.Text(CustomerSource),
            ["date"] = Of.Moment("t.created_at"),
            ["channel"] = Of.Text("t.channel"),
            ["campaign"] = Of.Text("t.campaign_name"),
            // Nothing draws winners.
            ["is_winner"] = Of.Always(""),
            ["metadata"] = Of.Json("metadata"),
        },
        Orders = new()
        {
            ["id"] = ("t.id", false),
            ["voucher_code"] = ("COALESCE(t.code, '')", false),
            ["tracking_id"] = ($"COALESCE({CustomerSource}, '')", false),
            ["customer_id"] = ("t.customer_id", false),
            ["created_at"] = ("t.created_at", true),
            ["channel"] = ("t.channel", false),
        },
        Filters = new()
        {
            ["created_at"] = new(_ => "t.created_at", ColumnKind.Moment),
            ["campaign"] = new(_ => "t.campaign_name", ColumnKind.Text),
            ["campaign_name"] = new(_ => "t.campaign_name", ColumnKind.Text),
            ["customer"] = new(_ => "t.customer_id", ColumnKind.Text),
            ["customer_id"] = new(_ => "t.customer_id", ColumnKind.Text),
            ["voucher"] = new(_ => "t.code", ColumnKind.Text),
            ["voucher_type"] = new(_ => "t.voucher_type", ColumnKind.Text),
            ["failure_code"] = new(_ => "t.failure_code", ColumnKind.Text),
            ["result"] = new(_ => "t.result", ColumnKind.Text),
            ["is_referral_code"] = new(_ => "t.is_referral", ColumnKind.Flag),
            ["parent_object_id"] = new(_ => "t.campaign_id", ColumnKind.Text),
            ["related_object_id"] = new(_ => "t.voucher_id", ColumnKind.Text),
            ["source_id"] = new(_ => "t.source_id", ColumnKind.Text),
        },
    };
}
