using System.Data.Common;
using Dapper;
using NodaTime;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.PointsExpiration;

/// <summary>
/// Takes off a card what is over, inside a write: the balance, a transaction, postings and the event. Under the lock of the
/// card's row, so that of several at once one does it. What sessions hold stays until they end.
/// </summary>
static class Expiring
{
    const long LaterMs = 60 * 60 * 1000;

    /// <summary>Expires what is due on a card; answers how many points that were.</summary>
    public static async Task<long> Card(DbConnection db, Dialect dialect, string project, string id, DateTimeZone zone, long now)
    {
        var row = await db.QueryFirstOrDefaultAsync<VoucherRow>($"SELECT * FROM vouchers WHERE project_id = @project AND id = @id {dialect.ForUpdate}", new { project, id });
        if (row is null)
        {
            await db.ExecuteAsync("DELETE FROM point_buckets WHERE project_id = @project AND voucher_id = @id", new { project, id });
            return 0;
        }
        // A card in the bin may come back.
        if (await db.ExecuteScalarAsync<long?>($"SELECT 1 FROM vouchers WHERE project_id = @project AND id = @id AND {VoucherSql.Live}", new { project, id }) is null)
        {
            await Wait(db, project, id, now + LaterMs);
            return 0;
        }
        var holds = (await db.QueryAsync<Held>("SELECT credits, expires_at FROM session_holds WHERE project_id = @project AND voucher_id = @id AND expires_at > @now", new { project, id, now })).AsList();
        var today = PointBuckets.Today(zone, now);
        var buckets = await PointBuckets.Of(db, row);
        var due = buckets.Due(today, (row.GiftBalance ?? 0) - holds.Sum(one => one.Credits));
        var points = due.Sum(one => one.Points);
        if (points > 0)
        {
            var shares = due.Select(one => new ExpiredShare(one.Bucket.Id, one.Points, PointsLife.Text(one.Bucket.LastDay!.Value), one.Bucket.OpenedAt)).ToArray();
            await Take(db, row, points, shares, now);
            buckets = await PointBuckets.Of(db, row);
        }
        var isLeft = buckets.Due(today, long.MaxValue).Count > 0;
        await PointBuckets.Save(db, row, buckets, !isLeft ? 0 : holds.Count > 0 ? holds.Min(one => one.ExpiresAt) : now + LaterMs);
        return points;
    }

    /// <summary>Looks at a card again no sooner than then.</summary>
    public static Task Wait(DbConnection db, string project, string id, long until) => db.ExecuteAsync(
        "UPDATE point_buckets SET wait_until = @until WHERE project_id = @project AND voucher_id = @id", new { project, id, until });

    static async Task Take(DbConnection db, VoucherRow row, long points, ExpiredShare[] shares, long now)
    {
        var card = await VoucherSql.Expire(db, row, points, now) ?? throw new InvalidOperationException($"Card {row.Id} has fewer points than its buckets");
        var transaction = Ids.New("vtx_", now);
        await TransactionSql.Insert(db, new TransactionRow
        {
            ProjectId = card.ProjectId,
            Id = transaction,
            VoucherId = card.Id,
            CampaignId = card.CampaignId,
            Type = TransactionTypes.Expiration,
            Amount = -points,
            CreatedAt = now,
            Body = Wire.Text(new TransactionBody { Source = "Automation", Expired = shares, Details = new() { Balance = CardBalance.Of(card, -points, "AUTOMATIC") } }),
        });
        await Ledger.Move(db, card.ProjectId, transaction, Ledger.Card(card.Id), Ledger.Expired, points, now);
        await Happening.Tell(db, card.ProjectId, ShortTypes.CreditsMoved, card.HolderId, new CreditsTold(card.Id, transaction), now);
    }

    sealed class Held
    {
        public long Credits { get; init; }
        public long ExpiresAt { get; init; }
    }
}
