namespace Scrip.Server.Tests.Features.ValidationRules;

public sealed class ValidationRuleTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_change_replaces_what_was_sent_and_keeps_the_rest(Db db)
    {
        var scrip = await servers.Project(db);
        var rules = new Dictionary<string, object> { ["1"] = new { name = "order.amount", conditions = new Dictionary<string, int[]> { ["$more_than"] = [100] }, rules = new { } }, ["logic"] = "1" };
        var bundle = new Dictionary<string, object> { ["1"] = new { name = "order.items.any", conditions = new Dictionary<string, object> { ["$is"] = new[] { new { id = "x", type = "product_or_sku", @object = "product" } } } } };
        var made = (await scrip.Post("/v1/validation-rules", new
        {
            name = "before",
            rules,
            bundle_rules = bundle,
            error = new { message = "old" },
            type = "advanced",
            context_type = "voucher.discount_voucher",
            applicable_to = new { included = new[] { new { @object = "product", id = "x", effect = "APPLY_TO_EVERY" } } },
        })).Expect(200);
        var path = $"/v1/validation-rules/{made["id"].Text}";

        foreach (var (sent, field, becomes) in new (object, string, string)[]
        {
            (new { name = "after" }, "name", "\"after\""),
            (new { error = new { message = "new" } }, "error", """{"message":"new"}"""),
            (new { type = "complex" }, "type", "\"complex\""),
            (new { context_type = "global" }, "context_type", "\"global\""),
            (new { bundle_rules = (object?)null }, "bundle_rules", "{}"),
            (new { applicable_to = new { included = new[] { new { @object = "sku", id = "y", effect = "APPLY_TO_CHEAPEST" } }, excluded = Array.Empty<object>(), included_all = false } }, "applicable_to", "sku"),
            (new { rules = new Dictionary<string, object> { ["1"] = new { name = "order.amount", conditions = new Dictionary<string, int[]> { ["$more_than"] = [200] } } } }, "rules", "[200]"),
        })
        {
            var before = (await scrip.Get(path)).Expect(200);
            var changed = (await scrip.Put(path, sent)).Expect(200);
            var stored = (await scrip.Get(path)).Expect(200);

            stored[field].Node!.ToJsonString().ShouldContain(becomes, customMessage: field);
            foreach (var name in new[] { "name", "rules", "bundle_rules", "error", "type", "context_type", "applicable_to", "created_at", "id" }.Where(name => name != field))
            {
                stored[name].ShouldBe(before[name], $"{name} after a change of {field}");
                changed[name].ShouldBe(before[name], $"{name} after a change of {field}");
            }
        }
    }

    [Theory, OnBoth]
    public async Task A_target_without_an_effect_is_told_with_the_one_it_has(Db db)
    {
        var scrip = await servers.Project(db);
        var made = (await scrip.Post("/v1/validation-rules", new { name = "T", rules = new { }, applicable_to = new { included = new object[] { new { @object = "product", id = "x" }, new { @object = "sku", id = "y", effect = "APPLY_TO_CHEAPEST" } } } })).Expect(200);
        made["applicable_to"]["included"][0]["effect"].ShouldBe("APPLY_TO_EVERY");
        made["applicable_to"]["included"][1]["effect"].ShouldBe("APPLY_TO_CHEAPEST");
        (await scrip.Raw("POST", "/v1/validation-rules", """{"name":"T","rules":{},"applicable_to":{"included":[{"object":"product","id":"x","id":"y"}]}}""")).Expect(400);
    }

    [Theory, OnBoth]
    public async Task A_rule_is_made_changed_listed_and_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        var id = await scrip.Rule("order.amount", "$more_than", 1000, "Too little");
        var path = $"/v1/validation-rules/{id}";

        var made = (await scrip.Get(path)).Expect(200);
        made["rules"]["1"]["name"].ShouldBe("order.amount");
        made["rules"]["logic"].ShouldBe("1");
        made["error"]["message"].ShouldBe("Too little");
        made["type"].ShouldBe("expression");
        made["context_type"].ShouldBe("global");
        made["applicable_to"]["included_all"].ShouldBe(false);
        made["assignments_count"].ShouldBe(0);

        var changed = (await scrip.Put(path, new { name = "renamed", context_type = "campaign.promotion" })).Expect(200);
        changed["name"].ShouldBe("renamed");
        changed["context_type"].ShouldBe("campaign.promotion");
        changed["rules"]["1"]["name"].ShouldBe("order.amount");
        changed["updated_at"].Exists.ShouldBeTrue();

        await scrip.Post("/v1/validation-rules", new { name = "empty" });
        var list = (await scrip.Get("/v1/validation-rules?order=name&limit=1")).Expect(200);
        list["total"].ShouldBe(2);
        list["data"][0]["name"].ShouldBe("empty");

        (await scrip.Delete(path)).Expect(204);
        (await scrip.Get(path)).Expect(404)["resource_type"].ShouldBe("validation_rules");
        (await scrip.Delete(path)).Expect(404);
        (await scrip.Put(path, new { name = "late" })).Expect(404);
    }

    [Theory, OnBoth]
    public async Task A_rule_that_cannot_be_judged_is_refused_where_it_is_wrong_and_nothing_changes(Db db)
    {
        var scrip = await servers.Project(db);
        var id = await scrip.Rule("order.amount", "$more_than", 1000);
        await Refused("""{"1":{"name":"order.amounts","conditions":{"$is":[1]}},"logic":"1"}""", "rules.1");
        await Refused("""{"1":{"name":"order.amount","conditions":{"$resembles":[1]}},"logic":"1"}""", "rules.1.conditions");
        await Refused("""{"1":{"name":"order.amount","conditions":{"$is":["many"]}},"logic":"1"}""", "rules.1.conditions");
        await Refused("""{"1":{"name":"order.amount","conditions":{"$is":[1]}},"logic":"1 and 2"}""", "logic");
        await Refused("""{"1":{"name":"order.metadata","conditions":{"$is":["x"]}},"logic":"1"}""", "rules.1");

        (await scrip.Get($"/v1/validation-rules/{id}"))["rules"]["1"]["name"].ShouldBe("order.amount");
        (await scrip.Get("/v1/validation-rules"))["total"].ShouldBe(1);
        (await scrip.Post("/v1/validation-rules", new { })).Expect(400)["key"].ShouldBe("invalid_payload");
        (await scrip.Post("/v1/validation-rules", new { name = "x", context_type = "nowhere" })).Expect(400)["key"].ShouldBe("invalid_payload");

        async Task Refused(string rules, string place)
        {
            foreach (var answer in new[]
            {
                await scrip.Raw("POST", "/v1/validation-rules", $$"""{"name":"wrong","rules":{{rules}}}"""),
                await scrip.Raw("PUT", $"/v1/validation-rules/{id}", $$"""{"rules":{{rules}}}"""),
            })
            {
                answer.Expect(400)["key"].ShouldBe("invalid_validation_rules");
                answer["details"].Text.ShouldContain(place);
            }
        }
    }

    [Theory, OnBoth]
    public async Task Something_is_assigned_once(Db db)
    {
        var scrip = await servers.Project(db);
        var rule = await scrip.Rule("order.amount", "$more_than", 1000);
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        var voucher = (await scrip.Get("/v1/vouchers/five"))["id"].Text;
        var path = $"/v1/validation-rules/{rule}/assignments";
        var body = new { related_object_type = "voucher", related_object_id = voucher };

        var made = (await scrip.Post(path, body)).Expect(200);
        made["rule_id"].ShouldBe(rule);
        (await scrip.Get(path))["data"][0]["id"].ShouldBe(made["id"]);
        (await scrip.Get($"/v1/validation-rules-assignments?related_object_id={voucher}"))["total"].ShouldBe(1);
        (await scrip.Get($"/v1/validation-rules-assignments?rule={rule}&order=created_at"))["total"].ShouldBe(1);
        (await scrip.Get($"/v1/validation-rules/{rule}"))["assignments_count"].ShouldBe(1);
        (await scrip.Get("/v1/vouchers/five"))["validation_rules_assignments"]["data"][0]["rule_id"].ShouldBe(rule);
        var twice = (await scrip.Post(path, body)).Expect(409);
        twice["key"].ShouldBe("duplicate_found");
        twice["resource_id"].ShouldBe(made["id"]);
        var anew = (await scrip.Post(path + "?force=true", body)).Expect(200)["id"].Text;
        anew.ShouldNotBe(made["id"].Text);
        (await scrip.Delete($"{path}/{made["id"].Text}")).Expect(404)["resource_type"].ShouldBe("validation_rules_assignment");
        (await scrip.Delete($"{path}/{anew}")).Expect(204);
        (await scrip.Get("/v1/vouchers/five"))["validation_rules_assignments"]["total"].ShouldBe(0);
        (await scrip.Get("/v1/validation-rules/val_none/assignments")).Expect(200)["total"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task Rules_and_assignments_are_found_by_what_is_asked_for_alone(Db db)
    {
        var scrip = await servers.Project(db);
        var (first, second) = (await scrip.Rule("order.amount", "$more_than", 1000), await scrip.Rule("order.amount", "$more_than", 2000));
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        var voucher = (await scrip.Get("/v1/vouchers/five"))["id"].Text;
        var assignment = await scrip.Assign(first, "voucher", voucher);
        await scrip.Assign(second, "voucher", voucher);

        (await scrip.Get($"/v1/validation-rules-assignments?rule={first}")).Expect(200)["data"].Items.ShouldHaveSingleItem()["id"].ShouldBe(assignment);
        (await scrip.Get($"/v1/validation-rules/{first}/assignments")).Expect(200)["data"].Items.ShouldHaveSingleItem()["id"].ShouldBe(assignment);
        (await scrip.Delete($"/v1/validation-rules/{second}/assignments/{assignment}")).Expect(404)["resource_type"].ShouldBe("validation_rules_assignment");
        (await scrip.Count("/v1/validation-rules-assignments")).ShouldBe(2);
        (await scrip.Count("/v1/validation-rules?start_date=2020-01-01T00:00:00Z&end_date=2100-01-01T00:00:00Z")).ShouldBe(2);
        (await scrip.Count("/v1/validation-rules?start_date=2100-01-01T00:00:00Z")).ShouldBe(0);
        (await scrip.Count("/v1/validation-rules?end_date=2020-01-01T00:00:00Z")).ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task A_rule_that_is_named_twice_binds_once(Db db)
    {
        var scrip = await servers.Project(db);
        var rule = await scrip.Rule("order.amount", "$more_than", 1000);

        var made = (await scrip.Post("/v1/vouchers/twice", new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 1 }, validation_rules = new[] { rule, rule } })).Expect(200);

        made["validation_rules_assignments"]["total"].ShouldBe(1);
        (await scrip.Get($"/v1/validation-rules/{rule}"))["assignments_count"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task What_is_not_there_or_belongs_to_others_cannot_be_assigned(Db db)
    {
        var scrip = await servers.Project(db);
        var stranger = await servers.Project(db);
        var rule = await scrip.Rule("order.amount", "$more_than", 1000);
        await stranger.Coupon("theirs", new { type = "AMOUNT", amount_off = 500 });
        var theirs = (await stranger.Get("/v1/vouchers/theirs"))["id"].Text;
        var path = $"/v1/validation-rules/{rule}/assignments";

        (await scrip.Post(path, new { related_object_type = "voucher", related_object_id = theirs })).Expect(404)["resource_type"].ShouldBe("voucher");
        (await scrip.Post(path, new { related_object_type = "campaign", related_object_id = "camp_none" })).Expect(404);
        (await scrip.Post(path, new { related_object_type = "reward_assignment", related_object_id = "rewa_1" })).Expect(400)["key"].ShouldBe("invalid_payload");
        (await scrip.Post(path, new { related_object_type = "earning_rule", related_object_id = "ern_1" })).Expect(404);
        (await scrip.Post(path, new { related_object_type = "cart", related_object_id = "x" })).Expect(400);
        (await scrip.Post(path, new { related_object_type = "voucher" })).Expect(400);
        (await stranger.Get($"/v1/validation-rules/{rule}")).Expect(404);
        (await stranger.Post(path, new { related_object_type = "voucher", related_object_id = theirs })).Expect(404)["resource_type"].ShouldBe("validation_rules");
        (await stranger.Get(path))["total"].ShouldBe(0);
        (await stranger.Delete($"{path}/asgm_1")).Expect(404);
        (await stranger.Post("/v1/vouchers/bound", new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 1 }, validation_rules = new[] { rule } })).Expect(404);
        (await stranger.Get("/v1/vouchers/bound")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Vouchers_campaigns_and_tiers_are_made_with_their_rules(Db db)
    {
        var scrip = await servers.Project(db);
        var rule = await scrip.Rule("order.amount", "$more_than", 1000);
        var discount = new { type = "AMOUNT", amount_off = 100 };
        var voucher = (await scrip.Post("/v1/vouchers/bound", new { type = "DISCOUNT_VOUCHER", discount, validation_rules = new[] { rule } })).Expect(200);
        voucher["validation_rules_assignments"]["data"][0]["related_object_id"].ShouldBe(voucher["id"]);
        var campaign = (await scrip.Post("/v1/campaigns", new
        {
            name = "bound",
            campaign_type = "DISCOUNT_COUPONS",
            vouchers_count = 1,
            voucher = new { type = "DISCOUNT_VOUCHER", discount },
            validation_rules = new[] { rule },
        })).Expect(200);
        campaign["validation_rules_assignments"]["data"][0]["related_object_type"].ShouldBe("campaign");
        (await scrip.Get("/v1/campaigns/bound"))["validation_rules_assignments"]["total"].ShouldBe(1);
        var code = (await scrip.Get($"/v1/vouchers?campaign=bound"))["vouchers"][0]["code"].Text;
        var promotion = (await scrip.Post("/v1/campaigns", new { name = "tiers", campaign_type = "PROMOTION" })).Expect(200)["id"].Text;
        var tier = (await scrip.Post($"/v1/promotions/{promotion}/tiers", new { name = "one", action = new { discount }, validation_rules = new[] { rule } })).Expect(200)["id"].Text;

        foreach (var (type, id) in new[] { ("voucher", "bound"), ("voucher", code), ("promotion_tier", tier) })
        {
            var body = (long amount) => new { redeemables = new[] { new { @object = type, id } }, order = new { amount } };
            var refused = (await scrip.Post("/v1/validations", body(1000))).Expect(200);
            refused["valid"].ShouldBe(false);
            refused["redeemables"][0]["result"]["error"]["key"].ShouldBe("order_rules_violated");
            (await scrip.Post("/v1/validations", body(1001))).Expect(200)["valid"].ShouldBe(true);
        }
    }

    [Theory, OnBoth]
    public async Task A_failing_rule_tells_its_message_and_changes_of_it_count_at_once(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        var rule = await scrip.Rule("order.amount", "$more_than", 1000, "Spend more than 10.00");
        var assignment = await scrip.Assign(rule, "voucher", (await scrip.Get("/v1/vouchers/five"))["id"].Text);

        var error = (await scrip.Validate(new { amount = 1000 }, "five")).Expect(200)["redeemables"][0]["result"]["error"];
        error["error"]["message"].ShouldBe("Spend more than 10.00");
        (await scrip.Redeem(new { amount = 1000 }, "five")).Expect(400)["key"].ShouldBe("order_rules_violated");
        (await scrip.Put($"/v1/validation-rules/{rule}", new { rules = Amount(500) })).Expect(200);
        (await scrip.Redeem(new { amount = 1000 }, "five")).Expect(200);
        (await scrip.Put($"/v1/validation-rules/{rule}", new { rules = Amount(5000) })).Expect(200);
        (await scrip.Redeem(new { amount = 1000 }, "five")).Expect(400);
        (await scrip.Delete($"/v1/validation-rules/{rule}/assignments/{assignment}")).Expect(204);
        (await scrip.Redeem(new { amount = 1000 }, "five")).Expect(200);

        static Dictionary<string, object> Amount(long least) => new()
        {
            ["1"] = new Dictionary<string, object> { ["name"] = "order.amount", ["conditions"] = new Dictionary<string, object> { ["$more_than"] = new[] { least } } },
            ["logic"] = "1",
        };
    }

    [Theory, OnBoth]
    public async Task A_deleted_rule_binds_nothing_any_more(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        var codes = await scrip.Codes("several", 2, quantity: null);
        var rule = await scrip.Rule("order.amount", "$more_than", 1000);
        await scrip.Assign(rule, "voucher", (await scrip.Get("/v1/vouchers/five"))["id"].Text);
        await scrip.Assign(rule, "campaign", (await scrip.Get("/v1/campaigns/several"))["id"].Text);
        (await scrip.Validate(new { amount = 500 }, "five"))["valid"].ShouldBe(false);
        (await scrip.Validate(new { amount = 500 }, codes[0]))["valid"].ShouldBe(false);

        (await scrip.Delete($"/v1/validation-rules/{rule}")).Expect(204);

        (await scrip.Validate(new { amount = 500 }, "five"))["valid"].ShouldBe(true);
        (await scrip.Validate(new { amount = 500 }, codes[0]))["valid"].ShouldBe(true);
        (await scrip.Get("/v1/validation-rules-assignments"))["total"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task A_rule_makes_products_of_such_metadata_what_the_discount_is_for(Db db)
    {
        var scrip = await servers.Project(db);
        var red = (await scrip.Post("/v1/products", new { source_id = "red", price = 1000, metadata = new { color = "red" } })).Expect(200)["id"].Text;
        var blue = (await scrip.Post("/v1/products", new { source_id = "blue", price = 2000, metadata = new { color = "blue" } })).Expect(200)["id"].Text;
        var rule = (await scrip.Raw("POST", "/v1/validation-rules", """
            {"name":"blue things","rules":{"1":{"name":"product.metadata","property":"color","conditions":{"$is":["blue"]},
                "rules":{"1":{"name":"product.metadata.discount_applicable","conditions":{"$is":["true"]},"rules":{}}}},"logic":"1"}}
            """)).Expect(200)["id"].Text;
        await scrip.Coupon("half", new { type = "PERCENT", percent_off = 50 });
        await scrip.Assign(rule, "voucher", (await scrip.Get("/v1/vouchers/half"))["id"].Text);
        var order = new { items = new[] { new { product_id = red, quantity = 1 }, new { product_id = blue, quantity = 3 } } };

        var valid = (await scrip.Validate(order, "half")).Expect(200);
        valid["order"]["items"][0]["discount_amount"].Exists.ShouldBeFalse();
        valid["order"]["items"][1]["discount_amount"].ShouldBe(3000);
        valid["order"]["total_amount"].ShouldBe(4000);
        var target = valid["redeemables"][0]["applicable_to"]["data"].Items.ShouldHaveSingleItem();
        target["id"].ShouldBe(blue);
        target["order_item_indices"][0].ShouldBe(1);
        valid["redeemables"][0]["result"]["discount"]["effect"].ShouldBe("APPLY_TO_ITEMS");
        (await scrip.Validate(new { items = new[] { new { product_id = red, quantity = 1 } } }, "half")).Expect(200)["valid"].ShouldBe(false);
        (await scrip.Put($"/v1/products/{red}", new { metadata = new { color = "blue" } })).Expect(200);
        (await scrip.Validate(order, "half")).Expect(200)["order"]["total_amount"].ShouldBe(3500);
    }

    [Theory, OnBoth]
    public async Task A_changed_product_enters_and_leaves_the_collection_of_a_rule_at_once(Db db)
    {
        var scrip = await servers.Project(db);
        var shirt = (await scrip.Post("/v1/products", new { source_id = "shirt", price = 1000, metadata = new { color = "red" } })).Expect(200)["id"].Text;
        var collection = (await scrip.Raw("POST", "/v1/product-collections",
            """{"name":"blue","type":"AUTO_UPDATE","filter":{"junction":"and","metadata.color":{"conditions":{"$is":["blue"]}}}}""")).Expect(200)["id"].Text;
        var rule = await scrip.Rule("order.items.any", "$is", new { id = collection, @object = "products_collection" });
        await scrip.Coupon("blue", new { type = "AMOUNT", amount_off = 500 });
        await scrip.Assign(rule, "voucher", (await scrip.Get("/v1/vouchers/blue"))["id"].Text);
        var order = new { items = new[] { new { product_id = shirt, quantity = 1 } } };

        (await scrip.Validate(order, "blue"))["valid"].ShouldBe(false);
        (await scrip.Put($"/v1/products/{shirt}", new { metadata = new { color = "blue" } })).Expect(200);
        (await scrip.Validate(order, "blue"))["valid"].ShouldBe(true);
        (await scrip.Put($"/v1/products/{shirt}", new { metadata = new { color = "red" } })).Expect(200);
        (await scrip.Validate(order, "blue"))["valid"].ShouldBe(false);

        var used = (await scrip.Delete($"/v1/product-collections/{collection}")).Expect(400);
        used["key"].ShouldBe("resource_in_use");
        used["details"].Text.ShouldContain(rule);
        (await scrip.Delete($"/v1/validation-rules/{rule}")).Expect(204);
        (await scrip.Delete($"/v1/product-collections/{collection}")).Expect(204);
    }
}
