using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Sessions;

/// <summary>The session a request names: a validation opens it or takes it over, a redemption uses it up.</summary>
public sealed record SessionInput
{
    public string? Type { get; init; }
    public string? Key { get; init; }
    public decimal? Ttl { get; init; }
    public string? TtlUnit { get; init; }

    /// <summary>Checks what was sent.</summary>
    /// <exception cref="ApiFault">It is malformed.</exception>
    public SessionInput Checked()
    {
        Checks.OneOf(Type, "session.type", Session.Lock);
        Checks.Text(Key, "session.key");
        Checks.OneOf(TtlUnit, "session.ttl_unit", [.. Session.UnitTicks.Keys]);
        if (Ttl <= 0) throw Checks.Wrong("session.ttl", "must be > 0");
        if (Session.Ms(Ttl, TtlUnit) is null) throw Checks.Wrong("session.ttl", $"must be at most {Session.DaysMax} days");
        return this;
    }

    /// <summary>Like <see cref="Checked"/> for a redemption, which has to say which session it uses up.</summary>
    /// <exception cref="ApiFault">It is malformed.</exception>
    public SessionInput CheckedWithKey() =>
        string.IsNullOrEmpty(Key) ? throw Checks.Wrong("session", "should have required property 'key'") : Checked();
}

/// <summary>
/// A session that a validation opened: for its time, each voucher of the validation keeps one use, and a gift card
/// its credits, for whoever brings the key. Sessions belong to vouchers: two of them may know the same key.
/// </summary>
public sealed record Session
{
    /// <summary>The only type.</summary>
    public const string Lock = "LOCK";

    /// <summary>The longest a session may last.</summary>
    public const int DaysMax = 3650;

    const decimal TtlDefault = 7;
    const string UnitDefault = "DAYS";

    /// <summary>How long the units are, in ticks of 100 ns.</summary>
    internal static readonly Dictionary<string, decimal> UnitTicks = new()
    {
        ["DAYS"] = TimeSpan.TicksPerDay,
        ["HOURS"] = TimeSpan.TicksPerHour,
        ["MINUTES"] = TimeSpan.TicksPerMinute,
        ["SECONDS"] = TimeSpan.TicksPerSecond,
        ["MILLISECONDS"] = TimeSpan.TicksPerMillisecond,
        ["MICROSECONDS"] = TimeSpan.TicksPerMicrosecond,
        ["NANOSECONDS"] = 0.01m,
    };

    public required string Key { get; init; }
    public string Type => Lock;
    public required decimal Ttl { get; init; }
    public required string TtlUnit { get; init; }

    /// <summary>The session that a validation asks for; without a key it gets one that nobody can guess.</summary>
    public static Session Open(SessionInput input) => new()
    {
        Key = string.IsNullOrEmpty(input.Key) ? "ssn_" + Ids.Secret() : input.Key,
        Ttl = input.Ttl ?? TtlDefault,
        TtlUnit = input.TtlUnit ?? UnitDefault,
    };

    /// <summary>The first instant, in Unix milliseconds, at which a session opened now is over.</summary>
    public long ExpiresAt(long now) => now + Ms(Ttl, TtlUnit)!.Value;

    /// <summary>Whole milliseconds, rounded up; null beyond <see cref="DaysMax"/>.</summary>
    internal static long? Ms(decimal? ttl, string? unit)
    {
        var (count, ticks) = (ttl ?? TtlDefault, UnitTicks[unit ?? UnitDefault]);
        return count > DaysMax * (TimeSpan.TicksPerDay / ticks) ? null : (long)decimal.Ceiling(count * ticks / TimeSpan.TicksPerMillisecond);
    }
}

/// <summary>The session that a redemption used up.</summary>
public sealed record SessionName(string Key);
