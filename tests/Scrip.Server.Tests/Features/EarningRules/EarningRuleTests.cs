using static Scrip.Server.Tests.Features.EarningRules.Club;

namespace Scrip.Server.Tests.Features.EarningRules;

/// <summary>Earning rules as they are made, changed and refused.</summary>
public sealed class EarningRuleTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task Rules_are_made_many_at_once_listed_changed_and_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        var (club, rule) = (await scrip.Loyalty("Club"), await scrip.Rule("order.amount", "$more_than", 1));
        var path = $"/v1/loyalties/{club}/earning-rules";
        var made = (await scrip.Post(path, new object[]
        {
            new { @event = "order.paid", validation_rule_id = rule, loyalty = new { type = "FIXED", points = "5" }, source = new { banner = "Five" }, active = true, start_date = "2022-11-02T13:00:00.000Z", expiration_date = "2999-03-03T14:30:00.000Z",
                validity_timeframe = new { duration = "PT1H", interval = "P1D" }, validity_day_of_week = new[] { 0, 1 }, metadata = new { kind = "fixed" }, pending_points = new { period_type = "DAY", period_value = 3 } },
            new { @event = "order.paid", loyalty = new { type = "PROPORTIONAL", calculation_type = "ORDER_AMOUNT", order = new { amount = new { every = 100, points = 1 }, total_amount = new { every = 1, points = 1 } } } },
        })).Expect(200);
        var five = made[0];
        five["id"].Text.ShouldStartWith("ern_");
        five["loyalty"].ShouldBe(new Part(System.Text.Json.Nodes.JsonNode.Parse("""{"type":"FIXED","points":5}""")));
        (five["validation_rule_id"].Text, five["source"]["object_id"].Text, five["source"]["banner"].Text).ShouldBe((rule, club, "Five"));
        five["updated_at"].IsNull.ShouldBeTrue();
        made[1]["validation_rule_id"].IsNull.ShouldBeTrue();
        // What the calculation does not look at is not kept.
        made[1]["loyalty"]["order"].Names.ShouldBe(["amount"]);
        (await scrip.Get($"/v1/validation-rules/{rule}/assignments")).Expect(200)["data"][0]["related_object_type"].ShouldBe("earning_rule");

        var one = $"{path}/{five["id"].Text}";
        (await scrip.Get(one)).Expect(200).Body.ShouldBe(five);
        (await scrip.Get("/v1/loyalties/Club/earning-rules?order=-created_at&limit=1")).Expect(200)["total"].ShouldBe(2);
        var changed = (await scrip.Put(one, new { loyalty = Fixed(6), metadata = new { more = 1 }, pending_points = (object?)null, start_date = (string?)null })).Expect(200);
        (changed["loyalty"]["points"].Number, changed["metadata"]["kind"].Text, changed["metadata"]["more"].Number, changed["source"]["banner"].Text).ShouldBe((6, "fixed", 1, "Five"));
        changed["pending_points"].Exists.ShouldBeFalse();
        changed["start_date"].Exists.ShouldBeFalse();
        changed["validation_rule_id"].ShouldBe(rule);
        (await scrip.Put(one, new { validation_rule_id = (string?)null })).Expect(200)["validation_rule_id"].IsNull.ShouldBeTrue();
        (await scrip.Get($"/v1/validation-rules/{rule}/assignments")).Expect(200)["total"].ShouldBe(0);
        // A rule may be assigned from the other side, too.
        await scrip.Assign(rule, "earning_rule", five["id"].Text);
        (await scrip.Get(one)).Expect(200)["validation_rule_id"].ShouldBe(rule);
        (await scrip.Post($"{one}/disable")).Expect(200)["active"].ShouldBe(false);
        (await scrip.Post($"{one}/enable")).Expect(200)["updated_at"].IsNull.ShouldBeFalse();
        (await scrip.Delete(one)).Expect(204);
        (await scrip.Get(one)).Expect(404)["resource_type"].ShouldBe("earning_rule");
        (await scrip.Get($"/v1/validation-rules/{rule}/assignments")).Expect(200)["total"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task What_is_no_rule_is_refused_with_its_place(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await scrip.Loyalty("Club");
        var path = $"/v1/loyalties/{club}/earning-rules";
        object Ratio(string calculation, object order) => new { type = "PROPORTIONAL", calculation_type = calculation, order };
        foreach (var (rule, status, says) in ((object, int, string)[])
        [
            (new { loyalty = Fixed(1) }, 400, "[0].event"),
            (new { @event = "order.paid" }, 400, "[0].loyalty"),
            (new { @event = "nothing.known", loyalty = Fixed(1) }, 404, "custom_event_schema"),
            (new { @event = "customer.loyalty.tier.joined", loyalty = Fixed(1) }, 400, "tiers"),
            (new { @event = "order.paid", loyalty = Fixed(1), loyalty_tier = new { id = "__ANY__" } }, 400, "[0].loyalty_tier"),
            (new { @event = "order.paid", loyalty = Fixed(1), expiration_rules = new { period_type = "MONTH" } }, 400, "[0].expiration_rules.period_value"),
            (new { @event = "order.paid", loyalty = Fixed(0) }, 400, "[0].loyalty.points"),
            (new { @event = "order.paid", loyalty = new { type = "FIXED" } }, 400, "[0].loyalty.points"),
            (new { @event = "order.paid", loyalty = new { type = "OTHER", points = 1 } }, 400, "[0].loyalty.type"),
            (new { @event = "order.paid", loyalty = new { type = "FIXED", points = 1, points_formula = "1 +" } }, 400, "[0].loyalty.points_formula"),
            (new { @event = "order.paid", loyalty = Ratio("CUSTOM_EVENT_METADATA", new { }) }, 400, "[0].loyalty.calculation_type"),
            (new { @event = "order.paid", loyalty = Ratio("ORDER_TOTAL_AMOUNT", new { amount = new { every = 1, points = 1 } }) }, 400, "[0].loyalty.order.total_amount"),
            (new { @event = "order.paid", loyalty = Ratio("ORDER_AMOUNT", new { amount = new { every = 0, points = 1 } }) }, 400, "[0].loyalty.order.amount.every"),
            (new { @event = "order.paid", loyalty = Ratio("ORDER_METADATA", new { metadata = new { every = 1, points = 1 } }) }, 400, "[0].loyalty.order.metadata.property"),
            (new { @event = "order.paid", loyalty = new { type = "PROPORTIONAL", calculation_type = "ORDER_ITEMS_AMOUNT", order_items = new { amount = new { every = 1, points = 1, @object = "product", id = "prod_unknown" } } } }, 404, "prod_unknown"),
            (new { @event = "order.paid", loyalty = Fixed(1), pending_points = new { period_type = "DAY", period_value = 91 } }, 400, "[0].pending_points.period_value"),
            (new { @event = "customer.segment.entered", loyalty = Fixed(1) }, 400, "[0].segment.id"),
            (new { @event = "customer.segment.entered", loyalty = Fixed(1), segment = new { id = "seg_unknown" } }, 404, "seg_unknown"),
            (new { @event = "order.paid", loyalty = Fixed(1), validation_rule_id = "val_unknown" }, 404, "val_unknown"),
            (new { @event = "order.paid", loyalty = Fixed(1), validation_rule_id = await scrip.Rule("redemption.count.per_customer", "$less_than", 2) }, 400, "[0].validation_rule_id"),
            (new { @event = "order.paid", loyalty = Fixed(1), start_date = "2024-01-02T00:00:00.000Z", expiration_date = "2024-01-01T00:00:00.000Z" }, 400, "expiration_date"),
            (new { @event = "order.paid", loyalty = Fixed(1), validity_day_of_week = new[] { 9 } }, 400, "validity_day_of_week"),
        ])
            (await scrip.Post(path, new[] { rule })).Expect(status)["details"].Text.ShouldContain(says);
        (await scrip.Post(path, Array.Empty<object>())).Expect(400);
        // One that is wrong keeps all from being made.
        (await scrip.Post(path, new object[] { new { @event = "order.paid", loyalty = Fixed(1) }, new { } })).Expect(400)["details"].Text.ShouldContain("[1].event");
        (await scrip.Get(path)).Expect(200)["total"].ShouldBe(0);
        await scrip.Codes("coupons", 1, null);
        (await scrip.Post("/v1/loyalties/coupons/earning-rules", new[] { new { @event = "order.paid", loyalty = Fixed(1) } })).Expect(404)["resource_type"].ShouldBe("campaign");
        (await scrip.Post(path, Enumerable.Range(0, 60).Select(_ => new { @event = "order.paid", loyalty = Fixed(1) }))).Expect(200);
        (await scrip.Post(path, Enumerable.Range(0, 41).Select(_ => new { @event = "order.paid", loyalty = Fixed(1) }))).Expect(400)["details"].Text.ShouldContain("100 earning rules");
        var known = (await scrip.Get(path)).Expect(200)["data"][0]["id"].Text;
        (await scrip.Put($"{path}/{known}", new { @event = "reviewed" })).Expect(400)["details"].Text.ShouldContain("event");
    }

    [Theory, OnBoth]
    public async Task What_another_project_has_is_as_if_it_were_not_there(Db db)
    {
        var (scrip, stranger) = (await servers.Project(db), (await servers.Project(db)).Unchecked);
        var club = await scrip.Loyalty("Club");
        var rule = (await scrip.Earning(club, Fixed(3), more: new { pending_points = new { period_type = "DAY", period_value = 1 } }))["id"].Text;
        var (theirs, code) = (await stranger.Loyalty("Club"), await scrip.Card(club, "ada"));
        await scrip.Pay("ada", "o1");
        var waiting = await Eventually.Answers(() => scrip.Get($"/v1/loyalties/members/{code}/pending-points"), list => list["data"].Items.Count == 1);
        var pending = waiting["data"][0]["id"].Text;
        foreach (var campaign in new[] { club, theirs })
        {
            foreach (var path in new[] { $"earning-rules/{rule}", $"members/{code}/pending-points" }) (await stranger.Get($"/v1/loyalties/{campaign}/{path}")).Expect(404);
            (await stranger.Put($"/v1/loyalties/{campaign}/earning-rules/{rule}", new { active = false })).Expect(404);
            (await stranger.Delete($"/v1/loyalties/{campaign}/earning-rules/{rule}")).Expect(404);
            foreach (var what in new[] { "enable", "disable" }) (await stranger.Post($"/v1/loyalties/{campaign}/earning-rules/{rule}/{what}")).Expect(404);
        }
        foreach (var path in new[] { "earning-rules", "pending-points" }) (await stranger.Get($"/v1/loyalties/{club}/{path}")).Expect(404);
        (await stranger.Post($"/v1/loyalties/{club}/qualifications", new { customer = new { source_id = "ada" }, order = new { amount = 1 } })).Expect(404);
        (await stranger.Get($"/v1/loyalties/members/{code}/pending-points")).Expect(404);
        foreach (var what in new[] { "activate", "cancel", "balance" }) (await stranger.Post($"/v1/loyalties/members/{code}/pending-points/{pending}/{what}", new { points = 1 })).Expect(404);
        (await scrip.Get($"/v1/loyalties/{club}/pending-points")).Expect(200)["data"][0]["points"].ShouldBe(3);
    }

    [Theory, OnBoth]
    public async Task An_estimate_adds_up_what_an_order_would_earn_and_writes_nothing(Db db)
    {
        var scrip = await servers.Project(db);
        var club = await scrip.Loyalty("Club");
        await scrip.Earning(club, Fixed(1));
        await scrip.Earning(club, new { type = "PROPORTIONAL", calculation_type = "ORDER_AMOUNT", order = new { amount = new { every = 100, points = 1 } } });
        async Task<Answer> Ask(object? customer, object? order, string of = "Club") => await scrip.Post($"/v1/loyalties/{of}/qualifications", Join(new { customer, order }, null));
        var estimate = (await Ask(new { source_id = "ada" }, new { amount = 5050 })).Expect(200);
        (estimate["points_estimation"].Number, estimate["campaign"]["id"].Text, estimate["campaign"]["name"].Text).ShouldBe((51, club, "Club"));
        (await scrip.Get("/v1/customers/ada")).Expect(404);
        await scrip.Pay("ada", "o1", 200);
        (await Ask(new { source_id = "ada" }, new { source_id = "o1" })).Expect(200)["points_estimation"].ShouldBe(3);
        (await Ask(new { source_id = "ada" }, new { source_id = "o1", amount = 1000 })).Expect(200)["points_estimation"].ShouldBe(11);

        (await Ask(null, new { amount = 1 })).Expect(400)["details"].ShouldBe("Property .customer must be object");
        (await Ask(new { source_id = "ada" }, null)).Expect(400)["details"].ShouldBe("Property .order must be object");
        (await Ask(new { source_id = "ada" }, new { amount = 1 }, "Nothing")).Expect(404);
        await scrip.Loyalty("Members", autoJoin: false);
        (await Ask(new { source_id = "ada" }, new { amount = 1 }, "Members")).Expect(400)["key"].ShouldBe("campaign_not_allow_auto_join");
        (await scrip.Post($"/v1/vouchers/{await scrip.Card("Members", "ada")}/disable")).Expect(200);
        (await Ask(new { source_id = "ada" }, new { amount = 1 }, "Members")).Expect(400)["key"].ShouldBe("loyalty_card_not_active");
        (await scrip.Post($"/v1/campaigns/{club}/disable")).Expect(200);
        (await Ask(new { source_id = "ada" }, new { amount = 1 })).Expect(400)["key"].ShouldBe("campaign_not_active");
    }
}
