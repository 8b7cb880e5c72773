using Scrip.Server.Tests.Running;
using static Scrip.Server.Tests.Features.MetadataSchemas.Schemas;

namespace Scrip.Server.Tests.Features.MetadataSchemas;

/// <summary>Every write that carries metadata is held against its schema, in both modes.</summary>
public sealed class EnforcementTests(Servers servers)
{
    static readonly object Off = new { type = "AMOUNT", amount_off = 100 };

    // What has metadata, how it is made, and how it is changed; null where it is made only.
    static readonly (string Kind, Func<ApiClient, string, object?, Task<Answer>> Make, Func<ApiClient, string, object?, Task<Answer>>? Change)[] Writes =
    [
        ("customer", (scrip, name, metadata) => scrip.Post("/v1/customers", new { source_id = name, metadata }),
            (scrip, name, metadata) => scrip.Put($"/v1/customers/{name}", new { metadata })),
        ("product", (scrip, name, metadata) => scrip.Post("/v1/products", new { source_id = name, metadata }),
            (scrip, name, metadata) => scrip.Put($"/v1/products/{name}", new { metadata })),
        ("order", (scrip, name, metadata) => scrip.Post("/v1/orders", new { source_id = name, amount = 100, metadata }),
            (scrip, name, metadata) => scrip.Put($"/v1/orders/{name}", new { metadata })),
        ("voucher", (scrip, name, metadata) => scrip.Post($"/v1/vouchers/{name}", new { type = "DISCOUNT_VOUCHER", discount = Off, metadata }),
            (scrip, name, metadata) => scrip.Put($"/v1/vouchers/{name}", new { metadata })),
        ("campaign", (scrip, name, metadata) => scrip.Post("/v1/campaigns", new { name, campaign_type = "DISCOUNT_COUPONS", voucher = new { type = "DISCOUNT_VOUCHER", discount = Off }, metadata }),
            (scrip, name, metadata) => scrip.Put($"/v1/campaigns/{name}", new { metadata })),
        ("voucher", (scrip, name, metadata) => scrip.Post("/v1/campaigns", new { name, campaign_type = "DISCOUNT_COUPONS", use_voucher_metadata_schema = true, voucher = new { type = "DISCOUNT_VOUCHER", discount = Off }, metadata }),
            (scrip, name, metadata) => scrip.Put($"/v1/campaigns/{name}", new { metadata })),
        ("promotion_tier", (scrip, name, metadata) => scrip.Post("/v1/campaigns", new { name, campaign_type = "PROMOTION", promotion = new { tiers = new[] { new { name, action = new { discount = Off }, metadata } } } }),
            async (scrip, name, metadata) => await scrip.Put($"/v1/promotions/tiers/{(await scrip.Get($"/v1/campaigns/{name}"))["promotion"]["tiers"][0]["id"]}", new { metadata })),
        ("earning_rule", Earn, async (scrip, name, metadata) => await scrip.Put($"/v1/loyalties/{name}/earning-rules/{(await scrip.Get($"/v1/loyalties/{name}/earning-rules"))["data"][0]["id"]}", new { metadata })),
        ("order_item", (scrip, name, metadata) => scrip.Post("/v1/orders", new { source_id = name, items = new[] { new { product_id = "p", quantity = 1, price = 5, metadata } } }), null),
        ("customer", (scrip, name, metadata) => scrip.Post("/v1/orders", new { amount = 100, customer = new { source_id = name, name, metadata } }), null),
        ("publication", (scrip, name, metadata) => Publish(scrip, name, new { source_id = name }, metadata), null),
        ("customer", (scrip, name, metadata) => Publish(scrip, name, new { source_id = name, name, metadata }, null), null),
        ("redemption", (scrip, name, metadata) => Redeem(scrip, name, new { amount = 1000 }, null, metadata), null),
        ("order", (scrip, name, metadata) => Redeem(scrip, name, new { source_id = name, amount = 1000, metadata }, null, null), null),
        ("order_item", (scrip, name, metadata) => Redeem(scrip, name, new { source_id = name, items = new[] { new { product_id = "p", quantity = 1, price = 500, metadata } } }, null, null), null),
        ("customer", (scrip, name, metadata) => Redeem(scrip, name, new { amount = 1000 }, new { source_id = name, name, metadata }, null), null),
    ];

    static async Task<Answer> Earn(ApiClient scrip, string name, object? metadata)
    {
        (await scrip.Unchecked.Post("/v1/campaigns", new { name, campaign_type = "LOYALTY_PROGRAM", voucher = new { type = "LOYALTY_CARD" } })).Expect(200);
        return await scrip.Post($"/v1/loyalties/{name}/earning-rules", new[] { new { @event = "order.paid", loyalty = new { type = "FIXED", points = 1 }, metadata } });
    }

    static async Task<Answer> Publish(ApiClient scrip, string name, object customer, object? metadata)
    {
        await scrip.Codes($"{name}-campaign", 2, null);
        return await scrip.Unchecked.Post("/v1/publications", new { campaign = $"{name}-campaign", customer, metadata });
    }

    static async Task<Answer> Redeem(ApiClient scrip, string name, object order, object? customer, object? metadata)
    {
        await scrip.Coupon($"{name}-code", Off);
        return await scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = $"{name}-code" } }, order, customer, metadata });
    }

    [Theory, OnBoth]
    public async Task A_value_of_the_wrong_type_is_refused_everywhere_and_what_nobody_defined_is_taken(Db db)
    {
        foreach (var (i, (kind, make, change)) in Writes.Index())
        {
            var scrip = await servers.Project(db);
            await scrip.Schema(kind, false, ("visits", A("number")));
            (await make(scrip, $"wrong{i}", new { visits = "many" })).Expect(400)["details"].Text.ShouldEndWith(".visits must be number", Case.Sensitive, $"{kind} {i}");
            (await make(scrip, $"right{i}", new { visits = 5, other = "x" })).Expect(200);
            if (change is null) continue;
            (await change(scrip, $"right{i}", new { visits = true })).Expect(400)["details"].Text.ShouldContain(".visits must be number");
            (await change(scrip, $"right{i}", new { visits = 6, another = new[] { 1 } })).Expect(200);
        }
    }

    [Theory, OnBoth]
    public async Task A_list_takes_values_of_its_type_and_nothing_that_is_no_list(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Schema("customer", false, ("tags", Many("string")));
        (await scrip.Post("/v1/customers", new { source_id = "a", metadata = new { tags = "one" } })).Expect(400)["details"].Text.ShouldContain(".tags must be array");
        (await scrip.Post("/v1/customers", new { source_id = "a", metadata = new { tags = new object[] { "one", 2 } } })).Expect(400)["details"].Text.ShouldContain(".tags[1] must be string");
        (await scrip.Get("/v1/customers/a")).Expect(404);
        (await scrip.Post("/v1/customers", new { source_id = "a", metadata = new { tags = new[] { "one", "two" } } })).Expect(200);
    }

    [Theory, OnBoth]
    public async Task The_strict_mode_takes_defined_keys_only_and_what_is_required_must_be_there(Db db)
    {
        foreach (var (i, (kind, make, change)) in Writes.Index())
        {
            var scrip = await servers.Project(db);
            await scrip.Schema(kind, true, ("tier", A("string", optional: false, eq: new[] { "gold", "silver" })), ("note", A("string")));
            (await make(scrip, $"a{i}", new { tier = "gold", other = 1 })).Expect(400)["details"].Text.ShouldEndWith(".other is not defined in the metadata schema", Case.Sensitive, $"{kind} {i}");
            (await make(scrip, $"b{i}", new { note = "x" })).Expect(400)["details"].Text.ShouldEndWith(".tier is required by the metadata schema", Case.Sensitive, $"{kind} {i}");
            (await make(scrip, $"c{i}", null)).Expect(400);
            (await make(scrip, $"d{i}", new { tier = "bronze" })).Expect(400)["details"].Text.ShouldContain("must be one of: gold, silver");
            (await make(scrip, $"right{i}", new { tier = "gold" })).Expect(200);
            if (change is null) continue;
            (await change(scrip, $"right{i}", new { other = 1 })).Expect(400);
            (await change(scrip, $"right{i}", new { tier = (string?)null })).Expect(400)["details"].Text.ShouldContain(".tier is required");
            (await change(scrip, $"right{i}", new { note = "y" })).Expect(200);
        }
    }

    [Theory, OnBoth]
    public async Task Codes_added_to_a_campaign_SKUs_and_rollbacks_are_held_too(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Schema("voucher", true, ("shop", A("string", optional: false)));
        await scrip.Schema("product", true, ("brand", A("string", optional: false)));
        await scrip.Schema("redemption", true, ("till", A("number")));
        (await scrip.Post("/v1/campaigns", new { name = "c", campaign_type = "DISCOUNT_COUPONS", voucher = new { type = "DISCOUNT_VOUCHER", discount = Off } })).Expect(200);
        (await scrip.Post("/v1/campaigns/c/vouchers/ONE", new { metadata = new { shop = 5 } })).Expect(400)["details"].ShouldBe("Property .metadata.shop must be string");
        (await scrip.Post("/v1/campaigns/c/vouchers?vouchers_count=5", new { metadata = new { till = 5 } })).Expect(400);
        (await scrip.Post("/v1/vouchers/TWO", new { campaign = "c", metadata = new { till = 5 } })).Expect(400);
        (await scrip.Post("/v1/campaigns/c/vouchers/ONE", new { metadata = new { shop = "x" } })).Expect(200);
        (await scrip.Count("/v1/vouchers")).ShouldBe(1);

        (await scrip.Post("/v1/products", new { source_id = "p", metadata = new { brand = "b" } })).Expect(200);
        (await scrip.Post("/v1/products/p/skus", new { source_id = "s", metadata = new { size = 5 } })).Expect(400);
        (await scrip.Post("/v1/products/p/skus", new { source_id = "s" })).Expect(200);
        (await scrip.Put("/v1/products/p/skus/s", new { metadata = new { brand = 7 } })).Expect(400)["details"].ShouldBe("Property .metadata.brand must be string");

        var redemption = (await scrip.Redeem(new { amount = 1000 }, "ONE")).Expect(200)["redemptions"][0]["id"];
        (await scrip.Post($"/v1/redemptions/{redemption}/rollback", new { metadata = new { till = "x" } })).Expect(400)["details"].ShouldBe("Property .metadata.till must be number");
        (await scrip.Post($"/v1/redemptions/{redemption}/rollback", new { metadata = new { till = 3 } })).Expect(200);
    }

    [Theory, OnBoth]
    public async Task A_refused_redemption_leaves_nothing_and_a_validation_is_not_asked(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Schema("order", true);
        await scrip.Schema("customer", true);
        await scrip.Coupon("code", Off, 1);
        var stack = new
        {
            redeemables = new[] { new { @object = "voucher", id = "code" } },
            customer = new { source_id = "ada", metadata = new { vip = true } },
            order = new { source_id = "o", amount = 1000 },
        };
        (await scrip.Post("/v1/validations", stack)).Expect(200)["valid"].ShouldBe(true);
        (await scrip.Post("/v1/redemptions", stack)).Expect(400)["details"].ShouldBe("Property .customer.metadata.vip is not defined in the metadata schema");
        (await scrip.Count("/v1/redemptions")).ShouldBe(0);
        (await scrip.Get("/v1/orders/o")).Expect(404);
        (await scrip.Get("/v1/customers/ada")).Expect(404);
        (await scrip.Get("/v1/vouchers/code"))["redemption"]["redeemed_quantity"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task A_changed_schema_holds_from_the_next_call_on(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("code", Off);
        Task<Answer> Redeem() => scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = "code" } }, metadata = new { till = "x" } });
        (await Redeem()).Expect(200);
        var id = await scrip.Schema("redemption", false, ("till", A("number")));
        for (var i = 0; i < 5; i++)
        {
            (await Redeem()).Expect(400);
            (await scrip.AsManagement.Put($"{scrip.SchemasPath()}/{id}", new { properties = new { till = A("number", deleted: true) } })).Expect(200);
            (await Redeem()).Expect(200);
            (await scrip.AsManagement.Put($"{scrip.SchemasPath()}/{id}", new { properties = new { till = A("number") } })).Expect(200);
        }
        (await scrip.AsManagement.Delete($"{scrip.SchemasPath()}/{id}")).Expect(204);
        (await Redeem()).Expect(200);
    }

    [Theory, OnBoth]
    public async Task Known_customers_with_less_than_a_new_schema_asks_still_redeem(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/customers", new { source_id = "old", metadata = new { legacy = 1 } })).Expect(200);
        await scrip.Schema("customer", true, ("tier", A("string", optional: false)));
        await scrip.Coupon("code", Off);
        Task<Answer> Redeem(object customer) => scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = "code" } }, customer });
        (await Redeem(new { source_id = "old", name = "Old" })).Expect(200);
        (await Redeem(new { source_id = "old", metadata = new { legacy = 2 } })).Expect(400);
        (await Redeem(new { source_id = "new", name = "New" })).Expect(400)["details"].ShouldBe("Property .customer.metadata.tier is required by the metadata schema");
        (await Redeem(new { source_id = "new", metadata = new { tier = "x" } })).Expect(200);
    }
}
