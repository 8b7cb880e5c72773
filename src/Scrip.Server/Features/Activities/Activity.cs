using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Events;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Activities;

/// <summary>Something that happened to a customer, as the API answers it.</summary>
public sealed record Activity
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required ActivityData Data { get; init; }
    public required Moment CreatedAt { get; init; }
    /// <summary>The request that made it happen.</summary>
    public string? GroupId { get; init; }
}

/// <summary>What there is to know of it: the event's payload, and who made it happen.</summary>
public sealed record ActivityData(JsonElement Data, ActivitySource EventSource);

/// <summary>Who made it happen.</summary>
/// <param name="Channel"><c>API</c>, <c>CLIENT_API</c> or <c>INTERNAL</c>.</param>
/// <param name="ApiKey">The application key; left out when there was none.</param>
public sealed record ActivitySource(string Channel, ActivityKey? ApiKey);

/// <summary>An application key, by its public id.</summary>
public sealed record ActivityKey(string Name, string AppId);

/// <summary>A row of <c>customer_activities</c>.</summary>
public sealed class ActivityRow
{
    const string Action = "ACTION";
    const string Effect = "EFFECT";

    /// <summary>The values of the filter by category.</summary>
    public static readonly string[] Categories = [Action, Effect];

    public string Id { get; init; } = "";
    public string Type { get; init; } = "";
    public long CreatedAt { get; init; }
    public string? Source { get; init; }
    public string Body { get; init; } = "{}";

    /// <summary>As the API shows it.</summary>
    public Activity Show()
    {
        var source = Source is null ? new OutboxSource("INTERNAL", null, null) : Wire.Read<OutboxSource>(Source);
        return new()
        {
            Id = Id,
            Type = Type,
            Data = new(Wire.Read<JsonElement>(Body), new(source.Channel, source.AppId is { } key ? new("", key) : null)),
            CreatedAt = new(CreatedAt),
            GroupId = source.RequestId,
        };
    }

    /// <summary>Whether the customer or the shop did something, or something followed from it.</summary>
    public static string CategoryOf(string type) => type switch
    {
        EventTypes.CustomerCreated or EventTypes.CustomerUpdated or EventTypes.CustomerDeleted or EventTypes.CustomEvent => Action,
        _ when type.StartsWith("customer.redemption.", StringComparison.Ordinal) || type.StartsWith("customer.order.", StringComparison.Ordinal) => Action,
        _ => Effect,
    };
}
