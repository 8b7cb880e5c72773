using System.Globalization;
using Scrip.Server.Tests.Features.Exports;

namespace Scrip.Server.Tests.Features.PointsExpiration;

/// <summary>
/// Points expire after their last day in the time zone of their project. Days are made to be over by moving the project to
/// the other side of the date line: it is a later day there at any time.
/// </summary>
public sealed class PointsExpirationTests(Servers servers)
{
    private const string Early = "Pacific/Pago_Pago";
    private const string Late = "Pacific/Kiritimati";

    private static readonly object Today = new { period_type = "MONTH", period_value = 0 };

    /// <summary>A card that expiring points come on, which a customer holds, and a reward that they pay through.</summary>
    private sealed record Club(ApiClient Scrip, string Campaign, string Reward)
    {
        public static async Task<Club> Start(ApiClient scrip, object? rules, long points = 0)
        {
            await In(scrip, Early);
            var campaign = (await scrip.Post("/v1/campaigns", new { name = "Club", campaign_type = "LOYALTY_PROGRAM", voucher = new { type = "LOYALTY_CARD", loyalty_card = new { points, expiration_rules = rules } } })).Expect(200);
            var reward = (await scrip.Post("/v1/rewards", new { name = "Pay", parameters = new { coin = new { exchange_ratio = 1, points_ratio = 1 } } })).Expect(200)["id"].Text;
            (await scrip.Post($"/v1/rewards/{reward}/assignments", new { campaign = campaign["id"].Text })).Expect(200);
            (await scrip.Post($"/v1/campaigns/{campaign["id"].Text}/vouchers/CARD")).Expect(200);
            (await scrip.Post("/v1/publications", new { voucher = "CARD", customer = new { source_id = "ada" } })).Expect(200);
            return new(scrip, campaign["id"].Text, reward);
        }

        private static async Task In(ApiClient scrip, string zone) =>
            (await scrip.AsManagement.Put($"/management/v1/projects/{scrip.Project.Id}", new { timezone = zone })).Expect(200);

        /// <summary>Today is over.</summary>
        public Task NextDay() => In(Scrip, Late);

        public async Task Add(long points) => (await Scrip.Post("/v1/vouchers/CARD/balance", new { amount = points })).Expect(200);

        public object Paying(long points, object? session = null) => new
        {
            redeemables = new[] { new { @object = "voucher", id = "CARD", reward = new { id = Reward, points } } },
            customer = new { source_id = "ada" },
            order = new { amount = 1_000_000 },
            session,
        };

        public async Task<string> Spend(long points) => (await Scrip.Post("/v1/redemptions", Paying(points))).Expect(200)["redemptions"][0]["id"].Text;

        public async Task<Part> Card() => (await Scrip.Get("/v1/vouchers/CARD")).Expect(200)["loyalty_card"];

        public async Task Has(long points) => await Eventually.Becomes(async () => (await Card())["balance"].Number, balance => balance == points, balance => $"{balance}");

        public async Task<IReadOnlyList<Part>> Buckets(string query = "") => (await Scrip.Get($"/v1/loyalties/{Campaign}/members/CARD/points-expiration{query}")).Expect(200)["data"].Items;

        public async Task<string> Shown() => string.Join(" ", (await Buckets()).Select(one => one["bucket"]["total_points"].Number));
    }

    private static async Task<(Database, ScripProcess, Club)> Quick(Db db, object? rules, long points = 0)
    {
        var database = await Database.Create(db);
        var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_POINTS_EXPIRY_MS"] = "50" });
        return (database, server, await Club.Start(Servers.Demo(server), rules, points));
    }

    [Theory, OnBoth]
    public async Task Points_expire_after_their_last_day_and_the_books_agree(Db db)
    {
        var (database, server, club) = await Quick(db, Today, points: 100);
        await using var _ = database;
        await using var __ = server;
        await club.Add(50);
        await club.Add(20);
        var spent = await club.Spend(30);
        (await club.Shown()).ShouldBe("20 20 100");
        await Task.Delay(200, TestContext.Current.CancellationToken);
        (await club.Card())["balance"].ShouldBe(140);

        await club.NextDay();
        // What the card began with stays.
        await club.Has(100);
        var card = await club.Card();
        (card["points"].Number, card["expired_points"].Number, card["subtracted_points"].Number).ShouldBe((170, 40, 0));
        card["next_expiration_date"].Exists.ShouldBeFalse();
        (await club.Scrip.Get("/v1/vouchers/CARD")).Expect(200)["redemption"]["redeemed_points"].ShouldBe(30);
        (await club.Shown()).ShouldBe("100");
        var moved = (await club.Scrip.Get("/v1/vouchers/CARD/transactions")).Expect(200)["data"].Items[0];
        moved["type"].ShouldBe("POINTS_EXPIRATION");
        moved["details"]["balance"]["points"].ShouldBe(-40);
        moved["details"]["balance"]["balance"].ShouldBe(100);
        moved["details"]["balance"]["total"].ShouldBe(170);
        (await club.Scrip.Get($"/v1/campaigns/{club.Campaign}/summary")).Expect(200)["points_expired"].ShouldBe(40);
        var sums = (await Tables.Rows(database, "SELECT account, CAST(SUM(amount) AS BIGINT) FROM postings WHERE account NOT LIKE 'card:%' GROUP BY account")).ToDictionary(row => row[0], row => row[1]);
        (sums["points_issued"], sums["points_spent"], sums["points_expired"]).ShouldBe(("-170", "30", "40"));
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
        // Given back, they have the day they had, which is over.
        (await club.Scrip.Post($"/v1/redemptions/{spent}/rollback")).Expect(200);
        await Eventually.Holds(async () => (await club.Card())["expired_points"].Number == 70);
        (await club.Card())["balance"].ShouldBe(100);
        (await club.Scrip.Get("/v1/vouchers/CARD/transactions")).Expect(200)["data"].Items.Count(one => one["type"].Text == "POINTS_EXPIRATION").ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task What_a_session_holds_stays_until_it_ends(Db db)
    {
        var (database, server, club) = await Quick(db, Today);
        await using var _ = database;
        await using var __ = server;
        await club.Add(100);
        (await club.Scrip.Post("/v1/validations", club.Paying(30, new { type = "LOCK", key = "one" }))).Expect(200)["valid"].ShouldBe(true);
        (await club.Scrip.Post("/v1/validations", club.Paying(25, new { type = "LOCK", key = "two", ttl = 4000, ttl_unit = "MILLISECONDS" }))).Expect(200)["valid"].ShouldBe(true);
        await club.NextDay();
        await club.Has(55);
        (await club.Shown()).ShouldBe("55");
        (await club.Scrip.Post("/v1/redemptions", club.Paying(30, new { type = "LOCK", key = "one" }))).Expect(200);
        // The other one lets go by itself.
        await club.Has(0);
        (await club.Card())["expired_points"].ShouldBe(70);
        (await club.Scrip.Post("/v1/redemptions", club.Paying(1))).Expect(400);
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Many_cards_expire_once_while_they_are_spent_from(Db db)
    {
        var (database, server, club) = await Quick(db, Today);
        await using var _ = database;
        await using var __ = server;
        // A second server over the same database does the same work.
        await using var other = db == Db.Postgres ? await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_POINTS_EXPIRY_MS"] = "50" }) : null;
        var codes = Enumerable.Range(0, 60).Select(i => $"C{i}").ToArray();
        foreach (var code in codes)
        {
            (await club.Scrip.Post($"/v1/campaigns/{club.Campaign}/vouchers/{code}")).Expect(200);
            (await club.Scrip.Post($"/v1/vouchers/{code}/balance", new { amount = 10 })).Expect(200);
        }
        await club.Add(1000);
        var spending = Enumerable.Range(0, 40).Select(async i =>
        {
            if (i == 10) await club.NextDay();
            return (await club.Scrip.Post("/v1/redemptions", club.Paying(20))).Status == 200;
        });
        var spent = (await Task.WhenAll(spending)).Count(done => done) * 20;
        await club.Has(0);
        (await club.Card())["expired_points"].ShouldBe(1000 - spent);
        foreach (var code in codes)
            await Eventually.Holds(async () => (await club.Scrip.Get($"/v1/vouchers/{code}")).Expect(200)["loyalty_card"]["balance"].Number == 0);
        (await Tables.Rows(database, "SELECT COUNT(*) FROM voucher_transactions WHERE type = 'POINTS_EXPIRATION' AND voucher_id IN (SELECT id FROM vouchers WHERE code LIKE 'C_' OR code LIKE 'C__')"))[0][0].ShouldBe("60");
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Cards_in_the_bin_and_of_campaigns_that_are_gone_wait_or_are_forgotten(Db db)
    {
        var (database, server, club) = await Quick(db, Today);
        await using var _ = database;
        await using var __ = server;
        await club.Add(10);
        (await club.Scrip.Post($"/v1/campaigns/{club.Campaign}/vouchers/GONE")).Expect(200);
        (await club.Scrip.Post("/v1/vouchers/GONE/balance", new { amount = 5 })).Expect(200);
        (await club.Scrip.Delete("/v1/vouchers/CARD")).Expect(204);
        (await club.Scrip.Delete("/v1/vouchers/GONE?force=true")).Expect(204);
        await club.NextDay();
        await Eventually.Holds(async () => (await Tables.Rows(database, "SELECT points, CASE WHEN wait_until > 0 THEN 1 ELSE 0 END FROM point_buckets")) is [["10", "1"]]);
        (await Tables.Rows(database, "SELECT COUNT(*) FROM voucher_transactions WHERE type = 'POINTS_EXPIRATION'"))[0][0].ShouldBe("0");
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Buckets_are_listed_and_exported_and_cards_tell_what_expires_next(Db db)
    {
        var club = await Club.Start(await servers.Project(db), new { period_type = "MONTH", period_value = 3, rounding_type = "END_OF_QUARTER" }, points: 7);
        await club.Add(50);
        var campaign = (await club.Scrip.Get($"/v1/campaigns/{club.Campaign}")).Expect(200);
        campaign["voucher"]["loyalty_card"]["expiration_rules"]["rounding_type"].ShouldBe("END_OF_QUARTER");
        // Points that are there keep their day; those that come have that of the new rules.
        (await club.Scrip.Put($"/v1/campaigns/{club.Campaign}", new { voucher = new { loyalty_card = new { expiration_rules = new { period_type = "FIXED_DAY_OF_YEAR", fixed_month = 12, fixed_day = 31 } } } })).Expect(200);
        await club.Add(30);
        await club.Spend(10);
        var buckets = await club.Buckets();
        buckets.Count.ShouldBe(3);
        buckets.Sum(one => one["bucket"]["total_points"].Number).ShouldBe(77);
        buckets[0]["object"].ShouldBe("loyalty_points_bucket");
        buckets[0]["status"].ShouldBe("ACTIVE");
        buckets[0]["id"].Text.ShouldStartWith("lopb_");
        buckets[0]["campaign_id"].ShouldBe(club.Campaign);
        buckets[2]["expires_at"].Exists.ShouldBeFalse();
        string.CompareOrdinal(buckets[0]["expires_at"].Text, buckets[1]["expires_at"].Text).ShouldBeLessThan(0);
        (await club.Buckets("?limit=1&page=2")).ShouldHaveSingleItem()["id"].ShouldBe(buckets[1]["id"]);

        await Eventually.Holds(async () => (await club.Card())["next_expiration_points"].Number == buckets[0]["bucket"]["total_points"].Number);
        (await club.Card())["next_expiration_date"].ShouldBe(buckets[0]["expires_at"]);

        var lines = await club.Scrip.Exported("points_expiration", new { fields = new[] { "voucher_id", "points", "status", "expires_at", "id" }, order = "expires_at" }, $"/v1/loyalties/{club.Campaign}/points-expiration/export");
        lines.Skip(1).Select(line => line[4]).ShouldBe(buckets.Take(2).Select(one => one["id"].Text));
        lines.Skip(1).Select(line => long.Parse(line[1], CultureInfo.InvariantCulture)).ShouldBe(buckets.Take(2).Select(one => one["bucket"]["total_points"].Number));
        lines[1][2].ShouldBe("ACTIVE");
        var voucher = buckets[0]["voucher_id"].Text;
        object Only(object condition) => new { filters = new { voucher_id = new { conditions = condition } } };
        (await club.Scrip.Exported("points_expiration", Only(new Dictionary<string, object> { ["$is"] = voucher }))).Count.ShouldBe(3);
        (await club.Scrip.Exported("points_expiration", Only(new Dictionary<string, object> { ["$not_in"] = new[] { voucher } }), $"/v1/loyalties/{club.Campaign}/points-expiration/export")).Count.ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task What_rules_and_paths_are_refused_for(Db db)
    {
        var scrip = await servers.Project(db);
        var at = "voucher.loyalty_card.expiration_rules";
        foreach (var (rules, told) in ((object, string)[])
        [
            (new { }, "period_type is required"),
            (new { period_type = "DAY" }, "period_type must be one of"),
            (new { period_type = "MONTH" }, "period_value must be a number of months"),
            (new { period_type = "MONTH", period_value = -1 }, "period_value"),
            (new { period_type = "MONTH", period_value = 1201 }, "period_value"),
            (new { period_type = "MONTH", period_value = 1, rounding_type = "END_OF_WEEK" }, "rounding_type must be one of"),
            (new { period_type = "MONTH", period_value = 1, rounding_type = "PARTICULAR_MONTH" }, "rounding_value must be a month"),
            (new { period_type = "MONTH", period_value = 1, rounding_value = 2 }, "rounding_value is for"),
            (new { period_type = "MONTH", period_value = 1, fixed_day = 2 }, "FIXED_DAY_OF_YEAR only"),
            (new { period_type = "FIXED_DAY_OF_YEAR", fixed_month = 13, fixed_day = 1 }, "fixed_month"),
            (new { period_type = "FIXED_DAY_OF_YEAR", fixed_month = 4, fixed_day = 31 }, "from 1 to 30"),
            (new { period_type = "FIXED_DAY_OF_YEAR", fixed_month = 4, fixed_day = 0 }, "fixed_day"),
            (new { period_type = "FIXED_DAY_OF_YEAR", fixed_month = 4, fixed_day = 1, period_value = 1 }, "MONTH only"),
        ])
        {
            var refused = (await scrip.Post("/v1/campaigns", new { name = "E", campaign_type = "LOYALTY_PROGRAM", voucher = new { type = "LOYALTY_CARD", loyalty_card = new { points = 1, expiration_rules = rules } } })).Expect(400);
            refused["details"].Text.ShouldContain(at);
            refused["details"].Text.ShouldContain(told);
        }
        var club = await Club.Start(scrip, new { period_type = "FIXED_DAY_OF_YEAR", fixed_month = 2, fixed_day = 29 });
        (await scrip.Put($"/v1/campaigns/{club.Campaign}", new { voucher = new { loyalty_card = new { expiration_rules = new { period_type = "YEAR" } } } })).Expect(400);
        (await scrip.Post("/v1/vouchers/own", new { type = "LOYALTY_CARD", campaign = "Club", loyalty_card = new { points = 1, expiration_rules = Today } })).Expect(400)["details"].Text.ShouldContain("belong to the campaign");
        await scrip.GiftCard("gift", 100);
        await scrip.Codes("Coupons", 1, null);
        foreach (var path in (string[])[$"{club.Campaign}/members/nobody", $"{club.Campaign}/members/gift", "camp_none/members/CARD", "Coupons/members/CARD"])
            (await scrip.Get($"/v1/loyalties/{path}/points-expiration")).Expect(404)["key"].ShouldBe("not_found");
        foreach (var campaign in (string[])["camp_none", "Coupons"])
            (await scrip.Post($"/v1/loyalties/{campaign}/points-expiration/export", new { })).Expect(404)["key"].ShouldBe("not_found");
        (await scrip.Post($"/v1/loyalties/{club.Campaign}/points-expiration/export", new { parameters = new { fields = new[] { "code" } } })).Expect(400);
        (await scrip.Post($"/v1/loyalties/{club.Campaign}/points-expiration/export", new { parameters = new { order = "points" } })).Expect(400);
    }
}
