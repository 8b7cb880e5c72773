using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Rewards;

/// <summary>A reward as the API answers it.</summary>
public sealed record Reward
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    /// <summary>Units of a material reward; null is without limit.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long? Stock { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public long? Redeemed { get; init; }
    public RewardAttributes? Attributes { get; init; }
    public required JsonElement Metadata { get; init; }
    /// <summary>CAMPAIGN, MATERIAL or COIN.</summary>
    public required string Type { get; init; }
    public required RewardParameters Parameters { get; init; }
    public required Moment CreatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? UpdatedAt { get; init; }
    public string Object => "reward";
}

/// <summary>What is told of a material reward.</summary>
public sealed record RewardAttributes
{
    public string? ImageUrl { get; init; }
    public string? Description { get; init; }
}

/// <summary>What a reward gives: exactly one of the three.</summary>
public sealed record RewardParameters
{
    public RewardCampaign? Campaign { get; init; }
    public RewardProduct? Product { get; init; }
    public RewardCoin? Coin { get; init; }
}

/// <summary>A code of a campaign of coupons, or credits on the gift card that the customer has of a campaign.</summary>
public sealed record RewardCampaign
{
    public string? Id { get; init; }
    /// <summary>Credits in minor units, of gift cards.</summary>
    public long? Balance { get; init; }
    public string? Type { get; init; }
}

/// <summary>A product or SKU.</summary>
public sealed record RewardProduct
{
    public string? Id { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? SkuId { get; init; }
}

/// <summary>Points that pay: so many of them are worth so much money in major units.</summary>
public sealed record RewardCoin
{
    /// <summary>Callers send both as a number or as a text.</summary>
    public JsonElement? ExchangeRatio { get; init; }
    public JsonElement? PointsRatio { get; init; }
}

/// <summary>What a caller may set on a reward; absent fields keep their value in an update.</summary>
public sealed record RewardInput
{
    public string? Name { get; init; }
    public RewardParameters? Parameters { get; init; }
    public long? Stock { get; init; }
    public RewardAttributes? Attributes { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>The part of a reward that lies in its <c>body</c> column.</summary>
public sealed record RewardBody
{
    public RewardParameters Parameters { get; init; } = new();
    public long? Stock { get; init; }
    public RewardAttributes? Attributes { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>A row of <c>rewards</c>.</summary>
public sealed record RewardRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string Type { get; init; } = "";
    /// <summary>Units of a material reward; null is without limit.</summary>
    public long? Stock { get; init; }
    /// <summary>Units that were given away and not taken back.</summary>
    public long Redeemed { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";

    internal Reward Show()
    {
        var body = Wire.Read<RewardBody>(Body);
        return new Reward
        {
            Id = Id,
            Name = Name,
            Type = Type,
            Stock = Stock,
            Redeemed = Type == RewardTerms.Material ? Redeemed : null,
            Attributes = body.Attributes,
            Metadata = Checks.Metadata(body.Metadata),
            Parameters = body.Parameters,
            CreatedAt = new(CreatedAt),
            UpdatedAt = Moment.From(UpdatedAt),
        };
    }
}

/// <summary>A reward's use in a campaign.</summary>
public sealed record RewardAssignment
{
    public required string Id { get; init; }
    public required string RewardId { get; init; }
    public required string RelatedObjectId { get; init; }
    public string RelatedObjectType => "campaign";
    public RewardCost? Parameters { get; init; }
    public required Moment CreatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? UpdatedAt { get; init; }
    public string Object => "reward_assignment";
}

/// <summary>What a reward costs.</summary>
public sealed record RewardCost(RewardPoints? Loyalty);

/// <summary>Loyalty points.</summary>
public sealed record RewardPoints(long? Points, bool? AutoRedeem);

/// <summary>What a caller may say of an assignment.</summary>
public sealed record RewardAssignmentInput
{
    public string? Campaign { get; init; }
    public RewardCost? Parameters { get; init; }
    public string[]? ValidationRules { get; init; }
}

/// <summary>The part of an assignment that lies in its <c>body</c> column.</summary>
public sealed record RewardAssignmentBody(RewardCost? Parameters);

/// <summary>A row of <c>reward_assignments</c>.</summary>
public sealed record RewardAssignmentRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string RewardId { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public string Body { get; init; } = "{}";

    internal RewardAssignment Show() => new()
    {
        Id = Id,
        RewardId = RewardId,
        RelatedObjectId = CampaignId,
        Parameters = Wire.Read<RewardAssignmentBody>(Body).Parameters,
        CreatedAt = new(CreatedAt),
        UpdatedAt = Moment.From(UpdatedAt),
    };
}

/// <summary>What <c>campaign.reward.assignment.…</c> tells; the campaign is added later.</summary>
public sealed record RewardAssignmentTold(AssignedCampaign Campaign, RewardAssignment Assignment, Reward Reward);

/// <summary>A campaign by its id.</summary>
public sealed record AssignedCampaign(string Id);
