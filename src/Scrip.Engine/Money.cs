namespace Scrip.Engine;

/// <summary>
/// Whole numbers of minor units (cents, credits, points). Fractions live only inside a calculation, and
/// <see cref="Round"/> is the single place where they end: half away from zero, the way a shop's till rounds.
/// </summary>
public static class Money
{
    /// <summary>The largest amount, in minor units: what a JSON reader anywhere still reads exactly (2^53 − 1).</summary>
    public const long Max = (1L << 53) - 1;

    /// <summary>Ends the fractions of a calculation: half away from zero.</summary>
    /// <param name="amount">Minor units with fractions; the whole part must fit a <see cref="long"/>.</param>
    public static long Round(decimal amount) => (long)decimal.Round(amount, 0, MidpointRounding.AwayFromZero);

    /// <summary>A share of an amount, rounded once.</summary>
    /// <param name="amount">Minor units, 0 to <see cref="Max"/>.</param>
    /// <param name="percent">0 to 100.</param>
    public static long Percent(long amount, decimal percent) => Round(amount * percent / 100m);

    /// <summary>Price times quantity in minor units, or null when it exceeds <see cref="Max"/>.</summary>
    public static long? Times(long price, long quantity)
    {
        var product = (Int128)price * quantity;
        return product > Max || product < -Max ? null : (long)product;
    }

    /// <summary>
    /// Splits a whole into parts that add up to it exactly. Each part is the weight's exact share rounded down;
    /// the leftover units go to the largest remainders, the earlier part first among equals. A part is never
    /// more than its exact share rounded up.
    /// </summary>
    /// <param name="whole">Minor units, not negative.</param>
    /// <param name="weights">Not negative. When all are zero, every part is zero.</param>
    public static long[] Spread(long whole, IReadOnlyList<long> weights)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(whole);
        var parts = new long[weights.Count];
        Int128 sum = 0;
        for (var i = 0; i < parts.Length; i++)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(weights[i]);
            sum += weights[i];
        }
        if (sum == 0) return parts;
        var remainders = new Int128[parts.Length];
        var left = whole;
        for (var i = 0; i < parts.Length; i++)
        {
            var (share, remainder) = Int128.DivRem((Int128)whole * weights[i], sum);
            parts[i] = (long)share;
            remainders[i] = remainder;
            left -= parts[i];
        }
        if (left == 0) return parts;
        foreach (var i in Enumerable.Range(0, parts.Length).OrderByDescending(i => remainders[i]).Take((int)left))
            parts[i]++;
        return parts;
    }
}
