using NodaTime;

namespace Scrip.Engine.Facts;

/// <summary>What rules and formulas may look at besides the cart and the redeemable itself.</summary>
public sealed record Situation
{
    /// <summary>The instant of the decision in Unix milliseconds.</summary>
    public required long NowMs { get; init; }

    /// <summary>The project's time zone.</summary>
    public required DateTimeZone Zone { get; init; }

    /// <summary>The first day of the project's week.</summary>
    public IsoDayOfWeek WeekStart { get; init; } = IsoDayOfWeek.Monday;

    /// <summary>The customer; null when the request names none.</summary>
    public CustomerFacts? Customer { get; init; }

    /// <summary>Custom attributes of the order.</summary>
    public Metadata OrderMetadata { get; init; }

    /// <summary>Custom attributes of the redemption: the request's <c>metadata</c>.</summary>
    public Metadata RedemptionMetadata { get; init; }

    /// <summary>The id of the application key that asks.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The login of the user who asks; null for application keys.</summary>
    public string? UserLogin { get; init; }

    /// <summary>The usage counters of the redeemables, their campaigns and the customer.</summary>
    public UsageFacts Usage { get; init; } = UsageFacts.None;
}
