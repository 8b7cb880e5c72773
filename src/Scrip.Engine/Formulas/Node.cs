namespace Scrip.Engine.Formulas;

/// <summary>A typed part of a formula.</summary>
/// <param name="at">Where it stands in the text.</param>
abstract class Node(int at)
{
    /// <summary>The offset in the text.</summary>
    public int At { get; } = at;
}

/// <summary>
/// A part whose value is a number, a text, a date, a truth or an attribute. Asking it never throws, and takes time in
/// proportion to its size: no part asks another one twice.
/// </summary>
/// <typeparam name="T">decimal?, string, Moment?, bool? or Loose?: null always means that it is missing.</typeparam>
abstract class Node<T>(int at) : Node(at)
{
    /// <summary>The value; null when something it needs is missing.</summary>
    public abstract T? Of(FormulaFacts facts);
}

/// <summary>Always the same value.</summary>
sealed class Constant<T>(int at, T value) : Node<T>(at)
{
    /// <summary>The value.</summary>
    public T Value => value;

    public override T? Of(FormulaFacts facts) => value;
}

/// <summary>A value that the facts hold.</summary>
sealed class Fact<T>(int at, Func<FormulaFacts, T?> of) : Node<T>(at)
{
    public override T? Of(FormulaFacts facts) => of(facts);
}

/// <summary>An attribute of the metadata that the facts hold.</summary>
sealed class MetadataValue(int at, string name, Func<FormulaFacts, Facts.Metadata> of) : Node<Loose?>(at)
{
    public override Loose? Of(FormulaFacts facts) => of(facts).Find(name) is { } found ? Loose.Of(found) : null;
}

/// <summary>A value made of another one. What is missing stays missing.</summary>
sealed class Map<TFrom, T>(int at, Node<TFrom> from, Func<TFrom, T?> make) : Node<T>(at)
{
    public override T? Of(FormulaFacts facts) => from.Of(facts) is { } value ? make(value) : default;
}

/// <summary>A value made of another one and the facts.</summary>
sealed class Look<TFrom, T>(int at, Node<TFrom> from, Func<TFrom, FormulaFacts, T?> make) : Node<T>(at)
{
    public override T? Of(FormulaFacts facts) => from.Of(facts) is { } value ? make(value, facts) : default;
}

/// <summary>A value made of two. One that is missing makes it missing.</summary>
sealed class Pair<TFrom, T>(int at, Node<TFrom> left, Node<TFrom> right, Func<TFrom, TFrom, T?> make) : Node<T>(at)
{
    public override T? Of(FormulaFacts facts) =>
        left.Of(facts) is { } first && right.Of(facts) is { } second ? make(first, second) : default;
}

/// <summary>AND and OR: false and true, whichever decides, decides even when the other side is missing.</summary>
sealed class Logic(int at, Node<bool?> left, Node<bool?> right, bool decides) : Node<bool?>(at)
{
    public override bool? Of(FormulaFacts facts)
    {
        var first = left.Of(facts);
        if (first == decides) return decides;
        var second = right.Of(facts);
        if (second == decides) return decides;
        return first is null || second is null ? null : !decides;
    }
}

/// <summary>IF: only the side that is chosen is asked.</summary>
sealed class Choice<T>(int at, Node<bool?> condition, Node<T> then, Node<T> otherwise) : Node<T>(at)
{
    public override T? Of(FormulaFacts facts) => condition.Of(facts) switch
    {
        true => then.Of(facts),
        false => otherwise.Of(facts),
        null => default,
    };
}

/// <summary>DEFAULT_TO: the first that is not missing.</summary>
sealed class First<T>(int at, Node<T>[] parts) : Node<T>(at)
{
    public override T? Of(FormulaFacts facts)
    {
        foreach (var part in parts)
        {
            if (part.Of(facts) is { } value) return value;
        }
        return default;
    }
}

/// <summary>MIN and MAX: one that is missing makes the whole missing.</summary>
sealed class Extreme(int at, Node<decimal?>[] parts, bool largest) : Node<decimal?>(at)
{
    public override decimal? Of(FormulaFacts facts)
    {
        decimal? found = null;
        foreach (var part in parts)
        {
            if (part.Of(facts) is not { } value) return null;
            found = found is not { } best ? value : largest ? Math.Max(best, value) : Math.Min(best, value);
        }
        return found;
    }
}

/// <summary>SWITCH: the value of the first case that equals the factor, else the last value if there is one.</summary>
sealed class Switch<T>(int at, Node<Loose?> factor, (Node<Loose?> Key, Node<T> Value)[] cases, Node<T>? otherwise) : Node<T>(at)
{
    public override T? Of(FormulaFacts facts)
    {
        if (factor.Of(facts) is not { } value) return default;
        foreach (var (key, result) in cases)
        {
            if (key.Of(facts) is not { } wanted) return default;
            if (value.Equal(wanted) == true) return result.Of(facts);
        }
        return otherwise is null ? default : otherwise.Of(facts);
    }
}

/// <summary>IN_ARRAY: true when one of the values is found; not found among what is partly missing is missing.</summary>
sealed class Among(int at, Node<Loose?> value, Node<Loose?>[] items, bool wanted) : Node<bool?>(at)
{
    public override bool? Of(FormulaFacts facts)
    {
        if (value.Of(facts) is not { } sought) return null;
        var missing = false;
        foreach (var item in items)
        {
            if (item.Of(facts) is not { } one) missing = true;
            else if (one.Meets(sought)) return wanted;
        }
        return missing ? null : !wanted;
    }
}
