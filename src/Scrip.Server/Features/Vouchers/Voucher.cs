using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Vouchers;

/// <summary>A voucher as the API answers it.</summary>
public sealed record Voucher
{
    public required string Id { get; init; }
    public required string Code { get; init; }
    public string? Campaign { get; init; }
    public string? CampaignId { get; init; }
    public string? Category { get; init; }
    public string? CategoryId { get; init; }
    public Category[]? Categories { get; init; }
    public required string Type { get; init; }
    public Discount? Discount { get; init; }
    public Gift? Gift { get; init; }
    public LoyaltyCard? LoyaltyCard { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public required bool Active { get; init; }
    public string? AdditionalInfo { get; init; }
    public required JsonElement Metadata { get; init; }
    public VoucherAssets? Assets { get; init; }
    public bool IsReferralCode { get; init; }
    public ListOf<RuleAssignment>? ValidationRulesAssignments { get; init; }
    /// <summary>Whether there are assignments to be looked up.</summary>
    [JsonIgnore] public bool HasRules { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string? HolderId { get; init; }
    public required VoucherPublish Publish { get; init; }
    public required VoucherUse Redemption { get; init; }
    public string Object => "voucher";
}

/// <summary>Where the images of a code are served.</summary>
public sealed record VoucherAssets(VoucherImage Qr, VoucherImage Barcode);

/// <summary>One image of a code.</summary>
public sealed record VoucherImage(string Id, string Url);

/// <summary>How often a voucher was published.</summary>
public sealed record VoucherPublish(long Count, string Url)
{
    public string Object => "list";
}

/// <summary>How often a voucher may be and was redeemed.</summary>
public sealed record VoucherUse
{
    public long? Quantity { get; init; }
    public required long RedeemedQuantity { get; init; }
    /// <summary>Gift credits spent, in minor units.</summary>
    public long? RedeemedAmount { get; init; }
    /// <summary>Loyalty points spent.</summary>
    public long? RedeemedPoints { get; init; }
    public string Object => "list";
    public required string Url { get; init; }
}

/// <summary>The part of a voucher that lies in its <c>body</c> column.</summary>
public sealed record VoucherBody
{
    public Discount? Discount { get; init; }
    /// <summary>APPLY_TO_ORDER or APPLY_TO_ITEMS, of a gift card.</summary>
    public string? GiftEffect { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public string? AdditionalInfo { get; init; }
    public string? Category { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>A row of <c>vouchers</c>. Instants are Unix milliseconds, amounts minor units.</summary>
public sealed record VoucherRow
{
    /// <summary>How every id of a voucher begins.</summary>
    public const string IdPrefix = "v_";

    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string Code { get; init; } = "";
    public string Type { get; init; } = "";
    public string? CampaignId { get; init; }
    /// <summary>Its own category; null means that of its campaign.</summary>
    public string? CategoryId { get; init; }
    public string? HolderId { get; init; }
    /// <summary>How often it was given to a customer.</summary>
    public long Published { get; init; }
    public bool Active { get; init; }
    public long? StartsAt { get; init; }
    public long? ExpiresAt { get; init; }
    public long? Quantity { get; init; }
    public long Redeemed { get; init; }
    /// <summary>Of any card, its credits in minor units or its points: put on it in all. Null when it is none.</summary>
    public long? GiftAmount { get; init; }
    public long GiftSubtracted { get; init; }
    public long? GiftBalance { get; init; }
    /// <summary>Points whose last day was over.</summary>
    public long PointsExpired { get; init; }
    public long CreatedAt { get; init; }
    public long? UpdatedAt { get; init; }
    public long? DeletedAt { get; init; }
    public string Body
    {
        get;
        init => (field, content) = (value, null);
    } = "{}";
    VoucherBody? content;
    /// <summary>What the body says, read once.</summary>
    public VoucherBody Content => content ??= Wire.Read<VoucherBody>(Body);
    /// <summary>Uses that sessions hold, those of sessions that are over included.</summary>
    public long Held { get; init; }
    /// <summary>Uses that other sessions hold, known only where a validation or redemption is decided.</summary>
    public long HeldByOthers { get; init; }
    /// <summary>Gift credits or points that other sessions hold; like <see cref="HeldByOthers"/>.</summary>
    public long CreditsHeldByOthers { get; init; }
    /// <summary>Whether it has validation rules of its own.</summary>
    public bool HasRules { get; init; }
    /// <summary>No column: the ids of its own rules with a space between, known only where a validation or redemption is decided.</summary>
    public string? RuleIds { get; init; }
    /// <summary>No column: the name of its campaign, which reads fetch along.</summary>
    public string? CampaignName { get; init; }
    /// <summary>No column: the type of its campaign, which reads fetch along.</summary>
    public string? CampaignType { get; init; }

    /// <summary>The columns that deciding needs, in the order of <see cref="Read"/>; what others hold and the rules follow them.</summary>
    public const string HotColumns = """
        project_id, id, code, type, campaign_id, category_id, holder_id, active, starts_at, expires_at, quantity, redeemed,
        gift_amount, gift_subtracted, gift_balance, created_at, updated_at, deleted_at, body, held, has_rules, points_expired
        """;

    /// <summary>A row of <see cref="HotColumns"/>, what other sessions hold, and the ids of its rules.</summary>
    public static VoucherRow Read(Rows rows) => new()
    {
        ProjectId = rows.Text(0),
        Id = rows.Text(1),
        Code = rows.Text(2),
        Type = rows.Text(3),
        CampaignId = rows.TextOrNull(4),
        CategoryId = rows.TextOrNull(5),
        HolderId = rows.TextOrNull(6),
        Active = rows.Truth(7),
        StartsAt = rows.NumberOrNull(8),
        ExpiresAt = rows.NumberOrNull(9),
        Quantity = rows.NumberOrNull(10),
        Redeemed = rows.Number(11),
        GiftAmount = rows.NumberOrNull(12),
        GiftSubtracted = rows.Number(13),
        GiftBalance = rows.NumberOrNull(14),
        CreatedAt = rows.Number(15),
        UpdatedAt = rows.NumberOrNull(16),
        DeletedAt = rows.NumberOrNull(17),
        Body = rows.Text(18),
        Held = rows.Number(19),
        HasRules = rows.Truth(20),
        PointsExpired = rows.Number(21),
        HeldByOthers = rows.Number(22),
        CreditsHeldByOthers = rows.Number(23),
        RuleIds = rows.TextOrNull(24),
    };

    /// <summary>The voucher after one use of it, and of credits or points of a card.</summary>
    public VoucherRow AfterUse(long drawn) => this with { Redeemed = Redeemed + 1, GiftBalance = GiftBalance - drawn };
}
