using System.Data.Common;
using System.Text.Json;
using Dapper;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Referrals;

/// <summary>
/// Makes a customer referred when it redeems a referral code, or does the event that the campaign waits for, and rewards
/// both sides. Once for a customer and a campaign.
/// </summary>
static class ReferralSubscriber
{
    /// <summary>The subscriber.</summary>
    public static OutboxSubscriber Of(Dialect dialect) => async (db, events, now) =>
    {
        foreach (var one in events)
        {
            if (one.CustomerId is null) continue;
            if (one is { Type: EventTypes.CustomerRedemptionSucceeded, Gist: { CampaignType: CampaignTypes.Referral, RedemptionId: { } redemption, VoucherId: { } voucher } })
                await Convert(db, dialect, one, voucher, ReferralTerms.ByRedemption, null, redemption, "redemption", now);
            else if (one.Type == EventTypes.CustomEvent)
                await Done(db, dialect, one, now);
        }
    };

    static async Task Done(DbConnection db, Dialect dialect, OutboxEvent happened, long now)
    {
        using var parsed = JsonDocument.Parse(happened.Body);
        var body = parsed.RootElement;
        var code = Text(body, "referral", "code") ?? Text(body, "custom_event", "referral", "code") ?? Text(body, "event", "referral", "code");
        var name = Text(body, "custom_event", "type") ?? Text(body, "event", "type") ?? Text(body, "event");
        if (code is null || (happened.IsFromClient && !await ProjectSql.CountsClientEvents(db, happened.ProjectId))) return;
        await Convert(db, dialect, happened, code, ReferralTerms.ByEvent, name, happened.Id, "event", now);
    }

    static async Task Convert(DbConnection db, Dialect dialect, OutboxEvent happened, string named, string how, string? name, string related, string relatedType, long now)
    {
        var project = happened.ProjectId;
        if (await VoucherSql.Find(db, project, named) is not { HolderId: { } referrer, CampaignId: { } of } voucher || referrer == happened.CustomerId) return;
        if (await CampaignSql.Find(db, project, of) is not { CampaignType: CampaignTypes.Referral } campaign) return;
        var program = Wire.Read<CampaignBody>(campaign.Body).ReferralProgram ?? new();
        if ((program.ConversionEventType ?? ReferralTerms.ByRedemption) != how || (how == ReferralTerms.ByEvent && program.CustomEvent?.Name != name)) return;
        if (await CustomerSql.Find(db, project, happened.CustomerId!) is not { } referee) return;
        if (!await ReferralSql.Refer(db, new ReferralRow
        {
            ProjectId = project,
            CampaignId = campaign.Id,
            RefereeId = referee.Id,
            ReferrerId = referrer,
            VoucherId = voucher.Id,
            RelatedObjectId = related,
            RelatedObjectType = relatedType,
            CreatedAt = happened.CreatedAt,
        })) return;
        await ReferralSql.AddHolder(db, new HolderRow { ProjectId = project, Id = Ids.New("rh_", now), VoucherId = voucher.Id, CampaignId = campaign.Id, CustomerId = referee.Id, CreatedAt = now, Body = Wire.Text(new HolderBody(null)) });
        if (program.RefereeReward is { Amount: { } amount, RelatedObjectParent.Id: { } gifts })
            await Rewarding.TopUp(db, dialect, project, gifts, referee, amount, campaign.Id, now);
        if (await CustomerSql.Find(db, project, referrer) is not { } advocate) return;
        foreach (var reward in await RewardSql.OfCampaign(db, project, campaign.Id)) await Rewarding.Give(db, dialect, reward, advocate, campaign.Id, now);
    }

    static string? Text(JsonElement at, params ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out var next)) return null;
            at = next;
        }
        return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
    }
}
