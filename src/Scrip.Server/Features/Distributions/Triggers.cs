using System.Text.Json;
using Scrip.Server.Features.Events;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Distributions;

/// <summary>What can set a distribution off, and the event that tells of it.</summary>
static class Triggers
{
    /// <summary>Sent by hand.</summary>
    public const string Manual = "MANUAL";

    /// <summary>Codes that were published.</summary>
    public const string Publication = "PUBLICATION";

    /// <summary>The event of each trigger.</summary>
    public static readonly IReadOnlyDictionary<string, string> Events = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["SEGMENT_ENTERED"] = EventTypes.SegmentEntered,
        ["SEGMENT_LEFT"] = EventTypes.SegmentLeft,
        ["ORDER_CREATED"] = EventTypes.OrderCreated,
        ["ORDER_UPDATED"] = EventTypes.OrderUpdated,
        ["ORDER_PAID"] = EventTypes.OrderPaid,
        ["ORDER_CANCELED"] = EventTypes.OrderCanceled,
        ["VOUCHER_REDEEMED"] = EventTypes.CustomerRedemptionSucceeded,
        ["VOUCHER_ROLLED_BACK"] = EventTypes.CustomerRollbackSucceeded,
        ["GIFT_CREDITS_ADJUSTED"] = EventTypes.CustomerGiftBalanceAdded,
        ["POINTS_ADJUSTED"] = EventTypes.CustomerPointsAdded,
        ["REWARD_REDEEMED"] = EventTypes.CustomerRewarded,
        [Publication] = EventTypes.CustomerPublicationSucceeded,
        ["CUSTOM_EVENT"] = EventTypes.CustomEvent,
    };

    static readonly Dictionary<string, string> ByEvent = Events.ToDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);

    /// <summary>The trigger of an event; null when it is none.</summary>
    public static string? Of(OutboxEvent happened) => happened.CustomerId is null ? null : ByEvent.GetValueOrDefault(happened.Type);

    /// <summary>Whether the event is one that the trigger asks for.</summary>
    public static bool Matches(DistributionTrigger trigger, JsonElement body) =>
        (trigger.SegmentId is null || trigger.SegmentId == Text(body, "segment", "id"))
        && (trigger.CampaignId is null || trigger.CampaignId == CampaignOf(body))
        && (trigger.Event is null || trigger.Event == (Text(body, "custom_event", "type") ?? Text(body, "event", "type") ?? Text(body, "event")));

    /// <summary>Whether a distribution made the publication; one that publishes is not set off by it, or it would never end.</summary>
    public static bool IsOurOwn(JsonElement body) => Text(body, "publication", "metadata", "distribution_id") is not null;

    /// <summary>The voucher that an event is about.</summary>
    public static string? VoucherOf(JsonElement body) =>
        Text(body, "voucher", "id") ?? Text(body, "redemption", "voucher", "id") ?? First(body, "publication", "vouchers_id");

    /// <summary>The campaign that an event is about.</summary>
    public static string? CampaignOf(JsonElement body) =>
        Text(body, "campaign", "id") ?? Text(body, "voucher", "campaign_id") ?? Text(body, "redemption", "voucher", "campaign_id");

    static string? First(JsonElement body, params ReadOnlySpan<string> path) =>
        At(body, path) is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.String ? list[0].GetString() : null;

    static string? Text(JsonElement body, params ReadOnlySpan<string> path) => At(body, path) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    static JsonElement? At(JsonElement at, ReadOnlySpan<string> path)
    {
        foreach (var name in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out var next)) return null;
            at = next;
        }
        return at;
    }
}
