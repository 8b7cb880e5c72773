using NodaTime;

namespace Scrip.Engine.Facts;

/// <summary>What rules and formulas may know of the customer of a request.</summary>
public sealed record CustomerFacts
{
    /// <summary>The customer's id.</summary>
    public required string Id { get; init; }

    /// <summary>The merchant's id of the customer.</summary>
    public string? SourceId { get; init; }

    /// <summary>The day of birth; null when unknown.</summary>
    public LocalDate? Birthdate { get; init; }

    /// <summary>Custom attributes.</summary>
    public Metadata Metadata { get; init; }

    /// <summary>Ids of the segments the customer is in.</summary>
    public IReadOnlySet<string> Segments { get; init; } = new HashSet<string>();

    /// <summary>Ids of the loyalty tiers the customer has reached.</summary>
    public IReadOnlySet<string> LoyaltyTiers { get; init; } = new HashSet<string>();
}
