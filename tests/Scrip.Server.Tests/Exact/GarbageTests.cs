using System.Diagnostics;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Scrip.Server.Tests.Exact;

/// <summary>
/// Valid and broken requests to every operation of the server's own OpenAPI document: no 5xx, no hang, bounded memory.
/// Turns red when a check is left out whose absence is an exception, such as <c>BodyReader.RefuseUnstorable</c>.
/// </summary>
public sealed class GarbageTests
{
    private const long MemoryMax = 700 * 1024 * 1024;
    private static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    [Theory, OnBoth]
    public async Task Garbage_is_answered_and_never_with_a_fault_of_the_server(Db db)
    {
        var seed = Environment.GetEnvironmentVariable("SCRIP_TEST_SEED") is { Length: > 0 } given ? int.Parse(given, System.Globalization.CultureInfo.InvariantCulture) : Random.Shared.Next();
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database);
        var scrip = await Servers.Project(server);
        var ids = await World.Make(scrip);
        var document = JsonNode.Parse((await scrip.Unchecked.Get("/openapi/v1.json")).Expect(200).Bytes)!;
        var operations = new Sketch(document, seed).Operations().Where(one => !one.Path.Contains("/management/v1/projects/{projectId}", StringComparison.Ordinal) || one.Method != "DELETE").ToArray();
        operations.Length.ShouldBeGreaterThan(90);

        var faults = await Storm.Of(2, async worker =>
        {
            var (sketch, found) = (new Sketch(document, seed + worker), new List<string>());
            var rounds = Storm.IsLong ? 100 : 4;
            for (var round = 0; round < rounds; round++)
                foreach (var (method, path, schema) in operations)
                {
                    var body = schema is null ? (round % 4 == 3 ? "[" : null) : round % 2 == 0 ? sketch.Valid(schema) : sketch.Spoiled(schema);
                    var target = Regex.Replace(path, @"\{([^}]*)\}", name => round % 3 == 2 ? sketch.Name() : ids.Of(path, name.Groups[1].Value));
                    if (method == "GET" && round % 2 == 1) target += $"?limit={sketch.Name()}&page=-1&order={sketch.Name()}&filters[x][conditions][$is][0]={sketch.Name()}&created_at[after]={sketch.Name()}";
                    var caller = path.StartsWith("/management", StringComparison.Ordinal) ? scrip.AsManagement : path.StartsWith("/client", StringComparison.Ordinal) ? scrip.AsClient : scrip;
                    if (await Fault(caller.Unchecked, method, target, body) is { } fault) found.Add($"{fault} seed {seed}: {method} {target}\n{body}");
                }
            return found;
        });

        faults.SelectMany(found => found).Distinct().Take(10).ShouldBeEmpty();
        using var process = Process.GetProcessById(server.Id);
        process.WorkingSet64.ShouldBeLessThan(MemoryMax);
        (await scrip.Get("/v1/vouchers/coupon")).Status.ShouldBeOneOf(200, 404);
    }

    private static async Task<string?> Fault(ApiClient scrip, string method, string path, string? body)
    {
        var watch = Stopwatch.StartNew();
        var answer = await scrip.Raw(method, path, body);
        return answer.Status >= 500 ? $"{answer.Status}" : watch.Elapsed > AnswerMax ? $"took {watch.Elapsed}" : null;
    }

    [Theory, OnBoth]
    public async Task A_body_beyond_the_limit_is_refused_before_it_is_read(Db db)
    {
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database);
        var scrip = Servers.Demo(server).Unchecked;
        var big = $$"""{"name":"{{new string('x', 6 * 1024 * 1024)}}"}""";
        var answers = await Storm.Of(10, async _ =>
        {
            try
            {
                return (await scrip.Raw("POST", "/v1/customers", big)).Status;
            }
            catch (HttpRequestException)
            {
                // It hung up on us in the middle of the body, which is a refusal as well.
                return 413;
            }
        });
        answers.ShouldAllBe(status => status >= 400 && status < 500);
        using var process = Process.GetProcessById(server.Id);
        process.WorkingSet64.ShouldBeLessThan(MemoryMax);
    }
}
