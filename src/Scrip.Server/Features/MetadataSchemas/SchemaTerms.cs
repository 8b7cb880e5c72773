using System.Text.Json;
using Scrip.Engine.Schemas;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.MetadataSchemas;

/// <summary>Reads what a caller says of definitions, and binds them. Each fault names its field.</summary>
static class SchemaTerms
{
    /// <summary>The most definitions of one schema, the removed ones included.</summary>
    public const int DefinitionsMax = 100;

    const int ValuesMax = 1000;
    const int TextMax = 2000;

    /// <summary>What an object without a schema of its own is called.</summary>
    const string Unknown = "unknown";

    static readonly Dictionary<string, MetadataType> Types = new(StringComparer.Ordinal)
    {
        ["string"] = MetadataType.Text,
        ["number"] = MetadataType.Number,
        ["boolean"] = MetadataType.Flag,
        ["date"] = MetadataType.Date,
        ["datetime"] = MetadataType.Instant,
        ["image_url"] = MetadataType.ImageUrl,
        ["geopoint"] = MetadataType.Geopoint,
        ["object"] = MetadataType.Nested,
    };

    /// <summary>The definitions after an update: those that were sent take the place of theirs as a whole.</summary>
    /// <param name="kind">What the schema describes.</param>
    /// <param name="known">The definitions before; empty for a new schema.</param>
    /// <param name="sent">What was sent.</param>
    /// <param name="custom">The names of the project's custom schemas.</param>
    public static Dictionary<string, DefinitionView> Merge(
        string kind, Dictionary<string, DefinitionView> known, Dictionary<string, DefinitionView> sent, IReadOnlyCollection<string> custom)
    {
        var merged = new Dictionary<string, DefinitionView>(known, StringComparer.Ordinal);
        foreach (var (key, definition) in sent)
        {
            var field = $"properties.{key}";
            if (string.IsNullOrWhiteSpace(key)) throw Checks.Wrong("properties", "must have names that are not empty");
            Checks.Text(key, "properties", Checks.TextMax);
            if (definition is null) throw Checks.Wrong(field, "must be object");
            if (known.TryGetValue(key, out var before) && definition.Type is not null && before.Type != definition.Type)
                throw Checks.Wrong($"{field}.type", $"cannot be changed: it is {before.Type}");
            merged[key] = Checked(kind, field, definition, custom);
        }
        return merged.Count <= DefinitionsMax
            ? merged
            : throw Checks.Wrong("properties", $"must NOT have more than {DefinitionsMax} definitions, the removed ones included");
    }

    static DefinitionView Checked(string kind, string field, DefinitionView one, IReadOnlyCollection<string> custom)
    {
        var name = one.Type ?? throw Checks.Wrong(field, "should have required property 'type'");
        if (!Types.TryGetValue(name, out var type)) throw Checks.Wrong($"{field}.type", $"must be one of: {string.Join(", ", Types.Keys)}");
        if (one.Optional is null) throw Checks.Wrong(field, "should have required property 'optional'");
        if (one.Array is null) throw Checks.Wrong(field, "should have required property 'array'");
        if (type == MetadataType.Geopoint && SchemaKinds.IsStandard(kind) && kind is not (SchemaKinds.Customer or SchemaKinds.Product))
            throw Checks.Wrong($"{field}.type", "can be geopoint for customers and products only");
        Lengths(field, type, one);
        Numbers(field, type, one);
        Values(field, type, one);
        return one with { Deleted = one.Deleted == true ? true : null, ObjectType = ObjectType(kind, field, type, one.ObjectType, custom) };
    }

    static string? ObjectType(string kind, string field, MetadataType type, string? name, IReadOnlyCollection<string> custom)
    {
        if (type != MetadataType.Nested) return name is null ? null : throw Checks.Wrong($"{field}.object_type", "is for the type object only");
        if (name is null or Unknown) return name;
        if (!SchemaKinds.IsStandard(kind)) throw Checks.Wrong($"{field}.object_type", "cannot name a schema: what is nested nests nothing itself");
        return custom.Contains(name) ? name : throw Checks.Wrong($"{field}.object_type", $"must name a custom metadata schema; there is no {name}");
    }

    static void Lengths(string field, MetadataType type, DefinitionView one)
    {
        foreach (var (name, length) in new[] { ("min_length", one.MinLength), ("max_length", one.MaxLength), ("exact_length", one.ExactLength) })
        {
            Checks.NotNegative(length, $"{field}.{name}");
            if (length is not null && type != MetadataType.Text) throw Checks.Wrong($"{field}.{name}", "is for the type string only");
        }
        if (one.MinLength > one.MaxLength) throw Checks.Wrong($"{field}.min_length", "must be <= max_length");
    }

    static void Numbers(string field, MetadataType type, DefinitionView one)
    {
        foreach (var (name, value) in new[] { ("lt", one.Lt), ("lte", one.Lte), ("gt", one.Gt), ("gte", one.Gte) })
            if (value is not null && type != MetadataType.Number) throw Checks.Wrong($"{field}.{name}", "is for the type number only");
        if (one.Ne is null) return;
        if (type != MetadataType.Number) throw Checks.Wrong($"{field}.ne", "is for the type number only");
        if (one.Ne.Length > ValuesMax) throw Checks.Wrong($"{field}.ne", $"must NOT have more than {ValuesMax} items");
    }

    static void Values(string field, MetadataType type, DefinitionView one)
    {
        if (one.Eq is not { } values) return;
        if (type is not (MetadataType.Text or MetadataType.Number)) throw Checks.Wrong($"{field}.eq", "is for the types string and number only");
        if (values.Length > ValuesMax) throw Checks.Wrong($"{field}.eq", $"must NOT have more than {ValuesMax} items");
        for (var i = 0; i < values.Length; i++)
        {
            var isRight = type == MetadataType.Text
                ? values[i].ValueKind == JsonValueKind.String && values[i].GetString()!.Length <= TextMax
                : values[i].ValueKind == JsonValueKind.Number && values[i].TryGetDecimal(out _);
            if (!isRight) throw Checks.Wrong($"{field}.eq[{i}]", type == MetadataType.Text ? "must be string" : "must be number");
        }
    }

    /// <summary>The schema in force: removed definitions are left out.</summary>
    public static MetadataSchema Bind(SchemaRow row) => new(row.AllowDefinedOnly,
        row.Properties.Where(pair => pair.Value.Deleted != true).ToDictionary(pair => pair.Key, pair => Bind(pair.Value), StringComparer.Ordinal));

    // An empty list of values is none: it would allow nothing.
    static MetadataDefinition Bind(DefinitionView one) => new()
    {
        Type = Types[one.Type!],
        IsOptional = one.Optional ?? true,
        IsArray = one.Array ?? false,
        ObjectType = one.ObjectType is Unknown ? null : one.ObjectType,
        MinLength = one.MinLength,
        MaxLength = one.MaxLength,
        ExactLength = one.ExactLength,
        Texts = one is { Type: "string", Eq.Length: > 0 } ? one.Eq.Select(value => value.GetString()!).ToHashSet(StringComparer.Ordinal) : null,
        Numbers = one is { Type: "number", Eq.Length: > 0 } ? one.Eq.Select(value => value.GetDecimal()).ToHashSet() : null,
        Denied = one.Ne is { Length: > 0 } denied ? denied.ToHashSet() : null,
        Below = one.Lt,
        Most = one.Lte,
        Above = one.Gt,
        Least = one.Gte,
    };
}
