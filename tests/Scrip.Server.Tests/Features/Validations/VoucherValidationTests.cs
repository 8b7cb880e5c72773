namespace Scrip.Server.Tests.Features.Validations;

/// <summary>The older endpoints for one voucher.</summary>
public sealed class VoucherValidationTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_valid_coupon_tells_its_discount_and_the_order(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/vouchers/ten", new { type = "DISCOUNT_VOUCHER", discount = new { type = "PERCENT", percent_off = 10 }, metadata = new { shop = "Graz" } })).Expect(200);

        var answer = (await scrip.Post("/v1/vouchers/ten/validate", new { order = new { amount = 2000 }, tracking_id = "me" })).Expect(200);

        answer["valid"].ShouldBe(true);
        answer["code"].ShouldBe("ten");
        answer["discount"]["percent_off"].ShouldBe(10);
        answer["discount"]["effect"].ShouldBe("APPLY_TO_ORDER");
        answer["order"]["total_amount"].ShouldBe(1800);
        answer["applicable_to"]["total"].ShouldBe(0);
        answer["metadata"]["shop"].ShouldBe("Graz");
        answer["tracking_id"].ShouldBe("me");
        answer["session"].Exists.ShouldBeFalse();
        answer["error"].Exists.ShouldBeFalse();
        (await scrip.Post("/v1/vouchers/ten/validate?tracking_id=from-query")).Expect(200)["tracking_id"].ShouldBe("from-query");
    }

    [Theory, OnBoth]
    public async Task A_gift_card_tells_its_balance_and_takes_the_credits_asked_for(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("card", 1000);

        var answer = (await scrip.Post("/v1/vouchers/card/validate", new { gift = new { credits = 300 }, order = new { amount = 2000 } })).Expect(200);

        answer["gift"]["amount"].ShouldBe(1000);
        answer["gift"]["balance"].ShouldBe(1000);
        answer["order"]["total_amount"].ShouldBe(1700);
        (await scrip.Post("/v1/vouchers/card/validate", new { order = new { } })).Expect(400)["key"].ShouldBe("missing_amount");
        (await scrip.Post("/v1/vouchers/card/validate")).Expect(400)["key"].ShouldBe("missing_order");
    }

    [Theory, OnBoth]
    public async Task An_invalid_voucher_is_an_answer_of_200_that_says_why(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("off", new { type = "AMOUNT", amount_off = 100 });
        (await scrip.Post("/v1/vouchers/off/disable")).Expect(200);

        var off = (await scrip.Post("/v1/vouchers/off/validate", new { order = new { amount = 2000 } })).Expect(200);
        var unknown = (await scrip.Post("/v1/vouchers/nothing/validate", new { order = new { amount = 2000 } })).Expect(200);

        off["valid"].ShouldBe(false);
        off["code"].ShouldBe("off");
        off["reason"].ShouldBe("voucher is disabled");
        off["error"]["key"].ShouldBe("voucher_disabled");
        off["error"]["details"].ShouldBe("off");
        off["discount"].Exists.ShouldBeFalse();
        off["order"].Exists.ShouldBeFalse();
        unknown["valid"].ShouldBe(false);
        unknown["error"]["code"].ShouldBe(404);
        unknown["error"]["resource_id"].ShouldBe("nothing");
        (await scrip.Post("/v1/vouchers/off/validate", new { order = new { amount = -1 } })).Expect(400)["key"].ShouldBe("invalid_amount");
    }

    [Theory, OnBoth]
    public async Task A_session_locks_here_and_is_used_up_by_the_redemption_of_one_voucher(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", new { type = "AMOUNT", amount_off = 100 }, quantity: 1);
        var session = new { type = "LOCK", key = "mine", ttl = 1, ttl_unit = "HOURS" };

        var locked = (await scrip.Post("/v1/vouchers/x/validate", new { order = new { amount = 1000 }, session })).Expect(200);

        locked["session"]["key"].ShouldBe("mine");
        locked["session"]["ttl"].ShouldBe(1);
        var shut = (await scrip.Post("/v1/vouchers/x/validate", new { order = new { amount = 1000 } })).Expect(200);
        shut["error"]["key"].ShouldBe("quantity_exceeded");
        (await scrip.Post("/v1/vouchers/x/redemption", new { order = new { amount = 1000 } })).Expect(400)["key"].ShouldBe("quantity_exceeded");
        (await scrip.Post("/v1/vouchers/x/redemption", new { order = new { amount = 1000 }, session })).Expect(200)["session"]["key"].ShouldBe("mine");
    }

    [Theory, OnBoth]
    public async Task One_voucher_is_redeemed_and_the_answer_is_its_redemption(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("card", 1000);

        var redeemed = (await scrip.Post("/v1/vouchers/card/redemption?tracking_id=me", new
        {
            gift = new { credits = 300 },
            order = new { source_id = "o-1", amount = 2000 },
            customer = new { source_id = "ada" },
            metadata = new { till = 7 },
        })).Expect(200);

        redeemed["object"].ShouldBe("redemption");
        redeemed["result"].ShouldBe("SUCCESS");
        redeemed["amount"].ShouldBe(300);
        redeemed["tracking_id"].ShouldBe("me");
        redeemed["metadata"]["till"].ShouldBe(7);
        redeemed["order"]["total_amount"].ShouldBe(1700);
        redeemed["voucher"]["gift"]["balance"].ShouldBe(700);
        (await scrip.Get("/v1/orders/o-1")).Expect(200)["total_amount"].ShouldBe(1700);
        (await scrip.Get($"/v1/redemptions/{redeemed["id"].Text}")).Expect(200)["customer"]["source_id"].ShouldBe("ada");
        (await scrip.Post($"/v1/redemptions/{redeemed["id"].Text}/rollback")).Expect(200);
    }

    [Theory, OnBoth]
    public async Task A_refused_redemption_of_one_voucher_is_in_the_history_and_an_unknown_code_is_404(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("once", new { type = "AMOUNT", amount_off = 100 }, quantity: 1);
        (await scrip.Post("/v1/vouchers/once/redemption")).Expect(200);

        var refused = (await scrip.Post("/v1/vouchers/once/redemption", new { order = new { amount = 1000 } })).Expect(400);

        refused["key"].ShouldBe("quantity_exceeded");
        refused["resource_type"].ShouldBe("redemption");
        (await scrip.Get($"/v1/redemptions/{refused["resource_id"].Text}")).Expect(200)["failure_code"].ShouldBe("quantity_exceeded");
        (await scrip.Post("/v1/vouchers/nothing/redemption", new { order = new { amount = 1000 } })).Expect(404)["resource_type"].ShouldBe("voucher");
        (await scrip.Count("/v1/redemptions")).ShouldBe(2);
    }
}
