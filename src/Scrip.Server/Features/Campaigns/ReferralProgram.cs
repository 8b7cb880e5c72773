using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Campaigns;

/// <summary>When somebody counts as referred in a REFERRAL_PROGRAM campaign, and what that somebody gets besides the code's discount.</summary>
public sealed record ReferralProgram
{
    /// <summary>redemption or custom_event.</summary>
    public string? ConversionEventType { get; init; }
    public ReferralEvent? CustomEvent { get; init; }
    public RefereeReward? RefereeReward { get; init; }
}

/// <summary>The custom event that makes a customer referred.</summary>
public sealed record ReferralEvent
{
    public string? Id { get; init; }
    public string? Name { get; init; }
}

/// <summary>Credits on a gift card of the parent campaign.</summary>
public sealed record RefereeReward
{
    public RefereeRewardSource? RelatedObjectParent { get; init; }
    public string? Type { get; init; }
    /// <summary>Minor units.</summary>
    public long? Amount { get; init; }
}

/// <summary>The campaign that a referee's reward comes from.</summary>
public sealed record RefereeRewardSource
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? Object { get; init; }
}

/// <summary>Checks what a caller says of a referral program.</summary>
static class ReferralTerms
{
    public const string ByRedemption = "redemption";
    public const string ByEvent = "custom_event";

    /// <summary>The program with its defaults; what it names exists.</summary>
    public static async Task<ReferralProgram> Read(DbConnection db, string project, ReferralProgram? given)
    {
        var program = given ?? new();
        var how = Checks.OneOf(program.ConversionEventType, "referral_program.conversion_event_type", ByRedemption, ByEvent) ?? ByRedemption;
        Checks.Text(program.CustomEvent?.Id, "referral_program.custom_event.id");
        if (how == ByEvent && string.IsNullOrEmpty(Checks.Text(program.CustomEvent?.Name, "referral_program.custom_event.name")))
            throw Checks.Wrong("referral_program.custom_event.name", "is required");
        return program with { ConversionEventType = how, CustomEvent = how == ByEvent ? program.CustomEvent : null, RefereeReward = await Read(db, project, program.RefereeReward) };
    }

    static async Task<RefereeReward?> Read(DbConnection db, string project, RefereeReward? reward)
    {
        if (reward is null) return null;
        const string at = "referral_program.referee_reward";
        if (reward.Type == "LOYALTY_CARD") throw Checks.Wrong($"{at}.type", "LOYALTY_CARD is not served yet; GIFT_VOUCHER is");
        if (reward.Type != "GIFT_VOUCHER") throw Checks.Wrong($"{at}.type", "must be GIFT_VOUCHER");
        if (reward.Amount is not > 0) throw Checks.Wrong($"{at}.amount", "must be > 0");
        if ((reward.RelatedObjectParent?.Id ?? reward.RelatedObjectParent?.Name) is not { Length: > 0 } named) throw Checks.Wrong($"{at}.related_object_parent.id", "is required");
        var campaign = await CampaignSql.Find(db, project, named) ?? throw new ApiFault(Refusals.Missing("campaign", named));
        if (campaign.CampaignType != CampaignTypes.Gifts) throw Checks.Wrong($"{at}.related_object_parent.id", "must name a GIFT_VOUCHERS campaign");
        return reward with { RelatedObjectParent = new() { Id = campaign.Id, Name = campaign.Name, Object = "CAMPAIGN" } };
    }
}
