namespace Scrip.Server.Tests.Features.LoyaltyTiers;

/// <summary>Members of loyalty campaigns are in tiers by their points, and what looks at tiers sees it.</summary>
public sealed class LoyaltyTierTests(Servers servers)
{
    private sealed record Club(ApiClient Scrip, string Campaign)
    {
        public static async Task<Club> Start(ApiClient scrip, object? keeps = null, long points = 0)
        {
            await In(scrip, "Pacific/Pago_Pago");
            var campaign = (await scrip.Post("/v1/campaigns", new { name = "Club", campaign_type = "LOYALTY_PROGRAM", loyalty_tiers_expiration = keeps, voucher = new { type = "LOYALTY_CARD", loyalty_card = new { points } } })).Expect(200);
            (await scrip.Post($"/v1/campaigns/{campaign["id"].Text}/vouchers/CARD")).Expect(200);
            return new(scrip, campaign["id"].Text);
        }

        private static async Task In(ApiClient scrip, string zone) =>
            (await scrip.AsManagement.Put($"/management/v1/projects/{scrip.Project.Id}", new { timezone = zone })).Expect(200);

        /// <summary>A later day at any time.</summary>
        public Task NextDay() => In(Scrip, "Pacific/Kiritimati");

        public async Task Publish() => (await Scrip.Post("/v1/publications", new { voucher = "CARD", customer = new { source_id = "ada" } })).Expect(200);

        public async Task Add(long points) => (await Scrip.Post("/v1/vouchers/CARD/balance", new { amount = points })).Expect(200);

        public async Task<string[]> Tiers(params object[] tiers) => [.. (await Scrip.Post($"/v1/loyalties/{Campaign}/tiers", tiers)).Expect(200).Body.Items.Select(one => one["id"].Text)];

        public Task<string[]> Usual() => Tiers(new { name = "Bronze", points = new { from = 1, to = 99 } }, new { name = "Silver", points = new { from = 100, to = 199 } }, new { name = "Gold", points = new { from = 200 } });

        public async Task<IReadOnlyList<Part>> Current() => (await Scrip.Get("/v1/loyalties/members/CARD/tiers")).Expect(200)["data"].Items;

        public async Task IsIn(string? name) => await Eventually.Becomes(async () => await Current() is [var tier] ? tier["name"].Text : null, now => now == name, now => $"{now}");

        public async Task Told(params string[] moves) => await Eventually.Becomes(
            async () => string.Join(" ", (await Scrip.Get("/v1/customers/ada/activities?limit=100")).Expect(200)["data"].Items.Select(one => one["type"].Text)
                .Where(type => type.StartsWith("customer.loyalty.tier.", StringComparison.Ordinal)).Reverse().Select(type => type["customer.loyalty.tier.".Length..])),
            told => told == string.Join(" ", moves), told => told);
    }

    [Theory, OnBoth]
    public async Task A_card_moves_between_tiers_with_its_points(Db db)
    {
        var club = await Club.Start(await servers.Project(db), points: 5);
        var ids = await club.Usual();
        (await club.Current()).ShouldBeEmpty();
        await club.Publish();
        await club.IsIn("Bronze");
        await club.Add(100);
        await club.IsIn("Silver");
        await club.Add(500);
        await club.IsIn("Gold");
        await club.Add(-450);
        await club.IsIn("Silver");
        await club.Add(-155);
        await club.IsIn(null);
        await club.Told("joined", "upgraded", "upgraded", "downgraded", "left");
        var upgraded = (await club.Scrip.Get("/v1/customers/ada/activities?limit=100")).Expect(200)["data"].Items.Last(one => one["type"].Text == "customer.loyalty.tier.upgraded")["data"]["data"];
        upgraded["loyalty_tier_from"]["id"].ShouldBe(ids[0]);
        upgraded["loyalty_tier_to"]["id"].ShouldBe(ids[1]);
        upgraded["campaign"]["name"].ShouldBe("Club");
        upgraded["customer"]["source_id"].ShouldBe("ada");
    }

    [Theory, OnBoth]
    public async Task New_tiers_look_at_the_members_who_are_there(Db db)
    {
        var club = await Club.Start(await servers.Project(db), points: 150);
        await club.Publish();
        await club.Usual();
        await club.IsIn("Silver");
        var member = (await club.Current())[0]["expiration"];
        member["campaign_id"].ShouldBe(club.Campaign);
        member["start_date"].Text.Length.ShouldBe(10);
        member["expiration_date"].Exists.ShouldBeFalse();
        (await club.Scrip.Delete("/v1/vouchers/CARD?force=true")).Expect(204);
        (await club.Scrip.Get("/v1/loyalties/members/CARD/tiers")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task A_tier_is_kept_until_its_day_and_then_the_points_say(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_POINTS_EXPIRY_MS"] = "50" });
        var club = await Club.Start(Servers.Demo(server), new { qualification_type = "BALANCE", start_date = new { type = "IMMEDIATE" }, expiration_date = new { type = "CUSTOM", extend = "P0M" } }, points: 250);
        (await club.Scrip.Get($"/v1/campaigns/{club.Campaign}")).Expect(200)["loyalty_tiers_expiration"]["expiration_date"]["extend"].ShouldBe("P0M");
        await club.Usual();
        await club.Publish();
        await club.IsIn("Gold");
        await club.Add(-200);
        // The event is done with once a later one is.
        (await club.Scrip.Put("/v1/customers/ada", new { name = "Ada" })).Expect(200);
        await Eventually.Holds(async () => (await Tables.Rows(database, "SELECT COUNT(*) FROM outbox"))[0][0] == "0");
        await club.IsIn("Gold");
        var first = (await club.Current())[0]["expiration"]["expiration_date"].Text;
        await club.NextDay();
        await club.IsIn("Bronze");
        string.CompareOrdinal((await club.Current())[0]["expiration"]["expiration_date"].Text, first).ShouldBeGreaterThan(0);
        await club.Told("joined", "downgraded");
    }

    [Theory, OnBoth]
    public async Task Rules_see_the_tier_of_the_customer(Db db)
    {
        var club = await Club.Start(await servers.Project(db), points: 150);
        var ids = await club.Usual();
        await club.Publish();
        await club.IsIn("Silver");
        await club.Scrip.Coupon("silver", new { type = "AMOUNT", amount_off = 100 });
        await club.Scrip.Assign(await club.Scrip.Rule("customer.loyalty_tier", "$is", ids[1]), "voucher", (await club.Scrip.Get("/v1/vouchers/silver"))["id"].Text);
        async Task<bool> Holds(string customer) => (await club.Scrip.Post("/v1/validations", new
        {
            redeemables = new[] { new { @object = "voucher", id = "silver" } },
            customer = new { source_id = customer },
            order = new { amount = 1000 },
        })).Expect(200)["valid"] == true;
        (await Holds("ada")).ShouldBeTrue();
        (await Holds("bob")).ShouldBeFalse();
        await club.Add(100);
        await club.IsIn("Gold");
        (await Holds("ada")).ShouldBeFalse();
        (await club.Scrip.Post("/v1/qualifications", new { scenario = "ALL", customer = new { source_id = "ada" }, order = new { amount = 1000 } })).Expect(200)["redeemables"]["data"].Items.ShouldNotContain(one => one["id"].Text == "silver");
    }

    [Theory, OnBoth]
    public async Task Tiers_are_listed_with_what_they_make_of_points(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await Club.Start(scrip);
        var reward = (await scrip.Post("/v1/rewards", new { name = "Pay", parameters = new { coin = new { exchange_ratio = 1, points_ratio = 1 } } })).Expect(200)["id"].Text;
        (await scrip.Post($"/v1/rewards/{reward}/assignments", new { campaign = club.Campaign, parameters = new { loyalty = new { points = 100 } } })).Expect(200);
        var tier = (await club.Tiers(new
        {
            name = "Top",
            points = new { from = 10, to = 20 },
            metadata = new { color = "gold" },
            earning_rules = new Dictionary<string, object> { ["ern_1"] = new { type = "MULTIPLY", multiplier = 1.5 }, ["ern_2"] = new { type = "CUSTOM", points = 5 } },
        }))[0];
        var shown = (await scrip.Get($"/v1/loyalties/{club.Campaign}/tiers/{tier}")).Expect(200);
        shown["earning_rules"]["ern_1"]["multiplier"].ShouldBe(1.5m);
        shown["earning_rules"]["ern_2"]["points"].ShouldBe(5);
        shown["metadata"]["color"].ShouldBe("gold");
        shown["config"]["points"]["to"].ShouldBe(20);
        (await scrip.Get("/v1/loyalties/Club/tiers")).Expect(200)["data"].Items.ShouldHaveSingleItem()["id"].ShouldBe(tier);
        var priced = (await scrip.Get($"/v1/loyalties/{club.Campaign}/tiers/{tier}/rewards")).Expect(200)["data"].Items.ShouldHaveSingleItem();
        priced["reward"]["id"].ShouldBe(reward);
        priced["assignment"]["parameters"]["loyalty"]["points"].ShouldBe(100);
    }

    [Theory, OnBoth]
    public async Task What_tiers_are_refused_for(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await Club.Start(scrip);
        await club.Usual();
        var path = $"/v1/loyalties/{club.Campaign}/tiers";
        object Mapped(object mapping, string key = "ern_1") => new { name = "X", points = new { from = 0, to = 0 }, earning_rules = new Dictionary<string, object> { [key] = mapping } };
        foreach (var (tier, told) in ((object?, string)[])
        [
            (null, "[0] must be object"),
            (new { points = new { from = 0, to = 0 } }, "[0].name is required"),
            (new { name = "X" }, "points.from is required"),
            (new { name = "X", points = new { from = -1 } }, "points.from must be >= 0"),
            (new { name = "X", points = new { from = 2, to = 1 } }, "points.to must not be below"),
            (new { name = "X", points = new { from = 50, to = 120 } }, "overlaps the range of the tier Bronze"),
            (new { name = "X", points = new { from = 5000 } }, "overlaps the range of the tier Gold"),
            (new { name = "Gold", points = new { from = 0, to = 0 } }, "is taken"),
            (Mapped(new { type = "ADD" }), "type must be one of"),
            (Mapped(new { }), "type is required"),
            (Mapped(new { type = "MULTIPLY" }), "multiplier must be above 0"),
            (Mapped(new { type = "MULTIPLY", multiplier = 2, points = 1 }), "CUSTOM only"),
            (Mapped(new { type = "CUSTOM" }), "points must be >= 0"),
            (Mapped(new { type = "CUSTOM", points = 1 }, "rule"), "ids of earning rules"),
            (new { name = "X", points = new { from = 0, to = 0 }, rewards = new { rewa_none = new { type = "CUSTOM", points = 1 } } }, "the same in every tier"),
            (new { name = "X", points = new { from = 0, to = 0 }, metadata = 5 }, "metadata must be object"),
        ])
            (await scrip.Post(path, new[] { tier })).Expect(400)["details"].Text.ShouldContain(told);
        (await scrip.Post(path, Array.Empty<object>())).Expect(400);
        // All or none.
        (await scrip.Post(path, new object[] { new { name = "Zero", points = new { from = 0, to = 0 } }, new { name = "Bad" } })).Expect(400);
        (await scrip.Get(path)).Expect(200)["total"].ShouldBe(3);
        await scrip.Codes("Coupons", 1, null);
        foreach (var missing in (string[])["/v1/loyalties/none/tiers", "/v1/loyalties/Coupons/tiers", $"{path}/ltr_none", $"{path}/ltr_none/rewards", "/v1/loyalties/members/none/tiers"])
            (await scrip.Get(missing)).Expect(404)["key"].ShouldBe("not_found");
        foreach (var (terms, told) in ((object, string)[])
        [
            (new { qualification_type = "POINTS_IN_PERIOD", qualification_period = "MONTH" }, "not followed yet"),
            (new { qualification_type = "ORDERS" }, "qualification_type must be one of"),
            (new { start_date = new { type = "NEXT_PERIOD" } }, "start_date.type must be IMMEDIATE"),
            (new { expiration_date = new { type = "END_OF_PERIOD" } }, "expiration_date.type must be"),
            (new { expiration_date = new { type = "BALANCE_DROP", extend = "P1M" } }, "CUSTOM only"),
            (new { expiration_date = new { type = "CUSTOM" } }, "extend must be"),
            (new { expiration_date = new { type = "CUSTOM", extend = "P1D" } }, "extend must be"),
            (new { expiration_date = new { type = "CUSTOM", extend = "P1M", rounding = new { type = "MONTH", strategy = "START" } } }, "strategy must be END"),
            (new { expiration_date = new { type = "CUSTOM", extend = "P1M", rounding = new { type = "CUSTOM", unit = "MONTH", value = 13 } } }, "rounding.value"),
        ])
            foreach (var answer in new[] { await scrip.Post("/v1/campaigns", new { name = "T", campaign_type = "LOYALTY_PROGRAM", loyalty_tiers_expiration = terms, voucher = new { type = "LOYALTY_CARD" } }), await scrip.Put($"/v1/campaigns/{club.Campaign}", new { loyalty_tiers_expiration = terms }) })
                answer.Expect(400)["details"].Text.ShouldContain(told);
        var dropping = (await scrip.Put($"/v1/campaigns/{club.Campaign}", new { loyalty_tiers_expiration = new { qualification_type = "BALANCE" } })).Expect(200)["loyalty_tiers_expiration"];
        dropping["expiration_date"]["type"].ShouldBe("BALANCE_DROP");
        dropping["start_date"]["type"].ShouldBe("IMMEDIATE");
        (await scrip.Put($"/v1/campaigns/{club.Campaign}", new { options = new { recalculate_tiers = true } })).Expect(400)["details"].Text.ShouldContain("recalculate_tiers");
        (await scrip.Put("/v1/campaigns/Coupons", new { loyalty_tiers_expiration = new { qualification_type = "BALANCE" } })).Expect(400);
    }
}
