using Scrip.Engine.Facts;

namespace Scrip.Engine.Rules;

/// <summary>
/// An operator with its operand, typed once. It never holds of a missing value. Of an array attribute it holds
/// when it holds of some element; an operator that denies, when it holds of every element.
/// </summary>
internal abstract class Test
{
    /// <summary>The operand as JSON text: the only one, else the whole list.</summary>
    public string Needed { get; init; } = "null";

    /// <summary>The largest number of which it holds; null when there is no such bound.</summary>
    public virtual decimal? Max => null;

    /// <summary>The smallest number of which it holds; null when there is no such bound.</summary>
    public virtual decimal? Min => null;

    /// <summary>The only texts of which it holds; null when it may hold of something else.</summary>
    public virtual string[]? Texts => null;

    protected virtual bool Denies => false;

    protected virtual bool OfWholeList => false;

    public bool Holds(in Value seen, Situation situation)
    {
        if (seen.Kind == ValueKind.Missing) return false;
        if (seen.Kind != ValueKind.List || OfWholeList) return Check(seen, situation);
        foreach (var element in seen.Json.EnumerateArray())
            if (Check(Value.Of(element), situation) != Denies) return !Denies;
        return Denies;
    }

    /// <summary>The value next to the one seen of which it holds; missing when there is none to be told.</summary>
    /// <param name="seen">A value of which it does not hold.</param>
    /// <param name="whole">True when the fact is a whole number that is not negative.</param>
    public virtual Value Nearest(in Value seen, bool whole) => default;

    protected abstract bool Check(in Value seen, Situation situation);

    protected static bool Fits(decimal number, bool whole) =>
        !whole || (number == decimal.Truncate(number) && number >= 0 && number <= Money.Max);
}

/// <summary>$is and $in: the value is one of the operands. $is_not, $not_in and $not_intersect deny it.</summary>
internal sealed class OneOf(Value[] operands, bool denies) : Test
{
    public override decimal? Max => denies || !operands.All(one => one.Kind == ValueKind.Number) ? null : operands.Max(one => one.Number);

    public override decimal? Min => denies || !operands.All(one => one.Kind == ValueKind.Number) ? null : operands.Min(one => one.Number);

    public override string[]? Texts => denies || !operands.All(one => one.Kind == ValueKind.Text) ? null : [.. operands.Select(one => one.String)];

    protected override bool Denies => denies;

    public override Value Nearest(in Value seen, bool whole)
    {
        if (denies)
        {
            if (seen.Kind != ValueKind.Number || seen.Number is > Money.Max or < -Money.Max) return default;
            for (var step = 1; ; step++)
            {
                if (seen.Number + step is var more && !Among(Value.OfNumber(more)) && Fits(more, whole)) return Value.OfNumber(more);
                if (seen.Number - step is var less && !Among(Value.OfNumber(less)) && Fits(less, whole)) return Value.OfNumber(less);
                if (step > operands.Length) return default;
            }
        }
        Value nearest = default;
        foreach (var one in operands)
        {
            if (one.Kind == ValueKind.Number && !Fits(one.Number, whole)) continue;
            if (nearest.Kind == ValueKind.Missing || (Distance(one, seen) is { } d && Distance(nearest, seen) is { } best && d < best)) nearest = one;
        }
        return nearest;
    }

    protected override bool Check(in Value seen, Situation situation) => Among(seen) != denies;

    private bool Among(in Value seen)
    {
        foreach (var one in operands)
            if (seen.Same(one)) return true;
        return false;
    }

    // Numbers whose difference leaves a decimal are equally far away.
    private static decimal? Distance(in Value a, in Value b) =>
        a.Kind != ValueKind.Number || b.Kind != ValueKind.Number ? null : Math.Abs(a.Number / 4 - b.Number / 4);
}

/// <summary>$not_differ: the array has the same elements as the operand, in any order.</summary>
internal sealed class SameSet(Value[] operands) : Test
{
    protected override bool OfWholeList => true;

    protected override bool Check(in Value seen, Situation situation)
    {
        if (seen.Kind != ValueKind.List) return operands.Length > 0 && Array.TrueForAll(operands, Same(seen));
        var elements = seen.Json.EnumerateArray().Select(element => Value.Of(element)).ToArray();
        return Array.TrueForAll(elements, element => Array.Exists(operands, one => element.Same(one)))
            && Array.TrueForAll(operands, one => Array.Exists(elements, element => element.Same(one)));
    }

    private static Predicate<Value> Same(Value seen) => one => seen.Same(one);
}

/// <summary>$count, $count_more, $count_less: the number of elements of an array; of anything else it does not hold.</summary>
internal sealed class Count(int operand, Order order) : Test
{
    protected override bool OfWholeList => true;

    protected override bool Check(in Value seen, Situation situation) =>
        seen.Kind == ValueKind.List && Comparison.Fits(seen.Json.GetArrayLength().CompareTo(operand), order);
}

/// <summary>$starts_with, $ends_with, $contains: letters count as they are, upper or lower.</summary>
internal sealed class TextPart(string[] parts, TextPlace place) : Test
{
    public override Value Nearest(in Value seen, bool whole) => Value.Of(parts[0]);

    protected override bool Check(in Value seen, Situation situation)
    {
        if (seen.Kind == ValueKind.Text) return Has(seen.String);
        if (seen.Kind != ValueKind.Ids) return false;
        foreach (var id in seen.Ids)
            if (Has(id)) return true;
        return false;
    }

    private bool Has(string text)
    {
        foreach (var part in parts)
            if (place switch
            {
                TextPlace.Start => text.StartsWith(part, StringComparison.Ordinal),
                TextPlace.End => text.EndsWith(part, StringComparison.Ordinal),
                _ => text.Contains(part, StringComparison.Ordinal),
            }) return true;
        return false;
    }
}

/// <summary>Where a text part is looked for.</summary>
internal enum TextPlace { Start, End, Anywhere }

/// <summary>publication.redeemable_by_linked_customer without the wish to limit: holds whoever asks.</summary>
internal sealed class Anything : Test
{
    protected override bool Check(in Value seen, Situation situation) => true;
}

/// <summary>Lines of a cart that the operands name. The lines are judged by <see cref="LineRule"/>.</summary>
internal sealed class Naming(LineRef[] refs, bool denies) : Test
{
    public bool Excludes => denies;

    public LineRef[] Refs => refs;

    public override Value Nearest(in Value seen, bool whole) => denies ? default : Value.Of(refs[0].Shown);

    protected override bool Check(in Value seen, Situation situation) => false;
}
