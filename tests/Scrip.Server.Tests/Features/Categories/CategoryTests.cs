namespace Scrip.Server.Tests.Features.Categories;

public sealed class CategoryTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_category_is_made_changed_listed_and_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        var first = (await scrip.Post("/v1/categories", new { name = "First", hierarchy = 0 })).Expect(200);
        first["id"].Text.ShouldStartWith("cat_");
        first["updated_at"].Exists.ShouldBeFalse();
        var second = (await scrip.Post("/v1/categories", new { name = "Second", hierarchy = 7 })).Expect(200);
        var changed = (await scrip.Put($"/v1/categories/{first["id"].Text}", new { name = "Prime", hierarchy = 1 })).Expect(200);
        changed["created_at"].ShouldBe(first["created_at"]);
        changed["updated_at"].Exists.ShouldBeTrue();
        (await scrip.Get($"/v1/categories/{first["id"].Text}")).Expect(200)["name"].ShouldBe("Prime");
        var list = (await scrip.Get("/v1/categories")).Expect(200);
        list["total"].ShouldBe(2);
        list["data"].Items.Select(one => one["name"].Text).ShouldBe(["Second", "Prime"]);
        (await scrip.Delete($"/v1/categories/{second["id"].Text}")).Expect(204);
        (await scrip.Get($"/v1/categories/{second["id"].Text}")).Expect(404)["details"].ShouldBe($"Cannot find category with id {second["id"].Text}");
        (await scrip.Get("/v1/categories")).Expect(200)["total"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task A_category_has_a_name_of_its_own_and_a_hierarchy(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/categories", new { hierarchy = 1 })).Expect(400)["details"].ShouldBe("Payload should have required property 'name'");
        (await scrip.Post("/v1/categories", new { name = "x" })).Expect(400)["details"].ShouldBe("Payload should have required property 'hierarchy'");
        (await scrip.Post("/v1/categories", new { name = "x", hierarchy = -1 })).Expect(400)["key"].ShouldBe("invalid_payload");
        (await scrip.Post("/v1/categories", new { name = "x", hierarchy = 1.5 })).Expect(400);
        (await scrip.Post("/v1/categories", new { name = "x", hierarchy = 3_000_000_000 })).Expect(400);
        (await scrip.Get("/v1/categories")).Expect(200)["total"].ShouldBe(0);
        var id = await scrip.Category("x", 1);
        var other = await scrip.Category("y", 1);
        (await scrip.Post("/v1/categories", new { name = "x", hierarchy = 2 })).Expect(409)["key"].ShouldBe("duplicate_found");
        (await scrip.Put($"/v1/categories/{other}", new { name = "x", hierarchy = 2 })).Expect(409);
        (await scrip.Put($"/v1/categories/{id}", new { name = "x", hierarchy = 9 })).Expect(200);
    }

    [Theory, OnBoth]
    public async Task Another_projects_category_is_not_there(Db db)
    {
        var (scrip, others) = (await servers.Project(db), await servers.Project(db));
        var theirs = await others.Category("theirs", 1);
        (await scrip.Get($"/v1/categories/{theirs}")).Expect(404);
        (await scrip.Put($"/v1/categories/{theirs}", new { name = "mine", hierarchy = 1 })).Expect(404);
        (await scrip.Delete($"/v1/categories/{theirs}")).Expect(404);
        (await scrip.Post("/v1/vouchers/foreign", new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 1 }, category_id = theirs }))
            .Expect(404)["resource_type"].ShouldBe("category");
        (await scrip.Get("/v1/vouchers/foreign")).Expect(404);
        (await others.Get($"/v1/categories/{theirs}")).Expect(200)["name"].ShouldBe("theirs");
    }

    [Theory, OnBoth]
    public async Task Campaigns_and_vouchers_tell_their_category_and_keep_it_from_being_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        var (a, b) = (await scrip.Category("A", 1), await scrip.Category("B", 2));
        var terms = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 } };
        (await scrip.Post("/v1/campaigns", new { name = "none", campaign_type = "DISCOUNT_COUPONS", voucher = terms, category_id = "cat_unknown" }))
            .Expect(404)["resource_id"].ShouldBe("cat_unknown");
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "spring", campaign_type = "DISCOUNT_COUPONS", voucher = terms, category_id = a, category = "a free text" })).Expect(200);
        campaign["category_id"].ShouldBe(a);
        campaign["category"].ShouldBe("a free text");
        campaign["categories"][0]["name"].ShouldBe("A");
        (await scrip.Get("/v1/campaigns/spring")).Expect(200)["categories"][0]["hierarchy"].ShouldBe(1);
        (await scrip.Get("/v1/campaigns")).Expect(200)["campaigns"][0]["categories"].Items.Count.ShouldBe(0);
        (await scrip.Get("/v1/campaigns?expand=category")).Expect(200)["campaigns"][0]["categories"].Items.Count.ShouldBe(1);
        var inUse = (await scrip.Delete($"/v1/categories/{a}")).Expect(400);
        inUse["key"].ShouldBe("resource_in_use");
        inUse["related_object_ids"][0].ShouldBe(campaign["id"]);

        (await scrip.Put("/v1/campaigns/spring", new { category_id = b })).Expect(200)["categories"][0]["id"].ShouldBe(b);
        (await scrip.Put("/v1/campaigns/spring", new { description = "kept" })).Expect(200)["category_id"].ShouldBe(b);
        (await scrip.Put("/v1/campaigns/spring", new { category_id = "cat_unknown" })).Expect(404);
        (await scrip.Delete($"/v1/categories/{a}")).Expect(204);
        (await scrip.Raw("PUT", "/v1/campaigns/spring", """{"category_id":null}""")).Expect(200)["categories"].Items.Count.ShouldBe(0);

        (await scrip.Post("/v1/vouchers/alone", new { terms.type, terms.discount, category_id = b })).Expect(200)["categories"][0]["name"].ShouldBe("B");
        (await scrip.Get("/v1/vouchers/alone")).Expect(200)["category_id"].ShouldBe(b);
        (await scrip.Get($"/v1/vouchers?filters[category_id][conditions][$is]={b}")).Expect(200)["vouchers"][0]["categories"][0]["id"].ShouldBe(b);
        (await scrip.Delete($"/v1/categories/{b}")).Expect(400)["related_object_type"].ShouldBe("voucher");
        (await scrip.Put("/v1/vouchers/alone", new { category_id = "" })).Expect(200)["categories"].Items.Count.ShouldBe(0);
        (await scrip.Delete($"/v1/categories/{b}")).Expect(204);
    }

    [Theory, OnBoth]
    public async Task A_redeemable_answers_with_its_own_category_or_that_of_its_campaign(Db db)
    {
        var scrip = await servers.Project(db);
        var (a, b) = (await scrip.Category("A", 1), await scrip.Category("B", 2));
        var codes = await scrip.Codes("spring", 2, 10);
        (await scrip.Put("/v1/campaigns/spring", new { category_id = a })).Expect(200);
        (await scrip.Put($"/v1/vouchers/{codes[1]}", new { category_id = b })).Expect(200);
        (await scrip.StackingRules(new { applicable_redeemables_limit = 10, exclusive_categories = new[] { a }, joint_categories = new[] { b } })).Expect(200);
        var plain = await scrip.Coupon("plain", new { type = "AMOUNT", amount_off = 100 });

        var valid = (await scrip.Validate(new { amount = 1000 }, codes[0], codes[1])).Expect(200);
        var categories = valid["redeemables"].Items.ToDictionary(one => one["id"].Text, one => one["categories"]);
        categories[codes[0]][0]["name"].ShouldBe("A");
        categories[codes[0]][0]["stacking_rules_type"].ShouldBe("EXCLUSIVE");
        categories[codes[1]][0]["name"].ShouldBe("B");
        categories[codes[1]][0]["stacking_rules_type"].ShouldBe("JOINT");
        (await scrip.Validate(new { amount = 1000 }, plain)).Expect(200)["redeemables"][0]["categories"].Items.Count.ShouldBe(0);

        (await scrip.Put($"/v1/categories/{a}", new { name = "Renamed", hierarchy = 1 })).Expect(200);
        (await scrip.Validate(new { amount = 1000 }, codes[0])).Expect(200)["redeemables"][0]["categories"][0]["name"].ShouldBe("Renamed");
        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(200)["redemptions"][0]["voucher"]["categories"][0]["name"].ShouldBe("Renamed");
    }
}
