using System.Collections.Concurrent;
using System.Collections.Frozen;
using NodaTime;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Campaigns;

/// <summary>What deciding needs to know of a campaign.</summary>
public sealed record CampaignSnapshot
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    /// <summary>DISCOUNT_COUPONS or GIFT_VOUCHERS.</summary>
    public required string CampaignType { get; init; }
    /// <summary>AUTO_UPDATE, STATIC or STANDALONE.</summary>
    public required string Type { get; init; }
    /// <summary>Whether it is active, from when until when, and its recurring times.</summary>
    public required Schedule Schedule { get; init; }
    /// <summary>The free text that names its category.</summary>
    public string? Category { get; init; }
}

/// <summary>
/// The configuration of one project at one version: every campaign that is not deleted, and the settings that
/// deciding needs. Never changed; a newer version is another snapshot.
/// </summary>
public sealed record ProjectSnapshot(string ProjectId, long Version, DateTimeZone Zone, FrozenDictionary<string, CampaignSnapshot> Campaigns)
{
    /// <summary>The campaign, or null when there is none or it is deleted.</summary>
    public CampaignSnapshot? Campaign(string? id) => id is null ? null : Campaigns.GetValueOrDefault(id);
}

/// <summary>
/// Keeps this node's snapshots. A caller names the version it read together with its other facts; an older
/// snapshot is loaded again before it is handed out, by one reader at a time for each project.
/// </summary>
public sealed class SnapshotCache(Database db)
{
    const int ProjectsMax = 500;

    readonly ConcurrentDictionary<string, Entry> entries = new(StringComparer.Ordinal);
    long clock;

    /// <summary>The project's configuration, not older than the version. Not to be awaited inside a write.</summary>
    public ValueTask<ProjectSnapshot> Get(string projectId, long version)
    {
        var entry = entries.GetOrAdd(projectId, static _ => new Entry());
        entry.UsedAt = Interlocked.Increment(ref clock);
        return entry.Snapshot is { } known && known.Version >= version ? new(known) : new(Reload(entry, projectId, version));
    }

    async Task<ProjectSnapshot> Reload(Entry entry, string projectId, long version)
    {
        Sweep();
        // A load that others began may have read before the version was written; one that begins now has not.
        var joined = await Joined(entry, projectId);
        return joined.Version >= version ? joined : await Joined(entry, projectId);
    }

    async Task<ProjectSnapshot> Joined(Entry entry, string projectId)
    {
        Task<ProjectSnapshot> loading;
        lock (entry) loading = entry.Loading ??= Load(projectId);
        try
        {
            return entry.Snapshot = await loading;
        }
        finally
        {
            lock (entry)
                if (entry.Loading == loading) entry.Loading = null;
        }
    }

    // The version is read first: what is written in between makes the snapshot newer than it says, never older.
    Task<ProjectSnapshot> Load(string projectId) => db.Read(async connection =>
    {
        var project = await ProjectSql.Find(connection, projectId);
        var zone = project is null ? null : Wire.Read<ProjectBody>(project.Body).Timezone;
        var campaigns = await CampaignSql.All(connection, projectId);
        return new ProjectSnapshot(projectId, project?.Version ?? 0,
            (zone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)) ?? DateTimeZone.Utc,
            campaigns.ToFrozenDictionary(row => row.Id, Of, StringComparer.Ordinal));
    });

    static CampaignSnapshot Of(CampaignRow row)
    {
        var body = Wire.Read<CampaignBody>(row.Body);
        return new CampaignSnapshot
        {
            Id = row.Id,
            Name = row.Name,
            CampaignType = row.CampaignType,
            Type = body.Type,
            Category = body.Category,
            Schedule = new(row.Active, row.StartsAt, row.ExpiresAt,
                VoucherFacts.Frame(body.ValidityTimeframe, body.ValidityDayOfWeek, body.ValidityHours)),
        };
    }

    // Projects that were not asked for in a long while make room.
    void Sweep()
    {
        if (entries.Count <= ProjectsMax) return;
        foreach (var (id, _) in entries.OrderBy(pair => pair.Value.UsedAt).Take(entries.Count - ProjectsMax + ProjectsMax / 10).ToArray())
            entries.TryRemove(id, out _);
    }

    sealed class Entry
    {
        public volatile ProjectSnapshot? Snapshot;
        public Task<ProjectSnapshot>? Loading;
        public long UsedAt;
    }
}
