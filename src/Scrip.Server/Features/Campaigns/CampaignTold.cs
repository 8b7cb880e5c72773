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

/// <summary>What is told of codes that are to be made, were made, could not be made or were added; the campaign is added later.</summary>
/// <param name="CampaignId">Whose codes.</param>
/// <param name="Count">How many; of a failure, how many are missing.</param>
public sealed record CodesTold(string CampaignId, long Count)
{
    /// <summary>When the last was made.</summary>
    public Moment? CompletedAt { get; init; }
}
