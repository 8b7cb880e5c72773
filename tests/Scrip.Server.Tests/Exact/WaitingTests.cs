namespace Scrip.Server.Tests.Exact;

/// <summary>
/// Whoever changes several vouchers locks them in one order, so that nobody waits for somebody who waits for him: PostgreSQL
/// notices that only after a second, during which the codes stand still. Red when the vouchers of a stack are taken by one
/// statement, which locks them in the order in which they lie in the table, or in the order of the request.
/// </summary>
public sealed class WaitingTests
{
    private const int Clients = 24, Waves = 4, Turns = 9;

    private const long Loaded = 1_000_000_000;

    private static readonly string[] Codes = ["one", "two", "three", "four"];

    [Fact]
    public async Task Stacks_rollbacks_and_sessions_over_the_same_codes_never_wait_in_a_circle()
    {
        await using var database = await Database.Create(Db.Postgres);
        // How a statement goes about its rows is settled when a connection first runs it, by how large tables are at that
        // time. So there are nodes that came earlier and later.
        var nodes = new List<ScripProcess>();
        for (var wave = 0; wave < Waves; wave++)
        {
            nodes.Add(await ScripProcess.Start(database));
            var clients = nodes.Select(node => Servers.Demo(node).Unchecked).ToArray();
            if (wave == 0)
                foreach (var code in Codes) await clients[0].GiftCard(code, Loaded);
            await Storm.Of(Clients, async client =>
            {
                for (var turn = 0; turn < Turns; turn++) await Turn(clients[client % clients.Length], $"{wave}-{client}-{turn}", client, turn);
                return true;
            });
        }
        foreach (var code in Codes) (await Servers.Demo(nodes[0]).Get($"/v1/vouchers/{code}"))["gift"]["balance"].ShouldBe(Loaded - (Waves * Clients * Turns * 2 / 3));
        foreach (var node in nodes) await node.DisposeAsync();
        // What happened is told once the server's connections are closed.
        await Eventually.Holds(async () => (await Tables.Rows(database, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'scrip'")).Single()[0] == "0");
        (await Tables.Rows(database, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")).Single()[0].ShouldBe("0");
    }

    // Every client names the codes in an order of its own. A third of the redemptions uses what a session held, a third is taken back.
    private static async Task Turn(ApiClient scrip, string session, int client, int turn)
    {
        var order = Enumerable.Range(0, Codes.Length).Select(i => Codes[((client % 2 == 0 ? i : Codes.Length - 1 - i) + turn) % Codes.Length]);
        var request = new
        {
            redeemables = order.Select(id => new { @object = "voucher", id, gift = new { credits = 1 } }),
            order = new { amount = 1000 },
            session = turn % 3 == 0 ? new { type = "LOCK", key = session } : null,
        };
        if (turn % 3 == 0) (await Again(() => scrip.Post("/v1/validations", request)))["valid"].ShouldBe(true);
        var done = await Again(() => scrip.Post("/v1/redemptions", request));
        if (turn % 3 == 1) await Again(() => scrip.Post($"/v1/redemptions/{done["parent_redemption"]["id"].Text}/rollbacks"));
    }

    private static async Task<Answer> Again(Func<Task<Answer>> call)
    {
        while (true)
        {
            var answer = await call();
            if (answer["key"].ToString() != "concurrent_update") return answer.Expect(200);
        }
    }
}
