using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Exports;

/// <summary>Customers with what they redeemed and bought.</summary>
static class CustomerExport
{
    public static readonly ExportTable Customers = new()
    {
        Name = "customer",
        From = "customers t",
        Metadata = ["metadata"],
        Default = ["name", "source_id"],
        Fields = new()
        {
            ["name"] = Of.Text("t.name"),
            ["id"] = Of.Text("t.id"),
            ["description"] = Of.Inside("description"),
            ["email"] = Of.Text("t.email"),
            ["source_id"] = Of.Text("t.source_id"),
            ["created_at"] = Of.Moment("t.created_at"),
            ["address_city"] = Of.Inside("address", "city"),
            ["address_state"] = Of.Inside("address", "state"),
            ["address_line_1"] = Of.Inside("address", "line_1"),
            ["address_line_2"] = Of.Inside("address", "line_2"),
            ["address_country"] = Of.Inside("address", "country"),
            ["address_postal_code"] = Of.Inside("address", "postal_code"),
            ["redemptions_total_redeemed"] = Of.Summary(one => one.Redemptions.TotalRedeemed),
            ["redemptions_total_failed"] = Of.Summary(one => one.Redemptions.TotalFailed),
            ["redemptions_total_succeeded"] = Of.Summary(one => one.Redemptions.TotalSucceeded),
            ["redemptions_total_rolled_back"] = Of.Summary(one => one.Redemptions.TotalRolledBack),
            ["redemptions_total_rollback_failed"] = Of.Summary(one => one.Redemptions.TotalRollbackFailed),
            ["redemptions_total_rollback_succeeded"] = Of.Summary(one => one.Redemptions.TotalRollbackSucceeded),
            ["orders_total_amount"] = Of.Summary(one => one.Orders.TotalAmount),
            ["orders_total_count"] = Of.Summary(one => one.Orders.TotalCount),
            ["orders_average_amount"] = Of.Summary(one => one.Orders.AverageAmount),
            ["orders_last_order_amount"] = Of.Summary(one => one.Orders.LastOrderAmount),
            ["orders_last_order_date"] = Of.Summary(one => one.Orders.LastOrderDate?.ToString()),
            ["loyalty_points"] = Of.Summary(one => one.Loyalty.Points),
            ["loyalty_referred_customers"] = Of.Summary(one => one.Loyalty.ReferredCustomers),
            ["updated_at"] = Of.Moment("t.updated_at"),
            ["phone"] = Of.Inside("phone"),
            ["birthday"] = Of.Inside("birthday"),
            ["metadata"] = Of.Json("metadata"),
            ["birthdate"] = Of.Inside("birthdate"),
        },
        Orders = new()
        {
            ["name"] = ("COALESCE(t.name, '')", false),
            ["id"] = ("t.id", false),
            ["email"] = ("COALESCE(t.email, '')", false),
            ["source_id"] = ("COALESCE(t.source_id, '')", false),
            ["created_at"] = ("t.created_at", true),
            ["updated_at"] = ("COALESCE(t.updated_at, 0)", true),
        },
        Filters = new()
        {
            ["created_at"] = new(_ => "t.created_at", ColumnKind.Moment),
            ["updated_at"] = new(_ => "t.updated_at", ColumnKind.Moment),
            ["id"] = new(_ => "t.id", ColumnKind.Text),
            ["email"] = new(_ => "t.email", ColumnKind.Text),
            ["name"] = new(_ => "t.name", ColumnKind.Text),
            ["city"] = new(dialect => dialect.JsonText("t.body", ["address", "city"]), ColumnKind.Text),
            ["phone"] = new(dialect => dialect.JsonText("t.body", ["phone"]), ColumnKind.Text),
            ["birthday"] = new(dialect => dialect.JsonText("t.body", ["birthday"]), ColumnKind.Text),
            ["birthdate"] = new(dialect => dialect.JsonText("t.body", ["birthdate"]), ColumnKind.Text),
            ["source_id"] = new(_ => "t.source_id", ColumnKind.Text),
        },
    };
}
