using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Scrip.Bench;

/// <summary>
/// Bulk work through the published server: campaigns of 100 000 codes beside a bare COPY of the same rows, the import of
/// a file of vouchers with the server's peak memory, and what validations take meanwhile beside what they take alone.
/// </summary>
static class BulkBench
{
    const int Codes = 100_000;
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);
    static readonly TimeSpan IdleSpan = TimeSpan.FromSeconds(4);

    /// <summary>Arguments: the server's dll, a scratch folder, the PostgreSQL address, its programs' folder, and perhaps one database and a number of rows.</summary>
    public static async Task<int> Run(string[] args)
    {
        if (args is not [var dll, var scratch, var postgres, var programs, .. var rest])
        {
            await Console.Error.WriteLineAsync("usage: bulk SERVER_DLL SCRATCH postgres://… PG_BIN [sqlite|postgres [ROWS]] (./dev bench bulk knows them)");
            return 2;
        }
        var only = rest is [var database, ..] ? database : null;
        var rows = rest is [_, var count] ? int.Parse(count, CultureInfo.InvariantCulture) : 1_000_000;
        var lines = new List<Measured>();
        if (only is null or "postgres")
        {
            await PgBench.Create(programs, postgres, "scrip_bulk");
            lines.AddRange(await OneDatabase("postgres", dll, scratch, $"{postgres}/scrip_bulk", rows, (campaign, isGift) => Floor(programs, postgres + "/scrip_bulk", scratch, campaign, isGift)));
        }
        if (only is null or "sqlite") lines.AddRange(await OneDatabase("sqlite", dll, scratch, $"sqlite:{Path.Combine(scratch, "bulk.db")}", rows, null));
        Console.WriteLine("\n| on | what | value | goal |\n|---|---|--:|--:|");
        foreach (var line in lines) Console.WriteLine($"| {line.On} | {line.What} | {line.Value} | {line.Goal} |");
        await File.WriteAllTextAsync(Path.Combine(scratch, "bulk.json"), JsonSerializer.Serialize(lines));
        return 0;
    }

    static async Task<List<Measured>> OneDatabase(string on, string dll, string scratch, string database, int rows, Func<string, bool, Task<double>>? floor)
    {
        var lines = new List<Measured>();
        await using var server = await BenchServer.Start(on, dll, scratch, database);
        await server.Send("POST", "/v1/vouchers/ONE", """{"type":"DISCOUNT_VOUCHER","discount":{"type":"PERCENT","percent_off":10}}""");
        await server.Send("POST", "/v1/vouchers/TWO", """{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":100}}""");
        await Generate(server, "Warm", false, 2_000);
        await Validations(server, Task.Delay(TimeSpan.FromSeconds(3)));
        var idle = await Validations(server, Task.Delay(IdleSpan));
        lines.Add(new(on, "validation alone, p95", $"{idle:0.00} ms", ""));
        foreach (var isGift in new[] { false, true })
        {
            var name = isGift ? "gift cards" : "coupons";
            Console.Error.WriteLine($"== {on}: {Codes} {name}");
            var campaign = $"Bulk {name}";
            var seconds = await Generate(server, campaign, isGift, Codes);
            lines.Add(new(on, $"campaign of {Codes} {name}", $"{seconds:0.00} s", floor is null ? "3 s" : ""));
            if (floor is null) continue;
            var bare = await floor(campaign, isGift);
            lines.Add(new(on, $"bare COPY of the same rows ({name})", $"{bare:0.00} s", ""));
            lines.Add(new(on, $"campaign beside bare COPY ({name})", $"{seconds / bare:0.00}", "2.5"));
        }
        var busy = await Validations(server, Generate(server, "While asked", false, Codes));
        lines.Add(new(on, "validation p95 while codes are made, beside alone", $"{busy:0.00} ms = {busy / idle:0.0}", "2"));

        Console.Error.WriteLine($"== {on}: a file of {rows} vouchers");
        lines.Add(new(on, $"import of {rows} vouchers by CSV", $"{rows / await Import(server, rows, "A"):0} rows/s", floor is null ? "" : "30000"));
        busy = await Validations(server, Import(server, rows / 4, "B"));
        lines.Add(new(on, "validation p95 while they are imported, beside alone", $"{busy:0.00} ms = {busy / idle:0.0}", "2"));
        lines.Add(new(on, "peak memory of the server", $"{server.PeakMemoryBytes() / 1e6:0} MB", "400 MB"));
        return lines;
    }

    static async Task<double> Generate(BenchServer server, string name, bool isGift, int count)
    {
        var terms = isGift ? "\"type\":\"GIFT_VOUCHER\",\"gift\":{\"amount\":5000}" : "\"type\":\"DISCOUNT_VOUCHER\",\"discount\":{\"type\":\"PERCENT\",\"percent_off\":10}";
        var start = Stopwatch.GetTimestamp();
        var created = await server.Send("POST", "/v1/campaigns", $$"""
            {"name":"{{name}}","campaign_type":"{{(isGift ? "GIFT_VOUCHERS" : "DISCOUNT_COUPONS")}}","vouchers_count":{{count}},"voucher":{ {{terms}},"code_config":{"length":12} } }
            """);
        while ((string)JsonNode.Parse(await server.Api.GetStringAsync($"/v1/campaigns/{created["id"]}"))!["vouchers_generation_status"]! != "DONE") await Task.Delay(10);
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Seconds from the first byte of the upload to the last row.</summary>
    static async Task<double> Import(BenchServer server, int rows, string prefix)
    {
        var start = Stopwatch.GetTimestamp();
        using var form = new MultipartFormDataContent { { new CsvContent(rows, prefix), "file", "vouchers.csv" } };
        using var response = await server.Api.PostAsync("/v1/vouchers/importCSV", form);
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException(text);
        var uploaded = Stopwatch.GetElapsedTime(start).TotalSeconds;
        while (true)
        {
            var action = JsonNode.Parse(await server.Api.GetStringAsync($"/v1/async-actions/{JsonNode.Parse(text)!["async_action_id"]}"))!;
            if ((string)action["status"]! == "FAILED" || (long?)action["result"]?["failed_count"] > 0) throw new InvalidOperationException(action.ToJsonString());
            if ((string)action["status"]! == "DONE") break;
            await Task.Delay(20);
        }
        var seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Console.Error.WriteLine($"   uploaded in {uploaded:0.0} s, done after {seconds:0.0} s");
        return seconds;
    }

    /// <summary>The p95 of validations, one every few milliseconds, until the work is done.</summary>
    static async Task<double> Validations(BenchServer server, Task work)
    {
        const string body = """{"redeemables":[{"object":"voucher","id":"ONE"},{"object":"voucher","id":"TWO"}],"order":{"amount":10000}}""";
        var latencies = new List<double>();
        while (!work.IsCompleted)
        {
            var start = Stopwatch.GetTimestamp();
            await server.Send("POST", "/v1/validations", body);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            await Task.Delay(Pause);
        }
        await work;
        latencies.Sort();
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"   {latencies.Count} validations: p50 {latencies[latencies.Count / 2]:0.00} ms, p95 {latencies[(int)(latencies.Count * 0.95)]:0.00} ms, p99 {latencies[(int)(latencies.Count * 0.99)]:0.00} ms"));
        return latencies[(int)(latencies.Count * 0.95)];
    }

    // The same rows into empty tables with the same indexes, by the database's own client.
    static async Task<double> Floor(string programs, string database, string scratch, string campaign, bool isGift)
    {
        var psql = Path.Combine(programs, "psql");
        var seconds = 0.0;
        var which = $"SELECT id FROM campaigns WHERE name = '{campaign}'";
        foreach (var (table, rows) in new[] { ("vouchers", $"campaign_id = ({which})"), ("postings", $"transaction_id IN (SELECT transaction_id FROM postings WHERE account IN (SELECT 'card:' || id FROM vouchers WHERE campaign_id = ({which})))") })
        {
            if (table == "postings" && !isGift) continue;
            var file = Path.Combine(scratch, table + ".copy");
            await PgBench.Execute(psql, "-q", database, "-c", $"\\copy (SELECT * FROM {table} WHERE {rows}) TO '{file}' WITH (FORMAT binary)");
            await PgBench.Execute(psql, "-q", database, "-c", $"CREATE TABLE bare (LIKE {table} INCLUDING ALL)");
            var start = Stopwatch.GetTimestamp();
            await PgBench.Execute(psql, "-q", database, "-c", $"\\copy bare FROM '{file}' WITH (FORMAT binary)");
            seconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
            await PgBench.Execute(psql, "-q", database, "-c", "DROP TABLE bare");
        }
        return seconds;
    }

    /// <summary>A file that is written while it is sent.</summary>
    sealed class CsvContent(int rows, string prefix) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false), 64 * 1024, leaveOpen: true);
            await writer.WriteLineAsync("Code,Voucher Type,Discount Type,Value,Active,Start Date,Redemption Limit,Category,Region");
            for (var i = 0; i < rows; i++)
                await writer.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{prefix}-{(uint)i * 2654435761u:x8}-{i},DISCOUNT_VOUCHER,AMOUNT,{100 + (i % 50)},TRUE,2026-01-01T00:00:00.000Z,1,new,region-{i % 20}"));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }

    sealed record Measured(string On, string What, string Value, string Goal);
}
