using System.Text.Json;

namespace Scrip.Engine.Schemas;

/// <summary>All metadata schemas of a project, by the name of what they describe. Never changed.</summary>
public sealed class SchemaSet(IReadOnlyDictionary<string, MetadataSchema> schemas)
{
    /// <summary>The most elements that a list in metadata may have where it is defined.</summary>
    public const int ElementsMax = 1000;

    /// <summary>No schema: any metadata is right.</summary>
    public static readonly SchemaSet None = new(new Dictionary<string, MetadataSchema>());

    /// <summary>True when there is nothing to hold metadata against.</summary>
    public bool IsEmpty => schemas.Count == 0;

    /// <summary>True when objects of that kind have a schema.</summary>
    public bool Describes(string kind) => schemas.ContainsKey(kind);

    /// <summary>Texts, such as the fields of a file, with the types that the kind's schema gives them.</summary>
    public JsonElement Typed(string kind, JsonElement texts) => schemas.TryGetValue(kind, out var schema) ? SchemaTexts.Typed(schema, texts) : texts;

    /// <summary>The first thing that is wrong with metadata; null when it is right.</summary>
    /// <param name="kind">What has the metadata, such as <c>order_item</c>.</param>
    /// <param name="metadata">What was sent; null and anything but an object hold no keys.</param>
    /// <param name="isNew">
    /// Whether it is all the metadata of a new object, so that what is required must be there. Otherwise it is what
    /// an update replaces, which may only not empty what is required.
    /// </param>
    public SchemaFault? Refuse(string kind, JsonElement? metadata, bool isNew)
    {
        if (!schemas.TryGetValue(kind, out var schema)) return null;
        return Refuse(schema, metadata ?? default, isNew, "");
    }

    /// <summary>The first of the keys that an object of that kind must have; null when none is.</summary>
    public string? Required(string kind, IEnumerable<string> keys) => !schemas.TryGetValue(kind, out var schema)
        ? null
        : keys.FirstOrDefault(key => schema.Definitions.TryGetValue(key, out var definition) && !definition.IsOptional);

    private SchemaFault? Refuse(MetadataSchema schema, JsonElement metadata, bool isNew, string at)
    {
        if (isNew && schema.Lacks(metadata) is { } missing) return new(at + missing, "is required by the metadata schema");
        if (metadata.ValueKind != JsonValueKind.Object) return null;
        foreach (var property in metadata.EnumerateObject())
        {
            var path = at + property.Name;
            if (!schema.Definitions.TryGetValue(property.Name, out var definition))
            {
                if (schema.AllowDefinedOnly) return new(path, "is not defined in the metadata schema");
            }
            else if (Refuse(definition, property.Value, path) is { } fault) return fault;
        }
        return null;
    }

    private SchemaFault? Refuse(MetadataDefinition definition, JsonElement value, string path)
    {
        if (value.ValueKind == JsonValueKind.Null) return definition.IsOptional ? null : new(path, "is required by the metadata schema");
        if (!definition.IsArray) return RefuseOne(definition, value, path);
        if (value.ValueKind != JsonValueKind.Array) return new(path, "must be array");
        if (value.GetArrayLength() > ElementsMax) return new(path, $"must NOT have more than {ElementsMax} items");
        var index = 0;
        foreach (var element in value.EnumerateArray())
        {
            if (RefuseOne(definition, element, path) is { } fault) return fault with { Path = $"{path}[{index}]{fault.Path[path.Length..]}" };
            index++;
        }
        return null;
    }

    private SchemaFault? RefuseOne(MetadataDefinition definition, JsonElement value, string path)
    {
        if (definition.Refuse(value) is { } what) return new(path, what);
        if (definition is not { Type: MetadataType.Nested, ObjectType: { } name }) return null;
        // One whose schema is gone is not let through unseen.
        return schemas.TryGetValue(name, out var nested)
            ? Refuse(nested, value, isNew: true, path + ".")
            : new(path, $"cannot be checked: there is no metadata schema {name}");
    }
}
