namespace Scrip.Server.Tests.Features.Validations;

public sealed class ValidationTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_stack_is_applied_in_the_order_of_the_request(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("ten", new { type = "PERCENT", percent_off = 10 });
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });

        var answer = (await scrip.Validate(new { amount = 10_000 }, "five", "ten")).Expect(200);

        answer["valid"].ShouldBe(true);
        answer["order"]["total_discount_amount"].ShouldBe(1450);
        answer["order"]["total_amount"].ShouldBe(8550);
        answer["redeemables"][0]["order"]["applied_discount_amount"].ShouldBe(500);
        answer["redeemables"][1]["order"]["applied_discount_amount"].ShouldBe(950);
        answer["redeemables"][1]["order"]["discount_amount"].ShouldBe(1450);
        answer["redeemables"][0]["result"]["discount"]["amount_off"].ShouldBe(500);
        (await scrip.Get("/v1/vouchers/ten"))["redemption"]["redeemed_quantity"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task An_unknown_code_is_an_answer_of_200_that_says_404_inside_and_skips_what_follows(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });

        var answer = (await scrip.Validate(new { amount = 10_000 }, "nothing", "five")).Expect(200);

        answer["valid"].ShouldBe(false);
        answer["redeemables"][0]["result"]["error"]["code"].ShouldBe(404);
        answer["redeemables"][0]["result"]["error"]["key"].ShouldBe("not_found");
        answer["redeemables"][1]["status"].ShouldBe("SKIPPED");
        answer["redeemables"][1]["result"]["details"]["key"].ShouldBe("preceding_validation_failed");
        answer["inapplicable_redeemables"][0]["id"].ShouldBe("nothing");
        answer["order"].Exists.ShouldBeFalse();
    }

    [Theory, OnBoth]
    public async Task Lines_find_stored_products_by_every_name_and_take_their_prices(Db db)
    {
        var scrip = await servers.Project(db);
        var shirt = await scrip.Product("shirt", 3000);
        var sku = (await scrip.Post("/v1/products/shirt/skus", new { source_id = "shirt-xl", sku = "XL", price = 3500 })).Expect(200);
        await scrip.Coupon("half", new { type = "PERCENT", percent_off = 50, effect = "APPLY_TO_ITEMS" });

        var answer = (await scrip.Validate(new
        {
            items = new object[]
            {
                new { product_id = shirt, quantity = 2 },
                new { source_id = "shirt-xl", related_object = "sku", quantity = 1 },
                new { sku_id = sku["id"].Text, quantity = 1, price = 100 },
                new { source_id = "shirt", related_object = "product", quantity = 1, amount = 2500 },
            },
        }, "half")).Expect(200);

        var items = answer["order"]["items"];
        items[0]["amount"].ShouldBe(6000);
        items[1]["amount"].ShouldBe(3500);
        items[1]["product_id"].ShouldBe(shirt);
        items[2]["amount"].ShouldBe(100);
        items[3]["amount"].ShouldBe(2500);
        items[0]["product"]["name"].ShouldBe("shirt");
        answer["order"]["amount"].ShouldBe(12_100);
        answer["order"]["items_discount_amount"].ShouldBe(6050);
        items[0]["subtotal_amount"].ShouldBe(3000);
    }

    [Theory, OnBoth]
    public async Task A_free_unit_comes_with_the_price_of_its_product(Db db)
    {
        var scrip = await servers.Project(db);
        var socks = await scrip.Product("socks", 1200);
        await scrip.Coupon("free", new { type = "UNIT", unit_off = 1, unit_type = "socks", effect = "ADD_NEW_ITEMS", product = new { id = socks } });

        var answer = (await scrip.Validate(new { items = new[] { new { source_id = "shirt", related_object = "product", quantity = 1, price = 5000 } } }, "free")).Expect(200);

        answer["order"]["amount"].ShouldBe(6200);
        answer["order"]["initial_amount"].ShouldBe(5000);
        answer["order"]["total_amount"].ShouldBe(5000);
        answer["order"]["items"][1]["product_id"].ShouldBe(socks);
        answer["order"]["items"][1]["discount_amount"].ShouldBe(1200);
        answer["order"]["items"][1]["product"]["name"].ShouldBe("socks");
    }

    [Theory, OnBoth]
    public async Task Gift_credits_pay_what_is_left_or_what_is_asked(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("gift", 10_000);

        var all = (await scrip.Validate(new { amount = 4_000 }, "gift")).Expect(200);
        all["redeemables"][0]["result"]["gift"]["credits"].ShouldBe(4000);
        all["order"]["total_amount"].ShouldBe(0);

        var some = (await scrip.Post("/v1/validations", new { redeemables = new[] { new { @object = "voucher", id = "gift", gift = new { credits = 1500 } } }, order = new { amount = 4000 } })).Expect(200);
        some["redeemables"][0]["result"]["gift"]["credits"].ShouldBe(1500);
        some["order"]["total_amount"].ShouldBe(2500);

        var more = (await scrip.Post("/v1/validations", new { redeemables = new[] { new { @object = "voucher", id = "gift", gift = new { credits = 10_001 } } }, order = new { amount = 40_000 } })).Expect(200);
        more["redeemables"][0]["result"]["error"]["key"].ShouldBe("gift_amount_exceeded");
    }

    [Theory]
    [OnBoth("voucher_disabled")]
    [OnBoth("voucher_expired")]
    [OnBoth("voucher_not_active")]
    [OnBoth("voucher_not_active_now")]
    public async Task A_voucher_out_of_its_time_says_why(Db db, string key)
    {
        var scrip = await servers.Project(db);
        var today = (int)TimeProvider.System.GetUtcNow().DayOfWeek;
        await scrip.Post("/v1/vouchers/timed", new
        {
            type = "DISCOUNT_VOUCHER",
            discount = new { type = "AMOUNT", amount_off = 100 },
            active = key != "voucher_disabled",
            start_date = key == "voucher_not_active" ? "2099-01-01T00:00:00Z" : "2020-01-01T00:00:00Z",
            expiration_date = key == "voucher_expired" ? "2021-01-01T00:00:00Z" : "2199-01-01T00:00:00Z",
            validity_day_of_week = key == "voucher_not_active_now" ? new[] { (today + 3) % 7 } : [0, 1, 2, 3, 4, 5, 6],
        });

        var answer = (await scrip.Validate(new { amount = 1000 }, "timed")).Expect(200);

        answer["valid"].ShouldBe(false);
        answer["redeemables"][0]["result"]["error"]["key"].ShouldBe(key);
        answer["redeemables"][0]["result"]["error"]["details"].ShouldBe("timed");
    }

    [Theory, OnBoth]
    public async Task Names_and_metadata_come_only_when_asked_for(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Post("/v1/vouchers/told", new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 }, metadata = new { channel = "mail" } });
        var redeemables = new[] { new { @object = "voucher", id = "told" } };

        var plain = (await scrip.Post("/v1/validations", new { redeemables, order = new { amount = 1000 } })).Expect(200);
        var expanded = (await scrip.Post("/v1/validations", new { redeemables, order = new { amount = 1000 }, options = new { expand = new[] { "redeemable" } } })).Expect(200);

        plain["redeemables"][0]["metadata"].Exists.ShouldBeFalse();
        plain["redeemables"][0]["order"]["total_amount"].ShouldBe(900);
        expanded["redeemables"][0]["metadata"]["channel"].ShouldBe("mail");
        expanded["redeemables"][0]["order"].Exists.ShouldBeFalse();
    }
}
