namespace Scrip.Server.Tests.Features.Usages;

/// <summary>Budgets of discounted units over many orders. The race turns red when <c>units_max</c> is taken out of <c>UsageSql.Add</c>.</summary>
public sealed class UnitBudgetTests(Servers servers)
{
    private const int Percent = 10;

    [Theory, OnBoth]
    public async Task Units_above_a_campaigns_budget_keep_their_price(Db db)
    {
        var scrip = await servers.Project(db);
        var (codes, shirt) = await Campaign(scrip, product => new { @object = "product", id = product, product_campaign_quantity_limit = 10 });

        (await Buy(scrip, codes[0], shirt, 5, "alex")).ShouldBe(5);
        (await Buy(scrip, codes[1], shirt, 4, "bobby")).ShouldBe(4);
        (await Buy(scrip, codes[2], shirt, 3, "clarence")).ShouldBe(1);
        (await Buy(scrip, codes[3], shirt, 3, "dora")).ShouldBe(0);
        var validation = (await scrip.Validate(Order(shirt, 1), codes[3])).Expect(200);
        validation["redeemables"][0]["applicable_to"]["data"][0]["product_campaign_quantity_limit"].ShouldBe(10);
    }

    [Theory, OnBoth]
    public async Task Fifty_clients_never_discount_one_unit_too_many_and_rollbacks_give_units_back_once(Db db)
    {
        var scrip = await servers.Project(db);
        var (codes, shirt) = await Campaign(scrip, product => new { @object = "product", id = product, product_campaign_quantity_limit = 37 });

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => Redeem(scrip, codes[i % 10], shirt, 1 + (i % 3), $"c{i}")));

        answers.ShouldAllBe(answer => answer.Status == 200);
        answers.Sum(Units).ShouldBe(37);
        var full = answers.First(answer => Units(answer) == 3)["redemptions"][0]["id"].Text;
        var back = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => scrip.Post($"/v1/redemptions/{full}/rollback")));
        back.Count(answer => answer.Status == 200).ShouldBe(1);
        (await Buy(scrip, codes[0], shirt, 9, "later")).ShouldBe(3);
        (await Buy(scrip, codes[0], shirt, 9, "latest")).ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task Each_customer_has_a_budget_of_its_own_and_nobody_has_none(Db db)
    {
        var scrip = await servers.Project(db);
        var (codes, shirt) = await Campaign(scrip, product => new { @object = "product", id = product, product_customer_campaign_quantity_limit = 5 });

        (await Buy(scrip, codes[0], shirt, 3, "ada")).ShouldBe(3);
        (await Buy(scrip, codes[1], shirt, 3, "ada")).ShouldBe(2);
        (await Buy(scrip, codes[2], shirt, 3, "ben")).ShouldBe(3);
        Units((await scrip.Redeem(Order(shirt, 3), codes[3])).Expect(200)).ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task Each_product_of_a_collection_has_a_budget_of_its_own_in_a_tier(Db db)
    {
        var scrip = await servers.Project(db);
        var (shirt, hat) = (await scrip.Product("shirt", 1000), await scrip.Product("hat", 1000));
        var collection = (await scrip.Post("/v1/product-collections", new
        {
            name = "Adventure",
            type = "STATIC",
            products = new[] { new { id = shirt, @object = "product" }, new { id = hat, @object = "product" } },
        })).Expect(200)["id"].Text;
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "Tiers", campaign_type = "PROMOTION" })).Expect(200)["id"].Text;
        var tier = (await scrip.Post($"/v1/promotions/{campaign}/tiers", new { name = "one", action = new { discount = new { type = "PERCENT", percent_off = Percent, effect = "APPLY_TO_ITEMS" } } })).Expect(200)["id"].Text;
        await scrip.Assign(await Rule(scrip, new { @object = "products_collection", id = collection, product_in_collection_promotion_tier_quantity_limit = 5, product_promotion_tier_quantity_limit = 9 }), "promotion_tier", tier);
        async Task<long> Bought(int shirts, int hats) => Units((await scrip.Post("/v1/redemptions", new
        {
            redeemables = new[] { new { @object = "promotion_tier", id = tier } },
            order = new { items = new[] { new { product_id = shirt, quantity = shirts, price = 1000 }, new { product_id = hat, quantity = hats, price = 1000 } } },
        })).Expect(200));

        (await Bought(3, 1)).ShouldBe(4);
        (await Bought(3, 3)).ShouldBe(2 + 3);
        // The collection's nine are reached, though a hat has one left of its five.
        (await Bought(1, 1)).ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task Every_budget_counts_for_whom_and_what_it_names_and_rollbacks_give_back(Db db)
    {
        const int limit = 4;
        var scrip = await servers.Project(db);
        string[] products = [await scrip.Product("shirt", 1000), await scrip.Product("hat", 1000)];
        var collection = (await scrip.Post("/v1/product-collections", new { name = "Both", type = "STATIC", products = products.Select(id => new { id, @object = "product" }) })).Expect(200)["id"].Text;
        foreach (var name in new[]
        {
            "product_campaign", "product_customer_campaign", "product_in_collection_campaign", "product_in_collection_customer_campaign",
            "product_promotion_tier", "product_customer_promotion_tier", "product_in_collection_promotion_tier", "product_in_collection_customer_promotion_tier",
        })
        {
            var campaign = (await scrip.Post("/v1/campaigns", new { name, campaign_type = "PROMOTION" })).Expect(200)["id"].Text;
            var rule = await Rule(scrip, new Dictionary<string, object> { ["object"] = "products_collection", ["id"] = collection, [name + "_quantity_limit"] = limit });
            var tiers = new List<string>();
            foreach (var tier in new[] { "one", "two" })
            {
                tiers.Add((await scrip.Post($"/v1/promotions/{campaign}/tiers", new { name = tier, action = new { discount = new { type = "PERCENT", percent_off = Percent, effect = "APPLY_TO_ITEMS" } } })).Expect(200)["id"].Text);
                await scrip.Assign(rule, "promotion_tier", tiers[^1]);
            }
            var used = new Dictionary<(string, string, string), long>();
            foreach (var (tier, customer, isTakenBack) in new[] { (0, "ada", false), (1, "ben", false), (0, "ben", true), (0, "ben", false), (1, "ada", false) })
            {
                var expected = 0L;
                foreach (var product in products)
                {
                    var key = (name.Contains("tier") ? tiers[tier] : "", name.Contains("customer") ? customer : "", name.Contains("collection") ? product : "");
                    var units = Math.Min(3, limit - used.GetValueOrDefault(key));
                    expected += units;
                    used[key] = used.GetValueOrDefault(key) + units;
                    if (isTakenBack) used[key] -= units;
                    // Of one order the lines share what is left.
                    if (isTakenBack && !name.Contains("collection")) expected = Math.Min(expected, limit - used[key]);
                }
                var answer = (await scrip.Post("/v1/redemptions", new
                {
                    redeemables = new[] { new { @object = "promotion_tier", id = tiers[tier] } },
                    order = new { items = products.Select(id => new { product_id = id, quantity = 3, price = 1000 }) },
                    customer = new { source_id = customer },
                })).Expect(200);
                Units(answer).ShouldBe(expected, $"{name}: {customer} in tier {tier}");
                if (isTakenBack) (await scrip.Post($"/v1/redemptions/{answer["redemptions"][0]["id"].Text}/rollback")).Expect(200);
            }
        }
    }

    [Theory, OnBoth]
    public async Task A_budget_outlives_the_rule_that_made_it(Db db)
    {
        var scrip = await servers.Project(db);
        var (codes, shirt) = await Campaign(scrip, product => new { @object = "product", id = product, product_campaign_quantity_limit = 4 });
        (await Buy(scrip, codes[0], shirt, 3, "ada")).ShouldBe(3);
        var rules = (await scrip.Get("/v1/validation-rules")).Expect(200)["data"];

        (await scrip.Delete($"/v1/validation-rules/{rules[0]["id"].Text}")).Expect(204);
        var again = await Rule(scrip, new { @object = "product", id = shirt, product_campaign_quantity_limit = 1, product_campaign_quantity_limit_formula = "2 + 3" });
        await scrip.Assign(again, "campaign", (await scrip.Get("/v1/campaigns/Units")).Expect(200)["id"].Text);

        (await Buy(scrip, codes[1], shirt, 3, "ben")).ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task A_qualification_does_not_count_units(Db db)
    {
        var scrip = await servers.Project(db);
        var (codes, shirt) = await Campaign(scrip, product => new { @object = "product", id = product, product_campaign_quantity_limit = 1 });
        (await Buy(scrip, codes[0], shirt, 2, "ada")).ShouldBe(1);
        await servers.Give(scrip, codes[1], (await scrip.Get("/v1/customers/ada")).Expect(200)["id"].Text);

        var offer = (await scrip.Post("/v1/qualifications", new { scenario = "CUSTOMER_WALLET", customer = new { source_id = "ada" }, order = Order(shirt, 2) })).Expect(200)["redeemables"]["data"][0];

        offer["order"]["total_applied_discount_amount"].ShouldBe(200);
    }

    private static async Task<(string[] Codes, string Shirt)> Campaign(ApiClient scrip, Func<string, object> target)
    {
        var shirt = await scrip.Product("shirt", 1000);
        var codes = await scrip.Codes("Units", 10, quantity: null, new { type = "PERCENT", percent_off = Percent, effect = "APPLY_TO_ITEMS" });
        await scrip.Assign(await Rule(scrip, target(shirt)), "campaign", (await scrip.Get("/v1/campaigns/Units")).Expect(200)["id"].Text);
        return ([.. codes], shirt);
    }

    private static async Task<string> Rule(ApiClient scrip, object target) =>
        (await scrip.Post("/v1/validation-rules", new { name = "Units", rules = new { }, applicable_to = new { included = new[] { target } } })).Expect(200)["id"].Text;

    private static object Order(string shirt, int quantity) => new { items = new[] { new { product_id = shirt, quantity, price = 1000 } } };

    private static Task<Answer> Redeem(ApiClient scrip, string code, string shirt, int quantity, string customer) => scrip.Post("/v1/redemptions", new
    {
        redeemables = new[] { new { @object = "voucher", id = code } },
        order = Order(shirt, quantity),
        customer = new { source_id = customer },
    });

    private static async Task<long> Buy(ApiClient scrip, string code, string shirt, int quantity, string customer) =>
        Units((await Redeem(scrip, code, shirt, quantity, customer)).Expect(200));

    // Of each unit, ten percent of ten.
    private static long Units(Answer answer) => answer["order"]["total_discount_amount"] is { Exists: true, Number: var off } ? off / (1000 * Percent / 100) : 0;
}
