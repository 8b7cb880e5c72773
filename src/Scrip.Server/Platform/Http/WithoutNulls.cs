using System.Buffers;
using System.Text.Json;

namespace Scrip.Server.Platform.Http;

/// <summary>Older endpoints leave out what newer ones answer as null; what callers keep in metadata stays as it is.</summary>
public static class WithoutNulls
{
    /// <summary>The value as JSON without the fields that are null.</summary>
    public static JsonElement Of<T>(T value)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer)) Write(writer, Wire.Element(value));
        return JsonElement.Parse(buffer.WrittenSpan);
    }

    static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var field in value.EnumerateObject())
                {
                    if (field.Value.ValueKind == JsonValueKind.Null) continue;
                    writer.WritePropertyName(field.Name);
                    if (field.Name == "metadata") field.Value.WriteTo(writer);
                    else Write(writer, field.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray()) Write(writer, item);
                writer.WriteEndArray();
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }
}
