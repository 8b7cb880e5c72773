namespace Scrip.Server.Tests.Features.AuditLog;

/// <summary>
/// The audit log as it is read. On the servers that hear less: on those that most tests share more calls come at times
/// than the log takes, and it drops some, as it is to.
/// </summary>
public sealed class AuditLogTests(WebhookServers servers)
{
    private static string Path(ApiClient scrip, string rest = "") => $"/management/v1/projects/{scrip.Project.Id}/audit-log{rest}";

    [Theory, OnBoth]
    public async Task A_call_is_in_the_log_with_what_was_asked_and_answered(Db db)
    {
        var scrip = await servers.Project(db);
        var made = (await scrip.Post("/v1/products?x=1", new { name = "shirt", price = 1200 })).Expect(200);
        var refused = (await scrip.Raw("POST", "/v1/products", """{"price":-1}""", ("X-Voucherify-Channel", "Test"))).Expect(400);

        var log = await When(scrip, "", entries => entries.Count == 2);
        log[0]["id"].ShouldBe(refused["request_id"]);
        log[0]["status"].ShouldBe("400");
        log[0]["channel"].ShouldBe("Test");
        log[1]["type"].ShouldBe("API_REQUEST");
        log[1]["name"].ShouldBe("create-product");
        log[1]["method"].ShouldBe("POST");
        log[1]["path"].ShouldBe("/v1/products");
        log[1]["query"].ShouldBe("?x=1");
        log[1]["status"].ShouldBe("200");
        log[1]["app_id"].ShouldBe(scrip.Project.ServerSide.Headers[0].Value);
        log[1]["request"].Exists.ShouldBeFalse();

        var entry = (await scrip.AsManagement.Get(Path(scrip, $"/{log[1]["id"]}"))).Expect(200);
        entry["id"].ShouldBe(made.Header("X-Request-Id"));
        entry["request"]["price"].ShouldBe(1200);
        entry["response"].ShouldBe(made.Body);
        (await scrip.AsManagement.Get(Path(scrip, $"/{log[0]["id"]}"))).Expect(200)["response"]["details"].ShouldBe(refused["details"]);
    }

    [Theory, OnBoth]
    public async Task Entries_are_filtered_by_status_name_path_and_date(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("a", 100);
        (await scrip.Get("/v1/products/none")).Expect(404);
        // Of calls of one millisecond nobody knows the order.
        await Task.Delay(5);
        (await scrip.Get("/v1/customers")).Expect(200);
        await Task.Delay(5);
        (await scrip.Get("/v1/products?limit=5")).Expect(200);
        await When(scrip, "", entries => entries.Count == 4);

        async Task<string> Found(string query) => string.Join(" ", (await List(scrip, query)).Select(entry => $"{entry["method"]}{entry["path"]}"));
        (await Found("&status=failure")).ShouldBe("GET/v1/products/none");
        (await Found("&status=404")).ShouldBe("GET/v1/products/none");
        (await Found("&status=success&path=/v1/products")).ShouldBe("GET/v1/products POST/v1/products");
        (await Found("&name=list-customers")).ShouldBe("GET/v1/customers");
        (await Found("&path=/v1/cust%25")).ShouldBe("");
        (await Found("&created_at[before]=2020-01-01")).ShouldBe("");
        (await Found("&created_at[after]=2020-01-01&limit=1&page=2")).ShouldBe("GET/v1/customers");
        (await scrip.AsManagement.Get(Path(scrip, "?limit=3"))).Expect(200)["has_more"].ShouldBe(true);
        foreach (var wrong in new[] { "type=x", "status=good", "status=99", "created_at[after]=soon", "limit=0", "limit=101", "page=1001", "type=BACKGROUND_TASK&path=/v1" })
            (await scrip.AsManagement.Get(Path(scrip, "?" + wrong))).Expect(400)["details"].Text.ShouldNotBeNullOrEmpty();
    }

    [Theory, OnBoth]
    public async Task Background_tasks_are_in_the_log_and_other_projects_are_not(Db db)
    {
        var (scrip, other) = (await servers.Project(db), await servers.Project(db));
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "c", campaign_type = "DISCOUNT_COUPONS", vouchers_count = 3, voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 1 } } })).Expect(200);
        var tasks = await When(scrip, "&type=BACKGROUND_TASK", entries => entries is [var one] && one["status"] == "DONE");
        tasks[0]["name"].ShouldBe("CAMPAIGN.VOUCHERS_GENERATE");
        var entry = (await scrip.AsManagement.Get(Path(scrip, $"/{tasks[0]["id"]}"))).Expect(200);
        entry["request"].ToString().ShouldContain(campaign["id"].Text);
        (await List(scrip, "&type=WEBHOOK_SENDOUT")).ShouldBeEmpty();
        var export = (await scrip.Post("/v1/exports", new { exported_object = "voucher", parameters = new { fields = new[] { "code" } } })).Expect(200);
        var exports = await When(scrip, "&type=EXPORT", entries => entries is [var one] && one["status"] == "DONE");
        exports[0]["id"].ShouldBe(export["id"]);
        exports[0]["name"].ShouldBe("voucher");
        (await scrip.AsManagement.Get(Path(scrip, $"/{export["id"]}"))).Expect(200)["request"].ToString().ShouldContain("code");

        (await List(other, "&type=BACKGROUND_TASK")).ShouldBeEmpty();
        (await other.AsManagement.Get(Path(other, $"/{tasks[0]["id"]}"))).Expect(404);
        var request = (await When(scrip, "", entries => entries.Count > 0))[0]["id"].Text;
        (await other.AsManagement.Get(Path(other, $"/{request}"))).Expect(404);
        foreach (var id in new[] { "req-", "req-x", "req-zzzzzzzzzzzzzzzzzzzzzzzz", "nothing" }) (await scrip.AsManagement.Get(Path(scrip, $"/{id}"))).Expect(404);
        (await scrip.AsManagement.Get("/management/v1/projects/proj_none/audit-log")).Expect(404);
        (await scrip.Get(Path(scrip))).Expect(401);
    }

    [Theory, OnBoth]
    public async Task No_secret_is_in_the_log_and_long_bodies_are_cut(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.AsManagement.Get($"/management/v1/projects/{scrip.Project.Id}")).Expect(200);
        (await scrip.Post("/v1/products", new { name = "long", metadata = new { text = new string('x', 100_000), password = "hunter2" } })).Expect(200);
        (await scrip.Get("/v1/products?token=hunter2")).Expect(200);
        var log = await When(scrip, "", entries => entries.Count >= 3);
        var token = scrip.Project.ServerSide.Headers[1].Value;
        foreach (var entry in log)
        {
            var shown = await scrip.AsManagement.Get(Path(scrip, $"/{entry["id"]}"));
            shown.Text.ShouldNotContain(token);
            shown.Text.ShouldNotContain("hunter2");
            shown.Bytes.Length.ShouldBeLessThan(40_000);
            if (entry["name"] == "get-project") shown["response"]["webhook_token"].ShouldBe("***");
        }
    }

    [Theory, OnBoth]
    public async Task A_customer_who_is_to_be_forgotten_is_in_no_entry_any_more(Db db)
    {
        var scrip = await servers.Project(db);
        var customer = (await scrip.Post("/v1/customers", new { source_id = "ada-forgotten", name = "Ada", email = "ada-forgotten@shop.test" })).Expect(200);
        (await scrip.Post("/v1/customers", new { source_id = "bob", name = "Bob" })).Expect(200);
        (await scrip.Get("/v1/customers/ada-forgotten")).Expect(200);
        await When(scrip, "", entries => entries.Count == 3);
        (await scrip.Post($"/v1/customers/{customer["id"]}/permanent-deletion")).Expect(200);
        var log = await List(scrip, "");
        foreach (var entry in log.Where(entry => entry["name"].ToString() is not "delete-customer-permanently" && !entry["path"].Text.EndsWith("permanent-deletion", StringComparison.Ordinal)))
            (await scrip.AsManagement.Get(Path(scrip, $"/{entry["id"]}"))).Text.ShouldNotContain("ada-forgotten");
        log.Count(entry => entry["name"] == "create-customer").ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task What_was_answered_before_the_end_is_in_the_log_and_what_is_old_is_swept(Db db)
    {
        await using var database = await Database.Create(db);
        ApiClient scrip;
        await using (var first = await ScripProcess.Start(database))
        {
            scrip = await Servers.Project(first);
            for (var i = 0; i < 120; i++) await scrip.Product($"p{i}", 1);
            await first.Stop();
            var day = 24L * 60 * 60 * 1000;
            (await Tables.Run(first, "UPDATE api_requests SET created_at = created_at - @age WHERE project_id = @project AND path = '/v1/products' AND operation = 'create-product' AND request LIKE '%\"p7%'",
                ("age", 3 * day), ("project", scrip.Project.Id))).ShouldBe(11);
        }
        await using var second = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_AUDIT_DAYS"] = "2" });
        var scrip2 = new ApiClient(db, second.Address, scrip.Project, scrip.Project.ServerSide);
        await Eventually.Becomes(async () =>
        {
            var count = 0;
            for (var page = 1; page <= 2; page++) count += (await scrip2.AsManagement.Get(Path(scrip2, $"?limit=100&page={page}&name=create-product"))).Expect(200)["data"].Items.Count;
            return count;
        }, count => count == 109, count => $"{count} entries are left");
    }

    private static async Task<IReadOnlyList<Part>> List(ApiClient scrip, string query) =>
        [.. (await scrip.AsManagement.Get(Path(scrip, $"?{(query.Contains("limit") ? "" : "limit=100")}{query}"))).Expect(200)["data"].Items.Where(entry => entry["name"] != "list-audit-log" && entry["name"] != "get-audit-log-entry")];

    // Entries are written a moment after their answer.
    private static Task<IReadOnlyList<Part>> When(ApiClient scrip, string query, Func<IReadOnlyList<Part>, bool> enough) =>
        Eventually.Becomes(() => List(scrip, query), enough, entries => $"the log has only {string.Join(", ", entries)}");
}
