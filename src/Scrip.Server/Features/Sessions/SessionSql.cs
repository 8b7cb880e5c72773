using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Sessions;

/// <summary>
/// The statements about what sessions hold. <c>vouchers.held</c> and <c>held_credits</c> always are what the rows of
/// <c>session_holds</c> come to, since both change only together and under the lock of the voucher's row.
/// </summary>
static class SessionSql
{
    const string Theirs = """
        FROM session_holds WHERE session_holds.project_id = vouchers.project_id AND session_holds.voucher_id = vouchers.id
            AND session_holds.expires_at > @now AND session_holds.session_key <> @session
        """;

    /// <summary>
    /// What sessions with other keys than <c>@session</c> hold <c>@now</c>, beside the columns of a voucher: one
    /// statement, so that a hold is never seen beside the use it became. A voucher that nobody holds costs nothing.
    /// </summary>
    public const string HeldByOthers = $"""
        CASE WHEN held = 0 THEN 0 ELSE (SELECT COUNT(*) {Theirs}) END AS held_by_others,
            CASE WHEN held_credits = 0 THEN 0 ELSE (SELECT CAST(COALESCE(SUM(credits), 0) AS BIGINT) {Theirs}) END AS credits_held_by_others
        """;

    /// <summary>All columns of a voucher, and <see cref="HeldByOthers"/>.</summary>
    public const string Columns = $"vouchers.*, {HeldByOthers}";

    // Expired holds go along with those of the key.
    const string Going = "FROM session_holds WHERE project_id = @project AND voucher_id = @id AND (expires_at <= @now OR session_key = @session)";

    const string ReleaseUses = $"""
        UPDATE vouchers SET held = held - (SELECT COUNT(*) {Going}),
            held_credits = held_credits - (SELECT CAST(COALESCE(SUM(credits), 0) AS BIGINT) {Going})
        WHERE project_id = @project AND id = @id
        """;

    static readonly Words LockVoucher = new(static dialect => $"SELECT 1 FROM vouchers WHERE project_id = @project AND id = @id {dialect.ForUpdate}");

    const string DeleteHolds = $"DELETE {Going}";

    /// <summary>No row changes when the last use or the credits are taken or held, or the voucher was switched off.</summary>
    const string HoldUse = """
        UPDATE vouchers SET held = held + 1, held_credits = held_credits + @credits
        WHERE project_id = @project AND id = @id AND deleted_at IS NULL AND active
            AND (quantity IS NULL OR redeemed + held < quantity)
            AND (gift_balance IS NULL OR gift_balance - held_credits >= @credits)
        """;

    const string InsertHold = """
        INSERT INTO session_holds (project_id, voucher_id, session_key, credits, created_at, expires_at)
        VALUES (@project, @id, @session, @credits, @now, @expires)
        """;

    /// <summary>
    /// Gives back what the session with the key holds of a voucher, and what expired. The row is locked by a statement
    /// of its own: PostgreSQL does not evaluate the sub-selects of an UPDATE again after it waited.
    /// </summary>
    public static Batch Release(this Batch batch, Dialect dialect, VoucherRow voucher, string? session, long now)
    {
        (string, object?)[] args = [("project", voucher.ProjectId), ("id", voucher.Id), ("session", session ?? ""), ("now", now)];
        if (dialect.ForUpdate.Length > 0)
            batch.Add(LockVoucher.In(dialect), ("project", voucher.ProjectId), ("id", voucher.Id)).At(Rank.Voucher, voucher.Id);
        return batch.Add(ReleaseUses, args).At(Rank.Voucher, voucher.Id).Add(DeleteHolds, args).At(Rank.Voucher, voucher.Id);
    }

    /// <summary>Holds one use, and credits of a gift card in minor units, in place of what the session held before.</summary>
    public static void Hold(this Batch batch, Dialect dialect, VoucherRow voucher, Session session, long credits, long now)
    {
        batch.Release(dialect, voucher, session.Key, now);
        batch.Guard(Refusals.QuantityExceeded, HoldUse, ("project", voucher.ProjectId), ("id", voucher.Id), ("credits", credits));
        batch.Add(InsertHold, ("project", voucher.ProjectId), ("id", voucher.Id), ("session", session.Key), ("credits", credits),
            ("now", now), ("expires", session.ExpiresAt(now)));
    }

    /// <summary>Releases one session of a voucher whose row is locked. False when there is none, or it is over.</summary>
    public static async Task<bool> Release(DbConnection db, VoucherRow voucher, string session, long now)
    {
        var args = new { project = voucher.ProjectId, id = voucher.Id, session, now };
        var found = await db.ExecuteScalarAsync<long?>(
            "SELECT 1 FROM session_holds WHERE project_id = @project AND voucher_id = @id AND session_key = @session AND expires_at > @now", args);
        if (found is null) return false;
        await db.ExecuteAsync(ReleaseUses, args);
        await db.ExecuteAsync(DeleteHolds, args);
        return true;
    }
}
