using System.Data.Common;
using System.Text.Json;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Webhooks;

/// <summary>
/// Writes down what is to be sent: a sendout for each event and each webhook of its project that listens to its type, in
/// the transaction that takes the event out of the outbox.
/// </summary>
static class WebhookSubscriber
{
    /// <summary>The subscriber, under its name in the catalog.</summary>
    public static OutboxSubscription Of(Database database) => new("webhooks", (db, events, now) => Handle(database, db, events, now), async (db, projects, interest) =>
    {
        foreach (var webhook in await WebhookSql.Active(db, database.Dialect, projects))
            foreach (var type in webhook.Events) interest.Add(webhook.ProjectId, type);
    });

    static async Task Handle(Database database, DbConnection db, IReadOnlyList<OutboxEvent> events, long now)
    {
        string[] projects = [.. events.Where(one => one.HasBody && WebhookEvents.Known(one.Type) is not null).Select(one => one.ProjectId).Distinct()];
        if (projects.Length == 0) return;
        var webhooks = (await WebhookSql.Active(db, database.Dialect, projects)).ToLookup(row => row.ProjectId, row => (Row: row, row.Events));
        var rows = (from one in events
                    from webhook in webhooks[one.ProjectId]
                    where one.HasBody && webhook.Events.Contains(one.Type)
                    select Sendout(one, webhook.Row, now)).ToList();
        if (rows.Count > 0) await SendoutSql.Insert(database, db, rows);
    }

    static SendoutRow Sendout(OutboxEvent one, WebhookRow webhook, long now)
    {
        var id = Ids.New("whs_", now);
        return new()
        {
            ProjectId = one.ProjectId,
            Id = id,
            WebhookId = webhook.Id,
            EventId = one.Id,
            Type = one.Type,
            TargetUrl = webhook.TargetUrl,
            Payload = CompactJson.Text(Wire.Element(Payload(id, one, webhook, now))),
            DueAt = now,
            CreatedAt = now,
        };
    }

    static SendoutPayload Payload(string id, OutboxEvent one, WebhookRow webhook, long now)
    {
        var data = Wire.Read<JsonElement>(one.Body);
        var source = one.Source is null ? null : Wire.Read<OutboxSource>(one.Source);
        return new()
        {
            Id = id,
            ProjectId = one.ProjectId,
            CreatedAt = new(now),
            Type = one.Type,
            Data = data,
            Source = new(webhook.Id, webhook.TargetUrl),
            Event = new()
            {
                Id = one.Id,
                Type = one.Type,
                CreatedAt = new(one.CreatedAt),
                EntityId = WebhookEvents.EntityId(one.Type, data),
                GroupId = source?.RequestId,
                EventSource = new(source?.Channel ?? "INTERNAL", source?.AppId is { } key ? new(key) : null),
            },
        };
    }
}
