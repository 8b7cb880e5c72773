using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Filters;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.ProductCollections;

/// <summary>
/// The filter of an automatic collection, read and checked once. The same conditions judge an item in memory
/// (<see cref="Matches"/>) and select rows (<see cref="CollectionFilterSql"/>), and both always agree: text compares by
/// code points, numbers with numbers only, and what is missing meets negative conditions and no others.
/// </summary>
public sealed class CollectionFilter
{
    const int ConditionsMax = 50;
    const int ValuesMax = 100;

    static readonly Dictionary<string, FieldKind> Fields = new(StringComparer.Ordinal)
    {
        ["id"] = FieldKind.Text,
        ["product_id"] = FieldKind.Text,
        ["source_id"] = FieldKind.Text,
        ["name"] = FieldKind.Text,
        ["object"] = FieldKind.Text,
        ["image_url"] = FieldKind.Text,
        ["price"] = FieldKind.Whole,
        ["created_at"] = FieldKind.Moment,
        ["updated_at"] = FieldKind.Moment,
        ["attributes"] = FieldKind.Names,
    };

    CollectionFilter(bool isAnd, IReadOnlyList<FieldCondition> conditions)
    {
        IsAnd = isAnd;
        Conditions = conditions;
    }

    /// <summary>True when all conditions have to hold, false when one is enough.</summary>
    internal bool IsAnd { get; }

    internal IReadOnlyList<FieldCondition> Conditions { get; }

    /// <summary>Whether it holds for the item. Without conditions it holds for everything.</summary>
    public bool Matches(CatalogItem item, long now) => Conditions.Count == 0
        || (IsAnd ? Conditions.All(one => Holds(one, item, now)) : Conditions.Any(one => Holds(one, item, now)));

    static bool Holds(FieldCondition condition, CatalogItem item, long now)
    {
        var (values, isArray) = Values(condition, item);
        return condition.Holds(values, isArray, now);
    }

    // What the catalogue has under the field's name.
    static (List<FieldValue> Values, bool IsArray) Values(FieldCondition condition, CatalogItem item)
    {
        switch (condition.Kind)
        {
            case FieldKind.Metadata:
                return FieldCondition.Elements(item.Metadata.Find(condition.Field));
            case FieldKind.Names when item.Attributes is { ValueKind: JsonValueKind.Object } named:
                return ([.. named.EnumerateObject().Select(one => new FieldValue(one.Name, null))], true);
            case FieldKind.Names:
                return FieldCondition.Elements(item.Attributes);
            case FieldKind.Whole or FieldKind.Moment:
                var number = condition.Field switch { "price" => item.Price, "created_at" => item.CreatedAt, _ => item.UpdatedAt };
                return (number is { } known ? [new FieldValue(null, known)] : [], false);
        }
        var text = condition.Field switch
        {
            "id" => item.Id,
            "product_id" => item.ProductId,
            "source_id" => item.SourceId,
            "name" => item.Name,
            "object" => item.Object,
            _ => item.ImageUrl,
        };
        return (text is null ? [] : [new FieldValue(text, null)], false);
    }

    /// <summary>Reads the API's <c>filter</c>.</summary>
    /// <exception cref="ApiFault">It is malformed, or asks for what is not served.</exception>
    public static CollectionFilter Read(JsonElement filter)
    {
        if (filter.ValueKind != JsonValueKind.Object || !filter.TryGetProperty("junction", out var junction))
            throw new ApiFault(Refusals.InvalidPayload.With("'AUTO_UPDATE' collection must contain valid filter with 'junction' property"));
        var word = junction.ValueKind == JsonValueKind.String ? junction.GetString()!.ToLowerInvariant() : "";
        if (word is not ("and" or "or"))
            throw new ApiFault(Refusals.InvalidPayload.With("Property .filter has wrong `junction` property. It must be one of: and, or"));
        var conditions = filter.EnumerateObject().Where(field => field.Name != "junction").SelectMany(Read).ToArray();
        if (conditions.Length > ConditionsMax) throw Checks.Wrong("filter", $"must NOT have more than {ConditionsMax} conditions");
        return new CollectionFilter(word == "and", conditions);
    }

    static IEnumerable<FieldCondition> Read(JsonProperty field)
    {
        var at = $"filter.{field.Name}";
        var (kind, path) = KindOf(field.Name, at);
        if (field.Value.ValueKind != JsonValueKind.Object || !field.Value.TryGetProperty("conditions", out var conditions) || conditions.ValueKind != JsonValueKind.Object)
            throw Checks.Wrong($"{at}.conditions", "must be object");
        foreach (var condition in conditions.EnumerateObject())
        {
            var values = condition.Value.ValueKind == JsonValueKind.Array ? condition.Value.EnumerateArray().ToArray() : [condition.Value];
            if (values.Length > ValuesMax) throw Checks.Wrong($"{at}.conditions.{condition.Name}", $"must NOT have more than {ValuesMax} items");
            yield return FieldCondition.Read(path, kind, condition.Name, values, $"{at}.conditions.{condition.Name}");
        }
    }

    static (FieldKind Kind, string Path) KindOf(string name, string at)
    {
        if (Fields.TryGetValue(name, out var kind)) return (kind, name);
        const string Prefix = "metadata.";
        if (!name.StartsWith(Prefix, StringComparison.Ordinal) || name.Length is <= 9 or > 200)
            throw Checks.Wrong(at, name == "skus" ? "is not served yet" : $"is no field to filter by; fields are {string.Join(", ", Fields.Keys)} and metadata.*");
        var path = name[Prefix.Length..];
        if (path.IndexOfAny(['"', '\'', '\\']) >= 0 || path.Any(char.IsControl)) throw Checks.Wrong(at, "must NOT contain quotes, backslashes or control characters");
        return (FieldKind.Metadata, path);
    }
}
