using System.Text.Json;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.LoyaltyTiers;

/// <summary>Looks at the tiers of cards whose points moved, and of those that were given to somebody.</summary>
static class LoyaltyTierSubscriber
{
    /// <summary>The subscriber.</summary>
    public static OutboxSubscriber Of(Dialect dialect) => async (db, events, now) =>
    {
        foreach (var project in events.GroupBy(one => one.ProjectId))
            await LoyaltyTierFlow.Look(db, dialect, project.Key, [.. project.Select(Card).OfType<string>().Distinct()], now);
    };

    static string? Card(OutboxEvent one) => one switch
    {
        { Type: EventTypes.RedemptionSucceeded or EventTypes.RollbackSucceeded or EventTypes.PointsTransaction, Gist: { CampaignType: CampaignTypes.Loyalty, VoucherId: { } card } } => card,
        { Type: EventTypes.VoucherPublished } => Published(Wire.Read<JsonElement>(one.Body)),
        _ => null,
    };

    static string? Published(JsonElement body) => body.TryGetProperty("voucher", out var voucher) && voucher.ValueKind == JsonValueKind.Object
        && voucher.TryGetProperty("type", out var type) && type.ValueEquals(VoucherTypes.Loyalty) ? voucher.GetProperty("id").GetString() : null;
}
