using System.Collections.Concurrent;
using NodaTime;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;
using Scrip.Engine.Schemas;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.ProductCollections;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Segments;
using Scrip.Server.Features.Usages;
using Scrip.Server.Features.ValidationRules;
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

    /// <summary>The first day of the project's week.</summary>
    public IsoDayOfWeek WeekStart { get; init; } = IsoDayOfWeek.Monday;

    /// <summary>Campaigns that are not deleted, by id.</summary>
    public required IReadOnlyDictionary<string, CampaignSnapshot> Campaigns { get; init; }

    /// <summary>How redeemables of one request combine.</summary>
    public StackingRules Stacking { get; init; } = StackingRules.Default;

    /// <summary>Promotion tiers that are not deleted, by id; their campaign may be.</summary>
    public required IReadOnlyDictionary<string, TierSnapshot> Tiers { get; init; }

    /// <summary>Promotion stacks that are not deleted, by id; their campaign and tiers may be.</summary>
    public required IReadOnlyDictionary<string, StackSnapshot> Stacks { get; init; }

    /// <summary>The tier, or null when there is none or it or its campaign is deleted.</summary>
    public TierSnapshot? Tier(string id) => Tiers.GetValueOrDefault(id) is { } tier && Campaigns.ContainsKey(tier.CampaignId) ? tier : null;

    /// <summary>The stack, or null when there is none or it or its campaign is deleted.</summary>
    public StackSnapshot? Stack(string id) => Stacks.GetValueOrDefault(id) is { } stack && Campaigns.ContainsKey(stack.CampaignId) ? stack : null;

    /// <summary>Categories by id.</summary>
    public required IReadOnlyDictionary<string, Category> Categories { get; init; }

    /// <summary>Product collections by id.</summary>
    public required IReadOnlyDictionary<string, CollectionSnapshot> Collections { get; init; }

    /// <summary>Validation rules by id, bound once.</summary>
    public required IReadOnlyDictionary<string, Rule> Rules { get; init; }

    /// <summary>The rules of campaigns and promotion tiers, by the id of those.</summary>
    public required IReadOnlyDictionary<string, ObjectRules> Assigned { get; init; }

    /// <summary>The kinds of usage counters that some rule looks at, so that all redemptions have to keep them.</summary>
    public required UsageKinds Counted { get; init; }

    /// <summary>How often the project got kinds of counters that it had not; a commit makes sure that it is still so.</summary>
    public required long Counting { get; init; }

    /// <summary>Whether some rule looks at segments, so that those of the customer are loaded.</summary>
    public required bool AsksSegments { get; init; }

    /// <summary>Segments by id.</summary>
    public required IReadOnlyDictionary<string, SegmentSnapshot> Segments { get; init; }

    /// <summary>Rewards that are assigned to some campaign, by id.</summary>
    public required IReadOnlyDictionary<string, RewardSnapshot> Rewards { get; init; }

    /// <summary>Metadata schemas by id.</summary>
    public required IReadOnlyDictionary<string, SchemaSnapshot> MetadataSchemas { get; init; }

    /// <summary>The same, to hold metadata against.</summary>
    public required SchemaSet Schemas { get; init; }

    /// <summary>What a feature works out of it.</summary>
    internal Derived Derived { get; init; } = new();

    /// <summary>
    /// The rules of a campaign and of something in it: both have to hold. One that is not known never holds.
    /// </summary>
    /// <param name="campaignId">The campaign; null without one.</param>
    /// <param name="own">Ids of the rules of the voucher; null or empty when it has none.</param>
    /// <param name="tierId">The promotion tier; null for a voucher.</param>
    public IReadOnlyList<Rule> RulesOf(string? campaignId, IReadOnlyList<string>? own, string? tierId = null)
    {
        var ofCampaign = campaignId is null ? null : Assigned.GetValueOrDefault(campaignId)?.RuleIds;
        var ofTier = tierId is null ? null : Assigned.GetValueOrDefault(tierId)?.RuleIds;
        if (ofCampaign is null && ofTier is null && own is null or []) return [];
        return [.. (ofCampaign ?? []).Concat(ofTier ?? []).Concat(own ?? []).Distinct(StringComparer.Ordinal).Select(id => Rules.GetValueOrDefault(id) ?? Rule.Never(id))];
    }

    /// <summary>The owners among a redeemable and its campaign that have counters. What belongs to no campaign, or to one that is gone, may have some.</summary>
    public IEnumerable<string> Owners(string? incentive, string? campaign) =>
        campaign is not null && Campaigns.GetValueOrDefault(campaign) is { IsCounted: false } ? [] : Counted.Owners(incentive, campaign);

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

    /// <summary>The newest configuration that this node has, whatever its version; null when it has none.</summary>
    public ProjectSnapshot? Known(string projectId) => entries.TryGetValue(projectId, out var entry) ? entry.Snapshot : null;

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
