namespace Scrip.Server.Tests.Features.Validations;

/// <summary>Malformed validations and redemptions: the documented error, and nothing written.</summary>
public sealed class BadInputTests(Servers servers)
{
    [Theory]
    [OnBoth("""{""", "invalid_payload")]
    [OnBoth("""[]""", "invalid_payload")]
    [OnBoth("", "invalid_payload")]
    [OnBoth("null", "invalid_payload")]
    [OnBoth("17", "invalid_payload")]
    [OnBoth("{}", "invalid_payload")]
    [OnBoth("""{"redeemables":[]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":{}}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[null]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher"}]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"id":"x"}]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"coupon","id":"x"}]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":5}]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x\u0000y"}]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"\ud800"}]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"},{"object":"voucher","id":"x"}]}""", "duplicated_redeemables")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x","gift":{"credits":-1}}]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x","gift":{"credits":1.5}}]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"order":{"amount":-100}}""", "invalid_amount")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"order":{"amount":9007199254740992}}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"order":{"amount":1e400}}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"order":[]}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"order":{"items":[{"price":-5}]}}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"session":{"type":"SHARE","key":"k"}}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"session":{"type":"LOCK","key":"k","ttl":0}}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"session":{"type":"LOCK","key":"k","ttl":3651}}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"session":{"type":"LOCK","key":"k","ttl":5,"ttl_unit":"WEEKS"}}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"session":{"type":"LOCK","key":7}}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"session":"LOCK"}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"metadata":5}""", "invalid_payload")]
    [OnBoth("""{"redeemables":[{"object":"voucher","id":"x"}],"customer":"ada"}""", "invalid_payload")]
    public async Task A_malformed_stack_is_400_with_a_hint_and_writes_nothing(Db db, string body, string key)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("x", new { type = "AMOUNT", amount_off = 100 }, quantity: 5);
        foreach (var path in new[] { "/v1/validations", "/v1/redemptions" })
        {
            var answer = (await scrip.Raw("POST", path, body)).Expect(400);
            answer["key"].ShouldBe(key);
            answer["details"].Text.ShouldNotBeNullOrEmpty();
            answer["request_id"].Text.ShouldBe(answer.Header("X-Request-Id"));
        }
        (await scrip.Count("/v1/redemptions")).ShouldBe(0);
        (await scrip.Count("/v1/orders")).ShouldBe(0);
        (await scrip.Get("/v1/vouchers/x"))["redemption"]["redeemed_quantity"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task Thirty_redeemables_are_a_stack_and_thirty_one_are_not(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("many", 31, quantity: null);
        (await scrip.Validate(new { amount = 100_000 }, [.. codes.Take(30)])).Expect(200)["valid"].ShouldBe(true);
        (await scrip.Validate(new { amount = 100_000 }, [.. codes])).Expect(400)["details"].Text.ShouldContain("30");
        (await scrip.Redeem(new { amount = 100_000 }, [.. codes])).Expect(400);
    }

    [Theory, OnBoth]
    public async Task One_voucher_named_by_code_and_by_id_is_a_duplicate(Db db)
    {
        var scrip = await servers.Project(db);
        var made = (await scrip.Post("/v1/vouchers/x", new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 1 } })).Expect(200);
        (await scrip.Redeem(new { amount = 10 }, "x", made["id"].Text)).Expect(400)["key"].ShouldBe("duplicated_redeemables");
    }

    [Theory, OnBoth]
    public async Task Absurd_nesting_and_absurd_size_are_refused(Db db)
    {
        var scrip = await servers.Project(db);
        var deep = """{"redeemables":[{"object":"voucher","id":"x"}],"metadata":""" + new string('[', 5000) + new string(']', 5000) + "}";
        (await scrip.Raw("POST", "/v1/validations", deep)).Expect(400)["key"].ShouldBe("invalid_payload");
        var large = """{"redeemables":[{"object":"voucher","id":"x"}],"tracking_id":" """ + new string('x', 3_000_000) + "\"}";
        (await scrip.Raw("POST", "/v1/validations", large)).Expect(413)["key"].ShouldBe("query_too_large");
    }

    [Theory, OnBoth]
    public async Task Another_projects_codes_orders_and_history_do_not_exist(Db db)
    {
        var mine = await servers.Project(db);
        var other = await servers.Project(db);
        await mine.Coupon("x", new { type = "AMOUNT", amount_off = 100 });
        var redeemed = (await mine.Redeem(new { source_id = "o-1", amount = 1000 }, "x")).Expect(200);
        var voucher = redeemed["redemptions"][0]["voucher"]["id"].Text;
        var redemption = redeemed["redemptions"][0]["id"].Text;

        (await other.Redeem(new { amount = 1000 }, "x")).Expect(404);
        (await other.Redeem(new { amount = 1000 }, voucher)).Expect(404);
        (await other.Validate(new { source_id = "o-1", amount = 5 }, "x"))["valid"].ShouldBe(false);
        foreach (var path in new[] { $"/v1/vouchers/{voucher}", $"/v1/redemptions/{redemption}", "/v1/orders/o-1", $"/v1/vouchers/x/redemption" })
            (await other.Get(path)).Expect(404)["key"].ShouldBe("not_found");
        (await other.Post($"/v1/redemptions/{redemption}/rollback")).Expect(404);
        (await mine.Get("/v1/vouchers/x"))["redemption"]["redeemed_quantity"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task Missing_and_wrong_keys_are_401(Db db)
    {
        var scrip = await servers.Project(db);
        var body = Shop.Stack(new { amount = 10 }, "x");
        (await scrip.AsNobody.Post("/v1/redemptions", body)).Expect(401)["key"].ShouldBe("unauthorized");
        (await scrip.AsClient.Post("/v1/redemptions", body)).Expect(401);
        (await scrip.AsManagement.Post("/v1/redemptions", body)).Expect(401);
        (await scrip.With(Keys.ServerSide("nobody", "nothing")).Post("/v1/redemptions", body)).Expect(401);
        (await scrip.With(Keys.ServerSide(DemoKeys.ProjectId, "x")).Get("/v1/vouchers")).Expect(401);
        (await scrip.Get("/management/v1/projects")).Expect(401);
    }
}
