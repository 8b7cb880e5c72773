using System.Text.Json;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Csv;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Campaigns;

/// <summary>
/// Reads rows of a CSV file as codes of a campaign. Metadata is the campaign's, with what the row has in its stead.
/// </summary>
sealed class CampaignCsv
{
    readonly CsvBinding binding;
    readonly CsvMetadata metadata;
    readonly CategoryNames categories;
    readonly VoucherRow pattern;
    readonly VoucherBody body;
    readonly string plain;
    readonly bool isOpen;
    readonly long now;

    public CampaignCsv(CsvBinding binding, CampaignRow campaign, CategoryNames categories, bool isOpen, long now)
    {
        (this.binding, this.categories, this.isOpen, this.now, metadata) = (binding, categories, isOpen, now, new(binding));
        pattern = CampaignVouchers.Pattern(campaign, Wire.Read<CampaignBody>(campaign.Body), null, now);
        body = Wire.Read<VoucherBody>(pattern.Body);
        plain = Wire.Text(body with { Metadata = null });
    }

    /// <summary>What becomes of the texts of metadata.</summary>
    public Func<System.Text.Json.JsonElement, System.Text.Json.JsonElement>? Typed { init => metadata.Typed = value; }

    /// <summary>The code of a row; empty when it has none.</summary>
    public string CodeOf(CsvRow row) => row.Fields.Length > binding.Places["Code"] ? row.Fields[binding.Places["Code"]] : "";

    /// <summary>A new voucher of the campaign.</summary>
    /// <exception cref="ApiFault">The row cannot be one; the fault says why.</exception>
    public VoucherRow New(CsvRow row)
    {
        row = binding.Checked(row);
        var code = VoucherTerms.Code(Of(row, "Code"));
        var redeemed = CsvValue.Whole(Of(row, "Redeemed Quantity"), "Redeemed Quantity") ?? 0;
        if (redeemed > pattern.Quantity) throw CsvValue.Wrong($"Redeemed Quantity must not be above the campaign's limit of {pattern.Quantity}");
        var (start, end) = (CsvValue.Instant(Of(row, "Start Date"), "Start Date"), CsvValue.Instant(Of(row, "Expiration Date"), "Expiration Date"));
        if (start >= end) throw CsvValue.Wrong("Expiration Date must be after Start Date");
        var (amount, balance) = pattern.Type == VoucherTypes.Gift
            ? VoucherCsv.Credits(Of(row, "Gift Amount") ?? pattern.GiftAmount?.ToString(System.Globalization.CultureInfo.InvariantCulture), Of(row, "Redeemed Amount"))
            : (pattern.GiftAmount, pattern.GiftBalance);
        var (categoryId, tag) = categories.Of(Of(row, "Category"));
        return pattern with
        {
            Id = Ids.New(VoucherRow.IdPrefix, now),
            Code = code,
            CategoryId = categoryId,
            Active = CsvValue.Flag(Of(row, "Active"), "Active") ?? isOpen,
            StartsAt = start,
            ExpiresAt = end,
            Redeemed = redeemed,
            GiftAmount = amount,
            GiftBalance = balance,
            Body = Body(row, tag),
        };
    }

    /// <summary>A code that the campaign has already, with another state or category.</summary>
    /// <exception cref="ApiFault">The code is not the campaign's.</exception>
    public VoucherRow Changed(VoucherRow known, CsvRow row)
    {
        row = binding.Checked(row);
        if (known.DeletedAt is not null) throw CsvValue.Wrong("The code is taken by a voucher in the bin");
        if (known.CampaignId != pattern.CampaignId) throw CsvValue.Wrong("The code is taken by a voucher that is not of this campaign");
        var stored = Wire.Read<VoucherBody>(known.Body);
        var (categoryId, tag) = Of(row, "Category") is { } text ? categories.Of(text) : (known.CategoryId, stored.Category);
        return known with
        {
            Active = CsvValue.Flag(Of(row, "Active"), "Active") ?? known.Active,
            CategoryId = categoryId,
            UpdatedAt = now,
            Body = Wire.Text(stored with { Category = tag is null ? null : Checks.Text(tag, "Category") }),
        };
    }

    string Body(CsvRow row, string? tag)
    {
        if (tag is null && body.Metadata is null) return VoucherCsv.With(plain, metadata.Text(row));
        if (tag is null && metadata.Text(row) is null) return pattern.Body;
        return Wire.Text(body with { Category = Checks.Text(tag, "Category") ?? body.Category, Metadata = Merging.Metadata(body.Metadata, metadata.Read(row)) });
    }

    string? Of(CsvRow row, string column) => binding.Of(row, column);
}
