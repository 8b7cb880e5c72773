using System.Text.Json;

namespace Scrip.Engine.Schemas;

/// <summary>
/// What one key of metadata may hold. Lists of values hold texts or numbers, as the type says; a limit that is null
/// limits nothing.
/// </summary>
public sealed record MetadataDefinition
{
    /// <summary>The type of the value, or of each element of an array.</summary>
    public required MetadataType Type { get; init; }

    /// <summary>Whether a new object may be without it.</summary>
    public bool IsOptional { get; init; } = true;

    /// <summary>Whether the value is a list.</summary>
    public bool IsArray { get; init; }

    /// <summary>The schema of a nested object; null when it may be any object.</summary>
    public string? ObjectType { get; init; }

    /// <summary>Characters of a text.</summary>
    public long? MinLength { get; init; }

    /// <summary>Characters of a text.</summary>
    public long? MaxLength { get; init; }

    /// <summary>Characters of a text.</summary>
    public long? ExactLength { get; init; }

    /// <summary>The texts that are allowed; null when all are.</summary>
    public IReadOnlySet<string>? Texts { get; init; }

    /// <summary>The numbers that are allowed; null when all are.</summary>
    public IReadOnlySet<decimal>? Numbers { get; init; }

    /// <summary>The numbers that are not allowed.</summary>
    public IReadOnlySet<decimal>? Denied { get; init; }

    /// <summary>A number is below this.</summary>
    public decimal? Below { get; init; }

    /// <summary>A number is at most this.</summary>
    public decimal? Most { get; init; }

    /// <summary>A number is above this.</summary>
    public decimal? Above { get; init; }

    /// <summary>A number is at least this.</summary>
    public decimal? Least { get; init; }

    /// <summary>What is wrong with a value that is no list and not null, as the end of "Property …"; null when it is right. Nested objects are not looked into.</summary>
    public string? Refuse(JsonElement value) => Type switch
    {
        MetadataType.Text => value.ValueKind == JsonValueKind.String ? RefuseText(value.GetString()!) : "must be string",
        MetadataType.Number => value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? RefuseNumber(number) : "must be number",
        MetadataType.Flag => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be boolean",
        MetadataType.Date => Is(value, ValueForms.IsDate) ? null : "must be a date such as 2026-01-31",
        MetadataType.Instant => Is(value, ValueForms.IsInstant) ? null : "must be a date with a time such as 2026-01-31T10:00:00.000Z",
        MetadataType.ImageUrl => Is(value, ValueForms.IsUrl) ? null : "must be the URL of an image",
        MetadataType.Geopoint => Is(value, ValueForms.IsGeopoint) ? null : "must be a geopoint: latitude,longitude",
        _ => value.ValueKind == JsonValueKind.Object ? null : "must be object",
    };

    private static bool Is(JsonElement value, Func<string, bool> form) => value.ValueKind == JsonValueKind.String && form(value.GetString()!);

    private string? RefuseText(string text)
    {
        if (MinLength is { } min && text.Length < min) return $"must NOT have fewer than {min} characters";
        if (MaxLength is { } max && text.Length > max) return $"must NOT have more than {max} characters";
        if (ExactLength is { } exact && text.Length != exact) return $"must have {exact} characters";
        return Texts is { } allowed && !allowed.Contains(text) ? $"must be one of: {Some(allowed)}" : null;
    }

    private string? RefuseNumber(decimal number)
    {
        if (Below is { } lt && number >= lt) return $"must be < {Plain(lt)}";
        if (Most is { } lte && number > lte) return $"must be <= {Plain(lte)}";
        if (Above is { } gt && number <= gt) return $"must be > {Plain(gt)}";
        if (Least is { } gte && number < gte) return $"must be >= {Plain(gte)}";
        if (Denied is { } denied && denied.Contains(number)) return $"must NOT be {Plain(number)}";
        return Numbers is { } allowed && !allowed.Contains(number) ? $"must be one of: {Some(allowed.Select(Plain))}" : null;
    }

    private static string Plain(decimal number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    // A list may be long; a message need not be.
    private static string Some(IEnumerable<string> texts) => string.Join(", ", texts.Take(20)) + (texts.Skip(20).Any() ? ", …" : "");
}
