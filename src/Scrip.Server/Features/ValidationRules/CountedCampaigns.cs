using System.Data.Common;
using Dapper;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Usages;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.ValidationRules;

/// <summary>
/// Which campaigns have counters: those to which, to a voucher or a tier of which, a rule that counts was assigned once. They
/// stay so when it is taken away, because what was not counted meanwhile would be missed. Redemptions of all others keep none.
/// </summary>
static class CountedCampaigns
{
    /// <summary>Notes whose counters are kept from now on because of a rule that was assigned to an object, in the write that assigns it.</summary>
    public static Task Assigned(DbConnection db, Dialect dialect, string project, string rule, string relatedObject) =>
        Begin(db, dialect, project, rule, select => $"{select} = @relatedObject", relatedObject);

    /// <summary>The same because of a rule that was changed, for all that it is assigned to, in the write that changes it.</summary>
    public static Task Changed(DbConnection db, Dialect dialect, string project, string rule) => Begin(db, dialect, project, rule,
        select => $"{select} IN (SELECT related_object_id FROM validation_rule_assignments WHERE project_id = @project AND rule_id = @rule)", null);

    static async Task Begin(DbConnection db, Dialect dialect, string project, string rule, Func<string, string> isNamed, string? relatedObject)
    {
        var args = new { project, rule, relatedObject };
        if (!await db.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM validation_rules WHERE project_id = @project AND id = @rule AND counted <> '')", args)) return;
        var begun = (await db.QueryAsync<string>($"""
            UPDATE campaigns SET counted = TRUE WHERE project_id = @project AND NOT counted AND ({isNamed("id")}
                OR id IN (SELECT campaign_id FROM vouchers WHERE project_id = @project AND {isNamed("id")})
                OR id IN (SELECT campaign_id FROM promotion_tiers WHERE project_id = @project AND {isNamed("id")}))
            RETURNING id
            """, args)).AsList();
        if (begun.Count == 0) return;
        await ProjectSql.Bump(db, project, ConfigKind.Campaign, begun);
        await UsageSql.Begin(db, dialect, project, []);
    }
}
