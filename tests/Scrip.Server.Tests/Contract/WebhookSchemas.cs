using System.Text.Json;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Contract;

/// <summary>The documented data of each type of event, from the documents beside the API's.</summary>
public static class WebhookSchemas
{
    private static readonly Lazy<Dictionary<string, (Schema Schema, JsonElement Data)>> Read = new(() => Documents().ToDictionary(row => row.Type, row => (row.Schema, row.Data)));

    /// <summary>The types that are documented; none on a machine without the documents.</summary>
    public static IReadOnlyCollection<string> Types => Read.Value.Keys;

    /// <summary>What is wrong with the data of an event; null when its type is not documented.</summary>
    public static IReadOnlyList<Violation>? Check(string type, JsonElement data) =>
        Read.Value.TryGetValue(type, out var found) ? found.Schema.Check(found.Data, data) : null;

    private static IEnumerable<(string Type, Schema Schema, JsonElement Data)> Documents()
    {
        if (!OpenApi.IsPresent) yield break;
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Repository.OpenApiFolder!, "..", "webhooks"), "*.json"))
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
            var schema = new Schema(document);
            foreach (var hook in document.GetProperty("webhooks").EnumerateObject())
            {
                var type = hook.Name["EVENTS.".Length..].Replace("BUS_VAL_RULE", "BUSINESS_VALIDATION_RULE", StringComparison.Ordinal).ToLowerInvariant();
                yield return (type, schema, hook.Value.GetProperty("post").GetProperty("requestBody").GetProperty("content").GetProperty("application/json").GetProperty("schema"));
            }
        }
    }
}
