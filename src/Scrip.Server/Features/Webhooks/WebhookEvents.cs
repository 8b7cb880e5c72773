using System.Text.Json;

namespace Scrip.Server.Features.Webhooks;

/// <summary>
/// The types of events that a webhook can listen to, and which object of the event's data each is about.
/// </summary>
static class WebhookEvents
{
    // The contract misspells some in its list of types, and not in its examples; both are taken, and kept as spelled right.
    static readonly Dictionary<string, string> Misspelled = new(StringComparer.Ordinal)
    {
        ["campaign.vouchers.aded"] = "campaign.vouchers.added",
        ["voucher.gift.balance_aded"] = "voucher.gift.balance_added",
        ["voucher.loyalty_card.pending_points.aded"] = "voucher.loyalty_card.pending_points.added",
        ["voucher.loyalty_card.points_aded"] = "voucher.loyalty_card.points_added",
    };

    // Prefix of the type, the object it is about, and the endings. The longest prefix of a type is its row.
    static readonly (string Prefix, string Entity, string[] Endings)[] Table =
    [
        ("business_validation_rule.assignment", "assignment", ["created", "deleted"]),
        ("business_validation_rule", "rule", ["created", "deleted", "updated"]),
        ("campaign.earning_rule", "earning_rule", ["assigned", "deleted", "disabled", "enabled", "updated"]),
        ("campaign.loyalty_tier", "loyalty_tier", ["created", "deleted", "updated"]),
        ("campaign.promotion_stack", "promotion_stack", ["created", "updated"]),
        ("campaign.promotion_tier", "promotion_tier", ["created", "deleted", "disabled", "enabled", "updated"]),
        ("campaign.referral_tier", "referral_tier", ["created", "deleted", "updated"]),
        ("campaign.reward.assignment", "assignment", ["created", "deleted", "updated"]),
        ("campaign.vouchers", "campaign", ["added", "generation.completed", "generation.failed", "generation.started"]),
        ("campaign", "campaign", ["created", "deleted", "disabled", "enabled", "updated"]),
        ("customer", "customer", ["confirmed", "created", "deleted", "rewarded", "rewarded.loyalty_points", "updated"]),
        ("publication", "publication", ["succeeded"]),
        ("redemption.rollback", "redemption_rollback", ["failed", "succeeded"]),
        ("redemption", "redemption", ["failed", "succeeded"]),
        ("voucher.gift.transaction", "transaction", ["created"]),
        ("voucher.loyalty_card.pending_points", "pending_points", ["activated", "added", "canceled", "updated"]),
        ("voucher.loyalty_card.transaction", "transaction", ["created"]),
        ("voucher", "voucher",
            ["created", "deleted", "disabled", "enabled", "gift.balance_added", "loyalty_card.points_added", "loyalty_card.points_expired", "published", "updated"]),
    ];

    static readonly Dictionary<string, string> Entities = Table
        .SelectMany(row => row.Endings.Select(ending => (Type: $"{row.Prefix}.{ending}", row.Entity)))
        .ToDictionary(pair => pair.Type, pair => pair.Entity, StringComparer.Ordinal);

    /// <summary>All types, in the order of their names.</summary>
    public static IReadOnlyList<string> All { get; } = [.. Entities.Keys.Order(StringComparer.Ordinal)];

    /// <summary>The type as it is spelled right; null when there is no such type.</summary>
    public static string? Known(string? type) =>
        type is null ? null : Misspelled.TryGetValue(type, out var right) ? right : Entities.ContainsKey(type) ? type : null;

    /// <summary>The id of what an event is about; null when its data does not tell.</summary>
    public static string? EntityId(string type, JsonElement data) =>
        Entities.TryGetValue(type, out var name)
        && data.ValueKind == JsonValueKind.Object && data.TryGetProperty(name, out var entity)
        && entity.ValueKind == JsonValueKind.Object && entity.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String
            ? id.GetString()
            : null;
}
