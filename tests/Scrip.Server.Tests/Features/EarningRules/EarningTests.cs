using static Scrip.Server.Tests.Features.EarningRules.Club;

namespace Scrip.Server.Tests.Features.EarningRules;

/// <summary>Points that follow from what customers do: once for each rule and cause, and only where a rule says so.</summary>
public sealed class EarningTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_paid_order_earns_once_by_each_rule_however_often_it_is_paid(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await scrip.Loyalty("Club", autoJoin: false);
        var rule = await scrip.Earning(club, new { type = "PROPORTIONAL", calculation_type = "ORDER_TOTAL_AMOUNT", order = new { total_amount = new { every = 1000, points = 2 } } });
        await scrip.Earning(club, Fixed(5));
        var code = await scrip.Card(club, "ada");

        var order = (await scrip.Post("/v1/orders", new { source_id = "o1", status = "CREATED", amount = 4999, customer = new { source_id = "ada" } })).Expect(200)["id"].Text;
        (await scrip.Put($"/v1/orders/{order}", new { status = "PAID" })).Expect(200);
        await scrip.Becomes("ada", "Club", 13);
        (await scrip.Put($"/v1/orders/{order}", new { status = "CREATED" })).Expect(200);
        (await scrip.Put($"/v1/orders/{order}", new { status = "PAID" })).Expect(200);
        // A redemption pays its order, too, and what it took off earns nothing.
        await scrip.Coupon("ten", new { type = "AMOUNT", amount_off = 1000 });
        (await scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = "ten" } }, customer = new { source_id = "ada" }, order = new { source_id = "o2", amount = 3000 } })).Expect(200);
        await scrip.Becomes("ada", "Club", 13 + 4 + 5);

        var moved = (await scrip.Get($"/v1/vouchers/{code}/transactions")).Expect(200)["data"].Items;
        moved.Count.ShouldBe(4);
        moved.ShouldAllBe(one => one["type"].Text == "POINTS_ACCRUAL");
        var first = moved.Single(one => one["details"]["earning_rule"]["id"] == rule["id"] && one["details"]["order"]["id"] == order);
        first["details"]["earning_rule"]["source"]["banner"].ShouldBe("Earn");
        first["details"]["order"]["id"].ShouldBe(order);
        first["details"]["event"]["type"].ShouldBe("customer.order.paid");
        first["details"]["balance"]["points"].ShouldBe(8);
        first["details"]["balance"]["operation_type"].ShouldBe("AUTOMATIC");
        (await scrip.Get($"/v1/vouchers/{code}")).Expect(200)["loyalty_card"]["balance"].ShouldBe(22);
    }

    [Theory, OnBoth]
    public async Task The_tier_of_a_card_changes_what_a_rule_gives_and_the_rule_says_how_long_it_lasts(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await scrip.Loyalty("Club", autoJoin: false);
        var lasting = (await scrip.Post($"/v1/loyalties/{club}/earning-rules", new[] { new { @event = "order.paid", loyalty = Fixed(10), expiration_rules = new { period_type = "FIXED_DAY_OF_YEAR", fixed_month = 12, fixed_day = 31 } } })).Expect(200)[0];
        lasting["expiration_rules"]["fixed_day"].ShouldBe(31);
        var rule = lasting["id"].Text;
        (await scrip.Post($"/v1/loyalties/{club}/tiers", new object[]
        {
            new { name = "Plain", points = new { from = 0, to = 9 } },
            new { name = "Double", points = new { from = 10 }, earning_rules = new Dictionary<string, object> { [rule] = new { type = "MULTIPLY", multiplier = 2 } } },
        })).Expect(200);
        var twice = (await scrip.Get($"/v1/loyalties/{club}/tiers")).Expect(200)["data"].Items.Single(one => one["name"] == "Double")["id"].Text;
        (await scrip.Get($"/v1/loyalties/{club}/tiers/{twice}/earning-rules")).Expect(200)["data"].Items.ShouldHaveSingleItem()["loyalty"]["points"].ShouldBe(20);
        (await scrip.Get($"/v1/loyalties/{club}/tiers/ltr_none/earning-rules")).Expect(404)["resource_type"].ShouldBe("loyalty_tier");
        var code = await scrip.Card(club, "ada");
        async Task Pays(string order) => (await scrip.Post("/v1/orders", new { source_id = order, status = "PAID", amount = 1000, customer = new { source_id = "ada" } })).Expect(200);
        Task Member(string tier) => Eventually.Answers(() => scrip.Get($"/v1/loyalties/members/{code}/tiers"), list => list["data"].Items.Any(one => one["name"] == tier));

        await Member("Plain");
        await Pays("o1");
        await scrip.Becomes("ada", "Club", 10);
        await Member("Double");
        await Pays("o2");
        await scrip.Becomes("ada", "Club", 30);

        var buckets = (await scrip.Get($"/v1/loyalties/{club}/members/{code}/points-expiration")).Expect(200)["data"].Items;
        buckets.Sum(one => one["bucket"]["total_points"].Number).ShouldBe(30);
        buckets.ShouldAllBe(one => one["expires_at"].Text.EndsWith("-12-31", StringComparison.Ordinal));
    }

    [Theory, OnBoth]
    public async Task All_that_an_order_is_measured_by(Db db)
    {
        var scrip = await servers.Project(db);
        var (shirt, shoe) = (await scrip.Product("shirt", 1000), await scrip.Product("shoe", 7000));
        var sku = (await scrip.Post($"/v1/products/{shoe}/skus", new { source_id = "shoe-42", sku = "42" })).Expect(200)["id"].Text;
        var sale = (await scrip.Post("/v1/product-collections", new { name = "sale", type = "STATIC", products = new[] { new { id = shirt, @object = "product" } } })).Expect(200)["id"].Text;
        object Items(string calculation, string place, params object[] covered) => new
        {
            type = "PROPORTIONAL",
            calculation_type = calculation,
            order_items = new Dictionary<string, object> { [place] = covered.Length == 0 ? new { every = 1, points = 1 } : new { every = 1, points = 1, applicable_to = covered } },
        };
        var expected = new Dictionary<string, (object Loyalty, long Points)>
        {
            ["amount"] = (new { type = "PROPORTIONAL", calculation_type = "ORDER_AMOUNT", order = new { amount = new { every = "1000", points = "3" } } }, 27),
            ["metadata"] = (new { type = "PROPORTIONAL", calculation_type = "ORDER_METADATA", order = new { metadata = new { every = 2, points = 1, property = "visits" } } }, 3),
            ["customer"] = (new { type = "PROPORTIONAL", calculation_type = "CUSTOMER_METADATA", customer = new { metadata = new { every = 10, points = 1, property = "years" } } }, 4),
            ["units"] = (Items("ORDER_ITEMS_QUANTITY", "quantity"), 3),
            ["shirts"] = (Items("ORDER_ITEMS_QUANTITY", "quantity", new { @object = "product", id = "shirt" }), 2),
            ["skus"] = (Items("ORDER_ITEMS_AMOUNT", "amount", new { @object = "sku", id = sku }), 7000),
            ["sale"] = (Items("ORDER_ITEMS_AMOUNT", "amount", new { @object = "products_collection", id = sale }, new { @object = "product", id = shirt }), 2000),
            ["subtotal"] = (Items("ORDER_ITEMS_SUBTOTAL_AMOUNT", "subtotal_amount"), 9000),
            ["formula"] = (new { type = "FIXED", points = 1, points_formula = "ORDER_AMOUNT / 9" }, 10),
        };
        foreach (var (name, (loyalty, _)) in expected) await scrip.Earning(await scrip.Loyalty(name), loyalty);
        var shown = (await scrip.Get("/v1/loyalties/shirts/earning-rules")).Expect(200)["data"][0]["loyalty"]["order_items"]["quantity"];
        (shown["object"].Text, shown["id"].Text, shown["applicable_to"][0]["id"].Text).ShouldBe(("product", shirt, shirt));
        (await scrip.Post("/v1/customers", new { source_id = "ada", metadata = new { years = 41.5 } })).Expect(200);

        var order = new { items = new object[] { new { source_id = "shirt", related_object = "product", quantity = 2 }, new { source_id = "shoe-42", related_object = "sku", quantity = 1, price = 7000 } }, amount = (long?)null, metadata = new { visits = 7 } };
        foreach (var (name, (_, points)) in expected)
            (await scrip.Post($"/v1/loyalties/{name}/qualifications", new { customer = new { source_id = "ada" }, order = new { order.items, order.metadata } })).Expect(200)["points_estimation"].ShouldBe(points, name);
        await scrip.Pay("ada", "o1", more: order);

        foreach (var (name, (_, points)) in expected) await scrip.Becomes("ada", name, points);
        (await scrip.Get("/v1/customers/ada")).Expect(200)["loyalty"]["points"].ShouldBe(expected.Values.Sum(one => one.Points));
    }

    [Theory, OnBoth]
    public async Task Events_of_client_side_keys_earn_only_where_the_project_says_so(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await scrip.Loyalty("Club");
        (await scrip.AsManagement.Post($"/management/v1/projects/{scrip.Project.Id}/custom-event-schemas", new { name = "reviewed", schema = new { properties = new { } } })).Expect(200);
        await scrip.Earning(club, Fixed(5), "reviewed");
        var tracked = 0;
        async Task Track(ApiClient with, string path)
        {
            (await with.Post(path, new { @event = "reviewed", customer = new { source_id = "ada" } })).Expect(200);
            tracked++;
            // What was kept as an activity was handled by all, in one transaction.
            await Eventually.Answers(() => scrip.Get("/v1/customers/ada/activity?type=customer.custom_event"), list => list["data"].Items.Count == tracked);
        }

        async Task Count(bool isOn) => (await scrip.AsManagement.Put($"/management/v1/projects/{scrip.Project.Id}", new { client_loyalty_events_enabled = isOn })).Expect(200);

        await Count(false);
        await Track(scrip.AsClient, "/client/v1/events");
        (await scrip.Points("ada", "Club")).ShouldBe(0);
        await Track(scrip, "/v1/events");
        (await scrip.Points("ada", "Club")).ShouldBe(5);

        await Count(true);
        await Track(scrip.AsClient, "/client/v1/events");
        (await scrip.Points("ada", "Club")).ShouldBe(10);
    }

    [Theory, OnBoth]
    public async Task A_custom_event_earns_by_its_name_and_on_the_card_that_it_names(Db db)
    {
        var scrip = await servers.Project(db);
        var path = $"/management/v1/projects/{scrip.Project.Id}/custom-event-schemas";
        async Task<string> Define(string name) => (await scrip.AsManagement.Post(path, new { name, schema = new { properties = new { stars = new { type = "number", optional = true } } } })).Expect(200)["id"].Text;
        var (schema, _) = (await Define("reviewed"), await Define("order.paid"));
        var (club, other) = (await scrip.Loyalty("Club"), await scrip.Loyalty("Other"));
        var rule = await scrip.Earning(club, new { type = "PROPORTIONAL", calculation_type = "CUSTOM_EVENT_METADATA", custom_event = new { metadata = new { every = 2, points = 10, property = "stars" } } }, "reviewed", new { custom_event = new { schema_id = schema } });
        await scrip.Earning(other, Fixed(1), "reviewed");
        // A custom event that is named as one of ours pays no order.
        await scrip.Earning(other, Fixed(1000));
        rule["custom_event"]["schema_id"].ShouldBe(schema);
        async Task Track(string customer, object metadata, string? card = null, string name = "reviewed") =>
            (await scrip.Post("/v1/events", Join(new { @event = name, customer = new { source_id = customer }, metadata }, card is null ? null : new { loyalty = new { code = card } }))).Expect(200);

        await Track("ada", new { stars = 5 });
        await Track("ada", new { stars = 5 });
        await Track("ada", new { stars = 1 });
        await Track("ada", new { stars = 4 }, name: "order.paid");
        await scrip.Becomes("ada", "Club", 40);
        await scrip.Becomes("ada", "Other", 3);
        var card = (await scrip.Get("/v1/vouchers?customer=ada&campaign=Club")).Expect(200)["vouchers"].Items.Single(one => one["campaign"].Text == "Club")["code"].Text;
        await Track("ada", new { stars = 2 }, card);
        await Track("bob", new { stars = 2 }, card);
        await Track("bob", new { stars = 2 });

        await scrip.Becomes("bob", "Club", 10);
        await scrip.Becomes("ada", "Club", 50);
        ((await scrip.Points("ada", "Other")), (await scrip.Points("bob", "Other"))).ShouldBe((3, 1));
        var told = (await scrip.Get($"/v1/vouchers/{card}/transactions")).Expect(200)["data"][0]["details"];
        (told["custom_event"]["type"].Text, told["event_schema"]["id"].Text).ShouldBe(("reviewed", schema));
    }

    [Theory, OnBoth]
    public async Task Entering_a_segment_earns(Db db)
    {
        var scrip = await servers.Project(db);
        async Task<string> Gold(string name, string level) => (await scrip.Post("/v1/segments", new Dictionary<string, object> { ["name"] = name, ["type"] = "auto-update", ["filter"] = new Dictionary<string, object> { ["junction"] = "and", ["metadata.level"] = new { conditions = new Dictionary<string, object> { ["$is"] = new[] { level } } } } })).Expect(200)["id"].Text;
        var (gold, silver) = (await Gold("Gold", "gold"), await Gold("Silver", "silver"));
        var club = await scrip.Loyalty("Club");
        (await scrip.Earning(club, Fixed(100), "customer.segment.entered", new { segment = new { id = gold } }))["segment"]["id"].ShouldBe(gold);
        await scrip.Earning(club, Fixed(7), "customer.segment.entered", new { segment = new { id = silver } });

        async Task Level(string level) => (await scrip.Post("/v1/customers", new { source_id = "ada", metadata = new { level } })).Expect(200);
        await Eventually.Holds(async () => (await scrip.Get($"/v1/segments/{silver}")).Status == 200);
        await Level("none");
        await Level("gold");
        await scrip.Becomes("ada", "Club", 100);
        await Level("silver");
        await scrip.Becomes("ada", "Club", 107);
        var card = (await scrip.Get("/v1/vouchers?customer=ada")).Expect(200)["vouchers"].Items.Single();
        (await scrip.Get($"/v1/vouchers/{card["code"].Text}/transactions")).Expect(200)["data"][1]["details"]["segment"]["name"].ShouldBe("Gold");
    }

    [Theory, OnBoth]
    public async Task Who_joins_by_earning_gets_one_card_however_many_events_there_are_at_once(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await scrip.Loyalty("Club");
        await scrip.Earning(club, Fixed(1));

        await Task.WhenAll(Enumerable.Range(0, 12).Select(i => scrip.Pay("ada", $"o{i}")));

        await scrip.Becomes("ada", "Club", 12);
        (await scrip.Get("/v1/vouchers?customer=ada")).Expect(200)["vouchers"].Items.Count.ShouldBe(1);
        (await scrip.Get("/v1/publications?customer=ada")).Expect(200)["total"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task Nothing_is_earned_without_a_card_out_of_time_or_against_a_rule(Db db)
    {
        var scrip = await servers.Project(db);
        var past = "2020-01-01T00:00:00.000Z";
        var future = "2999-01-01T00:00:00.000Z";
        var big = await scrip.Rule("order.amount", "$more_than", 500_000);
        var one = await scrip.Loyalty("Nothing");
        await scrip.Earning(one, Fixed(1), more: new { active = false });
        await scrip.Earning(one, Fixed(1), more: new { start_date = "2019-01-01T00:00:00.000Z", expiration_date = past });
        await scrip.Earning(one, Fixed(1), more: new { start_date = future });
        await scrip.Earning(one, Fixed(1), more: new { validity_day_of_week = new[] { ((int)DateTimeOffset.UtcNow.DayOfWeek + 3) % 7 } });
        await scrip.Earning(one, Fixed(1), more: new { validation_rule_id = big });
        var disabled = await scrip.Earning(one, Fixed(1));
        (await scrip.Post($"/v1/loyalties/{one}/earning-rules/{disabled["id"].Text}/disable")).Expect(200)["active"].ShouldBe(false);
        var deleted = await scrip.Earning(one, Fixed(1));
        (await scrip.Delete($"/v1/loyalties/{one}/earning-rules/{deleted["id"].Text}")).Expect(204);
        await scrip.Earning(await scrip.Loyalty("Members only", autoJoin: false), Fixed(1));
        await scrip.Earning(await scrip.Loyalty("Over", more: new { start_date = "2019-01-01T00:00:00.000Z", expiration_date = past }), Fixed(1));
        var off = await scrip.Loyalty("Off");
        await scrip.Earning(off, Fixed(1));
        (await scrip.Post($"/v1/campaigns/{off}/disable")).Expect(200);
        // Who lost the card that joins once gets no other.
        var once = await scrip.Loyalty("Once", joinOnce: true);
        await scrip.Earning(once, Fixed(1));
        (await scrip.Delete($"/v1/vouchers/{await scrip.Card(once, "ada")}")).Expect(204);
        var locked = await scrip.Loyalty("Locked");
        await scrip.Earning(locked, Fixed(1));
        (await scrip.Post($"/v1/vouchers/{await scrip.Card(locked, "ada")}/disable")).Expect(200);
        await scrip.Earning(await scrip.Loyalty("Last"), Fixed(1), more: new { validation_rule_id = await scrip.Rule("order.amount", "$more_than", 999) });

        await scrip.Pay("ada", "o1");

        await scrip.Becomes("ada", "Last", 1);
        var ada = (await scrip.Get("/v1/customers/ada")).Expect(200)["loyalty"];
        ada["points"].ShouldBe(1);
        ada["campaigns"]["Nothing"].Exists.ShouldBeFalse();
        ada["campaigns"]["Members only"].Exists.ShouldBeFalse();
        (await scrip.Post($"/v1/loyalties/{one}/earning-rules/{disabled["id"].Text}/enable")).Expect(200)["active"].ShouldBe(true);
        await scrip.Pay("ada", "o2");
        await scrip.Becomes("ada", "Nothing", 1);
        // Rules that were made later do not earn by what was before.
        await scrip.Earning(one, Fixed(1000));
        await scrip.Pay("ada", "o3");
        await scrip.Becomes("ada", "Nothing", 1002);
    }

    [Theory, OnBoth]
    public async Task Rules_about_customers_and_events_decide(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.AsManagement.Post($"/management/v1/projects/{scrip.Project.Id}/custom-event-schemas", new { name = "reviewed", schema = new { properties = new { stars = new { type = "number", optional = true } } } })).Expect(200);
        var ada = (await scrip.Post("/v1/customers", new { source_id = "ada" })).Expect(200)["id"].Text;
        var friends = (await scrip.Post("/v1/segments", new { name = "Friends", type = "static", customers = new[] { ada } })).Expect(200)["id"].Text;
        await scrip.Earning(await scrip.Loyalty("Friends"), Fixed(1), "reviewed", new { validation_rule_id = await scrip.Rule("customer.segment", "$is", friends) });
        await scrip.Earning(await scrip.Loyalty("All"), Fixed(1), "reviewed");
        foreach (var who in new[] { "ada", "bob" }) (await scrip.Post("/v1/events", new { @event = "reviewed", customer = new { source_id = who } })).Expect(200);
        foreach (var who in new[] { "ada", "bob" }) await scrip.Becomes(who, "All", 1);
        ((await scrip.Points("ada", "Friends")), (await scrip.Points("bob", "Friends"))).ShouldBe((1, 0));
    }
}
