using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.ValidationRules;

/// <summary>
/// The statements about assignments. Those of campaigns and promotion tiers are part of the project's snapshot; those
/// of vouchers can be as many as vouchers, so a voucher only knows that it has some.
/// </summary>
static class AssignmentSql
{
    public const string Voucher = "voucher";
    public const string Campaign = "campaign";
    public const string Tier = "promotion_tier";

    /// <summary>A column of a voucher: the ids of its own rules with a space between, null when it has none.</summary>
    public const string RuleIds = """
        CASE WHEN has_rules THEN (SELECT string_agg(rule_id, ' ') FROM validation_rule_assignments assigned
            WHERE assigned.project_id = vouchers.project_id AND assigned.related_object_id = vouchers.id) END AS rule_ids
        """;

    /// <summary>The rules of campaigns and promotion tiers: of those with one of the ids, or of all.</summary>
    public static async Task<List<ObjectRules>> OfConfiguration(DbConnection db, Dialect dialect, string project, string[]? ids)
    {
        var rows = await db.QueryAsync<RuleAssignmentRow>($"""
            SELECT * FROM validation_rule_assignments
            WHERE project_id = @project AND related_object_type <> 'voucher'{(ids is null ? "" : $" AND {dialect.Among("related_object_id", "@ids")}")}
            ORDER BY created_at, id
            """, new { project, ids = ids is null ? null : dialect.Texts(ids) });
        return [.. rows.GroupBy(row => row.RelatedObjectId).Select(group => new ObjectRules(group.Key, [.. group.Select(row => row.RuleId)]))];
    }

    /// <summary>The assignments of many objects, oldest first.</summary>
    public static async Task<ILookup<string, RuleAssignment>> Of(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> objects)
    {
        var rows = objects.Count == 0 ? [] : await db.QueryAsync<RuleAssignmentRow>($"""
            SELECT * FROM validation_rule_assignments WHERE project_id = @project AND {dialect.Among("related_object_id", "@ids")} ORDER BY created_at, id
            """, new { project, ids = dialect.Texts(objects) });
        return rows.ToLookup(row => row.RelatedObjectId, row => row.Show());
    }

    /// <summary>The assignments of one object as its answers show them.</summary>
    public static ListOf<RuleAssignment> List(ILookup<string, RuleAssignment> all, string relatedObject)
    {
        var own = all[relatedObject].ToArray();
        return new("data", own) { Total = own.Length };
    }

    public static Task<RuleAssignmentRow?> Find(DbConnection db, string project, string rule, string id) => db.QueryFirstOrDefaultAsync<RuleAssignmentRow>(
        "SELECT * FROM validation_rule_assignments WHERE project_id = @project AND rule_id = @rule AND id = @id", new { project, rule, id });

    /// <summary>The assignment of a rule to an object; null when there is none.</summary>
    public static Task<RuleAssignmentRow?> Existing(DbConnection db, string project, string rule, string relatedObject) => db.QueryFirstOrDefaultAsync<RuleAssignmentRow>(
        "SELECT * FROM validation_rule_assignments WHERE project_id = @project AND related_object_id = @relatedObject AND rule_id = @rule",
        new { project, rule, relatedObject });

    /// <summary>Binds a new object to the rules that a request names, inside the write that makes it.</summary>
    /// <exception cref="ApiFault">There is no such rule.</exception>
    public static async Task AddAll(DbConnection db, Call call, string[]? rules, string type, string relatedObject)
    {
        foreach (var rule in (rules ?? []).Distinct(StringComparer.Ordinal)) await Add(db, call, rule, type, relatedObject);
    }

    /// <summary>Binds an object, which the write has locked or just made, to a rule.</summary>
    /// <exception cref="ApiFault">There is no such rule.</exception>
    public static async Task<RuleAssignmentRow> Add(DbConnection db, Call call, string? rule, string type, string relatedObject)
    {
        // The project's row is locked before the rule's, as by those who write rules.
        if (type != Voucher) await ProjectSql.Bump(db, call.ProjectId, ConfigKind.RuleAssignment, relatedObject);
        var bound = await ValidationRuleSql.Need(db, call, rule ?? "", call.Db.Dialect.ForShare);
        var row = new RuleAssignmentRow
        {
            ProjectId = call.ProjectId,
            Id = Ids.New("asgm_", call.Now),
            RuleId = rule!,
            RelatedObjectId = relatedObject,
            RelatedObjectType = type,
            CreatedAt = call.Now,
        };
        await Insert(db, row);
        await CountedCampaigns.Assigned(db, call.Db.Dialect, call.ProjectId, row.RuleId, relatedObject);
        await Happening.Tell(db, call, EventTypes.RuleAssigned, null, new AssignmentTold(bound.Show(), new(row.Show())));
        return row;
    }

    /// <summary>Binds vouchers of no campaign, whose rows say already that they have rules, to rules that <see cref="Hold"/> has found.</summary>
    public static Task AddMany(Database database, DbConnection db, string project, IReadOnlyList<(string Rule, string Voucher)> bound, long now) =>
        database.BulkInsert(db, "validation_rule_assignments", BulkColumns, bound.Select(one => new object?[] { project, Ids.New("asgm_", now), one.Rule, one.Voucher, Voucher, now }));

    /// <summary>Binds a voucher of no campaign to a rule that <see cref="Hold"/> has found, unless it is bound to it already.</summary>
    public static async Task Ensure(DbConnection db, string project, string rule, string voucher, long now)
    {
        if (await Existing(db, project, rule, voucher) is not null) return;
        await Insert(db, new RuleAssignmentRow
        {
            ProjectId = project,
            Id = Ids.New("asgm_", now),
            RuleId = rule,
            RelatedObjectId = voucher,
            RelatedObjectType = Voucher,
            CreatedAt = now,
        });
    }

    /// <summary>True when there is the rule, which then stays until the write ends.</summary>
    public static async Task<bool> Hold(DbConnection db, Dialect dialect, string project, string rule) => await db.ExecuteScalarAsync<string?>(
        $"SELECT id FROM validation_rules WHERE project_id = @project AND id = @rule {dialect.ForShare}", new { project, rule }) is not null;

    static readonly (string Name, bool IsJson)[] BulkColumns =
        [("project_id", false), ("id", false), ("rule_id", false), ("related_object_id", false), ("related_object_type", false), ("created_at", false)];

    static async Task Insert(DbConnection db, RuleAssignmentRow row)
    {
        await db.ExecuteAsync("""
            INSERT INTO validation_rule_assignments (project_id, id, rule_id, related_object_id, related_object_type, created_at)
            VALUES (@ProjectId, @Id, @RuleId, @RelatedObjectId, @RelatedObjectType, @CreatedAt)
            """, row);
        if (row.RelatedObjectType == Voucher) await Mark(db, row);
    }

    /// <summary>Takes an assignment away.</summary>
    public static async Task Delete(DbConnection db, RuleAssignmentRow row)
    {
        if (row.RelatedObjectType != Voucher) await ProjectSql.Bump(db, row.ProjectId, ConfigKind.RuleAssignment, row.RelatedObjectId);
        await db.ExecuteAsync("DELETE FROM validation_rule_assignments WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id });
        if (row.RelatedObjectType == Voucher) await Mark(db, row);
    }

    /// <summary>Takes all assignments of a rule away, with the rule.</summary>
    public static async Task DeleteOf(DbConnection db, string project, string rule)
    {
        var rows = (await db.QueryAsync<RuleAssignmentRow>(
            "DELETE FROM validation_rule_assignments WHERE project_id = @project AND rule_id = @rule RETURNING *", new { project, rule })).AsList();
        var configured = rows.Where(row => row.RelatedObjectType != Voucher).Select(row => row.RelatedObjectId).Distinct().ToArray();
        if (configured.Length > 0) await ProjectSql.Bump(db, project, ConfigKind.RuleAssignment, configured);
    }

    // A voucher keeps to itself whether it has rules; of everything else the nodes hear.
    static Task<int> Mark(DbConnection db, RuleAssignmentRow row) => db.ExecuteAsync("""
        UPDATE vouchers SET has_rules = EXISTS (SELECT 1 FROM validation_rule_assignments WHERE project_id = @ProjectId AND related_object_id = @RelatedObjectId)
        WHERE project_id = @ProjectId AND id = @RelatedObjectId
        """, row);
}
