using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Campaigns;

/// <summary>What is told of a campaign that was made, changed or deleted.</summary>
public sealed record CampaignTold(Campaign Campaign)
{
    /// <summary>Of a new one.</summary>
    public Moment? CreatedAt { get; init; }

    /// <summary>Of a deleted one.</summary>
    public Moment? DeletedAt { get; init; }
}

/// <summary>What is told of codes that were made; the campaign is added later.</summary>
public sealed record GenerationTold(string CampaignId, long Count, Moment CompletedAt);
