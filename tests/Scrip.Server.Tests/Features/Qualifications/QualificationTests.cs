using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Qualifications;

public sealed class QualificationTests(Servers servers)
{
    private static readonly object Order = new { amount = 10_000 };

    [Theory, OnBoth]
    public async Task Everybody_is_told_of_codes_that_are_meant_for_everybody(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("TEN", new { type = "PERCENT", percent_off = 10 });
        await scrip.GiftCard("CARD", 2_500);
        await scrip.Campaign("Unique codes", new { type = "AMOUNT", amount_off = 100 });

        var answer = await scrip.Qualify("ALL", Order);

        answer.Ids().ShouldBe(["CARD", "TEN"]);
        var (card, ten) = (answer["redeemables"]["data"][0], answer["redeemables"]["data"][1]);
        card["result"]["gift"]["credits"].ShouldBe(2_500);
        card["order"]["total_amount"].ShouldBe(7_500);
        ten["object"].ShouldBe("voucher");
        ten["result"]["discount"]["percent_off"].ShouldBe(10);
        ten["order"]["total_applied_discount_amount"].ShouldBe(1_000);
        // Each is computed alone.
        ten["order"]["total_amount"].ShouldBe(9_000);
        answer["redeemables"]["total"].ShouldBe(2);
        answer["redeemables"]["has_more"].ShouldBe(false);
        answer["redeemables"]["more_starting_after"].Exists.ShouldBeFalse();
        answer["tracking_id"].Text.ShouldStartWith("track_");
        answer["order"]["total_amount"].Exists.ShouldBeFalse();
        answer["stacking_rules"]["redeemables_limit"].ShouldBe(30);
    }

    [Theory, OnBoth]
    public async Task The_default_scenario_is_ALL(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("TEN", new { type = "PERCENT", percent_off = 10 });

        (await scrip.Post("/v1/qualifications", new { order = Order })).Expect(200).Ids().ShouldBe(["TEN"]);
    }

    // The first case of the vendor's guide on eligibility, with quantities as it writes them.
    [Theory, OnBoth]
    public async Task Who_is_known_is_told_of_more_as_the_guide_on_eligibility_says(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "Promotion - % off", campaign_type = "PROMOTION" })).Expect(200)["id"].Text;
        async Task<string> Tier(string name, object discount) => (await scrip.Post($"/v1/promotions/{campaign}/tiers", new { name, action = new { discount } })).Expect(200)["id"].Text;
        var everyone = await Tier("10% off", new { type = "PERCENT", effect = "APPLY_TO_ORDER", percent_off = 10 });
        var vip = await Tier("20% off digital books", new { type = "PERCENT", effect = "APPLY_TO_ITEMS", percent_off = 20 });
        var book = await scrip.Product("digital_book", 1500);
        var rule = (await scrip.Post("/v1/validation-rules", new
        {
            name = "VIP",
            rules = new Dictionary<string, object> { ["1"] = new { name = "customer.metadata", property = "tier", conditions = new Dictionary<string, object> { ["$is"] = new[] { "VIP" } } } },
            applicable_to = new { included = new[] { new { @object = "product", id = book } } },
        })).Expect(200)["id"].Text;
        await scrip.Assign(rule, "promotion_tier", vip);
        object Asked(object? customer) => new
        {
            scenario = "ALL",
            customer,
            order = new
            {
                items = new[]
                {
                    new { source_id = "bosch_product_1", quantity = "1", price = 10000, related_object = "product", product = new { name = "BOSCH GDR 120-LI" } },
                    new { source_id = "digital_book", quantity = "1", price = 1500, related_object = "product", product = new { name = "Digital Book" } },
                },
            },
            options = new { expand = new[] { "redeemable" } },
        };

        var stranger = (await scrip.Post("/v1/qualifications", Asked(null))).Expect(200)["redeemables"]["data"].Items.ShouldHaveSingleItem();
        stranger["id"].ShouldBe(everyone);
        stranger["order"]["amount"].ShouldBe(11500);
        stranger["order"]["discount_amount"].ShouldBe(1150);
        stranger["order"]["total_amount"].ShouldBe(10350);
        stranger["order"]["items"][0]["quantity"].ShouldBe(1);
        var known = (await scrip.Post("/v1/qualifications", Asked(new { source_id = "GUID_123_john_wayne", name = "John Wayne", metadata = new { tier = "VIP" } }))).Expect(200)["redeemables"]["data"].Items;
        known.Select(one => one["id"].Text).Order().ShouldBe(new[] { everyone, vip }.Order());
        known.Single(one => one["id"] == vip)["order"]["total_applied_discount_amount"].ShouldBe(300);
        foreach (var wrong in new object[] { "one", "1.5", "", "9007199254740992", true })
            (await scrip.Post("/v1/validations", new { redeemables = new[] { new { @object = "voucher", id = "x" } }, order = new { items = new[] { new { quantity = wrong, price = 1 } } } }))
                .Expect(400)["details"].Text.ShouldContain("order.items[0].quantity must be");
    }

    [Theory, OnBoth]
    public async Task The_code_of_a_generic_campaign_is_told_without_being_published(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/campaigns", new
        {
            name = "One code",
            type = "STANDALONE",
            campaign_type = "DISCOUNT_COUPONS",
            voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 500 }, code_config = new { pattern = "ONE" } },
        })).Expect(200);
        await scrip.Post("/v1/campaigns/One code/vouchers/ONE");

        (await scrip.Qualify("ALL", Order)).Ids().ShouldContain("ONE");
    }

    [Theory, OnBoth]
    public async Task A_generic_campaign_is_told_by_its_code_alone_and_once_to_who_holds_it(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = (await scrip.Post("/v1/campaigns", new
        {
            name = "One code",
            type = "STANDALONE",
            campaign_type = "DISCOUNT_COUPONS",
            vouchers_count = 1,
            voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 500 }, code_config = new { pattern = "ONE" } },
        })).Expect(200)["id"].Text;
        await scrip.Made(campaign);
        await servers.Give(scrip, "ONE", await scrip.Customer("ada"));

        (await scrip.Qualify("ALL", Order)).Ids().ShouldBe(["ONE"]);
        (await scrip.Qualify("ALL", Order, new { source_id = "ada" })).Ids().ShouldBe(["ONE"]);
        (await scrip.Qualify("AUDIENCE_ONLY", Order)).Ids().ShouldBe(["ONE"]);
        (await scrip.Post("/v1/campaigns/qualification", new { order = Order })).Expect(200)["data"].Items.ShouldBeEmpty();
        (await scrip.Post("/v1/vouchers/qualification", new { order = Order })).Expect(200)["data"].Items.ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task What_cannot_be_used_now_is_not_told(Db db)
    {
        var scrip = await servers.Project(db);
        var coupon = new { type = "AMOUNT", amount_off = 100 };
        await scrip.Coupon("used", coupon, quantity: 1);
        await scrip.Coupon("off", coupon);
        await scrip.Coupon("deleted", coupon);
        (await scrip.Post("/v1/vouchers/later", new { type = "DISCOUNT_VOUCHER", discount = coupon, start_date = "2040-01-01T00:00:00Z" })).Expect(200);
        (await scrip.Post("/v1/vouchers/over", new { type = "DISCOUNT_VOUCHER", discount = coupon, expiration_date = "2020-01-01T00:00:00Z" })).Expect(200);
        await scrip.Coupon("good", coupon);
        (await scrip.Redeem(Order, "used")).Expect(200);
        (await scrip.Post("/v1/vouchers/off/disable")).Expect(200);
        (await scrip.Delete("/v1/vouchers/deleted")).Expect(204);

        (await scrip.Qualify("ALL", Order)).Ids().ShouldBe(["good"]);
    }

    [Theory, OnBoth]
    public async Task A_wallet_holds_what_the_customer_was_given_and_nothing_else(Db db)
    {
        var scrip = await servers.Project(db);
        var (ada, bob) = (await scrip.Customer("ada"), await scrip.Customer("bob"));
        var codes = await scrip.CodesOf(await scrip.Campaign("Unique codes", new { type = "AMOUNT", amount_off = 300 }, codes: 3));
        await scrip.Coupon("GENERIC", new { type = "AMOUNT", amount_off = 100 });
        await scrip.GiftCard("CARD", 500);
        await servers.Give(scrip, codes[0], ada);
        await servers.Give(scrip, codes[1], bob);
        await servers.Give(scrip, "CARD", ada);

        (await scrip.Qualify("CUSTOMER_WALLET", Order, new { source_id = "ada" })).Sorted().ShouldBe(new[] { codes[0], "CARD" }.Order(StringComparer.Ordinal));
        (await scrip.Qualify("CUSTOMER_WALLET", Order, new { id = bob })).Ids().ShouldBe([codes[1]]);
        (await scrip.Qualify("ALL", Order, new { source_id = "ada" })).Sorted().ShouldBe(new[] { codes[0], "CARD", "GENERIC" }.Order(StringComparer.Ordinal));
        (await scrip.Qualify("CUSTOMER_WALLET", Order, new { source_id = "nobody" })).Ids().ShouldBeEmpty();
        (await scrip.Qualify("CUSTOMER_WALLET", Order)).Ids().ShouldBeEmpty();
        (await scrip.Qualify("ALL", Order)).Ids().ShouldBe(["GENERIC"]);
    }

    [Theory, OnBoth]
    public async Task An_audience_is_told_of_campaigns_whatever_the_cart(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await scrip.Campaign("Unique codes", new { type = "AMOUNT", amount_off = 300 });
        await scrip.GiftCard("CARD", 500);

        var answer = await scrip.Qualify("AUDIENCE_ONLY", options: new { expand = new[] { "redeemable" } });

        answer.Sorted().ShouldBe(new[] { campaign, "CARD" }.Order(StringComparer.Ordinal));
        var told = answer["redeemables"]["data"].Items.Single(one => one["id"] == campaign);
        told["object"].ShouldBe("campaign");
        told["name"].ShouldBe("Unique codes");
        told["campaign_id"].Exists.ShouldBeFalse();
        (await scrip.Qualify("ALL", Order)).Ids().ShouldBe(["CARD"]);
    }

    [Theory]
    [OnBoth("PRODUCTS")]
    [OnBoth("PRODUCTS_DISCOUNT")]
    [OnBoth("PRODUCTS_BY_CUSTOMER")]
    [OnBoth("PRODUCTS_DISCOUNT_BY_CUSTOMER")]
    public async Task Products_are_told_of_what_discounts_them(Db db, string scenario)
    {
        var scrip = await servers.Project(db);
        var ada = await scrip.Customer("ada");
        var shirt = await scrip.Product("shirt", 1_000);
        var sock = await scrip.Product("sock", 200);
        await scrip.Coupon("order", new { type = "AMOUNT", amount_off = 100, effect = "APPLY_TO_ORDER" });
        await scrip.Coupon("items", new { type = "AMOUNT", amount_off = 100, effect = "APPLY_TO_ITEMS" });
        await scrip.Coupon("shirt", new { type = "UNIT", unit_off = 1, unit_type = shirt, effect = "ADD_MISSING_ITEMS" });
        await scrip.Coupon("sock", new { type = "UNIT", unit_off = 1, unit_type = sock, effect = "ADD_MISSING_ITEMS" });
        await scrip.Coupon("mine", new { type = "PERCENT", percent_off = 5, effect = "APPLY_TO_ITEMS" });
        await servers.Give(scrip, "mine", ada);
        var cart = new { items = new[] { new { product_id = "shirt", quantity = 1 } } };

        (await scrip.Qualify(scenario, cart)).Sorted().ShouldBe(["items", "shirt"]);
        (await scrip.Qualify(scenario, cart, new { source_id = "ada" })).Sorted().ShouldBe(["items", "mine", "shirt"]);
        (await scrip.Qualify(scenario)).Ids().ShouldBeEmpty();
        (await scrip.Qualify("ALL", cart)).Sorted().ShouldBe(["items", "order", "shirt", "sock"]);
    }

    [Theory, OnBoth]
    public async Task A_gift_card_is_told_with_the_balance_that_the_order_would_leave(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("CARD", 2_500);

        var gift = (await scrip.Qualify("ALL", new { amount = 1_000 }))["redeemables"]["data"].Items.ShouldHaveSingleItem()["result"]["gift"];

        gift["credits"].ShouldBe(1_000);
        gift["balance"].ShouldBe(1_500);
    }

    [Theory, OnBoth]
    public async Task A_gift_card_without_an_order_is_told_with_its_balance(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("CARD", 500);

        var card = (await scrip.Qualify("ALL"))["redeemables"]["data"].Items.ShouldHaveSingleItem();

        card["result"]["gift"]["balance"].ShouldBe(500);
        card["result"]["gift"]["credits"].Exists.ShouldBeFalse();
        card["order"].Exists.ShouldBeFalse();
    }

    [Theory, OnBoth]
    public async Task What_sessions_hold_is_not_there_for_others_and_told_when_asked(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("CARD", 2_500);
        await scrip.Coupon("LAST", new { type = "AMOUNT", amount_off = 100 }, quantity: 1);
        var stack = new[] { new { @object = "voucher", id = "LAST" }, new { @object = "voucher", id = "CARD" } };
        (await scrip.Post("/v1/validations", new { redeemables = stack, order = new { amount = 1_100 }, session = new { type = "LOCK", key = "cart-1" } })).Expect(200)["valid"].ShouldBe(true);

        var answer = (await scrip.Post("/v1/qualifications", new { order = Order, session = new { type = "LOCK" } })).Expect(200);

        answer.Ids().ShouldBe(["CARD"]);
        answer["redeemables"]["data"][0]["result"]["gift"]["credits"].ShouldBe(1_500);
        answer["redeemables"]["data"][0]["result"]["gift"]["locked_credits"].ShouldBe(1_000);
        (await scrip.Qualify("ALL", Order))["redeemables"]["data"][0]["result"]["gift"]["locked_credits"].Exists.ShouldBeFalse();
    }

    [Theory, OnBoth]
    public async Task Nothing_is_consumed_and_nobody_is_made(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("ONCE", new { type = "AMOUNT", amount_off = 100 }, quantity: 1);

        for (var i = 0; i < 3; i++)
            (await scrip.Qualify("ALL", new { amount = 1_000, source_id = "order-1" }, new { source_id = "ada", name = "Ada" })).Ids().ShouldBe(["ONCE"]);

        (await scrip.Count("/v1/redemptions")).ShouldBe(0);
        (await scrip.Count("/v1/customers")).ShouldBe(0);
        (await scrip.Count("/v1/orders")).ShouldBe(0);
        (await scrip.Redeem(Order, "ONCE")).Expect(200);
    }

    [Theory, OnBoth]
    public async Task Another_project_is_never_told(Db db)
    {
        var (mine, other) = (await servers.Project(db), await servers.Project(db));
        await other.Coupon("THEIRS", new { type = "AMOUNT", amount_off = 100 });
        var campaign = await other.Campaign("Theirs", new { type = "AMOUNT", amount_off = 100 });
        await servers.Give(other, (await other.CodesOf(campaign))[0], await other.Customer("ada"));
        await mine.Customer("ada");

        foreach (var scenario in new[] { "ALL", "CUSTOMER_WALLET", "AUDIENCE_ONLY", "PRODUCTS", "PROMOTION_STACKS" })
            (await mine.Qualify(scenario, Order, new { source_id = "ada" })).Ids().ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task A_campaign_in_the_bin_takes_its_codes_along(Db db)
    {
        var scrip = await servers.Project(db);
        var ada = await scrip.Customer("ada");
        var campaign = await scrip.Campaign("Gone", new { type = "AMOUNT", amount_off = 100 });
        await servers.Give(scrip, (await scrip.CodesOf(campaign))[0], ada);
        (await scrip.Qualify("CUSTOMER_WALLET", Order, new { id = ada })).Ids().ShouldHaveSingleItem();

        (await scrip.Delete($"/v1/campaigns/{campaign}")).Status.ShouldBeOneOf(200, 202, 204);

        (await scrip.Qualify("CUSTOMER_WALLET", Order, new { id = ada })).Ids().ShouldBeEmpty();
        (await scrip.Qualify("AUDIENCE_ONLY", Order, new { id = ada })).Ids().ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task A_campaign_that_was_disabled_is_not_told_from_the_next_call_on(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await scrip.Campaign("Switched", new { type = "AMOUNT", amount_off = 100 });
        for (var i = 0; i < 5; i++)
        {
            (await scrip.Post($"/v1/campaigns/{campaign}/disable")).Expect(200);
            (await scrip.Qualify("AUDIENCE_ONLY", Order)).Ids().ShouldBeEmpty();
            (await scrip.Post($"/v1/campaigns/{campaign}/enable")).Expect(200);
            (await scrip.Qualify("AUDIENCE_ONLY", Order)).Ids().ShouldBe([campaign]);
        }
    }

    [Theory, OnBoth]
    public async Task What_is_expanded_is_told_and_nothing_else(Db db)
    {
        var scrip = await servers.Project(db);
        var category = (await scrip.Post("/v1/categories", new { name = "Sale", hierarchy = 1 })).Expect(200)["id"].Text;
        var ada = await scrip.Customer("ada");
        var campaign = await scrip.Campaign("Codes", new { type = "AMOUNT", amount_off = 100 }, categoryId: category);
        await servers.Give(scrip, (await scrip.CodesOf(campaign))[0], ada);

        async Task<Part> Only(params string[] expand) =>
            (await scrip.Qualify("CUSTOMER_WALLET", Order, new { id = ada }, new { expand }))["redeemables"]["data"].Items.ShouldHaveSingleItem();

        var plain = await Only();
        foreach (var part in new[] { "metadata", "campaign_id", "campaign_name", "categories" }) plain[part].Exists.ShouldBeFalse(part);
        var expanded = await Only("redeemable", "category", "validation_rules");
        expanded["campaign_id"].ShouldBe(campaign);
        expanded["campaign_name"].ShouldBe("Codes");
        expanded["metadata"].Names.ShouldBeEmpty();
        expanded["categories"].Items.ShouldHaveSingleItem()["id"].ShouldBe(category);
    }

    [Theory]
    [OnBoth("""{"scenario":"SOME"}""", "scenario")]
    [OnBoth("""{"options":{"limit":51}}""", "limit")]
    [OnBoth("""{"options":{"limit":0}}""", "limit")]
    [OnBoth("""{"options":{"expand":["all"]}}""", "expand")]
    [OnBoth("""{"options":{"sorting_rule":"WORST_DEAL"}}""", "sorting_rule")]
    [OnBoth("""{"options":{"starting_after":"yesterday"}}""", "starting_after")]
    [OnBoth("""{"options":{"filters":{"colour":{"conditions":{"$is":["red"]}}}}}""", "colour")]
    [OnBoth("""{"options":{"filters":{"code":{"conditions":{"$like":["red"]}}}}}""", "code")]
    [OnBoth("""{"options":{"filters":{"code":{"conditions":{"$in":[5]}}}}}""", "$in")]
    [OnBoth("""{"options":{"filters":{"resource_type":{"conditions":{"$is":["card"]}}}}}""", "resource_type")]
    [OnBoth("""{"options":{"filters":{"junction":"nor"}}}""", "junction")]
    [OnBoth("""{"options":{"filters":{"code":["x"]}}}""", "code")]
    [OnBoth("""{"session":{"type":"KEY"}}""", "session")]
    [OnBoth("""{"order":{"amount":-1}}""", "")]
    [OnBoth("""{"customer":{"name":5}}""", "customer")]
    [OnBoth("""[]""", "")]
    public async Task A_malformed_request_is_refused_with_a_hint(Db db, string body, string hint)
    {
        var scrip = await servers.Project(db);
        (await scrip.Raw("POST", "/v1/qualifications", body)).Expect(400)["details"].Text.ShouldContain(hint);
    }
}
