using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Campaigns;

/// <summary>What deciding needs to know of a campaign.</summary>
public sealed record CampaignSnapshot
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    /// <summary>See <see cref="CampaignTypes"/>.</summary>
    public required string CampaignType { get; init; }
    /// <summary>AUTO_UPDATE, STATIC or STANDALONE.</summary>
    public required string Type { get; init; }
    /// <summary>Whether it is active, from when until when, and its recurring times.</summary>
    public required Schedule Schedule { get; init; }
    /// <summary>The schedule of codes that a customer holds: when they last for a while after their publication, the end of the campaign is not theirs.</summary>
    public required Schedule HeldSchedule { get; init; }
    /// <summary>When it was made, in Unix milliseconds.</summary>
    public required long CreatedAt { get; init; }
    /// <summary>When it was changed last, in Unix milliseconds; null when never.</summary>
    public long? UpdatedAt { get; init; }
    /// <summary>What each of its vouchers is like.</summary>
    public required CampaignVoucherInput Voucher { get; init; }
    /// <summary>Custom attributes; null without any.</summary>
    public System.Text.Json.JsonElement? Metadata { get; init; }
    /// <summary>The free text that names its category.</summary>
    public string? Category { get; init; }
    /// <summary>The id of its category; null without one.</summary>
    public string? CategoryId { get; init; }
    /// <summary>Whether redemptions keep counters of it and its incentives, since rules look at some or once did.</summary>
    public required bool IsCounted { get; init; }

    /// <summary>Reads a row.</summary>
    internal static CampaignSnapshot Of(CampaignRow row)
    {
        var body = Wire.Read<CampaignBody>(row.Body);
        var schedule = new Schedule(row.Active, row.StartsAt, row.ExpiresAt, VoucherFacts.Frame(body.ValidityTimeframe, body.ValidityDayOfWeek, body.ValidityHours));
        return new CampaignSnapshot
        {
            Id = row.Id,
            IsCounted = row.Counted,
            Name = row.Name,
            CampaignType = row.CampaignType,
            Type = body.Type,
            CreatedAt = row.CreatedAt,
            UpdatedAt = row.UpdatedAt,
            Voucher = body.Voucher,
            Metadata = body.Metadata,
            Category = body.Category,
            CategoryId = row.CategoryId,
            Schedule = schedule,
            HeldSchedule = body.ActivityDurationAfterPublishing is null ? schedule : schedule with { ExpiresAt = null },
        };
    }

    /// <summary>The campaign's part in when a voucher of it is valid.</summary>
    public Schedule ScheduleOf(VoucherRow voucher) => voucher.HolderId is null ? Schedule : HeldSchedule;
}
