using System.Diagnostics;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Clients;

/// <summary>The vendor's JavaScript client against Scrip: <c>tests/clients</c>, run by Node's own test runner.</summary>
public sealed class NodeSdkTests(Servers servers)
{
    private static readonly TimeSpan RunMax = TimeSpan.FromMinutes(2);

    [Theory, OnBoth]
    public async Task The_javascript_client_walks_through_the_shop(Db db)
    {
        var scrip = await servers.Project(db);
        var (status, output) = await RunNode("walk.test.mjs", new()
        {
            ["SCRIP_CLIENT_URL"] = scrip.Address.ToString().TrimEnd('/'),
            ["SCRIP_CLIENT_APP_ID"] = scrip.Project.ServerSide.Headers[0].Value,
            ["SCRIP_CLIENT_APP_TOKEN"] = scrip.Project.ServerSide.Headers[1].Value,
        });
        status.ShouldBe(0, output);
    }

    private static async Task<(int Status, string Output)> RunNode(string file, Dictionary<string, string> environment)
    {
        var folder = Repository.At("tests", "clients");
        Directory.Exists(Path.Combine(folder, "node_modules")).ShouldBeTrue("The packages of tests/clients are not installed: run the tests with ./dev test.");
        var start = new ProcessStartInfo("node", ["--test", "--test-reporter=spec", file])
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        using var node = Process.Start(start)!;
        var output = node.StandardOutput.ReadToEndAsync();
        var errors = node.StandardError.ReadToEndAsync();
        using var deadline = new CancellationTokenSource(RunMax);
        try
        {
            await node.WaitForExitAsync(deadline.Token);
        }
        catch (OperationCanceledException)
        {
            node.Kill(entireProcessTree: true);
            await node.WaitForExitAsync();
        }
        return (node.ExitCode, await output + await errors);
    }
}
