namespace Scrip.Server.Tests.Features.Webhooks;

/// <summary>What a power cut between an answer and a delivery leaves.</summary>
public sealed class SendoutCrashTests
{
    private const int Calls = 30;

    [Theory, OnBoth]
    public async Task A_kill_between_commit_and_delivery_loses_nothing_and_repeats_under_the_same_id(Db db)
    {
        var isUp = false;
        await using var receiver = Receiver.Start(async (_, response) =>
        {
            // Before the kill no delivery ends, so that many are under way.
            if (!Volatile.Read(ref isUp)) await Task.Delay(TimeSpan.FromSeconds(9));
            response.StatusCode = 200;
        });
        await using var database = await Database.Create(db);
        string[] redeemed;
        ApiClient scrip;
        await using (var first = await ScripProcess.Start(database, WebhookServers.Settings))
        {
            scrip = await Servers.Project(first);
            await scrip.Hook(receiver.Address, "redemption.succeeded");
            await scrip.Coupon("CRASH", new { type = "AMOUNT", amount_off = 1 });
            redeemed = await Task.WhenAll(Enumerable.Range(0, Calls).Select(async _ => (await scrip.Redeem(new { amount = 100 }, "CRASH")).Expect(200)["redemptions"][0]["id"].Text));
            await receiver.Until(all => all.Count > 0);
            await first.Kill();
        }
        Volatile.Write(ref isUp, true);
        await using var second = await ScripProcess.Start(database, WebhookServers.Settings);

        var all = await receiver.Until(all => all.Select(Redemption).Distinct().Count() == Calls && all.Count > Calls);
        all.Select(Redemption).Distinct().Order().ShouldBe(redeemed.Order());
        // Of one redemption there is one sendout, however often it came.
        foreach (var again in all.GroupBy(Redemption)) again.Select(one => one.Headers["webhook-id"]).Distinct().ShouldHaveSingleItem();
        all.GroupBy(one => one.Headers["webhook-id"]).Count().ShouldBe(Calls);

        static string Redemption(Received one) => one.Body["data"]["redemption"]["id"].Text;
    }

    [Fact]
    public async Task A_node_that_slept_too_long_writes_nothing_over_what_another_did()
    {
        var calls = 0;
        await using var receiver = Receiver.Start(async (_, response) =>
        {
            if (Interlocked.Increment(ref calls) > 1) return;
            await Task.Delay(TimeSpan.FromSeconds(3));
            response.StatusCode = 500;
        });
        await using var database = await Database.Create(Db.Postgres);
        await using var slow = await ScripProcess.Start(database, WebhookServers.Settings);
        var project = (await Servers.Project(slow)).Project;
        var hook = await On(slow).Hook(receiver.Address, "voucher.created");
        await On(slow).Coupon("SLEEP", new { type = "AMOUNT", amount_off = 1 });
        await receiver.Until(all => all.Count == 1);
        await slow.Pause();
        await using var other = await ScripProcess.Start(database, WebhookServers.Settings);
        var scrip = On(other);
        var sent = (await scrip.SendoutsWhen(hook, all => all is [var one] && one["status"] == "SUCCEEDED"))[0];
        await slow.Resume();
        // Long enough for what it would write, and for what would follow.
        await Eventually.Holds(async () => (await On(slow).Get("/v1/vouchers/SLEEP")).Status == 200);
        await Task.Delay(TimeSpan.FromSeconds(2));
        (await scrip.Sendouts(hook))[0].ShouldBe(sent);
        receiver.All.Count.ShouldBe(2);

        ApiClient On(ScripProcess node) => new(Db.Postgres, node.Address, project, project.ServerSide);
    }

    [Theory, OnBoth]
    public async Task A_target_that_is_closed_is_refused_when_it_is_dialled_even_if_it_was_saved(Db db)
    {
        await using var receiver = Receiver.Start();
        await using var database = await Database.Create(db);
        // This server has no allowance, so loopback is closed to it.
        await using var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_WEBHOOK_RETRY"] = "3" });
        var scrip = await Servers.Project(server);
        var hook = await scrip.Hook(new Uri("https://shop.example/"), "voucher.created");
        (await Tables.Run(server, "UPDATE webhooks SET target_url = @url WHERE id = @hook", ("url", receiver.Address.ToString()), ("hook", hook))).ShouldBe(1);

        await scrip.Coupon("CLOSED", new { type = "AMOUNT", amount_off = 1 });

        var sendout = (await scrip.SendoutsWhen(hook, all => all is [var one] && one["attempts_count"].Number > 1))[0];
        sendout["fault"].Text.ShouldContain("refused");
        sendout["fault"].Text.ShouldContain("loopback");
        receiver.All.ShouldBeEmpty();
    }
}
