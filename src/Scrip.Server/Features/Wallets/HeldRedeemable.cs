using System.Text.Json.Serialization;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Wallets;

/// <summary>Something in a customer's wallet: today always a voucher that the customer owns.</summary>
public sealed record HeldRedeemable
{
    public required string Id { get; init; }
    public required Moment CreatedAt { get; init; }
    public required string RedeemableId { get; init; }
    public string RedeemableObject => "voucher";
    public required string CustomerId { get; init; }
    public string HolderRole => "OWNER";
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CampaignId { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public string? CampaignType { get; init; }
    public required string VoucherType { get; init; }
    public required HeldVoucher Redeemable { get; init; }
}

/// <summary>The voucher and whether it can be used: ACTIVE, USED, DISABLED, NOT_ACTIVE_YET, EXPIRED or NO_BALANCE.</summary>
public sealed record HeldVoucher(Voucher Voucher, string Status)
{
    public string Type => "voucher";
}
