using System.Data.Common;
using System.Text.Json;
using NodaTime;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Segments;

/// <summary>
/// Moves customers between segments as things happen to them: only segments that mention what changed are asked, and
/// those that mention a segment somebody entered or left, in turn. A subscriber of events.
/// </summary>
static class SegmentFlow
{
    // A segment mentions older ones only, so that this many rounds are never needed.
    const int RoundsMax = 100;

    public static OutboxSubscriber Subscriber(Dialect dialect) => async (db, events, now) =>
    {
        foreach (var project in events.Where(one => one.CustomerId is not null).GroupBy(one => one.ProjectId))
        {
            var touched = new Dictionary<string, HashSet<string>>();
            foreach (var one in project)
                foreach (var topic in TopicsOf(one))
                    (touched.TryGetValue(one.CustomerId!, out var known) ? known : touched[one.CustomerId!] = []).Add(topic);
            if (touched.Count == 0) continue;
            var segments = (await SegmentSql.Filtered(db, project.Key)).ConvertAll(row => (Row: row, Filter: row.Bind()!));
            if (segments.Count == 0) continue;
            var zone = await Zone(db, project.Key);
            for (var round = 0; round < RoundsMax && touched.Count > 0; round++)
                touched = await Round(db, dialect, project.Key, segments, touched, zone, now);
        }
    };

    /// <summary>The project's time zone, in which birthdays are.</summary>
    public static async Task<DateTimeZone> Zone(DbConnection db, string project) =>
        (await ProjectSql.Find(db, project) is { } row && Wire.Read<ProjectBody>(row.Body).Timezone is { } name ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) : null) ?? DateTimeZone.Utc;

    const string Everything = "*";

    static IEnumerable<string> TopicsOf(OutboxEvent one) => one.Type switch
    {
        // Of somebody new, what is missing may be what a filter asks for.
        EventTypes.CustomerCreated => [Everything],
        EventTypes.CustomerUpdated => [Topics.Profile],
        ShortTypes.OrderImported => [Wire.Read<CustomerHappened>(one.Body).IsNew ? Everything : Topics.Orders],
        EventTypes.CustomEvent => [Topics.EventPrefix + NameOf(one.Body)],
        EventTypes.GiftTransaction or EventTypes.CustomerGiftBalanceAdded or EventTypes.CustomerPublicationSucceeded or EventTypes.HolderAssigned
            or EventTypes.HolderUnassigned or EventTypes.VoucherDeleted or EventTypes.PointsTransaction => [Topics.Redemptions, Topics.Loyalty],
        _ when one.Type.StartsWith("customer.redemption.", StringComparison.Ordinal) => [Topics.Redemptions, Topics.Loyalty],
        _ when one.Type.StartsWith("customer.order.", StringComparison.Ordinal) => [Topics.Orders],
        _ => [],
    };

    static string NameOf(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty("event").GetProperty("type").GetString()!;
    }

    static bool Concerns(SegmentFilter filter, HashSet<string> topics) => topics.Contains(Everything) || filter.Mentions.Overlaps(topics);

    // Answers who entered or left what, for the segments that mention it.
    static async Task<Dictionary<string, HashSet<string>>> Round(DbConnection db, Dialect dialect, string project,
        List<(SegmentRow Row, SegmentFilter Filter)> segments, Dictionary<string, HashSet<string>> touched, DateTimeZone zone, long now)
    {
        var asked = segments.Where(one => touched.Values.Any(topics => Concerns(one.Filter, topics))).ToList();
        if (asked.Count == 0) return [];
        var customers = touched.Where(one => asked.Any(segment => Concerns(segment.Filter, one.Value))).Select(one => one.Key).Order(StringComparer.Ordinal).ToArray();
        var people = await SegmentSql.People(db, dialect, project, customers, asked.SelectMany(one => one.Filter.Mentions).ToHashSet());
        var members = await SegmentSql.Memberships(db, dialect, project, customers);
        var moved = new Dictionary<string, HashSet<string>>();
        foreach (var person in people)
            foreach (var (row, filter) in asked)
            {
                var id = person.Row.Id;
                if (!Concerns(filter, touched[id])) continue;
                var holds = filter.Matches(person, zone, now);
                if (holds == members[id].Contains(row.Id) || !await Move(db, dialect, project, person.Row, row, holds, now)) continue;
                // Older segments are asked first, and those that mention them see it.
                person.Moved(row.Id, holds);
                (moved.TryGetValue(id, out var known) ? known : moved[id] = []).Add(Topics.SegmentPrefix + row.Id);
            }
        return moved;
    }

    /// <summary>Lets a customer into a segment or out of it, and tells of it where the segment is one that tells. False when nothing changed.</summary>
    public static async Task<bool> Move(DbConnection db, Dialect dialect, string project, CustomerRow customer, SegmentRow segment, bool enters, long now)
    {
        var changed = enters ? await SegmentSql.Enter(db, project, customer.Id, segment.Id, now) : await SegmentSql.Leave(db, project, customer.Id, segment.Id);
        if (changed && segment.Type == SegmentTypes.AutoUpdate) await Tell(db, dialect, project, customer, segment, enters, now);
        return changed;
    }

    static async Task Tell(DbConnection db, Dialect dialect, string project, CustomerRow customer, SegmentRow segment, bool enters, long now)
    {
        var summary = (await CustomerSummarySql.Of(db, dialect, project, [customer.Id])).GetValueOrDefault(customer.Id);
        await Happening.Tell(db, project, enters ? EventTypes.SegmentEntered : EventTypes.SegmentLeft, customer.Id,
            new SegmentTold(CustomerView.Show(customer, summary), new(segment.Id, segment.Name)), now);
    }
}
