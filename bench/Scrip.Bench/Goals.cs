using System.Globalization;

namespace Scrip.Bench;

/// <summary>Holds a run against what is to be reached: budgets in milliseconds, and ratios to the floors of the same run.</summary>
static class Goals
{
    const string Validate = "validate 3, 5 lines";
    const string Redeem = "redeem 3, 5 lines";
    const string Hot = "redeem one hot code";

    /// <summary>Prints those whose rows are there.</summary>
    public static void Print(List<Row> rows)
    {
        Console.WriteLine();
        Console.WriteLine("| on | goal | wanted | reached | |");
        Console.WriteLine("|---|---|--:|--:|---|");
        foreach (var on in new[] { "postgres", "sqlite" })
        {
            var isPostgres = on == "postgres";
            Row? Find(string work, int connections) => rows.Find(row => row.On == on && row.Work == work && row.Connections == connections);
            Most(on, "validate, p50 ms", isPostgres ? 0.7 : 0.4, Find(Validate, 1)?.P50);
            Most(on, "validate, p95 ms", isPostgres ? 2 : 1.5, Find(Validate, 1)?.P95);
            Least(on, "validate at 16, of one indexed read", 0.6, Find(Validate, 16)?.PerSecond / Find("one indexed read", 16)?.PerSecond);
            Most(on, "redeem, p50 ms", isPostgres ? 1.5 : 1, Find(Redeem, 1)?.P50);
            Most(on, "redeem, p95 ms", 4, Find(Redeem, 1)?.P95);
            if (isPostgres) Least(on, "redeem at 16, of TPC-B", 0.6, Find(Redeem, 16)?.PerSecond / Find("pgbench TPC-B", 16)?.PerSecond);
            else Least(on, "redeem at 16, per s", 2000, Find(Redeem, 16)?.PerSecond);
            Least(on, "hot code at 64, of distinct codes", 0.5, Find(Hot, 64)?.PerSecond / Find("redeem 1, 5 lines", 64)?.PerSecond);
            Most(on, "qualify, 1 000 promotions, p95 ms", 4, Find("qualify, 1000 promotions", 1)?.P95);
            Most(on, "qualify, 10 000 promotions, p95 ms", 15, Find("qualify, 10000 promotions", 1)?.P95);
            var codes = Find("100 000 codes: request to all redeemable", 1)?.Seconds;
            if (isPostgres) Most(on, "100 000 codes, of bare COPY", 2.5, codes / Find("the same rows written bare", 1)?.Seconds);
            else Most(on, "100 000 codes, s", 3, codes);
            Most(on, "memory after load, MB", 350, rows.Where(row => row.On == on).Max(row => row.MemoryMegabytes));
            Most(on, "start to ready, s", 1.5, Find("start to ready", 1)?.Seconds);
            foreach (var work in new[] { Validate, Redeem })
                Most(on, $"{work}, p95 of 10 times the data", 1.3, Find(work, 1)?.P95 / Find($"{work}, a tenth of the data", 1)?.P95);
        }
    }

    static void Most(string on, string goal, double wanted, double? reached) => Line(on, goal, "≤", wanted, reached, reached <= wanted);

    static void Least(string on, string goal, double wanted, double? reached) => Line(on, goal, "≥", wanted, reached, reached >= wanted);

    static void Line(string on, string goal, string sign, double wanted, double? reached, bool isReached)
    {
        if (reached is { } value)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {on} | {goal} | {sign} {wanted} | {value:0.##} | {(isReached ? "reached" : "missed")} |"));
    }
}
