using System.Data.Common;
using System.Text.Json.Nodes;
using Dapper;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Customers;

/// <summary>
/// Forgets a person: the profile goes, and every JSON text that repeats it keeps only the customer's id. A table
/// that comes to hold copies of customers gets its line in <see cref="Copies"/>.
/// </summary>
static class CustomerErasure
{
    const int ChunkMax = 500;

    /// <summary>Where copies lie: the table, the column with JSON as text, its key, and the condition that finds them.</summary>
    static readonly (string Table, string Column, string Key, string Condition)[] Copies =
    [
        ("orders", "body", "id", "customer_id = @id"),
        ("redemptions", "body", "id", "customer_id = @id"),
        ("webhook_sendouts", "payload", "id", "payload LIKE @like ESCAPE '\\'"),
        // Events that wait, or were given up.
        ("outbox", "body", "id", "customer_id = @id"),
        // Kept for a day to answer a repeated request alike.
        ("idempotency_keys", "answer", "key", "answer LIKE @like ESCAPE '\\'"),
    ];

    /// <summary>Erases inside the caller's transaction; null when nothing is known of the customer.</summary>
    public static async Task<PermanentDeletionCounts?> Erase(DbConnection db, string project, string id)
    {
        var found = new Dictionary<string, long>();
        foreach (var (table, column, key, condition) in Copies)
            found[table] = await EraseCopies(db, project, id, $"SELECT {key} AS key, {column} AS text FROM {table} "
                + $"WHERE project_id = @project AND {condition} AND {key} > @after ORDER BY {key} LIMIT {ChunkMax}",
                $"UPDATE {table} SET {column} = @text WHERE project_id = @project AND {key} = @Key");
        // What happened to somebody who is forgotten is forgotten, too.
        var activities = await db.ExecuteAsync("DELETE FROM customer_activities WHERE project_id = @project AND customer_id = @id", new { project, id });
        await db.ExecuteAsync("DELETE FROM customer_event_counts WHERE project_id = @project AND customer_id = @id", new { project, id });
        var segments = await db.ExecuteScalarAsync<long>("SELECT COUNT(*) FROM segment_members WHERE project_id = @project AND customer_id = @id", new { project, id });
        await EraseCalls(db, project, id);
        // A tracking id is how the shop recognises the person.
        await db.ExecuteAsync("UPDATE redemptions SET tracking_id = NULL WHERE project_id = @project AND customer_id = @id", new { project, id });
        var profiles = await CustomerSql.Delete(db, project, id);
        return profiles + found["orders"] + found["redemptions"] + activities == 0
            ? null
            : new PermanentDeletionCounts { CustomerEvents = activities, Segments = segments, Orders = found["orders"], Customer = profiles };
    }

    // Calls that mention the person go as a whole: of a long body only the start is kept, which cannot be mended.
    static async Task EraseCalls(DbConnection db, string project, string id)
    {
        var profile = await CustomerSql.Find(db, project, id);
        foreach (var name in new[] { id, Quoted(profile?.SourceId), Quoted(profile?.Email) })
            if (name is not null)
                await db.ExecuteAsync("""
                    DELETE FROM api_requests WHERE project_id = @project
                        AND (request LIKE @like ESCAPE '\' OR response LIKE @like ESCAPE '\' OR path LIKE @like ESCAPE '\')
                    """, new { project, like = Like(name) });
        if (profile?.SourceId is { } source)
            await db.ExecuteAsync("DELETE FROM api_requests WHERE project_id = @project AND path LIKE @like ESCAPE '\\'", new { project, like = Like("/customers/" + source)[..^1] });
    }

    static string? Quoted(string? text) => text is null ? null : $"\"{text}\"";

    static string Like(string text) =>
        $"%{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal)}%";

    static async Task<long> EraseCopies(DbConnection db, string project, string id, string select, string update)
    {
        var count = 0L;
        var like = Like(id);
        for (var after = ""; ;)
        {
            var rows = (await db.QueryAsync<Copy>(select, new { project, id, like, after })).AsList();
            foreach (var row in rows)
                if (Without(id, row.Text) is { } text)
                    await db.ExecuteAsync(update, new { project, row.Key, text });
            count += rows.Count;
            if (rows.Count < ChunkMax) return count;
            after = rows[^1].Key;
        }
    }

    /// <summary>The JSON text with nothing about the customer but the id; null when it holds nothing else.</summary>
    internal static string? Without(string id, string text)
    {
        if (text.Length == 0 || JsonNode.Parse(text) is not { } root) return null;
        var before = root.ToJsonString(Wire.Options);
        Reduce(id, root, isCustomer: false);
        var after = root.ToJsonString(Wire.Options);
        return after == before ? null : after;
    }

    static void Reduce(string id, JsonNode? node, bool isCustomer)
    {
        if (node is JsonArray list)
            foreach (var item in list) Reduce(id, item, isCustomer: false);
        if (node is not JsonObject thing) return;
        if ((isCustomer || Text(thing, "object") == "customer") && Text(thing, "id") == id)
        {
            foreach (var name in thing.Select(property => property.Key).Where(name => name is not ("id" or "object")).ToArray()) thing.Remove(name);
            return;
        }
        if (thing.ContainsKey("tracking_id")) thing["tracking_id"] = null;
        foreach (var (name, value) in thing) Reduce(id, value, isCustomer: name == "customer");
    }

    static string? Text(JsonObject thing, string name) =>
        thing[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : null;

    sealed class Copy
    {
        public string Key { get; init; } = "";
        public string Text { get; init; } = "";
    }
}
