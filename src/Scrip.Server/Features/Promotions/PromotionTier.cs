using System.Text.Json;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Promotions;

/// <summary>A promotion tier as the API answers it: a discount that needs no code.</summary>
public sealed record PromotionTier
{
    public required string Id { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public required string Name { get; init; }
    public string? Banner { get; init; }
    public required TierAction Action { get; init; }
    public required JsonElement Metadata { get; init; }
    public required long Hierarchy { get; init; }
    /// <summary>The campaign's id under its older name.</summary>
    public required string PromotionId { get; init; }
    public required string CampaignId { get; init; }
    public TierCampaign? Campaign { get; init; }
    public required bool Active { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public string? Category { get; init; }
    public string? CategoryId { get; init; }
    public Category[] Categories { get; init; } = [];
    public ListOf<RuleAssignment>? ValidationRuleAssignments { get; init; }
    public string Object => "promotion_tier";

    /// <summary>A tier as its row tells it, without its campaign.</summary>
    internal static PromotionTier Of(TierRow row)
    {
        var body = Wire.Read<TierBody>(row.Body);
        return new PromotionTier
        {
            Id = row.Id,
            CreatedAt = new(row.CreatedAt),
            UpdatedAt = Moment.From(row.UpdatedAt),
            Name = row.Name,
            Banner = body.Banner,
            Action = new TierAction(body.Discount),
            Metadata = Checks.Metadata(body.Metadata),
            Hierarchy = row.Hierarchy,
            PromotionId = row.CampaignId,
            CampaignId = row.CampaignId,
            Active = row.Active,
            StartDate = Moment.From(row.StartsAt),
            ExpirationDate = Moment.From(row.ExpiresAt),
            ValidityTimeframe = body.ValidityTimeframe,
            ValidityDayOfWeek = body.ValidityDayOfWeek,
            ValidityHours = body.ValidityHours,
            Category = body.Category,
            CategoryId = row.CategoryId,
        };
    }
}

/// <summary>What a tier tells of its campaign.</summary>
public sealed record TierCampaign
{
    public required string Id { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public required bool Active { get; init; }
    public string Object => "campaign";

    internal static TierCampaign Of(CampaignRow row) => new()
    {
        Id = row.Id,
        StartDate = Moment.From(row.StartsAt),
        ExpirationDate = Moment.From(row.ExpiresAt),
        Active = row.Active,
    };

    /// <summary>The same from a snapshot.</summary>
    public static TierCampaign Of(CampaignSnapshot campaign) => new()
    {
        Id = campaign.Id,
        StartDate = Moment.From(campaign.Schedule.StartsAt),
        ExpirationDate = Moment.From(campaign.Schedule.ExpiresAt),
        Active = campaign.Schedule.Active,
    };
}

/// <summary>The part of a tier that lies in its <c>body</c> column.</summary>
public sealed record TierBody
{
    public string? Banner { get; init; }
    public Discount Discount { get; init; } = new();
    public JsonElement? Metadata { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public string? Category { get; init; }
}

/// <summary>A row of <c>promotion_tiers</c>.</summary>
public sealed class TierRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string Name { get; init; } = "";
    public bool Active { get; init; }
    public long Hierarchy { get; init; }
    public long? StartsAt { get; init; }
    public long? ExpiresAt { get; init; }
    public string? CategoryId { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";
}
