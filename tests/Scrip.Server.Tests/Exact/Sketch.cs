using System.Globalization;
using System.Text.Json.Nodes;

namespace Scrip.Server.Tests.Exact;

/// <summary>
/// Makes requests from the server's own OpenAPI document: valid ones as far as the document tells, and broken ones. The
/// same seed makes the same requests.
/// </summary>
sealed class Sketch(JsonNode document, int seed)
{
    private const int DepthMax = 5;

    // JSON texts, since some of them are none that a library would write.
    private static readonly string[] Broken =
    [
        "null", "true", "-1", "0", "1.5", "1e400", "-1e400", "9007199254740993", "99999999999999999999999999", "\"\"", "\"\\u0000\"", "\"\\ud800\"", "\"\\udc00x\"", "[]", "{}",
        "[null]", "[[[[]]]]", "{\"\":{}}", "\"2026-13-45T99:99:99Z\"", "\"0000-00-00\"", "\"9999999999-01-01T00:00:00Z\"", "\"P1Y2M3W4DT5H\"", "\"P99999999999999D\"", "\"\\u202e'; DROP TABLE vouchers; --\"",
        "\"%s%n{0}\"", "\"🦊\"", $"\"{new string('x', 3000)}\"", "{\"$more_than\":[{}]}", "\"1 and (2 or\"", "\"IF(ORDER_AMOUNT > 1;1\"", "{\"a\":1,\"a\":2}",
    ];

    private readonly Random random = new(seed);

    /// <summary>Operations of the document: method, path, and the schema of the body.</summary>
    public IEnumerable<(string Method, string Path, JsonNode? Body)> Operations()
    {
        foreach (var (path, methods) in document["paths"]!.AsObject())
            foreach (var (method, operation) in methods!.AsObject())
                if (operation is JsonObject known && known.ContainsKey("responses"))
                    yield return (method.ToUpperInvariant(), path, known["requestBody"]?["content"]?["application/json"]?["schema"]);
    }

    /// <summary>A body that the schema allows.</summary>
    public string Valid(JsonNode schema) => (Value(schema, "", 0) ?? new JsonObject()).ToJsonString();

    /// <summary>A body with one or more values that are out of order.</summary>
    public string Spoiled(JsonNode schema)
    {
        var marked = Value(schema, "", 0) ?? new JsonObject();
        var places = new List<(JsonNode Parent, string Name)>();
        Places(marked, places);
        if (places.Count == 0) return Pick(Broken);
        var holes = random.Next(1, 3);
        for (var i = 0; i < holes; i++)
        {
            var (parent, name) = places[random.Next(places.Count)];
            if (parent is JsonObject o) o[name] = $"<<{random.Next(Broken.Length)}>>";
            else parent.AsArray()[int.Parse(name, CultureInfo.InvariantCulture)] = $"<<{random.Next(Broken.Length)}>>";
        }
        var text = marked.ToJsonString(new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        for (var i = 0; i < Broken.Length; i++) text = text.Replace($"\"<<{i}>>\"", Broken[i], StringComparison.Ordinal);
        return random.Next(12) switch
        {
            0 => text[..random.Next(text.Length)],
            1 => text + text,
            2 => new string('[', 5000),
            3 => $"{{\"redeemables\":{string.Concat(Enumerable.Repeat("{\"a\":", 60))}1{new string('}', 60)}}}",
            _ => text,
        };
    }

    /// <summary>A name for a path or query that nothing has.</summary>
    public string Name() => Pick(["%00", "..%2F..%2Fetc", "%F0%9F%A6%8A", "%ED%A0%80", new string('a', 2000), "'%20OR%201=1", "-1", "null", "%20", "a%2Fb", "camp_0", "%25"]);

    private string Pick(string[] of) => of[random.Next(of.Length)];

    private static void Places(JsonNode node, List<(JsonNode, string)> places)
    {
        if (node is JsonObject o)
            foreach (var (name, value) in o)
            {
                places.Add((o, name));
                if (value is not null) Places(value, places);
            }
        if (node is not JsonArray list) return;
        for (var i = 0; i < list.Count; i++)
        {
            places.Add((list, i.ToString(CultureInfo.InvariantCulture)));
            if (list[i] is { } value) Places(value, places);
        }
    }

    private JsonNode? Value(JsonNode schema, string name, int depth)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
            return Value(document["components"]!["schemas"]![reference.Split('/')[^1]]!, name, depth + 1);
        foreach (var choice in new[] { "oneOf", "anyOf", "allOf" })
            if (schema[choice] is JsonArray { Count: > 0 } list) return Value(list[random.Next(list.Count)]!, name, depth + 1);
        var types = schema["type"] is JsonArray several ? [.. several.Select(type => type!.GetValue<string>())] : schema["type"] is { } one ? new[] { one.GetValue<string>() } : [];
        var type = types.FirstOrDefault(type => type != "null");
        return type switch
        {
            "string" => Text(name),
            "integer" => random.Next(0, 5),
            "number" => random.Next(0, 50),
            "boolean" => random.Next(2) == 0,
            "array" => depth > DepthMax || schema["items"] is not { } items ? new JsonArray() : new JsonArray(Value(items, name, depth + 1)),
            _ => schema["properties"] is JsonObject properties && depth <= DepthMax ? Object(properties, depth) : new JsonObject { ["color"] = "red" },
        };
    }

    private JsonObject Object(JsonObject properties, int depth)
    {
        var made = new JsonObject();
        foreach (var (name, schema) in properties)
            if (schema is not null && random.Next(3) > 0) made[name] = Value(schema, name, depth + 1);
        return made;
    }

    private string Text(string name) => name switch
    {
        "object" => Pick(["voucher", "promotion_tier", "promotion_stack"]),
        "type" => Pick(["DISCOUNT_VOUCHER", "GIFT_VOUCHER", "AMOUNT", "PERCENT", "UNIT", "FIXED", "STATIC", "AUTO_UPDATE", "LOCK"]),
        "campaign_type" => Pick(["DISCOUNT_COUPONS", "GIFT_VOUCHERS", "PROMOTION"]),
        "effect" => Pick(["APPLY_TO_ORDER", "APPLY_TO_ITEMS", "ADD_MISSING_ITEMS"]),
        "scenario" => Pick(["ALL", "CUSTOMER_WALLET", "PRODUCTS"]),
        "related_object" => Pick(["product", "sku"]),
        "status" => Pick(["PAID", "CREATED", "CANCELED"]),
        _ when name.EndsWith("date", StringComparison.Ordinal) || name.EndsWith("_at", StringComparison.Ordinal) => "2030-01-01T00:00:00.000Z",
        _ => Pick(["a", "shirt", "coupon", "card", "ada", "some words"]),
    };
}
