namespace Scrip.Engine.Formulas;

/// <summary>What stands between two values. The words may also stand before them in brackets: <c>IS_AFTER(TODAY;…)</c>.</summary>
static class Operators
{
    /// <summary>Words that are written in either way.</summary>
    public static readonly HashSet<string> Words = new(StringComparer.OrdinalIgnoreCase)
    {
        "IN_ARRAY", "NOT_IN_ARRAY", "DATE_IS", "DATE_IS_NOT", "IS_AFTER", "IS_BEFORE",
    };

    /// <summary>The part that an operator makes of its sides.</summary>
    /// <param name="at">Where the operator stands.</param>
    /// <param name="name">The operator; a word in upper case.</param>
    /// <param name="left">The value before it.</param>
    /// <param name="right">The value after it.</param>
    public static Node Bind(int at, string name, Syntax left, Syntax right) => name switch
    {
        "+" => Numbers(at, left, right, Arithmetic.Add),
        "-" => Numbers(at, left, right, Arithmetic.Subtract),
        "*" or "×" or "X" => Numbers(at, left, right, Arithmetic.Multiply),
        "/" or "÷" => Numbers(at, left, right, Arithmetic.Divide),
        "%" => Numbers(at, left, right, Arithmetic.Modulo),
        ">" => Compare(at, left, right, (a, b) => a > b),
        "<" => Compare(at, left, right, (a, b) => a < b),
        ">=" => Compare(at, left, right, (a, b) => a >= b),
        "<=" => Compare(at, left, right, (a, b) => a <= b),
        "=" => Equal(at, left, right, true),
        "!=" => Equal(at, left, right, false),
        "IS" => Texts(at, left, right, (a, b) => a == b),
        "ISNOT" => Texts(at, left, right, (a, b) => a != b),
        "CONTAINS" => Contains(at, left, right),
        "STARTSWITH" => Texts(at, left, right, (a, b) => a.StartsWith(b, StringComparison.Ordinal)),
        "ENDSWITH" => Texts(at, left, right, (a, b) => a.EndsWith(b, StringComparison.Ordinal)),
        "DATE_IS" => Dates(at, left, right, (a, b) => a!.Value.Day == b!.Value.Day),
        "DATE_IS_NOT" => Dates(at, left, right, (a, b) => a!.Value.Day != b!.Value.Day),
        "IS_AFTER" => Dates(at, left, right, (a, b) => a!.Value.CompareTo(b!.Value) > 0),
        "IS_BEFORE" => Dates(at, left, right, (a, b) => a!.Value.CompareTo(b!.Value) < 0),
        "AND" => new Logic(at, Typing.Truth(Binder.Bind(left)), Typing.Truth(Binder.Bind(right)), decides: false),
        "OR" => new Logic(at, Typing.Truth(Binder.Bind(left)), Typing.Truth(Binder.Bind(right)), decides: true),
        "IN_ARRAY" => Among(at, left, right is ListSyntax list ? list.Items : [right], true),
        "NOT_IN_ARRAY" => Among(at, left, right is ListSyntax list ? list.Items : [right], false),
        _ => throw new FormulaFault(at, $"{name} is not known"),
    };

    /// <summary>IN_ARRAY and NOT_IN_ARRAY. Texts among the items hold several values with commas between them.</summary>
    public static Node Among(int at, Syntax value, IReadOnlyList<Syntax> items, bool wanted)
    {
        var sought = Binder.Bind(value);
        var all = new List<Node<Loose?>>();
        foreach (var item in items)
        {
            var bound = Binder.Bind(item);
            if (bound is Constant<string> { Value: var texts })
            {
                foreach (var text in texts.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                {
                    if (sought is Node<decimal?> && Loose.Spelt(text) is null) throw new FormulaFault(bound.At, $"a number is expected, not \"{text}\"");
                    all.Add(new Constant<Loose?>(bound.At, new Loose(text)));
                }
            }
            else
            {
                if (sought is Node<string> && bound is Node<decimal?>) throw Typing.Wrong(bound, "a text");
                if (sought is Node<decimal?> && bound is Node<string>) throw Typing.Wrong(bound, "a number");
                all.Add(Typing.Any(bound));
            }
        }
        return new Among(at, Typing.Any(sought), [.. all], wanted);
    }

    private static Pair<decimal?, decimal?> Numbers(int at, Syntax left, Syntax right, Func<decimal?, decimal?, decimal?> make) =>
        new(at, Binder.Number(left), Binder.Number(right), make);

    private static Pair<decimal?, bool?> Compare(int at, Syntax left, Syntax right, Func<decimal?, decimal?, bool?> make) =>
        new(at, Binder.Number(left), Binder.Number(right), make);

    private static Pair<string, bool?> Texts(int at, Syntax left, Syntax right, Func<string, string, bool?> make) =>
        new(at, Typing.Text(Binder.Bind(left)), Typing.Text(Binder.Bind(right)), make);

    private static Pair<Moment?, bool?> Dates(int at, Syntax left, Syntax right, Func<Moment?, Moment?, bool?> make) =>
        new(at, Typing.Date(Binder.Bind(left)), Typing.Date(Binder.Bind(right)), make);

    private static Node Contains(int at, Syntax left, Syntax right) => Binder.Bind(left) switch
    {
        Node<Loose?> any => new ListOrText(at, any, Typing.Text(Binder.Bind(right))),
        var text => new Pair<string, bool?>(at, Typing.Text(text), Typing.Text(Binder.Bind(right)), (a, b) => a.Contains(b, StringComparison.Ordinal)),
    };

    private static Node Equal(int at, Syntax left, Syntax right, bool wanted)
    {
        Node[] sides = [Binder.Bind(left), Binder.Bind(right)];
        return Typing.Alike(sides, new EqualMaker(at, wanted));
    }
}

/// <summary>Makes = and != of two sides of one type.</summary>
sealed class EqualMaker(int at, bool wanted) : Maker
{
    public override Node Make<T>(Node<T>[] parts) => parts switch
    {
        Node<Loose?>[] any => new Pair<Loose?, bool?>(at, any[0], any[1], (a, b) => a!.Value.Equal(b!.Value) is { } same ? same == wanted : null),
        Node<Moment?>[] dates => new Pair<Moment?, bool?>(at, dates[0], dates[1], (a, b) => a!.Value.CompareTo(b!.Value) == 0 == wanted),
        _ => new Pair<T, bool?>(at, parts[0], parts[1], (a, b) => EqualityComparer<T>.Default.Equals(a, b) == wanted),
    };
}

/// <summary>contains on an attribute, which may be a text or a list of texts.</summary>
sealed class ListOrText(int at, Node<Loose?> left, Node<string> right) : Node<bool?>(at)
{
    public override bool? Of(FormulaFacts facts) => left.Of(facts) is { } value && right.Of(facts) is { } part ? value.Contains(part) : null;
}
