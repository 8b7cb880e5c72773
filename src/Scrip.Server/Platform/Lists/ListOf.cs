using System.Text.Json;
using System.Text.Json.Serialization;

namespace Scrip.Server.Platform.Lists;

/// <summary>
/// The API's list object. <c>data_ref</c> names the array, so the array's name differs from list to list; its
/// converter writes it.
/// </summary>
public sealed record ListOf<T>(string DataRef, IReadOnlyList<T> Items)
{
    /// <summary>Matching objects on all pages; left out where the contract has none.</summary>
    public long? Total { get; init; }

    /// <summary>Whether a further page exists; left out where the contract has none.</summary>
    public bool? HasMore { get; init; }

    /// <summary>The cursor of the next page.</summary>
    public string? MoreStartingAfter { get; init; }
}

/// <summary>Writes and reads <see cref="ListOf{T}"/> under the name that its <c>data_ref</c> tells.</summary>
public sealed class ListOfConverter<T> : JsonConverter<ListOf<T>>
{
    /// <inheritdoc/>
    public override ListOf<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        // A list inside of an object that is kept, such as a voucher that a reward gave.
        using var parsed = JsonDocument.ParseValue(ref reader);
        var list = parsed.RootElement;
        var name = list.GetProperty("data_ref").GetString()!;
        return new ListOf<T>(name, [.. list.GetProperty(name).EnumerateArray().Select(item => item.Deserialize(Http.Wire.Info<T>())!)])
        {
            Total = list.TryGetProperty("total", out var total) ? total.GetInt64() : null,
            HasMore = list.TryGetProperty("has_more", out var more) ? more.GetBoolean() : null,
            MoreStartingAfter = list.TryGetProperty("more_starting_after", out var after) ? after.GetString() : null,
        };
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, ListOf<T> value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        writer.WriteString("object"u8, "list"u8);
        writer.WriteString("data_ref"u8, value.DataRef);
        writer.WriteStartArray(value.DataRef);
        foreach (var item in value.Items) JsonSerializer.Serialize(writer, item, Http.Wire.Info<T>());
        writer.WriteEndArray();
        if (value.Total is { } total) writer.WriteNumber("total"u8, total);
        if (value.HasMore is { } more) writer.WriteBoolean("has_more"u8, more);
        if (value.MoreStartingAfter is { } after) writer.WriteString("more_starting_after"u8, after);
        writer.WriteEndObject();
    }
}
