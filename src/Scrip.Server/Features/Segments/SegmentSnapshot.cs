using NodaTime;
using Scrip.Server.Features.Customers;

namespace Scrip.Server.Features.Segments;

/// <summary>A segment as deciding needs it. Immutable.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Live">The filter of a passive one that the profile alone decides; null when its members are kept rows.</param>
public sealed record SegmentSnapshot(string Id, SegmentFilter? Live)
{
    /// <summary>The segments and loyalty tiers that a customer is in, given as rows before the decision.</summary>
    public const string Members = $"""
        SELECT segment_id FROM segment_members WHERE project_id = @project AND customer_id = (SELECT id FROM ({CustomerSql.SelectNamed}) member)
        UNION ALL SELECT tier_id FROM loyalty_tier_members WHERE project_id = @project AND customer_id = (SELECT id FROM ({CustomerSql.SelectNamed}) holder)
        """;

    /// <summary>The ids of the loyalty tiers among such rows.</summary>
    public static IReadOnlySet<string> Tiers(IReadOnlyList<string> members) => members.Where(id => id.StartsWith("ltr_", StringComparison.Ordinal)).ToHashSet();

    /// <summary>Reads a row.</summary>
    public static SegmentSnapshot Of(SegmentRow row)
    {
        if (row.Type != SegmentTypes.Passive || row.Bind() is not { } filter) return new(row.Id, null);
        return new(row.Id, filter.IsOfProfile ? filter : null);
    }

    /// <summary>
    /// The ids of the segments that the customer of a request is in: of passive ones by the profile as the request leaves
    /// it, of all others as the rows say.
    /// </summary>
    public static IReadOnlySet<string> Of(IReadOnlyDictionary<string, SegmentSnapshot> segments, IReadOnlyList<string> members, CustomerRow row, DateTimeZone zone, long now)
    {
        var inside = new HashSet<string>(StringComparer.Ordinal);
        foreach (var id in members)
            if (segments.GetValueOrDefault(id) is { Live: null }) inside.Add(id);
        Person? person = null;
        foreach (var (id, segment) in segments)
            if (segment.Live is { } filter && filter.Matches(person ??= new Person(row, null, null, null), zone, now)) inside.Add(id);
        return inside;
    }
}
