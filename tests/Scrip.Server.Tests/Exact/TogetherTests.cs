using Npgsql;

namespace Scrip.Server.Tests.Exact;

/// <summary>
/// On PostgreSQL, redemptions that come while others are on their way are written in one transaction. What becomes of one of
/// them must not touch the others.
/// </summary>
public sealed class TogetherTests
{
    private const int Clients = 32, Turns = 6;

    [Fact]
    public async Task Redemptions_that_come_at_once_share_round_trips()
    {
        await using var database = await Database.Create(Db.Postgres);
        var direct = new Uri(database.Address);
        await using var tap = new WireTap(direct);
        await using var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_DATABASE"] = new UriBuilder(direct) { Port = tap.Port }.Uri.ToString() });
        var scrip = Servers.Demo(server).Unchecked;
        await Codes(scrip);
        await Redeem(scrip);
        tap.Take();

        await Redeem(scrip);

        // Each would take two by itself, and what follows from them some more.
        tap.Take().RoundTrips.ShouldBeLessThan(Clients * Turns);
    }

    [Fact]
    public async Task Whoever_waits_for_a_code_that_somebody_holds_keeps_nobody_else()
    {
        await using var database = await Database.Create(Db.Postgres);
        await using var server = await ScripProcess.Start(database);
        var scrip = Servers.Demo(server).Unchecked;
        await Codes(scrip);
        await scrip.Coupon("held", new { type = "AMOUNT", amount_off = 100 });
        await using var connection = new NpgsqlConnection(database.ConnectionString);
        await connection.OpenAsync();
        await using var holding = await connection.BeginTransactionAsync();
        await using (var hold = new NpgsqlCommand("SELECT 1 FROM vouchers WHERE code = 'held' FOR UPDATE", connection, holding)) await hold.ExecuteNonQueryAsync();

        var waiting = Enumerable.Range(0, 8).Select(_ => scrip.Post("/v1/redemptions", Request("held"))).ToArray();
        await Redeem(scrip);
        waiting.Count(one => one.IsCompleted).ShouldBe(0);

        await holding.RollbackAsync();
        foreach (var one in waiting) (await one).Expect(200);
    }

    [Fact]
    public async Task Whoever_loses_a_limit_loses_it_for_nobody_else()
    {
        await using var database = await Database.Create(Db.Postgres);
        await using var server = await ScripProcess.Start(database);
        var scrip = Servers.Demo(server).Unchecked;
        await Codes(scrip);
        for (var turn = 0; turn < Turns; turn++) await scrip.Coupon($"last-{turn}", new { type = "AMOUNT", amount_off = 100 }, quantity: 1);

        var won = await Storm.Of(Clients, async client =>
        {
            var mine = 0;
            for (var turn = 0; turn < Turns; turn++)
            {
                var racing = await scrip.Post("/v1/redemptions", Request($"last-{turn}"));
                if (racing.Status == 200) mine++;
                (await scrip.Post("/v1/redemptions", Request($"free-{client}"))).Expect(200);
            }
            return mine;
        });

        won.Sum().ShouldBe(Turns);
        (await Tables.Rows(database, "SELECT SUM(redeemed) FROM vouchers WHERE code LIKE 'free-%'")).Single()[0].ShouldBe($"{Clients * Turns}");
        (await Tables.Rows(database, "SELECT COUNT(*) FROM redemptions WHERE result = 'SUCCESS'")).Single()[0].ShouldBe($"{(Clients * Turns) + Turns}");
    }

    [Fact]
    public async Task Each_movement_on_a_card_notes_the_balance_that_it_left()
    {
        await using var database = await Database.Create(Db.Postgres);
        await using var server = await ScripProcess.Start(database);
        var scrip = Servers.Demo(server).Unchecked;
        await scrip.GiftCard("card", 1000);
        await Codes(scrip);

        await Storm.Of(Clients, async client =>
        {
            for (var turn = 0; turn < Turns;)
            {
                var answer = await scrip.Post("/v1/redemptions", new
                {
                    redeemables = new object[] { new { @object = "voucher", id = $"free-{client}" }, new { @object = "voucher", id = "card", gift = new { credits = 1 } } },
                    order = new { amount = 1000 },
                });
                if (answer["key"].ToString() == "concurrent_update") continue;
                answer.Expect(200);
                turn++;
            }
            return true;
        });

        (await Tables.Rows(database, "SELECT balance FROM voucher_transactions ORDER BY balance DESC")).Select(row => long.Parse(row[0]))
            .ShouldBe(Enumerable.Range(1, Clients * Turns).Select(drawn => 1000L - drawn));
    }

    private static async Task Codes(ApiClient scrip)
    {
        for (var client = 0; client < Clients; client++) await scrip.Coupon($"free-{client}", new { type = "AMOUNT", amount_off = 100 });
    }

    private static Task<bool[]> Redeem(ApiClient scrip) => Storm.Of(Clients, async client =>
    {
        for (var turn = 0; turn < Turns; turn++) (await scrip.Post("/v1/redemptions", Request($"free-{client}"))).Expect(200);
        return true;
    });

    private static object Request(string code) => new { redeemables = new[] { new { @object = "voucher", id = code } }, order = new { amount = 1000 } };
}
