using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Publications;

/// <summary>Codes given to customers: by campaign and by code, once and again, refused and told.</summary>
public sealed class PublicationTests(Servers servers)
{
    private static object To(string customer) => new { source_id = customer };

    private static async Task<string> Campaign(ApiClient scrip, string name, string type = "STATIC", int count = 3, bool joinOnce = false, string? lasts = null, string? ends = null)
    {
        var made = (await scrip.Post("/v1/campaigns", new
        {
            name,
            type,
            campaign_type = "DISCOUNT_COUPONS",
            vouchers_count = count,
            join_once = joinOnce,
            activity_duration_after_publishing = lasts,
            expiration_date = ends,
            voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 }, redemption = new { quantity = 1 } },
        })).Expect(200);
        await scrip.Made(made["id"].Text);
        return made["id"].Text;
    }

    [Theory, OnBoth]
    public async Task A_published_code_has_a_holder_and_shows_it_everywhere(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await Campaign(scrip, "Spring");

        var publication = (await scrip.Post("/v1/publications", new
        {
            campaign = new { name = "Spring" },
            customer = new { source_id = "ada", name = "Ada", email = "ada@shop.test" },
            source_id = "pub-1",
            metadata = new { year = 2026 },
        })).Expect(200);

        var code = publication["voucher"]["code"].Text;
        var holder = publication["customer_id"].Text;
        publication["voucher"]["holder_id"].Text.ShouldBe(holder);
        publication["voucher"]["publish"]["count"].Number.ShouldBe(1);
        publication["tracking_id"].Text.ShouldBe("ada");
        publication["channel"].Text.ShouldBe("API");
        (await scrip.Get($"/v1/vouchers/{code}"))["publish"]["count"].Number.ShouldBe(1);
        (await scrip.Get("/v1/customers/ada/redeemables"))["data"].Items.Single()["redeemable_id"].Text.ShouldBe(publication["voucher"]["id"].Text);
        (await scrip.Post("/v1/qualifications", new { scenario = "CUSTOMER_WALLET", customer = To("ada"), order = new { amount = 1000 } }))
            ["redeemables"]["data"].Items.Single()["id"].Text.ShouldBe(code);
        var list = (await scrip.Get("/v1/publications?customer=ada&campaign=Spring&result=SUCCESS&voucher_type=discount")).Expect(200);
        list["total"].Number.ShouldBe(1);
        list["publications"][0]["voucher"]["code"].Text.ShouldBe(code);
        list["publications"][0]["metadata"]["year"].Number.ShouldBe(2026);
        (await scrip.Get($"/v1/publications?voucher={code}&source_id=pub-1&filters[parent_object_id][conditions][$is]={campaign}")).Expect(200)["total"].Number.ShouldBe(1);
        (await scrip.Get("/v1/publications?voucher_type=loyalty")).Expect(200)["total"].Number.ShouldBe(0);
        (await scrip.Get("/v1/publications?result=MAYBE")).Expect(400)["key"].Text.ShouldBe("invalid_query_params");
    }

    [Theory, OnBoth]
    public async Task Fifty_clients_share_a_campaign_without_giving_a_code_twice(Db db)
    {
        var scrip = await servers.Project(db);
        await Campaign(scrip, "Rush", count: 120);
        var answers = new System.Collections.Concurrent.ConcurrentBag<Answer>();

        await Task.WhenAll(Enumerable.Range(0, 50).Select(async client =>
        {
            for (var i = 0; i < 3; i++) answers.Add(await scrip.Post("/v1/publications", new { campaign = "Rush", customer = To($"c{client}-{i}") }));
        }));

        var given = answers.Where(answer => answer.Status == 200).Select(answer => answer["voucher"]["code"].Text).ToArray();
        given.Length.ShouldBe(120);
        given.Distinct().Count().ShouldBe(120);
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer.Status == 400 && answer["key"].Text == "no_voucher_suitable_for_publication");
        (await scrip.Get("/v1/publications?result=FAILURE")).Expect(200)["total"].Number.ShouldBe(30);
        (await scrip.Get("/v1/vouchers?campaign=Rush&filters[holder_id][conditions][$is_unknown]=")).Expect(200)["total"].Number.ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task The_last_code_is_given_although_others_hold_it_who_will_not_get_it(Db db)
    {
        for (var round = 0; round < 5; round++)
        {
            var scrip = (await servers.Project(db)).Unchecked;
            await Campaign(scrip, "Last", count: 3);
            // Who wants four holds the three there are for a moment, and lets go of them.
            var greedy = Enumerable.Range(0, 20).Select(i => scrip.Post("/v1/publications", new { campaign = new { name = "Last", count = 4 }, customer = To($"g{i}") })).ToArray();
            var modest = Enumerable.Range(0, 3).Select(i => scrip.Post("/v1/publications", new { campaign = "Last", customer = To($"m{i}") })).ToArray();
            (await Task.WhenAll(modest)).ShouldAllBe(answer => answer.Status == 200);
            (await Task.WhenAll(greedy)).ShouldAllBe(answer => answer.Status == 400);
        }
    }

    [Theory, OnBoth]
    public async Task A_campaign_that_grows_by_itself_never_runs_out(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = await Campaign(scrip, "Endless", "AUTO_UPDATE", count: 2);

        var codes = new HashSet<string>();
        for (var i = 0; i < 5; i++) codes.Add((await scrip.Post("/v1/publications", new { campaign, customer = To($"c{i}") })).Expect(200)["voucher"]["code"].Text);

        codes.Count.ShouldBe(5);
        (await scrip.Get($"/v1/campaigns/{campaign}"))["vouchers_count"].Number.ShouldBe(5);
    }

    [Theory, OnBoth]
    public async Task Several_codes_are_given_together_or_not_at_all(Db db)
    {
        var scrip = await servers.Project(db);
        await Campaign(scrip, "Pack", count: 5);

        var three = (await scrip.Post("/v1/publications", new { campaign = new { name = "Pack", count = 3 }, customer = To("ada") })).Expect(200);
        three["vouchers"].Items.Count.ShouldBe(3);
        three["vouchers_id"].Items.Count.ShouldBe(3);
        (await scrip.Post("/v1/publications", new { campaign = new { name = "Pack", count = 3 }, customer = To("bob") })).Expect(400)["key"].Text.ShouldBe("no_voucher_suitable_for_publication");
        (await scrip.Post("/v1/publications", new { campaign = new { name = "Pack", count = 2 }, customer = To("bob") })).Expect(200);
        (await scrip.Get($"/v1/publications?voucher={three["vouchers"][1].Text}"))["total"].Number.ShouldBe(1);

        (await scrip.Post("/v1/publications", new { campaign = new { name = "Pack", count = 2 }, customer = To("bob"), source_id = "s" })).Expect(400)["key"].Text.ShouldBe("too_many_vouchers_requested");
        (await scrip.Post("/v1/publications", new { campaign = new { name = "Pack", count = 0 }, customer = To("bob") })).Expect(400)["details"].Text.ShouldContain("campaign.count");
    }

    [Theory, OnBoth]
    public async Task Who_joins_once_has_one_code_however_often_it_asks_at_once(Db db)
    {
        var scrip = await servers.Project(db);
        await Campaign(scrip, "Club", count: 20);
        await Campaign(scrip, "Strict", count: 20, joinOnce: true);

        var codes = await Task.WhenAll(Enumerable.Range(0, 10).Select(async _ =>
            (await scrip.Post("/v1/publications?join_once=true", new { campaign = "Club", customer = To("ada") })).Expect(200)["voucher"]["code"].Text));
        codes.Distinct().Count().ShouldBe(1);

        var strict = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => scrip.Post("/v1/publications", new { campaign = "Strict", customer = To("ada") })));
        strict.Count(answer => answer.Status == 200).ShouldBe(1);
        strict.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer["key"].Text == "voucher_cannot_be_published");
        (await scrip.Get("/v1/vouchers?customer=ada"))["total"].Number.ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task A_source_id_gives_the_same_code_again_and_nobody_elses(Db db)
    {
        var scrip = await servers.Project(db);
        await Campaign(scrip, "Retry", count: 5);
        var body = new { campaign = "Retry", customer = To("ada"), source_id = "order-7" };

        var first = (await scrip.Post("/v1/publications", body)).Expect(200);
        var again = (await scrip.Post("/v1/publications", body)).Expect(200);
        again["id"].Text.ShouldBe(first["id"].Text);
        again["voucher"]["code"].Text.ShouldBe(first["voucher"]["code"].Text);
        (await scrip.Post("/v1/publications", new { campaign = "Retry", customer = To("bob"), source_id = "order-7" })).Expect(400)["key"].Text.ShouldBe("duplicate_source_id");
    }

    [Theory, OnBoth]
    public async Task A_code_that_is_named_is_given_once_and_only_while_it_is_active(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("HELLO", new { type = "AMOUNT", amount_off = 500 });
        await scrip.Coupon("OFF", new { type = "AMOUNT", amount_off = 500 });
        (await scrip.Post("/v1/vouchers/OFF/disable")).Expect(200);

        (await scrip.Post("/v1/publications", new { voucher = "HELLO", customer = To("ada"), channel = "myown" })).Expect(200)["channel"].Text.ShouldBe("myown");
        (await scrip.Post("/v1/publications", new { voucher = "HELLO", customer = To("bob") })).Expect(400)["key"].Text.ShouldBe("voucher_already_published");
        (await scrip.Post("/v1/publications", new { voucher = "OFF", customer = To("bob") })).Expect(400)["key"].Text.ShouldBe("no_voucher_suitable_for_publication");
        var failed = (await scrip.Get("/v1/publications?result=FAILURE&order=created_at")).Expect(200);
        failed["publications"].Items.Select(one => one["failure_code"].Text).ShouldBe(["voucher_already_published", "no_voucher_suitable_for_publication"]);

        (await scrip.Delete("/v1/customers/ada")).Expect(204);
        (await scrip.Post("/v1/publications", new { voucher = "HELLO", customer = To("bob") })).Expect(400)["key"].Text.ShouldBe("voucher_already_published");
        (await scrip.Get("/v1/publications?result=SUCCESS")).Expect(200)["publications"][0]["customer"]["name"].Exists.ShouldBeFalse();
    }

    [Theory, OnBoth]
    public async Task A_code_lasts_as_long_after_its_publication_as_its_campaign_says_even_past_its_end(Db db)
    {
        var scrip = await servers.Project(db);
        var soon = DateTimeOffset.FromUnixTimeMilliseconds(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 2500).ToString("O");
        await Campaign(scrip, "Short", lasts: "P1M", ends: soon);

        var publication = (await scrip.Post("/v1/publications", new { campaign = "Short", customer = To("ada") })).Expect(200);
        var created = DateTimeOffset.Parse(publication["created_at"].Text, System.Globalization.CultureInfo.InvariantCulture);
        DateTimeOffset.Parse(publication["voucher"]["expiration_date"].Text, System.Globalization.CultureInfo.InvariantCulture).ShouldBe(created.AddMonths(1));
        var free = (await scrip.Get("/v1/vouchers?campaign=Short&filters[holder_id][conditions][$is_unknown]="))["vouchers"][0]["code"].Text;
        await Task.Delay(2600);

        (await scrip.Validate(new { amount = 1000 }, publication["voucher"]["code"].Text))["valid"].ShouldBe(true);
        (await scrip.Validate(new { amount = 1000 }, free))["valid"].ShouldBe(false);
        (await scrip.Get("/v1/customers/ada/redeemables"))["data"][0]["redeemable"]["status"].Text.ShouldBe("ACTIVE");
    }

    [Theory, OnBoth]
    public async Task A_query_publishes_too(Db db)
    {
        var scrip = await servers.Project(db);
        await Campaign(scrip, "Query");

        var answer = (await scrip.Get("/v1/publications/create?campaign[name]=Query&customer[source_id]=ada&customer[metadata][lang]=en&metadata[from]=mail&join_once=true")).Expect(200);
        answer["customer"]["metadata"]["lang"].Text.ShouldBe("en");
        answer["metadata"]["from"].Text.ShouldBe("mail");
        (await scrip.Get("/v1/publications/create?campaign[name]=Query")).Expect(400)["key"].Text.ShouldBe("invalid_query_params");
        (await scrip.Get("/v1/publications/create?customer[source_id]=ada")).Expect(400)["key"].Text.ShouldBe("missing_vouchers");
        (await scrip.Get("/v1/publications/create?campaign[name]=Query&customer[id]=cust_nobody")).Expect(404)["resource_type"].Text.ShouldBe("customer");
    }

    [Theory, OnBoth]
    public async Task What_cannot_be_published_is_refused_and_changes_nothing(Db db)
    {
        var scrip = await servers.Project(db);
        await Campaign(scrip, "Mine");
        (await scrip.Post("/v1/campaigns", new { name = "Tiers", campaign_type = "PROMOTION", type = "STATIC" })).Expect(200);
        var other = await servers.Project(db);

        (await scrip.Post("/v1/publications", new { customer = To("ada") })).Expect(400)["key"].Text.ShouldBe("missing_vouchers");
        (await scrip.Post("/v1/publications", new { campaign = "Mine" })).Expect(400)["details"].Text.ShouldContain("customer");
        (await scrip.Post("/v1/publications", new { campaign = "Mine", customer = new { name = "Ada" } })).Expect(400)["details"].Text.ShouldContain("source_id");
        (await scrip.Post("/v1/publications", new { campaign = 7, customer = To("ada") })).Expect(400)["details"].Text.ShouldContain("campaign");
        (await scrip.Post("/v1/publications", new { campaign = "Nowhere", customer = To("ada") })).Expect(404)["resource_type"].Text.ShouldBe("campaign");
        (await other.Post("/v1/publications", new { campaign = "Mine", customer = To("ada") })).Expect(404)["resource_id"].Text.ShouldBe("Mine");
        (await scrip.Post("/v1/publications", new { voucher = "NOWHERE", customer = To("ada") })).Expect(404)["resource_type"].Text.ShouldBe("voucher");
        (await scrip.Get("/v1/customers/ada")).Expect(404);
        (await scrip.Post("/v1/publications", new { campaign = "Tiers", customer = To("ada") })).Expect(400)["key"].Text.ShouldBe("invalid_publish_params");
    }

    [Theory, OnBoth]
    public async Task One_idempotency_key_gives_one_code(Db db)
    {
        var scrip = await servers.Project(db);
        await Campaign(scrip, "Keyed", count: 20);
        const string body = """{ "campaign": "Keyed", "customer": { "source_id": "ada" } }""";

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => scrip.Raw("POST", "/v1/publications", body, ("Idempotency-Key", "once"))));

        answers.Select(answer => answer.Expect(200)["voucher"]["code"].Text).Distinct().Count().ShouldBe(1);
        (await scrip.Get("/v1/publications"))["total"].Number.ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task A_browser_publishes_from_a_trusted_origin_when_the_project_allows_it(Db db)
    {
        var scrip = await servers.Project(db);
        await Campaign(scrip, "Web");
        var body = new { campaign = new { name = "Web" }, customer = To("ada") };

        var answer = (await scrip.AsClient.Post("/client/v1/publish?join_once=true", body)).Expect(200);
        answer["customer_id"].Exists.ShouldBeTrue();
        answer.Header("Access-Control-Allow-Origin").ShouldBe(Keys.TrustedOrigin);
        (await scrip.AsClient.Raw("POST", "/client/v1/publish", "{}", ("Origin", "https://evil.test"))).Status.ShouldBe(401);
        (await scrip.Post("/client/v1/publish", body)).Expect(401);

        var preflight = await scrip.AsNobody.Unchecked.Raw("OPTIONS", "/client/v1/publish", null, ("Origin", Keys.TrustedOrigin), ("Access-Control-Request-Method", "POST"));
        preflight.Status.ShouldBe(204);
        preflight.Header("Access-Control-Allow-Headers")!.ShouldContain("X-Client-Token");

        (await scrip.AsManagement.Put($"/management/v1/projects/{scrip.Project.Id}", new { client_publish_enabled = false })).Expect(200);
        (await scrip.AsClient.Post("/client/v1/publish", body)).Expect(403);
        (await scrip.AsManagement.Put($"/management/v1/projects/{scrip.Project.Id}", new { client_publish_enabled = true, client_trusted_domains = new[] { "other.test" } })).Expect(200);
        (await scrip.AsClient.Post("/client/v1/publish", body)).Expect(401);
    }
}
