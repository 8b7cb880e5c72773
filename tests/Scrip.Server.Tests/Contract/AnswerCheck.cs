using System.Text.Json;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Contract;

/// <summary>
/// Holds an answer against the contract: the schema of its status, the shape of errors, and what every answer of
/// the API carries. What it finds and <c>deviations.tsv</c> does not excuse fails the test that asked.
/// </summary>
public static class AnswerCheck
{
    private static readonly string[] Prefixes = ["v1", "v2", "client", "management"];

    private static readonly string[] RateLimitHeaders = ["X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Retry"];

    private static readonly JsonElement ErrorShape = JsonDocument.Parse("""
        {
          "type": "object",
          "required": ["code", "key", "message", "request_id"],
          "properties": {
            "code": { "type": "integer" },
            "key": { "type": "string" },
            "message": { "type": "string" },
            "details": { "type": "string" },
            "request_id": { "type": "string" },
            "resource_id": { "type": "string" },
            "resource_type": { "type": "string" }
          }
        }
        """).RootElement;

    private static readonly Schema Errors = new(ErrorShape);

    // Answers to paths that are no operation are errors; this stands for all of them.
    private static readonly Operation Nowhere = new("*", "/", "none", "none", Operation.NotYet);

    /// <summary>Notes what was reached, and throws when the answer breaks the contract.</summary>
    public static void Hold(Db db, string method, string path, Answer answer)
    {
        var first = Operation.Segments(path).FirstOrDefault();
        if (first is null || !Prefixes.Contains(first)) return;

        var operation = Operations.Match(method, path);
        if (operation is not null) Reached.Add(operation, db, answer.Status);
        var violations = Check(operation, answer);
        if (violations.Count == 0) return;
        throw new ContractBrokenException(
            $"{answer.Request} on {db} answered {answer.Status}, which breaks the contract"
            + $"{(operation is null ? "" : $" of '{operation.Id}' ({operation.Feature}.json)")}:\n  "
            + $"{string.Join("\n  ", violations)}\nThe answer was {answer}");
    }

    /// <summary>Everything in an answer that breaks the contract and is not excused.</summary>
    public static IReadOnlyList<Violation> Check(Operation? operation, Answer answer)
    {
        var found = new List<Violation>();
        CheckHeaders(answer, found);
        CheckBody(operation, answer, found);
        return [.. found.Where(violation => !Deviations.Excuse(operation ?? Nowhere, answer.Status, violation))];
    }

    private static void CheckHeaders(Answer answer, List<Violation> found)
    {
        foreach (var name in RateLimitHeaders.Where(name => answer.Header(name) is null))
            found.Add(new($"#header/{name}", "the header", "absent"));
        if (!answer.Headers.Any(header => header.Key.EndsWith("Request-Id", StringComparison.OrdinalIgnoreCase)))
            found.Add(new("#header/X-Request-Id", "the header", "absent"));
    }

    private static void CheckBody(Operation? operation, Answer answer, List<Violation> found)
    {
        var documented = operation is null or { State: Operation.Own } ? null : OpenApi.Find(operation);
        var response = documented?.Response(answer.Status);
        var type = answer.ContentHeaders.ContentType?.MediaType;
        if (answer.Bytes.Length == 0)
        {
            CheckStatus(documented, response, answer, found);
            var isMissing = response is null ? answer.Status != 204 : DocumentedOperation.Contents(response.Value).Any() || answer.Status >= 400;
            if (isMissing) found.Add(new("#body", "a body", "none"));
            return;
        }
        if (type != "application/json")
        {
            var isDocumented = response is not null && DocumentedOperation.Contents(response.Value).Any(one => one.Name == type);
            if (!isDocumented) found.Add(new("#header/Content-Type", "application/json", type ?? "absent"));
            return;
        }
        if (Parse(answer, found) is not { } json) return;
        CheckNumbers(json, "", found);

        // Scrip's errors all have one shape, which is more than their documents ask.
        if (answer.Status >= 400) found.AddRange(Errors.Check(ErrorShape, json));
        CheckStatus(documented, response, answer, found);
        if (response is null) return;
        var contents = DocumentedOperation.Contents(response.Value).ToList();
        if (contents.Count == 0)
        {
            // One 404 is documented without a body; errors have theirs all the same.
            if (answer.Status < 400) found.Add(new("#body", "no body", $"{answer.Bytes.Length} bytes"));
        }
        else if (contents.Find(one => one.Name == type).Value is { ValueKind: JsonValueKind.Object } content && content.TryGetProperty("schema", out var schema))
        {
            found.AddRange(documented!.Schema.Check(schema, json).Except(found));
        }
    }

    // Any operation may be refused; but what it answers when it works is documented.
    private static void CheckStatus(DocumentedOperation? documented, JsonElement? response, Answer answer, List<Violation> found)
    {
        if (documented is null || response is not null || answer.Status >= 400) return;
        found.Add(new("#status", $"one of {string.Join(", ", documented.Responses.EnumerateObject().Select(one => one.Name))}", $"{answer.Status}"));
    }

    private static JsonElement? Parse(Answer answer, List<Violation> found)
    {
        try
        {
            return JsonDocument.Parse(answer.Bytes).RootElement;
        }
        catch (JsonException broken)
        {
            found.Add(new("#body", "JSON", broken.Message));
            return null;
        }
    }

    // A fraction of zero is refused by strict clients wherever it stands, so also where any number is allowed.
    private static void CheckNumbers(JsonElement value, string at, List<Violation> found)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var property in value.EnumerateObject()) CheckNumbers(property.Value, $"{at}/{property.Name}", found);
                break;
            case JsonValueKind.Array:
                var index = 0;
                foreach (var item in value.EnumerateArray()) CheckNumbers(item, $"{at}/{index++}", found);
                break;
            case JsonValueKind.Number:
                var text = value.GetRawText();
                if (text.Contains('.') && text.TrimEnd('0').EndsWith('.')) found.Add(new(at, "a whole number without a fraction", text));
                break;
        }
    }
}

/// <summary>An answer that the contract does not allow.</summary>
public sealed class ContractBrokenException(string message) : Exception(message);
