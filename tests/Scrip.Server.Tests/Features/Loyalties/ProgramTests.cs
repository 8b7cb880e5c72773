using Scrip.Server.Tests.Features.Distributions;

namespace Scrip.Server.Tests.Features.Loyalties;

/// <summary>Programs, members, points and which rewards there are, at the loyalty paths.</summary>
public sealed class ProgramTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_program_is_a_campaign_and_other_campaigns_are_none(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await Club.Start(scrip);
        await scrip.Codes("coupons", 1, quantity: 1);

        var listed = (await scrip.Get("/v1/loyalties")).Expect(200);
        listed["total"].ShouldBe(1);
        listed["campaigns"][0]["id"].ShouldBe(club.Id);
        (await scrip.Get("/v1/loyalties/Club")).Expect(200)["id"].ShouldBe(club.Id);
        (await scrip.Put($"/v1/loyalties/{club.Id}", new { description = "For regulars" })).Expect(200)["description"].ShouldBe("For regulars");
        (await scrip.Get($"/v1/campaigns/{club.Id}")).Expect(200)["description"].ShouldBe("For regulars");
        foreach (var wrong in (Task<Answer>[])[scrip.Get("/v1/loyalties/coupons"), scrip.Put("/v1/loyalties/coupons", new { description = "x" }), scrip.Delete("/v1/loyalties/coupons"), scrip.Get("/v1/loyalties/coupons/members"), scrip.Get("/v1/loyalties/coupons/transactions"), scrip.Post("/v1/loyalties/coupons/transactions/export", new { })])
            (await wrong).Expect(404)["key"].ShouldBe("not_found");
        (await scrip.Post("/v1/loyalties", new { name = "Other", campaign_type = "GIFT_VOUCHERS", voucher = new { type = "GIFT_VOUCHER", gift = new { amount = 1 } } })).Expect(400);
        (await scrip.Post("/v1/loyalties", new { name = "Other" })).Expect(400)["key"].ShouldBe("invalid_campaign");
        (await scrip.Delete($"/v1/loyalties/{club.Id}")).Expect(200)["async_action_id"].Text.ShouldNotBeEmpty();
        (await scrip.Get($"/v1/loyalties/{club.Id}")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Members_are_cards_of_customers(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await Club.Start(scrip);
        var other = await Club.StartEmpty(scrip, "Other");
        await scrip.GiftCard("GIFT", 100);

        var next = (await scrip.Post($"/v1/loyalties/{club.Id}/members", new { customer = new { source_id = "cid", name = "Cid" }, channel = "till", metadata = new { a = 1 } })).Expect(200);
        next["type"].ShouldBe("LOYALTY_CARD");
        next["holder_id"].ShouldBe((await scrip.Get("/v1/customers/cid")).Expect(200)["id"].Text);
        (await scrip.Post($"/v1/loyalties/{club.Id}/members", new { customer = "cid" })).Expect(400);
        (await scrip.Get($"/v1/loyalties/{club.Id}/members")).Expect(200)["total"].ShouldBe(3);
        (await scrip.Get($"/v1/loyalties/{club.Id}/members?customer=ada")).Expect(200)["vouchers"].Items.Single()["code"].ShouldBe("ADA");
        (await scrip.Get($"/v1/loyalties/{other.Id}/members")).Expect(200)["total"].ShouldBe(0);
        foreach (var path in club.Paths("ADA")) (await scrip.Get(path)).Expect(200)["loyalty_card"]["balance"].ShouldBe(1000);
        foreach (var path in (string[])[.. other.Paths("ADA")[..1], .. club.Paths("GIFT"), .. club.Paths("NOBODY")]) (await scrip.Get(path)).Expect(404)["key"].ShouldBe("not_found");
        foreach (var (body, status) in (IEnumerable<(object, int)>)[(new { voucher = "ADA", customer = "dan" }, 400), (new { voucher = "GIFT", customer = "dan" }, 404), (new { voucher = "NOBODY", customer = "dan" }, 404), (new { voucher = "ADA" }, 400), (new { customer = 5 }, 400), (new { customer = "cust_nobody" }, 404)])
            (await scrip.Post($"/v1/loyalties/{club.Id}/members", body)).Expect(status);

        (await scrip.Post(club.Paths("ADA", "/balance")[0], new { points = 5 })).Expect(200);
        foreach (var path in club.Paths("ADA", "/activity"))
        {
            var told = await Eventually.Becomes(async () => (await scrip.Get(path)).Expect(200)["data"].Items, items => items.Count == 2, items => $"{items.Count} activities");
            told.Select(one => one["type"].Text).ShouldBe(["customer.voucher.loyalty_card.points_added", "customer.publication.succeeded"]);
            (await scrip.Get($"{path}?limit=1")).Expect(200)["has_more"].ShouldBe(true);
        }
        (await scrip.Get(club.Paths("NOBODY", "/activity")[1])).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Points_change_by_hand_and_are_told(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await Club.Start(scrip);
        var balance = 1000L;
        foreach (var path in club.Paths("ADA", "/balance"))
        {
            var added = (await scrip.Post(path, new { points = 50, source_id = "bonus", reason = "Birthday" })).Expect(200);
            added["points"].ShouldBe(50);
            added["balance"].ShouldBe(balance += 50);
            added["type"].ShouldBe("loyalty_card");
            foreach (var wrong in (object[])[new { }, new { points = 0 }, new { points = -5000 }, new { points = 5, expiration_type = "CUSTOM_DATE" }, new { points = 5, expiration_type = "CUSTOM_DATE", expiration_date = "2020-01-01" }, new { points = 5, expiration_type = "SOON" }, new { points = 5, expiration_date = "2030-01-01" }])
                (await scrip.Post(path, wrong)).Expect(400)["details"].Text.ShouldNotBeEmpty();
        }
        (await scrip.Post(club.Paths("BOB", "/balance")[1], new { points = -1 })).Expect(200);
        (await scrip.Get($"/v1/loyalties/{club.Id}/transactions")).Expect(200)["data"].Items.Select(one => one["type"].Text).ShouldBe(["POINTS_REMOVAL", "POINTS_ADDITION", "POINTS_ADDITION"]);
        foreach (var path in club.Paths("ADA", "/transactions")) (await scrip.Get(path)).Expect(200)["data"].Items.Count.ShouldBe(2);
        foreach (var path in (string[])[$"/v1/loyalties/{club.Id}/transactions/export", .. club.Paths("ADA", "/transactions/export")])
        {
            var export = (await scrip.Post(path, new { parameters = new { fields = new[] { "id", "voucher_id", "amount" } } })).Expect(200);
            export["exported_object"].ShouldBe("voucher_transactions");
            export["parameters"]["filters"][path.Contains("members", StringComparison.Ordinal) ? "voucher_id" : "campaign_id"].Exists.ShouldBeTrue();
        }
        (await scrip.Post(club.Paths("NOBODY", "/transactions/export")[1], new { })).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Points_move_from_several_cards_to_one_or_not_at_all(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database);
        var scrip = await Servers.Project(server);
        var (club, other) = (await Club.Start(scrip), await Club.StartEmpty(scrip, "Other"));
        await other.Join("CID", "cid");
        (await scrip.Post($"/v1/campaigns/{club.Id}/vouchers/FREE")).Expect(200);
        var path = $"/v1/loyalties/{club.Id}/members/ADA/transfers";

        var moved = (await scrip.Post(path, new object[] { new { code = "BOB", points = 300, reason = "Gift", source_id = "t-1" }, new { code = "CID", points = 1 }, new { code = "BOB", points = 100 } })).Expect(200);
        moved["code"].ShouldBe("ADA");
        moved["loyalty_card"]["balance"].ShouldBe(1401);
        (await club.Balance("BOB"), await club.Balance("CID")).ShouldBe((600, 999));
        foreach (var (body, status) in (IEnumerable<(object, int)>)
        [
            // The first could be moved, the second not.
            (new object[] { new { code = "BOB", points = 10 }, new { code = "CID", points = 5000 } }, 400),
            (new object[] { new { code = "BOB", points = 400 }, new { code = "BOB", points = 201 } }, 400),
            (new object[] { new { code = "ADA", points = 10 } }, 400), (new object[] { new { code = "FREE", points = 10 } }, 400),
            (new object[] { new { code = "NOBODY", points = 10 } }, 404), (new object[] { new { code = "BOB", points = 0 } }, 400),
            (new object[] { new { code = "BOB" } }, 400), (new object[] { new { points = 5 } }, 400), (Array.Empty<object>(), 400), (new { code = "BOB", points = 1 }, 400),
        ])
            (await scrip.Post(path, body)).Expect(status)["details"].Text.ShouldNotBeEmpty();
        (await scrip.Post($"/v1/loyalties/{club.Id}/members/FREE/transfers", new[] { new { code = "BOB", points = 1 } })).Expect(400);
        (await scrip.Post($"/v1/loyalties/{other.Id}/members/ADA/transfers", new[] { new { code = "BOB", points = 1 } })).Expect(404);
        (await club.Balance("ADA"), await club.Balance("BOB"), await club.Balance("CID")).ShouldBe((1401, 600, 999));

        var came = (await scrip.Get(club.Paths("ADA", "/transactions")[0])).Expect(200)["data"].Items;
        came.Select(one => one["type"].Text).ShouldBe(["POINTS_TRANSFER_IN", "POINTS_TRANSFER_IN", "POINTS_TRANSFER_IN"]);
        var went = (await scrip.Get(club.Paths("BOB", "/transactions")[0])).Expect(200)["data"].Items;
        went.Select(one => one["type"].Text).ShouldBe(["POINTS_TRANSFER_OUT", "POINTS_TRANSFER_OUT"]);
        // Transactions of one moment have no order.
        foreach (var one in went)
            came.Single(other => other["id"].Text == one["related_transaction_id"].Text)["details"]["source_voucher"]["code"].ShouldBe("BOB");
        went.Select(one => one["related_transaction_id"].Text).Distinct().Count().ShouldBe(2);
        (await Tables.Rows(database, "SELECT COUNT(*) FROM postings WHERE account LIKE 'card:%' AND transaction_id IN (SELECT id FROM voucher_transactions WHERE type = 'POINTS_TRANSFER_IN')")).Single()[0].ShouldBe("6");
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
        foreach (var code in new[] { "ADA", "BOB" })
            await Eventually.Holds(async () => (await scrip.Get(club.Paths(code, "/activity")[0])).Expect(200)["data"].Items.Any(one => one["type"] == "customer.voucher.loyalty_card.points_transferred"));
    }

    [Theory, OnBoth]
    public async Task Points_that_are_put_on_a_card_by_hand_last_as_long_as_is_said(Db db)
    {
        var club = await Club.Start(await servers.Project(db));

        (await club.Scrip.Post(club.Paths("ADA", "/balance")[0], new { points = 5, expiration_type = "CUSTOM_DATE", expiration_date = "2040-02-29" })).Expect(200);
        (await club.Scrip.Post(club.Paths("ADA", "/balance")[1], new { points = 7, expiration_type = "NON_EXPIRING" })).Expect(200);

        var bucket = (await club.Scrip.Get($"/v1/loyalties/{club.Id}/members/ADA/points-expiration")).Expect(200)["data"].Items.Single(one => one["expires_at"].Exists);
        bucket["bucket"]["total_points"].ShouldBe(5);
        bucket["expires_at"].Text.ShouldBe("2040-02-29");
        (await club.Scrip.Get("/v1/vouchers/ADA")).Expect(200)["loyalty_card"]["next_expiration_points"].ShouldBe(5);
    }

    [Theory, OnBoth]
    public async Task Rewards_are_assigned_to_a_program_for_a_price(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await Club.Start(scrip);
        var other = await Club.StartEmpty(scrip, "Other");
        await scrip.Growing("Thanks");
        var (reward, assignment) = await club.Sell(new { campaign = new { id = "Thanks" } }, 100);
        var (coin, _) = await club.Sell(new { coin = new { exchange_ratio = 1, points_ratio = 5000 } }, null);
        var (dear, _) = await club.Sell(new { product = new { id = await scrip.Product("shirt", 1000) } }, 1001, stock: 3);
        var points = (await scrip.Post("/v1/rewards", new { name = "Points", parameters = new { campaign = new { id = club.Id, balance = 5 } } })).Expect(200)["id"].Text;

        var path = $"/v1/loyalties/{club.Id}";
        foreach (var list in new[] { "rewards", "reward-assignments" })
        {
            (await scrip.Get($"{path}/{list}")).Expect(200)["total"].ShouldBe(3);
            (await scrip.Get($"{path}/{list}/{assignment}")).Expect(200)["parameters"]["loyalty"]["points"].ShouldBe(100);
            (await scrip.Get($"/v1/loyalties/{other.Id}/{list}/{assignment}")).Expect(404);
        }
        (await scrip.Get($"{path}/rewards?assignment_id={assignment}")).Expect(200)["data"].Items.Single()["reward_id"].ShouldBe(reward);
        (await scrip.Get($"{path}/reward-assignments/{assignment}/reward")).Expect(200)["id"].ShouldBe(reward);
        (await scrip.Get("/v1/loyalties/members/ADA/rewards")).Expect(200)["data"].Items.Select(one => one["reward"]["id"].Text).ShouldBe([reward, coin, dear]);
        (await scrip.Get("/v1/loyalties/members/ADA/rewards?affordable_only=true")).Expect(200)["data"].Items.Single()["reward"]["id"].ShouldBe(reward);
        (await scrip.Put($"{path}/rewards/{assignment}", new { parameters = new { loyalty = new { points = 120 } } })).Expect(200)["parameters"]["loyalty"]["points"].ShouldBe(120);
        foreach (var (body, status) in (IEnumerable<(object, int)>)
        [
            (new[] { new { reward = points, parameters = new { loyalty = new { points = 1 } } } }, 400), (new[] { new { reward } }, 400), (Array.Empty<object>(), 400), (new[] { new { reward = "rew_none" } }, 404),
            (new[] { new { reward, parameters = new { loyalty = new { points = 1 } } } }, 409), (new[] { new { reward = coin, validation_rules = new[] { "val_1" } } }, 400),
        ])
            (await scrip.Post($"{path}/rewards", body)).Expect(status);
        // One that cannot be leaves the other out, too.
        (await scrip.Post($"/v1/loyalties/{other.Id}/rewards", new object[] { new { reward = coin }, new { reward } })).Expect(400);
        (await scrip.Get($"/v1/loyalties/{other.Id}/rewards")).Expect(200)["total"].ShouldBe(0);
        (await scrip.Put($"{path}/rewards/{assignment}", new { parameters = new { loyalty = new { points = 0 } } })).Expect(400);
        (await scrip.Delete($"{path}/rewards/{assignment}")).Expect(204);
        (await scrip.Get($"{path}/rewards/{assignment}")).Expect(404);
        (await club.Buy(reward)).Expect(404)["key"].ShouldBe("not_found");
    }
}
