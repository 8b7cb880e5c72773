using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Redemptions;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Payloads;

/// <summary>A campaign as payloads of events hold it.</summary>
public sealed record SimpleCampaign
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required string CampaignType { get; init; }
    public required string Type { get; init; }
    public bool IsReferralCode => CampaignType == CampaignTypes.Referral;
    public SimpleCampaignVoucher? Voucher { get; init; }
    public required bool AutoJoin { get; init; }
    public required bool JoinOnce { get; init; }
    public required bool Active { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CategoryId { get; init; }
    public string? Category { get; init; }
    public Category[] Categories { get; init; } = [];
    public required JsonElement Metadata { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public string? Description { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string Object => "campaign";

    internal static SimpleCampaign Of(CampaignRow row)
    {
        var shown = CampaignTerms.Show(row);
        return new()
        {
            Id = shown.Id,
            Name = shown.Name,
            CampaignType = shown.CampaignType,
            Type = shown.Type,
            Voucher = shown.Voucher is { } voucher ? SimpleCampaignVoucher.Of(voucher) : null,
            AutoJoin = shown.AutoJoin,
            JoinOnce = shown.JoinOnce,
            Active = shown.Active,
            CategoryId = shown.CategoryId,
            Category = shown.Category,
            Metadata = shown.Metadata,
            StartDate = shown.StartDate,
            ExpirationDate = shown.ExpirationDate,
            Description = shown.Description,
            CreatedAt = shown.CreatedAt,
            UpdatedAt = shown.UpdatedAt,
        };
    }
}

/// <summary>What a campaign's codes are like, as payloads of events hold it: with what is not set, too.</summary>
public sealed record SimpleCampaignVoucher
{
    public required string Type { get; init; }
    public Discount? Discount { get; init; }
    public Gift? Gift { get; init; }
    public LoyaltyCard? LoyaltyCard { get; init; }
    public required SimpleUse Redemption { get; init; }
    public required CodeShape CodeConfig { get; init; }

    internal static SimpleCampaignVoucher Of(CampaignVoucher shown) => new()
    {
        Type = shown.Type,
        Discount = shown.Discount,
        Gift = shown.Gift,
        LoyaltyCard = shown.LoyaltyCard,
        // Terms are not redeemed; their codes are.
        Redemption = new(shown.Redemption.Quantity, 0),
        CodeConfig = shown.CodeConfig with { Prefix = shown.CodeConfig.Prefix ?? "", Postfix = shown.CodeConfig.Postfix ?? "" },
    };
}

/// <summary>A voucher as payloads of events hold it.</summary>
public sealed record SimpleVoucher
{
    public required string Id { get; init; }
    public required string Code { get; init; }
    public Gift? Gift { get; init; }
    public LoyaltyCard? LoyaltyCard { get; init; }
    public Discount? Discount { get; init; }
    public required string Type { get; init; }
    public string? Campaign { get; init; }
    public string? CampaignId { get; init; }
    public bool IsReferralCode { get; init; }
    public string? HolderId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CategoryId { get; init; }
    public Category[] Categories { get; init; } = [];
    public required bool Active { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public required SimpleUse Redemption { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public required JsonElement Metadata { get; init; }
    public string Object => "voucher";

    /// <summary>The part of a voucher that payloads hold.</summary>
    public static SimpleVoucher Of(Voucher shown) => new()
    {
        Id = shown.Id,
        Code = shown.Code,
        Gift = shown.Gift is { } gift ? gift with { SubtractedAmount = null } : null,
        LoyaltyCard = shown.LoyaltyCard,
        Discount = shown.Discount,
        Type = shown.Type,
        Campaign = shown.Campaign,
        CampaignId = shown.CampaignId,
        HolderId = shown.HolderId,
        IsReferralCode = shown.IsReferralCode,
        CategoryId = shown.CategoryId,
        Categories = shown.Categories ?? [],
        Active = shown.Active,
        CreatedAt = shown.CreatedAt,
        UpdatedAt = shown.UpdatedAt,
        Redemption = new(shown.Redemption.Quantity, shown.Redemption.RedeemedQuantity),
        StartDate = shown.StartDate,
        ExpirationDate = shown.ExpirationDate,
        Metadata = shown.Metadata,
    };
}

/// <summary>How often a voucher may be and was redeemed.</summary>
public sealed record SimpleUse(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Quantity, long RedeemedQuantity);

/// <summary>A promotion tier as payloads of events hold it.</summary>
public sealed record SimpleTier
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? Banner { get; init; }
    public TierCampaign? Campaign { get; init; }
    public required JsonElement Metadata { get; init; }

    /// <summary>The part of a tier that payloads hold.</summary>
    public static SimpleTier Of(PromotionTier shown) =>
        new() { Id = shown.Id, Name = shown.Name, Banner = shown.Banner, Campaign = shown.Campaign, Metadata = shown.Metadata };
}

/// <summary>An order as payloads of events hold it, in minor units.</summary>
public sealed record SimpleOrder
{
    public string? Id { get; init; }
    public string? SourceId { get; init; }
    public string? Status { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CustomerId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? ReferrerId { get; init; }
    public long? Amount { get; init; }
    public long? DiscountAmount { get; init; }
    public long? AppliedDiscountAmount { get; init; }
    public long? ItemsDiscountAmount { get; init; }
    public long? ItemsAppliedDiscountAmount { get; init; }
    public long? TotalDiscountAmount { get; init; }
    public long? TotalAppliedDiscountAmount { get; init; }
    public long? TotalAmount { get; init; }
    public SimpleOrderItem[]? Items { get; init; }
    public required JsonElement Metadata { get; init; }
    public string Object => "order";

    /// <summary>The part of an order that payloads hold.</summary>
    public static SimpleOrder? Of(Order? shown) => shown is null ? null : new()
    {
        Id = shown.Id,
        SourceId = shown.SourceId,
        Status = shown.Status,
        CustomerId = shown.CustomerId,
        ReferrerId = shown.ReferrerId,
        Amount = shown.Amount,
        DiscountAmount = shown.DiscountAmount,
        AppliedDiscountAmount = shown.AppliedDiscountAmount,
        ItemsDiscountAmount = shown.ItemsDiscountAmount,
        ItemsAppliedDiscountAmount = shown.ItemsAppliedDiscountAmount,
        TotalDiscountAmount = shown.TotalDiscountAmount,
        TotalAppliedDiscountAmount = shown.TotalAppliedDiscountAmount,
        TotalAmount = shown.TotalAmount,
        Items = shown.Items is null ? null : [.. shown.Items.Select(SimpleOrderItem.Of)],
        Metadata = shown.Metadata,
    };
}

/// <summary>A line of such an order.</summary>
public sealed record SimpleOrderItem
{
    public string? ProductId { get; init; }
    public string? SkuId { get; init; }
    public long? Quantity { get; init; }
    public long? DiscountQuantity { get; init; }
    public long? Amount { get; init; }
    public long? DiscountAmount { get; init; }
    public long? AppliedDiscountAmount { get; init; }
    public long? Price { get; init; }
    public long? SubtotalAmount { get; init; }

    internal static SimpleOrderItem Of(OrderItem line) => new()
    {
        ProductId = line.ProductId,
        SkuId = line.SkuId,
        Quantity = line.Quantity,
        DiscountQuantity = line.DiscountQuantity,
        Amount = line.Amount,
        DiscountAmount = line.DiscountAmount,
        AppliedDiscountAmount = line.AppliedDiscountAmount,
        Price = line.Price,
        SubtotalAmount = line.SubtotalAmount,
    };
}

/// <summary>A redemption or rollback as payloads of events hold it.</summary>
public sealed record SimpleRedemption
{
    public required string Id { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CustomerId { get; init; }
    public string? TrackingId { get; init; }
    public required Moment Date { get; init; }
    public long? Amount { get; init; }
    public SimpleOrder? Order { get; init; }
    public CustomerShort? Customer { get; init; }
    public required string Result { get; init; }
    public required string Status { get; init; }
    public SimpleVoucher? Voucher { get; init; }
    public SimpleTier? PromotionTier { get; init; }
    public string? Redemption { get; init; }
    public required JsonElement Metadata { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureMessage { get; init; }
    public string? Reason { get; init; }
    public required Channel Channel { get; init; }
    public required string Object { get; init; }

    /// <summary>The part of an entry of the history that payloads hold.</summary>
    public static SimpleRedemption Of(Redemption entry) => new()
    {
        Id = entry.Id,
        CustomerId = entry.CustomerId,
        TrackingId = entry.TrackingId,
        Date = entry.Date,
        Amount = entry.Amount,
        Order = SimpleOrder.Of(entry.Order),
        Customer = entry.Customer,
        Result = entry.Result,
        Status = entry.Status,
        Voucher = entry.Voucher is { } voucher ? SimpleVoucher.Of(voucher) : null,
        PromotionTier = entry.PromotionTier is { } tier ? SimpleTier.Of(tier) : null,
        Redemption = entry.RedemptionId,
        Metadata = Checks.Metadata(entry.Metadata),
        FailureCode = entry.FailureCode,
        FailureMessage = entry.FailureMessage,
        Reason = entry.Reason,
        Channel = entry.Channel,
        Object = entry.Object,
    };
}
