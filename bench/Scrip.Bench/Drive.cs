namespace Scrip.Bench;

/// <summary>Keeps a number of connections busy for a while, and tells how long calls took and what they cost the server.</summary>
static class Drive
{
    /// <summary>One kind of work under one number of connections; the first part of the time only warms up.</summary>
    /// <param name="server">Who serves.</param>
    /// <param name="name">What the row is called.</param>
    /// <param name="connections">How many connections are busy at once.</param>
    /// <param name="seconds">How long to measure; a third of it is spent on warming up before.</param>
    /// <param name="request">The request of a worker's turn.</param>
    public static async Task<Row> Run(BenchServer server, string name, int connections, double seconds, Func<int, int, byte[]> request)
    {
        await Console.Error.WriteLineAsync($"== {server.On}: {name}, {connections} connection(s)");
        var lines = new List<Line>();
        try
        {
            for (var i = 0; i < connections; i++)
            {
                lines.Add(new Line(server.EndPoint));
                lines[i].Open();
            }
            await Load(lines, seconds / 3, 0, request);
            var before = await server.Costs();
            var (latencies, spent) = await Load(lines, seconds, 1_000_000, request);
            var after = await server.Costs();
            latencies.Sort();
            double At(double share) => latencies[(int)Math.Min(latencies.Count - 1, latencies.Count * share)];
            return new Row(server.On, name, connections)
            {
                P50 = At(0.5),
                P95 = At(0.95),
                P99 = At(0.99),
                PerSecond = latencies.Count / spent,
                CpuMicroseconds = (after.CpuMs - before.CpuMs) * 1000 / latencies.Count,
                AllocatedKilobytes = (after.Allocated - before.Allocated) / 1024.0 / latencies.Count,
                MemoryMegabytes = after.Memory / 1024.0 / 1024,
            };
        }
        finally
        {
            foreach (var line in lines) line.Dispose();
        }
    }

    static async Task<(List<double> Latencies, double Seconds)> Load(List<Line> lines, double seconds, int firstTurn, Func<int, int, byte[]> request)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        var span = TimeSpan.FromSeconds(seconds);
        var all = await Line.OfEach(lines.Count, worker =>
        {
            var mine = new List<double>();
            for (var turn = firstTurn; clock.GetElapsedTime(start) < span; turn++)
            {
                var bytes = request(worker, turn);
                var before = clock.GetTimestamp();
                lines[worker].Call(bytes);
                mine.Add(clock.GetElapsedTime(before).TotalMilliseconds);
            }
            return mine;
        });
        return (all.SelectMany(list => list).ToList(), clock.GetElapsedTime(start).TotalSeconds);
    }
}

/// <summary>One line of the table. Latencies are milliseconds; costs are the server's, for one call.</summary>
sealed record Row(string On, string Work, int Connections)
{
    public double? P50 { get; init; }
    public double? P95 { get; init; }
    public double? P99 { get; init; }
    public double? PerSecond { get; init; }
    public double? CpuMicroseconds { get; init; }
    public double? AllocatedKilobytes { get; init; }
    /// <summary>What the server holds of the machine's memory after the work.</summary>
    public double? MemoryMegabytes { get; init; }
    /// <summary>Of work that is done once.</summary>
    public double? Seconds { get; init; }
}
