namespace Scrip.Server.Tests.Exact;

/// <summary>One of everything in a project, by the names that paths have for them.</summary>
static class World
{
    /// <summary>Makes it.</summary>
    public static async Task<Dictionary<string, string>> Make(ApiClient caller)
    {
        var scrip = caller.Unchecked;
        var codes = await scrip.Codes("spring", 3, quantity: null);
        var campaign = (await scrip.Get("/v1/campaigns/spring"))["id"].Text;
        await scrip.Coupon("coupon", new { type = "AMOUNT", amount_off = 100 });
        await scrip.GiftCard("card", 10_000);
        var product = await scrip.Product("shirt", 1000);
        var sku = (await scrip.Post($"/v1/products/{product}/skus", new { source_id = "shirt-red", sku = "Red" })).Expect(200)["id"].Text;
        var customer = (await scrip.Post("/v1/customers", new { source_id = "ada", name = "Ada" })).Expect(200)["id"].Text;
        var order = (await scrip.Post("/v1/orders", new { source_id = "order", amount = 1000 })).Expect(200)["id"].Text;
        var category = await scrip.Category("category", 1);
        var rule = await scrip.Rule("order.amount", "$more_than", 1);
        var assignment = await scrip.Assign(rule, "campaign", campaign);
        var collection = (await scrip.Post("/v1/product-collections", new { name = "all", type = "STATIC", products = new[] { new { id = product, @object = "product" } } })).Expect(200)["id"].Text;
        var promotion = (await scrip.Post("/v1/campaigns", new { name = "promotion", campaign_type = "PROMOTION", promotion = new { tiers = new[] { new { name = "tier", action = new { discount = new { type = "AMOUNT", amount_off = 5 } } } } } })).Expect(200);
        var tier = promotion["promotion"]["tiers"][0]["id"].Text;
        var stack = (await scrip.Post($"/v1/promotions/{promotion["id"].Text}/stacks", new { name = "stack", tiers = new { ids = new[] { tier } } })).Expect(200)["id"].Text;
        var redeemed = (await scrip.Redeem(new { amount = 1000 }, "coupon", codes[0])).Expect(200);
        var club = (await scrip.Post("/v1/loyalties", new { name = "club", voucher = new { type = "LOYALTY_CARD", loyalty_card = new { points = 1000 } } })).Expect(200)["id"].Text;
        (await scrip.Post($"/v1/campaigns/{club}/vouchers/MEMBER")).Expect(200);
        (await scrip.Post($"/v1/loyalties/{club}/members", new { voucher = "MEMBER", customer = "ada" })).Expect(200);
        var reward = (await scrip.Post("/v1/rewards", new { name = "reward", parameters = new { product = new { id = product } } })).Expect(200)["id"].Text;
        var given = (await scrip.Post($"/v1/loyalties/{club}/rewards", new[] { new { reward, parameters = new { loyalty = new { points = 10 } } } })).Expect(200)[0]["id"].Text;
        return new()
        {
            ["/loyalties campaignId"] = club,
            ["/loyalties assignmentId"] = given,
            ["memberId"] = "MEMBER",
            ["rewardId"] = reward,
            ["campaignId"] = campaign,
            ["code"] = "coupon",
            ["voucherId"] = "card",
            ["productId"] = product,
            ["skuId"] = sku,
            ["customerId"] = customer,
            ["orderId"] = order,
            ["categoryId"] = category,
            ["validationRuleId"] = rule,
            ["assignmentId"] = assignment,
            ["productCollectionId"] = collection,
            ["promotionTierId"] = tier,
            ["stackId"] = stack,
            ["redemptionId"] = redeemed["redemptions"][0]["id"].Text,
            ["parentRedemptionId"] = redeemed["parent_redemption"]["id"].Text,
            ["sessionKey"] = "session",
        };
    }

    /// <summary>What a path means by a name: under loyalties a campaign is a loyalty program.</summary>
    public static string Of(this Dictionary<string, string> ids, string path, string name) =>
        path.StartsWith("/v1/loyalties", StringComparison.Ordinal) && ids.TryGetValue($"/loyalties {name}", out var own) ? own : ids.GetValueOrDefault(name, "nothing");
}
