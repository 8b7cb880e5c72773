using System.Globalization;
using System.Text.Json;

namespace Scrip.Bench;

/// <summary>Two runs side by side: what became faster and cheaper, and what did not.</summary>
static class Compare
{
    /// <summary>Prints the second run over the first; arguments: two files that <c>./dev bench http</c> wrote.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [var first, var second])
        {
            await Console.Error.WriteLineAsync("usage: compare BEFORE.json AFTER.json");
            return 2;
        }
        var (before, after) = (await Read(first), await Read(second));
        Console.WriteLine("| on | work | connections | p50 ms | p95 ms | per s | CPU µs | KB |");
        Console.WriteLine("|---|---|--:|--:|--:|--:|--:|--:|");
        foreach (var row in after)
            if (before.Find(one => one.On == row.On && one.Work == row.Work && one.Connections == row.Connections) is { } old)
                Console.WriteLine($"| {row.On} | {row.Work} | {row.Connections} | {Both(old.P50, row.P50)} | {Both(old.P95, row.P95)} | {Both(old.PerSecond, row.PerSecond)} "
                    + $"| {Both(old.CpuMicroseconds, row.CpuMicroseconds)} | {Both(old.AllocatedKilobytes, row.AllocatedKilobytes)} |");
        return 0;
    }

    /// <summary>The rows of a run.</summary>
    public static async Task<List<Row>> Read(string file) => JsonSerializer.Deserialize<List<Row>>(await File.ReadAllTextAsync(file))!;

    static string Both(double? before, double? after) => before is null || after is null ? ""
        : string.Create(CultureInfo.InvariantCulture, $"{before:0.##} → {after:0.##} ({after / before:0.00})");
}
