using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Scrip.Engine.Schemas;

/// <summary>
/// Reads texts, such as the fields of a file, as what a schema says they are. A text that cannot be read stays one, so
/// that holding it against the schema tells what is wrong with it; one that nobody defined is a text.
/// </summary>
public static class SchemaTexts
{
    /// <summary>An object of texts with the types of its definitions. The elements of a list have commas between them.</summary>
    public static JsonElement Typed(MetadataSchema schema, JsonElement texts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var property in texts.EnumerateObject())
            {
                writer.WritePropertyName(property.Name);
                if (property.Value.ValueKind != JsonValueKind.String || !schema.Definitions.TryGetValue(property.Name, out var definition)) property.Value.WriteTo(writer);
                else Write(writer, definition, property.Value.GetString()!);
            }
            writer.WriteEndObject();
        }
        var reader = new Utf8JsonReader(buffer.WrittenSpan);
        return JsonElement.ParseValue(ref reader);
    }

    private static void Write(Utf8JsonWriter writer, MetadataDefinition definition, string text)
    {
        if (!definition.IsArray)
        {
            WriteOne(writer, definition, text);
            return;
        }
        writer.WriteStartArray();
        foreach (var part in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)) WriteOne(writer, definition, part);
        writer.WriteEndArray();
    }

    private static void WriteOne(Utf8JsonWriter writer, MetadataDefinition definition, string text)
    {
        if (definition.Type == MetadataType.Number && decimal.TryParse(text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number))
            writer.WriteNumberValue(number);
        else if (definition.Type == MetadataType.Flag && bool.TryParse(text, out var flag)) writer.WriteBooleanValue(flag);
        else if (definition.Type == MetadataType.Nested && Parsed(text) is { } json) json.WriteTo(writer);
        else writer.WriteStringValue(text);
    }

    private static JsonElement? Parsed(string text)
    {
        try
        {
            return JsonDocument.Parse(text).RootElement;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
