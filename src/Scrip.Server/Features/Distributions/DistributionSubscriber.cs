using System.Data.Common;
using System.Text.Json;
using Scrip.Server.Features.Customers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Distributions;

/// <summary>Sets distributions off when what they wait for happens. Messages go into a queue; nothing is sent from here.</summary>
static class DistributionSubscriber
{
    /// <summary>The subscriber.</summary>
    public static OutboxSubscription Of(Dialect dialect) => new("distributions", (db, events, now) => Handle(db, dialect, events, now), async (db, projects, interest) =>
    {
        foreach (var row in await DistributionSql.Live(db, dialect, projects, Triggers.Events.Keys.ToArray()))
            if (Triggers.Events.TryGetValue(row.TriggerType, out var type)) interest.Add(row.ProjectId, type);
    });

    static async Task Handle(DbConnection db, Dialect dialect, IReadOnlyList<OutboxEvent> events, long now)
    {
        var happened = events.Select(one => (Event: one, Trigger: Triggers.Of(one))).Where(one => one.Event.HasBody && one.Trigger is not null).ToArray();
        if (happened.Length == 0) return;
        var live = await DistributionSql.Live(db, dialect, [.. happened.Select(one => one.Event.ProjectId).Distinct()], [.. happened.Select(one => one.Trigger!).Distinct()]);
        if (live.Count == 0) return;
        foreach (var (one, trigger) in happened)
        {
            foreach (var row in live.Where(row => row.ProjectId == one.ProjectId && row.TriggerType == trigger))
                await Consider(db, dialect, row, one, now);
        }
    }

    static async Task Consider(DbConnection db, Dialect dialect, DistributionRow row, OutboxEvent happened, long now)
    {
        // One that was made after the event is not set off by it.
        if (happened.CreatedAt < row.CreatedAt) return;
        var body = Platform.Http.Wire.Read<DistributionBody>(row.Body);
        using var parsed = JsonDocument.Parse(happened.Body);
        if (!Triggers.Matches(body.Trigger, parsed.RootElement)) return;
        if (body.Action.Type == DistributionTerms.Publish && Triggers.IsOurOwn(parsed.RootElement)) return;
        if (await CustomerSql.Find(db, happened.ProjectId, happened.CustomerId!) is not { } customer) return;
        var occasion = new Occasion(happened.Id, happened.Type, Triggers.VoucherOf(parsed.RootElement), Triggers.CampaignOf(parsed.RootElement));
        await Delivering.Deliver(db, dialect, row, body, customer, occasion, now);
    }
}
