using System.Text.Json;
using Scrip.Engine.Facts;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.PendingPoints;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.EarningRules;

/// <summary>Something that happened and may earn points, read out of its event.</summary>
sealed record Occasion
{
    /// <summary>What rules call it: <c>order.paid</c>, <c>customer.segment.entered</c> or the name of a custom event.</summary>
    public required string Name { get; init; }

    /// <summary>What it earns for, once: the order, else the event.</summary>
    public required string Cause { get; init; }

    /// <summary>As payloads tell it.</summary>
    public required PendingEvent Event { get; init; }

    /// <summary>The order that was paid.</summary>
    public Order? Order { get; init; }

    /// <summary>The segment that was entered.</summary>
    public NamedReward? Segment { get; init; }

    /// <summary>The definition of the custom event; null when there is none.</summary>
    public NamedReward? Schema { get; init; }

    /// <summary>The custom event's own id.</summary>
    public NamedEvent? CustomEvent { get; init; }

    /// <summary>Custom attributes of the custom event.</summary>
    public Metadata Metadata { get; init; }

    /// <summary>The code of the one card that may earn; null when every card of the customer may.</summary>
    public string? Card { get; init; }

    /// <summary>Whether an event may earn anything, going by its type.</summary>
    public static bool MayEarn(OutboxEvent happened) => happened is { CustomerId: not null, HasBody: true } && happened.Type is EventTypes.OrderPaid or EventTypes.SegmentEntered or EventTypes.CustomEvent;

    /// <summary>Reads an event that <see cref="MayEarn"/>; null when it does not tell enough.</summary>
    public static Occasion? Of(OutboxEvent happened)
    {
        var body = Wire.Read<JsonElement>(happened.Body);
        var source = happened.Source is { } text ? Wire.Read<OutboxSource>(text) : null;
        var told = new PendingEvent
        {
            Id = happened.Id,
            Type = happened.Type,
            GroupId = source?.RequestId,
            EntityId = happened.CustomerId!,
            CreatedAt = new(happened.CreatedAt),
        };
        return happened.Type switch
        {
            EventTypes.OrderPaid => body.TryGetProperty("order", out var order) && Wire.Read<Order>(order.GetRawText()) is { Id: { } id } paid
                ? new() { Name = EarningEvents.OrderPaid, Cause = id, Event = told, Order = paid }
                : null,
            EventTypes.SegmentEntered => Text(body, "segment", "id") is { } segment
                ? new() { Name = EarningEvents.SegmentEntered, Cause = happened.Id, Event = told, Segment = new(segment, Text(body, "segment", "name") ?? "") }
                : null,
            _ => Text(body, "event", "type") is { } name
                ? new()
                {
                    Name = name,
                    Cause = happened.Id,
                    Event = told,
                    CustomEvent = new(Text(body, "event", "id") ?? happened.Id, name),
                    Schema = Text(body, "event_schema", "id") is { } schema ? new(schema, name) : null,
                    Metadata = body.GetProperty("event").TryGetProperty("metadata", out var metadata) ? new(metadata) : Metadata.None,
                    Card = Text(body, "loyalty", "code"),
                }
                : null,
        };
    }

    /// <summary>Whether a rule waits for it.</summary>
    public bool Fits(EarningRuleRow rule) => rule.Event == Name && rule.SegmentId == Segment?.Id
        // A custom event may be named as one of ours.
        && Event.Type == (Name switch { EarningEvents.OrderPaid => EventTypes.OrderPaid, EarningEvents.SegmentEntered => EventTypes.SegmentEntered, _ => EventTypes.CustomEvent });

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
