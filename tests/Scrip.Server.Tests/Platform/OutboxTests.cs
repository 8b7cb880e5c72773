using System.Globalization;

namespace Scrip.Server.Tests.Platform;

/// <summary>What follows from events happens once, whatever fails meanwhile.</summary>
public sealed class OutboxTests
{
    private static readonly HttpClient Http = new();

    private static Dictionary<string, string> Failing(string type) => new()
    {
        ["SCRIP_FAULT_EVENTS"] = type,
        ["SCRIP_OUTBOX_ATTEMPTS"] = "2",
        ["SCRIP_OUTBOX_RETRY_MS"] = "20",
    };

    [Theory, OnBoth]
    public async Task An_event_that_keeps_failing_becomes_a_dead_letter_that_can_be_tried_again(Db db)
    {
        await using var database = await Database.Create(db);
        string id;
        await using (var server = await ScripProcess.Start(database, Failing("voucher.created")))
        {
            var scrip = Servers.Demo(server);
            await scrip.Coupon("lost", new { type = "AMOUNT", amount_off = 1 });
            (await scrip.Post("/v1/customers", new { source_id = "ada" })).Expect(200);
            var dead = await Dead(scrip, 1);
            var letter = dead["data"].Items[0];
            letter["type"].ShouldBe("voucher.created");
            letter["attempts"].ShouldBe(2);
            letter["fault"].Text.ShouldContain("SCRIP_FAULT_EVENTS");
            letter["data"]["voucher"]["code"].ShouldBe("lost");
            letter["source"]["channel"].ShouldBe("API");
            id = letter["id"].Text;
            (await Metric(server, "scrip_outbox_dead_total")).ShouldBe(1);
            (await Metric(server, "scrip_outbox_failed_total")).ShouldBe(2);
            // Another attempt means all of them anew.
            (await scrip.AsManagement.Post($"{Letters}/{id}/retry")).Expect(200);
            (await Dead(scrip, 1))["data"].Items[0]["attempts"].ShouldBe(2);
            // What else happened is not held up by it.
            await Eventually.Holds(async () => await Metric(server, "scrip_outbox_handled_total") >= 1);
        }
        await using var next = await ScripProcess.Start(database);
        var operators = Servers.Demo(next).AsManagement;
        (await operators.Get(Letters)).Expect(200)["total"].ShouldBe(1);
        (await operators.Post($"{Letters}/{id}/retry")).Expect(200)["id"].ShouldBe(id);
        await Dead(Servers.Demo(next), 0);
        await Eventually.Holds(async () => await Metric(next, "scrip_outbox_handled_total") == 1);
        (await operators.Post($"{Letters}/{id}/retry")).Expect(404)["key"].ShouldBe("not_found");
        (await operators.Get("/management/v1/projects/nobody/dead-letters")).Expect(404)["key"].ShouldBe("not_found");
        (await operators.Get(Letters + "?limit=0")).Expect(400)["key"].ShouldBe("invalid_query_params");
    }

    [Theory, OnBoth]
    public async Task What_fails_waits_longer_each_time(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_FAULT_EVENTS"] = "customer.created", ["SCRIP_OUTBOX_RETRY_MS"] = "60000" });
        (await Servers.Demo(server).Post("/v1/customers", new { source_id = "ada" })).Expect(200);
        Task<List<string>> Due(int attempts) => Eventually.Becomes(
            () => Tables.Read(database, $"SELECT due_at - {TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()} FROM outbox WHERE attempts = {attempts}"), rows => rows.Count == 1);
        async Task<long> Wait(int attempts) => long.Parse((await Due(attempts))[0], CultureInfo.InvariantCulture);

        // Somewhere in the upper half of it, less what went by since.
        (await Wait(1)).ShouldBeInRange(20_000, 60_000);
        await Tables.Run(server, "UPDATE outbox SET attempts = 2, due_at = 0");
        (await Wait(3)).ShouldBeInRange(110_000, 240_000);
        await Tables.Run(server, "UPDATE outbox SET attempts = 9, due_at = 0");
        (await Wait(10)).ShouldBeInRange(290_000, 600_000);
    }

    [Theory, OnBoth]
    public async Task What_happens_to_a_customer_waits_behind_what_fails_and_nobody_else_does(Db db)
    {
        await using var database = await Database.Create(db);
        var faults = new Dictionary<string, string> { ["SCRIP_FAULT_EVENTS"] = "customer.order.created", ["SCRIP_OUTBOX_RETRY_MS"] = "100" };
        await using (var server = await ScripProcess.Start(database, faults))
        {
            var scrip = Servers.Demo(server);
            foreach (var source in new[] { "ada", "bob" }) (await scrip.Post("/v1/customers", new { source_id = source })).Expect(200);
            await Eventually.Holds(async () => await Activities(scrip, "ada") == 1);
            (await scrip.Post("/v1/orders", new { amount = 100, customer = new { source_id = "ada" } })).Expect(200);
            foreach (var name in new[] { "Ada", "Ada Lovelace" }) (await scrip.Put("/v1/customers/ada", new { name })).Expect(200);
            await Eventually.Holds(async () => await Metric(server, "scrip_outbox_failed_total") >= 3);
            (await scrip.Put("/v1/customers/bob", new { name = "Bob" })).Expect(200);
            await Eventually.Holds(async () => await Activities(scrip, "bob") == 2);
            (await Activities(scrip, "ada")).ShouldBe(1);
        }
        await using var next = await ScripProcess.Start(database);
        await Eventually.Holds(async () => await Activities(Servers.Demo(next), "ada") == 4);
        var list = (await Servers.Demo(next).Get("/v1/customers/ada/activity?order=created_at")).Expect(200)["data"].Items;
        list.Select(one => one["type"].Text).ShouldBe(["customer.created", "customer.order.created", "customer.updated", "customer.updated"]);
        list[^1]["data"]["data"]["customer"]["name"].ShouldBe("Ada Lovelace");
    }

    [Theory, OnBoth]
    public async Task The_age_of_the_oldest_event_that_waits_is_told_and_falls_to_nothing(Db db)
    {
        await using var database = await Database.Create(db);
        await using (var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_FAULT_EVENTS"] = "customer.created", ["SCRIP_OUTBOX_RETRY_MS"] = "3000" }))
        {
            (await Servers.Demo(server).Post("/v1/customers", new { source_id = "ada" })).Expect(200);
            await Eventually.Holds(async () => await Metric(server, "scrip_outbox_lag_seconds") >= 1);
        }
        await using var next = await ScripProcess.Start(database);
        await Eventually.Holds(async () => await Metric(next, "scrip_outbox_handled_total") == 1);
        await Eventually.Holds(async () => await Metric(next, "scrip_outbox_lag_seconds") == 0);
    }

    [Theory, OnBoth]
    public async Task A_server_killed_between_the_commit_and_its_effects_loses_none_and_doubles_none(Db db)
    {
        await using var database = await Database.Create(db);
        await using (var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_FAULT_EVENTS"] = "customer.redemption.succeeded", ["SCRIP_OUTBOX_RETRY_MS"] = "200" }))
        {
            var scrip = Servers.Demo(server);
            await scrip.Coupon("x", new { type = "AMOUNT", amount_off = 1 });
            for (var i = 0; i < 5; i++) (await Redeem(scrip, "ada")).Expect(200);
            (await scrip.Get("/v1/customers/ada/activities"))["total"].ShouldBe(0);
            await server.Kill();
        }
        await using var next = await ScripProcess.Start(database);
        await Eventually.Holds(async () => await Activities(Servers.Demo(next), "ada") >= 16);
        var list = (await Servers.Demo(next).Get("/v1/customers/ada/activity?limit=100&order=created_at")).Expect(200)["data"].Items.Select(one => one["type"].Text).ToArray();
        list.ShouldBe(["customer.created", .. Enumerable.Range(0, 5).SelectMany(_ => new[] { "customer.order.created", "customer.order.paid", "customer.redemption.succeeded" })]);
    }

    [Theory, OnBoth]
    public async Task A_server_killed_at_any_moment_of_its_work_has_each_effect_once_after_the_restart(Db db)
    {
        string[] customers = ["c0", "c1", "c2", "c3"];
        await using var database = await Database.Create(db);
        for (var round = 0; round < 4; round++)
        {
            await using var server = await ScripProcess.Start(database);
            var scrip = Servers.Demo(server);
            if (round == 0) await scrip.Coupon("x", new { type = "AMOUNT", amount_off = 1 });
            using var stop = new CancellationTokenSource();
            var answered = 0;
            var clients = customers.Select(customer => Task.Run(async () =>
            {
                try
                {
                    while (!stop.IsCancellationRequested)
                        if ((await Redeem(scrip, customer)).Status == 200) Interlocked.Increment(ref answered);
                }
                catch (Exception gone) when (gone is HttpRequestException or IOException)
                {
                    // The server died.
                }
            })).ToArray();
            for (var tries = 0; tries < 400 && Volatile.Read(ref answered) < 20 + (round * 7); tries++) await Task.Delay(10);
            await server.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(clients);
        }
        await using var last = await ScripProcess.Start(database);
        var after = Servers.Demo(last);
        var redemptions = await after.Count("/v1/redemptions");
        async Task<long> All()
        {
            var sum = 0L;
            foreach (var customer in customers) sum += await Activities(after, customer);
            return sum;
        }
        await Eventually.Holds(async () => await All() >= customers.Length + (3 * redemptions));
        (await All()).ShouldBe(customers.Length + (3 * redemptions));
    }

    private static async Task<Answer> Redeem(ApiClient scrip, string customer) => await scrip.Unchecked.Post("/v1/redemptions",
        new { customer = new { source_id = customer }, order = new { amount = 100 }, redeemables = new[] { new { @object = "voucher", id = "x" } } });

    private static async Task<long> Activities(ApiClient scrip, string customer) =>
        await scrip.Get($"/v1/customers/{customer}/activities") is { Status: 200 } list ? list["total"].Number : 0;

    private static string Letters => $"/management/v1/projects/{DemoKeys.ProjectId}/dead-letters";

    private static async Task<Answer> Dead(ApiClient scrip, int count)
    {
        Answer? dead = null;
        await Eventually.Holds(async () => (dead = (await scrip.AsManagement.Get(Letters)).Expect(200))["total"].Number == count);
        return dead!;
    }

    private static async Task<double> Metric(ScripProcess server, string name)
    {
        var text = await Http.GetStringAsync(new Uri(server.Address, "/metrics"));
        var line = text.Split('\n').LastOrDefault(line => line.StartsWith(name, StringComparison.Ordinal) && (line[name.Length] is ' ' or '{'));
        return line is null ? 0 : double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture);
    }
}
