using System.Text.Json;
using Scrip.Engine.Redeeming;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Rewards;

/// <summary>What deciding needs to know of a reward.</summary>
/// <param name="Reward">The reward as the API shows it.</param>
/// <param name="Assignments">Its assignments, by the ids of the campaigns that give it.</param>
public sealed record RewardSnapshot(Reward Reward, IReadOnlyDictionary<string, RewardAssignment> Assignments)
{
    /// <summary>Minor units in a major one: exchange ratios are in major units.</summary>
    const decimal MinorUnits = 100;

    internal static RewardSnapshot Of(AssignedReward one)
    {
        var shown = one.Reward.Show();
        return new(shown, one.Assignments.ToDictionary(row => row.CampaignId, row => row.Show(), StringComparer.Ordinal));
    }

    /// <summary>Whether points buy something that is given with it, and not a discount.</summary>
    public bool IsGiven => Reward.Type != RewardTerms.Coin;

    /// <summary>What the points of a campaign's cards buy with it; null when they buy nothing.</summary>
    public PointsReward? TermsOf(string campaign) => Reward.Parameters.Coin is { ExchangeRatio: { } exchange, PointsRatio: { } points }
        ? new CoinReward(Reward.Id, exchange.GetDecimal() * MinorUnits, points.GetInt64())
        : Assignments.GetValueOrDefault(campaign)?.Parameters?.Loyalty?.Points is { } cost ? new PricedReward(Reward.Id, cost) : null;
}

/// <summary>A reward and what it is assigned to.</summary>
/// <param name="Reward">The reward.</param>
/// <param name="Assignments">Its assignments.</param>
public sealed record AssignedReward(RewardRow Reward, IReadOnlyList<RewardAssignmentRow> Assignments);
