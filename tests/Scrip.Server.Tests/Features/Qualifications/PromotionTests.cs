using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Qualifications;

public sealed class PromotionTests(Servers servers)
{
    private static readonly object Order = new { amount = 10_000 };

    [Theory, OnBoth]
    public async Task Promotion_tiers_are_told_newest_first_or_by_the_deal(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await Promotion(scrip);
        var big = await Tier(scrip, campaign, "Big", 3_000);
        await Task.Delay(2);
        var small = await Tier(scrip, campaign, "Small", 100);
        await Task.Delay(2);
        var middle = await Tier(scrip, campaign, "Middle", 500);

        (await scrip.Qualify("ALL", Order)).Ids().ShouldBe([middle, small, big]);
        (await scrip.Qualify("ALL", Order, options: new { sorting_rule = "BEST_DEAL" })).Ids().ShouldBe([big, middle, small]);
        (await scrip.Qualify("ALL", Order, options: new { sorting_rule = "LEAST_DEAL", limit = 2 })).Ids().ShouldBe([small, middle]);
        (await scrip.Qualify("AUDIENCE_ONLY", Order)).Ids().ShouldBe([middle, small, big]);
        (await scrip.Qualify("CUSTOMER_WALLET", Order)).Ids().ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task A_tier_is_told_with_its_name_banner_and_campaign_when_expanded(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await Promotion(scrip);
        var id = await Tier(scrip, campaign, "Half off", 5_000);

        var tier = (await scrip.Qualify("ALL", Order, options: new { expand = new[] { "redeemable" } }))["redeemables"]["data"].Items.ShouldHaveSingleItem();

        tier["id"].ShouldBe(id);
        tier["object"].ShouldBe("promotion_tier");
        tier["name"].ShouldBe("Half off");
        tier["banner"].ShouldBe("Half off!");
        tier["campaign_id"].ShouldBe(campaign);
        tier["campaign_name"].ShouldBe("Promotion");
        tier["metadata"]["colour"].ShouldBe("red");
        tier["result"]["discount"]["amount_off"].ShouldBe(5_000);
        tier["order"]["total_applied_discount_amount"].ShouldBe(5_000);
    }

    [Theory, OnBoth]
    public async Task A_promotion_stack_is_told_with_its_tiers(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await Promotion(scrip);
        var (first, second) = (await Tier(scrip, campaign, "First", 1_000), await Tier(scrip, campaign, "Second", 500));
        await Tier(scrip, campaign, "Alone", 200);
        var id = (await scrip.Post($"/v1/promotions/{campaign}/stacks", new { name = "Both", tiers = new { ids = new[] { first, second } } })).Expect(200)["id"].Text;

        var stack = (await scrip.Qualify("PROMOTION_STACKS", Order, options: new { expand = new[] { "redeemable" } }))["redeemables"]["data"].Items.ShouldHaveSingleItem();

        stack["id"].ShouldBe(id);
        stack["object"].ShouldBe("promotion_stack");
        stack["name"].ShouldBe("Both");
        stack["order"]["total_applied_discount_amount"].ShouldBe(1_500);
        stack["redeemables"].Items.Select(one => one["id"].Text).ShouldBe([first, second]);
        stack["redeemables"][1]["order"]["applied_discount_amount"].ShouldBe(500);
        stack["redeemables"][1]["result"]["discount"]["amount_off"].ShouldBe(500);
        (await scrip.Qualify("ALL", Order)).Ids().ShouldContain(id);

        (await scrip.Post($"/v1/promotions/tiers/{second}/disable")).Expect(200);
        (await scrip.Qualify("PROMOTION_STACKS", Order)).Ids().ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task A_changed_hierarchy_of_categories_sorts_stacks_from_the_next_call_on(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.StackingRules(new { redeemables_sorting_rule = "CATEGORY_HIERARCHY" })).Expect(200);
        var campaign = await Promotion(scrip);
        var (high, low) = (await scrip.Category("high", 1), await scrip.Category("low", 2));
        async Task<string> Of(string category) => (await scrip.Post($"/v1/promotions/{campaign}/tiers",
            new { name = category, category_id = category, action = new { discount = new { type = "AMOUNT", amount_off = 100 } } })).Expect(200)["id"].Text;
        var ids = new[] { await Of(high), await Of(low) };
        (await scrip.Post($"/v1/promotions/{campaign}/stacks", new { name = "Both", tiers = new { ids } })).Expect(200);
        async Task<IEnumerable<string>> Told() =>
            (await scrip.Qualify("PROMOTION_STACKS", Order))["redeemables"]["data"].Items.ShouldHaveSingleItem()["redeemables"].Items.Select(one => one["id"].Text);

        (await Told()).ShouldBe(ids);
        (await scrip.Put($"/v1/categories/{low}", new { name = "low", hierarchy = 0 })).Expect(200);
        (await Told()).ShouldBe([ids[1], ids[0]]);
    }

    [Theory, OnBoth]
    public async Task What_is_saved_counts_from_the_next_call_on(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await Promotion(scrip);
        for (var i = 1; i <= 5; i++)
        {
            var tier = await Tier(scrip, campaign, $"Tier {i}", 100 * i);
            (await scrip.Qualify("ALL", Order)).Ids().ShouldBe([tier]);
            (await scrip.Put($"/v1/promotions/tiers/{tier}", new { action = new { discount = new { type = "AMOUNT", amount_off = 7 } } })).Expect(200);
            (await scrip.Qualify("ALL", Order))["redeemables"]["data"][0]["order"]["total_applied_discount_amount"].ShouldBe(7);
            (await scrip.Delete($"/v1/promotions/tiers/{tier}")).Expect(204);
            (await scrip.Qualify("ALL", Order)).Ids().ShouldBeEmpty();
        }
    }

    [Theory, OnBoth]
    public async Task A_tier_that_gives_a_product_away_knows_its_price_of_now(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await Promotion(scrip);
        var shirt = await scrip.Product("shirt", 1_000);
        await Tier(scrip, campaign, "Free shirt", new { type = "UNIT", unit_off = 1, unit_type = shirt, effect = "ADD_NEW_ITEMS" });
        var cart = new { items = new[] { new { product_id = "shirt", quantity = 1 } } };

        async Task<long> Off() => (await scrip.Qualify("PRODUCTS", cart))["redeemables"]["data"].Items.ShouldHaveSingleItem()["order"]["total_applied_discount_amount"].Number;

        (await Off()).ShouldBe(1_000);
        (await scrip.Put($"/v1/products/{shirt}", new { price = 1_200 })).Expect(200);
        (await Off()).ShouldBe(1_200);
    }

    [Theory, OnBoth]
    public async Task Tiers_of_a_campaign_that_is_off_or_gone_are_not_told(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await Promotion(scrip);
        var tier = await Tier(scrip, campaign, "Tier", 100);
        (await scrip.Post($"/v1/campaigns/{campaign}/disable")).Expect(200);
        (await scrip.Qualify("ALL", Order)).Ids().ShouldBeEmpty();
        (await scrip.Post($"/v1/campaigns/{campaign}/enable")).Expect(200);
        (await scrip.Qualify("ALL", Order)).Ids().ShouldBe([tier]);
        (await scrip.Delete($"/v1/campaigns/{campaign}")).Status.ShouldBeOneOf(200, 202);
        (await scrip.Qualify("ALL", Order)).Ids().ShouldBeEmpty();
    }

    [Theory]
    [OnBoth("""{"resource_type":{"conditions":{"$is":["promotion_tier"]}}}""", "Tier")]
    [OnBoth("""{"resource_type":{"conditions":{"$is_not":["promotion_tier"]}}}""", "COUPON")]
    [OnBoth("""{"campaign_type":{"conditions":{"$is":["PROMOTION"]}}}""", "Tier")]
    [OnBoth("""{"voucher_type":{"conditions":{"$is_unknown":[]}}}""", "Tier")]
    [OnBoth("""{"code":{"conditions":{"$has_value":[]}}}""", "COUPON")]
    [OnBoth("""{"resource_id":{"conditions":{"$is":["$tier"]}}}""", "Tier")]
    public async Task Filters_tell_tiers_from_codes(Db db, string filters, string told)
    {
        var scrip = await servers.Project(db);
        var tier = await Tier(scrip, await Promotion(scrip), "Tier", 100);
        await scrip.Coupon("COUPON", new { type = "AMOUNT", amount_off = 100 });
        filters = filters.Replace("$tier", tier, StringComparison.Ordinal);

        var answer = (await scrip.Raw("POST", "/v1/qualifications", $$$"""{"order":{"amount":1000},"options":{"filters":{{{filters}}}}}""")).Expect(200);

        answer.Ids().Select(id => id == tier ? "Tier" : id).ShouldBe([told]);
    }

    private static async Task<string> Promotion(ApiClient scrip) =>
        (await scrip.Post("/v1/campaigns", new { name = "Promotion", campaign_type = "PROMOTION", promotion = new { tiers = Array.Empty<object>() } })).Expect(200)["id"].Text;

    private static Task<string> Tier(ApiClient scrip, string campaign, string name, long amountOff) => Tier(scrip, campaign, name, new { type = "AMOUNT", amount_off = amountOff });

    private static async Task<string> Tier(ApiClient scrip, string campaign, string name, object discount) => (await scrip.Post($"/v1/promotions/{campaign}/tiers", new
    {
        name,
        banner = name + "!",
        action = new { discount },
        metadata = new { colour = "red" },
    })).Expect(200)["id"].Text;
}
