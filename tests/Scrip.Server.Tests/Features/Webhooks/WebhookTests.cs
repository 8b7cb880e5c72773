namespace Scrip.Server.Tests.Features.Webhooks;

/// <summary>Webhooks as configuration: the management operations.</summary>
public sealed class WebhookTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_webhook_is_made_told_changed_and_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        var management = scrip.AsManagement;
        var made = (await management.Post(scrip.HooksPath(), new { target_url = "https://shop.example/hook", events = new[] { "redemption.succeeded", "redemption.succeeded" } })).Expect(200);
        made["id"].Text.ShouldStartWith("wh_");
        made["active"].ShouldBe(true);
        made["events"].Items.ShouldHaveSingleItem();
        var path = scrip.HooksPath($"/{made["id"]}");
        (await management.Get(path)).Expect(200).Body.ShouldBe(made.Body);

        var changed = (await management.Put(path, new { target_url = "https://shop.example/other", events = new[] { "voucher.created" }, active = false })).Expect(200);
        changed["target_url"].ShouldBe("https://shop.example/other");
        changed["active"].ShouldBe(false);
        changed["events"][0].ShouldBe("voucher.created");
        var list = (await management.Get(scrip.HooksPath())).Expect(200);
        list["total"].ShouldBe(1);
        list["data"][0].ShouldBe(changed.Body);

        (await management.Delete(path)).Expect(204);
        (await management.Get(path)).Expect(404);
        (await management.Get(scrip.HooksPath())).Expect(200)["total"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task Types_that_the_contract_misspells_are_taken_and_told_as_the_events_are_called(Db db)
    {
        var scrip = await servers.Project(db);
        var events = new[] { "voucher.gift.balance_aded", "voucher.gift.balance_added", "customer.updated" };
        var made = (await scrip.AsManagement.Post(scrip.HooksPath(), new { target_url = "https://shop.example/", events })).Expect(200);
        made["events"].Items.Select(type => type.Text).ShouldBe(["voucher.gift.balance_added", "customer.updated"]);
        (await scrip.AsManagement.Get(scrip.HooksPath())).Expect(200)["data"][0]["events"].ShouldBe(made["events"]);
    }

    [Theory]
    [OnBoth("""{}""", "target_url")]
    [OnBoth("""{"target_url":"https://shop.example/"}""", "events")]
    [OnBoth("""{"target_url":"https://shop.example/","events":[]}""", "events")]
    [OnBoth("""{"target_url":"https://shop.example/","events":["voucher.created","no.such"]}""", "events.1")]
    [OnBoth("""{"target_url":"https://shop.example/","events":[null]}""", "events.0")]
    [OnBoth("""{"target_url":"https://shop.example/","events":"voucher.created"}""", "events")]
    [OnBoth("""{"target_url":"https://shop.example/","events":["voucher.created"],"active":"yes"}""", "active")]
    [OnBoth("""{"target_url":7,"events":["voucher.created"]}""", "target_url")]
    [OnBoth("""{"target_url":"http://127.0.0.1:1/","events":["voucher.created"]}""", "loopback")]
    [OnBoth("""{"target_url":"http://[::ffff:7f00:1]/","events":["voucher.created"]}""", "loopback")]
    [OnBoth("""{"target_url":"http://0x7f000001/","events":["voucher.created"]}""", "loopback")]
    [OnBoth("""{"target_url":"http://169.254.169.254/latest","events":["voucher.created"]}""", "link-local")]
    [OnBoth("""{"target_url":"http://localhost:8080/","events":["voucher.created"]}""", "loopback")]
    [OnBoth("""{"target_url":"http://user:secret@shop.example/","events":["voucher.created"]}""", "password")]
    [OnBoth("""{"target_url":"ftp://shop.example/","events":["voucher.created"]}""", "http")]
    public async Task A_webhook_that_cannot_work_is_refused_with_a_hint_and_nothing_is_kept(Db db, string body, string hint)
    {
        var scrip = await servers.Project(db);
        (await scrip.AsManagement.Raw("POST", scrip.HooksPath(), body)).Expect(400)["details"].Text.ShouldContain(hint);
        (await scrip.AsManagement.Get(scrip.HooksPath())).Expect(200)["total"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task A_refused_change_changes_nothing(Db db)
    {
        var scrip = await servers.Project(db);
        var hook = await scrip.Hook(new Uri("https://shop.example/"), "voucher.created");
        (await scrip.AsManagement.Put(scrip.HooksPath($"/{hook}"), new { target_url = "http://10.0.0.1/", events = new[] { "voucher.deleted" } })).Expect(400);
        var now = (await scrip.AsManagement.Get(scrip.HooksPath($"/{hook}"))).Expect(200);
        now["target_url"].ShouldBe("https://shop.example/");
        now["events"][0].ShouldBe("voucher.created");
    }

    [Theory, OnBoth]
    public async Task The_webhooks_of_another_project_are_not_there_and_other_keys_do_not_open_them(Db db)
    {
        var (mine, other) = (await servers.Project(db), await servers.Project(db));
        var hook = await mine.Hook(new Uri("https://shop.example/"), "voucher.created");
        var management = mine.AsManagement;
        var path = other.HooksPath($"/{hook}");
        (await management.Get(path)).Expect(404);
        (await management.Put(path, new { target_url = "https://shop.example/x", events = new[] { "voucher.deleted" } })).Expect(404);
        (await management.Delete(path)).Expect(404);
        (await management.Get(path + "/sendouts")).Expect(404);
        (await management.Post(path + "/sendouts/whs_1/retry")).Expect(404);
        (await management.Get(mine.HooksPath($"/{hook}/sendouts/whs_1"))).Expect(404);
        (await management.Post("/management/v1/projects/proj_none/webhooks", new { target_url = "https://shop.example/", events = new[] { "voucher.created" } })).Expect(404);
        (await mine.Get(mine.HooksPath())).Expect(401);
        (await mine.AsNobody.Get(mine.HooksPath())).Expect(401);
        (await management.Get(mine.HooksPath($"/{hook}")))["target_url"].ShouldBe("https://shop.example/");
    }

    [Theory, OnBoth]
    public async Task A_project_has_a_hundred_webhooks_at_most(Db db)
    {
        var scrip = await servers.Project(db);
        await Parallel.ForAsync(0, 100, async (_, _) => await scrip.Hook(new Uri("https://shop.example/"), "voucher.created"));
        (await scrip.AsManagement.Post(scrip.HooksPath(), new { target_url = "https://shop.example/", events = new[] { "voucher.created" } }))
            .Expect(400)["details"].Text.ShouldContain("100");
    }
}
