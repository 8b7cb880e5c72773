using System.Data.Common;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Publications;

/// <summary>What others are told of a publication, with the payloads of the documented webhooks.</summary>
static class PublicationEvents
{
    /// <summary>Adds the events of a publication inside its write: one of the whole, one of each code, and the customer's.</summary>
    public static async Task Raise(DbConnection db, PublicationRow row, CustomerRow customer, CampaignRow? campaign, IReadOnlyList<VoucherRow> vouchers, long now)
    {
        var shown = new PublicationPayload
        {
            Customer = CustomerView.Short(customer),
            Campaign = campaign is null ? null : CampaignTerms.Show(campaign),
            Publication = PublicationView.Show(row, customer) with { Voucher = null, Vouchers = null },
        };
        PublishedVoucher[] told = [.. vouchers.Select(voucher => PublishedVoucher.Of(voucher, campaign))];
        await Happening.Tell(db, row.ProjectId, EventTypes.PublicationSucceeded, row.CustomerId, shown with { Vouchers = told }, now);
        foreach (var voucher in told)
            await Happening.Tell(db, row.ProjectId, EventTypes.VoucherPublished, row.CustomerId, shown with { Voucher = voucher, CreatedAt = new(now) }, now);
        await Happening.Tell(db, row.ProjectId, EventTypes.CustomerPublicationSucceeded, row.CustomerId, told.Length == 1
            ? shown with { Voucher = told[0], Publication = PublicationView.Show(row, customer) with { Vouchers = null } }
            : shown with { Vouchers = told }, now);
    }
}

/// <summary>
/// The payload of <c>publication.succeeded</c> (vouchers), <c>voucher.published</c> (voucher) and
/// <c>customer.publication.succeeded</c> (voucher when it was one, else vouchers).
/// </summary>
public sealed record PublicationPayload
{
    public required CustomerShort Customer { get; init; }
    public Campaign? Campaign { get; init; }
    public PublishedVoucher[]? Vouchers { get; init; }
    public PublishedVoucher? Voucher { get; init; }
    public required Publication Publication { get; init; }
    public Moment? CreatedAt { get; init; }
}

/// <summary>A voucher in an event.</summary>
public sealed record PublishedVoucher
{
    public required string Id { get; init; }
    public required string Code { get; init; }
    public Discount? Discount { get; init; }
    public Gift? Gift { get; init; }
    public required string Type { get; init; }
    public string? Campaign { get; init; }
    public string? CampaignId { get; init; }
    public required bool IsReferralCode { get; init; }
    public string? HolderId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CategoryId { get; init; }
    public required bool Active { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public required System.Text.Json.JsonElement Metadata { get; init; }
    public required PublishedUse Redemption { get; init; }
    public string Object => "voucher";

    internal static PublishedVoucher Of(VoucherRow row, CampaignRow? campaign)
    {
        var body = Wire.Read<VoucherBody>(row.Body);
        return new PublishedVoucher
        {
            Id = row.Id,
            Code = row.Code,
            Discount = body.Discount,
            Gift = VoucherView.ShowGift(row, body),
            Type = row.Type,
            Campaign = campaign?.Name,
            CampaignId = row.CampaignId,
            IsReferralCode = campaign?.CampaignType == CampaignTypes.Referral,
            HolderId = row.HolderId,
            CategoryId = row.CategoryId,
            Active = row.Active,
            CreatedAt = new(row.CreatedAt),
            UpdatedAt = Moment.From(row.UpdatedAt),
            StartDate = Moment.From(row.StartsAt),
            ExpirationDate = Moment.From(row.ExpiresAt),
            Metadata = Checks.Metadata(body.Metadata),
            Redemption = new(row.Quantity, row.Redeemed),
        };
    }
}

/// <summary>How often a voucher in an event may be and was redeemed.</summary>
public sealed record PublishedUse(
    [property: JsonIgnore(Condition = JsonIgnoreCondition.Never)] long? Quantity, long RedeemedQuantity);
