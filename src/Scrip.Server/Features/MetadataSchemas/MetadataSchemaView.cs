using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.MetadataSchemas;

/// <summary>A metadata schema as the management API answers it.</summary>
public sealed record MetadataSchemaView
{
    public required string Id { get; init; }
    public required string RelatedObject { get; init; }
    public required Dictionary<string, DefinitionView> Properties { get; init; }
    public required bool AllowDefinedOnly { get; init; }
    public required Moment CreatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? UpdatedAt { get; init; }
    public string Object => "metadata_schema";
}

/// <summary>What a caller may set on a schema; an update keeps the definitions that it does not name.</summary>
public sealed record MetadataSchemaInput
{
    public string? RelatedObject { get; init; }
    public bool? AllowDefinedOnly { get; init; }
    public Dictionary<string, DefinitionView>? Properties { get; init; }
}

/// <summary>The definition of one key, as it is sent, kept and answered.</summary>
public sealed record DefinitionView
{
    public string? Type { get; init; }
    public bool? Optional { get; init; }
    public bool? Array { get; init; }
    /// <summary>Removed: kept, but not in force.</summary>
    public bool? Deleted { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? ObjectType { get; init; }
    public long? MinLength { get; init; }
    public long? MaxLength { get; init; }
    public long? ExactLength { get; init; }
    /// <summary>Texts or numbers that are allowed, as the type says.</summary>
    public JsonElement[]? Eq { get; init; }
    /// <summary>Numbers that are not allowed.</summary>
    public decimal[]? Ne { get; init; }
    public decimal? Lt { get; init; }
    public decimal? Lte { get; init; }
    public decimal? Gt { get; init; }
    public decimal? Gte { get; init; }
}

/// <summary>A metadata schema as the application API answers it: the same with older names inside.</summary>
public sealed record PublicSchema
{
    public required string Id { get; init; }
    public required string RelatedObject { get; init; }
    public required Dictionary<string, PublicDefinition> Properties { get; init; }
    public required bool AllowDefinedOnly { get; init; }
    public required Moment CreatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? UpdatedAt { get; init; }
    public string Object => "metadata_schema";
}

/// <summary>The definition of one key under the older names.</summary>
public sealed record PublicDefinition
{
    public string? Type { get; init; }
    public bool? Optional { get; init; }
    public bool? Array { get; init; }
    public bool? Deleted { get; init; }
    [JsonPropertyName("objectType"), JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? ObjectType { get; init; }
    [JsonPropertyName("minLength")] public long? MinLength { get; init; }
    [JsonPropertyName("maxLength")] public long? MaxLength { get; init; }
    [JsonPropertyName("exactLength")] public long? ExactLength { get; init; }
    public JsonElement[]? Eq { get; init; }
    public decimal[]? Ne { get; init; }
    public decimal? Lt { get; init; }
    public decimal? Lte { get; init; }
    public decimal? Gt { get; init; }
    public decimal? Gte { get; init; }

    /// <summary>The same definition.</summary>
    internal static PublicDefinition Of(DefinitionView one) => new()
    {
        Type = one.Type,
        Optional = one.Optional,
        Array = one.Array,
        Deleted = one.Deleted,
        ObjectType = one.ObjectType,
        MinLength = one.MinLength,
        MaxLength = one.MaxLength,
        ExactLength = one.ExactLength,
        Eq = one.Eq,
        Ne = one.Ne,
        Lt = one.Lt,
        Lte = one.Lte,
        Gt = one.Gt,
        Gte = one.Gte,
    };
}

/// <summary>The part of a schema that lies in its <c>body</c> column.</summary>
public sealed record SchemaBody
{
    public Dictionary<string, DefinitionView> Properties { get; init; } = [];
}

/// <summary>A row of <c>metadata_schemas</c>.</summary>
public sealed class SchemaRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string RelatedObject { get; init; } = "";
    public bool AllowDefinedOnly { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";

    /// <summary>Its definitions by key.</summary>
    internal Dictionary<string, DefinitionView> Properties => Wire.Read<SchemaBody>(Body).Properties;

    /// <summary>As the management API shows it.</summary>
    internal MetadataSchemaView Show() => new()
    {
        Id = Id,
        RelatedObject = RelatedObject,
        Properties = Properties,
        AllowDefinedOnly = AllowDefinedOnly,
        CreatedAt = new(CreatedAt),
        UpdatedAt = Moment.From(UpdatedAt),
    };

    /// <summary>As the application API shows it.</summary>
    internal PublicSchema ShowPublic() => new()
    {
        Id = Id,
        RelatedObject = RelatedObject,
        Properties = Properties.ToDictionary(pair => pair.Key, pair => PublicDefinition.Of(pair.Value)),
        AllowDefinedOnly = AllowDefinedOnly,
        CreatedAt = new(CreatedAt),
        UpdatedAt = Moment.From(UpdatedAt),
    };
}

/// <summary>The kinds of objects that have metadata; any other name is a custom object that others nest.</summary>
public static class SchemaKinds
{
    public const string Campaign = "campaign";
    public const string Customer = "customer";
    public const string EarningRule = "earning_rule";
    public const string Order = "order";
    public const string OrderItem = "order_item";
    public const string Product = "product";
    public const string PromotionTier = "promotion_tier";
    public const string Publication = "publication";
    public const string Redemption = "redemption";
    public const string Voucher = "voucher";

    /// <summary>True when the API itself has objects of that kind.</summary>
    public static bool IsStandard(string name) => name is Campaign or Customer or EarningRule or Order or OrderItem or Product or PromotionTier
        or Publication or Redemption or Voucher or "loyalty_tier" or "reward";
}
