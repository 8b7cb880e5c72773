using System.Text.Json;
using Scrip.Engine.Redeeming;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Rewards;

/// <summary>What deciding needs to know of a reward.</summary>
/// <param name="Reward">The reward as the API shows it.</param>
/// <param name="Assignments">The ids of its assignments, by the ids of the campaigns that give it.</param>
/// <param name="Terms">What points buy with it; null of a reward that is not for points.</param>
public sealed record RewardSnapshot(Reward Reward, IReadOnlyDictionary<string, string> Assignments, PointsReward? Terms)
{
    /// <summary>Minor units in a major one: exchange ratios are in major units.</summary>
    const decimal MinorUnits = 100;

    internal static RewardSnapshot Of(AssignedReward one)
    {
        var shown = one.Reward.Show();
        return new(shown, one.Assignments.ToDictionary(row => row.CampaignId, row => row.Id, StringComparer.Ordinal), TermsOf(shown));
    }

    static CoinReward? TermsOf(Reward reward) => reward.Parameters.Coin is { ExchangeRatio: { } exchange, PointsRatio: { } points }
        ? new(reward.Id, exchange.GetDecimal() * MinorUnits, points.GetInt64())
        : null;
}

/// <summary>A reward and what it is assigned to.</summary>
/// <param name="Reward">The reward.</param>
/// <param name="Assignments">Its assignments.</param>
public sealed record AssignedReward(RewardRow Reward, IReadOnlyList<RewardAssignmentRow> Assignments);
