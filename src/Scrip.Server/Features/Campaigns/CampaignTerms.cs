using System.Data.Common;
using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Campaigns;

/// <summary>The words of the API for kinds of campaigns.</summary>
public static class CampaignTypes
{
    /// <summary>Coupons.</summary>
    public const string Coupons = "DISCOUNT_COUPONS";

    /// <summary>Gift cards.</summary>
    public const string Gifts = "GIFT_VOUCHERS";

    /// <summary>Discounts without a code.</summary>
    public const string Promotion = "PROMOTION";

    /// <summary>Codes that customers recommend a shop with.</summary>
    public const string Referral = "REFERRAL_PROGRAM";

    /// <summary>Cards that customers collect points on.</summary>
    public const string Loyalty = "LOYALTY_PROGRAM";

    /// <summary>Of <c>type</c>: codes may be added.</summary>
    public const string AutoUpdate = "AUTO_UPDATE";

    /// <summary>Of <c>type</c>: codes are published by hand.</summary>
    public const string Static = "STATIC";

    /// <summary>Of <c>type</c>: one code for everybody.</summary>
    public const string Standalone = "STANDALONE";
}

/// <summary>Reads what a caller says of a campaign, and writes what the API shows of it.</summary>
static class CampaignTerms
{
    const int DescriptionMax = 10_000;

    /// <summary>A new campaign's kind, from its words or from its vouchers.</summary>
    public static string Kind(CampaignInput input)
    {
        var kind = input.CampaignType ?? input.Voucher?.Type switch
        {
            VoucherTypes.Discount => CampaignTypes.Coupons,
            VoucherTypes.Gift => CampaignTypes.Gifts,
            VoucherTypes.Loyalty => CampaignTypes.Loyalty,
            _ => null,
        };
        switch (kind)
        {
            case CampaignTypes.Coupons or CampaignTypes.Gifts or CampaignTypes.Promotion or CampaignTypes.Referral or CampaignTypes.Loyalty:
                return kind;
            case null:
                throw Checks.Wrong("campaign_type", "is required");
            default:
                throw Checks.Wrong("campaign_type", "must be one of: DISCOUNT_COUPONS, GIFT_VOUCHERS, PROMOTION, LOYALTY_PROGRAM, REFERRAL_PROGRAM");
        }
    }

    /// <summary>The body of a new campaign, with its products looked up.</summary>
    public static async Task<CampaignBody> New(DbConnection db, CampaignInput input, string kind, Call call)
    {
        var body = Merge(new CampaignBody { Type = input.Type ?? CampaignTypes.AutoUpdate }, input, call.Sent);
        if (kind != CampaignTypes.Referral && input.ReferralProgram is not null) throw Invalid("Only a REFERRAL_PROGRAM campaign has a referral_program");
        if (kind != CampaignTypes.Loyalty && input.LoyaltyTiersExpiration is not null) throw Invalid("Only a LOYALTY_PROGRAM campaign has loyalty_tiers_expiration");
        if (kind == CampaignTypes.Referral && body.Type == CampaignTypes.Standalone) throw Invalid("A REFERRAL_PROGRAM campaign has a code for each referrer");
        if (kind == CampaignTypes.Loyalty && body.Type == CampaignTypes.Standalone) throw Invalid("A LOYALTY_PROGRAM campaign has a card for each member");
        if (kind == CampaignTypes.Referral) body = body with { ReferralProgram = await ReferralTerms.Read(db, call.ProjectId, input.ReferralProgram) };
        return body with { Voucher = await Voucher(db, call.ProjectId, input.Voucher, kind), UseVoucherMetadataSchema = input.UseVoucherMetadataSchema ?? false };
    }

    static async Task<CampaignVoucherInput> Voucher(DbConnection db, string project, CampaignVoucherInput? voucher, string kind)
    {
        if (kind == CampaignTypes.Promotion)
            return voucher is null ? new() : throw Invalid($"Property 'voucher' cannot be used in a {kind} campaign");
        if (voucher is null) throw Invalid($"Property 'voucher' is required for {kind} campaign");
        var (isGift, isLoyalty) = (kind == CampaignTypes.Gifts, kind == CampaignTypes.Loyalty);
        var wanted = isGift ? VoucherTypes.Gift : isLoyalty ? VoucherTypes.Loyalty : VoucherTypes.Discount;
        if (voucher.Type is not null && voucher.Type != wanted) throw Invalid($"Vouchers of a {kind} campaign are of type {wanted}");
        if (voucher.IsReferralCode is { } isReferral && isReferral != (kind == CampaignTypes.Referral)) throw Invalid($"Property 'is_referral_code' is {(isReferral ? "false" : "true")} in a {kind} campaign");
        if (!isGift && !isLoyalty && voucher.Discount is null) throw Invalid($"Property 'discount' is required for {kind} campaign");
        if (isGift && voucher.Gift is null) throw Invalid($"Property 'gift' is required for {kind} campaign");
        return new CampaignVoucherInput
        {
            Type = wanted,
            Discount = isGift || isLoyalty ? null : await DiscountCheck.Read(db, project, voucher.Discount!),
            Gift = isGift ? VoucherTerms.Gift(voucher.Gift!) : null,
            LoyaltyCard = isLoyalty ? VoucherTerms.LoyaltyCard(voucher.LoyaltyCard, "voucher.loyalty_card", isCampaign: true) : null,
            Redemption = new() { Quantity = VoucherTerms.Quantity(voucher.Redemption) },
            CodeConfig = (voucher.CodeConfig ?? new CodeShape()).Checked(),
        };
    }

    /// <summary>What new campaigns and updates share: what was sent replaces, the rest stays.</summary>
    public static CampaignBody Merge(CampaignBody body, CampaignInput input, Func<string, bool> sent)
    {
        if (input.AccessSettings is { ValueKind: JsonValueKind.Object } access && Names(access)) throw Checks.Wrong("access_settings", "cannot be used: areas and stores are not served yet");
        if (input.Options?.RecalculateTiers == true) throw Checks.Wrong("options.recalculate_tiers", "cannot be true: members stay in their tiers until their points move");
        Checks.Metadata(input.Metadata);
        return body with
        {
            Type = Checks.OneOf(input.Type, "type", CampaignTypes.AutoUpdate, CampaignTypes.Static, CampaignTypes.Standalone) ?? body.Type,
            Description = sent("description") ? Checks.Text(input.Description, "description", DescriptionMax) : body.Description,
            AutoJoin = input.AutoJoin ?? body.AutoJoin,
            JoinOnce = input.JoinOnce ?? body.JoinOnce,
            ValidityTimeframe = sent("validity_timeframe") ? VoucherTerms.Timeframe(input.ValidityTimeframe) : body.ValidityTimeframe,
            ValidityDayOfWeek = sent("validity_day_of_week") ? VoucherTerms.Days(input.ValidityDayOfWeek) : body.ValidityDayOfWeek,
            ValidityHours = sent("validity_hours") ? VoucherTerms.Hours(input.ValidityHours) : body.ValidityHours,
            ActivityDurationAfterPublishing = sent("activity_duration_after_publishing")
                ? VoucherTerms.Duration(input.ActivityDurationAfterPublishing, "activity_duration_after_publishing")
                : body.ActivityDurationAfterPublishing,
            LoyaltyTiersExpiration = sent("loyalty_tiers_expiration") ? TiersExpiration.Checked(input.LoyaltyTiersExpiration) : body.LoyaltyTiersExpiration,
            Category = sent("category") ? Checks.Text(input.Category, "category") : body.Category,
            Metadata = Merging.Without(Merging.Metadata(body.Metadata, input.Metadata), input.UnsetMetadataFields),
        };
    }

    // True when some list inside names an area or a store.
    static bool Names(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => value.EnumerateObject().Any(property => Names(property.Value)),
        JsonValueKind.Array => value.GetArrayLength() > 0,
        _ => false,
    };

    public static Campaign Show(CampaignRow row)
    {
        var body = Wire.Read<CampaignBody>(row.Body);
        var voucher = body.Voucher;
        return new Campaign
        {
            Id = row.Id,
            Name = row.Name,
            Description = body.Description,
            CampaignType = row.CampaignType,
            Type = body.Type,
            Voucher = voucher.Type is null ? null : new CampaignVoucher
            {
                Type = voucher.Type,
                IsReferralCode = row.CampaignType == CampaignTypes.Referral,
                Discount = voucher.Discount,
                Gift = voucher.Gift is { } gift ? gift with { Balance = gift.Amount } : null,
                LoyaltyCard = voucher.LoyaltyCard,
                Redemption = voucher.Redemption ?? new(),
                CodeConfig = (voucher.CodeConfig ?? new CodeShape()).Shown(),
            },
            ReferralProgram = body.ReferralProgram,
            LoyaltyTiersExpiration = body.LoyaltyTiersExpiration,
            AutoJoin = body.AutoJoin,
            JoinOnce = body.JoinOnce,
            UseVoucherMetadataSchema = body.UseVoucherMetadataSchema,
            StartDate = Moment.From(row.StartsAt),
            ExpirationDate = Moment.From(row.ExpiresAt),
            ValidityTimeframe = body.ValidityTimeframe,
            ValidityDayOfWeek = body.ValidityDayOfWeek,
            ValidityHours = body.ValidityHours,
            ActivityDurationAfterPublishing = body.ActivityDurationAfterPublishing,
            VouchersCount = row.VouchersCount,
            Active = row.Active,
            Metadata = Checks.Metadata(body.Metadata),
            CreatedAt = new(row.CreatedAt),
            UpdatedAt = Moment.From(row.UpdatedAt),
            Category = body.Category,
            CategoryId = row.CategoryId,
            CreationStatus = row.CreationStatus,
            VouchersGenerationStatus = row.GenerationStatus,
        };
    }

    /// <summary>The fault of a campaign.</summary>
    public static ApiFault Invalid(string details) => new(Refusals.InvalidCampaign.With(details));
}
