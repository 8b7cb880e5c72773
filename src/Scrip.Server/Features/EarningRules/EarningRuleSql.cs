using System.Data.Common;
using Dapper;
using Scrip.Server.Features.ValidationRules;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.EarningRules;

/// <summary>The statements about earning rules, and about what has earned.</summary>
static class EarningRuleSql
{
    /// <summary>What assignments of validation rules call an earning rule.</summary>
    public const string Object = "earning_rule";

    const string OfLiveCampaigns = """
        EXISTS (SELECT 1 FROM campaigns WHERE campaigns.project_id = earning_rules.project_id AND campaigns.id = earning_rules.campaign_id AND campaigns.deleted_at IS NULL)
        """;

    /// <summary>A rule of a campaign with its validation rules.</summary>
    public static async Task<EarningRuleRow?> Find(DbConnection db, Dialect dialect, string project, string campaign, string id, string ending = "")
    {
        var row = await db.QueryFirstOrDefaultAsync<EarningRuleRow>(
            $"SELECT * FROM earning_rules WHERE project_id = @project AND campaign_id = @campaign AND id = @id {ending}", new { project, campaign, id });
        return row is null ? null : (await WithRules(db, dialect, project, [row]))[0];
    }

    /// <summary>Rows with their validation rules.</summary>
    public static async Task<List<EarningRuleRow>> WithRules(DbConnection db, Dialect dialect, string project, List<EarningRuleRow> rows)
    {
        var assigned = await AssignmentSql.Of(db, dialect, project, rows.ConvertAll(row => row.Id));
        return rows.ConvertAll(row => row with { RuleIds = [.. assigned[row.Id].Select(one => one.RuleId)] });
    }

    /// <summary>The rules of some projects that are switched on, of campaigns that are there, oldest first.</summary>
    public static async Task<List<EarningRuleRow>> Live(DbConnection db, Dialect dialect, IReadOnlyCollection<string> projects) => (await db.QueryAsync<EarningRuleRow>(
        $"SELECT * FROM earning_rules WHERE {dialect.Among("project_id", "@projects")} AND active AND {OfLiveCampaigns} ORDER BY created_at, id", new { projects = dialect.Texts(projects) })).AsList();

    /// <summary>Those of the projects where a paid order may earn something.</summary>
    public static async Task<List<string>> Waiting(DbConnection db, Dialect dialect, IReadOnlyCollection<string> projects, string happening) => (await db.QueryAsync<string>(
        $"SELECT DISTINCT project_id FROM earning_rules WHERE {dialect.Among("project_id", "@projects")} AND active AND event = @happening", new { projects = dialect.Texts(projects), happening })).AsList();

    /// <summary>The rules of one campaign that are switched on.</summary>
    public static async Task<List<EarningRuleRow>> OfCampaign(DbConnection db, string project, string campaign) => (await db.QueryAsync<EarningRuleRow>(
        "SELECT * FROM earning_rules WHERE project_id = @project AND campaign_id = @campaign AND active ORDER BY created_at, id", new { project, campaign })).AsList();

    public static Task<long> Count(DbConnection db, string project) => db.ExecuteScalarAsync<long>(
        $"SELECT COUNT(*) FROM earning_rules WHERE project_id = @project AND {OfLiveCampaigns}", new { project });

    public static Task Insert(DbConnection db, EarningRuleRow row) => db.ExecuteAsync("""
        INSERT INTO earning_rules (project_id, id, campaign_id, event, segment_id, active, starts_at, expires_at, created_at, body)
        VALUES (@ProjectId, @Id, @CampaignId, @Event, @SegmentId, @Active, @StartsAt, @ExpiresAt, @CreatedAt, @json)
        """, Args(row));

    public static Task Update(DbConnection db, EarningRuleRow row) => db.ExecuteAsync("""
        UPDATE earning_rules SET active = @Active, starts_at = @StartsAt, expires_at = @ExpiresAt, updated_at = @UpdatedAt, body = @json
        WHERE project_id = @ProjectId AND id = @Id
        """, Args(row));

    public static Task Delete(DbConnection db, EarningRuleRow row) =>
        db.ExecuteAsync("DELETE FROM earning_rules WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id });

    /// <summary>Whether there is one, which then stays until the write ends; for whoever assigns validation rules.</summary>
    public static RuleTarget Target(Dialect dialect) => new(Object, async (db, project, id) =>
        await db.ExecuteScalarAsync<string?>($"SELECT id FROM earning_rules WHERE project_id = @project AND id = @id AND {OfLiveCampaigns} {dialect.ForUpdate}", new { project, id }) is not null);

    /// <summary>Notes that a cause earns by a rule; false when it has before.</summary>
    public static async Task<bool> Earn(DbConnection db, EarningRuleRow rule, string cause, string customer, string voucher, long points, long now) => await db.ExecuteAsync("""
        INSERT INTO earnings (project_id, rule_id, cause, customer_id, voucher_id, points, created_at)
        VALUES (@ProjectId, @Id, @cause, @customer, @voucher, @points, @now) ON CONFLICT (project_id, rule_id, cause) DO NOTHING
        """, new { rule.ProjectId, rule.Id, cause, customer, voucher, points, now }) == 1;

    static object Args(EarningRuleRow row) => new
    {
        row.ProjectId,
        row.Id,
        row.CampaignId,
        row.Event,
        row.SegmentId,
        row.Active,
        row.StartsAt,
        row.ExpiresAt,
        row.CreatedAt,
        row.UpdatedAt,
        json = new Json(row.Body),
    };
}
