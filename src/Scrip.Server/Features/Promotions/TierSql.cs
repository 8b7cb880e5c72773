using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Promotions;

/// <summary>The statements about promotion tiers. A tier of a deleted campaign is not there.</summary>
static class TierSql
{
    /// <summary>A condition that a tier or stack and its campaign are there.</summary>
    public const string Live = "deleted_at IS NULL AND campaign_id IN (SELECT id FROM campaigns WHERE project_id = @project AND deleted_at IS NULL)";

    public static Task<TierRow?> Find(DbConnection db, string project, string id, string ending = "") => db.QueryFirstOrDefaultAsync<TierRow>(
        $"SELECT * FROM promotion_tiers WHERE project_id = @project AND id = @id AND {Live} {ending}", new { project, id });

    /// <summary>Tiers that are not deleted: those with one of the ids, or all.</summary>
    public static async Task<List<TierRow>> All(DbConnection db, Dialect dialect, string project, string[]? ids) => (await db.QueryAsync<TierRow>(
        $"SELECT * FROM promotion_tiers WHERE project_id = @project AND deleted_at IS NULL{(ids is null ? "" : $" AND {dialect.Among("id", "@ids")}")}",
        new { project, ids = ids is null ? null : dialect.Texts(ids) })).AsList();

    /// <summary>The first tiers of a campaign in their hierarchy, and how many there are.</summary>
    public static async Task<(List<TierRow> Rows, long Total)> OfCampaign(DbConnection db, string project, string campaign, int limit)
    {
        await using var results = await db.QueryMultipleAsync("""
            SELECT COUNT(*) FROM promotion_tiers WHERE project_id = @project AND campaign_id = @campaign AND deleted_at IS NULL;
            SELECT * FROM promotion_tiers WHERE project_id = @project AND campaign_id = @campaign AND deleted_at IS NULL ORDER BY hierarchy, id LIMIT @limit
            """, new { project, campaign, limit });
        var total = await results.ReadSingleAsync<long>();
        return ((await results.ReadAsync<TierRow>()).AsList(), total);
    }

    /// <summary>The place after the last one of a campaign.</summary>
    public static Task<long> NextHierarchy(DbConnection db, string project, string campaign) => db.ExecuteScalarAsync<long>("""
        SELECT COALESCE(MAX(hierarchy), 0) + 1 FROM promotion_tiers WHERE project_id = @project AND campaign_id = @campaign AND deleted_at IS NULL
        """, new { project, campaign });

    public static Task Insert(DbConnection db, TierRow row) => db.ExecuteAsync("""
        INSERT INTO promotion_tiers (project_id, id, campaign_id, name, active, hierarchy, starts_at, expires_at, category_id, created_at, body)
        VALUES (@ProjectId, @Id, @CampaignId, @Name, @Active, @Hierarchy, @StartsAt, @ExpiresAt, @CategoryId, @CreatedAt, @json)
        """, Args(row));

    public static Task Update(DbConnection db, TierRow row) => db.ExecuteAsync("""
        UPDATE promotion_tiers SET name = @Name, hierarchy = @Hierarchy, starts_at = @StartsAt, expires_at = @ExpiresAt, category_id = @CategoryId, updated_at = @UpdatedAt, body = @json
        WHERE project_id = @ProjectId AND id = @Id
        """, Args(row));

    public static Task Enable(DbConnection db, TierRow row, bool active, long now) => db.ExecuteAsync(
        "UPDATE promotion_tiers SET active = @active, updated_at = @now WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id, active, now });

    public static Task Delete(DbConnection db, TierRow row, long now) => db.ExecuteAsync(
        "UPDATE promotion_tiers SET deleted_at = @now WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id, now });

    static object Args(TierRow row) => new
    {
        row.ProjectId,
        row.Id,
        row.CampaignId,
        row.Name,
        row.Active,
        row.Hierarchy,
        row.StartsAt,
        row.ExpiresAt,
        row.CategoryId,
        row.CreatedAt,
        row.UpdatedAt,
        json = new Json(row.Body),
    };
}
