namespace Scrip.Server.Tests.Features.Vouchers;

public sealed class VoucherTests(Servers servers)
{
    static readonly object TenOff = new { type = "AMOUNT", amount_off = 1000 };

    [Theory, OnBoth]
    public async Task A_voucher_is_made_with_or_without_a_code_found_changed_and_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        var drawn = (await scrip.Post("/v1/vouchers", new { type = "DISCOUNT_VOUCHER", discount = TenOff, code_config = new { prefix = "A-", length = 5 } })).Expect(200);
        drawn["code"].Text.ShouldMatch("^A-.{5}$");
        var given = (await scrip.Post("/v1/vouchers/MINE", new { type = "DISCOUNT_VOUCHER", discount = TenOff, metadata = new { a = 1, b = 2 }, additional_info = "x" })).Expect(200);

        (await scrip.Get($"/v1/vouchers/{given["id"].Text}")).Expect(200)["code"].ShouldBe("MINE");
        var changed = (await scrip.Put("/v1/vouchers/MINE", new { metadata = new { b = 3 }, expiration_date = "2099-01-01T00:00:00Z" })).Expect(200);
        changed["metadata"]["a"].ShouldBe(1);
        changed["metadata"]["b"].ShouldBe(3);
        changed["additional_info"].ShouldBe("x");
        (await scrip.Post("/v1/vouchers/MINE/disable")).Expect(200)["active"].ShouldBe(false);
        (await scrip.Post("/v1/vouchers/MINE/enable")).Expect(200)["active"].ShouldBe(true);
        (await scrip.Delete("/v1/vouchers/MINE")).Expect(204);
        (await scrip.Get("/v1/vouchers/MINE")).Expect(404);
        (await scrip.Redeem(new { amount = 1 }, "MINE")).Expect(404);
        (await scrip.Post("/v1/vouchers/MINE", new { type = "DISCOUNT_VOUCHER", discount = TenOff })).Expect(409);
        (await scrip.Delete("/v1/vouchers/MINE?force=true")).Expect(204);
        (await scrip.Post("/v1/vouchers/MINE", new { type = "DISCOUNT_VOUCHER", discount = TenOff })).Expect(200);
    }

    [Theory]
    [OnBoth("a/b")]
    [OnBoth("50% off")]
    [OnBoth("naïve #1")]
    [OnBoth("日本-語")]
    [OnBoth("a+b")]
    [OnBoth("%2F")]
    public async Task A_code_may_hold_what_people_print(Db db, string code)
    {
        var scrip = await servers.Project(db);
        var path = "/v1/vouchers/" + Uri.EscapeDataString(code);
        (await scrip.Post(path, new { type = "DISCOUNT_VOUCHER", discount = TenOff })).Expect(200)["code"].ShouldBe(code);
        (await scrip.Get(path)).Expect(200)["code"].ShouldBe(code);
        (await scrip.Get(path.Replace("%20", "+", StringComparison.Ordinal))).Expect(200)["code"].ShouldBe(code);
        (await scrip.Redeem(new { amount = 1000 }, code)).Expect(200);
        (await scrip.Get(path + "/redemption")).Expect(200)["total"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task A_balance_goes_up_and_down_and_never_below_zero(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("card", 1000);
        var more = (await scrip.Post("/v1/vouchers/card/balance", new { amount = 500, reason = "gift", source_id = "s-1" })).Expect(200);
        more["balance"].ShouldBe(1500);
        more["total"].ShouldBe(1500);
        (await scrip.Post("/v1/vouchers/card/balance", new { amount = -1501 })).Status.ShouldBe(400);
        (await scrip.Post("/v1/vouchers/card/balance", new { amount = 0 })).Status.ShouldBe(400);
        (await scrip.Post("/v1/vouchers/card/balance", new { })).Status.ShouldBe(400);
        var less = (await scrip.Post("/v1/vouchers/card/balance", new { amount = -1500 })).Expect(200);
        less["balance"].ShouldBe(0);
        less["total"].ShouldBe(0);

        var first = (await scrip.Get("/v1/vouchers/card/transactions?limit=1")).Expect(200);
        first["data"][0]["type"].ShouldBe("CREDITS_REMOVAL");
        first["has_more"].ShouldBe(true);
        var second = (await scrip.Get($"/v1/vouchers/card/transactions?limit=1&starting_after_id={first["more_starting_after"].Text}")).Expect(200);
        second["data"][0]["type"].ShouldBe("CREDITS_ADDITION");
        second["data"][0]["reason"].ShouldBe("gift");
        second["has_more"].ShouldBe(false);
    }

    [Theory, OnBoth]
    public async Task The_images_of_a_code_are_served_to_whoever_has_their_address(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("SHOWN", TenOff);
        var assets = (await scrip.Get("/v1/vouchers/SHOWN")).Expect(200)["assets"];
        foreach (var kind in new[] { "qr", "barcode" })
        {
            var path = new Uri(assets[kind]["url"].Text).AbsolutePath;
            var image = (await scrip.AsNobody.Get(path)).Expect(200);
            image.ContentHeaders.ContentType!.MediaType!.ShouldStartWith("image/");
            image.Bytes.Length.ShouldBeGreaterThan(200);
            (await scrip.AsNobody.Get(path[..^2] + (path[^2] == 'A' ? "BB" : "AA"))).Status.ShouldBe(404);
        }
    }

    [Theory, OnBoth]
    public async Task Vouchers_are_listed_by_state_campaign_and_code(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("live", TenOff);
        (await scrip.Post("/v1/vouchers/old", new { type = "DISCOUNT_VOUCHER", discount = TenOff, expiration_date = "2020-01-01T00:00:00Z" })).Expect(200);
        (await scrip.Post("/v1/vouchers/off", new { type = "DISCOUNT_VOUCHER", discount = TenOff, active = false })).Expect(200);
        await scrip.Codes("c", 2, quantity: 1);

        (await scrip.Count("/v1/vouchers")).ShouldBe(5);
        (await scrip.Count("/v1/vouchers?campaign=c")).ShouldBe(2);
        (await scrip.Count("/v1/vouchers?filters[active][conditions][$expired]=true")).ShouldBe(1);
        (await scrip.Count("/v1/vouchers?filters[active][conditions][$disabled]=true")).ShouldBe(1);
        (await scrip.Count("/v1/vouchers?filters[code][conditions][$in][0]=live&filters[code][conditions][$in][1]=off")).ShouldBe(2);
        (await scrip.Count("/v1/vouchers?filters[redemption.redeemed_quantity][conditions][$is]=0&campaign=c")).ShouldBe(2);
    }

    [Theory]
    [OnBoth("""{}""")]
    [OnBoth("""{"type":"COUPON"}""")]
    [OnBoth("""{"type":"DISCOUNT_VOUCHER"}""")]
    [OnBoth("""{"type":"GIFT_VOUCHER"}""")]
    [OnBoth("""{"type":"GIFT_VOUCHER","gift":{"amount":-5}}""")]
    [OnBoth("""{"type":"DISCOUNT_VOUCHER","discount":{"type":"PERCENT","percent_off":"10"}}""")]
    [OnBoth("""{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":10,"effect":"SOMEHOW"}}""")]
    [OnBoth("""{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":10},"redemption":{"quantity":-1}}""")]
    [OnBoth("""{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":10},"redemption":{"quantity":"many"}}""")]
    [OnBoth("""{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":10},"validity_day_of_week":[7]}""")]
    [OnBoth("""{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":10},"validity_timeframe":{"interval":"daily","duration":"PT1H"}}""")]
    [OnBoth("""{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":10},"start_date":"soon"}""")]
    [OnBoth("""{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":10,"amount_off_formula":"ORDER_AMOUNT *"}}""")]
    public async Task A_malformed_voucher_is_refused_with_a_hint_and_not_written(Db db, string body)
    {
        var scrip = await servers.Project(db);
        (await scrip.Raw("POST", "/v1/vouchers/x", body)).Expect(400)["details"].Text.ShouldNotBeNullOrEmpty();
        (await scrip.Count("/v1/vouchers")).ShouldBe(0);
    }
}
