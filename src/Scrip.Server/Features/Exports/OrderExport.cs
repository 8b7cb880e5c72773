using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Exports;

/// <summary>Orders.</summary>
static class OrderExport
{
    public static readonly ExportTable Orders = new()
    {
        Name = "order",
        From = "orders t",
        Metadata = ["metadata"],
        Default = ["id", "source_id", "status"],
        Fields = new()
        {
            ["id"] = Of.Text("t.id"),
            ["source_id"] = Of.Text("t.source_id"),
            ["created_at"] = Of.Moment("t.created_at"),
            ["updated_at"] = Of.Moment("t.updated_at"),
            ["status"] = Of.Text("t.status"),
            ["amount"] = Of.Number("t.amount"),
            ["discount_amount"] = Of.NumberInside("discount_amount"),
            ["items_discount_amount"] = Of.NumberInside("items_discount_amount"),
            ["total_discount_amount"] = Of.NumberInside("total_discount_amount"),
            ["total_amount"] = Of.Number("t.total_amount"),
            ["customer_id"] = Of.Text("t.customer_id"),
            ["referrer_id"] = Of.Inside("referrer_id"),
            ["metadata"] = Of.Json("metadata"),
        },
        Orders = new()
        {
            ["created_at"] = ("t.created_at", true),
            ["updated_at"] = ("COALESCE(t.updated_at, 0)", true),
            ["status"] = ("t.status", false),
        },
        Filters = new()
        {
            ["created_at"] = new(_ => "t.created_at", ColumnKind.Moment),
            ["updated_at"] = new(_ => "t.updated_at", ColumnKind.Moment),
            ["id"] = new(_ => "t.id", ColumnKind.Text),
            ["status"] = new(_ => "t.status", ColumnKind.Text),
            ["source_id"] = new(_ => "t.source_id", ColumnKind.Text),
            ["customer_id"] = new(_ => "t.customer_id", ColumnKind.Text),
            ["referrer_id"] = new(dialect => dialect.JsonText("t.body", ["referrer_id"]), ColumnKind.Text),
            ["amount"] = new(_ => "t.amount", ColumnKind.Whole),
            ["total_amount"] = new(_ => "t.total_amount", ColumnKind.Whole),
            ["discount_amount"] = Amount("discount_amount"),
            ["items_discount_amount"] = Amount("items_discount_amount"),
            ["total_discount_amount"] = Amount("total_discount_amount"),
        },
    };

    // An amount that is nothing is left out of an order.
    static ExportFilterColumn Amount(string name) => new((Dialect dialect) => $"CAST(COALESCE({dialect.JsonText("t.body", [name])}, '0') AS BIGINT)", ColumnKind.Whole);
}
