using System.Data.Common;
using System.Text.Json;
using Dapper;
using Scrip.Server.Features.Events;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Activities;

/// <summary>Keeps what happens to customers, as a subscriber of events.</summary>
static class ActivitySql
{
    static readonly (string Name, bool IsJson)[] Columns =
    [
        ("project_id", false), ("id", false), ("customer_id", false), ("type", false), ("category", false), ("campaign_id", false),
        ("campaign_type", false), ("products", false), ("created_at", false), ("source", false), ("told_by", false), ("body", false), ("also", false),
    ];

    const string Count = """
        INSERT INTO customer_event_counts (project_id, customer_id, name, count, first_at, last_at)
        VALUES (@ProjectId, @CustomerId, @name, @count, @first, @last)
        ON CONFLICT (project_id, customer_id, name) DO UPDATE SET count = customer_event_counts.count + excluded.count,
            first_at = CASE WHEN excluded.first_at < customer_event_counts.first_at THEN excluded.first_at ELSE customer_event_counts.first_at END,
            last_at = CASE WHEN excluded.last_at > customer_event_counts.last_at THEN excluded.last_at ELSE customer_event_counts.last_at END
        """;

    /// <summary>
    /// Adds a row for each event of a customer, and counts custom events. Of what can be told again only the short event is
    /// kept, once and in one row for all it stands for: they are put together when somebody looks. What a customer was like
    /// cannot, so that is kept.
    /// </summary>
    public static OutboxSubscription Subscription(Database database) => new("activities", (db, events, _) => Keep(database, db, events), (_, projects, interest) =>
    {
        foreach (var project in projects)
        {
            interest.Add(project, EventTypes.CustomerCreated);
            interest.Add(project, EventTypes.CustomerUpdated);
        }
        return Task.CompletedTask;
    });

    static async Task Keep(Database database, DbConnection db, IReadOnlyList<OutboxEvent> events)
    {
        var mine = events.Where(one => one.CustomerId is not null && one.Type.StartsWith("customer.", StringComparison.Ordinal)).ToList();
        if (mine.Count == 0) return;
        var kept = new Dictionary<(string Customer, string Event), string>();
        await database.BulkInsert(db, "customer_activities", Columns, Rows(mine).Select(together => Values(together, kept)));
        var counted = mine.Where(one => one.Type == EventTypes.CustomEvent).Select(one => (Event: one, Name: NameOf(one)))
            .GroupBy(one => (one.Event.ProjectId, one.Event.CustomerId, one.Name));
        // In one order, so that two batches never wait for each other.
        foreach (var group in counted.OrderBy(one => one.Key.ProjectId, StringComparer.Ordinal).ThenBy(one => one.Key.CustomerId, StringComparer.Ordinal).ThenBy(one => one.Key.Name, StringComparer.Ordinal))
            await db.ExecuteAsync(Count, new
            {
                group.Key.ProjectId,
                group.Key.CustomerId,
                name = group.Key.Name,
                count = group.LongCount(),
                first = group.Min(one => one.Event.CreatedAt),
                last = group.Max(one => one.Event.CreatedAt),
            });
    }

    // Those that go into one row: all in a row that a short event stands for and that are about the same products; else each.
    static IEnumerable<List<OutboxEvent>> Rows(List<OutboxEvent> events)
    {
        var together = new List<OutboxEvent>();
        foreach (var one in events)
        {
            if (together.Count > 0 && !MayJoin(together[0], one))
            {
                yield return together;
                together = [];
            }
            together.Add(one);
        }
        yield return together;
    }

    static bool MayJoin(OutboxEvent first, OutboxEvent one) => first is { Short: not null, Gist: { } gist } && one is { Short: not null, Gist: { } other }
        && first.CustomerId == one.CustomerId && gist.Products == other.Products && ActivityRow.EventOf(first.Id) == ActivityRow.EventOf(one.Id);

    // The first row of a short event keeps it, others name that row.
    static object?[] Values(List<OutboxEvent> together, Dictionary<(string Customer, string Event), string> kept)
    {
        var one = together[0];
        var category = ActivityRow.CategoryOf(one.Type);
        if (one is { Short: { } brief, Gist: { } gist })
        {
            var whose = (one.CustomerId!, ActivityRow.EventOf(one.Id));
            var keeps = kept.TryAdd(whose, one.Id) ? brief.Body : Wire.Text(kept[whose]);
            var also = together.Count == 1 ? null : Wire.Text(together.Skip(1).Select(OtherActivity.Of).ToArray());
            return [one.ProjectId, one.Id, one.CustomerId, one.Type, category, gist.CampaignId, gist.CampaignType, gist.Products, one.CreatedAt, one.Source, brief.Type, keeps, also];
        }
        using var body = JsonDocument.Parse(one.Body);
        var (campaign, type) = (default(string), default(string));
        if (body.RootElement.TryGetProperty("campaign", out var told) && told.ValueKind == JsonValueKind.Object)
        {
            campaign = Text(told, "id");
            type = Text(told, "campaign_type");
        }
        return [one.ProjectId, one.Id, one.CustomerId, one.Type, category, campaign, type, Products(body.RootElement), one.CreatedAt, one.Source, null, one.Body, null];
    }

    /// <summary>The short events that rows of a customer keep, by the ids of the rows.</summary>
    public static async Task<Dictionary<string, string>> Kept(DbConnection db, Dialect dialect, string project, string customer, string[] ids) =>
        (await db.QueryAsync<ActivityRow>($"SELECT id, body FROM customer_activities WHERE project_id = @project AND customer_id = @customer AND {dialect.Among("id", "@ids")}",
            new { project, customer, ids = dialect.Texts(ids) })).ToDictionary(row => row.Id, row => row.Body);

    static string? Text(JsonElement thing, string name) => thing.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    static string? Products(JsonElement body)
    {
        if (!body.TryGetProperty("order", out var order) || order.ValueKind != JsonValueKind.Object
            || !order.TryGetProperty("items", out var items) || items.ValueKind != JsonValueKind.Array) return null;
        var ids = items.EnumerateArray().Select(item => Text(item, "product_id")).OfType<string>().Distinct().ToArray();
        return ids.Length == 0 ? null : $" {string.Join(' ', ids)} ";
    }

    static string NameOf(OutboxEvent one)
    {
        using var body = JsonDocument.Parse(one.Body);
        return body.RootElement.GetProperty("event").GetProperty("type").GetString()!;
    }
}
