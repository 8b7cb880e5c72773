using System.Text.Json;

namespace Scrip.Engine.Schemas;

/// <summary>The definitions of one kind of object that are in force. Never changed.</summary>
/// <param name="AllowDefinedOnly">Whether a key without a definition is refused.</param>
/// <param name="Definitions">By key, the removed ones left out.</param>
public sealed record MetadataSchema(bool AllowDefinedOnly, IReadOnlyDictionary<string, MetadataDefinition> Definitions)
{
    private readonly string[] required = [.. Definitions.Where(pair => !pair.Value.IsOptional).Select(pair => pair.Key)];

    /// <summary>The first required key that is not there or null; null when all are there.</summary>
    internal string? Lacks(JsonElement metadata)
    {
        foreach (var key in required)
            if (metadata.ValueKind != JsonValueKind.Object || !metadata.TryGetProperty(key, out var value) || value.ValueKind == JsonValueKind.Null)
                return key;
        return null;
    }
}

/// <summary>What is wrong with metadata.</summary>
/// <param name="Path">The key, or the way to it, such as <c>payment.methods[2]</c>.</param>
/// <param name="What">The end of "Property …".</param>
public readonly record struct SchemaFault(string Path, string What);
