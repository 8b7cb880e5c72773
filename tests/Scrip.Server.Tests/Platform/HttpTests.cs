namespace Scrip.Server.Tests.Platform;

/// <summary>What the official clients send and expect of every operation.</summary>
public sealed class HttpTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task Odd_paths_bodies_and_content_types_are_taken_as_meant(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Raw("POST", "//v1/products/", """{"name":"a","price":15.0,"unknown":{"x":1}}""", ("Content-Type", "text/plain"))).Expect(200)["price"].ShouldBe(15);
        foreach (var body in new[] { "", "null", "5" })
            (await scrip.Raw("GET", "/v1/products", body)).Expect(200)["total"].ShouldBe(1);
    }

    [Theory]
    [OnBoth("limit=0")]
    [OnBoth("limit=101")]
    [OnBoth("limit=x")]
    [OnBoth("page=0")]
    [OnBoth("page=1001")]
    [OnBoth("order=colour")]
    [OnBoth("created_at[after]=yesterday")]
    [OnBoth("filters[nothing][conditions][$is]=1")]
    [OnBoth("filters[price][conditions][$more_than]=many")]
    [OnBoth("filters[price][conditions][$resembles]=1")]
    public async Task A_malformed_list_is_400_with_a_hint(Db db, string query)
    {
        var scrip = await servers.Project(db);
        (await scrip.Get($"/v1/products?{query}")).Expect(400)["details"].Text.ShouldNotBeNullOrEmpty();
    }

    [Theory, OnBoth]
    public async Task Lists_page_order_and_filter(Db db)
    {
        var scrip = await servers.Project(db);
        for (var i = 1; i <= 5; i++)
            (await scrip.Post("/v1/products", new { name = $"p{i}", source_id = $"s{i}", price = i * 100, metadata = new { even = i % 2 == 0, rank = i } })).Expect(200);

        async Task<string> Names(string query) =>
            string.Join(",", (await scrip.Get($"/v1/products?{query}")).Expect(200)["products"].Items.Select(item => item["name"].Text));

        (await Names("order=name&limit=2&page=2")).ShouldBe("p3,p4");
        (await Names("order=-name&limit=2")).ShouldBe("p5,p4");
        (await Names("order=name&filters[price][conditions][$more_than]=200&filters[price][conditions][$less_than_equal]=400")).ShouldBe("p3,p4");
        (await Names("order=name&filters%5Bname%5D%5bconditions%5d%5B%24in%5D%5B0%5D=p1&filters[name][conditions][$in][1]=p5")).ShouldBe("p1,p5");
        (await Names("order=name&filters[name][conditions][$in]=['p2', 'p3']")).ShouldBe("p2,p3");
        (await Names("order=name&filters[junction]=OR&filters[name][conditions][$is]=p1&filters[source_id][conditions][$is]=s4")).ShouldBe("p1,p4");
        (await Names("order=name&filters[metadata.rank][conditions][$is]=2")).ShouldBe("p2");
        (await Names("order=name&filters[name][conditions][$starts_with]=P")).ShouldBe("p1,p2,p3,p4,p5");
        (await Names("created_at[after]=2020-01-01T00:00:00.0000000%2B00:00&created_at[before]=2199-01-01 00:00:00 UTC&order=name")).ShouldBe("p1,p2,p3,p4,p5");
        (await Names("created_at[before]=2020-01-01")).ShouldBe("");
        (await scrip.Get("/v1/products?limit=1")).Expect(200)["total"].ShouldBe(5);
    }

    [Theory]
    [OnBoth("""{"name":"x","metadata":{"a":"\ud800"}}""", 400)]
    [OnBoth("""{"name":"x","metadata":{"a":"\udc00x"}}""", 400)]
    [OnBoth("""{"name":"x","metadata":{"a":"\ud83d\ude00 and \\ud800"}}""", 200)]
    [OnBoth("""{"name":"x","metadata":{"a":"\u0000"}}""", 400)]
    [OnBoth("""{"name":"x","metadata":{"a\u0000b":1}}""", 400)]
    [OnBoth("""{"name":"x","metadata":{"a":{"a":{"a":[[[[1e300,-0.5,""]]]]}}}}""", 200)]
    [OnBoth("""{"name":"x","name":"y"}""", 200)]
    public async Task Text_that_cannot_be_stored_is_refused_and_odd_text_is_kept(Db db, string body, int status)
    {
        var scrip = await servers.Project(db);
        (await scrip.Raw("POST", "/v1/products", body)).Status.ShouldBe(status);
        (await scrip.Count("/v1/products")).ShouldBe(status == 200 ? 1 : 0);
    }

    [Theory]
    [OnBoth("1e1000", 200)]
    [OnBoth("-1.5E+1000", 200)]
    [OnBoth("1e-1000", 200)]
    [OnBoth("\"1e2000\"", 200)]
    [OnBoth("1e1001", 400)]
    [OnBoth("1E+999999", 400)]
    [OnBoth("1e-1001", 400)]
    [OnBoth("1e99999999999999999999", 400)]
    [OnBoth("[0,{\"b\":-1e2000}]", 400)]
    public async Task Numbers_that_only_one_database_could_search_are_refused_and_others_leave_lists_as_they_are(Db db, string number, int status)
    {
        var scrip = await servers.Project(db);
        (await scrip.Raw("POST", "/v1/orders", $"{{\"amount\":1,\"metadata\":{{\"a\":{number}}}}}")).Status.ShouldBe(status);
        (await scrip.Get("/v1/orders")).Expect(200)["total"].ShouldBe(status == 200 ? 1 : 0);
        (await scrip.Get("/v1/orders?filters[metadata.a][conditions][$is]=x")).Status.ShouldBeLessThan(500);
        (await scrip.Get("/v1/orders?filters[metadata.a][conditions][$is]=x")).Expect(200)["total"].ShouldBe(0);
    }

    [Theory]
    [OnBoth(1000, 200)]
    [OnBoth(1001, 400)]
    [OnBoth(200_000, 400)]
    public async Task A_number_has_so_many_digits_at_most(Db db, int digits, int status)
    {
        var scrip = await servers.Project(db);
        (await scrip.Raw("POST", "/v1/orders", "{\"amount\":1,\"metadata\":{\"a\":" + new string('7', digits) + "}}")).Status.ShouldBe(status);
        (await scrip.Raw("POST", "/v1/orders", "{\"amount\":1,\"metadata\":{\"a\":\"" + new string('7', digits) + "\"}}")).Status.ShouldBe(200);
    }

    [Theory, OnBoth]
    public async Task Numbers_and_queries_beyond_all_reason_are_no_fault_of_the_server(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Raw("POST", "/v1/products", """{"name":"x","metadata":{"a":1e999999}}""")).Status.ShouldBeLessThan(500);
        (await scrip.Get("/v1/products?filters[name][conditions][$is]=%00")).Expect(400);
        (await scrip.Get("/v1/products?filters[metadata.a%00b][conditions][$is]=1")).Expect(400);
        (await scrip.Get("/v1/products?filters[metadata.a'b--][conditions][$is]=1")).Expect(200)["total"].ShouldBe(0);
        (await scrip.Get("/v1/products?filters[price][conditions][$is]=99999999999999999999")).Expect(400);
        (await scrip.Get("/v1/vouchers?campaign=%00")).Expect(400);
        (await scrip.Get($"/v1/products/{new string('x', 3000)}")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Unknown_paths_methods_and_versions_are_errors_of_the_documented_form(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Get("/v1/nothing")).Expect(404)["key"].ShouldBe("not_found");
        (await scrip.Raw("PATCH", "/v1/products")).Expect(405)["details"].Text.ShouldContain("GET");
        (await scrip.Raw("GET", "/v1/products", null, ("X-Voucherify-API-Version", "v2099-01-01"))).Expect(400);
        (await scrip.Raw("GET", "/v1/products", null, ("X-Voucherify-API-Version", "v2018-08-01"))).Expect(200);
    }

    [Theory, OnBoth]
    public async Task Every_answer_tells_how_the_rate_limit_stands(Db db)
    {
        var scrip = await servers.Project(db);
        var answer = (await scrip.Get("/v1/products")).Expect(200);
        long.Parse(answer.Header("X-Rate-Limit-Remaining")!).ShouldBeLessThan(long.Parse(answer.Header("X-Rate-Limit-Limit")!));
        long.Parse(answer.Header("X-Rate-Limit-Retry")!).ShouldBeGreaterThan(1_700_000_000);
    }

    [Theory, OnBoth]
    public async Task Beyond_the_rate_limit_calls_are_refused_and_told_when_to_come_back(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_RATE_LIMIT"] = "3" });
        var scrip = Servers.Demo(server);
        for (var i = 0; i < 3; i++) (await scrip.Get("/v1/products")).Expect(200);
        var refused = (await scrip.Get("/v1/products")).Expect(429);
        int.Parse(refused.Header("Retry-After")!).ShouldBeInRange(0, 60);
        refused.Header("X-Rate-Limit-Type").ShouldBe("api_calls");
        refused["key"].ShouldBe("too_many_requests");
    }

    [Theory, OnBoth]
    public async Task A_write_with_a_key_is_answered_again_without_a_second_effect(Db db)
    {
        var scrip = await servers.Project(db);
        var first = (await scrip.Raw("POST", "/v1/products", """{"name":"a"}""", ("Idempotency-Key", "k"))).Expect(200);
        var again = (await scrip.Raw("POST", "/v1/products", """{"name":"a"}""", ("Idempotency-Key", "k"))).Expect(200);
        again.Text.ShouldBe(first.Text);
        again.Header("Idempotency-Replayed").ShouldBe("true");
        (await scrip.Count("/v1/products")).ShouldBe(1);
        (await scrip.Raw("POST", "/v1/products", """{"name":"b"}""", ("Idempotency-Key", "k"))).Expect(409);
    }

    [Theory, OnBoth]
    public async Task Documents_health_and_metrics_are_served(Db db)
    {
        var scrip = (await servers.Project(db)).AsNobody;
        (await scrip.Get("/openapi/v1.json")).Expect(200)["paths"]["/v1/redemptions"]["post"].Exists.ShouldBeTrue();
        (await scrip.Get("/health/live")).Expect(200);
        (await scrip.Get("/health/ready")).Expect(200)["status"].ShouldBe("ready");
        (await scrip.Get("/metrics")).Expect(200).Text.ShouldContain("http_server_request_duration");
        (await scrip.Get("/docs/")).Text.ShouldContain("openapi/v1.json");
    }
}
