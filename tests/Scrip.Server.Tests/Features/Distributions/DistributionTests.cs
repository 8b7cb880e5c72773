using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Distributions;

/// <summary>Messages to customers: by hand, by what happens, through mail, SMS and webhook.</summary>
public sealed class DistributionTests(Servers servers)
{
    private static object Manual(object audience, object channel, object? action = null) => new
    {
        name = "By hand",
        trigger = new { type = "MANUAL" },
        audience,
        action = action ?? new { type = "MESSAGE" },
        channels = new[] { channel },
    };

    private static object Mail(string text = "Hello {{ customer.name }}", string subject = "Hi") => new { type = "EMAIL", subject, text };

    [Theory, OnBoth]
    public async Task A_redemption_sends_an_email_and_a_webhook_with_a_code_of_another_campaign(Db db)
    {
        await using var mailing = await Mailing.Start(db);
        var scrip = await mailing.Project();
        var campaign = await scrip.Growing("Thanks");
        await scrip.Coupon("START", new { type = "AMOUNT", amount_off = 500 });
        var id = await scrip.Distribution(new
        {
            name = "Thank you",
            trigger = new { type = "VOUCHER_REDEEMED" },
            action = new { type = "PUBLISH", campaign_id = "Thanks" },
            channels = new object[]
            {
                new { type = "EMAIL", subject = "For {{ customer.name | upcase }}", text = "Your code: {{ voucher.code }} of {{ campaign.name }}", html = "<b>{{ customer.name }}</b> {{ voucher.code }}" },
                new { type = "WEBHOOK", url = mailing.Hook(), headers = new Dictionary<string, string> { ["X-Shop"] = "1" } },
                new { type = "WEBHOOK", url = mailing.Hook("own"), payload = "{\"to\": {{ customer.email | json }}, \"off\": {{ voucher.discount.amount_off }}}" },
                new { type = "SMS", text = "{{ voucher.code }}" },
            },
        });

        (await scrip.Post("/v1/redemptions", new
        {
            redeemables = new[] { new { @object = "voucher", id = "START" } },
            customer = new { source_id = "ada", name = "Ada <x>", email = "ada@shop.test", phone = "+48123" },
            order = new { amount = 1000 },
        })).Expect(200);

        await scrip.Messages(id, "SENT", 4);
        var publication = (await scrip.Get("/v1/publications?customer=ada")).Expect(200)["publications"].Items.Single();
        var code = publication["voucher"]["code"].Text;
        publication["channel"].Text.ShouldBe("Automation");
        publication["metadata"]["distribution_id"].Text.ShouldBe(id);
        var mail = (await mailing.Mail.To("ada@shop.test")).ShouldHaveSingleItem();
        mail.Subject.ShouldBe("For ADA <X>");
        mail.TextBody!.TrimEnd().ShouldBe($"Your code: {code} of Thanks");
        mail.HtmlBody!.TrimEnd().ShouldBe($"<b>Ada &lt;x&gt;</b> {code}");
        mail.From.Mailboxes.Single().Address.ShouldBe("shop@shop.test");
        var hook = mailing.Web.All.Single(one => one.Path == "/hook");
        hook.Headers["X-Shop"].ShouldBe("1");
        hook.Body["voucher"]["code"].Text.ShouldBe(code);
        hook.Body["customer"]["source_id"].Text.ShouldBe("ada");
        hook.Body["campaign"]["id"].Text.ShouldBe(campaign);
        mailing.Web.All.Single(one => one.Path == "/own").Text.ShouldBe("{\"to\": \"ada@shop.test\", \"off\": 100}");
        var sms = mailing.Web.All.Single(one => one.Path == "/sms");
        (sms.Body["to"].Text, sms.Body["text"].Text, sms.Headers["Authorization"]).ShouldBe(("+48123", code, "Bearer sms-token"));
    }

    [Theory, OnBoth]
    public async Task What_is_sent_by_hand_can_be_undone_for_a_while_and_then_reaches_everybody_once(Db db)
    {
        await using var mailing = await Mailing.Start(db, delaySeconds: 8);
        var scrip = await mailing.Project();
        for (var i = 0; i < 45; i++) (await scrip.Post("/v1/customers", new { source_id = $"c{i}", name = $"N{i}", email = $"c{i}@shop.test" })).Expect(200);

        var undone = await scrip.Distribution(Manual(new { type = "ALL" }, Mail("never")));
        var sent = await scrip.Distribution(Manual(new { type = "ALL" }, Mail("first")));
        // Longer than the worker sleeps.
        await Task.Delay(1000);
        (await scrip.AsManagement.Put(scrip.Distributions($"/{sent}"), new { channels = new[] { Mail("changed, {{ customer.name }}") } })).Expect(200)["status"].Text.ShouldBe("TO SEND");
        (await scrip.AsManagement.Post(scrip.Distributions($"/{undone}/cancel"))).Expect(200)["status"].Text.ShouldBe("CANCELED");

        await scrip.Messages(sent, "SENT", 45);
        mailing.Mail.All.Count.ShouldBe(45);
        mailing.Mail.All.Select(mail => mail.To.Mailboxes.Single().Address).Distinct().Count().ShouldBe(45);
        mailing.Mail.All.ShouldAllBe(mail => mail.TextBody!.StartsWith("changed, N", StringComparison.Ordinal));
        (await scrip.AsManagement.Get(scrip.Distributions($"/{sent}"))).Expect(200)["status"].Text.ShouldBe("DONE");
        (await scrip.AsManagement.Get(scrip.Distributions($"/{sent}")))["sent"].Number.ShouldBe(45);
        (await scrip.AsManagement.Get(scrip.Distributions($"/{undone}")))["sent"].Number.ShouldBe(0);
        (await scrip.AsManagement.Post(scrip.Distributions($"/{sent}/cancel"))).Expect(400);
        (await scrip.AsManagement.Put(scrip.Distributions($"/{sent}"), new { name = "late" })).Expect(400);
    }

    [Theory, OnBoth]
    public async Task A_segment_is_an_audience_and_entering_or_leaving_it_sets_off_what_waits_for_it_alone(Db db)
    {
        await using var mailing = await Mailing.Start(db);
        var scrip = await mailing.Project();
        foreach (var (name, city) in new[] { ("ada", "London"), ("bob", "Paris"), ("cyd", "London") })
            (await scrip.Post("/v1/customers", new { source_id = name, name, email = $"{name}@shop.test", address = new { city } })).Expect(200);
        async Task<string> In(string city) => (await scrip.Post("/v1/segments", new
        {
            name = city,
            type = "auto-update",
            filter = new Dictionary<string, object> { ["junction"] = "and", ["address.city"] = new { conditions = new Dictionary<string, object[]> { ["$is"] = [city] } } },
        })).Expect(200)["id"].Text;
        var (london, paris) = (await In("London"), await In("Paris"));
        await Eventually.Answers(() => scrip.Get("/v1/customers/bob/segments"), answer => answer["data"].Items.Count == 1);
        await Eventually.Answers(() => scrip.Get("/v1/customers/cyd/segments"), answer => answer["data"].Items.Count == 1);
        (await scrip.AsManagement.Post(scrip.Distributions(), Manual(new { type = "SEGMENT", segment_id = "seg_none" }, Mail()))).Expect(404);

        var manual = await scrip.Distribution(Manual(new { type = "SEGMENT", segment_id = london }, Mail("in London")));
        await scrip.Messages(manual, "SENT", 2);
        mailing.Mail.All.Select(mail => mail.To.Mailboxes.Single().Address).Order().ShouldBe(["ada@shop.test", "cyd@shop.test"]);

        object On(string type, string segment) => new { name = type, trigger = new { type, segment_id = segment }, action = new { type = "MESSAGE" }, channels = new[] { Mail(type) } };
        var entered = await scrip.Distribution(On("SEGMENT_ENTERED", paris));
        var other = await scrip.Distribution(On("SEGMENT_ENTERED", london));
        var left = await scrip.Distribution(On("SEGMENT_LEFT", london));
        (await scrip.Put("/v1/customers/ada", new { address = new { city = "Paris" } })).Expect(200);

        (await scrip.Messages(entered, "SENT", 1)).Count.ShouldBe(1);
        (await scrip.Messages(left, "SENT", 1)).Count.ShouldBe(1);
        (await scrip.Messages(other, "SENT", 0)).ShouldBeEmpty();
        (await scrip.AsManagement.Get(scrip.Distributions($"/{manual}")))["sent"].Number.ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task Limits_hold_and_a_publication_by_a_distribution_sets_no_publishing_one_off(Db db)
    {
        await using var mailing = await Mailing.Start(db);
        var scrip = await mailing.Project();
        await scrip.Growing("Loop");
        object On(string type, object limits, object action) => new { name = type, trigger = new { type }, action, limits, channels = new[] { Mail() } };
        var publishing = await scrip.Distribution(On("PUBLICATION", new { per_day = 100 }, new { type = "PUBLISH", campaign_id = "Loop" }));
        var perCustomer = await scrip.Distribution(On("ORDER_PAID", new { per_customer = 1 }, new { type = "MESSAGE" }));
        var total = await scrip.Distribution(On("ORDER_PAID", new { total = 3 }, new { type = "MESSAGE" }));
        var perDay = await scrip.Distribution(On("ORDER_PAID", new { per_day = 2 }, new { type = "MESSAGE" }));

        for (var i = 0; i < 4; i++)
            (await scrip.Post("/v1/orders", new { source_id = $"o{i}", status = "PAID", amount = 1000, customer = new { source_id = $"c{i % 2}", name = "C", email = $"c{i % 2}@shop.test" } })).Expect(200);
        (await scrip.Post("/v1/publications", new { campaign = "Loop", customer = new { source_id = "c0" } })).Expect(200);

        await scrip.Messages(publishing, "SENT", 1);
        await scrip.Messages(perCustomer, "SENT", 2);
        await scrip.Messages(total, "SENT", 3);
        await scrip.Messages(perDay, "SENT", 2);
        await Task.Delay(1000);
        mailing.Mail.All.Count.ShouldBe(8);
        // What a limit kept back does not count.
        foreach (var (id, sent) in new[] { (perCustomer, 2), (total, 3), (perDay, 2) })
            (await scrip.AsManagement.Get(scrip.Distributions($"/{id}")))["sent"].ShouldBe(sent);
        (await scrip.Get("/v1/publications"))["total"].Number.ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task Only_a_live_one_is_set_off_and_only_by_what_its_trigger_names(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = new[] { (await scrip.Codes("Others", 1, quantity: null))[0], (await scrip.Codes("Loved", 1, quantity: null))[0] };
        object On(object trigger) => new { name = "x", trigger, action = new { type = "MESSAGE" }, channels = new[] { Mail() } };
        var redeemed = await scrip.Distribution(On(new { type = "VOUCHER_REDEEMED", campaign_id = "Loved" }));
        var signed = await scrip.Distribution(On(new { type = "CUSTOM_EVENT", @event = "signed_up" }));
        var draft = (await scrip.AsManagement.Post(scrip.Distributions(), new { name = "x", status = "DRAFT", trigger = new { type = "CUSTOM_EVENT" }, channels = new[] { Mail() } })).Expect(200)["id"].Text;
        var paused = await scrip.Distribution(On(new { type = "CUSTOM_EVENT" }));
        (await scrip.AsManagement.Post(scrip.Distributions($"/{paused}/pause"))).Expect(200);
        var customer = new { source_id = "ada" };

        foreach (var code in codes)
            (await scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = code } }, customer, order = new { amount = 1000 } })).Expect(200);
        foreach (var name in new[] { "looked", "signed_up" }) (await scrip.Post("/v1/events", new { @event = name, customer })).Expect(200);

        // What happens to a customer is handled in its order.
        await Eventually.Answers(() => scrip.Get("/v1/customers/ada/activity?type=customer.custom_event"), list => list["data"].Items.Count == 2);
        foreach (var (id, sent) in new[] { (signed, 1), (redeemed, 1), (draft, 0), (paused, 0) })
            (await scrip.AsManagement.Get(scrip.Distributions($"/{id}")))["sent"].ShouldBe(sent);
    }

    [Theory, OnBoth]
    public async Task What_happened_before_a_distribution_was_made_does_not_set_it_off(Db db)
    {
        await using var database = await Database.Create(db);
        string id;
        object Paid(string name) => new { source_id = name, status = "PAID", amount = 1000, customer = new { source_id = "ada" } };
        await using (var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_FAULT_EVENTS"] = "customer.order.paid", ["SCRIP_OUTBOX_RETRY_MS"] = "100" }))
        {
            var scrip = Servers.Demo(server);
            (await scrip.Post("/v1/orders", Paid("before"))).Expect(200);
            id = await scrip.Distribution(new { name = "x", trigger = new { type = "ORDER_PAID" }, action = new { type = "MESSAGE" }, channels = new[] { Mail() } });
        }
        await using var next = await ScripProcess.Start(database);
        var later = Servers.Demo(next);
        (await later.Post("/v1/orders", Paid("after"))).Expect(200);

        await Eventually.Answers(() => later.Get("/v1/customers/ada/activity?type=customer.order.paid"), list => list["data"].Items.Count == 2);
        (await later.AsManagement.Get(later.Distributions($"/{id}")))["sent"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task A_code_is_given_again_when_asked_and_one_that_cannot_be_given_does_not_count(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Made((await scrip.Post("/v1/campaigns", new
        {
            name = "One code",
            type = "STATIC",
            campaign_type = "DISCOUNT_COUPONS",
            vouchers_count = 1,
            voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 } },
        })).Expect(200)["id"].Text);
        await scrip.Growing("Many codes");
        object On(object action) => new { name = "x", trigger = new { type = "CUSTOM_EVENT" }, action, channels = new[] { Mail() } };
        var scarce = await scrip.Distribution(On(new { type = "PUBLISH", campaign_id = "One code" }));
        var joining = await scrip.Distribution(On(new { type = "PUBLISH", campaign_id = "Many codes", join_once = true }));

        for (var i = 0; i < 2; i++) (await scrip.Post("/v1/events", new { @event = "looked", customer = new { source_id = "ada" } })).Expect(200);

        await scrip.Messages(joining, "", 2);
        (await scrip.Messages(scarce, "", 1)).Count.ShouldBe(1);
        (await scrip.Count("/v1/publications?campaign=Many codes")).ShouldBe(1);
        foreach (var (id, sent) in new[] { (joining, 2), (scarce, 1) }) (await scrip.AsManagement.Get(scrip.Distributions($"/{id}")))["sent"].ShouldBe(sent);
    }

    [Theory, OnBoth]
    public async Task A_message_that_cannot_be_sent_is_dead_and_can_be_tried_anew(Db db)
    {
        await using var mailing = await Mailing.Start(db, refusal: attempt => attempt == 1 ? "550 No such mailbox" : null);
        var scrip = await mailing.Project();
        (await scrip.Post("/v1/customers", new { source_id = "ada", name = "Ada" })).Expect(200);
        var id = await scrip.Distribution(Manual(new { type = "CUSTOMER", customer = "ada" }, Mail()));

        var dead = (await scrip.Messages(id, "DEAD", 1)).Single();
        dead["fault"].Text.ShouldContain("no e-mail address");
        (await scrip.Post("/v1/customers", new { source_id = "ada", email = "ada@shop.test" })).Expect(200);
        (await scrip.AsManagement.Post(scrip.Distributions($"/{id}/messages/{dead["id"].Text}/retry"))).Expect(200)["status"].Text.ShouldBe("PENDING");
        (await scrip.Messages(id, "DEAD", 1)).Single()["fault"].Text.ShouldContain("550");
        (await scrip.AsManagement.Post(scrip.Distributions($"/{id}/messages/{dead["id"].Text}/retry"))).Expect(200);
        await mailing.Mail.To("ada@shop.test");
        await scrip.Messages(id, "SENT", 1);
        (await scrip.AsManagement.Post(scrip.Distributions($"/{id}/messages/{dead["id"].Text}/retry"))).Expect(404);
    }

    [Theory, OnBoth]
    public async Task A_message_that_fails_waits_longer_each_time_and_is_dead_in_the_end(Db db)
    {
        await using var mailing = await Mailing.Start(db, status: _ => 500, retryMs: 60_000);
        var scrip = await mailing.Project();
        (await scrip.Post("/v1/customers", new { source_id = "ada" })).Expect(200);
        var id = await scrip.Distribution(Manual(new { type = "CUSTOMER", customer = "ada" }, new { type = "WEBHOOK", url = mailing.Hook() }));
        // While it is being sent it has no fault.
        Task<List<string>> Due(int attempts) => Eventually.Becomes(() => Tables.Read(mailing.Database,
            $"SELECT due_at - {TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()} FROM distribution_messages WHERE attempts = {attempts} AND fault IS NOT NULL"), rows => rows.Count == 1);
        async Task<long> Wait(int attempts) => long.Parse((await Due(attempts))[0], System.Globalization.CultureInfo.InvariantCulture);
        Task Attempted(int attempts) => Tables.Run(mailing.Server, $"UPDATE distribution_messages SET attempts = {attempts}, due_at = 0, fault = NULL");

        // Somewhere in the upper half of it, less what went by since.
        (await Wait(1)).ShouldBeInRange(20_000, 60_000);
        await Attempted(2);
        (await Wait(3)).ShouldBeInRange(110_000, 240_000);
        await Attempted(11);
        (await scrip.Messages(id, "DEAD", 1)).Single()["fault"].Text.ShouldContain("500");
    }

    [Theory, OnBoth]
    public async Task A_segment_of_many_is_reached_to_the_last(Db db)
    {
        await using var mailing = await Mailing.Start(db);
        var scrip = await mailing.Project();
        for (var i = 0; i < 45; i++) (await scrip.Post("/v1/customers", new { source_id = $"c{i}" })).Expect(200);
        var segment = (await scrip.Post("/v1/segments", new { name = "Most", type = "static", customers = Enumerable.Range(0, 42).Select(i => $"c{i}").ToArray() })).Expect(200)["id"].Text;

        var id = await scrip.Distribution(Manual(new { type = "SEGMENT", segment_id = segment }, new { type = "WEBHOOK", url = mailing.Hook() }));

        await scrip.Messages(id, "SENT", 42);
        await Eventually.Holds(async () => (await scrip.AsManagement.Get(scrip.Distributions($"/{id}")))["status"].Text == "DONE");
        mailing.Web.All.Select(one => one.Body["customer"]["source_id"].Text).Distinct().Count().ShouldBe(42);
        mailing.Web.All.Count.ShouldBe(42);
    }

    [Theory, OnBoth]
    public async Task Receivers_that_fail_half_the_time_get_everything_in_the_end(Db db)
    {
        var seen = 0;
        await using var mailing = await Mailing.Start(db,
            refusal: attempt => attempt % 2 == 1 ? "451 Later" : null,
            status: _ => Interlocked.Increment(ref seen) % 2 == 1 ? 500 : 200);
        var scrip = await mailing.Project();
        for (var i = 0; i < 30; i++) (await scrip.Post("/v1/customers", new { source_id = $"c{i}", name = $"N{i}", email = $"c{i}@shop.test" })).Expect(200);
        var id = await scrip.Distribution(new
        {
            name = "Flaky",
            trigger = new { type = "MANUAL" },
            audience = new { type = "ALL" },
            action = new { type = "MESSAGE" },
            channels = new object[] { Mail(), new { type = "WEBHOOK", url = mailing.Hook() } },
        });

        await scrip.Messages(id, "SENT", 60);
        mailing.Mail.All.Select(mail => mail.MessageId).Distinct().Count().ShouldBe(30);
        mailing.Mail.All.Count.ShouldBe(30);
        mailing.Mail.Attempts.ShouldBeGreaterThan(30);
        mailing.Web.All.Count.ShouldBeGreaterThan(30);
        mailing.Web.All.Select(one => one.Body["customer"]["source_id"].Text).Distinct().Count().ShouldBe(30);
    }

    [Theory, OnBoth]
    public async Task A_killed_server_loses_no_message_and_publishes_nothing_twice(Db db)
    {
        await using var mailing = await Mailing.Start(db);
        var scrip = await mailing.Project();
        await scrip.Growing("Kill");
        var id = await scrip.Distribution(new
        {
            name = "Paid",
            trigger = new { type = "ORDER_PAID" },
            action = new { type = "PUBLISH", campaign_id = "Kill" },
            channels = new[] { Mail("{{ voucher.code }}") },
        });
        for (var round = 0; round < 3; round++)
        {
            var from = round * 10;
            await Task.WhenAll(Enumerable.Range(from, 10).Select(async i => (await scrip.Post("/v1/orders", new
            {
                source_id = $"o{i}",
                status = "PAID",
                amount = 1000,
                customer = new { source_id = $"c{i}", name = "C", email = $"c{i}@shop.test" },
            })).Expect(200)));
            await Task.Delay(round * 60);
            await mailing.Server.Kill();
            await mailing.Restart();
            scrip = new ApiClient(db, mailing.Server.Address, scrip.Project, scrip.Project.ServerSide);
        }

        for (var i = 0; i < 30; i++) await mailing.Mail.To($"c{i}@shop.test");
        var publications = (await scrip.Get("/v1/publications?limit=100")).Expect(200);
        publications["total"].Number.ShouldBe(30);
        publications["publications"].Items.Select(one => one["customer_id"].Text).Distinct().Count().ShouldBe(30);
        // A mail that was on its way when the server died comes again with the same id and the same code.
        mailing.Mail.All.Select(mail => (mail.MessageId, mail.TextBody)).Distinct().Count().ShouldBe(30);
        (await scrip.AsManagement.Get(scrip.Distributions($"/{id}")))["sent"].Number.ShouldBe(30);
    }

    [Theory, OnBoth]
    public async Task What_cannot_work_is_refused_when_it_is_saved_with_its_place(Db db)
    {
        var scrip = await servers.Project(db);
        var management = scrip.AsManagement;
        (await scrip.Post("/v1/campaigns", new { name = "Tiers", campaign_type = "PROMOTION", type = "STATIC" })).Expect(200);
        async Task Refused(object body, string details) =>
            (await management.Post(scrip.Distributions(), body)).Expect(400)["details"].Text.ShouldContain(details);

        var all = new { type = "ALL" };
        await Refused(Manual(all, Mail("Hi {{ customer.name")), "channels[0].text");
        await Refused(Manual(all, Mail("{% if customer %}")), "channels[0].text");
        await Refused(Manual(all, Mail("one\ntwo\n{% assign x = 1 %}")), "'assign' at line 3");
        await Refused(Manual(all, Mail("{% include 'secrets' %}")), "'include'");
        await Refused(Manual(all, Mail("{{ customer.name | replace: 'a', 'b' }}")), "'replace' at line 1");
        await Refused(Manual(all, Mail("{% for i in (1..100000000) %}x{% endfor %}")), "range");
        await Refused(Manual(all, Mail("ok", "{{ | }}")), "channels[0].subject");
        await Refused(Manual(all, new { type = "EMAIL", text = "no subject" }), "channels[0].subject");
        await Refused(Manual(all, new { type = "PIGEON" }), "channels[0].type");
        await Refused(Manual(all, new { type = "WEBHOOK", url = "ftp://x.test" }), "channels[0].url");
        await Refused(Manual(all, new { type = "WEBHOOK", url = "http://127.0.0.1/" }), "channels[0].url");
        await Refused(Manual(all, new { type = "WEBHOOK", url = "https://x.example/", headers = new Dictionary<string, string> { ["Host"] = "y" } }), "headers.Host");
        await Refused(Manual(new { type = "NOBODY" }, Mail()), "audience.type");
        await Refused(Manual(all, Mail(), new { type = "PUBLISH" }), "action.campaign_id");
        await Refused(Manual(all, Mail(), new { type = "PUBLISH", campaign_id = "Tiers" }), "PROMOTION");
        await Refused(new { name = "x", trigger = new { type = "MOON" }, action = new { type = "MESSAGE" }, channels = new[] { Mail() } }, "trigger.type");
        await Refused(new { name = "x", trigger = new { type = "ORDER_PAID", segment_id = "seg_1" }, channels = new[] { Mail() } }, "trigger.segment_id");
        await Refused(new { name = "x", trigger = new { type = "ORDER_PAID" }, channels = new[] { Mail() }, limits = new { total = 0 } }, "limits.total");
        await Refused(new { trigger = new { type = "ORDER_PAID" } }, "name");
        (await management.Post(scrip.Distributions(), Manual(all, Mail(), new { type = "PUBLISH", campaign_id = "Nowhere" }))).Expect(404);
        (await management.Post(scrip.Distributions(), Manual(new { type = "CUSTOMER", customer = "nobody" }, Mail()))).Expect(404);
        (await management.Get(scrip.Distributions()))["data"].Items.ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task A_draft_waits_is_started_paused_listed_and_deleted_and_belongs_to_its_project(Db db)
    {
        var (scrip, other) = (await servers.Project(db), await servers.Project(db));
        var management = scrip.AsManagement;
        var id = (await management.Post(scrip.Distributions(), new { name = "Draft", status = "DRAFT", trigger = new { type = "ORDER_PAID" }, channels = new[] { Mail() } })).Expect(200)["id"].Text;

        (await management.Get(scrip.Distributions($"/{id}"))).Expect(200)["status"].Text.ShouldBe("DRAFT");
        (await management.Post(scrip.Distributions($"/{id}/pause"))).Expect(400);
        (await management.Post(scrip.Distributions($"/{id}/start"))).Expect(200)["status"].Text.ShouldBe("LIVE");
        (await management.Post(scrip.Distributions($"/{id}/pause"))).Expect(200)["status"].Text.ShouldBe("PAUSED");
        (await management.Post(scrip.Distributions($"/{id}/start"))).Expect(200);
        (await management.Put(scrip.Distributions($"/{id}"), new { trigger = new { type = "MANUAL" } })).Expect(400);
        var second = await scrip.Distribution(new { name = "Second", trigger = new { type = "ORDER_CREATED" }, channels = new[] { Mail() } });
        var page = (await management.Get(scrip.Distributions("?limit=1"))).Expect(200);
        page["data"].Items.Single()["id"].Text.ShouldBe(second);
        (await management.Get(scrip.Distributions($"?limit=1&starting_after_id={page["more_starting_after"].Text}")))["data"].Items.Single()["id"].Text.ShouldBe(id);

        (await management.Get(other.Distributions($"/{id}"))).Expect(404);
        (await management.Delete(other.Distributions($"/{id}"))).Expect(404);
        (await management.Get("/management/v1/projects/proj_nowhere/distributions")).Expect(404);
        (await scrip.Get(scrip.Distributions())).Expect(401);
        (await management.Delete(scrip.Distributions($"/{id}"))).Expect(204);
        (await management.Get(scrip.Distributions($"/{id}"))).Expect(404);
    }
}
