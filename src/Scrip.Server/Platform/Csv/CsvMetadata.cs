using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Scrip.Server.Platform.Csv;

/// <summary>
/// Metadata of rows: columns that are no standard fields, as texts where nobody says what else they are. An empty field
/// is no metadata.
/// </summary>
sealed class CsvMetadata(CsvBinding binding)
{
    readonly ArrayBufferWriter<byte> buffer = new();

    /// <summary>What becomes of a row's texts, which it may refuse; null when they stay as they are.</summary>
    public Func<JsonElement, JsonElement>? Typed { get; set; }

    /// <summary>The JSON object of a row's metadata; null when it has none.</summary>
    public string? Text(CsvRow row)
    {
        if (binding.Metadata.Length == 0) return null;
        buffer.ResetWrittenCount();
        var hasAny = false;
        using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = Http.Wire.Options.Encoder }))
        {
            writer.WriteStartObject();
            foreach (var (place, name) in binding.Metadata)
            {
                if (row.Fields[place].Length == 0) continue;
                hasAny = true;
                writer.WriteString(name, row.Fields[place]);
            }
            writer.WriteEndObject();
        }
        if (!hasAny) return null;
        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        return Typed is null ? text : Http.Wire.Text(Typed(Http.Wire.Read<JsonElement>(text)));
    }

    /// <summary>The same as JSON.</summary>
    public JsonElement? Read(CsvRow row) => Text(row) is { } text ? Http.Wire.Read<JsonElement>(text) : null;
}
