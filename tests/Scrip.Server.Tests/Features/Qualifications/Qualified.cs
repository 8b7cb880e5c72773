using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Qualifications;

/// <summary>One-liners of these tests.</summary>
public static class Qualified
{
    /// <summary>A qualification that has to succeed.</summary>
    public static async Task<Answer> Qualify(this ApiClient scrip, string scenario, object? order = null, object? customer = null, object? options = null) =>
        (await scrip.Post("/v1/qualifications", new { scenario, order, customer, options })).Expect(200);

    /// <summary>The ids of the redeemables in their order.</summary>
    public static string[] Ids(this Answer answer) => [.. answer["redeemables"]["data"].Items.Select(one => one["id"].Text)];

    /// <summary>The ids, sorted, where the order does not matter.</summary>
    public static string[] Sorted(this Answer answer) => [.. answer.Ids().Order(StringComparer.Ordinal)];

    /// <summary>A campaign of codes with one discount; answers its id.</summary>
    public static async Task<string> Campaign(this ApiClient scrip, string name, object discount, string type = "AUTO_UPDATE", int codes = 1, string? categoryId = null)
    {
        var made = (await scrip.Post("/v1/campaigns", new
        {
            name,
            type,
            campaign_type = "DISCOUNT_COUPONS",
            vouchers_count = codes,
            category_id = categoryId,
            voucher = new { type = "DISCOUNT_VOUCHER", discount },
        })).Expect(200)["id"].Text;
        await scrip.Made(made);
        return made;
    }

    /// <summary>The codes of a campaign.</summary>
    public static async Task<string[]> CodesOf(this ApiClient scrip, string campaignId) =>
        [.. (await scrip.Get($"/v1/vouchers?campaign_id={campaignId}&limit=100")).Expect(200)["vouchers"].Items.Select(voucher => voucher["code"].Text)];

    /// <summary>A customer; answers its id.</summary>
    public static async Task<string> Customer(this ApiClient scrip, string sourceId) =>
        (await scrip.Post("/v1/customers", new { source_id = sourceId })).Expect(200)["id"].Text;
}
