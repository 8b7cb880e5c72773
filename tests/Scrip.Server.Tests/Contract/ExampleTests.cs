using System.Text.Json;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Contract;

/// <summary>
/// The vendor's documented examples, which the checker must accept: one that it refuses is either a fault of the
/// checker or a document that contradicts itself, and the latter are listed in <c>contract/broken-examples.tsv</c>.
/// </summary>
public sealed class ExampleTests
{
    private const string Heading = "method\tpath\tstatus\texample\tviolations\tfirst";

    private static string Listed { get; } = Repository.At("contract", "broken-examples.tsv");

    [Fact]
    public void Documented_examples_are_valid_except_those_listed_as_broken()
    {
        Assert.SkipUnless(OpenApi.IsPresent, "The OpenAPI documents are not on this machine.");
        var broken = Examples().Select(Refusal).OfType<string>().Order(StringComparer.Ordinal).ToList();
        if (Repository.Rewrites) File.WriteAllLines(Listed, [Heading, .. broken]);
        broken.ShouldBe(File.ReadLines(Listed).Skip(1));
    }

    [Fact]
    public void An_example_that_is_spoiled_is_refused()
    {
        Assert.SkipUnless(OpenApi.IsPresent, "The OpenAPI documents are not on this machine.");
        var spoiled = 0;
        foreach (var example in Examples().Where(example => Refusal(example) is null && example.Value.ValueKind == JsonValueKind.Object))
        {
            if (!example.Value.TryGetProperty("object", out _)) continue;
            var text = example.Value.GetRawText();
            var at = text.LastIndexOf("\"object\"", StringComparison.Ordinal);
            var other = JsonDocument.Parse(string.Concat(text.AsSpan(0, at), "\"object\": \"nothing\", \"was\"", text.AsSpan(at + 8))).RootElement;
            if (example.Operation.Schema.Check(example.Schema, other).Count > 0) spoiled++;
        }
        // Not every document says what "object" has to be; most do.
        spoiled.ShouldBeGreaterThan(100);
    }

    private static string? Refusal(Example example)
    {
        var found = example.Operation.Schema.Check(example.Schema, example.Value);
        return found.Count == 0
            ? null
            : string.Join('\t', example.Operation.Method, example.Operation.Path, example.Status, example.Name, found.Count, found[0].ToString().ReplaceLineEndings(" "));
    }

    private static IEnumerable<Example> Examples() =>
        from operation in OpenApi.All
        from response in operation.Responses.EnumerateObject()
        from content in DocumentedOperation.Contents(response.Value)
        where content.Value.TryGetProperty("schema", out _) && content.Value.TryGetProperty("examples", out _)
        from example in content.Value.GetProperty("examples").EnumerateObject()
        where example.Value.TryGetProperty("value", out _)
        select new Example(operation, response.Name, example.Name, content.Value.GetProperty("schema"), example.Value.GetProperty("value"));

    private sealed record Example(DocumentedOperation Operation, string Status, string Name, JsonElement Schema, JsonElement Value);
}
