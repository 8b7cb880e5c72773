using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Scrip.Server.Tests.Contract;
using Scrip.Server.Tests.Features.Loyalties;

namespace Scrip.Server.Tests.Features.Webhooks;

/// <summary>What receivers get, and what becomes of it when they fail.</summary>
public sealed class SendoutTests(WebhookServers servers)
{
    // Where data is not as its schema says: the type, the place, and why.
    private static readonly (string Type, string Place, string Reason)[] Known =
    [
        ("redemption.rollback.succeeded", "/redemption/status", "the schema says ROLLED BACK, the API and the vendor's example ROLLED_BACK"),
        ("voucher.gift.transaction.created", "/redemption/status", "the schema says ROLLED BACK, the API and the vendor's example ROLLED_BACK"),
        ("voucher.gift.transaction.created", "/balance/operation_type", "the schema knows changes by hand only; credits that a redemption takes are AUTOMATIC elsewhere"),
        ("voucher.loyalty_card.transaction.created", "/redemption/status", "as voucher.gift.transaction.created"),
        ("voucher.loyalty_card.transaction.created", "/balance/operation_type", "as voucher.gift.transaction.created"),
        ("voucher.loyalty_card.points_expired", "/buckets", "the schema says one bucket, the vendor's example has a list, as the customer's event"),
        ("campaign.created", "/campaign/voucher/code_config", "a prefix and a postfix that are not set are left out, as in the API; the vendor's example leaves one out, too"),
        ("campaign.updated", "/campaign/voucher/code_config", "as campaign.created"),
        ("campaign.enabled", "/campaign/voucher/code_config", "as campaign.created"),
        ("campaign.disabled", "/campaign/voucher/code_config", "as campaign.created"),
        ("campaign.deleted", "/campaign/voucher/code_config", "as campaign.created"),
        ("campaign.created", "/campaign/referral_program/referee_reward/amount", "the schema says string, the API and the vendor's examples have numbers"),
        ("redemption.rollback.failed", "/redemption/status", "the schema says ROLLED BACK, the API and the vendor's example ROLLED_BACK"),
        ("customer.redemption.rollback.succeeded", "/redemption/status", "the schema says ROLLED BACK, the API and the vendor's example ROLLED_BACK"),
        ("customer.custom_event", "/event/referral", "null in the vendor's example"),
        ("customer.custom_event", "/event/loyalty", "null in the vendor's example"),
        ("customer.publication.succeeded", "/publication/metadata", "the schema has that of a distribution's publications, the vendor's example has none"),
        ("customer.publication.succeeded", "/campaign", "a voucher may have no campaign"),
        ("customer.publication.succeeded", "/publication/voucher/campaign", "a voucher may have no campaign"),
        ("customer.publication.succeeded", "/voucher/gift/subtracted_amount", "the API's gifts have it"),
        ("voucher.published", "/voucher/gift/subtracted_amount", "the API's gifts have it"),
        .. new[] { "created", "paid", "updated", "canceled" }.SelectMany(what => new[] { "/order", "/redemption", "/referrer" }.Select(place =>
            ($"customer.order.{what}", place, "the schema is one of nothing that the vendor's example fits either: it allows no property of an order, and null nowhere"))),
        ("customer.reward_redemptions.completed", "/publication/metadata/distribution_id", "the schema knows publications of distributions only"),
    ];

    private static bool IsKnown(string type, string place) =>
        Known.Any(known => known.Type == type && place.StartsWith(known.Place, StringComparison.Ordinal));

    [Theory, OnBoth]
    public async Task A_receiver_gets_the_documented_envelope_signed_in_both_ways(Db db)
    {
        await using var receiver = Receiver.Start();
        var scrip = await servers.Project(db);
        var hook = await scrip.Hook(new Uri(receiver.Address, "/hook?x=1"), "voucher.created");
        await scrip.Coupon("ENVELOPE", new { type = "AMOUNT", amount_off = 500 });

        var received = await receiver.First("voucher.created");
        var body = received.Body;
        received.Path.ShouldBe("/hook?x=1");
        received.Headers["Content-Type"].ShouldStartWith("application/json");
        body["id"].Text.ShouldStartWith("whs_");
        body["project_id"].ShouldBe(scrip.Project.Id);
        body["data"]["voucher"]["code"].ShouldBe("ENVELOPE");
        body["source"]["id"].ShouldBe(hook);
        body["source"]["object"].ShouldBe("webhook");
        body["source"]["target_url"].ShouldBe(new Uri(receiver.Address, "/hook?x=1").ToString());
        body["event"]["type"].ShouldBe("voucher.created");
        body["event"]["entity_id"].ShouldBe(body["data"]["voucher"]["id"]);
        body["event"]["group_id"].Text.ShouldStartWith("req-");
        body["event"]["event_source"]["channel"].ShouldBe("API");
        body["event"]["event_source"]["api_key"]["app_id"].ShouldBe(scrip.Project.ServerSide.Headers[0].Value);
        DateTimeOffset.Parse(body["created_at"].Text, System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(DateTimeOffset.UnixEpoch);

        var token = Encoding.UTF8.GetBytes((await scrip.AsManagement.Get($"/management/v1/projects/{scrip.Project.Id}")).Expect(200)["webhook_token"].Text);
        received.Headers["x-voucherify-signature"].ShouldBe(Convert.ToHexStringLower(HMACSHA256.HashData(token, received.Bytes)));
        received.Headers["webhook-id"].ShouldBe(body["id"].Text);
        var signed = Encoding.UTF8.GetBytes($"{received.Headers["webhook-id"]}.{received.Headers["webhook-timestamp"]}.{received.Text}");
        received.Headers["webhook-signature"].ShouldBe("v1," + Convert.ToBase64String(HMACSHA256.HashData(token, signed)));
        var age = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() - long.Parse(received.Headers["webhook-timestamp"], System.Globalization.CultureInfo.InvariantCulture);
        age.ShouldBeInRange(-1, 60);
    }

    [Theory, OnBoth]
    public async Task Only_the_types_that_a_webhook_names_are_sent_and_only_while_it_is_active(Db db)
    {
        await using var receiver = Receiver.Start();
        await using var idle = Receiver.Start();
        var scrip = await servers.Project(db);
        await scrip.Hook(receiver.Address, "voucher.deleted", "voucher.created");
        var off = await scrip.Hook(idle.Address, "voucher.created");
        (await scrip.AsManagement.Put(scrip.HooksPath($"/{off}"), new { active = false })).Expect(200);
        var stranger = await servers.Project(db);

        await stranger.Coupon("FOREIGN", new { type = "AMOUNT", amount_off = 500 });
        await scrip.Coupon("ONE", new { type = "AMOUNT", amount_off = 500 });
        (await scrip.Post("/v1/vouchers/ONE/disable")).Expect(200);
        (await scrip.Delete("/v1/vouchers/ONE?force=true")).Expect(204);

        var all = await receiver.Until(all => all.Any(one => one.Body["type"] == "voucher.deleted") && all.Any(one => one.Body["type"] == "voucher.created"));
        all.Select(one => one.Body["type"].Text).Order().ShouldBe(["voucher.created", "voucher.deleted"]);
        idle.All.ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task A_receiver_that_fails_half_the_time_gets_everything_under_the_same_ids(Db db)
    {
        var turn = 0;
        await using var receiver = Receiver.Start(_ => Interlocked.Increment(ref turn) % 2 == 0 ? 200 : 503);
        var scrip = await servers.Project(db);
        var hook = await scrip.Hook(receiver.Address, "voucher.created");
        const int Count = 20;
        await Parallel.ForAsync(0, Count, async (i, _) => await scrip.Coupon($"HALF-{i}", new { type = "AMOUNT", amount_off = 500 }));

        var sendouts = await scrip.SendoutsWhen(hook, all => all.Count == Count && all.All(one => one["status"] == "SUCCEEDED"));

        var received = receiver.All.GroupBy(one => one.Headers["webhook-id"]).ToList();
        received.Select(group => group.Key).Order().ShouldBe(sendouts.Select(one => one["id"].Text).Order());
        received.Select(group => group.First().Body["data"]["voucher"]["code"].Text).Order().ShouldBe(Enumerable.Range(0, Count).Select(i => $"HALF-{i}").Order());
        foreach (var group in received) group.Select(one => one.Text).Distinct().ShouldHaveSingleItem();
        receiver.All.Count.ShouldBe((int)sendouts.Sum(one => one["attempts_count"].Number));
        receiver.All.Count.ShouldBeGreaterThan(Count);
    }

    [Theory, OnBoth]
    public async Task A_slow_receiver_holds_up_nobody_else(Db db)
    {
        await using var slow = Receiver.Start(async (_, _) => await Task.Delay(TimeSpan.FromSeconds(8)));
        await using var quick = Receiver.Start();
        var scrip = await servers.Project(db);
        // Ten hooks at one slow host, with more to send than it takes.
        for (var i = 0; i < 10; i++) await scrip.Hook(slow.Address, "voucher.created");
        await Parallel.ForAsync(0, 30, async (i, _) => await scrip.Coupon($"SLOW-{i}", new { type = "AMOUNT", amount_off = 500 }));
        await slow.Until(all => all.Count >= 20);

        var other = await servers.Project(db);
        await other.Hook(quick.Address, "voucher.created");
        var start = TimeProvider.System.GetTimestamp();
        await other.Coupon("QUICK", new { type = "AMOUNT", amount_off = 500 });
        await quick.First("voucher.created");
        TimeProvider.System.GetElapsedTime(start).TotalSeconds.ShouldBeLessThan(5);
        slow.All.Count.ShouldBeLessThan(300);
    }

    [Theory, OnBoth]
    public async Task A_receiver_that_never_answers_is_given_up_and_gets_it_again(Db db)
    {
        using var end = new CancellationTokenSource();
        var isHanging = true;
        await using var receiver = Receiver.Start(async (_, _) =>
        {
            if (Volatile.Read(ref isHanging)) await Task.Delay(Timeout.Infinite, end.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        });
        var scrip = await servers.Project(db);
        var hook = await scrip.Hook(receiver.Address, "voucher.created");
        await scrip.Coupon("HANGING", new { type = "AMOUNT", amount_off = 500 });
        await scrip.SendoutsWhen(hook, all => all is [var one] && one["attempts_count"].Number >= 1);
        Volatile.Write(ref isHanging, false);
        var sent = (await scrip.SendoutsWhen(hook, all => all is [var one] && one["status"] == "SUCCEEDED"))[0];
        await end.CancelAsync();
        var first = (await scrip.AsManagement.Get(scrip.HooksPath($"/{hook}/sendouts/{sent["id"]}"))).Expect(200)["attempts"][0];
        first["response_status"].Exists.ShouldBeFalse();
        first["fault"].Text.ShouldContain("10 seconds");
    }

    [Theory, OnBoth]
    public async Task A_webhook_that_always_fails_is_switched_off_and_sends_again_when_asked(Db db)
    {
        var isUp = false;
        await using var receiver = Receiver.Start(async (_, response) =>
        {
            response.StatusCode = Volatile.Read(ref isUp) ? 204 : 500;
            if (!Volatile.Read(ref isUp)) await response.OutputStream.WriteAsync("out of order"u8.ToArray());
        });
        await using var witness = Receiver.Start();
        var scrip = await servers.Project(db);
        var management = scrip.AsManagement;
        var hook = await scrip.Hook(receiver.Address, "voucher.created");
        await scrip.Coupon("NEVER", new { type = "AMOUNT", amount_off = 500 });

        var failed = (await scrip.SendoutsWhen(hook, all => all is [var one] && one["status"] == "FAILED"))[0];
        failed["attempts_count"].ShouldBe(13);
        failed["response_status"].ShouldBe(500);
        (await management.Get(scrip.HooksPath($"/{hook}"))).Expect(200)["active"].ShouldBe(false);
        var path = scrip.HooksPath($"/{hook}/sendouts/{failed["id"]}");
        var shown = (await management.Get(path)).Expect(200);
        shown["attempts"].Items.Count.ShouldBe(13);
        shown["attempts"][12]["response"].ShouldBe("out of order");
        shown["attempts"][12]["response_status"].ShouldBe(500);
        shown["payload"]["data"]["voucher"]["code"].ShouldBe("NEVER");
        shown["next_attempt_at"].Exists.ShouldBeFalse();

        // Events that come meanwhile are not sent, and a retry needs the webhook.
        await scrip.Hook(witness.Address, "voucher.created");
        await scrip.Coupon("MEANWHILE", new { type = "AMOUNT", amount_off = 500 });
        await witness.First("voucher.created");
        (await management.Post(path + "/retry")).Expect(400)["details"].Text.ShouldContain("active");

        Volatile.Write(ref isUp, true);
        (await management.Put(scrip.HooksPath($"/{hook}"), new { active = true })).Expect(200);
        (await management.Post(path + "/retry")).Expect(200)["status"].ShouldBe("PENDING");
        var sent = (await scrip.SendoutsWhen(hook, all => all is [var one] && one["status"] == "SUCCEEDED"))[0];
        sent["attempts_count"].ShouldBe(14);
        sent["response_status"].ShouldBe(204);
        receiver.All.Count.ShouldBe(14);
        receiver.All[^1].Headers["webhook-id"].ShouldBe(failed["id"].Text);
    }

    [Theory, OnBoth]
    public async Task One_event_that_is_never_taken_does_not_switch_off_a_webhook_that_works(Db db)
    {
        await using var receiver = Receiver.Start(one => one.Body["data"]["voucher"]["code"] == "POISON" ? 400 : 200);
        var scrip = await servers.Project(db);
        var hook = await scrip.Hook(receiver.Address, "voucher.created");
        await scrip.Coupon("POISON", new { type = "AMOUNT", amount_off = 500 });
        await scrip.Coupon("FINE", new { type = "AMOUNT", amount_off = 500 });
        await scrip.SendoutsWhen(hook, all => all.Any(one => one["status"] == "FAILED") && all.Any(one => one["status"] == "SUCCEEDED"));
        (await scrip.AsManagement.Get(scrip.HooksPath($"/{hook}"))).Expect(200)["active"].ShouldBe(true);
    }

    [Theory, OnBoth]
    public async Task Sendouts_are_listed_by_page_status_type_and_date(Db db)
    {
        await using var receiver = Receiver.Start();
        var scrip = await servers.Project(db);
        var hook = await scrip.Hook(receiver.Address, "voucher.created", "voucher.deleted");
        for (var i = 0; i < 3; i++) await scrip.Coupon($"LIST-{i}", new { type = "AMOUNT", amount_off = 500 });
        (await scrip.Delete("/v1/vouchers/LIST-0?force=true")).Expect(204);
        await scrip.SendoutsWhen(hook, all => all.Count == 4 && all.All(one => one["status"] == "SUCCEEDED"));

        (await scrip.Sendouts(hook, "&filters[type][conditions][$is]=voucher.deleted")).ShouldHaveSingleItem()["type"].ShouldBe("voucher.deleted");
        (await scrip.Sendouts(hook, "&filters[status][conditions][$is]=FAILED")).ShouldBeEmpty();
        (await scrip.Sendouts(hook, "&filters[response_status][conditions][$is]=200")).Count.ShouldBe(4);
        (await scrip.Sendouts(hook, "&created_at[before]=2020-01-01")).ShouldBeEmpty();
        var page = (await scrip.AsManagement.Get(scrip.HooksPath($"/{hook}/sendouts?limit=2&page=2"))).Expect(200);
        page["data"].Items.Count.ShouldBe(2);
        page["has_more"].ShouldBe(false);
        page["data"][0]["payload"].Exists.ShouldBeFalse();
        (await scrip.AsManagement.Get(scrip.HooksPath($"/{hook}/sendouts?filters[payload][conditions][$is]=x"))).Expect(400);
    }

    [Theory, OnBoth]
    public async Task A_redirect_counts_as_a_failure_and_leads_nowhere(Db db)
    {
        await using var elsewhere = Receiver.Start();
        await using var receiver = Receiver.Start((_, response) =>
        {
            response.StatusCode = 302;
            response.Headers["Location"] = elsewhere.Address.ToString();
            return Task.CompletedTask;
        });
        var scrip = await servers.Project(db);
        var hook = await scrip.Hook(receiver.Address, "voucher.created");
        await scrip.Coupon("MOVED", new { type = "AMOUNT", amount_off = 500 });
        var sendout = (await scrip.SendoutsWhen(hook, all => all is [var one] && one["attempts_count"].Number > 2))[0];
        sendout["response_status"].ShouldBe(302);
        elsewhere.All.ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task An_answer_is_kept_in_part_only_and_one_that_breaks_off_still_counts(Db db)
    {
        await using var receiver = Receiver.Start(async (_, response) =>
        {
            response.ContentLength64 = 1_000_000;
            await response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(new string('x', 5000) + "\0"));
            response.Abort();
        });
        var scrip = await servers.Project(db);
        var hook = await scrip.Hook(receiver.Address, "voucher.created");
        await scrip.Coupon("LONG", new { type = "AMOUNT", amount_off = 500 });
        var sendout = (await scrip.SendoutsWhen(hook, all => all is [var one] && one["status"] == "SUCCEEDED"))[0];
        var shown = (await scrip.AsManagement.Get(scrip.HooksPath($"/{hook}/sendouts/{sendout["id"]}"))).Expect(200);
        shown["attempts"][0]["response"].Text.Length.ShouldBeLessThanOrEqualTo(4096);
    }

    [Theory, OnBoth]
    public async Task What_was_to_be_sent_to_a_deleted_webhook_is_not(Db db)
    {
        await using var receiver = Receiver.Start(_ => 500);
        var scrip = await servers.Project(db);
        var hook = await scrip.Hook(receiver.Address, "voucher.created");
        await scrip.Coupon("GONE", new { type = "AMOUNT", amount_off = 500 });
        await receiver.Until(all => all.Count > 0);
        (await scrip.AsManagement.Delete(scrip.HooksPath($"/{hook}"))).Expect(204);
        var log = (await scrip.AsManagement.Get($"/management/v1/projects/{scrip.Project.Id}/audit-log?type=WEBHOOK_SENDOUT")).Expect(200)["data"];
        log.Items.ShouldHaveSingleItem()["status"].ShouldBe("FAILED");
        await Task.Delay(1000);
        var count = receiver.All.Count;
        await Task.Delay(1500);
        receiver.All.Count.ShouldBe(count);
    }

    [Theory, OnBoth]
    public async Task What_javascript_writes_of_a_payload_is_what_was_signed(Db db)
    {
        await using var receiver = Receiver.Start();
        var scrip = await servers.Project(db);
        await scrip.Hook(receiver.Address, "voucher.created");
        (await scrip.Raw("POST", "/v1/vouchers/ODD", """
            { "type": "DISCOUNT_VOUCHER", "discount": { "type": "AMOUNT", "amount_off": 1 }, "metadata": { "b": 1.50, "10": "ten", "9": [1e2, -1.5e-9, 1e-7, 123456789.125],
              "text": "ä\u00a0\u2028 \ud83d\ude00 <&'\"/ \u0007\u001f", "empty": {}, "a": { "2": 1, "1": 2, "01": 3 } } }
            """)).Expect(200);
        var received = await receiver.First("voucher.created");
        (await Javascript.Compact([received.Text])).ShouldBe([received.Text]);
    }

    [Theory, OnBoth]
    public async Task Codes_that_are_made_added_or_cannot_be_made_are_told_with_their_number(Db db)
    {
        await using var receiver = Receiver.Start();
        var scrip = await servers.Project(db);
        const string Codes = "campaign.vouchers.";
        var seen = 0;
        await scrip.Hook(receiver.Address, Codes + "generation.started", Codes + "generation.completed", Codes + "generation.failed", Codes + "added");
        var campaign = (await scrip.Post("/v1/campaigns", new
        {
            name = "Counted",
            campaign_type = "DISCOUNT_COUPONS",
            vouchers_count = 3,
            voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 }, code_config = new { pattern = "C#", charset = "0123456789" } },
        })).Expect(200)["id"].Text;
        await Told("generation.started 3", "generation.completed 3");
        (await scrip.Post($"/v1/campaigns/{campaign}/vouchers?vouchers_count=2", new { })).Expect(202);
        await Told("generation.started 2", "generation.completed 2", "added 2");
        // Five of ten codes are left until others take them.
        foreach (var digit in "0123456789")
            await scrip.Unchecked.Post($"/v1/vouchers/C{digit}", new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 1 } });
        await scrip.Done((await scrip.Post($"/v1/campaigns/{campaign}/vouchers?vouchers_count=2", new { })).Expect(202)["async_action_id"].Text);
        await Told("generation.started 2", "generation.failed 2");
        (await scrip.Post($"/v1/campaigns/{campaign}/vouchers/MINE", new { })).Expect(200);
        await Told("added 1");
        await scrip.Done((await scrip.Post($"/v1/campaigns/{campaign}/import", new[] { new { code = "I1" }, new { code = "I2" }, new { code = "I3" } })).Expect(202)["async_action_id"].Text);
        await Told("added 3");

        async Task Told(params string[] expected)
        {
            var all = await receiver.Until(all => all.Count >= seen + expected.Length);
            all.Skip(seen).Select(one => $"{one.Body["type"].Text[Codes.Length..]} {one.Body["data"]["count"]}").Order().ShouldBe(expected.Order());
            foreach (var one in all.Skip(seen))
            {
                one.Body["data"]["campaign"]["id"].ShouldBe(campaign);
                one.Body["data"]["completed_at"].Exists.ShouldBe(one.Body["type"] == Codes + "generation.completed");
            }
            seen = all.Count;
        }
    }

    [Theory, OnBoth]
    public async Task Rewards_that_campaigns_get_are_told_with_both(Db db)
    {
        await using var receiver = Receiver.Start();
        var scrip = await servers.Project(db);
        string[] types = [.. new[] { "created", "updated", "deleted" }.Select(what => "campaign.reward.assignment." + what)];
        await scrip.Hook(receiver.Address, types);
        await Refer(scrip);
        var reward = (await scrip.Get("/v1/rewards")).Expect(200)["data"][0]["id"].Text;
        var assignment = (await scrip.Get($"/v1/rewards/{reward}/assignments")).Expect(200)["data"][0];
        (await scrip.Put($"/v1/rewards/{reward}/assignments/{assignment["id"].Text}", new { parameters = new { loyalty = new { points = 5 } } })).Expect(200);
        (await scrip.Delete($"/v1/rewards/{reward}/assignments/{assignment["id"].Text}")).Expect(204);
        foreach (var type in types)
        {
            var body = (await receiver.First(type)).Body;
            body["data"]["assignment"]["id"].ShouldBe(assignment["id"]);
            body["data"]["reward"]["id"].ShouldBe(reward);
            body["data"]["campaign"]["name"].ShouldBe("Friends");
            body["event"]["entity_id"].ShouldBe(assignment["id"]);
        }
    }

    [Theory, OnBoth]
    public async Task Data_is_as_documented(Db db)
    {
        await using var receiver = Receiver.Start();
        var scrip = await servers.Project(db);
        Assert.SkipUnless(OpenApi.IsPresent, "The API's documents are not on this machine.");
        string[] types = [.. WebhookSchemas.Types.Where(type => !Array.Exists(Unbuilt, word => type.Contains(word, StringComparison.Ordinal)))];
        // Of what happens to customers webhooks tell little; activities tell the rest.
        string[] hooked = [.. types.Where(type => !type.StartsWith("customer.", StringComparison.Ordinal)), "customer.created", "customer.updated", "customer.deleted", "customer.rewarded"];
        await scrip.Hook(receiver.Address, hooked);

        await scrip.Coupon("DATA", new { type = "PERCENT", percent_off = 10 });
        await scrip.GiftCard("CARD", 5000);
        (await scrip.Post("/v1/vouchers/DATA/disable")).Expect(200);
        (await scrip.Post("/v1/vouchers/DATA/enable")).Expect(200);
        (await scrip.Put("/v1/vouchers/DATA", new { metadata = new { a = 1 } })).Expect(200);
        (await scrip.Post("/v1/vouchers/CARD/balance", new { amount = 100 })).Expect(200);
        var body = new
        {
            redeemables = new object[] { new { @object = "voucher", id = "DATA" }, new { @object = "voucher", id = "CARD", gift = new { credits = 700 } } },
            customer = new { source_id = "ada", name = "Ada", email = "ada@shop.test" },
            order = new { amount = 10_000 },
        };
        var redeemed = (await scrip.Post("/v1/redemptions", body)).Expect(200);
        (await scrip.Post($"/v1/redemptions/{redeemed["parent_redemption"]["id"]}/rollbacks")).Expect(200);
        (await scrip.Post("/v1/customers", new { source_id = "ada", name = "Ada Lovelace" })).Expect(200);
        await scrip.Codes("Data", 2, 1);
        var rule = await scrip.Rule("order.amount", "$more_than", 1);
        var assigned = await scrip.Assign(rule, "voucher", (await scrip.Get("/v1/vouchers/DATA"))["id"].Text);

        (await scrip.Post("/v1/redemptions", body with { redeemables = [new { @object = "voucher", id = "DATA" }], order = new { amount = 1 } })).Expect(400);
        (await scrip.Unchecked.Post($"/v1/redemptions/{redeemed["parent_redemption"]["id"]}/rollbacks")).Expect(400);
        (await scrip.Put($"/v1/validation-rules/{rule}", new { name = "Renamed" })).Expect(200);
        (await scrip.Delete($"/v1/validation-rules/{rule}/assignments/{assigned}")).Expect(204);
        (await scrip.Delete($"/v1/validation-rules/{rule}")).Expect(204);

        var segment = (await scrip.Post("/v1/segments", new
        {
            name = "Gold",
            type = "auto-update",
            filter = new Dictionary<string, object>
            {
                ["junction"] = "and",
                ["metadata.tier"] = new { conditions = new Dictionary<string, object> { ["$is"] = new[] { "gold" } } },
            }
        })).Expect(200)["id"].Text;
        // Who is in it from the start has not entered it.
        await Eventually.Holds(async () => (await scrip.Get($"/v1/segments/{segment}")).Expect(200)["initial_sync_status"] == "DONE");
        (await scrip.Put("/v1/customers/ada", new { metadata = new { tier = "gold" } })).Expect(200);
        await Eventually.Holds(async () => (await scrip.Get("/v1/customers/ada/segments")).Expect(200)["data"].Items.Count == 1);
        (await scrip.Put("/v1/customers/ada", new { metadata = new { tier = "none" } })).Expect(200);
        var order = (await scrip.Post("/v1/orders", new { source_id = "shop-1", amount = 500, customer = new { source_id = "ada" } })).Expect(200)["id"].Text;
        foreach (var status in new[] { "PAID", "CANCELED" }) (await scrip.Put($"/v1/orders/{order}", new { status })).Expect(200);
        (await scrip.AsClient.Post("/client/v1/events", new { @event = "visited", customer = new { source_id = "ada" } })).Expect(200);

        (await scrip.Post("/v1/publications", new { voucher = "CARD", customer = new { source_id = "ada" } })).Expect(200);
        (await scrip.Post("/v1/vouchers/CARD/balance", new { amount = 50 })).Expect(200);
        await Collecting.Collect(scrip);
        await scrip.Climb();
        await Refer(scrip);
        await Promote(scrip);
        (await scrip.Put("/v1/campaigns/Data", new { description = "x" })).Expect(200);
        foreach (var what in new[] { "disable", "enable" }) (await scrip.Post($"/v1/campaigns/Data/{what}")).Expect(200);
        (await scrip.Delete("/v1/campaigns/Data")).Expect(202);
        (await scrip.Delete("/v1/vouchers/DATA")).Expect(204);
        (await scrip.Post("/v1/customers", new { source_id = "eve" })).Expect(200);
        (await scrip.Delete("/v1/customers/eve")).Expect(204);

        await Eventually.Becomes(Missing, missing => missing.Length == 0, missing => "not told: " + string.Join(", ", missing));
        var (all, wrong) = (receiver.All, new List<string>());
        foreach (var one in await Done())
            Told(one["type"].Text, JsonDocument.Parse(one["data"]["data"].ToString()).RootElement);
        foreach (var one in all)
        {
            var payload = JsonDocument.Parse(one.Bytes).RootElement;
            var type = payload.GetProperty("type").GetString()!;
            Told(type, payload.GetProperty("data"));
            payload.GetProperty("event").TryGetProperty("entity_id", out _).ShouldBeTrue(one.Text);
        }
        wrong.ShouldBeEmpty();

        async Task<IReadOnlyList<Part>> Done() =>
            [.. (await scrip.Get("/v1/customers/ada/activities?limit=100")).Expect(200)["data"].Items, .. (await scrip.Get("/v1/customers/cid/activities?limit=100")).Expect(200)["data"].Items];
        async Task<string[]> Missing() => [.. types.Except(receiver.All.Select(one => one.Body["type"].Text)).Except((await Done()).Select(one => one["type"].Text))];

        void Told(string type, JsonElement data) =>
            wrong.AddRange((WebhookSchemas.Check(type, data) ?? []).Where(violation => !IsKnown(type, violation.Pointer)).Select(violation => $"{type} {violation}: {data}"));
    }

    // Types of any of these words are told by nothing that Scrip has, or looked at where what tells them is tested.
    private static readonly string[] Unbuilt = ["loyalty_tier.updated", "loyalty_tier.deleted", "loyalty.tier.expiration", "pending_points", "points_transferred", "loyalty_points", "distribution."];

    private static async Task Refer(ApiClient scrip)
    {
        var gifts = (await scrip.Post("/v1/campaigns", new { name = "Gifts", type = "AUTO_UPDATE", campaign_type = "GIFT_VOUCHERS", voucher = new { type = "GIFT_VOUCHER", gift = new { amount = 0 } } })).Expect(200)["id"].Text;
        var program = (await scrip.Post("/v1/campaigns", new
        {
            name = "Friends",
            type = "AUTO_UPDATE",
            campaign_type = "REFERRAL_PROGRAM",
            join_once = true,
            referral_program = new { conversion_event_type = "redemption", referee_reward = new { type = "GIFT_VOUCHER", amount = 500, related_object_parent = new { id = gifts } } },
            voucher = new { type = "DISCOUNT_VOUCHER", is_referral_code = true, discount = new { type = "PERCENT", percent_off = 10 }, redemption = new { quantity = (int?)null } },
        })).Expect(200)["id"].Text;
        var credit = (await scrip.Post("/v1/rewards", new { name = "10.00", parameters = new { campaign = new { id = gifts, balance = 1000 } } })).Expect(200)["id"].Text;
        (await scrip.Post($"/v1/rewards/{credit}/assignments", new { campaign = program })).Expect(200);
        var code = (await scrip.Post("/v1/publications", new { campaign = program, customer = new { source_id = "ada" } })).Expect(200)["voucher"]["code"].Text;
        (await scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = code } }, customer = new { source_id = "bob" }, order = new { amount = 1000 } })).Expect(200);
        var members = $"/v1/referrals/members/{code}/holders";
        // Bob becomes a referee, too, some time after he redeemed.
        var holder = (await scrip.Post(members, new { holders = new[] { new { source_id = "cid" } } })).Expect(200)["holders"][0]["id"].Text;
        (await scrip.Delete($"{members}/{holder}")).Expect(204);
    }

    private static async Task Promote(ApiClient scrip)
    {
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "Spring", campaign_type = "PROMOTION", promotion = new { tiers = Array.Empty<object>() } })).Expect(200)["id"].Text;
        var tier = (await scrip.Post($"/v1/promotions/{campaign}/tiers", new { name = "Ten", action = new { discount = new { type = "PERCENT", percent_off = 10 } } })).Expect(200)["id"].Text;
        (await scrip.Put($"/v1/promotions/tiers/{tier}", new { name = "Ten percent" })).Expect(200);
        foreach (var what in new[] { "disable", "enable" }) (await scrip.Post($"/v1/promotions/tiers/{tier}/{what}")).Expect(200);
        (await scrip.Delete($"/v1/promotions/tiers/{tier}")).Expect(204);
    }
}
