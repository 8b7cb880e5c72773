using System.Collections.Concurrent;
using NodaTime;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.ProductCollections;
using Scrip.Server.Platform.Data;
using Category = Scrip.Server.Features.Categories.Category;

namespace Scrip.Server.Features.Snapshots;

/// <summary>
/// The configuration of one project at one version: every campaign that is not deleted, and the settings that
/// deciding needs. Never changed; a newer version is another snapshot.
/// </summary>
public sealed record ProjectSnapshot
{
    /// <summary>The project's id.</summary>
    public required string ProjectId { get; init; }

    /// <summary>The version of the configuration that this is, or an older one.</summary>
    public required long Version { get; init; }

    /// <summary>The project's time zone.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>Campaigns that are not deleted, by id.</summary>
    public required IReadOnlyDictionary<string, CampaignSnapshot> Campaigns { get; init; }

    /// <summary>How redeemables of one request combine.</summary>
    public StackingRules Stacking { get; init; } = StackingRules.Default;

    /// <summary>Categories by id.</summary>
    public required IReadOnlyDictionary<string, Category> Categories { get; init; }

    /// <summary>Product collections by id.</summary>
    public required IReadOnlyDictionary<string, CollectionSnapshot> Collections { get; init; }

    /// <summary>The category; null when there is no such one.</summary>
    public Category? Category(string? id) => id is null ? null : Categories.GetValueOrDefault(id);

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
        lock (entry) loading = entry.Loading ??= db.Read(connection => SnapshotLoading.Load(connection, db.Dialect, projectId, entry.Snapshot));
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
