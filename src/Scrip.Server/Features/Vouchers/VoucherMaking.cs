using System.Data.Common;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Makes rows of vouchers from what a caller wrote, and adds them with the credits they are loaded with.</summary>
static class VoucherMaking
{
    /// <summary>A voucher without a campaign and as yet without a code. Its discount must have been read already.</summary>
    public static VoucherRow Alone(VoucherInput input, string project, long now, Func<string, bool> sent)
    {
        var type = VoucherTerms.Type(input.Type, input.Discount, input.Gift);
        Checks.Period(input.StartDate, input.ExpirationDate);
        var gift = type == VoucherTypes.Gift ? VoucherTerms.Gift(input.Gift!) : null;
        return new VoucherRow
        {
            ProjectId = project,
            Id = Ids.New(VoucherRow.IdPrefix, now),
            Type = type,
            CategoryId = Checks.Text(input.CategoryId, "category_id"),
            Active = input.Active ?? true,
            StartsAt = input.StartDate?.Ms,
            ExpiresAt = input.ExpirationDate?.Ms,
            Quantity = VoucherTerms.Quantity(input.Redemption),
            GiftAmount = gift?.Amount,
            GiftBalance = gift?.Amount,
            CreatedAt = now,
            Body = Wire.Text(Merge(new VoucherBody { Discount = type == VoucherTypes.Discount ? input.Discount : null, GiftEffect = gift?.Effect }, input, sent)),
        };
    }

    /// <summary>The row with its code.</summary>
    public static VoucherRow Coded(VoucherRow row, string code) => new()
    {
        ProjectId = row.ProjectId,
        Id = row.Id,
        Code = code,
        Type = row.Type,
        CampaignId = row.CampaignId,
        CampaignType = row.CampaignType,
        CategoryId = row.CategoryId,
        HolderId = row.HolderId,
        Active = row.Active,
        StartsAt = row.StartsAt,
        ExpiresAt = row.ExpiresAt,
        Quantity = row.Quantity,
        GiftAmount = row.GiftAmount,
        GiftBalance = row.GiftBalance,
        CreatedAt = row.CreatedAt,
        Body = row.Body,
    };

    /// <summary>Binds a voucher that was just written to the rules that its request names, and answers its row.</summary>
    public static async Task<VoucherRow> Bind(DbConnection db, Call call, VoucherRow row, string[]? rules)
    {
        if (rules is null or []) return row;
        await AssignmentSql.AddAll(db, call, rules, AssignmentSql.Voucher, row.Id);
        return row with { HasRules = true };
    }

    /// <summary>Writes the voucher and issues its credits.</summary>
    public static async Task Add(DbConnection db, VoucherRow row, long now)
    {
        await VoucherSql.Insert(db, row);
        await Ledger.Move(db, row.ProjectId, Ids.New("vtx_", now), Ledger.Issued(row.Type), Ledger.Card(row.Id), row.GiftBalance ?? 0, now);
    }

    /// <summary>The voucher with what an update sent. Type, code, quantity and credits are not for an update.</summary>
    public static VoucherRow Merge(VoucherRow row, VoucherInput input, Call call)
    {
        var body = row.Content;
        if (input.Type is not null && input.Type != row.Type) throw VoucherTerms.Invalid("It is not possible to change the type of a voucher");
        if (input.Discount is { } discount)
        {
            if (body.Discount is not { } old) throw VoucherTerms.Invalid("Only a DISCOUNT_VOUCHER has a discount");
            if (old.Type != discount.Type) throw VoucherTerms.Invalid("It is not possible to change Voucher discount type");
            body = body with { Discount = discount };
        }
        if (input.Gift?.Effect is { } effect && row.Type == VoucherTypes.Gift) body = body with { GiftEffect = VoucherTerms.GiftEffect(effect) };
        var start = call.Sent("start_date") ? input.StartDate : Moment.From(row.StartsAt);
        var end = call.Sent("expiration_date") ? input.ExpirationDate : Moment.From(row.ExpiresAt);
        Checks.Period(start, end);
        return new VoucherRow
        {
            ProjectId = row.ProjectId,
            Id = row.Id,
            Code = row.Code,
            Type = row.Type,
            CampaignId = row.CampaignId,
            CampaignType = row.CampaignType,
            HasRules = row.HasRules,
            CategoryId = call.Sent("category_id") ? Checks.Text(input.CategoryId, "category_id") : row.CategoryId,
            HolderId = row.HolderId,
            Published = row.Published,
            Quantity = row.Quantity,
            Redeemed = row.Redeemed,
            GiftAmount = row.GiftAmount,
            GiftSubtracted = row.GiftSubtracted,
            GiftBalance = row.GiftBalance,
            PointsExpired = row.PointsExpired,
            CreatedAt = row.CreatedAt,
            Active = input.Active ?? row.Active,
            StartsAt = start?.Ms,
            ExpiresAt = end?.Ms,
            UpdatedAt = call.Now,
            Body = Wire.Text(Merge(body, input, call.Sent)),
        };
    }

    static VoucherBody Merge(VoucherBody body, VoucherInput input, Func<string, bool> sent)
    {
        Checks.Metadata(input.Metadata);
        return body with
        {
            ValidityTimeframe = sent("validity_timeframe") ? VoucherTerms.Timeframe(input.ValidityTimeframe) : body.ValidityTimeframe,
            ValidityDayOfWeek = sent("validity_day_of_week") ? VoucherTerms.Days(input.ValidityDayOfWeek) : body.ValidityDayOfWeek,
            ValidityHours = sent("validity_hours") ? VoucherTerms.Hours(input.ValidityHours) : body.ValidityHours,
            AdditionalInfo = sent("additional_info") ? Checks.Text(input.AdditionalInfo, "additional_info", 10_000) : body.AdditionalInfo,
            Category = sent("category") ? Checks.Text(input.Category, "category") : body.Category,
            Metadata = Merging.Metadata(body.Metadata, input.Metadata),
        };
    }
}
