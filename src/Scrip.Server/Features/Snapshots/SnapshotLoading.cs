using System.Data.Common;
using NodaTime;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Categories;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.ProductCollections;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Segments;
using Scrip.Server.Features.Stacking;
using Scrip.Server.Features.Usages;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Snapshots;

/// <summary>
/// Reads a project's configuration: whole the first time, later what changed since. What did not change is shared
/// with the snapshot before, so that saving one promotion among ten thousand costs one row.
/// </summary>
static class SnapshotLoading
{
    /// <summary>The configuration of now. The version is read first: what is written in between makes the snapshot newer than it says, never older.</summary>
    public static async Task<ProjectSnapshot> Load(DbConnection db, Dialect dialect, string projectId, ProjectSnapshot? before)
    {
        var project = await ProjectSql.Find(db, projectId);
        var version = project?.Version ?? 0;
        var changes = before is null ? null : await ConfigChanges.Between(db, projectId, before.Version, version);
        if (changes is null) before = null;
        var settings = project is null ? null : Wire.Read<ProjectBody>(project.Body);
        var zone = settings?.Timezone;
        // Before the rules: what is assigned was there when the rules are read, unless it was deleted since.
        var assigned = await Part(before?.Assigned, changes?.Of(ConfigKind.RuleAssignment),
            ids => AssignmentSql.OfConfiguration(db, dialect, projectId, ids), one => one.ObjectId, one => one);
        var rules = await Part(before?.Rules, changes?.Of(ConfigKind.ValidationRule),
            ids => ValidationRuleSql.Of(db, dialect, projectId, ids), row => row.Id, row => row.Bind());
        var schemas = await Part(before?.MetadataSchemas, changes?.Of(ConfigKind.MetadataSchema),
            ids => MetadataSchemaSql.Of(db, dialect, projectId, ids), row => row.Id, SchemaSnapshot.Of);
        return new ProjectSnapshot
        {
            ProjectId = projectId,
            Version = version,
            Derived = before?.Derived.After(Changes(changes!)) ?? new(),
            Zone = (zone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)) ?? DateTimeZone.Utc,
            WeekStart = settings?.FirstDayOfWeek switch { "SATURDAY" => IsoDayOfWeek.Saturday, "SUNDAY" => IsoDayOfWeek.Sunday, _ => IsoDayOfWeek.Monday },
            Campaigns = await Part(before?.Campaigns, changes?.Of(ConfigKind.Campaign),
                ids => CampaignSql.Live(db, dialect, projectId, ids), row => row.Id, CampaignSnapshot.Of),
            Tiers = await Part(before?.Tiers, changes?.Of(ConfigKind.Tier),
                ids => TierSql.All(db, dialect, projectId, ids), row => row.Id, TierSnapshot.Of),
            Stacks = await Part(before?.Stacks, changes?.Of(ConfigKind.Stack),
                ids => StackApi.All(db, dialect, projectId, ids), row => row.Id, StackSnapshot.Of),
            Stacking = before is not null && changes!.Of(ConfigKind.StackingRules) is []
                ? before.Stacking
                : (await StackingSql.Find(db, projectId))?.Rules() ?? StackingRules.Default,
            Assigned = assigned,
            Rules = rules,
            Counted = ReferenceEquals(rules, before?.Rules) ? before!.Counted : UsageKinds.Of(rules.Values),
            Counting = project?.Counting ?? 0,
            AsksSegments = ReferenceEquals(rules, before?.Rules) ? before!.AsksSegments : rules.Values.Any(rule => rule.AsksSegments),
            Segments = await Part(before?.Segments, changes?.Of(ConfigKind.Segment),
                ids => SegmentSql.Of(db, dialect, projectId, ids), row => row.Id, SegmentSnapshot.Of),
            Rewards = await Part(before?.Rewards, changes?.Of(ConfigKind.Reward),
                ids => RewardSql.Assigned(db, dialect, projectId, ids), one => one.Reward.Id, RewardSnapshot.Of),
            MetadataSchemas = schemas,
            Schemas = ReferenceEquals(schemas, before?.MetadataSchemas) ? before!.Schemas : SchemaSnapshot.Set(schemas),
            Categories = await Part(before?.Categories, changes?.Of(ConfigKind.Category),
                ids => ids is null ? CategorySql.All(db, projectId) : CategorySql.Among(db, dialect, projectId, ids), row => row.Id, row => row.Show()),
            Collections = await Part(before?.Collections, changes?.Of(ConfigKind.ProductCollection),
                ids => CollectionSql.Of(db, dialect, projectId, ids), row => row.Id, CollectionSnapshot.Of),
        };
    }

    static SnapshotChanges Changes(ConfigChanges changes)
    {
        HashSet<string> Of(string kind) => new(changes.Of(kind), StringComparer.Ordinal);
        return new(Of(ConfigKind.Campaign), Of(ConfigKind.Tier), Of(ConfigKind.Stack), Of(ConfigKind.ValidationRule), Of(ConfigKind.RuleAssignment), Of(ConfigKind.Category));
    }

    // Before and changed are both null, or neither.
    static async Task<IReadOnlyDictionary<string, T>> Part<TRow, T>(
        IReadOnlyDictionary<string, T>? before, string[]? changed, Func<string[]?, Task<List<TRow>>> load, Func<TRow, string> id, Func<TRow, T> of)
    {
        if (before is not null && changed is { Length: 0 }) return before;
        var rows = await load(changed);
        var after = before is null ? new Dictionary<string, T>(rows.Count, StringComparer.Ordinal) : new Dictionary<string, T>(before, StringComparer.Ordinal);
        foreach (var gone in changed ?? []) after.Remove(gone);
        foreach (var row in rows) after[id(row)] = of(row);
        return after;
    }
}
