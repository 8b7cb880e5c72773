namespace Scrip.Server.Tests.Platform;

/// <summary>The program as an operator meets it: its start, its end, its commands.</summary>
public sealed class ProcessTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_server_told_to_stop_finishes_what_it_has_begun(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database);
        var scrip = Servers.Demo(server);
        await scrip.Coupon("x", new { type = "AMOUNT", amount_off = 1 });
        (await scrip.Redeem(new { amount = 100 }, "x")).Expect(200);
        var calls = Enumerable.Range(0, 40).Select(_ => scrip.Redeem(new { amount = 100 }, "x")).ToArray();
        await Task.WhenAny(calls);
        await server.Stop();
        server.HasEnded.ShouldBeTrue();
        var answered = 1;
        foreach (var call in calls)
        {
            try
            {
                if ((await call).Status == 200) answered++;
            }
            catch (HttpRequestException)
            {
                // It had not begun.
            }
        }
        await using var next = await ScripProcess.Start(database);
        (await Servers.Demo(next).Get("/v1/vouchers/x")).Expect(200)["redemption"]["redeemed_quantity"].ShouldBe(answered);
    }

    [Theory, OnBoth]
    public async Task A_killed_server_has_every_answered_redemption_after_its_restart(Db db)
    {
        await using var database = await Database.Create(db);
        var answered = 0;
        await using (var server = await ScripProcess.Start(database))
        {
            var scrip = Servers.Demo(server);
            await scrip.GiftCard("card", 1_000_000);
            using var stop = new CancellationTokenSource();
            var clients = Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
            {
                try
                {
                    while (!stop.IsCancellationRequested)
                        if ((await scrip.Redeem(new { amount = 1 }, "card")).Status == 200) Interlocked.Increment(ref answered);
                }
                catch (Exception gone) when (gone is HttpRequestException or IOException)
                {
                    // The server died.
                }
            })).ToArray();
            // In the middle of the work, however slow the machine is.
            for (var tries = 0; tries < 400 && Volatile.Read(ref answered) < 25; tries++) await Task.Delay(50);
            await server.Kill();
            await stop.CancelAsync();
            await Task.WhenAll(clients);
        }
        await using var next = await ScripProcess.Start(database);
        var card = (await Servers.Demo(next).Get("/v1/vouchers/card")).Expect(200);
        var redeemed = card["redemption"]["redeemed_quantity"].Number;
        answered.ShouldBeGreaterThan(0);
        redeemed.ShouldBeGreaterThanOrEqualTo(answered);
        card["gift"]["balance"].ShouldBe(1_000_000 - redeemed);
        (await Servers.Demo(next).Count("/v1/redemptions")).ShouldBe(redeemed);
        // Ends with an exit code of 1, and so fails here, when a balance is not the sum of its postings.
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
    }

    [Theory, OnBoth]
    public async Task The_demo_shop_is_there_at_the_first_start_and_not_twice(Db db)
    {
        await using var database = await Database.Create(db);
        var demo = new Dictionary<string, string> { ["SCRIP_SEED"] = "demo" };
        long customers;
        await using (var first = await ScripProcess.Start(database, demo))
        {
            var scrip = Servers.Demo(first);
            customers = await scrip.Count("/v1/customers");
            customers.ShouldBeGreaterThan(0);
            (await scrip.Count("/v1/campaigns")).ShouldBe(4);
            (await scrip.Count("/v1/redemptions")).ShouldBeGreaterThan(3);
            first.Output.ShouldContain("X-App-Id");
            await first.Stop();
        }
        await using var second = await ScripProcess.Start(database, demo);
        (await Servers.Demo(second).Count("/v1/customers")).ShouldBe(customers);
        second.Output.ShouldNotContain("X-App-Token");
    }

    [Theory, OnBoth]
    public async Task Keys_are_stored_hashed(Db db)
    {
        var scrip = await servers.Project(db);
        var token = scrip.Project.ServerSide.Headers.Single(header => header.Name == "X-App-Token").Value;
        var server = await servers.On(db);
        if (db == Db.Sqlite)
            foreach (var file in Directory.GetFiles(server.Database.Folder))
                (await Read(file)).ShouldNotContain(token);
        else
        {
            await using var source = Npgsql.NpgsqlDataSource.Create(server.Database.ConnectionString);
            await using var command = source.CreateCommand("SELECT COUNT(*) FROM api_keys WHERE api_keys::text LIKE '%' || @token || '%'");
            command.Parameters.AddWithValue("token", token);
            ((long)(await command.ExecuteScalarAsync())!).ShouldBe(0);
        }
    }

    // The server has its files open for writing.
    static async Task<string> Read(string file)
    {
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream, System.Text.Encoding.Latin1);
        return await reader.ReadToEndAsync();
    }
}
