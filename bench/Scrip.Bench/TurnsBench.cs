using System.Globalization;

namespace Scrip.Bench;

/// <summary>
/// Several builds or settings of the server against each other, and against pgbench, by turns: a few seconds each, again and
/// again, so that a machine which is now faster, now slower is so for all of them. Prints medians.
/// </summary>
static class TurnsBench
{
    /// <summary>
    /// Arguments: the server, a scratch folder, the PostgreSQL address, its programs' folder; then sqlite or postgres, a work such as
    /// <c>"redeem 3, 5 lines"</c>, connections, rounds, and other servers, as <c>PATH</c> or <c>PATH?SETTING=VALUE&amp;…</c>.
    /// </summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [var program, var scratch, var postgres, var programs, var on, var work, var connections, var rounds, .. var others])
        {
            await Console.Error.WriteLineAsync("usage: turns SERVER SCRATCH postgres://… PG_BIN sqlite|postgres WORK CONNECTIONS ROUNDS [SERVER[?SETTING=VALUE&…]]… (./dev bench turns knows the first four)");
            return 2;
        }
        string[] named = [program, .. others];
        var seconds = double.TryParse(Environment.GetEnvironmentVariable("SCRIP_BENCH_SECONDS"), CultureInfo.InvariantCulture, out var set) ? set : 3;
        // A database that http's full form left behind, on PostgreSQL: each server gets a copy, in place of little data.
        var template = Environment.GetEnvironmentVariable("SCRIP_BENCH_TEMPLATE");
        var clients = int.Parse(connections, CultureInfo.InvariantCulture);
        var servers = new List<(BenchServer Server, Func<int, int, byte[]> Request, List<Row> Rows)>();
        var floor = new List<double>();
        try
        {
            for (var i = 0; i < named.Length; i++)
            {
                var parts = named[i].Split('?', 2);
                var settings = parts.Length == 1 ? [] : parts[1].Split('&').Select(pair => pair.Split('=', 2)).Select(pair => (pair[0], pair[1])).ToArray();
                if (on == "postgres") await PgBench.Create(programs, postgres, $"scrip_turns{i}", template);
                var address = on == "postgres" ? $"{postgres}/scrip_turns{i}" : $"sqlite:{Path.Combine(scratch, $"turns{i}.db")}";
                var server = await BenchServer.Start(on, parts[0], scratch, address, settings);
                await using var database = new BenchDatabase(address);
                var shop = template is null ? await Shop.Fill(server, database, Size.Quick) : new Shop(Size.Full);
                var request = HttpBench.Works(shop).First(one => one.Name == work).Request;
                await Drive.Run(server, "warming up " + work, 16, 20, request);
                servers.Add((server, request, []));
            }
            if (on == "postgres") await PgBench.Prepare(programs, postgres);
            for (var round = 0; round < int.Parse(rounds, CultureInfo.InvariantCulture); round++)
            {
                foreach (var (server, request, rows) in servers) rows.Add(await Drive.Run(server, work, clients, seconds, request));
                if (on == "postgres") floor.Add((await PgBench.One(programs, postgres, "tpcb-like", clients, seconds)).PerSecond);
            }
        }
        finally
        {
            foreach (var (server, _, _) in servers) await server.DisposeAsync();
        }
        Console.WriteLine("| server | p50 ms | p95 ms | per s | of TPC-B | CPU µs | KB |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        for (var i = 0; i < servers.Count; i++)
        {
            var rows = servers[i].Rows;
            var ratios = floor.Count == 0 ? double.NaN : Median(rows.Select((row, round) => row.PerSecond!.Value / floor[round]));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {named[i]} | {Median(rows.Select(row => row.P50!.Value)):0.00} | {Median(rows.Select(row => row.P95!.Value)):0.00} | {Median(rows.Select(row => row.PerSecond!.Value)):0} | {ratios:0.00} | {Median(rows.Select(row => row.CpuMicroseconds!.Value)):0} | {Median(rows.Select(row => row.AllocatedKilobytes!.Value)):0} |"));
        }
        if (floor.Count > 0) Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"pgbench TPC-B at {clients}: {Median(floor):0} a second ({floor.Min():0} to {floor.Max():0})"));
        return 0;
    }

    static double Median(IEnumerable<double> numbers)
    {
        double[] sorted = [.. numbers.Order()];
        return sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
    }
}
