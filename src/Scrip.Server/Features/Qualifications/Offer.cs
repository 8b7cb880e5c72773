using Scrip.Engine.Qualifying;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Vouchers;

namespace Scrip.Server.Features.Qualifications;

/// <summary>A candidate with what filters and answers say of it besides the calculation.</summary>
/// <param name="Id">Its own id.</param>
/// <param name="CreatedAt">When it was made, in Unix milliseconds.</param>
/// <param name="Parts">The incentive; of a promotion stack its tiers in their order.</param>
sealed record Offer(string Id, long CreatedAt, IReadOnlyList<Incentive> Parts) : Candidate(Id, CreatedAt, Parts)
{
    public const string VoucherObject = "voucher";
    public const string CampaignObject = "campaign";
    public const string TierObject = "promotion_tier";
    public const string StackObject = "promotion_stack";

    /// <summary>What it is: one of the words above.</summary>
    public required string Object { get; init; }

    /// <summary>Its campaign, or the campaign that it is; null without one.</summary>
    public CampaignSnapshot? Campaign { get; init; }

    /// <summary>The stored voucher; null for anything else.</summary>
    public VoucherRow? Voucher { get; init; }

    /// <summary>The promotion tier; null for anything else.</summary>
    public TierSnapshot? Tier { get; init; }

    /// <summary>The promotion stack; null for anything else.</summary>
    public StackSnapshot? Stack { get; init; }

    /// <summary>OWNER where the customer of the request holds it.</summary>
    public string? HolderRole { get; init; }

    /// <summary>How answers name it: a voucher by its code.</summary>
    public string Name => Voucher?.Code ?? Id;

    /// <summary>What a filter's field compares with.</summary>
    public string?[] Values(string field) => field switch
    {
        "category_id" => [.. Parts.Select(part => part.Category?.Id)],
        "campaign_id" => [Campaign?.Id],
        "campaign_type" => [Campaign?.CampaignType],
        "resource_id" => Voucher is null ? [Id] : [Id, Voucher.Code],
        "resource_type" => [Object],
        "voucher_type" => [Voucher?.Type ?? (Object == CampaignObject ? Campaign!.Voucher.Type : null)],
        "code" => [Voucher?.Code],
        _ => [HolderRole],
    };
}
