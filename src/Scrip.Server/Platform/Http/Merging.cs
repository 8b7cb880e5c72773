using System.Buffers;
using System.Text.Json;

namespace Scrip.Server.Platform.Http;

/// <summary>How an update joins what is stored with what was sent.</summary>
public static class Merging
{
    /// <summary>Metadata without some of its keys.</summary>
    public static JsonElement? Without(JsonElement? stored, string[]? keys)
    {
        if (keys is null or { Length: 0 } || stored is not { ValueKind: JsonValueKind.Object } old) return stored;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in old.EnumerateObject())
                if (!keys.Contains(property.Name)) property.WriteTo(writer);
            writer.WriteEndObject();
        }
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    /// <summary>Keys that were sent replace stored ones, others stay; null when neither side has any.</summary>
    public static JsonElement? Metadata(JsonElement? stored, JsonElement? sent)
    {
        if (sent is not { ValueKind: JsonValueKind.Object } fresh) return stored;
        if (stored is not { ValueKind: JsonValueKind.Object } old || !old.EnumerateObject().Any()) return fresh;
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in old.EnumerateObject())
                if (!fresh.TryGetProperty(property.Name, out _)) property.WriteTo(writer);
            foreach (var property in fresh.EnumerateObject()) property.WriteTo(writer);
            writer.WriteEndObject();
        }
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }
}
