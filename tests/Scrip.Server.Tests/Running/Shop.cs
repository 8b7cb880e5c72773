namespace Scrip.Server.Tests.Running;

/// <summary>What most tests need in their project, made in one line each.</summary>
public static class Shop
{
    /// <summary>A coupon with the discount, such as <c>new { type = "AMOUNT", amount_off = 500 }</c>; answers its code.</summary>
    public static async Task<string> Coupon(this ApiClient scrip, string code, object discount, int? quantity = null) =>
        (await scrip.Post($"/v1/vouchers/{code}", new { type = "DISCOUNT_VOUCHER", discount, redemption = new { quantity } })).Expect(200)["code"].Text;

    /// <summary>A gift card loaded with minor units; answers its code.</summary>
    public static async Task<string> GiftCard(this ApiClient scrip, string code, long amount) =>
        (await scrip.Post($"/v1/vouchers/{code}", new { type = "GIFT_VOUCHER", gift = new { amount, balance = amount } })).Expect(200)["code"].Text;

    /// <summary>A product with a price in minor units; answers its id.</summary>
    public static async Task<string> Product(this ApiClient scrip, string sourceId, long price) =>
        (await scrip.Post("/v1/products", new { source_id = sourceId, name = sourceId, price })).Expect(200)["id"].Text;

    /// <summary>A category; answers its id.</summary>
    public static async Task<string> Category(this ApiClient scrip, string name, long hierarchy) =>
        (await scrip.Post("/v1/categories", new { name, hierarchy })).Expect(200)["id"].Text;

    /// <summary>A validation rule of one condition, such as <c>new Dictionary&lt;string, object&gt; { ["$less_than"] = new[] { 1000 } }</c>; answers its id.</summary>
    public static async Task<string> Rule(this ApiClient scrip, string name, string op, object operand, string? message = null, string? property = null) =>
        (await scrip.Post("/v1/validation-rules", new Dictionary<string, object?>
        {
            ["name"] = $"{name} {op}",
            ["rules"] = new Dictionary<string, object?>
            {
                ["1"] = new Dictionary<string, object?>
                {
                    ["name"] = name,
                    ["property"] = property,
                    ["conditions"] = new Dictionary<string, object> { [op] = new[] { operand } },
                    ["rules"] = new { },
                },
                ["logic"] = "1",
            },
            ["error"] = message is null ? null : new { message },
        })).Expect(200)["id"].Text;

    /// <summary>Binds a campaign, voucher or promotion tier to a rule; answers the assignment's id.</summary>
    public static async Task<string> Assign(this ApiClient scrip, string rule, string type, string id) =>
        (await scrip.Post($"/v1/validation-rules/{rule}/assignments", new { related_object_type = type, related_object_id = id })).Expect(200)["id"].Text;

    /// <summary>The project's own stacking rules, made through the management keys.</summary>
    public static Task<Answer> StackingRules(this ApiClient scrip, object rules) =>
        scrip.AsManagement.Post($"/management/v1/projects/{scrip.Project.Id}/stacking-rules", rules);

    /// <summary>A validation of vouchers on an order.</summary>
    public static Task<Answer> Validate(this ApiClient scrip, object? order, params string[] codes) =>
        scrip.Post("/v1/validations", Stack(order, codes));

    /// <summary>A redemption of vouchers on an order.</summary>
    public static Task<Answer> Redeem(this ApiClient scrip, object? order, params string[] codes) =>
        scrip.Post("/v1/redemptions", Stack(order, codes));

    /// <summary>The body of both.</summary>
    public static object Stack(object? order, params string[] codes)
    {
        var redeemables = codes.Select(code => new { @object = "voucher", id = code }).ToArray();
        return order is null ? new { redeemables } : new { redeemables, order };
    }

    /// <summary>How many redemptions of the project there are in a list.</summary>
    public static async Task<long> Count(this ApiClient scrip, string path) => (await scrip.Get(path)).Expect(200)["total"].Number;

    /// <summary>Waits until an async action has ended, and answers it.</summary>
    public static Task<Answer> Done(this ApiClient scrip, string actionId) => Eventually.Answers(
        async () => (await scrip.Get($"/v1/async-actions/{actionId}")).Expect(200), action => action["status"].Text is "DONE" or "FAILED");

    /// <summary>
    /// Waits until the codes of a campaign are made, as long as they go on becoming more: bulk work gives way to requests,
    /// those of all other tests among them. Answers the campaign.
    /// </summary>
    public static async Task<Answer> Made(this ApiClient scrip, string campaign)
    {
        for (var seen = -1L; ;)
        {
            var shown = await Eventually.Answers(async () => (await scrip.Get($"/v1/campaigns/{campaign}")).Expect(200), one => IsMade(one) || one["vouchers_count"].Number > seen);
            if (IsMade(shown)) return shown;
            seen = shown["vouchers_count"].Number;
        }
    }

    private static bool IsMade(Answer campaign) => campaign["vouchers_generation_status"].Text == "DONE";

    /// <summary>A campaign of coupons whose codes are made; answers the codes.</summary>
    public static async Task<List<string>> Codes(this ApiClient scrip, string campaign, int count, int? quantity, object? discount = null)
    {
        var created = (await scrip.Post("/v1/campaigns", new
        {
            name = campaign,
            campaign_type = "DISCOUNT_COUPONS",
            vouchers_count = count,
            voucher = new { type = "DISCOUNT_VOUCHER", discount = discount ?? new { type = "AMOUNT", amount_off = 100 }, redemption = new { quantity } },
        })).Expect(200);
        await scrip.Made(created["id"].Text);
        var codes = new List<string>();
        for (var page = 1; codes.Count < count; page++)
        {
            var list = (await scrip.Get($"/v1/vouchers?campaign_id={created["id"].Text}&limit=100&page={page}")).Expect(200);
            if (list["vouchers"].Items.Count == 0) break;
            codes.AddRange(list["vouchers"].Items.Select(voucher => voucher["code"].Text));
        }
        codes.Count.ShouldBe(count);
        return codes;
    }
}
