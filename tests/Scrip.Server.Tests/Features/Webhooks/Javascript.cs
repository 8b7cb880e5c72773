using System.Diagnostics;
using System.Text.Json;

namespace Scrip.Server.Tests.Features.Webhooks;

/// <summary>What a receiver written in JavaScript makes of texts.</summary>
static class Javascript
{
    private const string Script = """
        let all = ''
        process.stdin.on('data', part => all += part).on('end', () =>
          process.stdout.write(JSON.stringify(JSON.parse(all).map(text => JSON.stringify(JSON.parse(text))))))
        """;

    /// <summary>Each text as <c>JSON.stringify(JSON.parse(text))</c> writes it.</summary>
    public static async Task<string[]> Compact(string[] texts)
    {
        using var node = Process.Start(new ProcessStartInfo("node", ["-e", Script]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        await node.StandardInput.WriteAsync(JsonSerializer.Serialize(texts));
        node.StandardInput.Close();
        var output = await node.StandardOutput.ReadToEndAsync();
        await node.WaitForExitAsync();
        return JsonSerializer.Deserialize<string[]>(output)!;
    }
}
