using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Customers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Referrals;

/// <summary>A customer's part in a referral code: its REFERRER, whom it was published to, or a REFEREE.</summary>
public sealed record RedeemableHolder
{
    public required string Id { get; init; }
    public required Moment CreatedAt { get; init; }
    public required string RedeemableId { get; init; }
    public string RedeemableObject => "voucher";
    public required string CustomerId { get; init; }
    public required string HolderRole { get; init; }
    public required string CampaignId { get; init; }
    public string CampaignType => Campaigns.CampaignTypes.Referral;
    public required string VoucherType { get; init; }

    /// <summary>Referees are added by hand, not by publications.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? PublicationId => null;
    public required JsonElement Metadata { get; init; }
    public string Object => "redeemable_holder";
}

/// <summary>The referees that a caller adds to a code.</summary>
public sealed record HoldersInput
{
    public CustomerInput[]? Holders { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>The referees that were added.</summary>
public sealed record HoldersAnswer(RedeemableHolder[] Holders);

/// <summary>A referee was added to a code, or taken off it.</summary>
public sealed record HolderTold(RedeemableHolder Holder);

/// <summary>The part of a referee that lies in its <c>body</c> column.</summary>
public sealed record HolderBody(JsonElement? Metadata);

/// <summary>A row of <c>referral_holders</c>, or the referrer of a code in the shape of one.</summary>
public sealed record HolderRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string VoucherId { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string CustomerId { get; init; } = "";
    public string HolderRole { get; init; } = "REFEREE";
    public string VoucherType { get; init; } = "";
    public long CreatedAt { get; init; }
    public string Body { get; init; } = "{}";

    internal RedeemableHolder Show() => new()
    {
        Id = Id,
        CreatedAt = new(CreatedAt),
        RedeemableId = VoucherId,
        CustomerId = CustomerId,
        HolderRole = HolderRole,
        CampaignId = CampaignId,
        VoucherType = VoucherType,
        Metadata = Checks.Metadata(Wire.Read<HolderBody>(Body).Metadata),
    };
}

/// <summary>A row of <c>referrals</c>: a customer who came through another.</summary>
public sealed record ReferralRow
{
    public string ProjectId { get; init; } = "";
    public string CampaignId { get; init; } = "";
    public string RefereeId { get; init; } = "";
    public string ReferrerId { get; init; } = "";
    public string VoucherId { get; init; } = "";
    public string RelatedObjectId { get; init; } = "";
    public string RelatedObjectType { get; init; } = "";
    public long CreatedAt { get; init; }
}
