using System.Text.Json;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Contract;

/// <summary>An operation as its OpenAPI document describes it.</summary>
/// <param name="Feature">The document's name without extension.</param>
/// <param name="Method">The HTTP method in capitals.</param>
/// <param name="Path">The path with its parameters in braces.</param>
/// <param name="Id">The operation's id.</param>
/// <param name="Responses">The documented answers by status.</param>
/// <param name="Schema">The checker for the schemas of this document.</param>
public sealed record DocumentedOperation(string Feature, string Method, string Path, string Id, JsonElement Responses, Schema Schema)
{
    /// <summary>The answer documented for a status; null when the status is not documented.</summary>
    public JsonElement? Response(int status) =>
        Responses.TryGetProperty($"{status}", out var response) ? response :
        Responses.TryGetProperty("default", out var any) ? any : null;

    /// <summary>The media types and their schemas and examples in a documented answer.</summary>
    public static IEnumerable<JsonProperty> Contents(JsonElement response) =>
        response.TryGetProperty("content", out var content) ? content.EnumerateObject() : [];
}

/// <summary>
/// The API's OpenAPI documents, parsed once. They are not part of the repository: a machine without them checks
/// answers for what every answer must have, and says so; continuous integration fails instead.
/// </summary>
public static class OpenApi
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    private static readonly Lazy<IReadOnlyDictionary<string, DocumentedOperation>> Parsed = new(() =>
        Read(Repository.OpenApiFolder!).ToDictionary(operation => $"{operation.Method} {operation.Path}"));

    private static readonly Lazy<bool> Present = new(() =>
    {
        if (Repository.OpenApiFolder is not null) return true;
        const string Missing = "The API's OpenAPI documents are not on this machine (../shared/contract/openapi, or SCRIP_CONTRACT)";
        if (Repository.IsContinuousIntegration) throw new InvalidOperationException($"{Missing}; continuous integration needs them.");
        Console.Error.WriteLine($"NOTICE: {Missing}: answers are not held against their schemas.");
        return false;
    });

    /// <summary>Whether the documents are here.</summary>
    public static bool IsPresent => Present.Value;

    /// <summary>All operations of all documents, in the documents' order.</summary>
    public static IEnumerable<DocumentedOperation> All => IsPresent ? Parsed.Value.Values : [];

    /// <summary>An operation by its method and path template; null without the documents.</summary>
    public static DocumentedOperation? Find(Operation operation) => IsPresent ? Parsed.Value.GetValueOrDefault($"{operation.Method} {operation.Path}") : null;

    private static IEnumerable<DocumentedOperation> Read(string folder)
    {
        foreach (var file in Directory.EnumerateFiles(folder, "*.json").Order(StringComparer.Ordinal))
        {
            var document = JsonDocument.Parse(File.ReadAllBytes(file)).RootElement;
            var schema = new Schema(document);
            foreach (var path in document.GetProperty("paths").EnumerateObject())
            {
                foreach (var method in path.Value.EnumerateObject().Where(member => Methods.Contains(member.Name)))
                {
                    yield return new(
                        Path.GetFileNameWithoutExtension(file),
                        method.Name.ToUpperInvariant(),
                        path.Name,
                        method.Value.GetProperty("operationId").GetString()!,
                        method.Value.GetProperty("responses"),
                        schema);
                }
            }
        }
    }
}
