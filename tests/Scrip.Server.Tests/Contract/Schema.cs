using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Scrip.Server.Tests.Contract;

/// <summary>One place where JSON is not what its schema says.</summary>
/// <param name="Pointer">The JSON pointer of the place; empty for the whole document.</param>
/// <param name="Expected">What the schema wants there.</param>
/// <param name="Actual">What stands there.</param>
public sealed record Violation(string Pointer, string Expected, string Actual)
{
    /// <summary>How badly a branch misses: another kind of thing outweighs another constant, and that a missing field.</summary>
    internal int Weight { get; init; } = 1;

    /// <inheritdoc/>
    public override string ToString() => $"at {(Pointer.Length == 0 ? "/" : Pointer)}: expected {Expected}, but was {Actual}";
}

/// <summary>
/// Checks JSON against the subset of JSON Schema that the contract uses, with OpenAPI 3.0's <c>nullable</c>.
/// Keywords outside the subset throw. It is our own because NJsonSchema 11.6.2, tried first, accepts "b" for
/// <c>const: "a"</c> and passes over <c>if</c>/<c>then</c>, with which the loyalty documents are full. All
/// documented examples are checked in under half a second, parsing included.
/// </summary>
/// <param name="document">The document that <c>$ref</c> points into.</param>
public sealed class Schema(JsonElement document)
{
    private static readonly HashSet<string> Known =
    [
        "$ref", "additionalProperties", "allOf", "anyOf", "const", "else", "enum", "exclusiveMaximum", "exclusiveMinimum",
        "format", "if", "items", "maxItems", "maxLength", "maxProperties", "maximum", "minItems", "minLength",
        "minProperties", "minimum", "multipleOf", "not", "nullable", "oneOf", "pattern", "patternProperties",
        "properties", "required", "then", "type", "uniqueItems",
        // Words about the schema, which ask nothing of the value.
        "default", "deprecated", "description", "discriminator", "example", "examples", "externalDocs", "readOnly",
        "title", "writeOnly", "x-examples", "x-internal", "x-stoplight",
    ];

    private static readonly ConcurrentDictionary<string, Regex> Patterns = new();

    private readonly ConcurrentDictionary<string, JsonElement> targets = new();

    /// <summary>Everything in the value that the schema refuses; empty when it is valid.</summary>
    public IReadOnlyList<Violation> Check(JsonElement schema, JsonElement value)
    {
        var found = new List<Violation>();
        Walk(schema, value, "", found);
        return found;
    }

    private void Walk(JsonElement schema, JsonElement value, string at, List<Violation> found)
    {
        if (schema.ValueKind == JsonValueKind.True) return;
        if (schema.ValueKind == JsonValueKind.False)
        {
            found.Add(new(at, "nothing", Show(value)));
            return;
        }
        if (value.ValueKind == JsonValueKind.Null && IsNullable(schema)) return;

        foreach (var keyword in schema.EnumerateObject())
        {
            if (!Known.Contains(keyword.Name)) throw new NotSupportedException($"The schema keyword '{keyword.Name}' is not known here: {Show(schema)}");
        }
        if (schema.TryGetProperty("$ref", out var reference)) Walk(Target(reference.GetString()!), value, at, found);
        if (!HasType(schema, value, at, found)) return;
        CheckConstants(schema, value, at, found);
        CheckCombinations(schema, value, at, found);
        switch (value.ValueKind)
        {
            case JsonValueKind.String: CheckText(schema, value, at, found); break;
            case JsonValueKind.Number: CheckNumber(schema, value, at, found); break;
            case JsonValueKind.Array: CheckArray(schema, value, at, found); break;
            case JsonValueKind.Object: CheckObject(schema, value, at, found); break;
        }
    }

    // A schema that only points elsewhere may be nullable there.
    private bool IsNullable(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && ((schema.TryGetProperty("nullable", out var nullable) && nullable.ValueKind == JsonValueKind.True)
            || (schema.TryGetProperty("$ref", out var reference) && IsNullable(Target(reference.GetString()!))));

    private JsonElement Target(string reference) => targets.GetOrAdd(reference, _ =>
    {
        if (!reference.StartsWith("#/", StringComparison.Ordinal)) throw new NotSupportedException($"A reference out of its document: {reference}");
        var found = document;
        foreach (var step in reference[2..].Split('/'))
        {
            var name = Uri.UnescapeDataString(step).Replace("~1", "/").Replace("~0", "~");
            found = found.ValueKind == JsonValueKind.Array
                ? found[int.Parse(name, CultureInfo.InvariantCulture)]
                : found.GetProperty(name);
        }
        return found;
    });

    private static bool HasType(JsonElement schema, JsonElement value, string at, List<Violation> found)
    {
        if (!schema.TryGetProperty("type", out var type)) return true;
        var fits = type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(one => IsOf(one.GetString()!, value))
            : IsOf(type.GetString()!, value);
        if (!fits) found.Add(new(at, type.ToString(), Show(value)) { Weight = at.Length == 0 ? 1000 : 100 });
        return fits;
    }

    private static bool IsOf(string type, JsonElement value) => type switch
    {
        "null" => value.ValueKind == JsonValueKind.Null,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        // Strict clients refuse 3.0 where a whole number is meant, so it is the writing that counts.
        "integer" => value.ValueKind == JsonValueKind.Number && value.GetRawText().AsSpan().IndexOfAny('.', 'e', 'E') < 0,
        "array" => value.ValueKind == JsonValueKind.Array,
        "object" => value.ValueKind == JsonValueKind.Object,
        _ => throw new NotSupportedException($"The type '{type}' is not known here."),
    };

    private static void CheckConstants(JsonElement schema, JsonElement value, string at, List<Violation> found)
    {
        if (schema.TryGetProperty("const", out var constant) && !JsonElement.DeepEquals(constant, value))
            found.Add(new(at, Show(constant), Show(value)) { Weight = 10 });
        if (schema.TryGetProperty("enum", out var values) && !values.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)))
            found.Add(new(at, $"one of {Show(values)}", Show(value)) { Weight = 10 });
    }

    private void CheckCombinations(JsonElement schema, JsonElement value, string at, List<Violation> found)
    {
        if (schema.TryGetProperty("allOf", out var all))
        {
            foreach (var part in all.EnumerateArray()) Walk(part, value, at, found);
        }
        if (schema.TryGetProperty("anyOf", out var any)) WalkBranches(any, value, at, found);
        // Strictly, oneOf wants exactly one branch. The documents' branches overlap, so that values of their own
        // examples fit two; one branch that fits is enough here.
        if (schema.TryGetProperty("oneOf", out var one)) WalkBranches(one, value, at, found);
        if (schema.TryGetProperty("not", out var refused) && IsValid(refused, value, at)) found.Add(new(at, $"anything but {Show(refused)}", Show(value)));
        if (schema.TryGetProperty("if", out var condition)
            && schema.TryGetProperty(IsValid(condition, value, at) ? "then" : "else", out var consequence))
        {
            Walk(consequence, value, at, found);
        }
    }

    // When no branch fits, the report is that of the branch that misses least: it is likely the one that was meant.
    private void WalkBranches(JsonElement branches, JsonElement value, string at, List<Violation> found)
    {
        List<Violation>? closest = null;
        foreach (var branch in branches.EnumerateArray())
        {
            var missed = new List<Violation>();
            Walk(branch, value, at, missed);
            if (missed.Count == 0) return;
            if (closest is null || missed.Sum(one => one.Weight) < closest.Sum(one => one.Weight)) closest = missed;
        }
        if (closest is not null) found.AddRange(closest);
    }

    private bool IsValid(JsonElement schema, JsonElement value, string at)
    {
        var missed = new List<Violation>();
        Walk(schema, value, at, missed);
        return missed.Count == 0;
    }

    private static void CheckText(JsonElement schema, JsonElement value, string at, List<Violation> found)
    {
        var text = value.GetString()!;
        if (schema.TryGetProperty("minLength", out var shortest) && text.Length < shortest.GetInt32())
            found.Add(new(at, $"at least {shortest} characters", Show(value)));
        if (schema.TryGetProperty("maxLength", out var longest) && text.Length > longest.GetInt32())
            found.Add(new(at, $"at most {longest} characters", Show(value)));
        if (schema.TryGetProperty("pattern", out var pattern)
            && !Patterns.GetOrAdd(pattern.GetString()!, one => new Regex(one, RegexOptions.ECMAScript)).IsMatch(text))
        {
            found.Add(new(at, $"text like {pattern}", Show(value)));
        }
        if (schema.TryGetProperty("format", out var format) && !IsFormatted(format.GetString()!, text))
            found.Add(new(at, $"a {format}", Show(value)));
    }

    // Lenient: dates are recognised in every precision, and the other formats ask nothing.
    private static bool IsFormatted(string format, string text) => format switch
    {
        "date-time" => text.Length > 10 && text[10] is 'T' or 't' && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        "date" => DateOnly.TryParse(text, CultureInfo.InvariantCulture, out _)
            || DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out _),
        _ => true,
    };

    private static void CheckNumber(JsonElement schema, JsonElement value, string at, List<Violation> found)
    {
        var number = value.GetDouble();
        if (schema.TryGetProperty("minimum", out var least) && number < least.GetDouble()) found.Add(new(at, $"at least {least}", Show(value)));
        if (schema.TryGetProperty("maximum", out var most) && number > most.GetDouble()) found.Add(new(at, $"at most {most}", Show(value)));
        if (schema.TryGetProperty("exclusiveMinimum", out var over) && over.ValueKind == JsonValueKind.Number && number <= over.GetDouble())
            found.Add(new(at, $"more than {over}", Show(value)));
        if (schema.TryGetProperty("exclusiveMaximum", out var under) && under.ValueKind == JsonValueKind.Number && number >= under.GetDouble())
            found.Add(new(at, $"less than {under}", Show(value)));
    }

    private void CheckArray(JsonElement schema, JsonElement value, string at, List<Violation> found)
    {
        var count = value.GetArrayLength();
        if (schema.TryGetProperty("minItems", out var fewest) && count < fewest.GetInt32()) found.Add(new(at, $"at least {fewest} items", $"{count}"));
        if (schema.TryGetProperty("maxItems", out var most) && count > most.GetInt32()) found.Add(new(at, $"at most {most} items", $"{count}"));
        if (schema.TryGetProperty("uniqueItems", out var unique) && unique.ValueKind == JsonValueKind.True
            && value.EnumerateArray().Select(item => item.GetRawText()).Distinct().Count() < count)
        {
            found.Add(new(at, "items that differ", Show(value)));
        }
        if (!schema.TryGetProperty("items", out var items)) return;
        var index = 0;
        foreach (var item in value.EnumerateArray()) Walk(items, item, $"{at}/{index++}", found);
    }

    private void CheckObject(JsonElement schema, JsonElement value, string at, List<Violation> found)
    {
        if (schema.TryGetProperty("required", out var required) && required.ValueKind == JsonValueKind.Array)
        {
            foreach (var name in required.EnumerateArray().Select(one => one.GetString()!).Where(name => !value.TryGetProperty(name, out _)))
                found.Add(new(Step(at, name), "a value, for it is required", "absent"));
        }
        var hasProperties = schema.TryGetProperty("properties", out var properties);
        var hasPatterns = schema.TryGetProperty("patternProperties", out var patterns);
        var hasOthers = schema.TryGetProperty("additionalProperties", out var others);
        var count = 0;
        foreach (var property in value.EnumerateObject())
        {
            count++;
            var isNamed = hasProperties && properties.TryGetProperty(property.Name, out _);
            if (isNamed) Walk(properties.GetProperty(property.Name), property.Value, Step(at, property.Name), found);
            foreach (var pattern in hasPatterns ? patterns.EnumerateObject() : default)
            {
                if (!Patterns.GetOrAdd(pattern.Name, one => new Regex(one, RegexOptions.ECMAScript)).IsMatch(property.Name)) continue;
                isNamed = true;
                Walk(pattern.Value, property.Value, Step(at, property.Name), found);
            }
            if (isNamed || !hasOthers) continue;
            if (others.ValueKind == JsonValueKind.False) found.Add(new(Step(at, property.Name), "no further property", Show(property.Value)));
            else Walk(others, property.Value, Step(at, property.Name), found);
        }
        if (schema.TryGetProperty("minProperties", out var fewest) && count < fewest.GetInt32()) found.Add(new(at, $"at least {fewest} properties", $"{count}"));
        if (schema.TryGetProperty("maxProperties", out var most) && count > most.GetInt32()) found.Add(new(at, $"at most {most} properties", $"{count}"));
    }

    private static string Step(string at, string name) => $"{at}/{name.Replace("~", "~0").Replace("/", "~1")}";

    private static string Show(JsonElement value)
    {
        var text = value.GetRawText();
        return text.Length <= 200 ? text : text[..200] + "…";
    }
}
