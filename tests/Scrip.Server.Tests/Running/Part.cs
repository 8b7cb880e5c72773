using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Scrip.Server.Tests.Running;

/// <summary>
/// A part of a JSON answer, reached by name or position. Reaching into what is not there gives an absent part
/// rather than an exception, so that a test's failure names the value it wanted. Plain values turn into parts
/// by themselves: <c>answer["price"].ShouldBe(1200)</c>. Absent and null are different.
/// </summary>
[JsonConverter(typeof(PartWriter))]
public readonly struct Part(JsonNode? node, bool exists = true) : IEquatable<Part>
{
    /// <summary>The JSON itself.</summary>
    public JsonNode? Node { get; } = node;

    /// <summary>Whether the answer has this part, be it null.</summary>
    public bool Exists { get; } = exists;

    /// <summary>Whether it is there and null.</summary>
    public bool IsNull => Exists && Node is null;

    /// <summary>The text of a string.</summary>
    public string Text => Node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw Unlike("a string");

    /// <summary>The value of a whole number.</summary>
    public long Number => Node is JsonValue value && value.GetValueKind() == JsonValueKind.Number
        ? long.Parse(value.ToJsonString(), CultureInfo.InvariantCulture)
        : throw Unlike("a whole number");

    /// <summary>The elements of an array.</summary>
    public IReadOnlyList<Part> Items => Node is JsonArray array ? [.. array.Select(item => new Part(item))] : throw Unlike("an array");

    /// <summary>The names an object has, in their order.</summary>
    public IReadOnlyList<string> Names => Node is JsonObject o ? [.. o.Select(property => property.Key)] : throw Unlike("an object");

    /// <summary>A property of an object.</summary>
    public Part this[string name] =>
        Node is JsonObject o && o.TryGetPropertyValue(name, out var value) ? new(value) : new(null, exists: false);

    /// <summary>An element of an array.</summary>
    public Part this[int index] =>
        Node is JsonArray array && index < array.Count ? new(array[index]) : new(null, exists: false);

    /// <summary>A text as a part, to compare with.</summary>
    public static implicit operator Part(string? value) => new(value);

    /// <summary>A whole number as a part, to compare with.</summary>
    public static implicit operator Part(long value) => new(value);

    /// <summary>A whole number as a part, to compare with.</summary>
    public static implicit operator Part(int value) => new(value);

    /// <summary>A fraction as a part, to compare with.</summary>
    public static implicit operator Part(decimal value) => new(value);

    /// <summary>A truth value as a part, to compare with.</summary>
    public static implicit operator Part(bool value) => new(value);

    /// <summary>JSON as a part, to compare with.</summary>
    public static implicit operator Part(JsonNode? value) => new(value);

    /// <summary>Whether two parts are the same JSON.</summary>
    public static bool operator ==(Part left, Part right) => left.Equals(right);

    /// <summary>Whether two parts are different JSON.</summary>
    public static bool operator !=(Part left, Part right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Part other) => Exists == other.Exists && JsonNode.DeepEquals(Node, other.Node);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Part other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => ToString().GetHashCode(StringComparison.Ordinal);

    /// <summary>A string's text, or the JSON of anything else; fit for building paths.</summary>
    public override string ToString() =>
        !Exists ? "(absent)" :
        Node is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() :
        Node?.ToJsonString() ?? "null";

    private InvalidOperationException Unlike(string wanted) => new($"Wanted {wanted}, found {this}.");
}

/// <summary>Lets a part of one answer stand in the body of the next request.</summary>
public sealed class PartWriter : JsonConverter<Part>
{
    /// <inheritdoc/>
    public override Part Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(JsonNode.Parse(ref reader));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Part value, JsonSerializerOptions options)
    {
        if (value.Node is null) writer.WriteNullValue();
        else value.Node.WriteTo(writer);
    }
}
