using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Qualifying;

/// <summary>
/// What a candidate asks for at the least, in a form that is compared at once: dates, the order's initial amount, ids in
/// the cart, segments. A candidate whose gate is shut does not qualify; one whose gate is open may.
/// </summary>
internal sealed class Gate
{
    /// <summary>Open for everybody.</summary>
    public static readonly Gate Wide = new();

    /// <summary>The first instant in Unix milliseconds.</summary>
    public long From { get; private init; } = long.MinValue;

    /// <summary>The last instant in Unix milliseconds; before <see cref="From"/> when it is switched off.</summary>
    public long Until { get; private init; } = long.MaxValue;

    /// <summary>The least initial amount in minor units, while conditions of the order are asked.</summary>
    public long Least { get; private init; } = long.MinValue;

    /// <summary>The most, likewise.</summary>
    public long Most { get; private init; } = long.MaxValue;

    /// <summary>Ids one of which the cart has to have, while conditions of products are asked; null when none is needed.</summary>
    public string[]? InCart { get; private init; }

    /// <summary>Segments one of which the customer has to be in, while conditions of the audience are asked; null when none is needed.</summary>
    public string[]? InSegment { get; private init; }

    /// <summary>The gate of a candidate. Tiers of a stack may depend on each other, so a stack has none.</summary>
    public static Gate Of(IReadOnlyList<Incentive> parts)
    {
        if (parts is not [var incentive]) return Wide;
        var (own, campaign) = (incentive.Schedule, incentive.Campaign ?? Schedule.Always);
        var active = own.Active && campaign.Active;
        decimal? least = null;
        decimal? most = null;
        string[]? inCart = null;
        string[]? inSegment = null;
        foreach (var rule in incentive.Rules)
        {
            var bounds = Requirement.InitialAmount(rule);
            if (!(least >= bounds.Least)) least = bounds.Least ?? least;
            if (!(most <= bounds.Most)) most = bounds.Most ?? most;
            inCart = Fewer(inCart, Requirement.Ids(rule, RuleFamilies.Products));
            inSegment = Fewer(inSegment, Requirement.Ids(rule, RuleFamilies.Audience));
        }
        return new Gate
        {
            From = active ? Math.Max(own.StartsAt ?? long.MinValue, campaign.StartsAt ?? long.MinValue) : long.MaxValue,
            Until = active ? Math.Min(own.ExpiresAt ?? long.MaxValue, campaign.ExpiresAt ?? long.MaxValue) : long.MinValue,
            Least = least is { } floor ? (long)decimal.Ceiling(floor) : long.MinValue,
            Most = most is { } ceiling ? (long)decimal.Floor(ceiling) : long.MaxValue,
            InCart = inCart,
            InSegment = inSegment,
        };
    }

    /// <summary>False when the candidate cannot qualify.</summary>
    public bool IsOpen(Question question) =>
        question.Now >= From && question.Now <= Until && question.Allows(Least, Most)
        && (InCart is null || !question.AsksProducts || Array.Exists(InCart, question.InCart.Contains))
        && (InSegment is null || !question.AsksAudience || Array.Exists(InSegment, question.InSegments.Contains));

    private static string[]? Fewer(string[]? one, string[]? other) => one is null || (other is not null && other.Length < one.Length) ? other : one;
}

/// <summary>What gates look at, worked out once for each qualification.</summary>
/// <param name="Now">The instant in Unix milliseconds.</param>
/// <param name="AsksProducts">Whether conditions of products are asked.</param>
/// <param name="AsksAudience">Whether conditions of the audience are asked.</param>
/// <param name="AsksOrder">Whether other conditions of the order are asked.</param>
/// <param name="InitialAmount">Minor units; null when unknown.</param>
/// <param name="InCart">Every id of a product, SKU or collection that a line of the cart has.</param>
/// <param name="InSegments">The segments of the customer.</param>
internal sealed record Question(
    long Now, bool AsksProducts, bool AsksAudience, bool AsksOrder, long? InitialAmount, IReadOnlySet<string> InCart, IReadOnlySet<string> InSegments)
{
    /// <summary>Whether the initial amount keeps to the bounds; an unknown one keeps to none.</summary>
    public bool Allows(long least, long most) =>
        !AsksOrder || (InitialAmount is { } amount ? amount >= least && amount <= most : least == long.MinValue && most == long.MaxValue);
}
