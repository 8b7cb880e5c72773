using System.Data.Common;
using Dapper;

namespace Scrip.Server.Features.Distributions;

/// <summary>The statements about what a distribution did for whom. They keep each event and customer to one time, and the limits.</summary>
static class ReceiptSql
{
    public const string Sent = "SENT";
    public const string Limited = "LIMITED";
    public const string Unsubscribed = "UNSUBSCRIBED";

    /// <summary>Notes that the distribution is at work for a customer; false when it was before.</summary>
    public static async Task<bool> Begin(DbConnection db, DistributionRow row, string eventId, string customer, string day, long now) => await db.ExecuteAsync("""
        INSERT INTO distribution_receipts (project_id, distribution_id, event_id, customer_id, day, outcome, created_at)
        VALUES (@ProjectId, @Id, @eventId, @customer, @day, 'SENT', @now) ON CONFLICT DO NOTHING
        """, new { row.ProjectId, row.Id, eventId, customer, day, now }) == 1;

    /// <summary>What came of it, when that is not a message.</summary>
    public static Task Turn(DbConnection db, DistributionRow row, string eventId, string customer, string outcome) => db.ExecuteAsync("""
        UPDATE distribution_receipts SET outcome = @outcome
        WHERE project_id = @ProjectId AND distribution_id = @Id AND event_id = @eventId AND customer_id = @customer
        """, new { row.ProjectId, row.Id, eventId, customer, outcome });

    /// <summary>
    /// Counts one more customer unless a limit forbids it. The row is locked until the transaction ends, so that what is
    /// counted after it is everybody's.
    /// </summary>
    public static async Task<bool> Count(DbConnection db, DistributionRow row, DistributionLimits? limits, string customer, string day)
    {
        if (await db.ExecuteAsync("""
            UPDATE distributions SET sent = sent + 1 WHERE project_id = @ProjectId AND id = @Id AND sent < @total
            """, new { row.ProjectId, row.Id, total = limits?.Total ?? long.MaxValue }) == 0) return false;
        if (limits?.PerCustomer is { } perCustomer && await Others(db, row, "customer_id = @value", customer) > perCustomer) return await Uncount(db, row);
        if (limits?.PerDay is { } perDay && await Others(db, row, "day = @value", day) > perDay) return await Uncount(db, row);
        return true;
    }

    /// <summary>Takes one back that was counted.</summary>
    public static async Task<bool> Uncount(DbConnection db, DistributionRow row)
    {
        await db.ExecuteAsync("UPDATE distributions SET sent = sent - 1 WHERE project_id = @ProjectId AND id = @Id", new { row.ProjectId, row.Id });
        return false;
    }

    static Task<long> Others(DbConnection db, DistributionRow row, string condition, string value) => db.ExecuteScalarAsync<long>($"""
        SELECT COUNT(*) FROM distribution_receipts WHERE project_id = @ProjectId AND distribution_id = @Id AND {condition} AND outcome = 'SENT'
        """, new { row.ProjectId, row.Id, value });
}
