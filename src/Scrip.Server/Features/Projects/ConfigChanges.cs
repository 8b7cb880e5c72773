using System.Data.Common;
using Dapper;

namespace Scrip.Server.Features.Projects;

/// <summary>Kinds of configuration that a snapshot keeps apart; each is reloaded by the ids that changed.</summary>
public static class ConfigKind
{
    /// <summary>The project's own settings.</summary>
    public const string Project = "project";

    /// <summary>Campaigns.</summary>
    public const string Campaign = "campaign";

    /// <summary>Promotion tiers.</summary>
    public const string Tier = "promotion_tier";

    /// <summary>Promotion stacks.</summary>
    public const string Stack = "promotion_stack";

    /// <summary>Categories.</summary>
    public const string Category = "category";

    /// <summary>The project's stacking rules, always as a whole.</summary>
    public const string StackingRules = "stacking_rules";

    /// <summary>Product collections.</summary>
    public const string ProductCollection = "products_collection";

    /// <summary>Segments of customers.</summary>
    public const string Segment = "segment";

    /// <summary>Rewards, with the campaigns they are assigned to.</summary>
    public const string Reward = "reward";

    /// <summary>Validation rules.</summary>
    public const string ValidationRule = "validation_rule";

    /// <summary>The rules that campaigns and promotion tiers are assigned to, by the ids of those.</summary>
    public const string RuleAssignment = "rule_assignment";

    /// <summary>Metadata schemas.</summary>
    public const string MetadataSchema = "metadata_schema";
}

/// <summary>
/// What changed between two versions of a project's configuration. The row of the project is locked by each change
/// until it commits, so versions are committed in their order and none is missed.
/// </summary>
public sealed class ConfigChanges
{
    const int KeptVersions = 10_000;
    const int ChangesMax = 2000;

    readonly ILookup<string, string> byKind;

    ConfigChanges(IEnumerable<Change> changes) => byKind = changes.ToLookup(change => change.Kind, change => change.Id);

    /// <summary>The ids of that kind that were written or deleted.</summary>
    public string[] Of(string kind) => [.. byKind[kind].Distinct()];

    /// <summary>Raises the version and notes what it changes; part of the write that makes the change.</summary>
    public static async Task Add(DbConnection db, string project, string kind, params IEnumerable<string> ids)
    {
        var version = await db.ExecuteScalarAsync<long>("UPDATE projects SET version = version + 1 WHERE id = @project RETURNING version", new { project });
        foreach (var id in ids)
            await db.ExecuteAsync("INSERT INTO config_changes (project_id, version, kind, id) VALUES (@project, @version, @kind, @id)", new { project, version, kind, id });
        if (version % 1000 == 0)
            await db.ExecuteAsync("DELETE FROM config_changes WHERE project_id = @project AND version < @version", new { project, version = version - KeptVersions });
    }

    /// <summary>What came after one version up to another; null when that is not known or too much, so that all has to be read.</summary>
    public static async Task<ConfigChanges?> Between(DbConnection db, string project, long after, long upTo)
    {
        var changes = (await db.QueryAsync<Change>($"""
            SELECT version, kind, id FROM config_changes WHERE project_id = @project AND version > @after LIMIT {ChangesMax + 1}
            """, new { project, after })).AsList();
        if (changes.Count > ChangesMax) return null;
        var known = changes.Where(change => change.Version <= upTo).Select(change => change.Version).Distinct().Count();
        return known == upTo - after ? new ConfigChanges(changes) : null;
    }

    sealed class Change
    {
        public long Version { get; init; }
        public string Kind { get; init; } = "";
        public string Id { get; init; } = "";
    }
}
