using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Campaigns;

/// <summary>A campaign as the API answers it.</summary>
public sealed record Campaign
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public required string CampaignType { get; init; }
    public required string Type { get; init; }
    /// <summary>What its vouchers are like; a promotion has none.</summary>
    public CampaignVoucher? Voucher { get; init; }
    /// <summary>When somebody counts as referred, in a REFERRAL_PROGRAM campaign.</summary>
    public ReferralProgram? ReferralProgram { get; init; }
    /// <summary>The tiers of a PROMOTION campaign.</summary>
    public JsonElement? Promotion { get; init; }
    /// <summary>When members come into the tiers of a LOYALTY_PROGRAM campaign and leave them.</summary>
    public TiersExpiration? LoyaltyTiersExpiration { get; init; }
    public required bool AutoJoin { get; init; }
    public required bool JoinOnce { get; init; }
    public required bool UseVoucherMetadataSchema { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public string? ActivityDurationAfterPublishing { get; init; }
    public required long VouchersCount { get; init; }
    public required bool Active { get; init; }
    public required JsonElement Metadata { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string? Category { get; init; }
    public required string CreationStatus { get; init; }
    public required string VouchersGenerationStatus { get; init; }
    public bool Protected => false;
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CategoryId { get; init; }
    public Category[] Categories { get; init; } = [];
    public ListOf<RuleAssignment>? ValidationRulesAssignments { get; init; }
    public string Object => "campaign";
}

/// <summary>What each voucher of a campaign is like.</summary>
public sealed record CampaignVoucher
{
    public required string Type { get; init; }
    public Discount? Discount { get; init; }
    public Gift? Gift { get; init; }
    public LoyaltyCard? LoyaltyCard { get; init; }
    public required RedemptionLimit Redemption { get; init; }
    public required CodeShape CodeConfig { get; init; }
    public bool IsReferralCode { get; init; }
}

/// <summary>What a caller may set on a campaign; absent fields keep their value in an update.</summary>
public sealed record CampaignInput
{
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? CampaignType { get; init; }
    public string? Type { get; init; }
    public CampaignVoucherInput? Voucher { get; init; }
    public PromotionInput? Promotion { get; init; }
    public ReferralProgram? ReferralProgram { get; init; }
    public TiersExpiration? LoyaltyTiersExpiration { get; init; }
    public CampaignOptions? Options { get; init; }
    public bool? AutoJoin { get; init; }
    public bool? JoinOnce { get; init; }
    public bool? UseVoucherMetadataSchema { get; init; }
    public bool? Active { get; init; }
    public long? VouchersCount { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public string? ActivityDurationAfterPublishing { get; init; }
    public string? Category { get; init; }
    public string? CategoryId { get; init; }
    public JsonElement? Metadata { get; init; }
    public string[]? UnsetMetadataFields { get; init; }
    public string[]? ValidationRules { get; init; }
    public JsonElement? AccessSettings { get; init; }
    /// <summary>Of an update: a new discount for codes that nobody holds or used yet.</summary>
    public Discount? Discount { get; init; }
    /// <summary>Of an update: what cards made from now on are loaded with.</summary>
    public Gift? Gift { get; init; }
}

/// <summary>How an update is done: members stay in their tiers until their points move.</summary>
public sealed record CampaignOptions(bool? RecalculateTiers);

/// <summary>What a caller says of the vouchers of a campaign.</summary>
public sealed record CampaignVoucherInput
{
    public string? Type { get; init; }
    public Discount? Discount { get; init; }
    public Gift? Gift { get; init; }
    public LoyaltyCard? LoyaltyCard { get; init; }
    public RedemptionLimit? Redemption { get; init; }
    public CodeShape? CodeConfig { get; init; }
    public bool? IsReferralCode { get; init; }
}

/// <summary>The part of a campaign that lies in its <c>body</c> column.</summary>
public sealed record CampaignBody
{
    public string? Description { get; init; }
    public string Type { get; init; } = "AUTO_UPDATE";
    public CampaignVoucherInput Voucher { get; init; } = new();
    public ReferralProgram? ReferralProgram { get; init; }
    public TiersExpiration? LoyaltyTiersExpiration { get; init; }
    public bool AutoJoin { get; init; }
    public bool JoinOnce { get; init; }
    public bool UseVoucherMetadataSchema { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public string? ActivityDurationAfterPublishing { get; init; }
    public string? Category { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>A row of <c>campaigns</c>.</summary>
public sealed class CampaignRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string Name { get; init; } = "";
    public string CampaignType { get; init; } = "";
    public string? CategoryId { get; init; }
    public bool Active { get; init; }
    public bool Counted { get; init; }
    public long? StartsAt { get; init; }
    public long? ExpiresAt { get; init; }
    public long VouchersCount { get; init; }
    public string CreationStatus { get; init; } = "";
    public string GenerationStatus { get; init; } = "";
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public long? DeletedAt { get; init; }
    public string Body { get; init; } = "{}";
}

/// <summary>What a job of a campaign works on.</summary>
public sealed record CampaignJob
{
    public required string CampaignId { get; init; }
    public string? RequestId { get; init; }
    /// <summary>Of a deletion: for good.</summary>
    public bool Force { get; init; }
    /// <summary>Of a generation: what differs from the campaign.</summary>
    public VoucherInput? Voucher { get; init; }
    /// <summary>Of an update: the discount's JSON, or the gift effect.</summary>
    public Discount? Discount { get; init; }
    public string? GiftEffect { get; init; }
}

/// <summary>What a job of a campaign came to.</summary>
public sealed record CampaignJobResult(string Message, long DoneCount);
