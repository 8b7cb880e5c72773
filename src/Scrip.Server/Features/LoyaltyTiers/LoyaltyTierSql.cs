using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.LoyaltyTiers;

/// <summary>The statements about loyalty tiers and their members.</summary>
static class LoyaltyTierSql
{
    /// <summary>The tiers of a campaign, that of the fewest points first.</summary>
    public static async Task<List<LoyaltyTierRow>> OfCampaign(DbConnection db, string project, string campaign) => (await db.QueryAsync<LoyaltyTierRow>(
        "SELECT * FROM loyalty_tiers WHERE project_id = @project AND campaign_id = @campaign ORDER BY points_from, id", new { project, campaign })).AsList();

    public static Task<LoyaltyTierRow?> Find(DbConnection db, string project, string campaign, string id) => db.QueryFirstOrDefaultAsync<LoyaltyTierRow>(
        "SELECT * FROM loyalty_tiers WHERE project_id = @project AND campaign_id = @campaign AND id = @id", new { project, campaign, id });

    public static Task Insert(DbConnection db, LoyaltyTierRow row) => db.ExecuteAsync("""
        INSERT INTO loyalty_tiers (project_id, id, campaign_id, name, points_from, points_to, created_at, body)
        VALUES (@ProjectId, @Id, @CampaignId, @Name, @PointsFrom, @PointsTo, @CreatedAt, @json)
        """, new { row.ProjectId, row.Id, row.CampaignId, row.Name, row.PointsFrom, row.PointsTo, row.CreatedAt, json = new Json(row.Body) });

    public static Task<TierMemberRow?> Member(DbConnection db, string project, string card) => db.QueryFirstOrDefaultAsync<TierMemberRow>(
        "SELECT * FROM loyalty_tier_members WHERE project_id = @project AND voucher_id = @card", new { project, card });

    /// <summary>Whether the card was in no tier, and is in this one now.</summary>
    public static async Task<bool> Join(DbConnection db, TierMemberRow row) => await db.ExecuteAsync("""
        INSERT INTO loyalty_tier_members (project_id, voucher_id, campaign_id, customer_id, tier_id, since_day, last_day, created_at, updated_at)
        VALUES (@ProjectId, @VoucherId, @CampaignId, @CustomerId, @TierId, @SinceDay, @LastDay, @CreatedAt, @UpdatedAt) ON CONFLICT DO NOTHING
        """, row) == 1;

    /// <summary>Whether the membership was as it was seen, and is as this says now.</summary>
    public static async Task<bool> Change(DbConnection db, TierMemberRow seen, TierMemberRow row) => await db.ExecuteAsync("""
        UPDATE loyalty_tier_members SET tier_id = @TierId, customer_id = @CustomerId, since_day = @SinceDay, last_day = @LastDay, updated_at = @UpdatedAt
        WHERE project_id = @ProjectId AND voucher_id = @VoucherId AND tier_id = @tier AND last_day IS NOT DISTINCT FROM @last
        """, new { row.TierId, row.CustomerId, row.SinceDay, row.LastDay, row.UpdatedAt, row.ProjectId, row.VoucherId, tier = seen.TierId, last = seen.LastDay }) == 1;

    /// <summary>Whether the membership was as it was seen, and is gone now.</summary>
    public static async Task<bool> Leave(DbConnection db, TierMemberRow seen) => await db.ExecuteAsync("""
        DELETE FROM loyalty_tier_members
        WHERE project_id = @ProjectId AND voucher_id = @VoucherId AND tier_id = @TierId AND last_day IS NOT DISTINCT FROM @LastDay
        """, new { seen.ProjectId, seen.VoucherId, seen.TierId, seen.LastDay }) == 1;
}
