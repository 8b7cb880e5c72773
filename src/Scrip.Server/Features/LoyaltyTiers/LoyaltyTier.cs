using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Engine.Points;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.LoyaltyTiers;

/// <summary>A level of membership of a loyalty campaign, as the API answers it.</summary>
public sealed record LoyaltyTier
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string CampaignId { get; init; }
    public required JsonElement Metadata { get; init; }
    public required Moment CreatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? UpdatedAt { get; init; }

    /// <summary>By the ids of earning rules.</summary>
    public required Dictionary<string, TierMapping> EarningRules { get; init; }

    /// <summary>By the ids of reward assignments.</summary>
    public required Dictionary<string, TierMapping> Rewards { get; init; }
    public required TierConfig Config { get; init; }
    public required TierPoints Points { get; init; }

    /// <summary>Of a member: since when and until when.</summary>
    public TierExpiration? Expiration { get; init; }
    public string Object => "loyalty_tier";
}

/// <summary>The range of a tier, once more.</summary>
public sealed record TierConfig(TierPoints Points);

/// <summary>The range of a tier; without <c>to</c> it has no end.</summary>
public sealed record TierPoints(long? From, long? To);

/// <summary>What a tier makes of points: MULTIPLY or CUSTOM.</summary>
public sealed record TierMapping(string? Type, decimal? Multiplier, long? Points)
{
    internal PointsMapping Mapping() => new(Type == "MULTIPLY" ? Multiplier : null, Points);
}

/// <summary>A membership.</summary>
public sealed record TierExpiration
{
    public required string CustomerId { get; init; }
    public required string CampaignId { get; init; }
    public required string TierId { get; init; }
    public string? StartDate { get; init; }
    public string? ExpirationDate { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
}

/// <summary>A reward that members of a tier can have, at the price that the tier makes of it.</summary>
public sealed record LoyaltyTierReward(Reward Reward, RewardAssignment Assignment)
{
    public string Object => "loyalty_tier_reward";
}

/// <summary>What a caller says of a new tier.</summary>
public sealed record LoyaltyTierInput
{
    public string? Name { get; init; }
    public TierPoints? Points { get; init; }
    public Dictionary<string, TierMapping?>? EarningRules { get; init; }
    public Dictionary<string, TierMapping?>? Rewards { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>The part of a tier that lies in its <c>body</c> column.</summary>
public sealed record LoyaltyTierBody
{
    public Dictionary<string, TierMapping> EarningRules { get; init; } = [];
    public Dictionary<string, TierMapping> Rewards { get; init; } = [];
    public JsonElement? Metadata { get; init; }
}

/// <summary>A campaign by its id; its data are added when subscribers are told.</summary>
public sealed record TierCampaignId(string Id);

/// <summary>What <c>campaign.loyalty_tier.created</c> tells.</summary>
public sealed record LoyaltyTierTold(TierCampaignId Campaign, LoyaltyTier LoyaltyTier);

/// <summary>What <c>customer.loyalty.tier.…</c> tells: the tier, or the one before and the one after.</summary>
public sealed record MembershipTold
{
    public required CustomerShort Customer { get; init; }
    public required TierCampaignId Campaign { get; init; }
    public LoyaltyTier? LoyaltyTier { get; init; }
    public LoyaltyTier? LoyaltyTierFrom { get; init; }
    public LoyaltyTier? LoyaltyTierTo { get; init; }
    public required Moment CreatedAt { get; init; }
}

/// <summary>A row of <c>loyalty_tiers</c>.</summary>
public sealed record LoyaltyTierRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string Name { get; init; } = "";
    public long PointsFrom { get; init; }
    public long? PointsTo { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";

    internal LoyaltyTierBody Content => Wire.Read<LoyaltyTierBody>(Body);

    internal TierStep Step => new(Id, PointsFrom, PointsTo);

    /// <summary>What members of the tier get of the points that an earning rule gives.</summary>
    internal long Earned(string earningRule, long points) => MappingOf(earningRule)?.Of(points) ?? points;

    /// <summary>What the tier makes of an earning rule's points; null when it leaves them.</summary>
    internal PointsMapping? MappingOf(string earningRule) => Content.EarningRules.GetValueOrDefault(earningRule)?.Mapping();

    internal LoyaltyTier Show()
    {
        var (body, points) = (Content, new TierPoints(PointsFrom, PointsTo));
        return new LoyaltyTier
        {
            Id = Id,
            Name = Name,
            CampaignId = CampaignId,
            Metadata = Checks.Metadata(body.Metadata),
            CreatedAt = new(CreatedAt),
            UpdatedAt = Moment.From(UpdatedAt),
            EarningRules = body.EarningRules,
            Rewards = body.Rewards,
            Config = new(points),
            Points = points,
        };
    }
}

/// <summary>A row of <c>loyalty_tier_members</c>.</summary>
public sealed record TierMemberRow
{
    public string ProjectId { get; init; } = "";
    public string VoucherId { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string CustomerId { get; init; } = "";
    public string TierId { get; init; } = "";
    public string SinceDay { get; init; } = "";
    public string? LastDay { get; init; }
    public long CreatedAt { get; init; }
    public long UpdatedAt { get; init; }

    internal TierExpiration Show() => new()
    {
        CustomerId = CustomerId,
        CampaignId = CampaignId,
        TierId = TierId,
        StartDate = SinceDay,
        ExpirationDate = LastDay,
        CreatedAt = new(CreatedAt),
        UpdatedAt = UpdatedAt == CreatedAt ? null : new(UpdatedAt),
    };
}
