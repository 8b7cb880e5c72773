namespace Scrip.Engine.Formulas;

/// <summary>Looks at parts as the type that is needed. An attribute can stand for any type; it is missing if it has another.</summary>
static class Typing
{
    /// <summary>The part as a number.</summary>
    public static Node<decimal?> Number(Node node) => node switch
    {
        Node<decimal?> number => number,
        Node<Loose?> any => new Map<Loose?, decimal?>(any.At, any, Loose.Number),
        _ => throw Wrong(node, "a number"),
    };

    /// <summary>The part as a text.</summary>
    public static Node<string> Text(Node node) => node switch
    {
        Node<string> text => text,
        Node<Loose?> any => new Map<Loose?, string>(any.At, any, Loose.Text),
        _ => throw Wrong(node, "a text"),
    };

    /// <summary>The part as a date; an attribute is a text in ISO 8601.</summary>
    public static Node<Moment?> Date(Node node) => node switch
    {
        Node<Moment?> date => date,
        Node<Loose?> any => new Look<Loose?, Moment?>(any.At, any, (value, facts) =>
            Loose.Text(value) is { } text ? Moment.Read(text, facts.Situation.Zone) : null),
        _ => throw Wrong(node, "a date"),
    };

    /// <summary>The part as a condition.</summary>
    public static Node<bool?> Truth(Node node) => node switch
    {
        Node<bool?> truth => truth,
        Node<Loose?> any => new Map<Loose?, bool?>(any.At, any, Loose.Truth),
        _ => throw Wrong(node, "a condition"),
    };

    /// <summary>A number, a text or an attribute as what it is at last.</summary>
    public static Node<Loose?> Any(Node node) => node switch
    {
        Node<Loose?> any => any,
        Constant<decimal?> number => new Constant<Loose?>(number.At, new Loose(number.Value!.Value)),
        Constant<string> text => new Constant<Loose?>(text.At, new Loose(text.Value)),
        Node<decimal?> number => new Map<decimal?, Loose?>(number.At, number, value => new Loose(value!.Value)),
        Node<string> text => new Map<string, Loose?>(text.At, text, value => new Loose(value)),
        _ => throw Wrong(node, "a number or a text"),
    };

    /// <summary>Looks at all parts as one type, that of the parts which have one, and makes something of them.</summary>
    /// <exception cref="FormulaFault">The parts have different types.</exception>
    public static Node Alike(IReadOnlyList<Node> parts, Maker maker)
    {
        var first = parts.FirstOrDefault(part => part is not Node<Loose?>);
        return first switch
        {
            Node<decimal?> => maker.Make([.. parts.Select(Number)]),
            Node<string> => maker.Make([.. parts.Select(Text)]),
            Node<Moment?> => maker.Make([.. parts.Select(Date)]),
            Node<bool?> => maker.Make([.. parts.Select(Truth)]),
            _ => maker.Make([.. parts.Select(part => (Node<Loose?>)part)]),
        };
    }

    /// <summary>The fault of a part that has another type than is needed.</summary>
    public static FormulaFault Wrong(Node node, string wanted) => new(node.At, $"{wanted} is expected, not {Named(node)}");

    private static string Named(Node node) => node switch
    {
        Node<decimal?> => "a number",
        Node<string> => "a text",
        Node<Moment?> => "a date",
        Node<bool?> => "a condition",
        _ => "metadata",
    };
}

/// <summary>Makes a part of parts of one type, whichever it is.</summary>
abstract class Maker
{
    /// <summary>The part.</summary>
    public abstract Node Make<T>(Node<T>[] parts);
}

/// <summary>Makes IF of its two results.</summary>
sealed class ChoiceMaker(int at, Node<bool?> condition) : Maker
{
    public override Node Make<T>(Node<T>[] parts) => new Choice<T>(at, condition, parts[0], parts[1]);
}

/// <summary>Makes DEFAULT_TO.</summary>
sealed class FirstMaker(int at) : Maker
{
    public override Node Make<T>(Node<T>[] parts) => new First<T>(at, parts);
}

/// <summary>Makes SWITCH of the results of its cases; one result more than there are keys is that of all other values.</summary>
sealed class SwitchMaker(int at, Node<Loose?> factor, Node<Loose?>[] keys) : Maker
{
    public override Node Make<T>(Node<T>[] parts) => new Switch<T>(
        at, factor, [.. keys.Select((key, i) => (key, parts[i]))], parts.Length > keys.Length ? parts[^1] : null);
}
