using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Stacking;

/// <summary>What the project's stacking rules do to carts, with vouchers and promotion tiers in one request.</summary>
public sealed class StackingTests(Servers servers)
{
    private static async Task<string> Coupon(ApiClient scrip, string code, object discount, string? category) =>
        (await scrip.Post($"/v1/vouchers/{code}", new { type = "DISCOUNT_VOUCHER", discount, category_id = category })).Expect(200)["code"].Text;

    private static async Task<string> Tier(ApiClient scrip, string name, object discount, string? category) =>
        (await scrip.Post("/v1/campaigns", new { name, campaign_type = "PROMOTION", promotion = new { tiers = new[] { new { name, category_id = category, action = new { discount } } } } }))
            .Expect(200)["promotion"]["tiers"].Items[0]["id"].Text;

    private static object Of(object order, params (string Object, string Id)[] redeemables) =>
        new { redeemables = redeemables.Select(one => new { @object = one.Object, id = one.Id }), order };

    [Theory, OnBoth]
    public async Task An_exclusive_tier_shuts_common_coupons_out_and_lets_joint_ones_in(Db db)
    {
        var scrip = await servers.Project(db);
        var (vip, gift, news) = (await scrip.Category("VIP", 1), await scrip.Category("Gift", 2), await scrip.Category("News", 3));
        (await scrip.StackingRules(new { exclusive_categories = new[] { vip }, joint_categories = new[] { gift }, redeemables_application_mode = "PARTIAL" })).Expect(200);
        await Coupon(scrip, "NEWS", new { type = "AMOUNT", amount_off = 100 }, news);
        await Coupon(scrip, "PLAIN", new { type = "AMOUNT", amount_off = 100 }, null);
        await Coupon(scrip, "GIFT", new { type = "AMOUNT", amount_off = 50 }, gift);
        var tier = await Tier(scrip, "Half", new { type = "PERCENT", percent_off = 50 }, vip);

        var told = (await scrip.Post("/v1/validations", Of(new { amount = 1000 }, ("voucher", "NEWS"), ("voucher", "GIFT"), ("promotion_tier", tier), ("voucher", "PLAIN")))).Expect(200);

        told["redeemables"].Items.Select(one => one["id"].Text).ShouldBe([tier, "GIFT"]);
        told["redeemables"][0]["categories"][0]["stacking_rules_type"].ShouldBe("EXCLUSIVE");
        told["skipped_redeemables"].Items.Select(one => $"{one["id"].Text} {one["result"]["details"]["key"].Text}")
            .ShouldBe(["NEWS exclusion_rules_not_met", "PLAIN exclusion_rules_not_met"]);
        told["order"]["total_amount"].ShouldBe(450);

        var redeemed = (await scrip.Post("/v1/redemptions", Of(new { amount = 1000 }, ("voucher", "NEWS"), ("promotion_tier", tier)))).Expect(200);
        redeemed["skipped_redeemables"][0]["id"].ShouldBe("NEWS");
        (await scrip.Get("/v1/vouchers/NEWS")).Expect(200)["redemption"]["redeemed_quantity"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task The_hierarchy_decides_what_is_taken_off_first(Db db)
    {
        var scrip = await servers.Project(db);
        var (first, second) = (await scrip.Category("First", 1), await scrip.Category("Second", 2));
        await Coupon(scrip, "TEN", new { type = "PERCENT", percent_off = 10 }, second);
        var tier = await Tier(scrip, "Off", new { type = "AMOUNT", amount_off = 500 }, first);
        var both = Of(new { amount = 1000 }, ("voucher", "TEN"), ("promotion_tier", tier));

        (await scrip.Post("/v1/validations", both)).Expect(200)["order"]["total_amount"].ShouldBe(400);
        (await scrip.StackingRules(new { redeemables_sorting_rule = "CATEGORY_HIERARCHY" })).Expect(200);

        var sorted = (await scrip.Post("/v1/validations", both)).Expect(200);
        sorted["order"]["total_amount"].ShouldBe(450);
        sorted["redeemables"].Items.Select(one => one["id"].Text).ShouldBe([tier, "TEN"]);
        (await scrip.Post("/v1/redemptions", both)).Expect(200)["redemptions"].Items.Select(one => one["related_object_type"].Text).ShouldBe(["promotion_tier", "voucher"]);
    }

    [Theory, OnBoth]
    public async Task Limits_modes_and_products_are_as_the_project_sets_them(Db db)
    {
        var scrip = await servers.Project(db);
        var sale = await scrip.Category("Sale", 1);
        await Coupon(scrip, "A", new { type = "PERCENT", percent_off = 10, effect = "APPLY_TO_ITEMS" }, sale);
        await Coupon(scrip, "B", new { type = "PERCENT", percent_off = 20, effect = "APPLY_TO_ITEMS" }, sale);
        await Coupon(scrip, "C", new { type = "PERCENT", percent_off = 50 }, null);
        var all = Of(new { items = new[] { new { product_id = "prod_x", quantity = 1, price = 1000 } } }, ("voucher", "A"), ("voucher", "B"), ("voucher", "C"));
        var rules = (await scrip.StackingRules(new { applicable_redeemables_per_category_limit = 1, discount_calculation_mode = "INITIAL_AMOUNT" })).Expect(200)["id"].Text;

        var limited = (await scrip.Post("/v1/validations", all)).Expect(200);
        limited["order"]["total_amount"].ShouldBe(400);
        limited["skipped_redeemables"][0]["result"]["details"]["key"].ShouldBe("applicable_redeemables_per_category_limit_exceeded");

        var path = $"/management/v1/projects/{scrip.Project.Id}/stacking-rules/{rules}";
        (await scrip.AsManagement.Put(path, new { applicable_redeemables_per_category_limit = 5, redeemables_products_application_mode = "ONCE", redeemables_no_effect_rule = "SKIP" })).Expect(200);
        var once = (await scrip.Post("/v1/validations", all)).Expect(200);
        once["order"]["total_amount"].ShouldBe(400);
        once["skipped_redeemables"][0]["result"]["details"]["key"].ShouldBe("no_effect");
    }

    [Theory, OnBoth]
    public async Task Tiers_and_stacks_have_categories_of_their_own_which_cannot_be_deleted_under_them(Db db)
    {
        var scrip = await servers.Project(db);
        var sale = await scrip.Category("Sale", 1);
        var tier = await Tier(scrip, "Off", new { type = "AMOUNT", amount_off = 500 }, sale);

        (await scrip.Get($"/v1/promotions/tiers/{tier}")).Expect(200)["categories"][0]["name"].ShouldBe("Sale");
        (await scrip.Delete($"/v1/categories/{sale}")).Expect(400)["key"].ShouldBe("resource_in_use");
        (await scrip.Put($"/v1/promotions/tiers/{tier}", new { category_id = "cat_unknown" })).Expect(404)["resource_type"].ShouldBe("category");
        (await scrip.Put($"/v1/promotions/tiers/{tier}", new { category_id = (string?)null })).Expect(200)["categories"].Items.ShouldBeEmpty();
        (await scrip.Delete($"/v1/categories/{sale}")).Expect(204);
    }
}
