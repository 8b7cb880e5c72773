using Scrip.Server.Tests.Features.Distributions;

namespace Scrip.Server.Tests.Features.Loyalties;

/// <summary>What points buy: once, for what it costs, and back again.</summary>
public sealed class RewardPurchaseTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task Points_pay_for_an_order(Db db)
    {
        var club = await Club.Start(await servers.Project(db));
        var (coin, assignment) = await club.Sell(new { coin = new { exchange_ratio = 1, points_ratio = 10 } }, null);
        for (var path = 0; path < 2; path++)
        {
            var paid = (await club.Buy(coin, path: path, order: new { amount = 1000 }, points: 100)).Expect(200);
            paid["amount"].ShouldBe(100);
            paid["reward"]["assignment_id"].ShouldBe(assignment);
            paid["order"]["total_amount"].ShouldBe(0);
        }
        (await club.Balance("ADA")).ShouldBe(800);
        (await club.Buy(coin)).Expect(400)["key"].ShouldBe("missing_order");
        (await club.Buy("rew_none")).Expect(404);
        (await club.Scrip.Post(club.Paths("ADA", "/redemption")[0], new { })).Expect(400)["key"].ShouldBe("missing_reward");
        (await club.Scrip.Post(club.Paths("NOBODY", "/redemption")[1], new { reward = new { id = coin } })).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Points_buy_a_code_that_a_rollback_switches_off(Db db)
    {
        var club = await Club.Start(await servers.Project(db));
        await club.Scrip.Growing("Thanks");
        var (reward, assignment) = await club.Sell(new { campaign = new { id = "Thanks" } }, 400);

        var bought = (await club.Buy(reward)).Expect(200);
        bought["amount"].ShouldBe(400);
        bought["reward"]["type"].ShouldBe("CAMPAIGN");
        bought["reward"]["assignment_id"].ShouldBe(assignment);
        var code = bought["reward"]["voucher"]["code"].Text;
        (await club.Balance("ADA")).ShouldBe(600);
        (await club.Scrip.Get($"/v1/vouchers/{code}")).Expect(200)["holder_id"].ShouldBe((await club.Scrip.Get("/v1/customers/ada")).Expect(200)["id"].Text);
        var kept = (await club.Scrip.Get($"/v1/redemptions/{bought["id"].Text}")).Expect(200);
        kept["reward"]["voucher"]["code"].ShouldBe(code);

        (await club.Scrip.Post($"/v1/redemptions/{bought["id"].Text}/rollback")).Expect(200)["loyalty_card"]["points"].ShouldBe(-400);
        (await club.Balance("ADA")).ShouldBe(1000);
        (await club.Scrip.Get($"/v1/vouchers/{code}")).Expect(200)["active"].ShouldBe(false);
        // The same at the path of all redemptions, and a code that was used does not come back.
        var again = (await club.Scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = "ADA", reward = new { id = reward } } }, customer = new { source_id = "ada" } })).Expect(200)["redemptions"][0];
        (await club.Scrip.Redeem(new { amount = 5000 }, again["reward"]["voucher"]["code"].Text)).Expect(200);
        (await club.Scrip.Post($"/v1/redemptions/{again["id"].Text}/rollback")).Expect(403)["details"].Text.ShouldContain("was redeemed");
        (await club.Buy(reward, points: 399)).Expect(400)["details"].Text.ShouldContain("400");
        (await club.Buy(reward)).Expect(200);
        (await club.Buy(reward)).Expect(400)["key"].ShouldBe("loyalty_card_points_exceeded");
        (await club.Balance("ADA")).ShouldBe(200);
        await Eventually.Becomes(async () => (await club.Scrip.Get(club.Paths("ADA", "/activity?limit=100")[0])).Expect(200)["data"].Items.Select(one => one["type"].Text).ToArray(),
            told => new[] { "created", "completed", "rolledback" }.All(state => told.Contains($"customer.reward_redemptions.{state}")) && told.Count(type => type == "customer.rewarded") == 3,
            told => string.Join(", ", told));
    }

    [Theory, OnBoth]
    public async Task Points_buy_credits_and_points_of_other_programs(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database);
        var scrip = await Servers.Project(server);
        var (club, miles) = (await Club.Start(scrip), await Club.StartEmpty(scrip, "Miles"));
        var gifts = (await scrip.Post("/v1/campaigns", new { name = "Gifts", type = "AUTO_UPDATE", campaign_type = "GIFT_VOUCHERS", voucher = new { type = "GIFT_VOUCHER", gift = new { amount = 1 } } })).Expect(200)["id"].Text;
        var (credit, _) = await club.Sell(new { campaign = new { id = gifts, balance = 700 } }, 100);
        var (points, _) = await club.Sell(new { campaign = new { id = miles.Id, balance = 30 } }, 50);

        var cards = new List<string>();
        for (var i = 0; i < 2; i++)
        {
            var bought = (await club.Buy(credit, path: i)).Expect(200);
            cards.Add(bought["reward"]["voucher"]["code"].Text);
            (await scrip.Get($"/v1/vouchers/{cards[i]}")).Expect(200)["gift"]["balance"].ShouldBe(1 + (700 * (i + 1)));
            (await scrip.Post($"/v1/redemptions/{bought["id"].Text}/rollback")).Expect(403)["key"].ShouldBe("forbidden");
        }
        cards[0].ShouldBe(cards[1]);
        var card = (await club.Buy(points)).Expect(200)["reward"]["voucher"]["code"].Text;
        (await miles.Balance(card)).ShouldBe(1030);
        (await club.Balance("ADA")).ShouldBe(750);
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Never_more_products_than_the_stock_has(Db db)
    {
        var club = await Club.Start(await servers.Project(db), points: 10_000);
        var (reward, _) = await club.Sell(new { product = new { id = await club.Scrip.Product("shirt", 1000) } }, 10, stock: 3);

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => club.Buy(reward, i % 2 == 0 ? "ADA" : "BOB")));
        // Whoever lost a race three times may ask again.
        while (answers.Count(answer => answer.Status == 200) < 3) answers = [.. answers, await club.Buy(reward)];
        answers.Count(answer => answer.Status == 200).ShouldBe(3);
        var bought = answers.First(answer => answer.Status == 200);
        bought["reward"]["product"]["id"].Exists.ShouldBeTrue();
        (await club.Buy(reward)).Expect(403)["details"].Text.ShouldContain("out of stock");
        (await club.Balance("ADA") + await club.Balance("BOB")).ShouldBe(20_000 - 30);
        var told = (await club.Scrip.Get($"/v1/rewards/{reward}")).Expect(200);
        (told["stock"].Number, told["redeemed"].Number).ShouldBe((3, 3));
        (await club.Scrip.Post($"/v1/redemptions/{bought["id"].Text}/rollback")).Expect(200);
        (await club.Scrip.Get($"/v1/rewards/{reward}")).Expect(200)["redeemed"].ShouldBe(2);
        (await club.Buy(reward)).Expect(200);
        await Eventually.Holds(async () => (await club.Scrip.Get(club.Paths("ADA", "/activity?limit=100")[1])).Expect(200)["data"].Items.Select(one => one["type"].Text).ToHashSet().IsSupersetOf(["customer.reward_redemptions.pending", "customer.redemption.succeeded"]));
    }

    [Theory, OnBoth]
    public async Task Points_that_change_and_rewards_that_are_bought_set_distributions_off(Db db)
    {
        await using var mailing = await Mailing.Start(db);
        var club = await Club.Start(await mailing.Project());
        await club.Scrip.Growing("Thanks");
        var (reward, _) = await club.Sell(new { campaign = new { id = "Thanks" } }, 400);
        var adjusted = await club.Scrip.Distribution(new { name = "Points", trigger = new { type = "POINTS_ADJUSTED" }, action = new { type = "MESSAGE" }, channels = new object[] { new { type = "EMAIL", subject = "Points", text = "Card {{ voucher.code }}" } } });
        var redeemed = await club.Scrip.Distribution(new { name = "Reward", trigger = new { type = "REWARD_REDEEMED", campaign_id = club.Id }, action = new { type = "MESSAGE" }, channels = new object[] { new { type = "EMAIL", subject = "Reward", text = "Code {{ voucher.code }}" }, new { type = "WEBHOOK", url = mailing.Hook() } } });

        (await club.Scrip.Post(club.Paths("ADA", "/balance")[1], new { points = 5 })).Expect(200);
        var code = (await club.Buy(reward)).Expect(200)["reward"]["voucher"]["code"].Text;

        await club.Scrip.Messages(adjusted, "SENT", 1);
        await club.Scrip.Messages(redeemed, "SENT", 2);
        var mails = await mailing.Mail.To("ada@shop.test", 2);
        mails.Single(mail => mail.Subject == "Points").TextBody!.TrimEnd().ShouldBe("Card ADA");
        mails.Single(mail => mail.Subject == "Reward").TextBody!.TrimEnd().ShouldBe($"Code {code}");
        mailing.Web.All.Single(one => one.Path == "/hook").Body["voucher"]["code"].Text.ShouldBe(code);
    }
}
