using System.Text.Json.Nodes;

namespace Scrip.Server.Tests.Features.Redemptions;

public sealed class RedemptionTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_single_redemption_saves_order_and_customer_and_has_no_parent(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 }, quantity: 3);

        var answer = (await scrip.Post("/v1/redemptions", new
        {
            redeemables = new[] { new { @object = "voucher", id = "five" } },
            order = new { source_id = "o-1", amount = 2000, metadata = new { shop = "Graz" } },
            customer = new { source_id = "ada", name = "Ada" },
            tracking_id = "track-me",
            metadata = new { till = 7 },
        })).Expect(200);

        answer["parent_redemption"].Exists.ShouldBeFalse();
        answer["inapplicable_redeemables"].Items.Count.ShouldBe(0);
        answer["skipped_redeemables"].Items.Count.ShouldBe(0);
        var redemption = answer["redemptions"][0];
        redemption["result"].ShouldBe("SUCCESS");
        redemption["tracking_id"].ShouldBe("track-me");
        redemption["metadata"]["till"].ShouldBe(7);
        redemption["voucher"]["redemption"]["redeemed_quantity"].ShouldBe(1);
        redemption["customer"]["source_id"].ShouldBe("ada");
        var order = (await scrip.Get("/v1/orders/o-1")).Expect(200);
        order["status"].ShouldBe("PAID");
        order["total_amount"].ShouldBe(1500);
        order["redemptions"][redemption["id"].Text]["related_object_type"].ShouldBe("voucher");
        order["customer_id"].ShouldBe(redemption["customer_id"].Text);
        (await scrip.Get("/v1/customers/ada")).Expect(200)["name"].ShouldBe("Ada");
        (await scrip.Get($"/v1/redemptions/{redemption["id"].Text}")).Expect(200)["order"]["total_amount"].ShouldBe(1500);
        (await scrip.Get("/v1/vouchers/five/redemption")).Expect(200)["total"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task A_stack_has_a_parent_that_its_parts_and_the_order_name(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("ten", new { type = "PERCENT", percent_off = 10 });
        await scrip.GiftCard("gift", 3000);

        var answer = (await scrip.Redeem(new { source_id = "o-1", amount = 10_000 }, "ten", "gift")).Expect(200);

        var parent = answer["parent_redemption"]["id"].Text;
        answer["redemptions"][0]["redemption"].ShouldBe(parent);
        answer["redemptions"][1]["redemption"].ShouldBe(parent);
        answer["redemptions"][1]["amount"].ShouldBe(3000);
        answer["redemptions"][1]["gift"]["amount"].ShouldBe(3000);
        answer["order"]["total_amount"].ShouldBe(6000);
        answer["order"]["redemptions"][parent]["stacked"].Items.Count.ShouldBe(2);
        (await scrip.Get("/v1/vouchers/gift"))["gift"]["balance"].ShouldBe(0);
        (await scrip.Get("/v1/vouchers/gift"))["gift"]["amount"].ShouldBe(3000);
        (await scrip.Get($"/v1/redemptions/{parent}")).Expect(200)["related_redemptions"]["redemptions"].Items.Count.ShouldBe(2);
        var moves = (await scrip.Get("/v1/vouchers/gift/transactions")).Expect(200);
        moves["data"][0]["type"].ShouldBe("CREDITS_REDEMPTION");
    }

    [Theory, OnBoth]
    public async Task Parts_of_a_stack_are_told_later_as_they_were_answered_and_keep_little_for_it(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("shirt", 1500);
        await scrip.Coupon("ten", new { type = "PERCENT", percent_off = 10, effect = "APPLY_TO_ITEMS" });
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        await scrip.GiftCard("gift", 3000);
        var answer = (await scrip.Post("/v1/redemptions", new
        {
            redeemables = new[] { "ten", "five", "gift" }.Select(id => new { @object = "voucher", id }),
            customer = new { source_id = "ada", name = "Ada" },
            metadata = new { till = 7 },
            order = new { metadata = new { table = 3 }, items = new object[] { new { source_id = "shirt", related_object = "product", quantity = 3 }, new { product_id = "own", price = 700, quantity = 1 } } },
        })).Expect(200);

        foreach (var part in answer["redemptions"].Items)
        {
            var told = (await scrip.Get($"/v1/redemptions/{part["id"].Text}")).Expect(200);
            foreach (var name in new[] { "id", "object", "date", "customer_id", "tracking_id", "metadata", "amount", "redemption", "result", "status", "order", "channel", "customer", "related_object_type", "related_object_id", "gift" })
                told[name].ToString().ShouldBe(part[name].ToString(), name);
            foreach (var name in new[] { "id", "code", "type", "discount", "gift", "redemption", "publish", "metadata" }) told["voucher"][name].ToString().ShouldBe(part["voucher"][name].ToString(), name);
        }
        var server = (await servers.On(db)).Database;
        (await Tables.Read(server, "SELECT body FROM redemptions WHERE parent_id = @id", ("id", answer["parent_redemption"]["id"].Text))).ShouldAllBe(body => body.StartsWith("{\"own\"") && !body.Contains("shirt") && !body.Contains("Ada"));
    }

    [Theory, OnBoth]
    public async Task Parts_that_were_written_before_in_another_form_are_told_as_they_were(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("shirt", 1500);
        await scrip.Coupon("ten", new { type = "PERCENT", percent_off = 10, effect = "APPLY_TO_ITEMS" });
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        var answer = (await scrip.Redeem(new { items = new[] { new { source_id = "shirt", related_object = "product", quantity = 3 } } }, "ten", "five")).Expect(200);
        var (part, parent) = (answer["redemptions"][0], answer["parent_redemption"]["id"].Text);
        var before = (await scrip.Get($"/v1/redemptions/{part["id"].Text}")).Expect(200);

        // As it was: without customer and names, the order with its amounts.
        var line = part["order"]["items"][0];
        var old = JsonNode.Parse(part.ToString())!.AsObject();
        var order = new JsonObject { ["object"] = "order", ["metadata"] = new JsonObject(), ["items"] = new JsonArray(new JsonObject()) };
        foreach (var (name, value) in JsonNode.Parse(part["order"].ToString())!.AsObject()) if (name.EndsWith("amount", StringComparison.Ordinal)) order[name] = value!.DeepClone();
        foreach (var (name, value) in JsonNode.Parse(line.ToString())!.AsObject())
            if (name.EndsWith("amount", StringComparison.Ordinal) || name.EndsWith("quantity", StringComparison.Ordinal) || name == "price") order["items"]![0]![name] = value!.DeepClone();
        old["order"] = order;
        old["customer"] = null;
        (await Tables.Run(await servers.On(db), "UPDATE redemptions SET body = @body WHERE id = @id", ("id", part["id"].Text),
            ("body", new JsonObject { ["part"] = old, ["same_lines"] = true, ["same_order"] = false }.ToJsonString()))).ShouldBe(1);

        var after = (await scrip.Get($"/v1/redemptions/{part["id"].Text}")).Expect(200);
        foreach (var name in new[] { "id", "order", "customer", "redemption", "tracking_id", "amount", "status" }) after[name].ToString().ShouldBe(before[name].ToString(), name);
        (await scrip.Post($"/v1/redemptions/{parent}/rollbacks")).Expect(200);
    }

    [Theory, OnBoth]
    public async Task A_known_order_goes_on_with_the_discounts_it_has(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("big", new { type = "AMOUNT", amount_off = 9200 });
        await scrip.Coupon("small", new { type = "AMOUNT", amount_off = 1000 });
        var first = (await scrip.Redeem(new { source_id = "o-1", amount = 10_000 }, "big")).Expect(200);

        var second = (await scrip.Redeem(new { id = first["order"]["id"].Text }, "small")).Expect(200);

        second["order"]["discount_amount"].ShouldBe(10_000);
        second["order"]["applied_discount_amount"].ShouldBe(800);
        second["order"]["total_amount"].ShouldBe(0);
        second["order"]["redemptions"][first["redemptions"][0]["id"].Text].Exists.ShouldBeTrue();
        var again = (await scrip.Validate(new { source_id = "o-1", amount = 77 }, "small")).Expect(200);
        again["order"]["amount"].ShouldBe(10_000);
    }

    [Theory, OnBoth]
    public async Task A_refused_redemption_takes_nothing_and_is_in_the_history(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("once", new { type = "AMOUNT", amount_off = 100 }, quantity: 1);
        await scrip.Coupon("free", new { type = "AMOUNT", amount_off = 100 });
        (await scrip.Redeem(new { amount = 1000 }, "once")).Expect(200);

        var refused = (await scrip.Redeem(new { source_id = "never", amount = 1000 }, "free", "once")).Expect(400);

        refused["key"].ShouldBe("quantity_exceeded");
        refused["resource_type"].ShouldBe("redemption");
        refused["resource_id"].Text.ShouldStartWith("rf_");
        var entry = (await scrip.Get($"/v1/redemptions/{refused["resource_id"].Text}")).Expect(200);
        entry["result"].ShouldBe("FAILURE");
        entry["failure_code"].ShouldBe("quantity_exceeded");
        (await scrip.Get("/v1/vouchers/free"))["redemption"]["redeemed_quantity"].ShouldBe(0);
        (await scrip.Get("/v1/orders/never")).Status.ShouldBe(404);
        (await scrip.Count("/v1/redemptions?result=FAILURE")).ShouldBe(1);
        (await scrip.Count("/v1/redemptions?filters[voucher_code][conditions][$is]=once")).ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task An_unknown_code_is_404_and_writes_nothing(Db db)
    {
        var scrip = await servers.Project(db);
        var answer = (await scrip.Redeem(new { source_id = "never", amount = 1000 }, "nothing")).Expect(404);
        answer["key"].ShouldBe("not_found");
        answer["resource_type"].ShouldBe("voucher");
        (await scrip.Count("/v1/redemptions")).ShouldBe(0);
        (await scrip.Count("/v1/orders")).ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task A_campaign_switched_off_stops_its_codes_at_once(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("c", 2, quantity: null);
        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(200);
        (await scrip.Post("/v1/campaigns/c/disable")).Expect(200);
        (await scrip.Redeem(new { amount = 1000 }, codes[1])).Expect(400)["key"].ShouldBe("voucher_disabled");
        (await scrip.Post("/v1/campaigns/c/enable")).Expect(200);
        (await scrip.Redeem(new { amount = 1000 }, codes[1])).Expect(200);
    }

    [Theory, OnBoth]
    public async Task A_customer_may_be_asked_for_redemptions_by_either_name(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        (await scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = "five" } }, customer = new { source_id = "ada" } })).Expect(200);
        (await scrip.Count("/v1/redemptions?customer=ada")).ShouldBe(1);
        (await scrip.Count("/v1/redemptions?customer=ben")).ShouldBe(0);
        (await scrip.Get("/v1/customers/ada"))["summary"]["redemptions"]["total_succeeded"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task The_same_key_redeems_once_and_another_body_with_it_is_refused(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("many", new { type = "AMOUNT", amount_off = 100 }, quantity: 100);
        const string Body = """{"redeemables":[{"object":"voucher","id":"many"}],"order":{"amount":1000}}""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => scrip.Raw("POST", "/v1/redemptions", Body, ("Idempotency-Key", "k-1"))));

        answers.ShouldAllBe(answer => answer.Status == 200);
        answers.Select(answer => answer["redemptions"][0]["id"].Text).Distinct().Count().ShouldBe(1);
        (await scrip.Get("/v1/vouchers/many"))["redemption"]["redeemed_quantity"].ShouldBe(1);
        var other = await scrip.Raw("POST", "/v1/redemptions", Body.Replace("1000", "2000", StringComparison.Ordinal), ("Idempotency-Key", "k-1"));
        other.Expect(409)["key"].ShouldBe("idempotency_key_reused");
    }
}
