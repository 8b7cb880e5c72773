using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Referrals;

/// <summary>The statements about referral codes' holders and about who was referred.</summary>
static class ReferralSql
{
    /// <summary>All holders of codes as one table: referees are rows, the referrer is the voucher's own holder.</summary>
    public const string Holders = """
        (SELECT h.project_id, h.id, h.voucher_id, h.campaign_id, h.customer_id, h.created_at, h.body,
                CAST('REFEREE' AS TEXT) AS holder_role, v.type AS voucher_type
            FROM referral_holders h JOIN vouchers v ON v.project_id = h.project_id AND v.id = h.voucher_id
            WHERE h.project_id = @project AND h.voucher_id = @voucher
        UNION ALL SELECT v.project_id, 'rh_' || substr(v.id, 3), v.id, v.campaign_id, v.holder_id, COALESCE(v.updated_at, v.created_at), $empty$,
                CAST('REFERRER' AS TEXT), v.type
            FROM vouchers v WHERE v.project_id = @project AND v.id = @voucher AND v.holder_id IS NOT NULL) AS holders
        """;

    /// <summary>Adds a referee to a code; false when it is one already.</summary>
    public static async Task<bool> AddHolder(DbConnection db, HolderRow row) => await db.ExecuteAsync("""
        INSERT INTO referral_holders (project_id, id, voucher_id, campaign_id, customer_id, created_at, body)
        VALUES (@ProjectId, @Id, @VoucherId, @CampaignId, @CustomerId, @CreatedAt, @json) ON CONFLICT (project_id, voucher_id, customer_id) DO NOTHING
        """, new { row.ProjectId, row.Id, row.VoucherId, row.CampaignId, row.CustomerId, row.CreatedAt, json = new Json(row.Body) }) == 1;

    /// <summary>Takes a referee off a code and answers it; null when it was none.</summary>
    public static Task<HolderRow?> RemoveHolder(DbConnection db, string project, string voucher, string id) => db.QueryFirstOrDefaultAsync<HolderRow>(
        "DELETE FROM referral_holders WHERE project_id = @project AND voucher_id = @voucher AND id = @id RETURNING *", new { project, voucher, id });

    /// <summary>Notes that a customer was referred; false when it was before, in the same campaign.</summary>
    public static async Task<bool> Refer(DbConnection db, ReferralRow row) => await db.ExecuteAsync("""
        INSERT INTO referrals (project_id, campaign_id, referee_id, referrer_id, voucher_id, related_object_id, related_object_type, created_at)
        VALUES (@ProjectId, @CampaignId, @RefereeId, @ReferrerId, @VoucherId, @RelatedObjectId, @RelatedObjectType, @CreatedAt) ON CONFLICT DO NOTHING
        """, row) == 1;

    /// <summary>Who referred each of some customers, oldest first; for whoever shows customers.</summary>
    public static async Task<List<ReferralRow>> Of(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> customers) => customers.Count == 0 ? []
        : (await db.QueryAsync<ReferralRow>($"SELECT * FROM referrals WHERE project_id = @project AND {dialect.Among("referee_id", "@customers")} ORDER BY created_at, campaign_id",
            new { project, customers = dialect.Texts(customers) })).AsList();
}
