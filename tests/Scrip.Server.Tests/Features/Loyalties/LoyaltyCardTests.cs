namespace Scrip.Server.Tests.Features.Loyalties;

/// <summary>Loyalty cards: points are put on them and pay for orders, for whoever holds the card, and never twice.</summary>
public sealed class LoyaltyCardTests(Servers servers)
{
    /// <summary>20.00 for 100 points, as the vendor's example has it.</summary>
    private const decimal Exchange = 20;
    private const long Ratio = 100;

    /// <summary>A loyalty campaign, a reward of it that pays, and a card with points that a customer holds.</summary>
    private sealed record Program(ApiClient Scrip, string Campaign, string Reward, string Assignment, string Card)
    {
        public const string Holder = "ada";

        public static async Task<Program> Start(ApiClient scrip, long points = 5000, decimal exchange = Exchange, long ratio = Ratio)
        {
            var campaign = (await scrip.Post("/v1/campaigns", new { name = "Club", campaign_type = "LOYALTY_PROGRAM", join_once = true, voucher = new { type = "LOYALTY_CARD", loyalty_card = new { points } } })).Expect(200);
            campaign["voucher"]["type"].ShouldBe("LOYALTY_CARD");
            campaign["voucher"]["loyalty_card"]["points"].ShouldBe(points);
            var reward = (await scrip.Post("/v1/rewards", new { name = "Pay", parameters = new { coin = new { exchange_ratio = exchange, points_ratio = ratio } } })).Expect(200)["id"].Text;
            var assignment = (await scrip.Post($"/v1/rewards/{reward}/assignments", new { campaign = campaign["id"].Text })).Expect(200)["id"].Text;
            (await scrip.Post($"/v1/campaigns/{campaign["id"].Text}/vouchers/CARD")).Expect(200)["loyalty_card"]["balance"].ShouldBe(points);
            (await scrip.Post("/v1/publications", new { voucher = "CARD", customer = new { source_id = Holder } })).Expect(200);
            return new(scrip, campaign["id"].Text, reward, assignment, "CARD");
        }

        public object Body(object? order, long? points = null, string? customer = Holder, object? session = null, object? reward = null) => new
        {
            redeemables = new[] { new { @object = "voucher", id = Card, reward = reward ?? new { id = Reward, points } } },
            customer = customer is null ? null : new { source_id = customer },
            order,
            session,
        };

        public Task<Answer> Validate(object? order, long? points = null, string? customer = Holder, object? session = null, object? reward = null) =>
            Scrip.Post("/v1/validations", Body(order, points, customer, session, reward));

        public Task<Answer> Redeem(object? order, long? points = null, string? customer = Holder, object? session = null, object? reward = null) =>
            Scrip.Post("/v1/redemptions", Body(order, points, customer, session, reward));

        public async Task<long> Balance() => (await Scrip.Get($"/v1/vouchers/{Card}")).Expect(200)["loyalty_card"]["balance"].Number;
    }

    [Theory, OnBoth]
    public async Task Points_pay_for_an_order_and_come_back(Db db)
    {
        var club = await Program.Start(await servers.Project(db));

        var valid = (await club.Validate(new { amount = 45_000 })).Expect(200);
        valid["redeemables"][0]["result"]["loyalty_card"]["points"].ShouldBe(2300);
        valid["order"]["total_discount_amount"].ShouldBe(45_000);
        valid["order"]["total_amount"].ShouldBe(0);
        (await club.Balance()).ShouldBe(5000);

        var redeemed = (await club.Redeem(new { amount = 45_000 })).Expect(200);
        var redemption = redeemed["redemptions"][0];
        redemption["amount"].ShouldBe(2300);
        redemption["loyalty_card"]["points"].ShouldBe(2300);
        redemption["gift"].Exists.ShouldBeFalse();
        redemption["reward"]["id"].ShouldBe(club.Reward);
        redemption["reward"]["assignment_id"].ShouldBe(club.Assignment);
        redemption["reward"]["type"].ShouldBe("COIN");
        redemption["voucher"]["loyalty_card"]["balance"].ShouldBe(2700);
        redemption["voucher"]["redemption"]["redeemed_points"].ShouldBe(2300);
        redeemed["order"]["total_amount"].ShouldBe(0);
        (await club.Balance()).ShouldBe(2700);

        var ada = (await club.Scrip.Get("/v1/customers/ada")).Expect(200);
        ada["loyalty"]["points"].ShouldBe(2700);
        ada["loyalty"]["campaigns"]["Club"]["points"].ShouldBe(2700);
        ada["summary"]["redemptions"]["loyalty_card"]["redeemed_points"].ShouldBe(2300);
        ada["summary"]["redemptions"]["loyalty_card"]["points_to_go"].ShouldBe(2700);
        ada["summary"]["redemptions"]["gift"]["amount_to_go"].ShouldBe(0);

        var back = (await club.Scrip.Post($"/v1/redemptions/{redemption["id"].Text}/rollback")).Expect(200);
        back["amount"].ShouldBe(-2300);
        back["loyalty_card"]["points"].ShouldBe(-2300);
        back["reward"]["id"].ShouldBe(club.Reward);
        (await club.Balance()).ShouldBe(5000);
        var moved = (await club.Scrip.Get($"/v1/vouchers/{club.Card}/transactions")).Expect(200)["data"].Items;
        moved.Select(one => one["type"].Text).ShouldBe(["POINTS_REFUND", "POINTS_REDEMPTION"]);
        moved[1]["details"]["balance"]["points"].ShouldBe(-2300);
        moved[1]["details"]["balance"]["type"].ShouldBe("loyalty_card");
        moved[1]["details"]["reward"]["name"].ShouldBe("Pay");
    }

    [Theory, OnBoth]
    public async Task What_points_pay_to_the_minor_unit(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await Program.Start(scrip, points: 1050);
        foreach (var (amount, points, taken, paid) in ((long, long?, long, long)[])
        [
            // All that whole ratios of the card pay, then what is asked for, at most what the order needs.
            (1_000_000, null, 1000, 20_000), (1_000_000, 1050, 1050, 21_000), (1_000_000, 1, 1, 20), (2000, 1000, 100, 2000), (2001, 1000, 200, 2001), (1, 1, 1, 1),
        ])
        {
            var valid = (await club.Validate(new { amount }, points)).Expect(200);
            valid["valid"].ShouldBe(true, $"{amount} {points}");
            valid["redeemables"][0]["result"]["loyalty_card"]["points"].ShouldBe(taken, $"{amount} {points}");
            valid["order"]["total_applied_discount_amount"].ShouldBe(paid, $"{amount} {points}");
        }
        // Three points are a cent: what is worth less than half of one stays on the card.
        (await scrip.Put($"/v1/rewards/{club.Reward}", new { parameters = new { coin = new { exchange_ratio = "0.01", points_ratio = "3" } } })).Expect(200);
        foreach (var (points, taken, paid) in ((long, long, long)[])[(2, 2, 1), (3, 3, 1), (5, 5, 2)])
        {
            var valid = (await club.Validate(new { amount = 100 }, points)).Expect(200);
            valid["redeemables"][0]["result"]["loyalty_card"]["points"].ShouldBe(taken, $"{points}");
            valid["order"]["total_applied_discount_amount"].ShouldBe(paid, $"{points}");
        }
        foreach (var (amount, points) in ((long, long)[])[(100, 1), (0, 3)])
        {
            var valid = (await club.Validate(new { amount }, points)).Expect(200);
            valid["redeemables"][0]["result"]["loyalty_card"]["points"].ShouldBe(0);
            valid["order"]["total_amount"].ShouldBe(amount);
        }
    }

    [Theory, OnBoth]
    public async Task What_a_card_is_refused_for(Db db)
    {
        var club = await Program.Start(await servers.Project(db));
        var other = (await club.Scrip.Post("/v1/rewards", new { name = "Other", parameters = new { coin = new { exchange_ratio = 1, points_ratio = 1 } } })).Expect(200)["id"].Text;
        var order = new { amount = 1000 };
        foreach (var (answer, status, key) in (IEnumerable<(Task<Answer>, int, string)>)
        [
            (club.Redeem(order, reward: new { }), 400, "missing_reward"),
            (club.Redeem(order, reward: new { id = "rew_unknown" }), 404, "not_found"),
            (club.Redeem(order, reward: new { id = other }), 404, "not_found"),
            (club.Redeem(order, reward: new { assignment_id = "rewa_unknown" }), 404, "not_found"),
            (club.Redeem(order, reward: new { id = club.Reward, assignment_id = "rewa_unknown" }), 404, "not_found"),
            (club.Redeem(order, customer: null), 400, "missing_customer"),
            (club.Redeem(order, customer: "bob"), 400, "invalid_customer"),
            (club.Redeem(order, 5001), 400, "loyalty_card_points_exceeded"),
            (club.Redeem(null, 10), 400, "missing_order"),
            (club.Redeem(new { items = new[] { new { quantity = 1 } } }, 10), 400, "missing_amount"),
            (club.Redeem(order, 0), 400, "invalid_payload"),
            (club.Redeem(order, -1), 400, "invalid_payload"),
            (club.Scrip.Redeem(order, club.Card), 400, "missing_reward"),
        ])
            (await answer).Expect(status)["key"].ShouldBe(key);
        (await club.Balance()).ShouldBe(5000);
        (await club.Redeem(order, reward: new { assignment_id = club.Assignment })).Expect(200);
        // What is told of an older validation.
        var told = (await club.Scrip.Post($"/v1/vouchers/{club.Card}/validate", new { customer = new { source_id = "ada" }, order, reward = new { id = club.Reward, points = 50 } })).Expect(200);
        told["valid"].ShouldBe(true);
        told["loyalty"]["points_cost"].ShouldBe(50);
        told["reward"]["assignment_id"].ShouldBe(club.Assignment);
        // An assignment that is gone buys nothing any more.
        (await club.Scrip.Delete($"/v1/rewards/{club.Reward}/assignments/{club.Assignment}")).Expect(204);
        (await club.Redeem(order)).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Points_are_added_and_removed_by_hand_and_the_books_agree(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database);
        var club = await Program.Start(Servers.Demo(server), points: 100);
        var added = (await club.Scrip.Post($"/v1/vouchers/{club.Card}/balance", new { amount = 50, source_id = "bonus" })).Expect(200);
        added["type"].ShouldBe("loyalty_card");
        added["total"].ShouldBe(150);
        added["balance"].ShouldBe(150);
        (await club.Scrip.Post($"/v1/vouchers/{club.Card}/balance", new { amount = -30 })).Expect(200)["balance"].ShouldBe(120);
        (await club.Scrip.Post($"/v1/vouchers/{club.Card}/balance", new { amount = -121 })).Expect(400)["key"].ShouldBe("invalid_add_balance_params");
        (await club.Redeem(new { amount = 1000 }, 20)).Expect(200);
        var card = (await club.Scrip.Get($"/v1/vouchers/{club.Card}")).Expect(200)["loyalty_card"];
        (card["points"].Number, card["subtracted_points"].Number, card["balance"].Number).ShouldBe((150, 30, 100));
        var summary = (await club.Scrip.Get($"/v1/campaigns/{club.Campaign}/summary")).Expect(200);
        foreach (var (name, value) in new Dictionary<string, long> { ["created_vouchers_points"] = 100, ["points_added"] = 50, ["points_subtracted"] = 30, ["points_redeemed"] = 20, ["points_rolledback"] = 0 })
            summary[name].ShouldBe(value, name);
        // Codes of a campaign, made by a job, and a gift card beside them.
        (await club.Scrip.Post($"/v1/campaigns/{club.Campaign}/vouchers?vouchers_count=20")).Expect(202);
        await club.Scrip.Made(club.Campaign);
        await club.Scrip.GiftCard("gift", 700);
        await club.Scrip.Redeem(new { amount = 100 }, "gift");
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
        var sums = (await Tables.Rows(database, "SELECT account, CAST(SUM(amount) AS BIGINT) FROM postings WHERE account NOT LIKE 'card:%' GROUP BY account ORDER BY account")).ToDictionary(row => row[0], row => row[1]);
        sums["points_issued"].ShouldBe($"{-(100 + 50 - 30 + (20 * 100))}");
        sums["points_spent"].ShouldBe("20");
        // Deleted cards take their points along.
        (await club.Scrip.Delete($"/v1/vouchers/{club.Card}?force=true")).Expect(204);
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Sessions_hold_points(Db db)
    {
        var club = await Program.Start(await servers.Project(db), points: 1000);
        object Key(string key) => new { type = "LOCK", key };
        var order = new { amount = 1_000_000 };
        (await club.Validate(order, 600, session: Key("one"))).Expect(200)["valid"].ShouldBe(true);
        // What one session holds no other has, nor who has none.
        var late = (await club.Validate(order, 600, session: Key("two"))).Expect(200);
        late["redeemables"][0]["result"]["error"]["key"].ShouldBe("loyalty_card_points_exceeded");
        (await club.Redeem(order, 600)).Expect(400)["key"].ShouldBe("loyalty_card_points_exceeded");
        (await club.Validate(order, 400, session: Key("two"))).Expect(200)["valid"].ShouldBe(true);
        (await club.Redeem(order, 1)).Expect(400)["key"].ShouldBe("loyalty_card_points_exceeded");
        // The same key overwrites what it held before.
        (await club.Validate(order, 300, session: Key("one"))).Expect(200)["valid"].ShouldBe(true);
        (await club.Redeem(order, 300)).Expect(200);
        (await club.Redeem(order, 300, session: Key("one"))).Expect(200);
        (await club.Balance()).ShouldBe(400);
        (await club.Redeem(order, 1)).Expect(400);
        (await club.Scrip.Delete($"/v1/vouchers/{club.Card}/sessions/two")).Expect(204);
        (await club.Redeem(order, 400)).Expect(200);
        (await club.Balance()).ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task Fifty_at_once_never_spend_more_points_than_there_are(Db db)
    {
        var club = await Program.Start(await servers.Project(db), points: 1000);
        // A half through sessions, a half without.
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(async i =>
        {
            var session = i % 2 == 0 ? new { type = "LOCK", key = $"k{i}" } : null;
            if (session is not null && (await club.Validate(new { amount = 600 }, 30, session: session))["valid"] != true) return false;
            return (await club.Redeem(new { amount = 600 }, 30, session: session)).Status == 200;
        }));
        answers.Count(done => done).ShouldBe(33);
        (await club.Balance()).ShouldBe(10);
        var parts = await club.Scrip.Count("/v1/redemptions?result=SUCCESS");
        parts.ShouldBe(33);
    }

    [Theory, OnBoth]
    public async Task A_card_goes_with_coupons_and_rules_see_its_points(Db db)
    {
        var club = await Program.Start(await servers.Project(db));
        await club.Scrip.Coupon("tenth", new { type = "PERCENT", percent_off = 10 });
        var body = new
        {
            options = new { expand = new[] { "trace" } },
            redeemables = new object[] { new { @object = "voucher", id = "tenth" }, new { @object = "voucher", id = club.Card, reward = new { id = club.Reward } } },
            customer = new { source_id = "ada" },
            order = new { amount = 10_000 },
        };
        var both = (await club.Scrip.Post("/v1/redemptions", body)).Expect(200);
        both["order"]["total_amount"].ShouldBe(0);
        both["redemptions"][1]["loyalty_card"]["points"].ShouldBe(500);
        both["redemptions"][1]["trace"]["calculation"]["type"].ShouldBe("POINTS");
        both["redemptions"][1]["trace"]["calculation"]["value"].ShouldBe(500);
        both["redemptions"][1]["trace"]["calculation"]["taken"].ShouldBe(9000);

        await club.Scrip.Assign(await club.Scrip.Rule("redemption.reward.pay_with_points.points_used", "$less_than_or_equal", 1000), "campaign", club.Campaign);
        (await club.Redeem(new { amount = 20_000 })).Expect(200);
        (await club.Redeem(new { amount = 20_001 })).Expect(400);
        var why = (await club.Scrip.Post("/v1/validations", new
        {
            options = new { expand = new[] { "trace" } },
            redeemables = new[] { new { @object = "voucher", id = club.Card, reward = new { id = club.Reward, points = 9999 } } },
            customer = new { source_id = "ada" },
            order = new { amount = 10_000 },
        })).Expect(200)["redeemables"][0]["trace"];
        why["change"]["fact"].ShouldBe("reward.points");
        why["change"]["to"].ShouldBe(await club.Balance());
    }

    [Theory, OnBoth]
    public async Task A_stack_rolled_back_by_fifty_gives_points_back_once(Db db)
    {
        var club = await Program.Start(await servers.Project(db));
        await club.Scrip.Coupon("one", new { type = "AMOUNT", amount_off = 1 });
        var parent = (await club.Scrip.Post("/v1/redemptions", new
        {
            redeemables = new object[] { new { @object = "voucher", id = "one" }, new { @object = "voucher", id = club.Card, reward = new { id = club.Reward, points = 500 } } },
            customer = new { source_id = "ada" },
            order = new { amount = 100_000 },
        })).Expect(200)["parent_redemption"]["id"].Text;
        (await club.Balance()).ShouldBe(4500);
        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => club.Scrip.Post($"/v1/redemptions/{parent}/rollbacks")));
        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        (await club.Balance()).ShouldBe(5000);
    }

    [Theory, OnBoth]
    public async Task A_wallet_shows_cards_and_segments_look_at_points(Db db)
    {
        var club = await Program.Start(await servers.Project(db));
        var wallet = (await club.Scrip.Post("/v1/qualifications", new { scenario = "CUSTOMER_WALLET", customer = new { source_id = "ada" }, order = new { amount = 1000 } })).Expect(200);
        var card = wallet["redeemables"]["data"].Items.ShouldHaveSingleItem();
        card["id"].ShouldBe(club.Card);
        card["result"]["loyalty_card"]["balance"].ShouldBe(5000);
        card["result"]["loyalty_card"]["exchange_ratio"].ShouldBe(20);
        card["result"]["loyalty_card"]["points_ratio"].ShouldBe(100);

        var rich = (await club.Scrip.Post("/v1/segments", new
        {
            name = "Rich",
            type = "auto-update",
            filter = new Dictionary<string, object> { ["junction"] = "and", ["loyalty_points.campaigns.Club.points"] = new { conditions = new Dictionary<string, object> { ["$more_than_equal"] = new[] { 5000 } } } },
        })).Expect(200)["id"].Text;
        async Task<bool> IsIn() => (await club.Scrip.Get("/v1/customers/ada/segments")).Expect(200)["data"].Items.Any(one => one["id"].Text == rich);
        await Eventually.Holds(IsIn);
        (await club.Redeem(new { amount = 2000 })).Expect(200);
        await Eventually.Holds(async () => !await IsIn());
        (await club.Scrip.Post($"/v1/vouchers/{club.Card}/balance", new { amount = 100 })).Expect(200);
        await Eventually.Holds(IsIn);
    }

    [Theory, OnBoth]
    public async Task What_loyalty_cards_cannot_be(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/vouchers/lonely", new { type = "LOYALTY_CARD", loyalty_card = new { points = 5 } })).Expect(400)["key"].ShouldBe("invalid_voucher");
        (await scrip.Post("/v1/campaigns", new { name = "S", campaign_type = "LOYALTY_PROGRAM", type = "STANDALONE", voucher = new { type = "LOYALTY_CARD" } })).Expect(400);
        (await scrip.Post("/v1/campaigns", new { name = "D", campaign_type = "LOYALTY_PROGRAM", voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 1 } } })).Expect(400);
        (await scrip.Post("/v1/campaigns", new { name = "N", campaign_type = "LOYALTY_PROGRAM", voucher = new { type = "LOYALTY_CARD", loyalty_card = new { points = -1 } } })).Expect(400);
        var club = await Program.Start(scrip);
        var coupons = await scrip.Codes("Coupons", 1, null);
        coupons.Count.ShouldBe(1);
        var material = (await scrip.Post("/v1/rewards", new { name = "Mug", parameters = new { product = new { id = await scrip.Product("mug", 100) } } })).Expect(200)["id"].Text;
        (await scrip.Post($"/v1/rewards/{material}/assignments", new { campaign = club.Campaign })).Expect(400)["details"].Text.ShouldContain("points is required");
        (await scrip.Post($"/v1/rewards/{club.Reward}/assignments", new { campaign = "Coupons" })).Expect(400);
        (await scrip.Post("/v1/vouchers/second", new { type = "LOYALTY_CARD", campaign = "Club", loyalty_card = new { points = 7 } })).Expect(200)["loyalty_card"]["points"].ShouldBe(7);
        (await scrip.Post("/v1/vouchers/third", new { type = "LOYALTY_CARD", campaign = "Coupons" })).Expect(400);
    }
}
