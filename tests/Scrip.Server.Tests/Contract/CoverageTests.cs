using System.Diagnostics;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Contract;

public sealed class CoverageTests
{
    private const string Start = "<!-- coverage:start -->";
    private const string End = "<!-- coverage:end -->";

    [Fact]
    public async Task The_readmes_coverage_table_is_that_of_the_operations()
    {
        var readme = Repository.At("README.md");
        Assert.SkipUnless(File.Exists(readme), "There is no README.md yet.");
        var text = await File.ReadAllTextAsync(readme);
        text.ShouldContain(Start);
        text.ShouldContain(End);
        var table = text[(text.IndexOf(Start, StringComparison.Ordinal) + Start.Length)..text.IndexOf(End, StringComparison.Ordinal)];

        table.Trim().ShouldBe((await Printed()).Trim(), "Run ./dev coverage to write it anew.");
    }

    private static async Task<string> Printed()
    {
        using var dev = Process.Start(new ProcessStartInfo(Repository.At("dev"), ["coverage", "--print"]) { RedirectStandardOutput = true })!;
        var text = await dev.StandardOutput.ReadToEndAsync();
        await dev.WaitForExitAsync();
        dev.ExitCode.ShouldBe(0);
        return text;
    }
}
