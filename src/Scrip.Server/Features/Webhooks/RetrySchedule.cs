using System.Security.Cryptography;

namespace Scrip.Server.Features.Webhooks;

/// <summary>
/// When a failed sendout is tried again: the documented twelve times, after 1, 2, 4, … minutes and last after 24 hours,
/// all counted from its first attempt, with up to a tenth of the wait on top so that what failed together does not come
/// back together.
/// </summary>
/// <param name="FirstMs">The first wait, in milliseconds; the others are multiples of it.</param>
public sealed record RetrySchedule(long FirstMs)
{
    /// <summary>Retries after the first attempt.</summary>
    public const int RetriesMax = 12;

    // 24 hours in minutes.
    const long LastFactor = 1440;

    /// <summary>When to try again, in Unix milliseconds; null when it was tried often enough.</summary>
    /// <param name="attempts">Attempts so far, at least one.</param>
    /// <param name="createdAt">When the sendout was made.</param>
    /// <param name="now">The end of the last attempt.</param>
    public long? Next(long attempts, long createdAt, long now)
    {
        if (attempts > RetriesMax) return null;
        var planned = createdAt + FirstMs * Factor(attempts);
        var wait = FirstMs * (Factor(attempts) - Factor(attempts - 1));
        // A server that was down does not make up for missed retries at once.
        var due = Math.Max(planned, now + wait / 2);
        return due + RandomNumberGenerator.GetInt32((int)Math.Min(wait / 10, int.MaxValue - 1) + 1);
    }

    static long Factor(long retry) => retry switch
    {
        0 => 0,
        RetriesMax => LastFactor,
        _ => 1L << (int)(retry - 1),
    };
}
