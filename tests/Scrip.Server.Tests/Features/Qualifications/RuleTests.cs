using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Qualifications;

public sealed class RuleTests(Servers servers)
{
    private static readonly object Gold = new { source_id = "ada", metadata = new { tier = "gold" } };
    private static readonly object Silver = new { source_id = "bob", metadata = new { tier = "silver" } };
    private static readonly object Small = new { items = new[] { new { product_id = "shirt", quantity = 1, price = 1_000 } } };
    private static readonly object Large = new { items = new[] { new { product_id = "shirt", quantity = 5, price = 1_000 } } };

    [Theory, OnBoth]
    public async Task Each_scenario_looks_at_its_own_conditions_and_tells_the_others(Db db)
    {
        var scrip = await servers.Project(db);
        var rule = await Rule(scrip, new
        {
            logic = "1 and 2",
            one = new { name = "customer.metadata", property = "tier", conditions = Is("gold") },
            two = new { name = "order.initial_amount", conditions = new Dictionary<string, object[]> { ["$more_than"] = [2_000] } },
        });
        await Bound(scrip, "CODE", rule, new { type = "AMOUNT", amount_off = 100, effect = "APPLY_TO_ITEMS" });

        (await scrip.Qualify("ALL", Large, Gold)).Ids().ShouldBe(["CODE"]);
        (await scrip.Qualify("ALL", Small, Gold)).Ids().ShouldBeEmpty();
        (await scrip.Qualify("ALL", Large, Silver)).Ids().ShouldBeEmpty();
        (await scrip.Qualify("ALL", Large)).Ids().ShouldBeEmpty();
        (await scrip.Qualify("AUDIENCE_ONLY", Small, Gold)).Ids().ShouldBe(["CODE"]);
        (await scrip.Qualify("AUDIENCE_ONLY", Small, Silver)).Ids().ShouldBeEmpty();
        (await scrip.Qualify("PRODUCTS_DISCOUNT", Small, Silver)).Ids().ShouldBe(["CODE"]);
        (await scrip.Qualify("PRODUCTS_DISCOUNT_BY_CUSTOMER", Small, Silver)).Ids().ShouldBeEmpty();
        (await scrip.Qualify("PRODUCTS_DISCOUNT_BY_CUSTOMER", Small, Gold)).Ids().ShouldBe(["CODE"]);

        var expand = new { expand = new[] { "validation_rules" } };
        var whole = (await scrip.Qualify("ALL", Large, Gold, expand))["redeemables"]["data"][0]["validation_rules_assignments"]["data"].Items.ShouldHaveSingleItem();
        whole["rule_id"].ShouldBe(rule);
        whole["validation_status"].ShouldBe("VALID");
        whole["validation_omitted_rules"].Exists.ShouldBeFalse();
        var part = (await scrip.Qualify("AUDIENCE_ONLY", Small, Gold, expand))["redeemables"]["data"][0]["validation_rules_assignments"]["data"].Items.ShouldHaveSingleItem();
        part["validation_status"].ShouldBe("PARTIALLY_VALID");
        part["validation_omitted_rules"].Items.ShouldHaveSingleItem().ShouldBe("2");
    }

    [Theory, OnBoth]
    public async Task Limits_of_uses_and_the_amount_before_discounts_are_left_to_the_redemption(Db db)
    {
        var scrip = await servers.Project(db);
        var rule = await Rule(scrip, new
        {
            logic = "1 and 2",
            one = new { name = "redemption.count.per_customer", conditions = new Dictionary<string, object[]> { ["$less_than_or_equal"] = [1] } },
            two = new { name = "order.amount", conditions = new Dictionary<string, object[]> { ["$more_than"] = [2_000] } },
        });
        await Bound(scrip, "ONCE", rule, new { type = "AMOUNT", amount_off = 100 });
        (await scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = "ONCE" } }, order = Large, customer = Gold })).Expect(200);
        (await scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = "ONCE" } }, order = Large, customer = Gold })).Expect(400);

        (await scrip.Qualify("ALL", Small, Gold)).Ids().ShouldBe(["ONCE"]);
    }

    [Theory, OnBoth]
    public async Task A_rule_that_is_saved_counts_from_the_next_call_on(Db db)
    {
        var scrip = await servers.Project(db);
        var rule = await Rule(scrip, new { one = new { name = "customer.metadata", property = "tier", conditions = Is("gold") } });
        await Bound(scrip, "CODE", rule, new { type = "AMOUNT", amount_off = 100 });
        for (var i = 0; i < 5; i++)
        {
            var wanted = i % 2 == 0 ? "gold" : "silver";
            (await scrip.Put($"/v1/validation-rules/{rule}", new { rules = Numbered(new { one = new { name = "customer.metadata", property = "tier", conditions = Is(wanted) } }) })).Expect(200);
            (await scrip.Qualify("ALL", Large, Gold)).Ids().Length.ShouldBe(wanted == "gold" ? 1 : 0);
            (await scrip.Qualify("ALL", Large, Silver)).Ids().Length.ShouldBe(wanted == "silver" ? 1 : 0);
        }
    }

    [Theory, OnBoth]
    public async Task The_first_rule_that_asks_for_segments_is_judged_with_them_at_once(Db db)
    {
        var scrip = await servers.Project(db);
        var ada = await scrip.Customer("ada");
        var friends = (await scrip.Post("/v1/segments", new { name = "Friends", type = "static", customers = new[] { ada } })).Expect(200)["id"].Text;
        await scrip.Coupon("CODE", new { type = "AMOUNT", amount_off = 100 });
        (await scrip.Qualify("ALL", Large, new { id = ada })).Ids().ShouldBe(["CODE"]);

        await scrip.Assign(await scrip.Rule("customer.segment", "$is", friends), "voucher", (await scrip.Get("/v1/vouchers/CODE"))["id"].Text);

        (await scrip.Qualify("ALL", Large, new { id = ada })).Ids().ShouldBe(["CODE"]);
        (await scrip.Qualify("ALL", Large, Silver)).Ids().ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task The_rules_of_a_campaign_are_told_with_its_codes(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await scrip.Campaign("Codes", new { type = "AMOUNT", amount_off = 100 });
        var rule = await scrip.Rule("order.initial_amount", "$more_than", 2_000);
        await scrip.Assign(rule, "campaign", campaign);
        await servers.Give(scrip, (await scrip.CodesOf(campaign))[0], await scrip.Customer("ada"));

        var told = (await scrip.Qualify("CUSTOMER_WALLET", Large, new { source_id = "ada" }, new { expand = new[] { "validation_rules" } }))
            ["redeemables"]["data"].Items.ShouldHaveSingleItem()["validation_rules_assignments"]["data"].Items.ShouldHaveSingleItem();

        told["rule_id"].ShouldBe(rule);
        told["related_object_id"].ShouldBe(campaign);
    }

    [Theory, OnBoth]
    public async Task What_a_bundle_lacks_is_told(Db db)
    {
        var scrip = await servers.Project(db);
        var (shirt, hat) = (await scrip.Product("shirt", 1_000), await scrip.Product("hat", 500));
        object Part(string id, int quantity) => new
        {
            name = "order.items.any",
            conditions = new Dictionary<string, object[]> { ["$is"] = [new { id, @object = "product" }] },
            rules = new Dictionary<string, object> { ["1"] = new { name = "order.items.aggregated_quantity", conditions = new Dictionary<string, object[]> { ["$is"] = [quantity] } }, ["logic"] = "1" },
        };
        // The contract takes the logic of a bundle for an object.
        var rule = (await scrip.Unchecked.Post("/v1/validation-rules", new
        {
            name = "Bundle",
            type = "expression",
            context_type = "voucher.discount_voucher",
            bundle_rules = new Dictionary<string, object> { ["1"] = Part(shirt, 2), ["2"] = Part(hat, 1), ["logic"] = "1 and 2", ["limit"] = 3 },
        })).Expect(200)["id"].Text;
        await Bound(scrip, "BUNDLE", rule, new { type = "AMOUNT", amount_off = 100 });

        (await scrip.Qualify("ALL", Small)).Ids().ShouldBeEmpty();
        var told = (await scrip.Qualify("PRODUCTS", Small))["redeemables"]["data"].Items.ShouldHaveSingleItem();
        var bundle = told["result"]["bundle"];
        bundle["quantity"].ShouldBe(0);
        bundle["limit"].ShouldBe(3);
        bundle["identified"].Items.ShouldHaveSingleItem()["item_index"].ShouldBe(0);
        bundle["missing"].Items.Select(part => $"{part["id"].Text} {part["item_quantity"].Number}").Order(StringComparer.Ordinal)
            .ShouldBe(new[] { $"{shirt} 1", $"{hat} 1" }.Order(StringComparer.Ordinal));
        told["order"]["total_applied_discount_amount"].Exists.ShouldBeFalse();
        var whole = new { items = new object[] { new { product_id = "shirt", quantity = 2 }, new { product_id = "hat", quantity = 1 } } };
        (await scrip.Qualify("ALL", whole)).Ids().ShouldBe(["BUNDLE"]);
    }

    private static Dictionary<string, string[]> Is(string value) => new() { ["$is"] = [value] };

    // Property names cannot be numbers.
    private static System.Text.Json.Nodes.JsonNode Numbered(object rules) => System.Text.Json.Nodes.JsonNode.Parse(System.Text.Json.JsonSerializer.Serialize(rules)
        .Replace("\"one\"", "\"1\"", StringComparison.Ordinal).Replace("\"two\"", "\"2\"", StringComparison.Ordinal))!;

    private static async Task<string> Rule(ApiClient scrip, object rules) => (await scrip.Post("/v1/validation-rules",
        new { name = "Rule", type = "expression", context_type = "voucher.discount_voucher", rules = Numbered(rules) })).Expect(200)["id"].Text;

    private static async Task Bound(ApiClient scrip, string code, string rule, object discount)
    {
        var id = (await scrip.Post($"/v1/vouchers/{code}", new { type = "DISCOUNT_VOUCHER", discount })).Expect(200)["id"].Text;
        (await scrip.Post($"/v1/validation-rules/{rule}/assignments", new { related_object_id = id, related_object_type = "voucher" })).Expect(200);
    }
}
