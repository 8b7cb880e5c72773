using Scrip.Engine.Formulas;

namespace Scrip.Engine.Earning;

/// <summary>
/// How many points an earning rule gives. Never below zero and never more than <see cref="Money.Max"/>, whatever the facts.
/// Source: the guide on earning rules, "Earning rules by types".
/// </summary>
/// <param name="Points">Points for each step.</param>
/// <param name="Formula">Works out the points for each step; null, or without a value, it leaves <paramref name="Points"/>.</param>
public abstract record EarningTerms(long Points, Formula? Formula)
{
    /// <summary>The points that the facts earn; 0 when they earn nothing.</summary>
    public long Of(EarningFacts facts)
    {
        var steps = Steps(facts);
        if (steps <= 0) return 0;
        return Money.Times(Each(facts), steps) ?? Money.Max;
    }

    /// <summary>How many complete steps the facts make.</summary>
    protected abstract long Steps(EarningFacts facts);

    private long Each(EarningFacts facts) => Formula?.Value(new FormulaFacts(facts.Situation, null, facts.Cart, null)) is { } value
        ? value <= 0 ? 0 : value >= Money.Max ? Money.Max : Money.Round(value)
        : Math.Max(0, Points);
}

/// <summary>The same number of points each time.</summary>
/// <param name="Points">The points.</param>
/// <param name="Formula">Works them out.</param>
public sealed record FixedPoints(long Points, Formula? Formula = null) : EarningTerms(Points, Formula)
{
    /// <inheritdoc/>
    protected override long Steps(EarningFacts facts) => 1;
}

/// <summary>Points for every so much of something; what is left over of a step earns nothing.</summary>
/// <param name="Measure">What is measured.</param>
/// <param name="Every">The size of a step, at least 1; minor units where money is measured.</param>
/// <param name="Points">Points for each complete step.</param>
/// <param name="Formula">Works them out.</param>
public sealed record ProportionalPoints(Measure Measure, long Every, long Points, Formula? Formula = null) : EarningTerms(Points, Formula)
{
    /// <inheritdoc/>
    protected override long Steps(EarningFacts facts)
    {
        if (Measure.Value(facts) is not { } value || value < Every) return 0;
        var steps = decimal.Floor(value / Every);
        return steps >= Money.Max ? Money.Max : (long)steps;
    }
}
