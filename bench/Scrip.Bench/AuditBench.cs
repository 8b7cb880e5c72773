using System.Globalization;

namespace Scrip.Bench;

/// <summary>
/// What the audit log costs the calls that it notes: two servers of the same build, one that keeps calls and one that
/// does not, each over a database of its own, driven in turns so that what else the machine does meets both alike.
/// </summary>
static class AuditBench
{
    const int Turns = 3;
    const double Seconds = 1.5;

    /// <summary>Runs one kind of database; arguments: the server, a scratch folder, and the address of each server's database.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [var program, var scratch, var without, var with])
        {
            await Console.Error.WriteLineAsync("usage: audit SERVER SCRATCH DATABASE_WITHOUT DATABASE_WITH");
            return 2;
        }
        await using var bareDatabase = new BenchDatabase(without);
        await using var loggedDatabase = new BenchDatabase(with);
        await using var bare = await BenchServer.Start("without", program, scratch, without, ("SCRIP_AUDIT_DAYS", "0"));
        await using var logged = await BenchServer.Start("with", program, scratch, with, ("SCRIP_AUDIT_DAYS", "30"));
        var shop = await Shop.Fill(bare, bareDatabase, Size.Quick);
        var same = await Shop.Fill(logged, loggedDatabase, Size.Quick);
        Console.WriteLine("| work | connections | p50 ms without | with | p95 without | with | per s without | with | CPU µs without | with |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var path in new[] { "/v1/validations", "/v1/redemptions" })
            foreach (var connections in new[] { 1, 16 })
            {
                var (first, second) = (new List<Row>(), new List<Row>());
                for (var turn = 0; turn < Turns; turn++)
                {
                    first.Add(await Drive.Run(bare, path, connections, Seconds, (worker, at) => shop.Request(path, worker, at, 3, 5)));
                    second.Add(await Drive.Run(logged, path, connections, Seconds, (worker, at) => same.Request(path, worker, at, 3, 5)));
                }
                Console.WriteLine($"| {path} | {connections} | {Pair(first, second, row => row.P50, "0.00")} | {Pair(first, second, row => row.P95, "0.00")} | "
                    + $"{Pair(first, second, row => row.PerSecond, "0")} | {Pair(first, second, row => row.CpuMicroseconds, "0")} |");
            }
        var metrics = await logged.Api.GetStringAsync("/metrics");
        foreach (var line in metrics.Split('\n').Where(line => line.StartsWith("scrip_audit", StringComparison.Ordinal))) Console.WriteLine(line);
        return 0;
    }

    // The median of the turns: one that something else disturbed does not count.
    static string Pair(List<Row> first, List<Row> second, Func<Row, double?> value, string format) => $"{Median(first, value, format)} | {Median(second, value, format)}";

    static string Median(List<Row> rows, Func<Row, double?> value, string format) =>
        rows.Select(row => value(row) ?? 0).Order().ElementAt(rows.Count / 2).ToString(format, CultureInfo.InvariantCulture);
}
