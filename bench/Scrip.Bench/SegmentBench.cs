using System.Globalization;

namespace Scrip.Bench;

/// <summary>
/// What segments cost with ten thousand, a hundred thousand and a million customers: looking at everybody once when one is
/// made, and moving one customer, from the request until the segments that it names show it.
/// </summary>
static class SegmentBench
{
    const int Moves = 30;

    /// <summary>Runs it; arguments: the server, a scratch folder, the PostgreSQL address, its programs' folder, numbers of customers with commas, databases.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [var program, var scratch, var postgres, var programs, .. var rest])
        {
            await Console.Error.WriteLineAsync("usage: segments SERVER SCRATCH postgres://… PG_BIN [10000,100000,1000000 [sqlite,postgres]] (./dev bench segments knows them)");
            return 2;
        }
        int[] sizes = [.. (rest is [var numbers, ..] ? numbers : "10000,100000,1000000").Split(',').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        var on = rest is [_, var only, ..] ? only.Split(',') : ["sqlite", "postgres"];
        Console.WriteLine("| on | customers | made by profile s | customers per s | made by orders s | one customer moves p50 ms | p95 ms |");
        Console.WriteLine("|---|--:|--:|--:|--:|--:|--:|");
        foreach (var size in sizes)
        {
            if (on.Contains("sqlite")) await One("sqlite", program, scratch, $"sqlite:{Path.Combine(scratch, $"segments{size}.db")}", size);
            if (!on.Contains("postgres")) continue;
            await PgBench.Create(programs, postgres, $"scrip_segments_{size}");
            await One("postgres", program, scratch, $"{postgres}/scrip_segments_{size}", size);
        }
        return 0;
    }

    static async Task One(string on, string program, string scratch, string address, int customers)
    {
        await using var database = new BenchDatabase(address);
        await using var server = await BenchServer.Start(on, program, scratch, address);
        var example = (string)(await server.Send("POST", "/v1/customers", """{"source_id":"c","name":"Customer","metadata":{"level":"iron","age":40},"address":{"city":"Paris"}}"""))["id"]!;
        await database.Copy("customers", 1, customers, "id", [example], ("id", "'cust_0' || CAST(100000000 + i AS TEXT)"), ("source_id", "'s' || CAST(i AS TEXT)"));
        await database.Execute("ANALYZE");
        var clock = TimeProvider.System;
        var byProfile = await Make(server, """{"name":"Adults of Paris","type":"auto-update","filter":{"junction":"and","metadata.age":{"conditions":{"$more_than":[18]}},"address.city":{"conditions":{"$is":["Paris"]}}}}""");
        var byOrders = await Make(server, """{"name":"Buyers","type":"passive","filter":{"junction":"and","summary.orders.total_count":{"conditions":{"$more_than":[0]}}}}""");
        await Make(server, """{"name":"Gold","type":"auto-update","filter":{"junction":"and","metadata.level":{"conditions":{"$is":["gold"]}}}}""");
        var moves = new List<double>();
        for (var i = 0; i < Moves; i++)
        {
            var start = clock.GetTimestamp();
            await server.Send("PUT", $"/v1/customers/s{i * 37}", """{"metadata":{"level":"gold"}}""");
            while (!(await server.Send("GET", $"/v1/customers/s{i * 37}/segments"))["data"]!.AsArray().Any(one => (string)one!["name"]! == "Gold")) await Task.Delay(1);
            moves.Add(clock.GetElapsedTime(start).TotalMilliseconds);
        }
        moves.Sort();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"| {on} | {customers} | {byProfile:0.0} | {customers / byProfile:0} | {byOrders:0.0} | {moves[Moves / 2]:0.0} | {moves[(int)(Moves * 0.95)]:0.0} |"));
    }

    static async Task<double> Make(BenchServer server, string body)
    {
        var start = TimeProvider.System.GetTimestamp();
        var id = (string)(await server.Send("POST", "/v1/segments", body))["id"]!;
        while ((string)(await server.Send("GET", $"/v1/segments/{id}"))["initial_sync_status"]! != "DONE") await Task.Delay(5);
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }
}
