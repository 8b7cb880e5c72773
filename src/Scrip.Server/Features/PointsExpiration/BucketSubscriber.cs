using Dapper;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.PointsExpiration;

/// <summary>
/// Brings the rows of <c>point_buckets</c> up to date after points moved, so that redeeming writes nothing for them. Only
/// cards that have points that expire are looked at.
/// </summary>
static class BucketSubscriber
{
    /// <summary>The subscriber.</summary>
    public static OutboxSubscriber Of(Dialect dialect) => async (db, events, _) =>
    {
        foreach (var project in events.GroupBy(one => one.ProjectId))
        {
            string[] touched = [.. project.Select(Card).OfType<string>().Distinct().Order(StringComparer.Ordinal)];
            if (touched.Length == 0) continue;
            var cards = (await db.QueryAsync<VoucherRow>($"""
                SELECT * FROM vouchers WHERE project_id = @project AND {dialect.Among("id", "@touched")}
                    AND EXISTS (SELECT 1 FROM point_buckets WHERE point_buckets.project_id = vouchers.project_id AND point_buckets.voucher_id = vouchers.id)
                ORDER BY id
                """, new { project = project.Key, touched = dialect.Texts(touched) })).AsList();
            foreach (var card in cards) await PointBuckets.Save(db, card, await PointBuckets.Of(db, card), 0);
        }
    };

    /// <summary>The loyalty card that an event tells of, when its points moved.</summary>
    public static string? Card(OutboxEvent one) =>
        one is { Type: EventTypes.RedemptionSucceeded or EventTypes.RollbackSucceeded or EventTypes.PointsTransaction, Gist: { CampaignType: CampaignTypes.Loyalty, VoucherId: { } card } } ? card : null;
}
