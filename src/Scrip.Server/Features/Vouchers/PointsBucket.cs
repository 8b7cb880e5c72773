using Scrip.Engine.Points;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Points of a loyalty card that expire together, as the API answers them.</summary>
public sealed record PointsBucket
{
    /// <summary>Of <see cref="Status"/>: nothing of it expired yet, or something is left.</summary>
    public const string Active = "ACTIVE";

    /// <summary>Of <see cref="Status"/>: what was left in it on its last day expired.</summary>
    public const string Expired = "EXPIRED";

    public required string Id { get; init; }
    public required string VoucherId { get; init; }
    public required string CampaignId { get; init; }
    public required BucketPoints Bucket { get; init; }
    public required string Status { get; init; }

    /// <summary>The last day; absent when the points stay.</summary>
    public string? ExpiresAt { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string Object => "loyalty_points_bucket";

    internal static PointsBucket Of(VoucherRow card, Bucket bucket) => new()
    {
        Id = PointBuckets.IdOf(bucket.Id),
        VoucherId = card.Id,
        CampaignId = card.CampaignId ?? "",
        Bucket = new(bucket.Left),
        Status = bucket is { Left: 0, Expired: > 0 } ? Expired : Active,
        ExpiresAt = bucket.LastDay is { } day ? PointsLife.Text(day) : null,
        CreatedAt = new(bucket.OpenedAt),
        UpdatedAt = bucket.ChangedAt == bucket.OpenedAt ? null : new(bucket.ChangedAt),
    };
}

/// <summary>How many points are left.</summary>
public sealed record BucketPoints(long TotalPoints);

/// <summary>A part of what expired, as the transaction keeps it.</summary>
/// <param name="TransactionId">The transaction that opened the bucket.</param>
/// <param name="Points">How many points expired.</param>
/// <param name="LastDay">The last day of the bucket.</param>
/// <param name="OpenedAt">When it was opened, in Unix milliseconds.</param>
public sealed record ExpiredShare(string TransactionId, long Points, string LastDay, long OpenedAt)
{
    internal PointsBucket Show(string voucherId, string campaignId) => new()
    {
        Id = PointBuckets.IdOf(TransactionId),
        VoucherId = voucherId,
        CampaignId = campaignId,
        Bucket = new(Points),
        Status = PointsBucket.Active,
        ExpiresAt = LastDay,
        CreatedAt = new(OpenedAt),
    };
}
