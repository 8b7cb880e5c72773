namespace Scrip.Server.Tests.Features.Vouchers;

/// <summary>Formulas of discounts: checked when they are saved, calculated for each order.</summary>
public sealed class FormulaTests(Servers servers)
{
    [Theory]
    [OnBoth("""{"type":"AMOUNT","amount_off":10,"amount_off_formula":"1 + IF(ORDER_AMOUNT > 2;1)"}""", "Property .discount.amount_off_formula column 5: IF needs 3 arguments, not 2")]
    [OnBoth("""{"type":"PERCENT","percent_off":10,"percent_off_formula":"\"VIP\""}""", "Property .discount.percent_off_formula column 1: a number is expected, not a text")]
    [OnBoth("""{"type":"FIXED","fixed_amount":10,"fixed_amount_formula":"ORDER_AMOUNTS"}""", "Property .discount.fixed_amount_formula column 1: ORDER_AMOUNTS is not known")]
    [OnBoth("""{"type":"UNIT","unit_off":1,"unit_type":"mug","unit_off_formula":"1 +"}""", "Property .discount.unit_off_formula column 4: a value is expected")]
    [OnBoth("""{"type":"UNIT","effect":"ADD_MANY_ITEMS","units":[{"unit_off":1,"unit_type":"mug","effect":"ADD_NEW_ITEMS","unit_off_formula":"(1"}]}""",
        "Property .discount.units.unit_off_formula column 3: ';' or ')' is expected")]
    [OnBoth("""{"type":"AMOUNT","amount_off_formula":"ORDER_AMOUNT"}""", "Property .discount.amount_off is required")]
    public async Task A_wrong_formula_is_refused_with_its_place_and_nothing_is_stored(Db db, string discount, string details)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("mug", 900);

        var made = (await scrip.Raw("POST", "/v1/vouchers/x", $$"""{"type":"DISCOUNT_VOUCHER","discount":{{discount}}}""")).Expect(400);
        var campaign = (await scrip.Raw("POST", "/v1/campaigns",
            $$"""{"name":"c","campaign_type":"DISCOUNT_COUPONS","vouchers_count":1,"voucher":{"type":"DISCOUNT_VOUCHER","discount":{{discount}},"code_config":{"length":8} } }""")).Expect(400);

        made["details"].ShouldBe(details);
        campaign["details"].ShouldBe(details);
        (await scrip.Count("/v1/vouchers")).ShouldBe(0);
        (await scrip.Count("/v1/campaigns")).ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task A_wrong_formula_leaves_a_stored_voucher_as_it_was(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", new { type = "AMOUNT", amount_off = 500, amount_off_formula = "ORDER_AMOUNT / 10" });

        (await scrip.Put("/v1/vouchers/x", new { discount = new { type = "AMOUNT", amount_off = 700, amount_off_formula = "ORDER_AMOUNT /" } })).Expect(400);

        var kept = (await scrip.Get("/v1/vouchers/x")).Expect(200);
        kept["discount"]["amount_off"].ShouldBe(500);
        kept["discount"]["amount_off_formula"].ShouldBe("ORDER_AMOUNT / 10");
    }

    [Theory, OnBoth]
    public async Task An_amount_depends_on_the_order_in_major_units(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", new { type = "AMOUNT", amount_off = 500, amount_off_formula = "IF(ORDER_AMOUNT > 400;ORDER_AMOUNT * 0.15;2.5)" });

        var small = (await scrip.Validate(new { amount = 40000 }, "x")).Expect(200);
        var large = (await scrip.Validate(new { amount = 40001 }, "x")).Expect(200);
        var redeemed = (await scrip.Redeem(new { amount = 50000 }, "x")).Expect(200);

        small["order"]["total_discount_amount"].ShouldBe(250);
        small["redeemables"][0]["result"]["discount"]["is_dynamic"].ShouldBe(true);
        large["order"]["total_discount_amount"].ShouldBe(6000);
        redeemed["order"]["total_discount_amount"].ShouldBe(7500);
    }

    [Theory, OnBoth]
    public async Task A_percentage_depends_on_the_customer_and_falls_back_without(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", new { type = "PERCENT", percent_off = 5, percent_off_formula = "IF(CUSTOMER_METADATA(\"tier\") is \"VIP\";25;10)" });
        object Ask(object? customer) => new { redeemables = new[] { new { @object = "voucher", id = "x" } }, order = new { amount = 10000 }, customer };
        (await scrip.Post("/v1/customers", new { source_id = "vip", metadata = new { tier = "VIP" } })).Expect(200);
        (await scrip.Post("/v1/customers", new { source_id = "new", metadata = new { tier = "NEW" } })).Expect(200);
        (await scrip.Post("/v1/customers", new { source_id = "none", metadata = new { tier = 7 } })).Expect(200);

        async Task<(long, bool)> Off(object? customer)
        {
            var answer = (await scrip.Post("/v1/validations", Ask(customer))).Expect(200);
            return (answer["order"]["total_discount_amount"].Number, answer["redeemables"][0]["result"]["discount"]["is_dynamic"].Node!.GetValue<bool>());
        }

        (await Off(new { source_id = "vip" })).ShouldBe((2500, true));
        (await Off(new { source_id = "new" })).ShouldBe((1000, true));
        (await Off(new { source_id = "none" })).ShouldBe((500, false));
        (await Off(null)).ShouldBe((500, false));
    }

    [Theory, OnBoth]
    public async Task A_voucher_is_known_to_its_own_formula(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/vouchers/x", new
        {
            type = "DISCOUNT_VOUCHER",
            discount = new { type = "FIXED", fixed_amount = 9000, fixed_amount_formula = "REDEEMABLE_METADATA(\"price\") - VOUCHER_REDEEMED_QUANTITY + VOUCHER_PUBLISH_COUNT" },
            redemption = new { quantity = 5 },
            metadata = new { price = 20 },
        })).Expect(200);
        (await scrip.Redeem(new { amount = 10000 }, "x")).Expect(200)["order"]["total_amount"].ShouldBe(2000);
        (await scrip.Redeem(new { amount = 10000 }, "x")).Expect(200)["order"]["total_amount"].ShouldBe(1900);
    }

    [Theory, OnBoth]
    public async Task Free_units_are_counted_by_a_formula(Db db)
    {
        var scrip = await servers.Project(db);
        var mug = await scrip.Product("mug", 900);
        var tee = await scrip.Product("tee", 1000);
        var unit = new { unit_off = 1, unit_off_formula = "FLOOR(ORDER_UNITS_QUANTITY / 3;0)", unit_type = "mug", effect = "ADD_NEW_ITEMS" };
        await scrip.Coupon("one", new { type = "UNIT", unit.unit_off, unit.unit_off_formula, unit.unit_type, unit.effect });
        await scrip.Coupon("many", new { type = "UNIT", effect = "ADD_MANY_ITEMS", units = new[] { unit } });

        foreach (var code in new[] { "one", "many" })
        {
            var answer = (await scrip.Validate(new { items = new[] { new { product_id = tee, quantity = 7 } } }, code)).Expect(200);
            answer["order"]["total_discount_amount"].ShouldBe(1800);
            answer["order"]["items"][1]["product_id"].ShouldBe(mug);
        }
    }
}
