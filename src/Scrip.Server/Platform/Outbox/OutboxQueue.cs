using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Outbox;

/// <summary>
/// Events are rows added in the transaction that makes them happen. Each goes into one of a few lanes by its customer;
/// a lane is worked by one node at a time, which keeps a customer's events in order.
/// </summary>
public static class OutboxQueue
{
    /// <summary>How many lanes there are.</summary>
    public const int Lanes = 8;

    const string Insert = """
        INSERT INTO outbox (project_id, id, type, customer_id, lane, body, source, created_at, due_at)
        VALUES (@project, @id, @type, @customer, @lane, @body, @source, @now, @now)
        """;

    /// <summary>Adds an event inside a write. Events of one process are handled in the order in which they are added here.</summary>
    /// <param name="db">The connection of the write.</param>
    /// <param name="project">The project.</param>
    /// <param name="type">Its type.</param>
    /// <param name="customer">The customer whose order it keeps; null when it is about none.</param>
    /// <param name="body">JSON.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="source">JSON of <see cref="OutboxSource"/>.</param>
    public static Task Add(DbConnection db, string project, string type, string? customer, string body, long now, string? source = null) =>
        db.ExecuteAsync(Insert, new { project, id = Ids.Ordered("ev_", now), type, customer, lane = Lane(customer ?? project), body, source, now });

    /// <summary>Adds an event to a batch; see <see cref="Add(DbConnection, string, string, string?, string, long, string?)"/>.</summary>
    public static Batch Add(Batch batch, string project, string type, string? customer, string body, long now, string? source = null) => batch.Add(Insert,
        ("project", project), ("id", Ids.Ordered("ev_", now)), ("type", type), ("customer", Typed.Of(customer)),
        ("lane", Lane(customer ?? project)), ("body", body), ("source", Typed.Of(source)), ("now", now));

    /// <summary>Keeps all workers out until the transaction ends, and waits for those at work. SQLite has one writer anyway.</summary>
    public static Task HoldAll(DbConnection db, Dialect dialect) => OutboxSql.TakeAll(db, dialect);

    /// <summary>The lane of a customer, or of a project's events without one; the same on every node.</summary>
    public static long Lane(string key)
    {
        var hash = 2166136261;
        foreach (var letter in key) hash = (hash ^ letter) * 16777619;
        return hash % Lanes;
    }
}
