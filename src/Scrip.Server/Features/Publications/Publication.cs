using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Publications;

/// <summary>A publication as the API answers it: codes that a customer was given, or why none were.</summary>
public sealed record Publication
{
    public required string Id { get; init; }
    public required Moment CreatedAt { get; init; }
    public required string CustomerId { get; init; }
    /// <summary>The customer's source id.</summary>
    public string? TrackingId { get; init; }
    public required JsonElement Metadata { get; init; }
    public required string Channel { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? SourceId { get; init; }
    /// <summary>SUCCESS or FAILURE.</summary>
    public required string Result { get; init; }
    public string? FailureCode { get; init; }
    public string? FailureMessage { get; init; }
    public required PublishedCustomer Customer { get; init; }
    /// <summary>Of one code: the voucher; a list tells less of it than the answer that gave it.</summary>
    public JsonElement? Voucher { get; init; }
    /// <summary>Of several codes, or of none: the codes.</summary>
    public string[]? Vouchers { get; init; }
    public required string[] VouchersId { get; init; }
    public string Object => "publication";
}

/// <summary>A customer inside a publication. Of one who was deleted only the id is left.</summary>
public sealed record PublishedCustomer
{
    public required string Id { get; init; }
    public string? SourceId { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }
    public JsonElement? Metadata { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerAddress? Address { get; init; }
    // A publication counts nothing up; these are null as the contract allows.
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerSummary? Summary => null;
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerLoyalty? Loyalty => null;
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerReferrals? Referrals => null;
    /// <summary>Where the customer says what is welcome; not told to browsers, nor in events.</summary>
    public CustomerAssets? Assets { get; init; }
    public string Object => "customer";

    /// <summary>The customer as it is now.</summary>
    internal static PublishedCustomer Of(CustomerRow row, PreferenceLinks? links)
    {
        var body = Wire.Read<CustomerBody>(row.Body);
        return new PublishedCustomer
        {
            Id = row.Id,
            SourceId = row.SourceId,
            Name = row.Name,
            Email = row.Email,
            Address = body.Address,
            Metadata = Checks.Metadata(body.Metadata),
            Assets = links?.Assets(row.ProjectId, row.Id),
        };
    }
}

/// <summary>What a list tells of a published voucher.</summary>
public sealed record ListedVoucher
{
    public required string Code { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? Campaign { get; init; }
    public Discount? Discount { get; init; }
    public Gift? Gift { get; init; }
    public required bool IsReferralCode { get; init; }
    public string Object => "voucher";
}

/// <summary>What a caller says of a publication. Either a campaign or a voucher tells where the code comes from.</summary>
public sealed record PublicationInput
{
    /// <summary>A name, an id, or an object with <c>name</c> and <c>count</c>.</summary>
    public JsonElement? Campaign { get; init; }
    /// <summary>A code or an id, or an object with <c>code</c>; it counts before the campaign.</summary>
    public JsonElement? Voucher { get; init; }
    public CustomerInput? Customer { get; init; }
    public string? SourceId { get; init; }
    public JsonElement? Metadata { get; init; }
    public string? Channel { get; init; }
}

/// <summary>The part of a publication that lies in its <c>body</c> column.</summary>
public sealed record PublicationBody
{
    public JsonElement? Metadata { get; init; }
    /// <summary>The ids of the vouchers, in their order.</summary>
    public string[] VouchersId { get; init; } = [];
    /// <summary>Their codes.</summary>
    public string[] Codes { get; init; } = [];
    public string? FailureMessage { get; init; }
    /// <summary>Of one code: what it was when it was given.</summary>
    public ListedVoucher? Voucher { get; init; }
}

/// <summary>A row of <c>publications</c>.</summary>
public sealed class PublicationRow
{
    public string ProjectId { get; init; } = "";
    public string Id { get; init; } = "";
    public string CustomerId { get; init; } = "";
    public string? CampaignId { get; init; }
    public string? CampaignName { get; init; }
    public string? VoucherCode { get; init; }
    public string? VoucherType { get; init; }
    public bool IsReferral { get; init; }
    public string? SourceId { get; init; }
    public string Channel { get; init; } = "";
    public string Result { get; init; } = "";
    public string? FailureCode { get; init; }
    public long CreatedAt { get; init; }
    public string Body { get; init; } = "{}";
}
