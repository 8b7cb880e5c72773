using System.Text.Json;
using Scrip.Server.Tests.Contract;
using Scrip.Server.Tests.Features.Distributions;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Preferences;

/// <summary>The page on which customers say whether they want e-mails, its links, and what follows for distributions.</summary>
public sealed class PreferenceTests(Servers servers, WebhookServers hooks)
{
    private const string Form = "application/x-www-form-urlencoded";

    private static object Mailed(string customer, params object[] more) => new
    {
        name = "News",
        trigger = new { type = "MANUAL" },
        audience = new { type = "CUSTOMER", customer },
        channels = (object[])
        [
            new { type = "EMAIL", subject = "News", text = "Way out: {{ customer.preference_center_url }}", html = "<a href=\"{{ customer.assets.cockpit_preference_center_url }}\">{{ customer.name }}</a>" },
            .. more,
        ],
    };

    private static Task<Answer> Look(ApiClient scrip, string path) => scrip.AsNobody.Unchecked.Raw("GET", path);

    private static Task<Answer> Say(ApiClient scrip, string path, string form, string type = Form) => scrip.AsNobody.Unchecked.Raw("POST", path, form, ("Content-Type", type));

    private static async Task<string> Page(ApiClient scrip, object customer) => Path((await scrip.Post("/v1/customers", customer)).Expect(200)["assets"]["cockpit_preference_center_url"].Text);

    private static string Path(string url) => new Uri(url).AbsolutePath;

    [Theory, OnBoth]
    public async Task A_mail_leads_to_the_page_where_its_customer_unsubscribes_and_subscribes_again(Db db)
    {
        await using var mailing = await Mailing.Start(db);
        var scrip = await mailing.Project();
        (await scrip.Post("/v1/customers", new { source_id = "ada", name = "Ada", email = "ada@shop.test" })).Expect(200);
        await scrip.Growing("Thanks");

        var first = await scrip.Distribution(Mailed("ada"));
        await scrip.Messages(first, "SENT", 1);
        var mail = (await mailing.Mail.To("ada@shop.test")).ShouldHaveSingleItem();
        var url = mail.TextBody!.Trim()["Way out: ".Length..];
        mail.HtmlBody!.Trim().ShouldBe($"<a href=\"{url}\">Ada</a>");
        mail.Headers["List-Unsubscribe"].ShouldBe($"<{url}>");
        mail.Headers["List-Unsubscribe-Post"].ShouldBe("List-Unsubscribe=One-Click");
        url.ShouldBe((await scrip.Get("/v1/customers/ada")).Expect(200)["assets"]["cockpit_url"].Text);
        var page = (await Look(scrip, Path(url))).Expect(200).Text;
        page.ShouldContain("a&#x2022;&#x2022;&#x2022;@shop.test");
        page.ShouldNotContain("ada@");
        page.ShouldContain("not said yet");

        (await Say(scrip, Path(url), "emails=UNSUBSCRIBED")).Expect(200).Text.ShouldContain("no e-mails are sent");
        // Updating the customer does not bring e-mails back.
        (await scrip.Put("/v1/customers/ada", new { name = "Ada Lovelace", metadata = new { a = 1 } })).Expect(200);
        var second = await scrip.Distribution(Mailed("ada"));
        (await scrip.Messages(second, "SKIPPED", 1)).ShouldHaveSingleItem()["fault"].Text.ShouldBe("The customer unsubscribed from e-mails");
        var gift = await scrip.Distribution(new
        {
            name = "Gift",
            trigger = new { type = "MANUAL" },
            audience = new { type = "ALL" },
            action = new { type = "PUBLISH", campaign_id = "Thanks" },
            channels = new[] { new { type = "EMAIL", subject = "x", text = "{{ voucher.code }}" } },
        });
        await scrip.Messages(gift, "SKIPPED", 1);
        (await scrip.AsManagement.Get(scrip.Distributions($"/{gift}")))["sent"].Number.ShouldBe(0);
        (await scrip.Get("/v1/publications?customer=ada")).Expect(200)["publications"].Items.ShouldBeEmpty();
        var mixed = await scrip.Distribution(Mailed("ada", new { type = "WEBHOOK", url = mailing.Hook() }));
        await scrip.Messages(mixed, "SENT", 1);
        (await scrip.Messages(mixed, "SKIPPED", 1)).ShouldHaveSingleItem()["channel"].Text.ShouldBe("EMAIL");
        mailing.Mail.All.ShouldHaveSingleItem();

        (await Say(scrip, Path(url), "emails=SUBSCRIBED")).Expect(200).Text.ShouldContain("e-mails are welcome");
        var skipped = (await scrip.Messages(second, "SKIPPED", 1)).Single()["id"].Text;
        (await scrip.AsManagement.Post(scrip.Distributions($"/{second}/messages/{skipped}/retry"))).Expect(200);
        var third = await scrip.Distribution(Mailed("ada"));
        await scrip.Messages(third, "SENT", 1);
        await scrip.Messages(second, "SENT", 1);
        mailing.Mail.All.Count.ShouldBe(3);
    }

    [Theory, OnBoth]
    public async Task Who_unsubscribes_while_a_mail_waits_is_not_sent_it(Db db)
    {
        var isBusy = true;
        await using var mailing = await Mailing.Start(db, refusal: _ => Volatile.Read(ref isBusy) ? "451 Later" : null, retryMs: 500);
        var scrip = await mailing.Project();
        var page = await Page(scrip, new { source_id = "ada", email = "ada@shop.test" });
        var id = await scrip.Distribution(Mailed("ada"));
        await Eventually.Holds(() => Task.FromResult(mailing.Mail.Attempts > 0));

        (await Say(scrip, page, "List-Unsubscribe=One-Click")).Expect(200);
        Volatile.Write(ref isBusy, false);

        (await scrip.Messages(id, "SKIPPED", 1)).ShouldHaveSingleItem();
        mailing.Mail.All.ShouldBeEmpty();
    }

    [Theory]
    [OnBoth(Form, "List-Unsubscribe=One-Click")]
    [OnBoth("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"List-Unsubscribe\"\r\n\r\nOne-Click\r\n--x--\r\n")]
    public async Task One_click_unsubscribes_and_looking_changes_nothing(Db db, string type, string body)
    {
        var scrip = await servers.Project(db);
        var page = await Page(scrip, new { source_id = "ada", email = "ada@shop.test" });
        var before = (await Look(scrip, page)).Expect(200).Text;
        foreach (var query in new[] { "?emails=UNSUBSCRIBED", "?List-Unsubscribe=One-Click", "" }) (await Look(scrip, page + query)).Expect(200).Text.ShouldBe(before);
        (await scrip.AsNobody.Unchecked.Raw("HEAD", page)).Expect(200);
        (await Look(scrip, page)).Expect(200).Text.ShouldBe(before);

        (await Say(scrip, page, body, type)).Expect(200).Text.ShouldContain("unsubscribed");

        (await Look(scrip, page)).Expect(200).Text.ShouldContain("unsubscribed");
    }

    [Theory]
    [OnBoth("", Form)]
    [OnBoth("emails=", Form)]
    [OnBoth("emails=off", Form)]
    [OnBoth("emails=SUBSCRIBED&emails=UNSUBSCRIBED", Form)]
    [OnBoth("List-Unsubscribe=Two", Form)]
    [OnBoth("{\"emails\":\"UNSUBSCRIBED\"}", "application/json")]
    [OnBoth("no parts", "multipart/form-data; boundary=x")]
    [OnBoth("no boundary", "multipart/form-data")]
    public async Task A_form_that_says_nothing_changes_nothing(Db db, string body, string type)
    {
        var scrip = await servers.Project(db);
        var page = await Page(scrip, new { source_id = "ada", email = "ada@shop.test" });
        (await Say(scrip, page, body, type)).Expect(400).Text.ShouldContain("Not saved");
        (await Say(scrip, page, "emails=UNSUBSCRIBED&x=" + new string('x', 50_000))).Status.ShouldBe(400);
        (await Look(scrip, page)).Expect(200).Text.ShouldContain("not said yet");
    }

    [Theory, OnBoth]
    public async Task Addresses_that_nobody_signed_so_are_all_the_same_page_that_is_not_there(Db db)
    {
        var (scrip, other) = (await servers.Project(db), await servers.Project(db));
        var (ada, bob) = (await Page(scrip, new { source_id = "ada" }), await Page(other, new { source_id = "bob" }));
        var gone = await Page(scrip, new { source_id = "gone" });
        (await scrip.Delete("/v1/customers/gone")).Expect(204);
        var erased = await Page(scrip, new { source_id = "erased" });
        (await Say(scrip, erased, "emails=UNSUBSCRIBED")).Expect(200);
        (await scrip.Post("/v1/customers/erased/permanent-deletion")).Expect(200);
        await scrip.Coupon("IMAGE", new { type = "PERCENT", percent_off = 10 });
        var image = (await scrip.Get("/v1/vouchers/IMAGE")).Expect(200)["assets"]["qr"]["id"].Text;
        static string Changed(string path, int place) => string.Concat(path.AsSpan(0, place), path[place] == 'A' ? "B" : "A", path.AsSpan(place + 1));
        const int root = 13;

        string[] wrong =
        [
            gone, erased, "/preferences/", "/preferences/x", "/preferences/" + image, "/preferences/" + new string('A', 3000), "/preferences/a/b", "/preferences/%FF",
            ada[..^1], ada + "A", ada + "=", ada + "==", ada + "%20", ada[..(ada.Length / 2)] + bob[(bob.Length / 2)..],
            .. Enumerable.Range(root, ada.Length - root).Select(place => Changed(ada, place)),
            // The other spellings of the last letter stand for the same bytes.
            .. "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".Where(letter => letter != ada[^1]).Select(letter => ada[..^1] + letter),
        ];
        var missing = (await Look(scrip, "/preferences/none")).Expect(404);
        missing.Header("Content-Type").ShouldBe("text/html; charset=utf-8");
        foreach (var path in wrong)
        {
            (await Look(scrip, path)).Expect(404).Text.ShouldBe(missing.Text, path);
            (await Say(scrip, path, "emails=UNSUBSCRIBED")).Expect(404).Text.ShouldBe(missing.Text, path);
        }
        (await scrip.AsNobody.Unchecked.Raw("GET", $"/assets/qr/{ada[root..]}")).Expect(404);
        (await Look(scrip, ada)).Expect(200).Text.ShouldContain("not said yet");
        (await Look(scrip, bob)).Expect(200).Text.ShouldContain("not said yet");
    }

    [Theory, OnBoth]
    public async Task Names_are_text_on_the_page_and_nothing_of_it_is_kept_or_told_on(Db db)
    {
        const string evil = "</title><script>alert(1)</script>\"' onload=x";
        var scrip = await Servers.Project(await servers.On(db), new { name = evil, currency = "EUR", timezone = "UTC" });
        var page = await Page(scrip, new { source_id = "<b>", name = "<img src=x onerror=alert(2)>", email = "\"><svg onload=alert(3)>@<i>.test" });
        foreach (var answer in new[] { (await Look(scrip, page)).Expect(200), (await Say(scrip, page, "emails=SUBSCRIBED")).Expect(200) })
        {
            answer.Text.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
            foreach (var tag in new[] { "<script", "<img", "<svg", "<i>", "<b>", "'alert", "onload=alert(3)>" }) answer.Text.ShouldNotContain(tag);
            answer.Text.ShouldNotContain("http");
            answer.Header("Content-Security-Policy")!.ShouldStartWith("default-src 'none'; style-src 'sha256-");
            answer.Header("Content-Security-Policy")!.ShouldEndWith("form-action 'self'; base-uri 'none'; frame-ancestors 'none'");
            answer.Header("Referrer-Policy").ShouldBe("no-referrer");
            answer.Header("Cache-Control").ShouldBe("no-store");
            answer.Header("X-Content-Type-Options").ShouldBe("nosniff");
        }
    }

    [Theory, OnBoth]
    public async Task Links_are_in_all_answers_with_the_whole_customer_and_not_in_those_of_web_pages(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Growing("Links");
        var made = (await scrip.Post("/v1/customers", new { source_id = "ada", name = "Ada" })).Expect(200)["assets"];
        made["cockpit_url"].Text.ShouldStartWith(scrip.Address + "preferences/");
        made["cockpit_preference_center_url"].ShouldBe(made["cockpit_url"]);
        (await scrip.Get("/v1/customers/ada")).Expect(200)["assets"].ShouldBe(made);
        (await scrip.Get("/v1/customers")).Expect(200)["customers"][0]["assets"].ShouldBe(made);
        (await scrip.Put("/v1/customers/ada", new { name = "Ada L" })).Expect(200)["assets"].ShouldBe(made);
        (await scrip.Post("/v1/publications", new { campaign = "Links", customer = new { source_id = "ada" } })).Expect(200)["customer"]["assets"].ShouldBe(made);
        (await scrip.Get("/v1/publications")).Expect(200)["publications"][0]["customer"]["assets"].ShouldBe(made);
        (await scrip.AsClient.Post("/client/v1/publish", new { campaign = "Links", customer = new { source_id = "ada" } })).Expect(200)["customer"]["assets"].Exists.ShouldBeFalse();
    }

    [Theory, OnBoth]
    public async Task What_an_operator_sets_is_where_links_begin(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_PUBLIC_URL"] = "https://codes.shop.test/" });
        var scrip = await Servers.Project(server);
        (await scrip.Post("/v1/customers", new { source_id = "ada" })).Expect(200)["assets"]["cockpit_url"].Text.ShouldStartWith("https://codes.shop.test/preferences/");
    }

    [Theory, OnBoth]
    public async Task That_emails_are_welcome_is_told_once_however_often_it_is_said(Db db)
    {
        await using var receiver = Receiver.Start();
        var scrip = await hooks.Project(db);
        await scrip.Hook(receiver.Address, "customer.confirmed", "voucher.created");
        var page = await Page(scrip, new { source_id = "ada", email = "ada@shop.test" });
        (await Look(scrip, page)).Expect(200);
        (await Say(scrip, page, "emails=UNSUBSCRIBED")).Expect(200);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ => (await Say(scrip, page, "emails=SUBSCRIBED")).Expect(200)));
        foreach (var choice in new[] { "UNSUBSCRIBED", "SUBSCRIBED" }) (await Say(scrip, page, $"emails={choice}")).Expect(200);
        await scrip.Coupon("LAST", new { type = "PERCENT", percent_off = 10 });
        await receiver.First("voucher.created");

        var activities = await Eventually.Answers(() => scrip.Get("/v1/customers/ada/activities"), answer => answer.Expect(200)["data"].Items.Any(one => one["type"].Text == "customer.confirmed"));
        activities["data"].Items.Count(one => one["type"].Text == "customer.confirmed").ShouldBe(1);
        (await scrip.Get("/v1/customers/ada/activity?category=ACTION")).Expect(200)["data"].Items.ShouldContain(one => one["type"].Text == "customer.confirmed");
        await receiver.First("customer.confirmed");
        var told = receiver.All.Where(one => one.Body["type"].Text == "customer.confirmed").ShouldHaveSingleItem();
        told.Body["data"]["customer"]["source_id"].Text.ShouldBe("ada");
        Path(told.Body["data"]["customer"]["assets"]["cockpit_url"].Text).ShouldBe(page);
        told.Body["event"]["entity_id"].ShouldBe(told.Body["data"]["customer"]["id"]);
        if (!OpenApi.IsPresent) return;
        var document = JsonDocument.Parse(await File.ReadAllBytesAsync(System.IO.Path.Combine(Repository.OpenApiFolder!, "customers.json"))).RootElement;
        var schema = document.GetProperty("components").GetProperty("schemas").GetProperty("EventCustomerConfirmed");
        new Schema(document).Check(schema, JsonDocument.Parse(told.Bytes).RootElement.GetProperty("data")).ShouldBeEmpty();
    }
}
