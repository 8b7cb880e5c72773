using NodaTime.Text;
using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>The words of the API for kinds of vouchers.</summary>
public static class VoucherTypes
{
    /// <summary>A coupon.</summary>
    public const string Discount = "DISCOUNT_VOUCHER";

    /// <summary>A gift card.</summary>
    public const string Gift = "GIFT_VOUCHER";

    /// <summary>A loyalty card.</summary>
    public const string Loyalty = "LOYALTY_CARD";
}

/// <summary>Checks of the terms that vouchers and campaigns share. Each throws a refusal that names the field.</summary>
static class VoucherTerms
{
    const string ToOrder = "APPLY_TO_ORDER";
    const string ToItems = "APPLY_TO_ITEMS";
    const int HoursMax = 50;

    /// <summary>The type that was given, or the one that follows from discount or gift.</summary>
    public static string Type(string? type, Discount? discount, Gift? gift)
    {
        var found = type ?? (discount is not null ? VoucherTypes.Discount : gift is not null ? VoucherTypes.Gift : null);
        return found switch
        {
            VoucherTypes.Discount when discount is null => throw Invalid("A DISCOUNT_VOUCHER needs a discount"),
            VoucherTypes.Gift when gift is null => throw Invalid("A GIFT_VOUCHER needs gift.amount"),
            VoucherTypes.Discount or VoucherTypes.Gift => found,
            VoucherTypes.Loyalty => throw Invalid("A LOYALTY_CARD belongs to a campaign: name a LOYALTY_PROGRAM in 'campaign'"),
            null => throw Checks.Wrong("type", "is required"),
            _ => throw Checks.Wrong("type", "must be one of: DISCOUNT_VOUCHER, GIFT_VOUCHER, LOYALTY_CARD"),
        };
    }

    /// <summary>Credits that a new card is loaded with.</summary>
    public static Gift Gift(Gift gift)
    {
        if (gift.Amount is null) throw Checks.Wrong("gift.amount", "is required");
        Checks.NotNegative(gift.Amount, "gift.amount");
        if (gift.Balance is { } balance && balance != gift.Amount)
            throw Invalid("gift.balance of a new card must equal gift.amount; change it later through its balance");
        return new Gift { Amount = gift.Amount, Effect = GiftEffect(gift.Effect) ?? ToOrder };
    }

    /// <summary>Points that a new card begins with, and of a campaign when those expire that come later.</summary>
    public static LoyaltyCard LoyaltyCard(LoyaltyCard? card, string field = "loyalty_card", bool isCampaign = false)
    {
        Checks.NotNegative(card?.Points, field + ".points");
        if (card?.Balance is { } balance && balance != (card.Points ?? 0))
            throw Invalid($"{field}.balance of a new card must equal {field}.points; change it later through its balance");
        var rules = ExpirationTerms.Checked(card?.ExpirationRules, field + ".expiration_rules");
        if (!isCampaign && rules is not null) throw Checks.Wrong(field + ".expiration_rules", "belong to the campaign, whose cards all have the same");
        return new LoyaltyCard { Points = card?.Points ?? 0, ExpirationRules = rules };
    }

    /// <summary>What gift credits pay for.</summary>
    public static string? GiftEffect(string? effect) => Checks.OneOf(effect, "gift.effect", ToOrder, ToItems);

    /// <summary>How often a voucher may be redeemed; null is without limit.</summary>
    public static long? Quantity(RedemptionLimit? limit) => Checks.Positive(limit?.Quantity, "redemption.quantity");

    /// <summary>Codes hold 1 to 255 characters without control characters.</summary>
    public static string Code(string? code)
    {
        if (string.IsNullOrEmpty(code)) throw Checks.Wrong("code", "must NOT have fewer than 1 characters");
        if (code.Length > Checks.TextMax) throw Checks.Wrong("code", $"must NOT have more than {Checks.TextMax} characters");
        if (code.Any(char.IsControl)) throw Checks.Wrong("code", "must NOT contain control characters");
        return code;
    }

    /// <summary>ISO periods; an object without fields counts as none.</summary>
    public static ValidityTimeframe? Timeframe(ValidityTimeframe? frame)
    {
        if (frame is null or { Interval: null, Duration: null }) return null;
        if (RepeatingWindow.Parse(frame.Interval, frame.Duration) is null)
            throw Checks.Wrong("validity_timeframe", "must have interval and duration as ISO-8601 durations, such as P2D and PT1H");
        return frame;
    }

    /// <summary>Days of the week, 0 = Sunday.</summary>
    public static long[]? Days(long[]? days, string field = "validity_day_of_week")
    {
        if (days is null or { Length: 0 }) return null;
        if (days.Any(day => day is < 0 or > 6)) throw Checks.Wrong(field, "must hold days from 0 (Sunday) to 6 (Saturday)");
        return [.. days.Distinct()];
    }

    /// <summary>Hours of days.</summary>
    public static ValidityHours? Hours(ValidityHours? hours)
    {
        if (hours?.Daily is null or { Length: 0 }) return null;
        if (hours.Daily.Length > HoursMax) throw Checks.Wrong("validity_hours.daily", $"must NOT have more than {HoursMax} items");
        return new ValidityHours { Daily = [.. hours.Daily.Select(Checked)] };
    }

    static DailyHours Checked(DailyHours? daily)
    {
        if (daily is null || ReadTime(daily.StartTime) is null || ReadTime(daily.ExpirationTime) is null)
            throw Checks.Wrong("validity_hours.daily", "must have start_time and expiration_time as HH:mm");
        return daily with { DaysOfWeek = Days(daily.DaysOfWeek, "validity_hours.daily.days_of_week") };
    }

    /// <summary>A time of day, <c>HH:mm</c> with or without seconds.</summary>
    public static NodaTime.LocalTime? ReadTime(string? text)
    {
        if (text is null) return null;
        var parsed = LocalTimePattern.CreateWithInvariantCulture("HH:mm").Parse(text);
        if (!parsed.Success) parsed = LocalTimePattern.CreateWithInvariantCulture("HH:mm:ss").Parse(text);
        return parsed.Success ? parsed.Value : null;
    }

    /// <summary>An ISO-8601 duration that moves forward.</summary>
    public static string? Duration(string? text, string field)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (RepeatingWindow.Parse(text, text) is null) throw Checks.Wrong(field, "must be an ISO-8601 duration, such as P24D");
        return text;
    }

    /// <summary>Rules that a request names where none can be assigned are refused, never dropped.</summary>
    public static void RefuseRules(string[]? validationRules)
    {
        if (validationRules is { Length: > 0 }) throw Checks.Wrong("validation_rules", "cannot be used here: assign rules with POST /v1/validation-rules/{validationRuleId}/assignments");
    }

    /// <summary>The fault of a voucher.</summary>
    public static ApiFault Invalid(string details) => new(Refusals.InvalidVoucher.With(details));
}
