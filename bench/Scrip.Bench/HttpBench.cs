using System.Globalization;
using System.Text.Json;

namespace Scrip.Bench;

/// <summary>
/// Drives the published server over real sockets, on both databases, and prints latencies, throughput and what a call
/// costs the server, beside the floors of the same run: a trivial endpoint of the same server, one that makes one
/// indexed read, and pgbench on the same cluster. The driver shares the machine with what it measures.
/// </summary>
static class HttpBench
{
    static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Runs everything; arguments: the server, a scratch folder, the PostgreSQL address, its programs' folder; then quick, tenth or full, databases, a word of the work.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [var program, var scratch, var postgres, var programs, .. var rest])
        {
            await Console.Error.WriteLineAsync("usage: http SERVER SCRATCH postgres://… PG_BIN [quick|tenth|full [pgbench,sqlite,postgres [WORD]]] (./dev bench http knows the first four)");
            return 2;
        }
        var plan = new Plan(rest is [var form, ..] ? form : "full", program, scratch, rest is [_, var only, ..] ? only : "pgbench,sqlite,postgres", rest is [_, _, var word] ? word : "");
        var rows = new List<Row>();
        if (plan.Has("pgbench")) rows.AddRange(await PgBench.Run(programs, postgres, plan.Connections, plan.Seconds));
        foreach (var on in new[] { "sqlite", "postgres" }.Where(plan.Has))
        {
            // What ten times as much data costs is seen beside a tenth of it.
            if (plan.Form == "full" && plan.Word.Length == 0)
                rows.AddRange((await OneDatabase(on, plan with { Form = "tenth", Word = "3, 5 lines" }, await Address(on, "tenth", scratch, postgres, programs)))
                    .Where(row => row.Work != "start to ready").Select(row => row with { Work = row.Work + ", a tenth of the data" }));
            rows.AddRange(await OneDatabase(on, plan, await Address(on, "bench", scratch, postgres, programs)));
        }
        Print(rows);
        Goals.Print(rows);
        await File.WriteAllTextAsync(Path.Combine(scratch, "http.json"), JsonSerializer.Serialize(rows, Indented));
        return 0;
    }

    static async Task<string> Address(string on, string name, string scratch, string postgres, string programs)
    {
        if (on == "sqlite") return $"sqlite:{Path.Combine(scratch, $"{name}.db")}";
        await PgBench.Create(programs, postgres, $"scrip_{name}");
        return $"{postgres}/scrip_{name}";
    }

    static async Task<List<Row>> OneDatabase(string name, Plan plan, string address)
    {
        await Console.Error.WriteLineAsync($"== {name}: starting and filling");
        await using var database = new BenchDatabase(address);
        Shop shop;
        await using (var filled = await BenchServer.Start(name, plan.Program, plan.Scratch, address)) shop = await Shop.Fill(filled, database, plan.Size);
        await using var server = await BenchServer.Start(name, plan.Program, plan.Scratch, address);
        var rows = new List<Row> { new(name, "start to ready", 1) { Seconds = server.StartSeconds } };
        foreach (var (work, request) in Works(shop))
        {
            if (!work.Contains(plan.Word, StringComparison.Ordinal)) continue;
            // The compiler works in the background for the first seconds of anything; a server in use is past that.
            await Drive.Run(server, $"warming up {work}", 16, plan.Warming, request);
            foreach (var connections in plan.Connections)
                rows.Add(await Drive.Run(server, work, connections, plan.Seconds, request));
        }
        if (plan.Word.Length > 0 && !"qualify".StartsWith(plan.Word, StringComparison.Ordinal)) return rows;
        rows.Add(await Drive.Run(server, $"qualify, {shop.Size.Promotions} promotions", 1, plan.Seconds, shop.Qualify));
        await shop.Promote(database, shop.Size.Promotions, 10 * shop.Size.Promotions);
        rows.Add(await Drive.Run(server, $"qualify, {10 * shop.Size.Promotions} promotions", 1, plan.Seconds, shop.Qualify));
        var (generating, bare) = await Shop.Generate(server, database);
        rows.Add(new(name, "100 000 codes: request to all redeemable", 1) { Seconds = generating });
        rows.Add(new(name, "the same rows written bare", 1) { Seconds = bare });
        return rows;
    }

    /// <summary>What is measured, by its name.</summary>
    public static IEnumerable<(string Name, Func<int, int, byte[]> Request)> Works(Shop shop)
    {
        var trivial = Line.Request("GET", "/health/live", null);
        yield return ("trivial endpoint", (_, _) => trivial);
        yield return ("one indexed read", shop.Read);
        foreach (var (codes, lines) in new[] { (1, 5), (3, 5), (3, 20), (10, 20) })
            yield return ($"validate {codes}, {lines} lines", (worker, turn) => shop.Request("/v1/validations", worker, turn, codes, lines));
        foreach (var (codes, lines) in new[] { (1, 5), (3, 5), (3, 20), (10, 20) })
            yield return ($"redeem {codes}, {lines} lines", (worker, turn) => shop.Request("/v1/redemptions", worker, turn, codes, lines));
        yield return ("redeem one hot code", (_, _) => Shop.Hot);
    }

    static void Print(List<Row> rows)
    {
        Console.WriteLine();
        Console.WriteLine("| on | work | connections | p50 ms | p95 ms | p99 ms | per s | CPU µs | KB | MB | s |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var row in rows)
            Console.WriteLine($"| {row.On} | {row.Work} | {row.Connections} | {Show(row.P50, "0.00")} | {Show(row.P95, "0.00")} | {Show(row.P99, "0.00")} | {Show(row.PerSecond, "0")} "
                + $"| {Show(row.CpuMicroseconds, "0")} | {Show(row.AllocatedKilobytes, "0")} | {Show(row.MemoryMegabytes, "0")} | {Show(row.Seconds, "0.00")} |");
    }

    static string Show(double? value, string format) => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";

    /// <summary>What to run.</summary>
    sealed record Plan(string Form, string Program, string Scratch, string Only, string Word)
    {
        public Size Size => Form switch { "quick" => Size.Quick, "tenth" => Size.Tenth, _ => Size.Full };

        bool IsQuick => Form == "quick";

        public double Seconds => double.TryParse(Environment.GetEnvironmentVariable("SCRIP_BENCH_SECONDS"), CultureInfo.InvariantCulture, out var seconds) ? seconds : IsQuick ? 2 : 6;

        public double Warming => 2 * Seconds;

        public int[] Connections => IsQuick ? [1, 16] : [1, 16, 64];

        public bool Has(string part) => Only.Split(',').Contains(part);
    }
}
