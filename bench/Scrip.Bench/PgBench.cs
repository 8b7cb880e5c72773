using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Scrip.Bench;

/// <summary>PostgreSQL's own benchmark on the same cluster: the floor under everything on that database.</summary>
static partial class PgBench
{
    /// <summary>Select-only, simple-update and TPC-B; what stands under p50 is the average.</summary>
    public static async Task<List<Row>> Run(string programs, string postgres, int[] clients, double seconds)
    {
        await Prepare(programs, postgres);
        var rows = new List<Row>();
        foreach (var (name, script) in new[] { ("pgbench select-only", "select-only"), ("pgbench simple-update", "simple-update"), ("pgbench TPC-B", "tpcb-like") })
            foreach (var count in clients)
            {
                Console.Error.WriteLine($"== {name}, {count} client(s)");
                var (latency, rate) = await One(programs, postgres, script, count, seconds);
                rows.Add(new Row("postgres", name, count) { P50 = latency, PerSecond = rate });
            }
        return rows;
    }

    /// <summary>Makes and fills its database.</summary>
    public static async Task Prepare(string programs, string postgres)
    {
        await Create(programs, postgres, "pgbench");
        await Execute(Path.Combine(programs, "pgbench"), "-i", "-q", "-s", "20", postgres + "/pgbench");
    }

    /// <summary>One of its scripts: the average in milliseconds, and transactions a second.</summary>
    public static async Task<(double Latency, double PerSecond)> One(string programs, string postgres, string script, int clients, double seconds)
    {
        var text = await Execute(Path.Combine(programs, "pgbench"), "-b", script, "-c", $"{clients}", "-T", $"{Math.Ceiling(seconds)}", "-n", postgres + "/pgbench");
        return (Number(Latency(), text), Number(Rate(), text));
    }

    /// <summary>Makes an empty database, or a copy of another.</summary>
    public static Task Create(string programs, string postgres, string name, string? template = null) =>
        Execute(Path.Combine(programs, "psql"), "-q", postgres + "/postgres", "-c", $"CREATE DATABASE {name} TEMPLATE {template ?? "template1"}");

    static double Number(Regex pattern, string text) => double.Parse(pattern.Match(text).Groups[1].Value, CultureInfo.InvariantCulture);

    /// <summary>Runs one of PostgreSQL's programs and answers what it printed.</summary>
    public static async Task<string> Execute(string program, params string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var text = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0 ? text : throw new InvalidOperationException($"{program} failed: {await errors}");
    }

    [GeneratedRegex(@"latency average = ([\d.]+) ms")]
    private static partial Regex Latency();

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Rate();
}
