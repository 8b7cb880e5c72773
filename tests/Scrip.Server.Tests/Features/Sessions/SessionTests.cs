namespace Scrip.Server.Tests.Features.Sessions;

public sealed class SessionTests(Servers servers)
{
    static readonly object Off = new { type = "AMOUNT", amount_off = 100 };

    [Theory, OnBoth]
    public async Task A_session_without_wishes_lasts_seven_days_and_gets_a_key(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", Off, quantity: 2);

        var one = (await Lock(scrip, "x", new { type = "LOCK" })).Expect(200)["session"];
        var two = (await Lock(scrip, "x", new { key = "mine", type = "LOCK", ttl = 1.5m, ttl_unit = "HOURS" })).Expect(200)["session"];

        one["key"].Text.ShouldMatch("^ssn_[0-9a-z]{32}$");
        one["type"].ShouldBe("LOCK");
        one["ttl"].ShouldBe(7);
        one["ttl_unit"].ShouldBe("DAYS");
        two["key"].ShouldBe("mine");
        two["ttl"].ShouldBe(1.5m);
        two["ttl_unit"].ShouldBe("HOURS");
        (await scrip.Get("/v1/vouchers/x"))["redemption"]["redeemed_quantity"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task What_a_session_holds_only_its_key_can_use(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", Off, quantity: 1);
        (await Lock(scrip, "x", new { type = "LOCK", key = "mine" }))["valid"].ShouldBe(true);

        (await scrip.Validate(new { amount = 1000 }, "x"))["redeemables"][0]["result"]["error"]["key"].ShouldBe("quantity_exceeded");
        (await scrip.Redeem(new { amount = 1000 }, "x")).Expect(400)["key"].ShouldBe("quantity_exceeded");
        (await Redeem(scrip, "x", "other")).Expect(400)["key"].ShouldBe("quantity_exceeded");
        var refused = await Lock(scrip, "x", new { type = "LOCK", key = "other" });
        refused["valid"].ShouldBe(false);
        refused["session"].Exists.ShouldBeFalse();
        var redeemed = (await Redeem(scrip, "x", "mine")).Expect(200)["redemptions"][0];

        redeemed["session"]["key"].ShouldBe("mine");
        (await scrip.Get("/v1/vouchers/x"))["redemption"]["redeemed_quantity"].ShouldBe(1);
        (await scrip.Delete("/v1/vouchers/x/sessions/mine")).Expect(404);
        (await Redeem(scrip, "x", "mine")).Expect(400)["key"].ShouldBe("quantity_exceeded");
    }

    [Theory, OnBoth]
    public async Task The_same_key_holds_one_use_however_often_it_locks(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", Off, quantity: 2);
        for (var i = 0; i < 3; i++) (await Lock(scrip, "x", new { type = "LOCK", key = "mine" }))["valid"].ShouldBe(true);
        (await Lock(scrip, "x", new { type = "LOCK", key = "other" }))["valid"].ShouldBe(true);
        (await Lock(scrip, "x", new { type = "LOCK", key = "third" }))["valid"].ShouldBe(false);
    }

    [Theory, OnBoth]
    public async Task A_released_session_holds_nothing_and_an_unknown_one_is_404(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", Off, quantity: 1);
        (await Lock(scrip, "x", new { type = "LOCK", key = "a/b" }))["valid"].ShouldBe(true);

        (await scrip.Delete("/v1/vouchers/x/sessions/a%2Fb")).Expect(204);

        (await scrip.Validate(new { amount = 1000 }, "x"))["valid"].ShouldBe(true);
        var again = (await scrip.Delete("/v1/vouchers/x/sessions/a%2Fb")).Expect(404);
        again["resource_type"].ShouldBe("session");
        again["resource_id"].ShouldBe("a/b");
        (await scrip.Delete("/v1/vouchers/y/sessions/a")).Expect(404)["resource_type"].ShouldBe("voucher");
    }

    [Theory, OnBoth]
    public async Task Another_project_has_neither_the_key_nor_the_voucher(Db db)
    {
        var mine = await servers.Project(db);
        var other = await servers.Project(db);
        foreach (var scrip in new[] { mine, other }) await scrip.Coupon("x", Off, quantity: 1);
        (await Lock(mine, "x", new { type = "LOCK", key = "k" }))["valid"].ShouldBe(true);

        (await other.Delete("/v1/vouchers/x/sessions/k")).Expect(404);
        (await Redeem(other, "x", "k")).Expect(200);
        (await mine.Validate(new { amount = 1000 }, "x"))["valid"].ShouldBe(false);
    }

    [Theory, OnBoth]
    public async Task A_gift_card_keeps_the_credits_and_tells_others_of_the_rest(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("card", 1000);
        (await LockCredits(scrip, "mine", 700)).Expect(200)["valid"].ShouldBe(true);

        (await LockCredits(scrip, "other", 400))["redeemables"][0]["result"]["error"]["key"].ShouldBe("gift_amount_exceeded");
        (await scrip.Validate(new { amount = 5000 }, "card"))["redeemables"][0]["result"]["gift"]["credits"].ShouldBe(300);
        (await LockCredits(scrip, "mine", 200))["valid"].ShouldBe(true);
        (await LockCredits(scrip, "other", 400))["valid"].ShouldBe(true);
        (await scrip.Redeem(new { amount = 5000 }, "card")).Expect(200)["redemptions"][0]["amount"].ShouldBe(400);
        (await Redeem(scrip, "card", "other", 400)).Expect(200);

        (await scrip.Get("/v1/vouchers/card"))["gift"]["balance"].ShouldBe(200);
        (await scrip.Redeem(new { amount = 5000 }, "card")).Expect(400)["key"].ShouldBe("gift_amount_exceeded");
        (await Redeem(scrip, "card", "mine", 200)).Expect(200);
        (await scrip.Get("/v1/vouchers/card"))["gift"]["balance"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task A_stack_is_locked_as_a_whole_or_not_at_all(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("a", Off, quantity: 1);
        await scrip.Coupon("b", Off, quantity: 1);
        (await Lock(scrip, "b", new { type = "LOCK", key = "k" }))["valid"].ShouldBe(true);
        object Both(string key) => new
        {
            redeemables = new[] { new { @object = "voucher", id = "a" }, new { @object = "voucher", id = "b" } },
            order = new { amount = 1000 },
            session = new { type = "LOCK", key },
        };

        (await scrip.Post("/v1/validations", Both("other"))).Expect(200)["valid"].ShouldBe(false);
        (await scrip.Validate(new { amount = 1000 }, "a"))["valid"].ShouldBe(true);
        (await scrip.Post("/v1/validations", Both("k"))).Expect(200)["valid"].ShouldBe(true);
        (await scrip.Validate(new { amount = 1000 }, "a"))["valid"].ShouldBe(false);
        (await scrip.Post("/v1/redemptions", Both("k"))).Expect(200);
        (await scrip.Delete("/v1/vouchers/a/sessions/k")).Expect(404);
    }

    [Theory]
    [OnBoth(120, "MILLISECONDS")]
    [OnBoth(1, "SECONDS")]
    [OnBoth(1, "NANOSECONDS")]
    public async Task A_session_that_is_over_holds_nothing(Db db, int ttl, string unit)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", Off, quantity: 1);
        (await Lock(scrip, "x", new { type = "LOCK", key = "short", ttl, ttl_unit = unit }))["valid"].ShouldBe(true);
        await Eventually.Holds(async () => (await scrip.Validate(new { amount = 1000 }, "x"))["valid"] == true);

        (await scrip.Delete("/v1/vouchers/x/sessions/short")).Expect(404);
        (await Lock(scrip, "x", new { type = "LOCK", key = "next", ttl = 20, ttl_unit = "MILLISECONDS" }))["valid"].ShouldBe(true);
        await Eventually.Holds(async () => (await scrip.Redeem(new { amount = 1000 }, "x")).Status == 200);
    }

    [Theory, OnBoth]
    public async Task A_key_has_255_characters_at_most_and_a_redemption_has_to_name_one(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", Off, quantity: 1);
        (await Lock(scrip, "x", new { type = "LOCK", key = new string('k', 256) })).Expect(400)["details"].Text.ShouldContain("session.key");
        (await scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = "x" } }, session = new { type = "LOCK" } }))
            .Expect(400)["details"].Text.ShouldContain("key");
        (await Lock(scrip, "x", new { type = "LOCK", key = new string('k', 255) }))["valid"].ShouldBe(true);
    }

    internal static Task<Answer> Lock(ApiClient scrip, string code, object session) => scrip.Post("/v1/validations",
        new { redeemables = new[] { new { @object = "voucher", id = code } }, order = new { amount = 1000 }, session });

    internal static Task<Answer> LockCredits(ApiClient scrip, string key, long credits) => scrip.Post("/v1/validations", new
    {
        redeemables = new[] { new { @object = "voucher", id = "card", gift = new { credits } } },
        order = new { amount = 5000 },
        session = new { type = "LOCK", key },
    });

    internal static Task<Answer> Redeem(ApiClient scrip, string code, string key, long? credits = null) => scrip.Post("/v1/redemptions", new
    {
        redeemables = new object[] { credits is null ? new { @object = "voucher", id = code } : new { @object = "voucher", id = code, gift = new { credits } } },
        order = new { amount = 1000 },
        session = new { type = "LOCK", key },
    });
}
