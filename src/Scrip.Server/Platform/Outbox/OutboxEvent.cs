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
}

/// <summary>
/// Does what follows from events, in the transaction that takes them out of the outbox, so that its effects are there
/// once. It writes through the connection only and awaits nothing else; what goes out to other machines it writes down
/// for another worker to send. An exception puts the events back.
/// </summary>
/// <param name="db">The connection of the transaction.</param>
/// <param name="events">In the order in which they happened; perhaps of several projects.</param>
/// <param name="now">Unix milliseconds.</param>
public delegate Task OutboxSubscriber(DbConnection db, IReadOnlyList<OutboxEvent> events, long now);

/// <summary>All subscribers, by name, in the order in which they are called.</summary>
public sealed record OutboxCatalog(IReadOnlyList<(string Name, OutboxSubscriber Handle)> Subscribers);
