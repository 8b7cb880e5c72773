using System.Text.Json;
using Scrip.Engine.Codes;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>What a caller may set on a voucher; absent fields keep their value in an update.</summary>
public sealed record VoucherInput
{
    public string? Code { get; init; }
    public CodeShape? CodeConfig { get; init; }
    public string? Campaign { get; init; }
    public string? CampaignId { get; init; }
    public string? Category { get; init; }
    public string? CategoryId { get; init; }
    public string? Type { get; init; }
    public Discount? Discount { get; init; }
    public Gift? Gift { get; init; }
    public LoyaltyCard? LoyaltyCard { get; init; }
    public Moment? StartDate { get; init; }
    public Moment? ExpirationDate { get; init; }
    public ValidityTimeframe? ValidityTimeframe { get; init; }
    public long[]? ValidityDayOfWeek { get; init; }
    public ValidityHours? ValidityHours { get; init; }
    public bool? Active { get; init; }
    public string? AdditionalInfo { get; init; }
    public JsonElement? Metadata { get; init; }
    public string[]? ValidationRules { get; init; }
    public RedemptionLimit? Redemption { get; init; }
}

/// <summary>How codes look, on the wire: <c>code_config</c>.</summary>
public sealed record CodeShape
{
    public long? Length { get; init; }
    public string? Charset { get; init; }
    public string? Prefix { get; init; }
    public string? Postfix { get; init; }
    public string? Pattern { get; init; }
    public long? InitialCount { get; init; }

    /// <summary>The same for the generator. A length that fits no code stays one.</summary>
    public CodeConfig ToConfig() => new()
    {
        Length = Length is { } length ? (int)Math.Clamp(length, -1, int.MaxValue) : null,
        Charset = Charset,
        Prefix = Prefix,
        Postfix = Postfix,
        Pattern = Pattern,
    };

    /// <summary>The same, when codes can be made of it.</summary>
    public CodeShape Checked() => ToConfig().Refuse() is { } refusal ? throw new Platform.ApiFault(refusal) : this;

    /// <summary>The same with what it leaves open filled in, as answers show it.</summary>
    public CodeShape Shown()
    {
        var config = ToConfig();
        return this with { Length = config.RandomLength, Charset = config.DrawnFrom, Pattern = config.EffectivePattern };
    }
}
