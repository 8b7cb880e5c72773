using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.PendingPoints;

/// <summary>The statements about pending points. Each change guards that they are pending still, so it happens once.</summary>
static class PendingSql
{
    public static Task<PendingRow?> Find(DbConnection db, string project, string voucher, string id) => db.QueryFirstOrDefaultAsync<PendingRow>(
        "SELECT * FROM pending_points WHERE project_id = @project AND voucher_id = @voucher AND id = @id", new { project, voucher, id });

    public static Task Insert(DbConnection db, PendingRow row) => db.ExecuteAsync("""
        INSERT INTO pending_points (project_id, id, voucher_id, campaign_id, customer_id, order_id, points, status, activates_at, created_at, body)
        VALUES (@ProjectId, @Id, @VoucherId, @CampaignId, @CustomerId, @OrderId, @Points, @Status, @ActivatesAt, @CreatedAt, @json)
        """, new
    {
        row.ProjectId,
        row.Id,
        row.VoucherId,
        row.CampaignId,
        row.CustomerId,
        row.OrderId,
        row.Points,
        row.Status,
        row.ActivatesAt,
        row.CreatedAt,
        json = new Json(row.Body),
    });

    /// <summary>Ends the waiting; null when it had ended before.</summary>
    public static Task<PendingRow?> End(DbConnection db, PendingRow row, string status, long now) => db.QueryFirstOrDefaultAsync<PendingRow>("""
        UPDATE pending_points SET status = @status, updated_at = @now
        WHERE project_id = @ProjectId AND id = @Id AND status = 'PENDING' RETURNING *
        """, new { row.ProjectId, row.Id, status, now });

    /// <summary>Adds points, or takes some off; null when they are not pending any more, or none or too many would be left.</summary>
    public static Task<PendingRow?> Adjust(DbConnection db, PendingRow row, long added, long now) => db.QueryFirstOrDefaultAsync<PendingRow>("""
        UPDATE pending_points SET points = points + @added, updated_at = @now
        WHERE project_id = @ProjectId AND id = @Id AND status = 'PENDING' AND points + @added > 0 AND points + @added <= @max RETURNING *
        """, new { row.ProjectId, row.Id, added, now, max = Wire.WholeMax });

    /// <summary>All that a card has pending.</summary>
    public static Task<long> Total(DbConnection db, string project, string voucher) => db.ExecuteScalarAsync<long>(
        $"SELECT {Sums.Of("points")} FROM pending_points WHERE project_id = @project AND voucher_id = @voucher AND status = 'PENDING'", new { project, voucher });

    /// <summary>Whether their card is there, be it in the bin.</summary>
    public static Task<bool> HasCard(DbConnection db, PendingRow row) =>
        db.ExecuteScalarAsync<bool>("SELECT EXISTS (SELECT 1 FROM vouchers WHERE project_id = @ProjectId AND id = @VoucherId)", new { row.ProjectId, row.VoucherId });

    /// <summary>Some whose day has come, oldest first. Those of a card or a campaign in the bin wait for it to come back.</summary>
    public static async Task<List<PendingRow>> Due(DbConnection db, long now, int limit) => (await db.QueryAsync<PendingRow>("""
        SELECT * FROM pending_points WHERE status = 'PENDING' AND activates_at <= @now
            AND NOT EXISTS (SELECT 1 FROM projects WHERE projects.id = pending_points.project_id AND projects.deleted_at IS NOT NULL)
            AND EXISTS (SELECT 1 FROM campaigns WHERE campaigns.project_id = pending_points.project_id AND campaigns.id = pending_points.campaign_id AND campaigns.deleted_at IS NULL)
            AND NOT EXISTS (SELECT 1 FROM vouchers WHERE vouchers.project_id = pending_points.project_id AND vouchers.id = pending_points.voucher_id AND vouchers.deleted_at IS NOT NULL)
        ORDER BY activates_at LIMIT @limit
        """, new { now, limit })).AsList();
}
