using System.Data.Common;

namespace Scrip.Server.Platform.Outbox;

/// <summary>A row of <c>outbox</c>: something that happened and that others want to know of.</summary>
public sealed class OutboxEvent
{
    /// <summary>The project it happened in.</summary>
    public string ProjectId { get; init; } = "";

    /// <summary>Its identifier, <c>ev_…</c>; subscribers know by it what they did already.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its type, such as <c>customer.created</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The customer it is about; null when it is about none.</summary>
    public string? CustomerId { get; init; }

    /// <summary>What there is to know, as JSON.</summary>
    public string Body { get; init; } = "{}";

    /// <summary>When it happened, in Unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>How often it was tried in vain.</summary>
    public long Attempts { get; init; }

    /// <summary>Who made it happen, as JSON of <see cref="OutboxSource"/>; null when the server did by itself.</summary>
    public string? Source { get; init; }

    /// <summary>Which lane it is in.</summary>
    public long Lane { get; init; }

    /// <summary>The same happening under another type, with all there is to know: the <paramref name="place"/>-th event it stands for.</summary>
    public OutboxEvent As(string type, string? customerId, string body, int place) => new()
    {
        ProjectId = ProjectId,
        Id = $"{Id}{Ids.Digit(place)}",
        Type = type,
        CustomerId = customerId,
        Body = body,
        CreatedAt = CreatedAt,
        Attempts = Attempts,
        Source = Source,
        Lane = Lane,
    };
}

/// <summary>Who made something happen.</summary>
/// <param name="Channel"><c>API</c>, <c>CLIENT_API</c> or <c>INTERNAL</c>.</param>
/// <param name="AppId">The application key; null when there was none.</param>
/// <param name="RequestId">The request.</param>
public sealed record OutboxSource(string Channel, string? AppId, string? RequestId);

/// <summary>
/// Turns events as features write them, short and with ids, into the documented ones that subscribers see. It reads
/// through the connection only, keeps the order, and answers the same for the same event each time.
/// </summary>
/// <param name="db">The connection of the transaction.</param>
/// <param name="events">In the order in which they happened; perhaps of several projects.</param>
public delegate Task<IReadOnlyList<OutboxEvent>> OutboxExpander(DbConnection db, IReadOnlyList<OutboxEvent> events);

/// <summary>
/// Does what follows from events, in the transaction that takes them out of the outbox, so that its effects are there
/// once. It writes through the connection only and awaits nothing else; what goes out to other machines it writes down
/// for another worker to send. An exception puts the events back.
/// </summary>
/// <param name="db">The connection of the transaction.</param>
/// <param name="events">In the order in which they happened; perhaps of several projects.</param>
/// <param name="now">Unix milliseconds.</param>
public delegate Task OutboxSubscriber(DbConnection db, IReadOnlyList<OutboxEvent> events, long now);

/// <summary>What is done with events.</summary>
/// <param name="Expand">First: all that subscribers see of them.</param>
/// <param name="Subscribers">Then all subscribers, by name, in the order in which they are called.</param>
public sealed record OutboxCatalog(OutboxExpander Expand, IReadOnlyList<(string Name, OutboxSubscriber Handle)> Subscribers);
