using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Platform;

/// <summary>What the server does so that its database stays fast.</summary>
public sealed class UpkeepTests(Servers servers)
{
    [Fact]
    public async Task PostgreSQL_is_told_soon_when_a_table_has_outgrown_what_its_planner_knows()
    {
        var server = await servers.On(Db.Postgres);
        await Tables.Run(server, "CREATE TABLE outgrown (id BIGINT PRIMARY KEY) WITH (autovacuum_enabled = off)");
        try
        {
            await Grow(1, 3_000);
            await Eventually.Holds(async () => await Known() == 3_000);
            await Grow(3_001, 20_000);
            await Eventually.Holds(async () => await Known() == 20_000);
        }
        finally
        {
            await Tables.Run(server, "DROP TABLE outgrown");
        }

        Task<int> Grow(int from, int to) => Tables.Run(server, $"INSERT INTO outgrown SELECT i FROM generate_series({from}, {to}) i");
        async Task<int> Known() => int.Parse((await Tables.Rows(server.Database, "SELECT CAST(reltuples AS BIGINT) FROM pg_class WHERE relname = 'outgrown'"))[0][0]);
    }
}
