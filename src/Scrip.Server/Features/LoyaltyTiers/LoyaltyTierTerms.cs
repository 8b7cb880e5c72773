using System.Data.Common;
using Scrip.Engine.Points;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.LoyaltyTiers;

/// <summary>Reads what a caller says of new tiers. The ranges of a campaign's tiers never overlap.</summary>
static class LoyaltyTierTerms
{
    /// <summary>The most tiers of a campaign.</summary>
    public const int TiersMax = 100;

    const int MappingsMax = 500;

    public static async Task<LoyaltyTierRow> New(DbConnection db, Call call, CampaignRow campaign, LoyaltyTierInput? input, string at, List<LoyaltyTierRow> others)
    {
        if (input is null) throw Checks.Wrong(at, "must be object");
        if (others.Count >= TiersMax) throw Checks.Wrong(at, $"is one too many: a campaign has at most {TiersMax} tiers");
        var name = Checks.Text(input.Name?.Trim(), at + ".name") ?? throw Checks.Wrong(at + ".name", "is required");
        if (input.Points?.From is not { } from) throw Checks.Wrong(at + ".points.from", "is required");
        Checks.NotNegative(from, at + ".points.from");
        if (input.Points.To < from) throw Checks.Wrong(at + ".points.to", "must not be below points.from");
        if (others.Find(other => from <= (other.PointsTo ?? long.MaxValue) && other.PointsFrom <= (input.Points.To ?? long.MaxValue)) is { } overlaps)
            throw Checks.Wrong(at + ".points", $"overlaps the range of the tier {overlaps.Name}");
        if (others.Exists(other => other.Name == name)) throw Checks.Wrong(at + ".name", $"is taken by another tier of the campaign: {name}");
        Checks.Metadata(input.Metadata, at + ".metadata");
        await SchemaCheck.Hold(db, call.ProjectId, "loyalty_tier", input.Metadata, isNew: true);
        // Deciding does not know the tier of a card, so a price of its own would be told and not be taken.
        if (input.Rewards is { Count: > 0 }) throw Checks.Wrong(at + ".rewards", "cannot be used: rewards cost the same in every tier");
        var rules = Mappings(input.EarningRules, at + ".earning_rules");
        if (rules.Keys.FirstOrDefault(id => !id.StartsWith("ern_", StringComparison.Ordinal)) is { } wrong)
            throw Checks.Wrong($"{at}.earning_rules", $"names {wrong}; the keys are the ids of earning rules");
        return new LoyaltyTierRow
        {
            ProjectId = call.ProjectId,
            Id = Ids.New("ltr_", call.Now),
            CampaignId = campaign.Id,
            Name = name,
            PointsFrom = from,
            PointsTo = input.Points.To,
            CreatedAt = call.Now,
            Body = Wire.Text(new LoyaltyTierBody { EarningRules = rules, Metadata = input.Metadata }),
        };
    }

    static Dictionary<string, TierMapping> Mappings(Dictionary<string, TierMapping?>? given, string at)
    {
        if (given is null) return [];
        if (given.Count > MappingsMax) throw Checks.Wrong(at, $"must NOT have more than {MappingsMax} mappings");
        return given.ToDictionary(one => one.Key, one => Mapping(one.Value, $"{at}.{one.Key}"));
    }

    static TierMapping Mapping(TierMapping? mapping, string at)
    {
        switch (Checks.OneOf(mapping?.Type, at + ".type", "MULTIPLY", "CUSTOM"))
        {
            case "MULTIPLY":
                if (mapping!.Points is not null) throw Checks.Wrong(at + ".points", "is for the type CUSTOM only");
                return mapping.Multiplier is > 0 and <= PointsMapping.MultiplierMax ? mapping : throw Checks.Wrong(at + ".multiplier", $"must be above 0, and at most {PointsMapping.MultiplierMax}");
            case "CUSTOM":
                if (mapping!.Multiplier is not null) throw Checks.Wrong(at + ".multiplier", "is for the type MULTIPLY only");
                return mapping.Points is >= 0 ? mapping : throw Checks.Wrong(at + ".points", "must be >= 0");
            default:
                throw Checks.Wrong(at + ".type", "is required");
        }
    }
}
