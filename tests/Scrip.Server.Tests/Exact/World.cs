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
        var (club, earning, card, waiting) = await Loyalty(scrip);
        var level = (await scrip.Post($"/v1/loyalties/{club}/tiers", new[] { new { name = "level", points = new { from = 10 } } })).Expect(200)[0]["id"].Text;
        var reward = (await scrip.Post("/v1/rewards", new { name = "reward", parameters = new { product = new { id = product } } })).Expect(200)["id"].Text;
        var given = (await scrip.Post($"/v1/loyalties/{club}/rewards", new[] { new { reward, parameters = new { loyalty = new { points = 10 } } } })).Expect(200)[0]["id"].Text;
        return new()
        {
            [InLoyalties + "campaignId"] = club,
            [InLoyalties + "assignmentId"] = given,
            ["earningRuleId"] = earning,
            ["memberId"] = card,
            ["pendingPointsId"] = waiting,
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
            ["loyaltyTierId"] = level,
            ["sessionKey"] = "session",
        };
    }

    // Before the name of what is another thing in paths about loyalty.
    private const string InLoyalties = "loyalties/";

    /// <summary>The id that a parameter of a path stands for; <c>nothing</c> when the world has none.</summary>
    public static string Id(this Dictionary<string, string> ids, string path, string name) =>
        path.StartsWith("/v1/loyalties", StringComparison.Ordinal) && ids.TryGetValue(InLoyalties + name, out var own) ? own : ids.GetValueOrDefault(name, "nothing");

    // A loyalty campaign with a rule, and a card with points that wait.
    private static async Task<(string Club, string Earning, string Card, string Waiting)> Loyalty(ApiClient scrip)
    {
        var club = (await scrip.Post("/v1/campaigns", new { name = "club", campaign_type = "LOYALTY_PROGRAM", voucher = new { type = "LOYALTY_CARD", loyalty_card = new { points = 1000 } } })).Expect(200)["id"].Text;
        var earning = (await scrip.Post($"/v1/loyalties/{club}/earning-rules", new[] { new { @event = "order.paid", loyalty = new { type = "FIXED", points = 1 }, pending_points = new { period_type = "DAY", period_value = 1 } } })).Expect(200)[0]["id"].Text;
        var card = (await scrip.Post("/v1/publications", new { campaign = club, customer = new { source_id = "eve" } })).Expect(200)["voucher"]["code"].Text;
        (await scrip.Post("/v1/orders", new { source_id = "earning", status = "PAID", amount = 1000, customer = new { source_id = "eve" } })).Expect(200);
        var list = await Eventually.Answers(() => scrip.Get($"/v1/loyalties/members/{card}/pending-points"), found => found["data"].Items.Count == 1);
        return (club, earning, card, list["data"][0]["id"].Text);
    }
}
