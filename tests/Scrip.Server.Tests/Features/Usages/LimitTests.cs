namespace Scrip.Server.Tests.Features.Usages;

/// <summary>Limits of rules under fire. Those of a race turn red when the guards of <c>UsageSql.Take</c> are taken out.</summary>
public sealed class LimitTests(Servers servers)
{
    private const int Clients = 50;
    private static readonly string[] Situations = ["nothing", "campaign.redemptions.count.daily", "campaign.redemptions.count"];

    [Theory, OnBoth]
    public async Task Fifty_clients_never_redeem_more_than_one_customer_may(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("two each", 10, quantity: null);
        await Bind(scrip, "two each", "campaign.redemptions.customers_count", 2);

        // Two customers, ten codes of one campaign, all at the same time.
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i => (Customer: i % 2, Answer: await Redeem(scrip, codes[i % 10], 1000, $"c{i % 2}"))));

        foreach (var customer in new[] { 0, 1 }) answers.Count(one => one.Customer == customer && one.Answer.Status == 200).ShouldBe(2);
        foreach (var (_, answer) in answers)
            if (answer.Status != 200) answer["key"].ShouldBe("redemption_rules_violated");
        (await Redeem(scrip, codes[0], 1000, "another")).Expect(200);
    }

    [Theory, OnBoth]
    public async Task Fifty_clients_never_go_over_a_daily_limit(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("daily", 10, quantity: null);
        await Bind(scrip, "daily", "campaign.redemptions.count.daily", 7);
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => scrip.Redeem(new { amount = 1000 }, codes[i % 10])));
        answers.Count(answer => answer.Status == 200).ShouldBe(7);
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer["key"].Text == "redemption_rules_violated");
    }

    [Theory, OnBoth]
    public async Task Fifty_clients_never_spend_a_budget_by_one_minor_unit_too_much(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("budget", 10, quantity: null, new { type = "PERCENT", percent_off = 10 });
        await Bind(scrip, "budget", "campaign.orders.amount_discounted", 1001);

        // Discounts of 300, 301, … 349: three of them fit, four do not.
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => scrip.Redeem(new { amount = 3000 + 10 * i }, codes[i % 10])));

        var given = answers.Where(answer => answer.Status == 200).Sum(answer => answer["order"]["total_discount_amount"].Number);
        given.ShouldBeInRange(1001 - 349, 1001);
        // What is left can be spent to the last unit and not beyond.
        var left = 1001 - given;
        (await scrip.Redeem(new { amount = (left + 1) * 10 }, codes[0])).Expect(400)["key"].ShouldBe("redemption_rules_violated");
        if (left > 0) (await scrip.Redeem(new { amount = left * 10 }, codes[0])).Expect(200);
        (await scrip.Redeem(new { amount = 10 }, codes[0])).Expect(400);
    }

    [Theory, OnBoth]
    public async Task A_rule_that_is_assigned_later_counts_what_was_redeemed_before(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("later", 2, quantity: null);
        (await Redeem(scrip, codes[0], 1000, "ada")).Expect(200);
        var back = (await Redeem(scrip, codes[1], 1000, "ada")).Expect(200)["redemptions"][0]["id"].Text;
        (await Redeem(scrip, codes[1], 1000, "ben")).Expect(200);
        (await scrip.Post($"/v1/redemptions/{back}/rollback")).Expect(200);

        var rule = await Bind(scrip, "later", "campaign.redemptions.customers_count", 2);
        (await Redeem(scrip, codes[0], 1000, "ada")).Expect(200);
        (await Redeem(scrip, codes[0], 1000, "ada")).Expect(400);
        (await Redeem(scrip, codes[0], 1000, "ben")).Expect(200);
        (await Redeem(scrip, codes[0], 1000, "ben")).Expect(400);

        // Nothing counts for a while; what happens meanwhile is not forgotten.
        (await scrip.Delete($"/v1/validation-rules/{rule}")).Expect(204);
        (await Redeem(scrip, codes[0], 1000, "ada")).Expect(200);
        await Bind(scrip, "later", "campaign.redemptions.customers_count", 4);
        (await Redeem(scrip, codes[0], 1000, "ada")).Expect(200);
        (await Redeem(scrip, codes[0], 1000, "ada")).Expect(400);
    }

    [Theory, OnBoth]
    public async Task A_code_without_rules_counts_for_the_limit_of_another_in_its_campaign(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("shared", 2, quantity: null);
        var rule = await scrip.Rule("campaign.redemptions.count", "$less_than_or_equal", 2);
        await scrip.Assign(rule, "voucher", (await scrip.Get($"/v1/vouchers/{codes[0]}"))["id"].Text);
        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(200);
        (await scrip.Redeem(new { amount = 1000 }, codes[1])).Expect(200);
        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(400)["key"].ShouldBe("redemption_rules_violated");
        (await scrip.Redeem(new { amount = 1000 }, codes[1])).Expect(200);
    }

    [Theory, OnBoth]
    public async Task Of_fifty_rollbacks_one_gives_back_what_a_limit_counted(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("freed", 1, quantity: null, new { type = "AMOUNT", amount_off = 400 });
        await Bind(scrip, "freed", "campaign.orders.amount_discounted", 1000);
        (await Redeem(scrip, codes[0], 1000, "ada")).Expect(200);
        var id = (await Redeem(scrip, codes[0], 1000, "ada")).Expect(200)["redemptions"][0]["id"].Text;
        (await Redeem(scrip, codes[0], 1000, "ada")).Expect(400);

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => scrip.Post($"/v1/redemptions/{id}/rollback")));

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        (await Redeem(scrip, codes[0], 1000, "ada")).Expect(200);
        (await Redeem(scrip, codes[0], 1000, "ada")).Expect(400);
    }

    [Theory, OnBoth]
    public async Task A_stack_counts_every_part_of_it(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("stacked", 3, quantity: null);
        await Bind(scrip, "stacked", "campaign.redemptions.count", 3);
        (await scrip.Redeem(new { amount = 1000 }, codes[0], codes[1])).Expect(200);
        (await scrip.Redeem(new { amount = 1000 }, codes[0], codes[1])).Expect(400);
        var stack = (await scrip.Validate(new { amount = 1000 }, codes[2])).Expect(200)["valid"];
        stack.ShouldBe(true);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => scrip.Redeem(new { amount = 1000 }, i % 2 == 0 ? [codes[0], codes[1]] : [codes[2]])));
        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.ShouldAllBe(answer => answer.Status == 200 || answer.Status == 400);
    }

    [Theory, OnBoth]
    public async Task A_promotion_tier_keeps_to_the_limit_of_a_customer(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "tiers", campaign_type = "PROMOTION" })).Expect(200)["id"].Text;
        var tier = (await scrip.Post($"/v1/promotions/{campaign}/tiers", new { name = "one", action = new { discount = new { type = "AMOUNT", amount_off = 100 } } })).Expect(200)["id"].Text;
        var rule = await scrip.Rule("redemption.count.per_customer", "$less_than_or_equal", 2);
        await scrip.Assign(rule, "promotion_tier", tier);
        var body = new { redeemables = new[] { new { @object = "promotion_tier", id = tier } }, order = new { amount = 1000 }, customer = new { source_id = "ada" } };

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => scrip.Post("/v1/redemptions", body)));

        answers.Count(answer => answer.Status == 200).ShouldBe(2);
        answers.ShouldAllBe(answer => answer.Status == 200 || answer["key"].Text == "redemption_rules_violated");
        var missing = (await scrip.Post("/v1/validations", new { redeemables = body.redeemables, body.order })).Expect(200);
        missing["redeemables"][0]["result"]["error"]["key"].ShouldBe("missing_customer");
    }

    [Theory, OnBoth]
    public async Task Amounts_beyond_all_limits_are_counted_without_an_overflow(Db db)
    {
        const long huge = 9_000_000_000_000_000;
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("rich", 1, 10);
        await Bind(scrip, "rich", "redemption.count", 100);
        (await Redeem(scrip, codes[0], huge, "ada")).Expect(200);
        // As after a thousand more of these.
        (await Tables.Run(await servers.On(db), "UPDATE usage_counters SET orders_amount = 9223372036854000000, discounts = 9223372036854000000 WHERE project_id = @project",
            ("project", scrip.Project.Id))).ShouldBeGreaterThan(0);
        (await Tables.Run(await servers.On(db), "UPDATE redemptions SET order_amount = 9223372036854000000 WHERE project_id = @project AND order_amount IS NOT NULL",
            ("project", scrip.Project.Id))).ShouldBeGreaterThan(0);

        (await Redeem(scrip, codes[0], huge, "ada")).Expect(200);
        // A counter that is first made now adds up the history.
        await Bind(scrip, "rich", "redemption.count.per_customer", 100);
        (await Redeem(scrip, codes[0], huge, "ada")).Expect(200);
        (await Redeem(scrip, codes[0], huge, "ada")).Expect(200);

        // Nor do those who add up what a customer spent.
        await Tables.Run(await servers.On(db), "UPDATE orders SET total_amount = 9223372036854000000 WHERE project_id = @project", ("project", scrip.Project.Id));
        (await scrip.Get("/v1/customers/ada")).Expect(200)["summary"]["orders"]["total_amount"].Number.ShouldBeGreaterThan(3_000_000_000_000_000_000);
        (await scrip.Get("/v1/campaigns/rich/summary")).Expect(200);
    }

    private static async Task<string> Bind(ApiClient scrip, string campaign, string name, long most)
    {
        var rule = await scrip.Rule(name, "$less_than_or_equal", most);
        await scrip.Assign(rule, "campaign", (await scrip.Get($"/v1/campaigns/{Uri.EscapeDataString(campaign)}"))["id"].Text);
        return rule;
    }

    private static Task<Answer> Redeem(ApiClient scrip, string code, long amount, string customer) => scrip.Post("/v1/redemptions", new
    {
        redeemables = new[] { new { @object = "voucher", id = code } },
        order = new { amount },
        customer = new { source_id = customer },
    });

    [Theory, OnBoth]
    public async Task A_limit_that_comes_amid_redemptions_counts_every_one_of_them(Db db)
    {
        const int Limit = 400;
        var told = 0;
        for (var round = 0; round < 6; round++)
        {
            var scrip = (await servers.Project(db)).Unchecked;
            var codes = await scrip.Codes("rush", 40, quantity: null);
            var campaign = (await scrip.Get("/v1/campaigns/rush"))["id"].Text;
            // Before it comes, nothing is counted, or something else, or the same of another campaign.
            var (before, comes) = (Situations[round % 3], round % 3 == 2);
            if (before != "nothing") await scrip.Codes("other", 1, quantity: null);
            if (before != "nothing")
                await scrip.Assign(await scrip.Rule(before, "$less_than_or_equal", 100_000), "campaign", comes ? (await scrip.Get("/v1/campaigns/other"))["id"].Text : campaign);
            var rule = comes ? await scrip.Rule("campaign.redemptions.count", "$less_than_or_equal", Limit) : await scrip.Rule("order.amount", "$more_than", 1);
            if (!comes) await scrip.Assign(rule, "campaign", campaign);
            var done = 0;
            var clients = Enumerable.Range(0, 16).Select(client => Task.Run(async () =>
            {
                for (var i = 0; await scrip.Redeem(new { amount = 1000 }, codes[(client + (7 * i)) % codes.Count]) is var answer; i++)
                {
                    if (answer.Status == 200) Interlocked.Increment(ref done);
                    else if (answer.Status == 400) return;
                    else answer["key"].ShouldBe("concurrent_update");
                }
            })).ToArray();
            await Eventually.Holds(() => Task.FromResult(Volatile.Read(ref done) >= 20));
            // It is assigned, or was so already and limits from the instant of its change on.
            if (comes) await scrip.Assign(rule, "campaign", campaign);
            else (await scrip.Put($"/v1/validation-rules/{rule}", new
            {
                rules = new Dictionary<string, object> { ["1"] = new { name = "campaign.redemptions.count", conditions = new Dictionary<string, object> { ["$less_than_or_equal"] = new[] { Limit } } } },
            })).Expect(200);
            var doneBefore = Volatile.Read(ref done);
            await Task.WhenAll(clients);
            // A limit that came late tells nothing.
            if (doneBefore > Limit - clients.Length) continue;
            told++;
            done.ShouldBe(Limit);
        }
        told.ShouldBeGreaterThan(0);
    }

    [Theory, OnBoth]
    public async Task What_a_campaign_did_before_its_first_limit_counts_though_another_had_one(Db db)
    {
        var scrip = await servers.Project(db);
        var others = await scrip.Codes("counted", 1, quantity: null);
        var rule = await Bind(scrip, "counted", "campaign.redemptions.count", 4);
        (await scrip.Redeem(new { amount = 1000 }, others[0])).Expect(200);
        foreach (var kind in new[] { "campaign", "voucher" })
        {
            var codes = await scrip.Codes(kind, 2, quantity: null);
            for (var i = 0; i < 2; i++) (await scrip.Redeem(new { amount = 1000 }, codes[i])).Expect(200);
            // Bound to the campaign, or to one of its codes, for which then all count.
            var id = (await scrip.Get(kind == "campaign" ? "/v1/campaigns/campaign" : $"/v1/vouchers/{codes[0]}"))["id"].Text;
            await scrip.Assign(rule, kind, id);
            (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(200);
            (await scrip.Redeem(new { amount = 1000 }, codes[1])).Expect(200);
            (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(400)["key"].ShouldBe("redemption_rules_violated");
        }
        // The one that was counted from the start.
        foreach (var expected in new[] { 200, 200, 200, 400 }) (await scrip.Unchecked.Redeem(new { amount = 1000 }, others[0])).Expect(expected);
    }

    [Theory, OnBoth]
    public async Task A_rule_that_begins_to_count_counts_for_all_that_it_was_assigned_to(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Codes("counted", 1, quantity: null);
        await Bind(scrip, "counted", "campaign.redemptions.count", 4);
        var rule = await scrip.Rule("order.amount", "$more_than", 1);
        var codes = await scrip.Codes("later", 2, quantity: null);
        await scrip.Assign(rule, "voucher", (await scrip.Get($"/v1/vouchers/{codes[0]}"))["id"].Text);
        for (var i = 0; i < 2; i++) (await scrip.Redeem(new { amount = 1000 }, codes[i])).Expect(200);
        (await scrip.Put($"/v1/validation-rules/{rule}", new
        {
            rules = new Dictionary<string, object> { ["1"] = new { name = "campaign.redemptions.count", conditions = new Dictionary<string, object> { ["$less_than_or_equal"] = new[] { 4 } } } },
        })).Expect(200);
        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(200);
        // Which no rule of its own counts.
        (await scrip.Redeem(new { amount = 1000 }, codes[1])).Expect(200);
        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(400)["key"].ShouldBe("redemption_rules_violated");
    }

    [Theory, OnBoth]
    public async Task What_was_redeemed_while_no_rule_counted_it_counts_when_one_comes_back(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("on and off", 1, quantity: null);
        var campaign = (await scrip.Get("/v1/campaigns/on%20and%20off"))["id"].Text;
        await scrip.Assign(await scrip.Rule("campaign.redemptions.count.daily", "$less_than_or_equal", 100_000), "campaign", campaign);
        async Task<string> Limit()
        {
            var rule = await scrip.Rule("campaign.redemptions.count", "$less_than_or_equal", 5);
            await scrip.Assign(rule, "campaign", campaign);
            return rule;
        }
        async Task<int> Redeem(int times)
        {
            var done = 0;
            for (var i = 0; i < times; i++)
                if ((await scrip.Redeem(new { amount = 1000 }, codes[0])).Status == 200) done++;
            return done;
        }
        var rule = await Limit();
        (await Redeem(2)).ShouldBe(2);
        (await scrip.Delete($"/v1/validation-rules/{rule}")).Expect(204);
        (await Redeem(2)).ShouldBe(2);
        await Limit();
        (await Redeem(3)).ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task The_first_validation_under_a_limit_has_the_counter_of_the_campaign_made(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("seen", 1, quantity: null);
        var campaign = (await scrip.Get("/v1/campaigns/seen"))["id"].Text;
        for (var i = 0; i < 3; i++) (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(200);
        await scrip.Assign(await scrip.Rule("campaign.redemptions.count", "$less_than_or_equal", 4), "campaign", campaign);
        var database = (await servers.On(db)).Database;
        Task<List<string>> Counter() => Tables.Read(database, "SELECT uses FROM usage_counters WHERE project_id = @project AND owner_id = @campaign AND scope = ''", ("project", scrip.Project.Id), ("campaign", campaign));
        (await Counter()).ShouldBeEmpty();
        (await scrip.Validate(new { amount = 1000 }, codes[0])).Expect(200)["valid"].ShouldBe(true);
        (await Eventually.Becomes(Counter, rows => rows.Count > 0)).ShouldBe(["3"]);
        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(200);
        (await scrip.Validate(new { amount = 1000 }, codes[0])).Expect(200)["valid"].ShouldBe(false);
        (await Counter()).ShouldBe(["4"]);
    }

    [Theory, OnBoth]
    public async Task A_counter_that_is_made_among_others_in_flight_misses_none_of_them(Db db)
    {
        for (var round = 0; round < 4; round++)
        {
            var scrip = await servers.Project(db);
            var codes = await scrip.Codes("shared", 20, quantity: null);
            var rule = await scrip.Rule("campaign.redemptions.count", "$less_than_or_equal", 60);
            await scrip.Assign(rule, "voucher", (await scrip.Get($"/v1/vouchers/{codes[0]}"))["id"].Text);
            // The node knows of the rule, but nobody made the counter. Code 0 alone has the rule; it comes amid the others.
            (await scrip.Validate(new { amount = 1000 }, codes[0])).Expect(200);
            var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => scrip.Redeem(new { amount = 1000 }, codes[i == 10 ? 0 : 1 + (i % 19)])));

            var total = answers.Count(answer => answer.Status == 200);
            for (var i = 0; i < 40 && (await scrip.Redeem(new { amount = 1000 }, codes[0])).Status == 200; i++) total++;

            total.ShouldBe(60);
        }
    }
}
