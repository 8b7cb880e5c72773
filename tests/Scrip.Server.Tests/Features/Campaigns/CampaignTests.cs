namespace Scrip.Server.Tests.Features.Campaigns;

public sealed class CampaignTests(Servers servers)
{
    static object Coupons(string name, int count = 1, object? codes = null) => new
    {
        name,
        campaign_type = "DISCOUNT_COUPONS",
        type = "AUTO_UPDATE",
        vouchers_count = count,
        metadata = new { channel = "mail" },
        voucher = new
        {
            type = "DISCOUNT_VOUCHER",
            discount = new { type = "PERCENT", percent_off = 10.5 },
            redemption = new { quantity = 2 },
            code_config = codes ?? new { pattern = "SALE-####", charset = "0123456789" },
        },
    };

    [Theory, OnBoth]
    public async Task A_campaign_is_made_found_listed_changed_and_summed_up(Db db)
    {
        var scrip = await servers.Project(db);
        var made = (await scrip.Post("/v1/campaigns", Coupons("Sale"))).Expect(200);
        made["voucher"]["discount"]["percent_off"].ShouldBe(10.5m);

        (await scrip.Get("/v1/campaigns/Sale")).Expect(200)["id"].ShouldBe(made["id"].Text);
        (await scrip.Get($"/v1/campaigns/{made["id"].Text}")).Expect(200)["vouchers_generation_status"].ShouldBe("DONE");
        (await scrip.Get("/v1/campaigns?campaign_type=DISCOUNT_COUPONS&filters[metadata.channel][conditions][$is]=mail")).Expect(200)["total"].ShouldBe(1);
        (await scrip.Put("/v1/campaigns/Sale", new { description = "Now told", expiration_date = "2099-01-01T00:00:00Z" })).Expect(200)["description"].ShouldBe("Now told");
        var code = (await scrip.Get("/v1/vouchers?campaign=Sale")).Expect(200)["vouchers"][0]["code"].Text;
        code.ShouldMatch("^SALE-[0-9]{4}$");
        (await scrip.Redeem(new { amount = 1000 }, code)).Expect(200)["order"]["total_amount"].ShouldBe(895);
        (await scrip.Get("/v1/campaigns/Sale/summary")).Expect(200);
        (await scrip.Post("/v1/campaigns", Coupons("Sale"))).Expect(409)["key"].ShouldBe("duplicate_found");
    }

    [Theory, OnBoth]
    public async Task Codes_come_one_by_one_or_as_an_action_and_are_never_twice_there(Db db)
    {
        var scrip = await servers.Project(db);
        var made = (await scrip.Post("/v1/campaigns", Coupons("Sale", 1, new { pattern = "##", charset = "0123456789" }))).Expect(200)["id"].Text;
        var one = (await scrip.Post($"/v1/campaigns/{made}/vouchers", new { metadata = new { extra = true } })).Expect(200);
        one["metadata"]["extra"].ShouldBe(true);
        (await scrip.Post($"/v1/campaigns/{made}/vouchers/MINE")).Expect(200)["code"].ShouldBe("MINE");
        (await scrip.Post($"/v1/campaigns/{made}/vouchers/MINE")).Expect(409)["key"].ShouldBe("duplicate_found");

        var action = (await scrip.Post($"/v1/campaigns/{made}/vouchers?vouchers_count=90")).Expect(202)["async_action_id"].Text;
        var done = await scrip.Done(action);

        done["status"].ShouldBe("DONE");
        done["progress"].ShouldBe(100);
        done["type"].ShouldBe("CAMPAIGN.VOUCHERS_GENERATE");
        (await scrip.Get("/v1/async-actions")).Expect(200)["async_actions"][0]["id"].ShouldBe(action);
        (await scrip.Count($"/v1/vouchers?campaign_id={made}")).ShouldBe(93);
        (await scrip.Get($"/v1/campaigns/{made}"))["vouchers_count"].ShouldBe(93);
        // 92 of the 100 codes of the pattern are taken.
        var refused = (await scrip.Post($"/v1/campaigns/{made}/vouchers?vouchers_count=20")).Expect(400);
        refused["key"].ShouldBe("invalid_code_config");
        refused["details"].Text.ShouldNotBeNullOrEmpty();
    }

    [Theory, OnBoth]
    public async Task A_hundred_thousand_codes_are_made_and_redeemable(Db db)
    {
        var scrip = await servers.Project(db);
        var made = (await scrip.Post("/v1/campaigns", Coupons("Many", 100_000, new { length = 10 }))).Expect(200);
        made["vouchers_generation_status"].ShouldBe("IN_PROGRESS");
        await scrip.Made("Many");
        (await scrip.Count("/v1/vouchers?campaign=Many&limit=1")).ShouldBe(100_000);
        foreach (var page in new[] { 1, 500, 1000 })
        {
            var code = (await scrip.Get($"/v1/vouchers?campaign=Many&limit=1&page={page}&order=code")).Expect(200)["vouchers"][0]["code"].Text;
            (await scrip.Redeem(new { amount = 1000 }, code)).Expect(200);
        }
    }

    [Theory, OnBoth]
    public async Task A_deleted_campaign_takes_its_codes_along_at_once_and_keeps_their_names(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("Gone", 3, quantity: null);

        var action = (await scrip.Delete("/v1/campaigns/Gone")).Expect(202)["async_action_id"].Text;

        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(404);
        (await scrip.Get("/v1/campaigns/Gone")).Expect(404);
        (await scrip.Done(action))["status"].ShouldBe("DONE");
        (await scrip.Get($"/v1/vouchers/{codes[1]}")).Expect(404);
        (await scrip.Post($"/v1/vouchers/{codes[1]}", new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 1 } })).Expect(409);

        await scrip.Codes("Gone for good", 2, quantity: null);
        await scrip.Done((await scrip.Delete("/v1/campaigns/Gone%20for%20good?force=true")).Expect(202)["async_action_id"].Text);
        (await scrip.Post("/v1/campaigns", Coupons("Gone for good"))).Expect(200);
    }

    [Theory, OnBoth]
    public async Task Gift_cards_of_a_campaign_are_loaded_and_their_moves_are_listed(Db db)
    {
        var scrip = await servers.Project(db);
        var made = (await scrip.Post("/v1/campaigns", new
        {
            name = "Cards",
            campaign_type = "GIFT_VOUCHERS",
            vouchers_count = 2,
            voucher = new { type = "GIFT_VOUCHER", gift = new { amount = 5000, balance = 5000 } },
        })).Expect(200);
        while ((await scrip.Get("/v1/campaigns/Cards"))["vouchers_generation_status"].Text != "DONE") await Task.Delay(10);
        var card = (await scrip.Get("/v1/vouchers?campaign=Cards")).Expect(200)["vouchers"][0]["code"].Text;
        (await scrip.Redeem(new { amount = 1200 }, card)).Expect(200);
        (await scrip.Post($"/v1/vouchers/{card}/balance", new { amount = -800, reason = "fee" })).Expect(200);

        var moves = (await scrip.Get($"/v1/campaigns/{made["id"].Text}/transactions?order=id")).Expect(200)["data"];

        moves.Items.Select(move => move["type"].Text).ShouldBe(["CREDITS_REDEMPTION", "CREDITS_REMOVAL"]);
        moves[0]["details"]["balance"]["balance"].ShouldBe(3800);
        moves[1]["details"]["balance"]["balance"].ShouldBe(3000);
        moves[1]["details"]["balance"]["total"].ShouldBe(4200);
    }

    [Theory]
    [OnBoth("""{}""")]
    [OnBoth("""{"name":"x","campaign_type":"LOYALTY_PROGRAM"}""")]
    [OnBoth("""{"name":"x","campaign_type":"DISCOUNT_COUPONS"}""")]
    [OnBoth("""{"name":"x","campaign_type":"DISCOUNT_COUPONS","voucher":{"type":"DISCOUNT_VOUCHER","discount":{"type":"PERCENT","percent_off":101}}}""")]
    [OnBoth("""{"name":"x","campaign_type":"DISCOUNT_COUPONS","voucher":{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":-1}}}""")]
    [OnBoth("""{"name":"x","campaign_type":"DISCOUNT_COUPONS","voucher":{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":9007199254740992}}}""")]
    [OnBoth("""{"name":"x","campaign_type":"DISCOUNT_COUPONS","vouchers_count":-1,"voucher":{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":1}}}""")]
    [OnBoth("""{"name":"x","campaign_type":"DISCOUNT_COUPONS","vouchers_count":11,"voucher":{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":1},"code_config":{"pattern":"#","charset":"0123456789"}}}""")]
    [OnBoth("""{"name":"x","campaign_type":"GIFT_VOUCHERS","voucher":{"type":"GIFT_VOUCHER","gift":{"amount":-1}}}""")]
    [OnBoth("""{"name":"x","campaign_type":"DISCOUNT_COUPONS","start_date":"2030-01-01","expiration_date":"2029-01-01","voucher":{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":1}}}""")]
    [OnBoth("""{"name":"x","campaign_type":"DISCOUNT_COUPONS","validation_rules":["val_1","val_2"],"voucher":{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":1}}}""")]
    public async Task A_malformed_campaign_is_refused_with_a_hint_and_not_written(Db db, string body)
    {
        var scrip = await servers.Project(db);
        (await scrip.Raw("POST", "/v1/campaigns", body)).Expect(400)["details"].Text.ShouldNotBeNullOrEmpty();
        (await scrip.Count("/v1/campaigns")).ShouldBe(0);
        (await scrip.Count("/v1/vouchers")).ShouldBe(0);
    }
}
