using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Campaigns;

/// <summary>Codes that are brought along into a campaign, which gives them its terms.</summary>
public sealed class CampaignImportTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_list_takes_the_campaigns_terms(Db db)
    {
        var scrip = await servers.Project(db);
        await Coupons(scrip, "Autumn");
        var action = await scrip.Done((await scrip.Post("/v1/campaigns/Autumn/import", new object[]
        {
            new { code = "CODE7", category = "First", redemption = new { quantity = 4 }, metadata = new { season = "Fall" }, additional_info = "x", active = true },
            new { code = "CODE8", discount = new { type = "AMOUNT", amount_off = 1 } },
            new { code = new string('x', 300) },
        })).Expect(202)["async_action_id"].Text);

        action["type"].ShouldBe("CAMPAIGN.VOUCHERS_IMPORT");
        action["result"]["done_count"].ShouldBe(2);
        action["result"]["failed"][0]["reason"].Text.ShouldContain("255");
        var first = (await scrip.Get("/v1/vouchers/CODE7")).Expect(200);
        first["campaign"].ShouldBe("Autumn");
        first["discount"]["percent_off"].ShouldBe(20);
        first["redemption"]["quantity"].ShouldBe(4);
        first["metadata"]["season"].ShouldBe("Fall");
        (await scrip.Get("/v1/vouchers/CODE8")).Expect(200)["discount"]["percent_off"].ShouldBe(20);
        (await scrip.Get("/v1/campaigns/Autumn"))["vouchers_count"].ShouldBe(2);
        var again = (await scrip.Post("/v1/campaigns/Autumn/import", new object[] { new { code = "CODE7" }, new { code = "CODE8" }, new { code = "CODE9" } })).Expect(400);
        again["key"].ShouldBe("duplicate_key");
        again["details"].ShouldBe("2 voucher codes(s) already exist.");
        (await scrip.Post("/v1/campaigns/Autumn/import", new object[] { new { category = "First" } })).Expect(400)["key"].ShouldBe("invalid_voucher");
        (await scrip.Post("/v1/campaigns/Nowhere/import", new object[] { new { code = "A" } })).Expect(404);
    }

    [Theory, OnBoth]
    public async Task A_file_adds_codes_and_changes_state_and_category_of_known_ones(Db db)
    {
        var scrip = await servers.Project(db);
        await Coupons(scrip, "Autumn");
        await scrip.Coupon("OTHER", new { type = "AMOUNT", amount_off = 1 });
        await Import(scrip, "Autumn", "Code,Category\nFALL,Old\n");
        var action = await Import(scrip, "Autumn", "Code,Active,Category,Region,Redeemed Quantity\nFALL,FALSE,New,Europe,1\nMORE,,,Asia,1\nOTHER,,,,\nFULL,,,,9\n");

        action["type"].ShouldBe("CAMPAIGN.VOUCHERS_IMPORT_CSV");
        action["result"]["done_count"].ShouldBe(2);
        action["result"]["failed"].Items.Select(item => (item["code"].Text, item["row"].Number)).ShouldBe([("OTHER", 3), ("FULL", 4)]);
        var fall = (await scrip.Get("/v1/vouchers/FALL")).Expect(200);
        fall["active"].ShouldBe(false);
        fall["category"].ShouldBe("New");
        fall["metadata"]["Region"].Exists.ShouldBeFalse();
        fall["redemption"]["redeemed_quantity"].ShouldBe(0);
        var more = (await scrip.Get("/v1/vouchers/MORE")).Expect(200);
        more["metadata"]["Region"].ShouldBe("Asia");
        more["metadata"]["season"].ShouldBe("autumn");
        more["redemption"]["redeemed_quantity"].ShouldBe(1);
        (await scrip.Get("/v1/campaigns/Autumn"))["vouchers_count"].ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task Gift_cards_come_with_what_is_left_on_them(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/campaigns", new { name = "Cards", campaign_type = "GIFT_VOUCHERS", voucher = new { type = "GIFT_VOUCHER", gift = new { amount = 5000 } } })).Expect(200);
        var action = await Import(scrip, "Cards", "Code,Gift Amount,Redeemed Amount\nG1,1000,400\nG2,,\nG3,100,101\nG4,1.5,\n");
        action["result"]["failed"].Items.Select(item => item["code"].Text).ShouldBe(["G3", "G4"]);
        (await scrip.Get("/v1/vouchers/G1"))["gift"]["balance"].ShouldBe(600);
        (await scrip.Get("/v1/vouchers/G2"))["gift"]["balance"].ShouldBe(5000);
        (await scrip.Redeem(new { amount = 600 }, "G1")).Expect(200);
        (await ScripProcess.Run((await servers.On(db)).Database, "ledger", "verify")).ShouldNotBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Codes_of_a_campaign_that_is_over_come_switched_off(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/campaigns", new { name = "Past", campaign_type = "DISCOUNT_COUPONS", expiration_date = "2020-01-01", voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 5 } } })).Expect(200);
        await Import(scrip, "Past", "Code,Active\nOFF,\nON,TRUE\n");
        (await scrip.Get("/v1/vouchers/OFF"))["active"].ShouldBe(false);
        (await scrip.Get("/v1/vouchers/ON"))["active"].ShouldBe(true);
    }

    [Theory, OnBoth]
    public async Task Campaigns_without_codes_of_their_own_take_none(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/campaigns", new { name = "Promo", campaign_type = "PROMOTION", promotion = new { tiers = Array.Empty<object>() } })).Expect(200);
        (await scrip.Upload("/v1/campaigns/Promo/importCSV", "Code\nA\n")).Expect(400)["key"].ShouldBe("invalid_campaign");
        (await scrip.Post("/v1/campaigns/Promo/import", new object[] { new { code = "A" } })).Expect(400)["key"].ShouldBe("invalid_campaign");
        (await scrip.Upload("/v1/campaigns/Nowhere/importCSV", "Code\nA\n")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task The_last_of_two_updates_of_the_terms_wins_on_every_code(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Codes("Many", 12_000, null);
        foreach (var amount in new[] { 200, 300 })
            (await scrip.Put("/v1/campaigns/Many", new { discount = new { type = "AMOUNT", amount_off = amount } })).Expect(200);
        foreach (var action in (await scrip.Get("/v1/async-actions?filters[type][conditions][$is][0]=CAMPAIGN.VOUCHERS_UPDATE")).Expect(200)["async_actions"].Items)
            (await scrip.Done(action["id"].Text))["status"].ShouldBe("DONE");
        foreach (var order in new[] { "created_at", "-created_at", "code" })
            foreach (var voucher in (await scrip.Get($"/v1/vouchers?campaign=Many&limit=100&order={order}")).Expect(200)["vouchers"].Items)
                voucher["discount"]["amount_off"].ShouldBe(300);
    }

    static async Task Coupons(ApiClient scrip, string name) => (await scrip.Post("/v1/campaigns", new
    {
        name,
        campaign_type = "DISCOUNT_COUPONS",
        metadata = new { season = "autumn" },
        voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "PERCENT", percent_off = 20 }, redemption = new { quantity = 3 } },
    })).Expect(200);

    static async Task<Answer> Import(ApiClient scrip, string campaign, string file) =>
        await scrip.Done((await scrip.Upload($"/v1/campaigns/{campaign}/importCSV", file)).Expect(200)["async_action_id"].Text);
}
