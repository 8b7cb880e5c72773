using System.Text.Json.Serialization;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Promotions;

/// <summary>A promotion stack as the API answers it: tiers of one campaign that are redeemed together, in their order.</summary>
public sealed record PromotionStack
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required StackTiers Tiers { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public required string CampaignId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CategoryId { get; init; }
    public string[] Categories => [];
    public string Object => "promotion_stack";

    internal static PromotionStack Of(StackRow row) => new()
    {
        Id = row.Id,
        Name = row.Name,
        Tiers = Wire.Read<StackTiers>(row.Body),
        CreatedAt = new(row.CreatedAt),
        UpdatedAt = Moment.From(row.UpdatedAt),
        CampaignId = row.CampaignId,
        CategoryId = row.CategoryId,
    };
}

/// <summary>The tiers of a stack, as they are asked for, answered and kept in its <c>body</c> column.</summary>
public sealed record StackTiers
{
    public string[]? Ids { get; init; }
    public string? HierarchyMode { get; init; }
}

/// <summary>What a caller may set on a stack; absent fields keep their value in an update.</summary>
public sealed record StackInput
{
    public string? Name { get; init; }
    public StackTiers? Tiers { get; init; }
    public string? CategoryId { get; init; }
}

/// <summary>A row of <c>promotion_stacks</c>.</summary>
public sealed class StackRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string Name { get; init; } = "";
    public string? CategoryId { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";
}
