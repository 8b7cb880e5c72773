namespace Scrip.Server.Tests.Features.Segments;

/// <summary>Who is in a segment follows what happens to customers, and rules see it.</summary>
public sealed class SegmentTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_static_segment_has_the_customers_it_was_made_with(Db db)
    {
        var scrip = await servers.Project(db);
        var ada = await Customer(scrip, "ada", new { });
        await Customer(scrip, "bob", new { });
        var made = (await scrip.Post("/v1/segments", new { name = "Friends", type = "static", customers = new[] { ada } })).Expect(200);
        made["initial_sync_status"].ShouldBe("DONE");
        made["filter"].IsNull.ShouldBeTrue();

        (await In(scrip, "ada")).ShouldBe(["Friends"]);
        (await In(scrip, "bob")).ShouldBeEmpty();
        var members = (await scrip.Get($"/v1/customers?segment_id={made["id"].Text}")).Expect(200);
        members["customers"].Items.Select(one => one["source_id"].Text).ShouldBe(["ada"]);
        (await scrip.Get("/v1/segments")).Expect(200)["total"].ShouldBe(1);
        (await scrip.Get($"/v1/segments/{made["id"].Text}")).Expect(200)["name"].ShouldBe("Friends");
        (await (await servers.Project(db)).Get($"/v1/segments/{made["id"].Text}")).Expect(404);
        (await scrip.Delete($"/v1/segments/{made["id"].Text}")).Expect(204);
        (await scrip.Get($"/v1/segments/{made["id"].Text}")).Expect(404);
        (await scrip.Get($"/v1/customers?segment_id={made["id"].Text}")).Expect(404);
        (await In(scrip, "ada")).ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Customers_enter_and_leave_an_active_segment_and_are_told_so(Db db)
    {
        var scrip = await servers.Project(db);
        await Customer(scrip, "ada", new { level = "gold" });
        // Until that was handled, she may still enter what is made meanwhile.
        await Eventually.Answers(() => scrip.Get("/v1/customers/ada/activity"), list => list.Status == 200 && list["data"].Items.Count == 1);
        var segment = await Segment(scrip, "auto-update", "Gold", new Dictionary<string, object> { ["metadata.level"] = Is("gold") });
        (await In(scrip, "ada")).ShouldBe(["Gold"]);

        await Customer(scrip, "bob", new { level = "gold" });
        await Holds(scrip, "bob", "Gold");
        await Customer(scrip, "bob", new { level = "iron" });
        await Holds(scrip, "bob");

        var told = await Eventually.Answers(() => scrip.Get("/v1/customers/bob/activity?category=EFFECT"), list => list["data"].Items.Count == 2);
        told["data"].Items.Select(one => one["type"].Text).ShouldBe(["customer.segment.left", "customer.segment.entered"]);
        told["data"].Items[0]["data"]["data"]["segment"]["id"].ShouldBe(segment);
        // Who met the filter when the segment was made did not enter it.
        (await scrip.Get("/v1/customers/ada/activity?category=EFFECT")).Expect(200)["data"].Items.ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task A_redemption_moves_its_customer_and_a_rollback_moves_it_back(Db db)
    {
        var scrip = await servers.Project(db);
        await Customer(scrip, "ada", new { });
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        await Segment(scrip, "auto-update", "Buyers", new Dictionary<string, object>
        {
            ["summary.orders.total_amount"] = Meets("$more_than", 1000),
            ["summary.redemptions.total_succeeded"] = Meets("$more_than_equal", 1),
        });
        var redeemed = (await scrip.Post("/v1/redemptions", new { customer = new { source_id = "ada" }, order = new { amount = 2000 }, redeemables = new[] { new { @object = "voucher", id = "five" } } })).Expect(200);
        await Holds(scrip, "ada", "Buyers");

        (await scrip.Post($"/v1/redemptions/{redeemed["redemptions"].Items[0]["id"].Text}/rollback")).Expect(200);

        await Holds(scrip, "ada");
    }

    [Theory, OnBoth]
    public async Task A_card_moves_whom_it_is_given_to_and_moves_back_when_it_is_emptied_or_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        await Customer(scrip, "ada", new { });
        await Segment(scrip, "auto-update", "Rich", new Dictionary<string, object> { ["summary.redemptions.gift.amount_to_go"] = Meets("$more_than", 100) });
        foreach (var code in new[] { "card", "other" }) await scrip.GiftCard(code, 500);
        async Task Given(string code) => (await scrip.Post("/v1/publications", new { voucher = code, customer = new { source_id = "ada" } })).Expect(200);

        await Given("card");
        await Holds(scrip, "ada", "Rich");
        (await scrip.Post("/v1/vouchers/card/balance", new { amount = -450 })).Expect(200);
        await Holds(scrip, "ada");
        (await scrip.Post("/v1/vouchers/card/balance", new { amount = 300 })).Expect(200);
        await Holds(scrip, "ada", "Rich");
        (await scrip.Delete("/v1/vouchers/card")).Expect(204);
        await Holds(scrip, "ada");
    }

    [Theory, OnBoth]
    public async Task Custom_events_are_counted_and_segments_may_mention_segments(Db db)
    {
        var scrip = await servers.Project(db);
        var reviewers = await Segment(scrip, "passive", "Reviewers", new Dictionary<string, object> { ["events.review.left.count"] = Meets("$more_than", "1") });
        await Segment(scrip, "auto-update", "Gold reviewers", new Dictionary<string, object> { ["segments"] = Is(reviewers), ["metadata.level"] = Is("gold") });
        await Customer(scrip, "ada", new { level = "gold" });
        for (var i = 0; i < 2; i++) (await scrip.Post("/v1/events", new { @event = "review.left", customer = new { source_id = "ada" } })).Expect(200);

        await Holds(scrip, "ada", "Reviewers", "Gold reviewers");

        // A passive segment tells nobody.
        var told = await Eventually.Answers(() => scrip.Get("/v1/customers/ada/activity?category=EFFECT"), list => list["data"].Items.Count > 0);
        told["data"].Items.Select(one => one["data"]["data"]["segment"]["name"].Text).ShouldBe(["Gold reviewers"]);
    }

    [Theory, OnBoth]
    public async Task Rules_ask_segments(Db db)
    {
        var scrip = await servers.Project(db);
        var ada = await Customer(scrip, "ada", new { });
        var friends = (await scrip.Post("/v1/segments", new { name = "Friends", type = "static", customers = new[] { ada } })).Expect(200)["id"].Text;
        var gold = await Segment(scrip, "passive", "Gold", new Dictionary<string, object> { ["metadata.level"] = Is("gold") });
        var buyers = await Segment(scrip, "passive", "Buyers", new Dictionary<string, object> { ["summary.orders.total_count"] = Meets("$more_than", 0) });
        foreach (var (code, segment) in new[] { ("friends", friends), ("gold", gold), ("buyers", buyers) })
        {
            await scrip.Coupon(code, new { type = "AMOUNT", amount_off = 100 });
            await scrip.Assign(await scrip.Rule("customer.segment", "$is", segment), "voucher", (await scrip.Get($"/v1/vouchers/{code}"))["id"].Text);
        }
        (await Valid(scrip, "friends", new { source_id = "ada" })).ShouldBeTrue();
        (await Valid(scrip, "friends", new { source_id = "bob" })).ShouldBeFalse();
        (await Valid(scrip, "gold", new { source_id = "ada" })).ShouldBeFalse();
        // The profile as the request brings it decides, be it stored or not.
        (await Valid(scrip, "gold", new { source_id = "ada", metadata = new { level = "gold" } })).ShouldBeTrue();
        (await Valid(scrip, "gold", new { source_id = "new", metadata = new { level = "gold" } })).ShouldBeTrue();
        await Customer(scrip, "cyd", new { level = "gold" });
        await Holds(scrip, "cyd", "Gold");
        (await Valid(scrip, "gold", new { source_id = "cyd" })).ShouldBeTrue();
        (await Valid(scrip, "gold", new { source_id = "cyd", metadata = new { level = "iron" } })).ShouldBeFalse();
        (await Valid(scrip, "buyers", new { source_id = "ada" })).ShouldBeFalse();
        (await scrip.Post("/v1/orders", new { source_id = "o1", status = "PAID", amount = 100, customer = new { source_id = "ada" } })).Expect(200);
        await Eventually.Holds(() => Valid(scrip, "buyers", new { source_id = "ada" }));
        (await scrip.Delete($"/v1/segments/{friends}")).Expect(204);
        (await Valid(scrip, "friends", new { source_id = "ada" })).ShouldBeFalse();
    }

    [Theory, OnBoth]
    public async Task Each_operator_holds_for_whom_it_should(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/customers", new
        {
            source_id = "ada",
            name = "Ada Lovelace",
            email = "ada@shop.test",
            birthdate = TimeProvider.System.GetUtcNow().AddMonths(1).AddYears(-30).ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            address = new { city = "Paris", country = "France" },
            metadata = new { age = 36, tags = new[] { "a", "b" }, vip = true },
        })).Expect(200);
        var rows = new (string Field, string Op, object[] Values, bool Holds)[]
        {
            ("name", "$is", ["Ada Lovelace"], true), ("name", "$is_not", ["Ada Lovelace"], false), ("name", "$starts_with", ["Ada"], true),
            ("name", "$ends_with", ["lace"], true), ("name", "$contains", ["Love"], true), ("name", "$not_contain", ["Love"], false),
            ("phone", "$is_unknown", [true], true), ("phone", "$has_value", [true], false), ("email", "$in", ["x", "ada@shop.test"], true),
            ("address.city", "$is", ["Paris"], true), ("address.country", "$not_in", ["Poland", "France"], false), ("address.state", "$is_not", ["x"], true),
            ("metadata.age", "$more_than", [35], true), ("metadata.age", "$less_than", [36], false), ("metadata.age", "$less_than_equal", [36], true),
            ("metadata.tags", "$count", [2], true), ("metadata.tags", "$count_less", [2], false), ("metadata.tags", "$contains", ["b"], true), ("metadata.vip", "$is", ["true"], true),
            ("created_at", "$after", ["2020-01-01T00:00:00Z"], true), ("created_at", "$before", ["2020-01-01T00:00:00Z"], false),
            ("created_at", "$is_days_ago", [0], true), ("created_at", "$more_than_ago", [1], false), ("created_at", "$less_than_ago", [1], true), ("created_at", "$more_than_future", [1], false),
            ("birthdate", "$next_month", [true], true), ("birthdate", "$this_month", [true], false), ("birthdate", "$before", ["2010-01-01"], true),
            ("summary.orders.total_count", "$is", [0], true), ("summary.orders.last_order_date", "$is_unknown", [true], true), ("redemptions_total_failed", "$less_than", [1], true),
            ("events.x.count", "$is", [0], true), ("events.x.last_at", "$has_value", [true], false), ("loyalty.points", "$is_not", [1], true), ("loyalty.points", "$is", [0], true), ("loyalty_points.campaigns.none.points", "$has_value", [true], false), ("loyalty_tier", "$is_not", [1], false),
        };
        var names = new List<string>();
        foreach (var (field, op, values, holds) in rows)
        {
            var name = $"{field} {op} {names.Count}";
            await Segment(scrip, "passive", name, new Dictionary<string, object> { [field] = new { conditions = new Dictionary<string, object> { [op] = values } } });
            if (holds) names.Add(name); else names.Add("");
        }
        (await In(scrip, "ada")).ShouldBe(names.Where(name => name.Length > 0), ignoreOrder: true);
    }

    [Theory, OnBoth]
    public async Task Time_alone_moves_customers(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_SEGMENT_REFRESH_MS"] = "200" });
        var scrip = await Servers.Project(server);
        var soon = TimeProvider.System.GetUtcNow().AddDays(-2).AddSeconds(4).ToString("O", System.Globalization.CultureInfo.InvariantCulture);
        await Customer(scrip, "ada", new { seen = soon });
        await Customer(scrip, "bob", new { seen = "2100-01-01T00:00:00Z" });
        await Segment(scrip, "auto-update", "Lost", new Dictionary<string, object> { ["metadata.seen"] = Meets("$more_than_ago", 2) });
        await Segment(scrip, "passive", "Found", new Dictionary<string, object> { ["metadata.seen"] = Meets("$less_than_ago", 2) });
        await Holds(scrip, "ada", "Lost");
        (await In(scrip, "bob")).ShouldBeEmpty();
        await Eventually.Holds(async () => (await scrip.Get("/v1/customers/ada/activity?category=EFFECT")).Expect(200)["data"].Items is [var told] && told["type"] == "customer.segment.entered");
    }

    [Theory, OnBoth]
    public async Task Groups_of_conditions_join_by_and_or(Db db)
    {
        var scrip = await servers.Project(db);
        foreach (var (source, city, level) in new[] { ("a", "Paris", "gold"), ("b", "Paris", "iron"), ("c", "Rome", "gold"), ("d", "Rome", "iron") })
            (await scrip.Post("/v1/customers", new { source_id = source, address = new { city }, metadata = new { level } })).Expect(200);
        var made = (await scrip.Post("/v1/segments", new
        {
            name = "Some",
            type = "passive",
            filter = new Dictionary<string, object>
            {
                ["junction"] = "or",
                ["source_id"] = Is("d"),
                ["both"] = new Dictionary<string, object> { ["junction"] = "and", ["address.city"] = Is("Paris"), ["metadata.level"] = Is("gold") },
            },
        })).Expect(200)["id"].Text;
        await Filled(scrip, made);
        (await scrip.Get($"/v1/customers?segment_id={made}&limit=100"))["customers"].Items.Select(one => one["source_id"].Text).ShouldBe(["a", "d"], ignoreOrder: true);
        // Of somebody who is not known, nothing but the name counts.
        (await In(scrip, "d-unknown")).ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Bad_segments_are_refused_with_the_place_of_the_fault(Db db)
    {
        var scrip = await servers.Project(db);
        foreach (var (body, details) in new (object, string)[]
        {
            (new { type = "passive", filter = new { junction = "and" } }, "name"),
            (new { name = "x", type = "other" }, ".type"),
            (new { name = "x", type = "passive" }, "filter"),
            (new { name = "x", type = "passive", filter = new { junction = "and" } }, ".filter"),
            (new { name = "x", type = "passive", filter = new { junction = "xor", name = Is("a") } }, "junction"),
            (new { name = "x", type = "passive", filter = new { junction = "and", shoe_size = Is("a") } }, ".filter.shoe_size"),
            (new { name = "x", type = "passive", filter = new { junction = "and", name = Meets("$near", "a") } }, ".filter.name.conditions.$near"),
            (new { name = "x", type = "passive", filter = new { junction = "and", created_at = Meets("$after", "soon") } }, ".filter.created_at.conditions.$after"),
            (new { name = "x", type = "passive", filter = new { junction = "and", name = new { } } }, ".filter.name.conditions"),
            (new { name = "x", type = "static", filter = new { junction = "and", name = Is("a") } }, ".filter"),
        })
            (await scrip.Post("/v1/segments", body)).Expect(400)["details"].Text.ShouldContain(details);
        (await scrip.Post("/v1/segments", new { name = "x", type = "static", customers = new[] { "nobody" } })).Expect(404);
        (await scrip.Post("/v1/segments", new { name = "x", type = "passive", filter = new { junction = "and", segments = Is("seg_none") } })).Expect(404);
        (await scrip.Get("/v1/segments")).Expect(200)["total"].ShouldBe(0);
    }

    private static object Is(string value) => Meets("$is", value);

    private static object Meets(string op, object value) => new { conditions = new Dictionary<string, object> { [op] = new[] { value } } };

    private static async Task<string> Customer(ApiClient scrip, string source, object metadata) =>
        (await scrip.Post("/v1/customers", new { source_id = source, metadata })).Expect(200)["id"].Text;

    private static async Task<string> Segment(ApiClient scrip, string type, string name, Dictionary<string, object> conditions)
    {
        var made = (await scrip.Post("/v1/segments", new { name, type, filter = new Dictionary<string, object>(conditions) { ["junction"] = "and" } })).Expect(200);
        made["initial_sync_status"].ShouldBe("IN_PROGRESS");
        await Filled(scrip, made["id"].Text);
        return made["id"].Text;
    }

    private static Task Filled(ApiClient scrip, string id) => Eventually.Holds(async () => (await scrip.Get($"/v1/segments/{id}"))["initial_sync_status"].Text == "DONE");

    private static async Task<string[]> In(ApiClient scrip, string customer) =>
        [.. (await scrip.Get($"/v1/customers/{customer}/segments")).Expect(200)["data"].Items.Select(one => one["name"].Text)];

    private static Task Holds(ApiClient scrip, string customer, params string[] names) =>
        Eventually.Holds(async () => (await In(scrip, customer)).SequenceEqual(names));

    private static async Task<bool> Valid(ApiClient scrip, string code, object customer) =>
        (await scrip.Post("/v1/validations", new { customer, order = new { amount = 1000 }, redeemables = new[] { new { @object = "voucher", id = code } } })).Expect(200)["valid"] == true;
}
