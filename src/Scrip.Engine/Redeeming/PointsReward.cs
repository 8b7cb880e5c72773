namespace Scrip.Engine.Redeeming;

/// <summary>What the points of a loyalty card are to buy. Source: the API reference, "Reward object", and the guide on points.</summary>
/// <param name="Id">The reward's id as the caller wrote it.</param>
public abstract record PointsReward(string Id);

/// <summary>A reward that is not assigned to the campaign of the card, or does not exist.</summary>
/// <param name="Id">The reward's id as the caller wrote it.</param>
public sealed record UnknownReward(string Id) : PointsReward(Id);

/// <summary>COIN: points pay for the order, as a discount of it.</summary>
/// <param name="Id">The reward's id.</param>
/// <param name="Exchange">What <paramref name="Ratio"/> points are worth, in minor units, above 0; may have fractions.</param>
/// <param name="Ratio">How many points are worth that, at least 1.</param>
public sealed record CoinReward(string Id, decimal Exchange, long Ratio) : PointsReward(Id)
{
    /// <summary>The points that pay for an amount: whole ratios, rounded up.</summary>
    /// <param name="amount">Minor units, 0 to <see cref="Money.Max"/>.</param>
    /// <returns>Points, at most <see cref="Money.Max"/>.</returns>
    public long Needed(long amount)
    {
        // Tells the quotient from one that no amount is large enough for, without making it.
        if (Exchange < 1 && amount > Money.Max * Exchange) return Money.Max;
        return Money.Times((long)decimal.Ceiling(amount / Exchange), Ratio) ?? Money.Max;
    }

    /// <summary>What points are worth in minor units, rounded once; at most <see cref="Money.Max"/>.</summary>
    /// <param name="points">0 to <see cref="Money.Max"/>.</param>
    public long Worth(long points)
    {
        var ratios = points / (decimal)Ratio;
        return Exchange > 1 && ratios > Money.Max / Exchange ? Money.Max : Money.Round(ratios * Exchange);
    }

    /// <summary>The points to take and what they pay: the requested ones, or without a request as many whole ratios as the card has, but never more than the order needs.</summary>
    /// <param name="balance">Points on the card, not negative.</param>
    /// <param name="requested">Points the caller asks for, at least 1; null means as many as the order takes.</param>
    /// <param name="room">What is left of the order, in minor units.</param>
    public (long Points, long Paid) Take(long balance, long? requested, long room)
    {
        var points = Math.Min(requested ?? balance / Ratio * Ratio, Needed(room));
        var paid = Math.Min(room, Worth(points));
        // Points that are worth less than half a minor unit are left on the card.
        return paid == 0 ? (0, 0) : (points, paid);
    }
}

/// <summary>CAMPAIGN or MATERIAL: a code, credits, points or a product for a fixed price. It takes nothing off the order, which may be missing.</summary>
/// <param name="Id">The reward's id.</param>
/// <param name="Cost">Points, 1 to <see cref="Money.Max"/>.</param>
public sealed record PricedReward(string Id, long Cost) : PointsReward(Id);

/// <summary>A card as it is, without anything bought: what qualifications show.</summary>
public sealed record NoReward() : PointsReward("");
