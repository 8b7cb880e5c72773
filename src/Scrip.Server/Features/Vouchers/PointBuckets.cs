using System.Data.Common;
using Dapper;
using NodaTime;
using Scrip.Engine.Points;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>
/// The points of loyalty cards by when they expire. What a card has is replayed from its transactions; the rows of
/// <c>point_buckets</c> tell which cards something expires on, and are brought up to date after what moves points.
/// </summary>
static class PointBuckets
{
    const string IdPrefix = "lopb_";

    /// <summary>The id of the bucket that a transaction opened.</summary>
    public static string IdOf(string transaction) => IdPrefix + transaction[(transaction.IndexOf('_', StringComparison.Ordinal) + 1)..];

    /// <summary>The last day of points that come on a card now; null when they stay.</summary>
    public static async Task<LocalDate?> LastDay(DbConnection db, VoucherRow card, PointsLife life, long now)
    {
        if (life.IsEndless) return null;
        if (life.On is { } day) return day;
        var (terms, zone) = await Terms(db, card);
        return (life.Rules ?? terms)?.Rules().LastDay(Today(zone, now));
    }

    /// <summary>The day it is in a time zone.</summary>
    public static LocalDate Today(DateTimeZone zone, long now) => Instant.FromUnixTimeMilliseconds(now).InZone(zone).Date;

    static async Task<(ExpirationTerms? Terms, DateTimeZone Zone)> Terms(DbConnection db, VoucherRow card)
    {
        var (campaign, project) = await db.QueryFirstOrDefaultAsync<(string?, string?)>("""
            SELECT CAST(campaigns.body AS TEXT), CAST(projects.body AS TEXT) FROM campaigns JOIN projects ON projects.id = campaigns.project_id
            WHERE campaigns.project_id = @ProjectId AND campaigns.id = @CampaignId
            """, new { card.ProjectId, card.CampaignId });
        if (campaign is null || project is null) return (null, DateTimeZone.Utc);
        var zone = Wire.Read<ZoneOfProject>(project).Timezone;
        return (Wire.Read<CardsOfCampaign>(campaign).Voucher?.LoyaltyCard?.ExpirationRules, (zone is null ? null : DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone)) ?? DateTimeZone.Utc);
    }

    /// <summary>Notes that a transaction, which the same write adds, opened a bucket.</summary>
    public static Task Open(DbConnection db, VoucherRow card, string transaction, long points, LocalDate lastDay, long now) => db.ExecuteAsync("""
        INSERT INTO point_buckets (project_id, id, voucher_id, campaign_id, points, last_day, created_at, updated_at)
        VALUES (@ProjectId, @id, @voucher, @CampaignId, @points, @day, @now, @now)
        """, new { card.ProjectId, id = IdOf(transaction), voucher = card.Id, card.CampaignId, points, day = PointsLife.Text(lastDay), now });

    /// <summary>The buckets of a card as its transactions make them.</summary>
    public static async Task<Buckets> Of(DbConnection db, VoucherRow card)
    {
        var rows = (await db.QueryAsync<TransactionRow>("""
            SELECT id, type, amount, created_at, body, (SELECT gift_balance FROM vouchers WHERE project_id = @ProjectId AND id = @Id) AS balance
            FROM voucher_transactions WHERE project_id = @ProjectId AND voucher_id = @Id ORDER BY id
            """, new { card.ProjectId, card.Id })).AsList();
        // The balance of the same instant: what does not come from movements was there from the beginning.
        var opening = (rows.Count > 0 ? rows[0].Balance : card.GiftBalance ?? 0) - rows.Sum(row => row.Amount);
        return Buckets.Replay(card.Id, opening, card.CreatedAt, rows.Where(row => row.Amount != 0).Select(Read));
    }

    static Movement Read(TransactionRow row)
    {
        var body = Wire.Read<TransactionBody>(row.Body);
        var kind = row.Type switch
        {
            TransactionTypes.Expiration => MovementKind.Expired,
            _ when row.Type == TransactionTypes.Redemption(VoucherTypes.Loyalty) => MovementKind.Spent,
            _ when row.Type == TransactionTypes.Refund(VoucherTypes.Loyalty) => MovementKind.GivenBack,
            _ => row.Amount > 0 ? MovementKind.Added : MovementKind.Taken,
        };
        return new Movement(row.Id, kind, Math.Abs(row.Amount), row.CreatedAt)
        {
            LastDay = PointsLife.Day(body.LastDay),
            RedemptionId = body.Details.Redemption?.Id,
            Shares = body.Expired is { } expired ? [.. expired.Select(one => new Share(one.TransactionId, one.Points))] : [],
        };
    }

    /// <summary>Brings the rows of a card up to date.</summary>
    /// <param name="db">The connection of the write.</param>
    /// <param name="card">The card.</param>
    /// <param name="buckets">What it has.</param>
    /// <param name="waitUntil">When to look again at what is over and still there; in Unix milliseconds.</param>
    public static async Task Save(DbConnection db, VoucherRow card, Buckets buckets, long waitUntil)
    {
        foreach (var bucket in buckets.All)
            if (bucket.LastDay is { } day)
                await db.ExecuteAsync("""
                    INSERT INTO point_buckets (project_id, id, voucher_id, campaign_id, points, expired, last_day, wait_until, created_at, updated_at)
                    VALUES (@ProjectId, @id, @voucher, @CampaignId, @left, @expired, @day, @waitUntil, @opened, @changed)
                    ON CONFLICT (project_id, id) DO UPDATE SET points = excluded.points, expired = excluded.expired, wait_until = excluded.wait_until, updated_at = excluded.updated_at
                    WHERE point_buckets.points <> excluded.points OR point_buckets.expired <> excluded.expired OR point_buckets.wait_until <> excluded.wait_until
                    """, new
                {
                    card.ProjectId,
                    id = IdOf(bucket.Id),
                    voucher = card.Id,
                    card.CampaignId,
                    left = bucket.Left,
                    expired = bucket.Expired,
                    day = PointsLife.Text(day),
                    waitUntil,
                    opened = bucket.OpenedAt,
                    changed = bucket.ChangedAt,
                });
    }

    /// <summary>Of each card that something expires on, the next day and how much, as far as its rows are up to date.</summary>
    public static async Task<Dictionary<string, NextExpiration>> Next(DbConnection db, Platform.Data.Dialect dialect, string project, IReadOnlyCollection<string> cards) => cards.Count == 0
        ? []
        : (await db.QueryAsync<NextExpiration>($"""
            SELECT voucher_id, last_day, CAST(SUM(points) AS BIGINT) AS points FROM point_buckets b
            WHERE project_id = @project AND {dialect.Among("voucher_id", "@cards")} AND points > 0 AND last_day = (
                SELECT MIN(last_day) FROM point_buckets o WHERE o.project_id = b.project_id AND o.voucher_id = b.voucher_id AND o.points > 0)
            GROUP BY voucher_id, last_day
            """, new { project, cards = dialect.Texts(cards) })).ToDictionary(row => row.VoucherId);
}

/// <summary>The next points of a card that expire.</summary>
public sealed class NextExpiration
{
    public string VoucherId { get; init; } = "";
    public string LastDay { get; init; } = "";
    public long Points { get; init; }
}

/// <summary>What matters here of a project's <c>body</c>.</summary>
public sealed record ZoneOfProject(string? Timezone);

/// <summary>What matters here of a campaign's <c>body</c>.</summary>
public sealed record CardsOfCampaign(TermsOfCards? Voucher);

/// <summary>The terms of a campaign's cards.</summary>
public sealed record TermsOfCards(LoyaltyCard? LoyaltyCard);
