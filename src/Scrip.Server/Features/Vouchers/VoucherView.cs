using System.Data.Common;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Writes a row of <c>vouchers</c> as the API shows it.</summary>
static class VoucherView
{
    public static Voucher Show(VoucherRow row, string? campaignName, AssetLinks? links)
    {
        var body = row.Content;
        var path = "/v1/vouchers/" + Uri.EscapeDataString(row.Code);
        return new Voucher
        {
            Id = row.Id,
            Code = row.Code,
            Type = row.Type,
            Campaign = campaignName,
            IsReferralCode = row.CampaignType == "REFERRAL_PROGRAM",
            CampaignId = row.CampaignId,
            Category = body.Category,
            CategoryId = row.CategoryId,
            Discount = body.Discount,
            Gift = ShowGift(row, body),
            LoyaltyCard = ShowPoints(row),
            StartDate = Moment.From(row.StartsAt),
            ExpirationDate = Moment.From(row.ExpiresAt),
            ValidityTimeframe = body.ValidityTimeframe,
            ValidityDayOfWeek = body.ValidityDayOfWeek,
            ValidityHours = body.ValidityHours,
            Active = row.Active,
            AdditionalInfo = body.AdditionalInfo,
            Metadata = Checks.Metadata(body.Metadata),
            Assets = links?.Of(row.ProjectId, row.Id),
            CreatedAt = new(row.CreatedAt),
            UpdatedAt = Moment.From(row.UpdatedAt),
            HolderId = row.HolderId,
            HasRules = row.HasRules,
            Publish = new(Math.Max(row.Published, row.HolderId is null ? 0 : 1), path + "/publications"),
            Redemption = new()
            {
                Quantity = row.Quantity,
                RedeemedQuantity = row.Redeemed,
                RedeemedAmount = row.Type == VoucherTypes.Loyalty ? null : Spent(row),
                RedeemedPoints = row.Type == VoucherTypes.Loyalty ? Spent(row) : null,
                Url = path + "/redemptions",
            },
        };
    }

    /// <summary>The vouchers with the categories that their ids name, the rules they are assigned to and what expires next, looked up together.</summary>
    public static async Task<List<Voucher>> Categorized(DbConnection db, Dialect dialect, string project, List<Voucher> vouchers)
    {
        var ids = vouchers.Select(voucher => voucher.CategoryId).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        var known = (await CategorySql.Among(db, dialect, project, ids)).ToDictionary(row => row.Id, row => row.Show());
        var rules = await AssignmentSql.Of(db, dialect, project, [.. vouchers.Where(voucher => voucher.HasRules).Select(voucher => voucher.Id)]);
        var next = await PointBuckets.Next(db, dialect, project, [.. vouchers.Where(voucher => voucher.LoyaltyCard is not null).Select(voucher => voucher.Id)]);
        return vouchers.ConvertAll(voucher => voucher with
        {
            LoyaltyCard = next.TryGetValue(voucher.Id, out var expiring) ? voucher.LoyaltyCard! with { NextExpirationDate = expiring.LastDay, NextExpirationPoints = expiring.Points } : voucher.LoyaltyCard,
            Categories = voucher.CategoryId is { } id && known.TryGetValue(id, out var category) ? [category] : [],
            ValidationRulesAssignments = AssignmentSql.List(rules, voucher.Id),
        });
    }

    /// <summary>The voucher with the category that its id names.</summary>
    public static async Task<Voucher> Categorized(DbConnection db, Call call, Voucher voucher) =>
        (await Categorized(db, call.Db.Dialect, call.ProjectId, [voucher]))[0];

    /// <summary>The credits of a gift card; null for anything else.</summary>
    public static Gift? ShowGift(VoucherRow row, VoucherBody body) => row.GiftAmount is null || row.Type == VoucherTypes.Loyalty ? null : new Gift
    {
        Amount = row.GiftAmount,
        SubtractedAmount = row.GiftSubtracted,
        Balance = row.GiftBalance,
        Effect = body.GiftEffect,
    };

    /// <summary>The points of a loyalty card; null for anything else.</summary>
    public static LoyaltyCard? ShowPoints(VoucherRow row) => row.Type != VoucherTypes.Loyalty ? null : new LoyaltyCard
    {
        Points = row.GiftAmount,
        Balance = row.GiftBalance,
        SubtractedPoints = row.GiftSubtracted,
        ExpiredPoints = row.PointsExpired,
    };

    // The contract's sum: balance = amount - expired - subtracted - redeemed.
    static long? Spent(VoucherRow row) => row.GiftAmount - row.PointsExpired - row.GiftSubtracted - row.GiftBalance;
}
