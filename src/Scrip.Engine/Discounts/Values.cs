using Scrip.Engine.Carts;
using Scrip.Engine.Formulas;

namespace Scrip.Engine.Discounts;

/// <summary>
/// Values that formulas calculate, or null where there is none or a fact is missing. Formulas work in major units;
/// a negative value counts as zero.
/// </summary>
internal static class Values
{
    public static long? Amount(AmountOff off, FormulaFacts? facts, CartLine? line) => Minor(Value(off.Formula, facts, line));

    public static long? Price(FixedPrice price, FormulaFacts? facts, CartLine? line) => Minor(Value(price.Formula, facts, line));

    public static long? Price(Target target, FormulaFacts? facts, CartLine? line) => Minor(Value(target.PriceFormula, facts, line));

    /// <summary>0 to 100.</summary>
    public static decimal? Percent(PercentOff off, FormulaFacts? facts, CartLine? line) =>
        Value(off.Formula, facts, line) is { } value ? Math.Clamp(value, 0m, 100m) : null;

    /// <summary>Whole units, rounded down.</summary>
    public static long? Units(FreeUnit unit, FormulaFacts? facts) => Units(unit.Formula, facts);

    /// <summary>Whole units, rounded down.</summary>
    public static long? Units(Formula? formula, FormulaFacts? facts) =>
        Value(formula, facts, null) is { } value ? (long)Math.Floor(Math.Clamp(value, 0m, int.MaxValue)) : null;

    private static long? Minor(decimal? major) => major is { } value ? Money.Round(Math.Clamp(value, 0m, Money.Max / 100m) * 100m) : null;

    private static decimal? Value(Formula? formula, FormulaFacts? facts, CartLine? line) =>
        formula is null || facts is null ? null : formula.Value(line is null ? facts : facts with { Line = line });
}
