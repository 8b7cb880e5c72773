using System.Text.Json;

namespace Scrip.Engine.Facts;

/// <summary>Custom attributes of an object: a JSON object, or nothing at all. Never changed.</summary>
/// <param name="Json">An object; anything else holds no attributes.</param>
public readonly record struct Metadata(JsonElement Json)
{
    /// <summary>No attributes.</summary>
    public static readonly Metadata None;

    /// <summary>
    /// The attribute of that name, else the one that a dotted path leads to (<c>address.city</c>); null when it
    /// is absent or JSON null.
    /// </summary>
    public JsonElement? Find(string name)
    {
        if (Property(Json, name) is { } direct) return direct;
        if (!name.Contains('.', StringComparison.Ordinal)) return null;
        JsonElement? at = Json;
        foreach (var step in name.Split('.'))
        {
            at = Property(at.Value, step);
            if (at is null) return null;
        }
        return at;
    }

    private static JsonElement? Property(JsonElement of, string name) =>
        of.ValueKind == JsonValueKind.Object && of.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;
}
