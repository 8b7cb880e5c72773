using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Exports;

/// <summary>Products and SKUs.</summary>
static class ProductExport
{
    static readonly Dictionary<string, (string, bool)> Orders = new()
    {
        ["created_at"] = ("t.created_at", true),
        ["updated_at"] = ("COALESCE(t.updated_at, 0)", true),
        ["source_id"] = ("COALESCE(t.source_id, '')", false),
        ["id"] = ("t.id", false),
    };

    static readonly Dictionary<string, ExportFilterColumn> Filters = new()
    {
        ["created_at"] = new(_ => "t.created_at", ColumnKind.Moment),
        ["updated_at"] = new(_ => "t.updated_at", ColumnKind.Moment),
        ["id"] = new(_ => "t.id", ColumnKind.Text),
        ["source_id"] = new(_ => "t.source_id", ColumnKind.Text),
        ["price"] = new(_ => "t.price", ColumnKind.Whole),
    };

    public static readonly ExportTable Products = new()
    {
        Name = "product",
        From = "products t",
        Where = "t.deleted_at IS NULL",
        Metadata = ["metadata"],
        Default = ["id", "name", "price", "image_url", "source_id", "attributes", "created_at"],
        Fields = new()
        {
            ["id"] = Of.Text("t.id"),
            ["name"] = Of.Text("t.name"),
            ["price"] = Of.Number("t.price"),
            ["image_url"] = Of.Inside("image_url"),
            ["source_id"] = Of.Text("t.source_id"),
            ["attributes"] = Of.List("attributes"),
            ["created_at"] = Of.Moment("t.created_at"),
            ["updated_at"] = Of.Moment("t.updated_at"),
            ["metadata"] = Of.Json("metadata"),
        },
        Orders = new(Orders) { ["name"] = ("COALESCE(t.name, '')", false) },
        Filters = new(Filters) { ["name"] = new(_ => "t.name", ColumnKind.Text) },
    };

    public static readonly ExportTable Skus = new()
    {
        Name = "sku",
        From = "skus t",
        Where = "t.deleted_at IS NULL",
        Metadata = ["metadata"],
        Default = ["id", "sku", "product_id", "currency", "price", "image_url", "source_id", "attributes", "created_at"],
        Fields = new()
        {
            ["id"] = Of.Text("t.id"),
            ["sku"] = Of.Text("t.sku"),
            ["product_id"] = Of.Text("t.product_id"),
            ["currency"] = Of.Inside("currency"),
            ["price"] = Of.Number("t.price"),
            ["image_url"] = Of.Inside("image_url"),
            ["source_id"] = Of.Text("t.source_id"),
            ["attributes"] = Of.Json("attributes"),
            ["created_at"] = Of.Moment("t.created_at"),
            ["updated_at"] = Of.Moment("t.updated_at"),
            ["metadata"] = Of.Json("metadata"),
        },
        Orders = new(Orders) { ["sku"] = ("COALESCE(t.sku, '')", false) },
        Filters = new(Filters) { ["sku"] = new(_ => "t.sku", ColumnKind.Text), ["product_id"] = new(_ => "t.product_id", ColumnKind.Text) },
    };
}
