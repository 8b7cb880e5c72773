using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Promotions;

/// <summary>Promotion campaigns, their tiers and stacks, and what carts get of them.</summary>
public sealed class PromotionTests(Servers servers)
{
    private static readonly object Cart = new { amount = 10_000 };

    private static object Tier(string name, long off, long? hierarchy = null) => new
    {
        name,
        banner = $"{name} for you",
        hierarchy,
        action = new { discount = new { type = "AMOUNT", amount_off = off } },
    };

    private static async Task<Answer> Campaign(ApiClient scrip, string name, params object[] tiers) =>
        (await scrip.Post("/v1/campaigns", new { name, campaign_type = "PROMOTION", promotion = new { tiers } })).Expect(200);

    private static object Stack(string type, params string[] ids) =>
        new { redeemables = ids.Select(id => new { @object = type, id }).ToArray(), order = Cart };

    [Theory, OnBoth]
    public async Task The_older_validation_filters_tiers_and_may_ask_the_audience_alone(Db db)
    {
        var scrip = await servers.Project(db);
        var category = await scrip.Category("loyal", 3);
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "P", campaign_type = "PROMOTION" })).Expect(200)["id"].Text;
        var tiers = new List<string>();
        foreach (var (name, metadata) in new (string, object)[] { ("a", new { season = "summer", tags = new[] { "x", "y" } }), ("b", new { season = "winter" }), ("c", new { }) })
            tiers.Add((await scrip.Post($"/v1/promotions/{campaign}/tiers", new { name, metadata, category_id = category, action = new { discount = new { type = "AMOUNT", amount_off = 100 } } })).Expect(200)["id"].Text);
        await scrip.Assign(await scrip.Rule("order.initial_amount", "$more_than", 5000), "promotion_tier", tiers[0]);
        async Task<string> Found(string query) =>
            string.Concat((await scrip.Post("/v1/promotions/validation" + query, new { order = new { amount = 1000 } })).Expect(200)["promotions"].Items.Select(one => one["name"].Text));

        (await Found("")).ShouldBe("bc");
        (await Found("?audienceRulesOnly=true")).ShouldBe("abc");
        (await Found($"?filters[promotion_id][conditions][$in][0]={tiers[1]}&filters[promotion_id][conditions][$in][1]={tiers[0]}")).ShouldBe("b");
        (await Found($"?audienceRulesOnly=true&filters[promotion_id][conditions][$is_not]={tiers[1]}")).ShouldBe("ac");
        (await Found("?audienceRulesOnly=true&filters[metadata][season][conditions][$is]=summer")).ShouldBe("a");
        (await Found("?audienceRulesOnly=true&filters[metadata][tags][conditions][$is]=y")).ShouldBe("a");
        (await Found("?audienceRulesOnly=true&filters[metadata][season][conditions][$is_unknown]=true")).ShouldBe("c");
        (await Found($"?audienceRulesOnly=true&filters[junction]=OR&filters[metadata][season][conditions][$is]=summer&filters[promotion_id][conditions][$is]={tiers[2]}")).ShouldBe("ac");
        foreach (var bad in new[] { "?audienceRulesOnly=perhaps", "?filters[name][conditions][$is]=a", "?filters[promotion_id][conditions][$near]=a", "?filters[metadata][conditions][$is]=a", "?filters[junction]=xor" })
            (await scrip.Post("/v1/promotions/validation" + bad, new { order = new { amount = 1000 } })).Expect(400)["key"].ShouldBe("invalid_query_params");
        var shown = (await scrip.Post("/v1/promotions/validation", new { order = new { amount = 1000 }, options = new { expand = new[] { "category" } } })).Expect(200);
        shown["promotions"][0]["categories"]["id"].ShouldBe(category);
    }

    [Theory, OnBoth]
    public async Task A_tier_adds_the_same_items_as_ordered_out_of_a_collection(Db db)
    {
        var scrip = await servers.Project(db);
        var (shirt, hat, mug) = (await scrip.Product("shirt", 3000), await scrip.Product("hat", 1000), await scrip.Product("mug", 500));
        var summer = (await scrip.Post("/v1/product-collections", new
        {
            name = "Summer",
            type = "STATIC",
            products = new[] { new { id = shirt, @object = "product" }, new { id = hat, @object = "product" } },
        })).Expect(200)["id"].Text;
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "Again", campaign_type = "PROMOTION" })).Expect(200)["id"].Text;
        var tier = (await scrip.Post($"/v1/promotions/{campaign}/tiers", new
        {
            name = "one more",
            action = new { discount = new { type = "UNIT", unit_off = 1, unit_type = summer, effect = "ADD_SAME_ITEMS" } },
        })).Expect(200);
        tier["action"]["discount"]["effect"].ShouldBe("ADD_SAME_ITEMS");
        var items = new[] { new { product_id = shirt, quantity = 2 }, new { product_id = hat, quantity = 1 }, new { product_id = mug, quantity = 3 } };

        var redeemed = (await scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "promotion_tier", id = tier["id"].Text } }, order = new { items } })).Expect(200)["order"];

        redeemed["items"][0]["quantity"].ShouldBe(3);
        redeemed["items"][0]["initial_quantity"].ShouldBe(2);
        redeemed["items"][1]["quantity"].ShouldBe(2);
        redeemed["items"][2]["quantity"].ShouldBe(3);
        redeemed["items"].Items.Count.ShouldBe(3);
        redeemed["total_discount_amount"].ShouldBe(4000);
        redeemed["total_amount"].ShouldBe(8500);
        (await scrip.Post("/v1/vouchers/NONE", new { type = "DISCOUNT_VOUCHER", discount = new { type = "UNIT", unit_off = 1, unit_type = "pc_unknown", effect = "ADD_SAME_ITEMS" } })).Expect(404);
        (await scrip.Coupon("SHIRT", new { type = "UNIT", unit_off = 2, unit_type = shirt, effect = "ADD_SAME_ITEMS" })).ShouldBe("SHIRT");
        (await scrip.Validate(new { items }, "SHIRT")).Expect(200)["order"]["total_discount_amount"].ShouldBe(6000);
    }

    [Theory, OnBoth]
    public async Task A_campaign_is_made_with_its_tiers_in_their_hierarchy(Db db)
    {
        var scrip = await servers.Project(db);
        var made = await Campaign(scrip, "Spring", Tier("second", 200, 2), Tier("first", 100, 1), Tier("third", 300));
        var id = made["id"].Text;

        foreach (var shown in new[] { made, (await scrip.Get($"/v1/campaigns/{id}")).Expect(200) })
            shown["promotion"]["tiers"].Items.Select(tier => tier["name"].Text).ShouldBe(["first", "second", "third"]);
        (await scrip.Get("/v1/campaigns")).Expect(200)["campaigns"].Items[0]["promotion"]["total"].Number.ShouldBe(3);
        (await scrip.Post($"/v1/campaigns/{id}/vouchers")).Expect(400)["key"].Text.ShouldBe("invalid_campaign");
    }

    [Theory, OnBoth]
    public async Task Tiers_are_added_changed_listed_switched_and_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = (await Campaign(scrip, "Spring"))["id"].Text;
        var id = (await scrip.Post($"/v1/promotions/{campaign}/tiers", Tier("one", 100))).Expect(200)["id"].Text;
        (await scrip.Post("/v1/promotions/Spring/tiers", Tier("two", 100))).Expect(200)["hierarchy"].Number.ShouldBe(2);

        (await scrip.Put($"/v1/promotions/tiers/{id}", new { name = "changed", metadata = new { a = 1 } })).Expect(200)["banner"].Text.ShouldBe("one for you");
        (await scrip.Get($"/v1/promotions/tiers/{id}")).Expect(200)["name"].Text.ShouldBe("changed");
        (await scrip.Post($"/v1/promotions/tiers/{id}/disable")).Expect(200);
        (await scrip.Count("/v1/promotions/tiers?is_available=true")).ShouldBe(1);
        (await scrip.Get("/v1/promotions/tiers?is_available=false")).Expect(200)["tiers"].Items.ShouldHaveSingleItem()["id"].ShouldBe(id);
        (await scrip.Count($"/v1/promotions/{campaign}/tiers")).ShouldBe(2);
        (await scrip.Post($"/v1/promotions/tiers/{id}/enable")).Expect(200);
        (await scrip.Count("/v1/promotions/tiers?is_available=true")).ShouldBe(2);

        (await scrip.Delete($"/v1/promotions/tiers/{id}")).Expect(204);
        (await scrip.Get($"/v1/promotions/tiers/{id}")).Expect(404);
        (await scrip.Post("/v1/validations", Stack("promotion_tier", id))).Expect(200)["valid"].ShouldBe(false);
    }

    [Theory, OnBoth]
    public async Task A_cart_is_told_all_promotions_it_gets_the_first_of_the_hierarchy_first(Db db)
    {
        var scrip = await servers.Project(db);
        await Campaign(scrip, "Spring", Tier("second", 200, 2), Tier("first", 100, 1));
        var off = await Campaign(scrip, "Off", Tier("hidden", 500, 1));
        (await scrip.Post($"/v1/campaigns/{off["id"].Text}/disable")).Expect(200);

        var found = (await scrip.Post("/v1/promotions/validation", new { order = Cart })).Expect(200);
        found["promotions"].Items.Select(one => one["name"].Text).ShouldBe(["first", "second"]);
        found["promotions"].Items.Select(one => one["order"]["total_amount"].Number).ShouldBe([9900, 9800]);
    }

    [Theory, OnBoth]
    public async Task A_tier_is_refused_while_it_or_its_campaign_is_off_or_out_of_its_dates(Db db)
    {
        var scrip = await servers.Project(db);
        var made = await Campaign(scrip, "Spring", Tier("one", 100), new
        {
            name = "late",
            expiration_date = "2020-01-01T00:00:00Z",
            action = new { discount = new { type = "AMOUNT", amount_off = 100 } },
        });
        var (campaign, tier, late) = (made["id"].Text, made["promotion"]["tiers"].Items[0]["id"].Text, made["promotion"]["tiers"].Items[1]["id"].Text);
        (await Reason(late)).ShouldBe("promotion_inactive");
        (await Reason(tier)).ShouldBeNull();
        (await scrip.Post($"/v1/promotions/tiers/{tier}/disable")).Expect(200);
        (await Reason(tier)).ShouldBe("promotion_inactive");
        (await scrip.Post($"/v1/promotions/tiers/{tier}/enable")).Expect(200);
        (await scrip.Post($"/v1/campaigns/{campaign}/disable")).Expect(200);
        (await Reason(tier)).ShouldBe("promotion_inactive");
        (await scrip.Post($"/v1/promotions/tiers/{tier}/redemption", new { order = Cart })).Expect(400)["key"].Text.ShouldBe("promotion_inactive");
        var failed = (await scrip.Get($"/v1/redemptions?result=FAILURE&related_object_id={tier}")).Expect(200)["redemptions"].Items.ShouldHaveSingleItem();
        failed["promotion_tier"]["id"].Text.ShouldBe(tier);

        async Task<string?> Reason(string id)
        {
            var answer = (await scrip.Post($"/v1/promotions/tiers/{id}/validation", new { order = Cart })).Expect(200);
            return answer["valid"] == true ? null : answer["error"]["key"].Text;
        }
    }

    [Theory, OnBoth]
    public async Task A_tier_is_redeemed_and_taken_back(Db db)
    {
        var scrip = await servers.Project(db);
        var tier = (await Campaign(scrip, "Spring", Tier("one", 100)))["promotion"]["tiers"].Items[0]["id"].Text;

        var redeemed = (await scrip.Post($"/v1/promotions/tiers/{tier}/redemption", new { order = Cart })).Expect(200);
        redeemed["related_object_type"].Text.ShouldBe("promotion_tier");
        redeemed["promotion_tier"]["id"].Text.ShouldBe(tier);
        redeemed["order"]["total_amount"].Number.ShouldBe(9900);
        (await scrip.Post($"/v1/redemptions/{redeemed["id"].Text}/rollback", new { })).Expect(200)["promotion_tier"]["id"].Text.ShouldBe(tier);
        (await scrip.Get($"/v1/redemptions/{redeemed["id"].Text}")).Expect(200)["status"].Text.ShouldBe("ROLLED_BACK");
    }

    [Theory, OnBoth]
    public async Task A_stack_redeems_its_tiers_in_its_own_order_and_is_taken_back_whole(Db db)
    {
        var scrip = await servers.Project(db);
        var made = await Campaign(scrip, "Spring", Tier("one", 100), Tier("two", 200));
        var campaign = made["id"].Text;
        var ids = made["promotion"]["tiers"].Items.Select(tier => tier["id"].Text).Reverse().ToArray();
        var stack = (await scrip.Post($"/v1/promotions/{campaign}/stacks", new { name = "both", tiers = new { ids } })).Expect(200)["id"].Text;
        (await scrip.Put($"/v1/promotions/{campaign}/stacks/{stack}", new { name = "Both" })).Expect(200)["tiers"]["ids"].Items.Count.ShouldBe(2);
        (await scrip.Get($"/v1/promotions/{campaign}/stacks/{stack}")).Expect(200)["name"].Text.ShouldBe("Both");
        (await scrip.Count("/v1/promotions/stacks")).ShouldBe(1);
        (await scrip.Count($"/v1/promotions/{campaign}/stacks")).ShouldBe(1);

        var valid = (await scrip.Post("/v1/validations", Stack("promotion_stack", stack))).Expect(200);
        valid["redeemables"].Items.Select(one => one["id"].Text).ShouldBe(ids);
        var redeemed = (await scrip.Post("/v1/redemptions", Stack("promotion_stack", stack))).Expect(200);
        redeemed["order"]["total_amount"].Number.ShouldBe(9700);
        var back = (await scrip.Post($"/v1/redemptions/{redeemed["parent_redemption"]["id"].Text}/rollbacks", new { })).Expect(200);
        back["rollbacks"].Items.Count.ShouldBe(2);

        (await scrip.Post("/v1/validations", Stack("promotion_stack", stack, stack))).Expect(400)["key"].Text.ShouldBe("invalid_redeemables");
        (await scrip.Post("/v1/validations", Stack("promotion_tier", ids[0], ids[0]))).Expect(400)["key"].Text.ShouldBe("duplicated_redeemables");
        (await scrip.Delete($"/v1/promotions/{campaign}/stacks/{stack}")).Expect(204);
        (await scrip.Post("/v1/validations", Stack("promotion_stack", stack))).Expect(404);
    }

    [Theory, OnBoth]
    public async Task A_stack_has_tiers_of_its_campaign_none_twice_and_is_found_there_alone(Db db)
    {
        var scrip = await servers.Project(db);
        var (spring, autumn) = (await Campaign(scrip, "Spring", Tier("one", 100)), await Campaign(scrip, "Autumn", Tier("two", 200)));
        var (campaign, own, foreign) = (spring["id"].Text, spring["promotion"]["tiers"][0]["id"].Text, autumn["promotion"]["tiers"][0]["id"].Text);
        Task<Answer> Make(params string[] ids) => scrip.Post($"/v1/promotions/{campaign}/stacks", new { name = "x", tiers = new { ids } });

        (await Make(own, foreign)).Expect(404)["resource_id"].ShouldBe(foreign);
        (await Make(own, own)).Expect(400)["details"].Text.ShouldContain("tiers.ids");
        (await Make()).Expect(400)["details"].Text.ShouldContain("tiers.ids");
        var stack = (await Make(own)).Expect(200)["id"].Text;
        (await scrip.Put($"/v1/promotions/{campaign}/stacks/{stack}", new { tiers = new { ids = new[] { foreign } } })).Expect(404);
        (await scrip.Get($"/v1/promotions/Autumn/stacks/{stack}")).Expect(404)["resource_type"].ShouldBe("promotion_stack");
        (await scrip.Delete($"/v1/promotions/Autumn/stacks/{stack}")).Expect(404);
        (await scrip.Count("/v1/promotions/Autumn/stacks")).ShouldBe(0);
        (await scrip.Get($"/v1/promotions/{campaign}/stacks/{stack}")).Expect(200)["tiers"]["ids"].Items.ShouldHaveSingleItem().ShouldBe(own);
    }

    [Theory, OnBoth]
    public async Task A_campaign_in_the_bin_takes_its_tiers_and_stacks_along(Db db)
    {
        var scrip = await servers.Project(db);
        var made = await Campaign(scrip, "Spring", Tier("one", 100));
        var (campaign, tier) = (made["id"].Text, made["promotion"]["tiers"][0]["id"].Text);
        (await scrip.Post($"/v1/promotions/{campaign}/stacks", new { name = "s", tiers = new { ids = new[] { tier } } })).Expect(200);

        (await scrip.Delete($"/v1/campaigns/{campaign}")).Expect(202);

        (await scrip.Count("/v1/promotions/tiers")).ShouldBe(0);
        (await scrip.Count("/v1/promotions/stacks")).ShouldBe(0);
        (await scrip.Get($"/v1/promotions/tiers/{tier}")).Expect(404)["resource_type"].ShouldBe("promotion_tier");
        (await scrip.Post($"/v1/promotions/tiers/{tier}/enable")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task A_change_of_a_tier_keeps_what_was_not_sent(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = (await Campaign(scrip, "Spring"))["id"].Text;
        var made = (await scrip.Post($"/v1/promotions/{campaign}/tiers", new
        {
            name = "one",
            banner = "One!",
            hierarchy = 7,
            start_date = "2020-01-01T00:00:00Z",
            expiration_date = "2040-01-01T00:00:00Z",
            validity_day_of_week = new[] { 1, 2 },
            validity_timeframe = new { interval = "P2D", duration = "P1D" },
            category_id = await scrip.Category("Sale", 1),
            metadata = new { a = 1 },
            action = new { discount = new { type = "AMOUNT", amount_off = 100 } },
        })).Expect(200);

        (await scrip.Put($"/v1/promotions/tiers/{made["id"].Text}", new { name = "two" })).Expect(200)["name"].ShouldBe("two");

        var stored = (await scrip.Get($"/v1/promotions/tiers/{made["id"].Text}")).Expect(200);
        foreach (var name in made.Body.Names.Where(name => name is not ("name" or "updated_at"))) stored[name].ShouldBe(made[name], name);
    }

    [Theory, OnBoth]
    public async Task A_tier_and_a_stack_of_another_project_are_not_there(Db db)
    {
        var (scrip, other) = (await servers.Project(db), await servers.Project(db));
        var tier = (await Campaign(other, "Theirs", Tier("one", 100)))["promotion"]["tiers"].Items[0]["id"].Text;

        (await scrip.Get($"/v1/promotions/tiers/{tier}")).Expect(404);
        (await scrip.Post($"/v1/promotions/tiers/{tier}/redemption", new { order = Cart })).Expect(404);
        (await scrip.Post($"/v1/promotions/tiers/{tier}/validation", new { order = Cart })).Expect(404);
        var campaign = (await Campaign(scrip, "Mine"))["id"].Text;
        (await scrip.Post($"/v1/promotions/{campaign}/stacks", new { name = "x", tiers = new { ids = new[] { tier } } })).Expect(404);
    }

    [Theory, OnBoth]
    public async Task A_tier_is_made_with_its_rules_and_tells_them(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = (await Campaign(scrip, "Spring"))["id"].Text;
        var (first, second) = (await scrip.Rule("order.amount", "$more_than", 100), await scrip.Rule("order.amount", "$less_than", 50_000));

        var tier = (await scrip.Post($"/v1/promotions/{campaign}/tiers", new
        {
            name = "ruled",
            action = new { discount = new { type = "AMOUNT", amount_off = 100 } },
            validation_rules = new[] { first },
            validation_rule_assignments = new { data = new[] { new { rule_id = second } } },
        })).Expect(200);

        tier["validation_rule_assignments"]["data"].Items.Select(one => one["rule_id"].Text).Order().ShouldBe(new[] { first, second }.Order());
        (await scrip.Post("/v1/validations", Stack("promotion_tier", tier["id"].Text))).Expect(200)["valid"].ShouldBe(true);
        (await scrip.Put($"/v1/validation-rules/{second}", new { rules = new Dictionary<string, object> { ["1"] = new { name = "order.amount", conditions = new Dictionary<string, object> { ["$less_than"] = new[] { 5 } } } } })).Expect(200);
        (await scrip.Post("/v1/validations", Stack("promotion_tier", tier["id"].Text))).Expect(200)["redeemables"][0]["result"]["error"]["key"].ShouldBe("order_rules_violated");
        (await scrip.Post($"/v1/promotions/{campaign}/tiers", new { name = "x", action = new { discount = new { type = "AMOUNT", amount_off = 1 } }, validation_rules = new[] { "val_unknown" } })).Expect(404);
    }
}
