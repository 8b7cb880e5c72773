using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Vouchers;

/// <summary>The list of vouchers with its parameters and filters.</summary>
static class VoucherList
{
    const string Referral = "(SELECT campaign_type FROM campaigns WHERE campaigns.project_id = vouchers.project_id AND campaigns.id = vouchers.campaign_id)";
    const int IdsMax = 100;

    static readonly ListSpec Vouchers = new("vouchers", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["updated_at"] = ("updated_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["code"] = ("code", ColumnKind.Text),
        ["type"] = ("type", ColumnKind.Text),
        ["voucher_type"] = ("type", ColumnKind.Text),
        ["campaign_id"] = ("campaign_id", ColumnKind.Text),
        ["campaign_ids"] = ("campaign_id", ColumnKind.Text),
        ["campaign"] = ("(SELECT name FROM campaigns WHERE campaigns.project_id = vouchers.project_id AND campaigns.id = vouchers.campaign_id)", ColumnKind.Text),
        ["holder_id"] = ("holder_id", ColumnKind.Text),
        ["category"] = ("body.category", ColumnKind.Text),
        ["category_id"] = ("category_id", ColumnKind.Text),
        ["additional_info"] = ("body.additional_info", ColumnKind.Text),
        ["discount.type"] = ("body.discount.type", ColumnKind.Text),
        ["start_date"] = ("starts_at", ColumnKind.Moment),
        ["expiration_date"] = ("expires_at", ColumnKind.Moment),
        ["redemption.quantity"] = ("quantity", ColumnKind.Whole),
        ["redemption.redeemed_quantity"] = ("redeemed", ColumnKind.Whole),
        ["gift.amount"] = ("gift_amount", ColumnKind.Whole),
        ["gift.balance"] = ("gift_balance", ColumnKind.Whole),
    }, ["created_at", "updated_at", "type", "code"])
    { Special = Special };

    public static Task<ListOf<Voucher>> Read(Call call) => Read(call, null);

    /// <summary>The list, or that of one campaign by its id.</summary>
    public static async Task<ListOf<Voucher>> Read(Call call, string? onlyOf)
    {
        var links = await call.Need<AssetSecret>().Links(call);
        var list = ListQuery.Read(call, Vouchers).Where(VoucherSql.Live);
        list.WhereIs("campaign_id", onlyOf).WhereIs("code", call.Query["code"]).WhereIs(call.Db.Dialect.JsonText("body", ["category"]), call.Query["category"]);
        foreach (var name in new[] { "campaign", "campaign_id" })
            if (call.Query[name].ToString() is { Length: > 0 } campaign)
                list.Where($"campaign_id IN (SELECT id FROM campaigns WHERE project_id = @project AND {list.Arg(campaign)} IN (id, name))");
        if (call.Query["customer"].ToString() is { Length: > 0 } customer)
            list.Where($"holder_id IN (SELECT id FROM customers WHERE project_id = @project AND {list.Arg(customer)} IN (id, source_id))");
        if (Ids(call) is { Count: > 0 } ids) list.Where($"id IN ({string.Join(", ", ids.Select(list.Arg))})");
        return await call.Db.Read(async db =>
        {
            var (rows, total) = await list.RowsAndTotal<VoucherRow>(db, VoucherSql.Columns);
            var shown = rows.ConvertAll(row => VoucherView.Show(row, row.CampaignName, links));
            return new ListOf<Voucher>("vouchers", await VoucherView.Categorized(db, call.Db.Dialect, call.ProjectId, shown)) { Total = total };
        });
    }

    // ids=a&ids=b, ids[]=a, ids[0]=a, or Python's ids=['a', 'b'].
    static List<string> Ids(Call call)
    {
        var ids = call.Query.Where(pair => pair.Key == "ids" || pair.Key.StartsWith("ids[", StringComparison.Ordinal))
            .SelectMany(pair => pair.Value).SelectMany(value => (value ?? "").Trim('[', ']').Split(','))
            .Select(value => value.Trim(' ', '\'', '"')).Where(value => value.Length > 0).Distinct().ToList();
        return ids.Count <= IdsMax ? ids : throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .ids must NOT have more than {IdsMax} items"));
    }

    static string? Special(Call call, string field, string op, string[] values) => field switch
    {
        "active" => Active(call.Now, op, values[0]),
        "is_referral_code" when op is "$is" or "$is_not" => (values[0] is "true" or "1") == (op == "$is") ? $"({Referral} = 'REFERRAL_PROGRAM')" : $"({Referral} IS NULL OR {Referral} <> 'REFERRAL_PROGRAM')",
        _ => null,
    };

    /// <summary>The conditions on being active that vouchers and campaigns share; their tables name the columns alike.</summary>
    internal static string? Active(long now, string op, string value)
    {
        var condition = op switch
        {
            "$active" => $"(active AND (starts_at IS NULL OR starts_at <= {now}) AND (expires_at IS NULL OR expires_at >= {now}))",
            "$expired" => $"(expires_at IS NOT NULL AND expires_at < {now})",
            "$enabled" => "active",
            "$disabled" => "NOT active",
            "$is" => value is "true" or "1" ? "active" : "NOT active",
            _ => null,
        };
        return condition is not null && op != "$is" && value is "false" or "0" ? $"NOT ({condition})" : condition;
    }
}
