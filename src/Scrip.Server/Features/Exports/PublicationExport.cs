using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Exports;

/// <summary>Publications: none, as nothing is published yet.</summary>
static class PublicationExport
{
    public static readonly ExportTable Publications = new()
    {
        Name = "publication",
        From = null,
        Metadata = ["metadata"],
        Default = ["voucher_code", "customer_id", "date", "channel"],
        Fields = new[] { "voucher_code", "customer_id", "customer_source_id", "date", "channel", "campaign", "is_winner", "metadata" }
            .ToDictionary(name => name, _ => Of.Always("")),
        Orders = new[] { "id", "voucher_code", "tracking_id", "customer_id", "created_at", "channel" }.ToDictionary(name => name, _ => ("0", true)),
        Filters = new[]
        {
            "created_at", "campaign", "customer", "voucher", "failure_code", "result", "customer_id", "campaign_name", "voucher_type",
            "is_referral_code", "parent_object_id", "related_object_id", "source_id",
        }.ToDictionary(name => name, name => new ExportFilterColumn(_ => "''", name == "created_at" ? ColumnKind.Moment : ColumnKind.Text)),
    };
}
