using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Scrip.Server.Platform.Http;

/// <summary>
/// How JSON looks on the wire and in <c>body</c> columns: snake case, absent rather than null, whole numbers
/// without a fraction, and whole numbers accepted as <c>15.0</c>.
/// </summary>
public static class Wire
{
    /// <summary>The largest whole number that every client can read exactly: 2^53 − 1.</summary>
    public const long WholeMax = 9_007_199_254_740_991;

    /// <summary>The options of every serializer; the resolver chain is completed once at the start.</summary>
    public static JsonSerializerOptions Options { get; private set; } = new();

    /// <summary>Sets the source-generated types the server knows.</summary>
    public static void Use(IJsonTypeInfoResolver resolver, IEnumerable<JsonConverter> converters)
    {
        var options = new JsonSerializerOptions { TypeInfoResolver = resolver };
        Configure(options);
        foreach (var converter in converters) options.Converters.Add(converter);
        options.MakeReadOnly();
        Options = options;
    }

    /// <summary>Applies the wire's conventions to other options, such as those of the OpenAPI document.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.MaxDepth = 32;
        options.Converters.Add(new WholeConverter());
        options.Converters.Add(new FractionConverter());
    }

    /// <summary>The text of a value, for a <c>body</c> column.</summary>
    public static string Text<T>(T value) => JsonSerializer.Serialize(value, Info<T>());

    /// <summary>The value of a <c>body</c> column.</summary>
    public static T Read<T>(string text) => JsonSerializer.Deserialize(text, Info<T>())!;

    /// <summary>The bytes of an answer.</summary>
    public static byte[] Bytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Info<T>());

    /// <summary>A value as JSON, for an answer that is one of several kinds.</summary>
    public static JsonElement Element<T>(T value) => JsonSerializer.SerializeToElement(value, Info<T>());

    /// <summary>The source-generated description of a type.</summary>
    public static JsonTypeInfo<T> Info<T>() => Known<T>.Info ??= (JsonTypeInfo<T>)Options.GetTypeInfo(typeof(T));

    static class Known<T>
    {
        public static JsonTypeInfo<T>? Info;
    }
}

/// <summary>Whole numbers: <c>15</c> and <c>15.0</c>, never beyond ±(2^53 − 1).</summary>
public sealed class WholeConverter : JsonConverter<long>
{
    /// <inheritdoc/>
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.Number) throw new JsonException("must be integer");
        if (reader.TryGetInt64(out var whole)) return InRange(whole);
        if (!reader.TryGetDecimal(out var value)) throw new JsonException("must be an integer of at most 9007199254740991");
        if (value != decimal.Truncate(value)) throw new JsonException("must be integer");
        return value is >= -Wire.WholeMax and <= Wire.WholeMax ? (long)value : InRange(long.MaxValue);
    }

    static long InRange(long whole) => whole is >= -Wire.WholeMax and <= Wire.WholeMax
        ? whole
        : throw new JsonException("must be an integer of at most 9007199254740991");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => writer.WriteNumberValue(value);
}

/// <summary>Whole numbers that may also be written as texts, <c>"15"</c>; they are answered as numbers.</summary>
public sealed class WrittenWholeConverter : JsonConverter<long>
{
    static readonly WholeConverter Whole = new();

    /// <inheritdoc/>
    public override long Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.String) return Whole.Read(ref reader, typeToConvert, options);
        return long.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) && Math.Abs((decimal)whole) <= Wire.WholeMax
            ? whole
            : throw new JsonException("must be integer");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, long value, JsonSerializerOptions options) => Whole.Write(writer, value, options);
}

/// <summary>Numbers with a fraction, such as a percentage; <c>10.0</c> is written <c>10</c>.</summary>
public sealed class FractionConverter : JsonConverter<decimal>
{
    const decimal TrailingZerosOff = 1.0000000000000000000000000000m;

    /// <inheritdoc/>
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetDecimal(out var value) && Math.Abs(value) <= Wire.WholeMax
            ? value
            : throw new JsonException("must be number");

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteNumberValue(value / TrailingZerosOff);
}
