using System.Globalization;

namespace Scrip.Bench;

/// <summary>
/// How long it takes from a redemption's request until all that follows from it is committed, while redemptions come at
/// an even rate, whatever the answers take. The server counts it itself, in the histogram of its metrics.
/// </summary>
static class OutboxBench
{
    const int Connections = 16;

    /// <summary>Runs it; arguments: the server, a scratch folder, the PostgreSQL address, its programs' folder, redemptions a second, seconds.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [var program, var scratch, var postgres, var programs, .. var rest])
        {
            await Console.Error.WriteLineAsync("usage: outbox SERVER SCRATCH postgres://… PG_BIN [RATE [SECONDS]] (./dev bench outbox knows them)");
            return 2;
        }
        var rate = rest is [var first, ..] ? int.Parse(first, CultureInfo.InvariantCulture) : 500;
        var seconds = rest is [_, var second, ..] ? int.Parse(second, CultureInfo.InvariantCulture) : 15;
        await PgBench.Create(programs, postgres, "scrip_outbox");
        Console.WriteLine("| on | redemptions per s | events per s | delay p50 s | p95 s | p99 s | redemption p95 ms | CPU % of one core |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        await One("sqlite", program, scratch, $"sqlite:{Path.Combine(scratch, "outbox.db")}", rate, seconds);
        await One("postgres", program, scratch, $"{postgres}/scrip_outbox", rate, seconds);
        return 0;
    }

    static async Task One(string on, string program, string scratch, string address, int rate, int seconds)
    {
        await using var database = new BenchDatabase(address);
        await using var server = await BenchServer.Start(on, program, scratch, address);
        var shop = await Shop.Fill(server, database, Size.Quick);
        // One segment of each kind asks what redemptions change, as a shop's would.
        await server.Send("POST", "/v1/segments", """{"name":"Buyers","type":"auto-update","filter":{"junction":"and","summary.orders.total_count":{"conditions":{"$more_than":[3]}}}}""");
        await server.Send("POST", "/v1/segments", """{"name":"Redeemers","type":"passive","filter":{"junction":"and","summary.redemptions.total_succeeded":{"conditions":{"$more_than":[3]}}}}""");
        await Drive(server, shop, rate, 3, 0);
        var (before, costs) = (await Delays(server), await server.Costs());
        var (latencies, spent) = await Drive(server, shop, rate, seconds, 1_000_000);
        await Task.Delay(1000);
        var (after, spentCosts) = (await Delays(server), await server.Costs());
        var delays = after.Select(one => (one.Le, Count: one.Count - before.First(other => other.Le == one.Le).Count)).ToList();
        var count = delays[^1].Count;
        latencies.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {on} | {latencies.Count / spent:0} | {count / spent:0} | {At(delays, 0.5)} | {At(delays, 0.95)} | {At(delays, 0.99)} | {latencies[(int)(latencies.Count * 0.95)]:0.0} | {(spentCosts.CpuMs - costs.CpuMs) / spent / 10:0} |"));
    }

    // The end of the bucket in which the share lies.
    static string At(List<(double Le, double Count)> delays, double share)
    {
        var le = delays.First(one => one.Count >= delays[^1].Count * share).Le;
        return double.IsInfinity(le) ? "> 60" : "≤ " + le.ToString(CultureInfo.InvariantCulture);
    }

    static async Task<List<(double Le, double Count)>> Delays(BenchServer server)
    {
        var text = await server.Api.GetStringAsync("/metrics");
        return [.. text.Split('\n').Where(line => line.StartsWith("scrip_outbox_delay_seconds_bucket", StringComparison.Ordinal)).Select(line =>
        {
            var from = line.IndexOf("le=\"", StringComparison.Ordinal) + 4;
            var le = line[from..line.IndexOf('"', from)];
            return (le == "+Inf" ? double.PositiveInfinity : double.Parse(le, CultureInfo.InvariantCulture), double.Parse(line.Split("} ")[1].Split(' ')[0], CultureInfo.InvariantCulture));
        }).OrderBy(one => one.Item1)];
    }

    static async Task<(List<double> Latencies, double Seconds)> Drive(BenchServer server, Shop shop, int rate, int seconds, int firstTurn)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var all = await Line.OfEach(Connections, worker =>
        {
            using var line = new Line(server.EndPoint);
            line.Open();
            var mine = new List<double>();
            for (var turn = 0; ; turn++)
            {
                var due = TimeSpan.FromSeconds((double)((turn * Connections) + worker) / rate);
                if (due.TotalSeconds >= seconds) return mine;
                var wait = due - clock.GetElapsedTime(start);
                if (wait > TimeSpan.Zero) Thread.Sleep(wait);
                line.Call(shop.Request("/v1/redemptions", worker, firstTurn + turn, 3, 5));
                // From when it was due, so that a stall counts for all who waited.
                mine.Add((clock.GetElapsedTime(start) - due).TotalMilliseconds);
            }
        });
        return (all.SelectMany(list => list).ToList(), clock.GetElapsedTime(start).TotalSeconds);
    }
}
