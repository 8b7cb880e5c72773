using System.Globalization;

namespace Scrip.Engine.Formulas;

/// <summary>Gives names and types to the syntax of a formula. What it makes can be asked; what it cannot make is a fault.</summary>
static class Binder
{
    /// <summary>The formula as a number.</summary>
    /// <exception cref="FormulaFault">A name is unknown, an argument is missing, or a type does not fit.</exception>
    public static Node<decimal?> Number(Syntax syntax) => Typing.Number(Bind(syntax));

    /// <summary>One part.</summary>
    public static Node Bind(Syntax syntax) => syntax switch
    {
        NumberSyntax number => new Constant<decimal?>(number.At, Decimal(number)),
        TextSyntax text => new Constant<string>(text.At, Whole(text)),
        NegativeSyntax negative => Typing.Number(Bind(negative.Of)) switch
        {
            Constant<decimal?> constant => new Constant<decimal?>(negative.At, -constant.Value),
            var number => new Map<decimal?, decimal?>(negative.At, number, value => -value),
        },
        NameSyntax name => Operand(name.At, name.Name) ?? throw Unknown(name.At, name.Name),
        CallSyntax { Arguments.Count: 0 } call when Operand(call.At, call.Name) is { } operand => operand,
        CallSyntax call => Call(call),
        BinarySyntax binary => Operators.Bind(binary.At, binary.Operator, binary.Left, binary.Right),
        _ => throw new FormulaFault(syntax.At, "a list stands only after IN_ARRAY or NOT_IN_ARRAY"),
    };

    private static Node Call(CallSyntax call)
    {
        if (Operands.Attributes.TryGetValue(call.Name, out var metadata))
        {
            Functions.Count(call, 1, 1);
            if (Bind(call.Arguments[0]) is not Constant<string> name)
                throw new FormulaFault(call.Arguments[0].At, $"{call.Name.ToUpperInvariant()} needs the name of an attribute in quotes");
            return new MetadataValue(call.At, name.Value, metadata);
        }
        if (Operand(call.At, call.Name) is not null) throw new FormulaFault(call.At, $"{call.Name.ToUpperInvariant()} has no arguments");
        return Functions.Bind(call) ?? throw Unknown(call.At, call.Name);
    }

    private static Node? Operand(int at, string name) =>
        Operands.Numbers.TryGetValue(name, out var number) ? new Fact<decimal?>(at, number)
        : Operands.Dates.TryGetValue(name, out var date) ? new Fact<Moment?>(at, date)
        : null;

    private static FormulaFault Unknown(int at, string name) =>
        Operands.Attributes.ContainsKey(name) || Functions.Names.Contains(name)
            ? new(at, $"{name.ToUpperInvariant()} needs its arguments in brackets")
            : new(at, $"{name} is not known");

    private static decimal Decimal(NumberSyntax number) =>
        decimal.TryParse(number.Digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new FormulaFault(number.At, "the number is too large or has more than one point");

    // Half of a surrogate pair can be written as an escape, and no attribute can be named by it.
    private static string Whole(TextSyntax text)
    {
        for (var i = 0; i < text.Text.Length; i++)
        {
            if (!char.IsSurrogate(text.Text[i])) continue;
            if (i + 1 == text.Text.Length || !char.IsSurrogatePair(text.Text[i], text.Text[i + 1])) throw new FormulaFault(text.At, "the text has half a character");
            i++;
        }
        return text.Text;
    }
}
