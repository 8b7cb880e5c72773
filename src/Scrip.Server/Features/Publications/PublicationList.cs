using Scrip.Engine;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Publications;

/// <summary>The list of publications with its parameters and filters; failed attempts are in it.</summary>
static class PublicationList
{
    const string TrackingId = "(SELECT source_id FROM customers WHERE customers.project_id = publications.project_id AND customers.id = publications.customer_id)";

    const string FirstVoucher = """
        (SELECT MIN(voucher_id) FROM published_vouchers p WHERE p.project_id = publications.project_id AND p.publication_id = publications.id)
        """;

    static readonly ListSpec Publications = new("publications", new()
    {
        ["id"] = ("id", ColumnKind.Text),
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["voucher_code"] = ("voucher_code", ColumnKind.Text),
        ["tracking_id"] = (TrackingId, ColumnKind.Text),
        ["customer_id"] = ("customer_id", ColumnKind.Text),
        ["channel"] = ("channel", ColumnKind.Text),
        ["failure_code"] = ("failure_code", ColumnKind.Text),
        ["result"] = ("result", ColumnKind.Text),
        ["campaign_name"] = ("campaign_name", ColumnKind.Text),
        ["voucher_type"] = ("voucher_type", ColumnKind.Text),
        ["parent_object_id"] = ("campaign_id", ColumnKind.Text),
        ["related_object_id"] = (FirstVoucher, ColumnKind.Text),
        ["source_id"] = ("source_id", ColumnKind.Text),
    }, ["id", "voucher_code", "tracking_id", "customer_id", "created_at", "channel"])
    { Special = Special };

    public static async Task<ListOf<Publication>> Read(Call call)
    {
        var list = ListQuery.Read(call, Publications)
            .WhereIs("result", OneOf(call, "result", "SUCCESS", "FAILURE"))
            .WhereIs("source_id", call.Query["source_id"])
            .WhereIs("voucher_type", TypeOf(call.Query["voucher_type"].ToString()));
        if (call.Query["campaign"].ToString() is { Length: > 0 } campaign) list.Where($"{list.Arg(campaign)} IN (campaign_name, campaign_id)");
        if (call.Query["customer"].ToString() is { Length: > 0 } customer)
            list.Where($"(customer_id = {list.Arg(customer)} OR customer_id IN (SELECT id FROM customers WHERE project_id = @project AND source_id = {list.Arg(customer)}))");
        if (call.Query["voucher"].ToString() is { Length: > 0 } voucher)
            list.Where($"(voucher_code = {list.Arg(voucher)} OR id IN (SELECT publication_id FROM published_vouchers WHERE project_id = @project AND code = {list.Arg(voucher)}))");
        // As the contract has it, false asks for everything.
        if (call.Flag("is_referral_code")) list.Where("is_referral");
        var links = await PreferenceLinks.Of(call);
        return await call.Db.Read(async db =>
        {
            var (rows, total) = await list.RowsAndTotal<PublicationRow>(db);
            var customers = (await CustomerSql.Among(db, call.Db.Dialect, call.ProjectId, [.. rows.Select(row => row.CustomerId).Distinct()])).ToDictionary(one => one.Id);
            return new ListOf<Publication>("publications", rows.ConvertAll(row => PublicationView.Show(row, customers.GetValueOrDefault(row.CustomerId), links))) { Total = total };
        });
    }

    static string? OneOf(Call call, string name, params string[] allowed) => call.Query[name].ToString() switch
    {
        "" => null,
        var text when allowed.Contains(text) => text,
        _ => throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .{name} must be one of: {string.Join(", ", allowed)}")),
    };

    // The parameter has short words; the types' own names are taken as well.
    static string? TypeOf(string text) => text switch
    {
        "" => null,
        "discount" or VoucherTypes.Discount => VoucherTypes.Discount,
        "gift" or VoucherTypes.Gift => VoucherTypes.Gift,
        "loyalty" or VoucherTypes.Loyalty => VoucherTypes.Loyalty,
        _ => throw new ApiFault(Refusals.InvalidQueryParams.With("Property .voucher_type must be one of: discount, loyalty")),
    };

    static string? Special(Call call, string field, string op, string[] values) => field switch
    {
        "is_referral_code" when op is "$is" or "$is_not" => (values[0] is "true" or "1") == (op == "$is") ? "is_referral" : "NOT is_referral",
        _ => null,
    };
}
