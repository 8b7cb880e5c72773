using System.Globalization;
using System.Text.Json;

namespace Scrip.Bench;

/// <summary>
/// Drives the published server over real sockets, on both databases, and prints latencies and throughput beside
/// the floors of the same run: a trivial endpoint of the same server, and pgbench on the same cluster. The driver
/// shares the machine with what it measures.
/// </summary>
static class HttpBench
{
    const int Connections = 16;
    static readonly TimeSpan Warm = TimeSpan.FromSeconds(2);
    static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    /// <summary>Runs everything; arguments: the server's dll, a scratch folder, the PostgreSQL address, its programs' folder.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [var dll, var scratch, var postgres, var programs])
        {
            await Console.Error.WriteLineAsync("usage: http SERVER_DLL SCRATCH postgres://… PG_BIN (./dev bench http knows them)");
            return 2;
        }
        var rows = new List<Row>();
        rows.AddRange(await PgBench.Run(programs, postgres, Connections));
        rows.AddRange(await OneDatabase("sqlite", dll, scratch, $"sqlite:{Path.Combine(scratch, "bench.db")}"));
        await PgBench.Create(programs, postgres, "scrip_bench");
        rows.AddRange(await OneDatabase("postgres", dll, scratch, $"{postgres}/scrip_bench"));
        Print(rows);
        var file = Path.Combine(scratch, "http.json");
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(rows));
        Console.WriteLine($"\nThe same as JSON: {file}");
        return 0;
    }

    static async Task<List<Row>> OneDatabase(string name, string dll, string scratch, string database)
    {
        Console.Error.WriteLine($"== {name}: starting and filling");
        await using var server = await BenchServer.Start(dll, scratch, database);
        var shop = await Shop.Fill(server.Api);
        var rows = new List<Row>
        {
            new(name, "100 000 codes: request to all redeemable", 1, null, null, null, shop.GenerationSeconds),
        };
        foreach (var connections in new[] { 1, Connections })
        {
            rows.Add(await Drive(name, "trivial endpoint", connections, (_, _) => server.Get("/health/live")));
            rows.Add(await Drive(name, "validate, 3 redeemables, 5 lines", connections, (worker, turn) => server.Post("/v1/validations", shop.Stack(worker, turn))));
            rows.Add(await Drive(name, "redeem, 3 redeemables, 5 lines", connections, (worker, turn) => server.Post("/v1/redemptions", shop.Stack(worker, turn))));
        }
        rows.Add(await Drive(name, "redeem one hot code", Connections, (_, _) => server.Post("/v1/redemptions", Shop.Hot)));
        return rows;
    }

    static async Task<Row> Drive(string database, string work, int connections, Func<int, int, Task> call)
    {
        Console.Error.WriteLine($"== {database}: {work}, {connections} connection(s)");
        await Load(connections, Warm, call, 0);
        var (latencies, seconds) = await Load(connections, Span, call, 1_000_000);
        latencies.Sort();
        double At(double share) => latencies[(int)Math.Min(latencies.Count - 1, latencies.Count * share)];
        return new Row(database, work, connections, At(0.5), At(0.95), latencies.Count / seconds, null);
    }

    static async Task<(List<double> Latencies, double Seconds)> Load(int connections, TimeSpan span, Func<int, int, Task> call, int firstTurn)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var all = await Task.WhenAll(Enumerable.Range(0, connections).Select(worker => Task.Run(async () =>
        {
            var mine = new List<double>();
            for (var turn = firstTurn; clock.GetElapsedTime(start) < span; turn++)
            {
                var before = clock.GetTimestamp();
                await call(worker, turn);
                mine.Add(clock.GetElapsedTime(before).TotalMilliseconds);
            }
            return mine;
        })));
        return (all.SelectMany(list => list).ToList(), clock.GetElapsedTime(start).TotalSeconds);
    }

    static void Print(List<Row> rows)
    {
        Console.WriteLine();
        Console.WriteLine("| on | work | connections | p50 ms | p95 ms | per s | s |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|");
        foreach (var row in rows)
            Console.WriteLine($"| {row.On} | {row.Work} | {row.Connections} | {Show(row.P50, "0.00")} | {Show(row.P95, "0.00")} | {Show(row.PerSecond, "0")} | {Show(row.Seconds, "0.00")} |");
    }

    static string Show(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}

/// <summary>One line of the table: milliseconds, calls per second, or seconds of one long call.</summary>
sealed record Row(string On, string Work, int Connections, double? P50, double? P95, double? PerSecond, double? Seconds);
