using System.Globalization;
using System.Text.Json;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Qualifications;

/// <summary>The answer of an older qualification: whole vouchers or campaigns, and what it was asked for.</summary>
public sealed record Examined<T>
{
    public string Object => "list";
    public string DataRef => "data";
    public required T[] Data { get; init; }
    public required long Total { get; init; }
    public required string Id { get; init; }
    public required Moment CreatedAt { get; init; }
    public required string TrackingId { get; init; }
}

/// <summary>A campaign as the older qualification answers it: without the list of categories, which its contract takes for an object.</summary>
public sealed record ExaminedCampaign
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public string? Description { get; init; }
    public required string CampaignType { get; init; }
    public required string Type { get; init; }
    public required ExaminedCodes Voucher { get; init; }
    public required bool AutoJoin { get; init; }
    public required bool JoinOnce { get; init; }
    public required bool UseVoucherMetadataSchema { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public string? ActivityDurationAfterPublishing { get; init; }
    public required long VouchersCount { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public required bool Active { get; init; }
    public required JsonElement Metadata { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string? Category { get; init; }
    public string? CategoryId { get; init; }
    public required string CreationStatus { get; init; }
    public required string VouchersGenerationStatus { get; init; }
    public bool Protected => false;
    public string Object => "campaign";

    /// <summary>Leaves the categories out.</summary>
    internal static ExaminedCampaign Of(Campaign campaign) => new()
    {
        Id = campaign.Id,
        Name = campaign.Name,
        Description = campaign.Description,
        CampaignType = campaign.CampaignType,
        Type = campaign.Type,
        Voucher = ExaminedCodes.Of(campaign.Voucher!),
        AutoJoin = campaign.AutoJoin,
        JoinOnce = campaign.JoinOnce,
        UseVoucherMetadataSchema = campaign.UseVoucherMetadataSchema,
        ValidityTimeframe = campaign.ValidityTimeframe,
        ValidityDayOfWeek = campaign.ValidityDayOfWeek,
        ValidityHours = campaign.ValidityHours,
        ActivityDurationAfterPublishing = campaign.ActivityDurationAfterPublishing,
        VouchersCount = campaign.VouchersCount,
        StartDate = campaign.StartDate,
        ExpirationDate = campaign.ExpirationDate,
        Active = campaign.Active,
        Metadata = campaign.Metadata,
        CreatedAt = campaign.CreatedAt,
        UpdatedAt = campaign.UpdatedAt,
        Category = campaign.Category,
        CategoryId = campaign.CategoryId,
        CreationStatus = campaign.CreationStatus,
        VouchersGenerationStatus = campaign.VouchersGenerationStatus,
    };
}

/// <summary>What each voucher of a campaign is like, as the older qualification answers it.</summary>
public sealed record ExaminedCodes
{
    public required string Type { get; init; }
    public Discount? Discount { get; init; }
    public ExaminedGift? Gift { get; init; }
    public LoyaltyCard? LoyaltyCard { get; init; }
    public required ExaminedUse Redemption { get; init; }
    public required ExaminedShape CodeConfig { get; init; }
    public bool IsReferralCode { get; init; }

    internal static ExaminedCodes Of(CampaignVoucher voucher) => new()
    {
        Type = voucher.Type,
        IsReferralCode = voucher.IsReferralCode,
        Discount = voucher.Discount,
        Gift = voucher.Gift is { } gift ? new(gift.Amount, gift.Effect) : null,
        LoyaltyCard = voucher.LoyaltyCard,
        Redemption = new(voucher.Redemption.Quantity),
        CodeConfig = new(voucher.CodeConfig.Length?.ToString(CultureInfo.InvariantCulture), voucher.CodeConfig.Charset, voucher.CodeConfig.Prefix,
            voucher.CodeConfig.Postfix, voucher.CodeConfig.Pattern),
    };
}

/// <summary>What each card of a campaign is loaded with.</summary>
public sealed record ExaminedGift(long? Amount, string? Effect);

/// <summary>How often each code may be used; left out when without limit.</summary>
public sealed record ExaminedUse(long? Quantity);

/// <summary>How the codes are made. The contract of this operation alone takes their length for a text.</summary>
public sealed record ExaminedShape(string? Length, string? Charset, string? Prefix, string? Postfix, string? Pattern);
