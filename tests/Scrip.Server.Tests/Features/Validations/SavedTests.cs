using System.Text.Json;
using System.Text.Json.Nodes;
using Scrip.Engine.Rules;

namespace Scrip.Server.Tests.Features.Validations;

/// <summary>
/// Whatever was accepted when it was saved never makes a validation, redemption or qualification fail with a 5xx: every
/// rule name with every operator and odd operands, every discount at its largest, and references to what is gone.
/// </summary>
public sealed class SavedTests(Servers servers)
{
    private const long Max = 9007199254740991;

    private static readonly string[] Names =
    [
        "customer.segment", "customer.loyalty_tier", "customer.metadata", "publication.redeemable_by_linked_customer", "order.amount", "order.initial_amount", "order.total_amount",
        "order.metadata", "order.items.count", "order.items.price_any", "order.items.price_each", "order.items.metadata_any", "order.items.metadata_each", "order.items.any",
        "order.items.every", "order.items.none", "order.items.cheapest", "order.items.most_expensive", "product.id", "product.price", "product.quantity", "product.metadata", "product.metadata.discount_applicable",
        "product.metadata.match_all", "product.metadata.aggregated_quantity", "product.metadata.aggregated_amount", "sku.id", "sku.price", "sku.quantity", "campaign.orders.amount",
        "campaign.orders.amount_discounted", "campaign.redemptions.count", "campaign.redemptions.count.weekly", "campaign.redemptions.customers_count.monthly", "redemption.gift.amount",
        "redemption.count", "redemption.count.daily", "redemption.count.per_customer", "redemption.count.per_api_key", "redemption.count.per_user", "redemption.api_key", "redemption.user.login",
        "redemption.metadata", "redemption.reward.pay_with_points.points_used", "custom_event.metadata",
    ];

    private static readonly string[] Operators =
    [
        "$is", "$is_not", "$in", "$not_in", "$less_than", "$less_than_or_equal", "$more_than", "$more_than_or_equal", "$starts_with", "$ends_with", "$contains", "$timeframe", "$timeframe_absolute",
        "$timeframe_daily_hours", "$dow", "$count", "$count_more", "$count_less", "$not_differ", "$not_intersect", "$from", "$after", "$before", "$more_than_ago", "$less_than_ago", "$is_days_ago",
        "$more_than_future", "$less_than_future", "$is_days_in_future",
    ];

    private static readonly string[] Operands =
    [
        "[]", "[9007199254740991]", "[-9007199254740991]", "[1e28]", "[0.0000000000000000000000000001]", "[1e-400]", "[\"\"]", "[\"x\"]", "[null]", "[[1]]", "[{\"id\":\"gone\"}]",
        "[{\"id\":\"gone\",\"object\":\"products_collection\"}]", "[6]", "[1000000]", "[\"1000-01-01\"]", "[\"9000-12-31T23:59:59.999999999Z\"]", "[\"9999-12-31T23:59:59Z\"]",
        "[\"1000-01-01T00:00:00Z;PT1S;PT1S\"]", "[\"8999-01-01T00:00:00Z;P100Y;P100Y\"]", "[\"2020-02-29T00:00:00Z;P1M;P99Y\"]", "[\"9000-01-01T00:00:00+18:00;1000-01-01T00:00:00-18:00\"]",
        "[\"23:59;00:00;0,1,2,3,4,5,6\"]", "\"x\"", "{}", "[\"2020-01-01T00:00:00Z;P101Y;P101Y\"]", "[\"2020-01-01T00:00:00Z;P1D;P99999999Y\"]", "[\"2020-01-01T00:00:00Z;PT0S;PT0S\"]",
        "[\"2020-01-01T00:00:00Z;PT1S;P100Y\"]", "[\"0001-01-01T00:00:00Z;PT1S;P1M\"]",
    ];

    // Attributes of every type; the last ones only look like dates.
    private static readonly object Attributes = new
    {
        a = "9000-12-31T23:59:59.999999999Z",
        b = "1000-01-01",
        c = new object[] { Max, "2026-01-01", true },
        d = -Max,
        e = "2026-02-30",
        f = false,
    };

    [Theory, OnBoth]
    public async Task No_rule_that_was_accepted_breaks_deciding(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = new List<string>();
        var accepted = 0;
        // What the server will accept is asked of what binds its rules; then few rules of many conditions try them all.
        foreach (var name in Names)
        {
            var good = new List<JsonObject>();
            foreach (var op in Operators)
                foreach (var operand in Operands)
                    good.Add(new JsonObject { ["name"] = name, ["property"] = "abcdef"[(op.Length + operand.Length) % 6].ToString(), ["conditions"] = new JsonObject { [op] = JsonNode.Parse(operand) } });
            var rules = Accepted(good);
            accepted += rules.Count;
            foreach (var (chunk, i) in rules.Chunk(50).Select((chunk, i) => (chunk, i)))
            {
                var all = new JsonObject { ["logic"] = string.Join(" or ", Enumerable.Range(1, chunk.Length)) };
                for (var k = 0; k < chunk.Length; k++) all[$"{k + 1}"] = chunk[k].DeepClone();
                var rule = (await scrip.Post("/v1/validation-rules", new { name, rules = all })).Expect(200)["id"].Text;
                codes.Add(await scrip.Coupon($"{name}-{i}", new { type = "PERCENT", percent_off = 1 }));
                await scrip.Assign(rule, "voucher", (await scrip.Get($"/v1/vouchers/{codes[^1]}"))["id"].Text);
            }
        }
        accepted.ShouldBeGreaterThan(1500);
        await Decided(scrip, codes);
    }

    [Theory, OnBoth]
    public async Task No_discount_that_was_accepted_breaks_deciding(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("dear", Max);
        var codes = new List<string>();
        string?[] formulas = ["POW(ORDER_AMOUNT;1000)", "ORDER_AMOUNT / 0", "0 - ORDER_AMOUNT", "ORDER_METADATA(\"c\")", "DAYS_SINCE(ORDER_METADATA(\"a\"))", "ORDER_AMOUNT * 1000000", "ROUND(1/3;28)", "ROUND(ORDER_AMOUNT;0-28)",
            "ROUND(1/3;ORDER_AMOUNT)", "CEIL(ORDER_AMOUNT;0-ORDER_AMOUNT)", "FLOOR(ORDER_AMOUNT;28)", $"{new string('(', 49)}ORDER_AMOUNT{new string(')', 49)}", "MONTHS_UNTIL(ORDER_METADATA(\"b\"))", "IF(ORDER_METADATA(\"f\");1;ORDER_ITEM_PRICE)", null];
        async Task Coupon(object discount)
        {
            var code = $"d{codes.Count}";
            (await scrip.Post($"/v1/vouchers/{code}", new { type = "DISCOUNT_VOUCHER", discount })).Expect(200);
            codes.Add(code);
        }
        foreach (var formula in formulas)
        {
            foreach (var effect in new[] { "APPLY_TO_ORDER", "APPLY_TO_ITEMS", "APPLY_TO_ITEMS_PROPORTIONALLY", "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY", "APPLY_TO_ITEMS_BY_QUANTITY" })
                await Coupon(new { type = "AMOUNT", amount_off = Max, amount_off_formula = formula, effect, aggregated_amount_limit = Max });
            foreach (var effect in new[] { "APPLY_TO_ORDER", "APPLY_TO_ITEMS" })
            {
                await Coupon(new { type = "PERCENT", percent_off = 99.999999, percent_off_formula = formula, effect, amount_limit = Max });
                await Coupon(new { type = "FIXED", fixed_amount = Max, fixed_amount_formula = formula, effect });
            }
            foreach (var effect in new[] { "ADD_NEW_ITEMS", "ADD_MISSING_ITEMS", "ADD_SAME_ITEMS" })
                await Coupon(new { type = "UNIT", unit_off = int.MaxValue, unit_off_formula = formula, unit_type = "dear", effect });
        }
        var target = new
        {
            @object = "product",
            id = "x",
            effect = "APPLY_FROM_MOST_EXPENSIVE",
            target = "UNIT",
            skip_initially = Max,
            repeat = Max,
            quantity_limit = Max,
            aggregated_quantity_limit = Max,
            amount_limit = Max,
            aggregated_amount_limit = Max,
            price = Max,
            product_campaign_quantity_limit = Max,
            product_customer_campaign_quantity_limit_formula = "ORDER_AMOUNT / 0",
        };
        var bundle = new Dictionary<string, object>
        {
            ["1"] = new { name = "order.items.any", conditions = new Dictionary<string, object> { ["$is"] = new[] { new { id = "x", type = "product_or_sku", @object = "product" } } } },
            ["limit"] = 100,
        };
        foreach (var body in new object[]
        {
            new { name = "targets", rules = new { }, applicable_to = new { included = new[] { target }, excluded = new[] { new { @object = "products_collection", id = "gone" } }, included_all = true } },
            new { name = "bundle", rules = new { }, bundle_rules = bundle },
        })
        {
            var rule = (await scrip.Post("/v1/validation-rules", body)).Expect(200)["id"].Text;
            foreach (var code in codes.ToArray().Where((_, i) => i % 3 == 0))
                await scrip.Post($"/v1/validation-rules/{rule}/assignments", new { related_object_type = "voucher", related_object_id = (await scrip.Get($"/v1/vouchers/{code}"))["id"].Text });
        }
        await Decided(scrip, codes);
    }

    [Theory, OnBoth]
    public async Task What_is_nested_too_deep_or_too_large_is_refused_and_the_largest_decides(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = new List<string>();
        foreach (var depth in new[] { 2, 6, 60, 1000 })
        {
            JsonObject rules = [];
            for (var level = 0; level < depth; level++)
                rules = new JsonObject
                {
                    ["1"] = new JsonObject { ["name"] = "order.items.any", ["conditions"] = new JsonObject { ["$is"] = new JsonArray(new JsonObject { ["id"] = "x", ["object"] = "product" }) }, ["rules"] = rules },
                };
            (await scrip.Raw("POST", "/v1/validation-rules", $$"""{"name":"deep","rules":{{rules.ToJsonString(new JsonSerializerOptions { MaxDepth = 10_000 })}}}""")).Expect(400);
        }
        foreach (var digits in new[] { "29", "0-29", "-29", "2147483648", "9007199254740993", "1.5" })
            (await Formula($"ROUND(ORDER_AMOUNT;{digits})")).Status.ShouldBeOneOf(200, 400);
        foreach (var (brackets, status) in new[] { (50, 200), (51, 400), (2000, 400) })
            (await Formula($"{new string('(', brackets)}ORDER_AMOUNT{new string(')', brackets)}")).Expect(status);
        (await Formula(string.Concat(Enumerable.Repeat("0-", 2499)) + "1")).Status.ShouldBeOneOf(200, 400);
        foreach (var limit in new object[] { 0, -1, 101, 1.5, "1" })
            (await scrip.Post("/v1/validation-rules", new
            {
                name = "bundle",
                rules = new { },
                bundle_rules = new Dictionary<string, object>
                {
                    ["1"] = new { name = "order.items.any", conditions = new Dictionary<string, object> { ["$is"] = new[] { new { id = "x", @object = "product" } } } },
                    ["limit"] = limit,
                },
            })).Expect(400)["details"].Text.ShouldContain("limit");
        await Decided(scrip, codes);

        async Task<Answer> Formula(string? formula)
        {
            var code = $"f{codes.Count}";
            var made = await scrip.Post($"/v1/vouchers/{code}", new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100, amount_off_formula = formula } });
            if (made.Status == 200) codes.Add(code);
            return made;
        }
    }

    [Theory, OnBoth]
    public async Task What_points_to_something_deleted_is_refused_or_does_nothing(Db db)
    {
        var scrip = await servers.Project(db);
        var (shirt, hat) = (await scrip.Product("shirt", 1000), await scrip.Product("hat", 500));
        var collection = (await scrip.Post("/v1/product-collections", new { name = "C", type = "STATIC", products = new[] { new { id = shirt, @object = "product" } } })).Expect(200)["id"].Text;
        var category = await scrip.Category("gone", 1);
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "P", campaign_type = "PROMOTION" })).Expect(200)["id"].Text;
        async Task<string> Tier(string name, object discount) =>
            (await scrip.Post($"/v1/promotions/{campaign}/tiers", new { name, category_id = category, action = new { discount } })).Expect(200)["id"].Text;
        var tiers = new[]
        {
            await Tier("free", new { type = "UNIT", unit_off = 1, unit_type = hat, effect = "ADD_NEW_ITEMS" }),
            await Tier("same", new { type = "UNIT", unit_off = 1, unit_type = collection, effect = "ADD_SAME_ITEMS" }),
            await Tier("plain", new { type = "AMOUNT", amount_off = 100, effect = "APPLY_TO_ITEMS" }),
        };
        var rule = (await scrip.Post("/v1/validation-rules", new
        {
            name = "C",
            rules = new Dictionary<string, object> { ["1"] = new { name = "order.items.any", conditions = new Dictionary<string, object> { ["$is"] = new[] { new { id = collection, @object = "products_collection" } } } } },
            applicable_to = new { included = new[] { new { @object = "products_collection", id = collection } } },
        })).Expect(200)["id"].Text;
        await scrip.Assign(rule, "promotion_tier", tiers[2]);
        var stack = (await scrip.Post($"/v1/promotions/{campaign}/stacks", new { name = "S", tiers = new { ids = tiers } })).Expect(200)["id"].Text;
        (await scrip.StackingRules(new { exclusive_categories = new[] { category }, applicable_redeemables_category_limits = new Dictionary<string, int> { [category] = 2 } })).Status.ShouldBeOneOf(200, 201, 400);

        foreach (var path in new[] { $"/v1/products/{hat}?force=true", $"/v1/product-collections/{collection}", $"/v1/categories/{category}", $"/v1/promotions/tiers/{tiers[0]}", $"/v1/products/{shirt}" })
            (await scrip.Delete(path)).Status.ShouldBeLessThan(500, path);

        foreach (var (type, id) in tiers.Select(tier => ("promotion_tier", tier)).Append(("promotion_stack", stack)))
            foreach (var action in new[] { "validations", "redemptions" })
                (await scrip.Post($"/v1/{action}", new
                {
                    redeemables = new[] { new { @object = type, id } },
                    order = new { items = new[] { new { product_id = shirt, quantity = 1, price = 1000 }, new { product_id = hat, quantity = 1, price = 500 } } },
                    options = new { expand = new[] { "order", "redeemable", "category", "trace" } },
                })).Status.ShouldBeLessThan(500, $"{action} {type}");
        await Qualified(scrip, new { items = new[] { new { product_id = shirt, quantity = 1, price = 1000 } } });
    }

    private static List<JsonObject> Accepted(List<JsonObject> conditions) =>
        conditions.FindAll(one => Rule.Bind(new RuleSource("try", JsonSerializer.SerializeToElement(new JsonObject { ["1"] = one.DeepClone() }))).Rule is not null);

    private static async Task Decided(ApiClient scrip, List<string> codes)
    {
        var items = new[]
        {
            new { product_id = "x", quantity = 3, price = 1000L, metadata = Attributes, product = new { metadata = Attributes } },
            new { product_id = "dear", quantity = 1, price = Max - 5000, metadata = Attributes, product = new { metadata = Attributes } },
        };
        foreach (var order in new object?[]
        {
            null, new { amount = Max, metadata = Attributes }, new { amount = 0 }, new { items, metadata = Attributes }, new { items = new[] { new { quantity = 0, price = 0 } } },
            new { items = new[] { new { product_id = "x", quantity = 2147483647L, price = 1L }, new { product_id = "dear", quantity = 2147483647L, price = 0L } } },
        })
        {
            var customer = new { source_id = "ada", metadata = Attributes };
            await Parallel.ForEachAsync(codes, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = TestContext.Current.CancellationToken }, async (code, _) =>
            {
                var body = new { redeemables = new[] { new { @object = "voucher", id = code } }, order, customer, metadata = Attributes, options = new { expand = new[] { "order", "trace" } } };
                (await scrip.Post("/v1/validations", body)).Expect(200);
                var redeemed = await scrip.Post("/v1/redemptions", body);
                redeemed.Status.ShouldBeLessThan(500, $"{code} {JsonSerializer.Serialize(order)} {redeemed.Text}");
            });
            await Qualified(scrip, order);
        }
    }

    private static async Task Qualified(ApiClient scrip, object? order)
    {
        foreach (var sorting_rule in new[] { "DEFAULT", "BEST_DEAL", "LEAST_DEAL" })
            foreach (var scenario in new[] { "ALL", "PRODUCTS", "AUDIENCE_ONLY", "PROMOTION_STACKS" })
                (await scrip.Post("/v1/qualifications", new { scenario, order, customer = new { source_id = "ada" }, metadata = Attributes, options = new { sorting_rule, limit = 50, expand = new[] { "redeemable", "validation_rules", "trace" } } })).Expect(200);
    }
}
