using System.Collections.Concurrent;
using System.Globalization;
using System.Threading.RateLimiting;
using Scrip.Engine;

namespace Scrip.Server.Platform.Http;

/// <summary>Counts the calls of each project in windows of a minute and tells the caller how it stands.</summary>
public sealed class RateLimits(Settings settings, TimeProvider clock)
{
    // Strangers beyond so many share one window.
    const int KeptMax = 10_000;

    static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<string, FixedWindowRateLimiter> limiters = new(StringComparer.Ordinal);

    /// <summary>Takes one call and writes the three documented headers, five when the limit is reached.</summary>
    /// <exception cref="ApiFault">The limit is reached.</exception>
    public void Take(HttpResponse response, string who)
    {
        if (limiters.Count > KeptMax && !limiters.ContainsKey(who)) who = "";
        var limiter = limiters.GetOrAdd(who, _ => new FixedWindowRateLimiter(new FixedWindowRateLimiterOptions
        {
            PermitLimit = settings.RateLimit,
            Window = Window,
            QueueLimit = 0,
        }));
        using var lease = limiter.AttemptAcquire();
        var retryAt = clock.GetUtcNow().Add(Window).ToUnixTimeSeconds();
        response.Headers["X-Rate-Limit-Limit"] = settings.RateLimit.ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Rate-Limit-Remaining"] = (limiter.GetStatistics()?.CurrentAvailablePermits ?? 0).ToString(CultureInfo.InvariantCulture);
        response.Headers["X-Rate-Limit-Retry"] = retryAt.ToString(CultureInfo.InvariantCulture);
        if (lease.IsAcquired) return;
        response.Headers["X-Rate-Limit-Type"] = "api_calls";
        response.Headers.RetryAfter = (lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? (int)after.TotalSeconds : 60)
            .ToString(CultureInfo.InvariantCulture);
        throw new ApiFault(Refusals.TooManyRequests);
    }
}
