using System.Collections.Concurrent;

namespace Scrip.Server.Tests.Exact;

/// <summary>
/// The server, and PostgreSQL beneath it, are killed at random moments while 32 clients write. Every answered redemption
/// is there afterwards, none is half there, and balances are what was posted. Turns red when redemptions are written
/// apart from what they take (two commits in place of one), or when an answer goes out before the commit.
/// </summary>
public sealed class KillTests
{
    private const int Clients = 32;

    private static int Kills => Storm.IsLong ? 500 : 25;

    [Theory, OnBoth]
    public async Task Killing_the_server_loses_nothing_and_doubles_nothing(Db db)
    {
        await using var database = await Database.Create(db);
        var work = new Work();
        for (var kill = 0; kill < Kills; kill++)
        {
            await using var server = await ScripProcess.Start(database);
            if (kill == 0) await Work.Prepare(Servers.Demo(server));
            await work.During(Servers.Demo(server), server.Kill);
        }
        await using var last = await ScripProcess.Start(database);
        await work.Check(Servers.Demo(last), database);
    }

    [Fact]
    public async Task Killing_PostgreSQL_loses_nothing_and_doubles_nothing()
    {
        await using var cluster = await OwnCluster.Create();
        await using var database = await Database.CreateOn(new Uri(cluster.Address));
        var work = new Work();
        await using (var server = await ScripProcess.Start(database))
        {
            await Work.Prepare(Servers.Demo(server));
            for (var kill = 0; kill < Kills; kill++)
            {
                await work.During(Servers.Demo(server), cluster.Kill);
                await cluster.Start();
                // The same server goes on with it, without help.
                await Eventually.Holds(async () => (await Servers.Demo(server).Unchecked.Get("/v1/vouchers/card")).Status == 200);
            }
        }
        await using var last = await ScripProcess.Start(database);
        await work.Check(Servers.Demo(last), database);
    }

    /// <summary>Stacks of a coupon and a part of a gift card, and now and then a rollback.</summary>
    private sealed class Work
    {
        private const long Loaded = 1_000_000_000;
        private readonly ConcurrentDictionary<string, bool> redeemed = new();
        private readonly ConcurrentDictionary<string, bool> taken = new();
        private readonly ConcurrentDictionary<int, string> statuses = new();

        public static async Task Prepare(ApiClient scrip)
        {
            await scrip.GiftCard("card", Loaded);
            await scrip.Coupon("coupon", new { type = "AMOUNT", amount_off = 1 });
        }

        /// <summary>Writes from many clients until something is killed at a random moment.</summary>
        public async Task During(ApiClient scrip, Func<Task> kill)
        {
            using var stop = new CancellationTokenSource();
            var clients = Enumerable.Range(0, Clients).Select(client => Task.Run(() => Write(scrip.Unchecked, client, stop.Token))).ToArray();
            // In the middle of the work, however slow the machine is: some calls after the start, and a random while.
            var before = redeemed.Count;
            for (var tries = 0; tries < 400 && redeemed.Count < before + 5; tries++) await Task.Delay(20);
            await Task.Delay(Random.Shared.Next(0, 250));
            await kill();
            await stop.CancelAsync();
            await Task.WhenAll(clients);
        }

        private async Task Write(ApiClient scrip, int client, CancellationToken stop)
        {
            try
            {
                for (var turn = 0; !stop.IsCancellationRequested; turn++)
                {
                    var answer = await scrip.Post("/v1/redemptions", new
                    {
                        redeemables = new object[] { new { @object = "voucher", id = "coupon" }, new { @object = "voucher", id = "card", gift = new { credits = 5 } } },
                        customer = new { source_id = $"c{client}" },
                        order = new { amount = 100 },
                    });
                    statuses[answer.Status] = answer.Text;
                    if (answer.Status != 200) continue;
                    var parent = answer["parent_redemption"]["id"].Text;
                    redeemed[parent] = true;
                    if (turn % 4 == 3 && (await scrip.Post($"/v1/redemptions/{parent}/rollbacks")).Status == 200) taken[parent] = true;
                }
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException or System.Net.Sockets.SocketException or OperationCanceledException)
            {
                // The server died.
            }
        }

        public async Task Check(ApiClient scrip, Database database)
        {
            redeemed.Count.ShouldBeGreaterThan(Kills);
            // A database that is away is told as such, with when to come again, and is not a fault of the server's.
            statuses.Keys.ShouldNotContain(500, statuses.GetValueOrDefault(500));
            var parts = await Tables.Rows(database, "SELECT COALESCE(parent_id, id), object, status, COALESCE(voucher_code, '') FROM redemptions WHERE result = 'SUCCESS'");
            var stacks = parts.Where(row => row[1] == "redemption").GroupBy(row => row[0]).ToDictionary(stack => stack.Key, stack => stack.ToArray());
            var lost = redeemed.Keys.Where(id => !stacks.ContainsKey(id)).ToArray();
            lost.ShouldBeEmpty();
            // A parent and both parts, all in one state.
            stacks.Values.ShouldAllBe(stack => stack.Length == 3 && stack.Select(row => row[2]).Distinct().Count() == 1);
            taken.Keys.ShouldAllBe(id => stacks[id][0][2] == "ROLLED_BACK");
            parts.Count(row => row[1] != "redemption").ShouldBe(3 * stacks.Values.Count(stack => stack[0][2] == "ROLLED_BACK"));
            var standing = stacks.Values.Count(stack => stack[0][2] == "SUCCEEDED");
            var (card, coupon) = ((await scrip.Get("/v1/vouchers/card")).Expect(200), (await scrip.Get("/v1/vouchers/coupon")).Expect(200));
            card["gift"]["balance"].ShouldBe(Loaded - (5 * standing));
            card["redemption"]["redeemed_quantity"].ShouldBe(standing);
            coupon["redemption"]["redeemed_quantity"].ShouldBe(standing);
            (await Tables.Rows(database, "SELECT COUNT(*) FROM orders")).Single()[0].ShouldBe($"{stacks.Count}");
            // Fails when a balance is not the sum of its postings.
            (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
            // What followed from the redemptions was done, too.
            await Eventually.Holds(async () => (await Tables.Rows(database, "SELECT COUNT(*) FROM outbox")).Single()[0] == "0");
        }
    }
}
