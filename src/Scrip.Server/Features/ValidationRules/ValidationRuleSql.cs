using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Usages;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.ValidationRules;

/// <summary>The statements about validation rules.</summary>
static class ValidationRuleSql
{
    /// <summary>The API's word for a rule in errors.</summary>
    public const string Object = "validation_rules";

    /// <summary>The columns of a rule and how many things it is assigned to.</summary>
    public const string Columns = """
        validation_rules.*, (SELECT COUNT(*) FROM validation_rule_assignments assigned
            WHERE assigned.project_id = validation_rules.project_id AND assigned.rule_id = validation_rules.id) AS assignments_count
        """;

    /// <summary>The rules with one of the ids, or all.</summary>
    public static async Task<List<ValidationRuleRow>> Of(DbConnection db, Dialect dialect, string project, string[]? ids) => (await db.QueryAsync<ValidationRuleRow>(
        $"SELECT * FROM validation_rules WHERE project_id = @project{(ids is null ? "" : $" AND {dialect.Among("id", "@ids")}")}",
        new { project, ids = ids is null ? null : dialect.Texts(ids) })).AsList();

    /// <summary>The rule of that id.</summary>
    /// <exception cref="ApiFault">There is none.</exception>
    public static async Task<ValidationRuleRow> Need(DbConnection db, Call call, string id, string ending = "") =>
        await db.QueryFirstOrDefaultAsync<ValidationRuleRow>(
            $"SELECT {Columns} FROM validation_rules WHERE project_id = @project AND id = @id {ending}", new { project = call.ProjectId, id })
        ?? throw new ApiFault(Refusals.Missing(Object, id));

    /// <summary>Tells the nodes, before anything else of the write: rules are written one after the other, and locked after their project.</summary>
    public static Task Tell(DbConnection db, string project, string id) => ProjectSql.Bump(db, project, ConfigKind.ValidationRule, id);

    /// <summary>Writes a new rule or one that was changed.</summary>
    public static async Task Save(DbConnection db, Dialect dialect, ValidationRuleRow row)
    {
        if (row.Counted.Length > 0) await ForgetUnkept(db, dialect, row);
        await db.ExecuteAsync("""
            INSERT INTO validation_rules (project_id, id, name, type, context_type, counted, created_at, updated_at, body)
            VALUES (@ProjectId, @Id, @Name, @Type, @ContextType, @Counted, @CreatedAt, @UpdatedAt, @json)
            ON CONFLICT (project_id, id) DO UPDATE SET name = excluded.name, type = excluded.type, context_type = excluded.context_type,
                counted = excluded.counted, updated_at = excluded.updated_at, body = excluded.body
            """, new { row.ProjectId, row.Id, row.Name, row.Type, row.ContextType, row.Counted, row.CreatedAt, row.UpdatedAt, json = new Json(row.Body) });
        if (row.Counted.Length > 0) await CountedCampaigns.Changed(db, dialect, row.ProjectId, row.Id);
    }

    // While no rule of a project looks at counters of a kind, nobody keeps them; from the first one on they are made anew.
    static async Task ForgetUnkept(DbConnection db, Dialect dialect, ValidationRuleRow row)
    {
        var kept = (await db.QueryAsync<string>("SELECT counted FROM validation_rules WHERE project_id = @ProjectId AND counted <> ''", new { row.ProjectId }))
            .SelectMany(counted => counted.Split(' ')).ToHashSet(StringComparer.Ordinal);
        string[] kinds = [.. row.Counted.Split(' ').Where(kind => !kept.Contains(kind))];
        if (kinds.Length > 0) await UsageSql.Begin(db, dialect, row.ProjectId, kinds);
    }

    /// <summary>Deletes a rule with its assignments.</summary>
    public static async Task Delete(DbConnection db, ValidationRuleRow row)
    {
        await db.ExecuteAsync("DELETE FROM validation_rules WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id });
        await AssignmentSql.DeleteOf(db, row.ProjectId, row.Id);
    }

    /// <summary>The rules that name a resource by its id; a few.</summary>
    public static ResourceUse Use(Dialect dialect) => new("validation_rule", async (db, project, id) => (await db.QueryAsync<string>($"""
        SELECT id FROM validation_rules WHERE project_id = @project AND {dialect.Holds("CAST(body AS TEXT)", "@quoted")}
        ORDER BY created_at LIMIT {ResourceUse.NamedMax}
        """, new { project, quoted = $"\"{id}\"" })).AsList());
}
