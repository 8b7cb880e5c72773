using Parlot;
using Parlot.Fluent;
using static Parlot.Fluent.Parsers;

namespace Scrip.Engine.Formulas;

/// <summary>
/// Reads the text of a formula into its syntax. Bounded before it begins: length and nesting of brackets; and after:
/// depth of the tree, since a long sum leans to the left. Whatever the text, it ends with a tree or a fault.
/// </summary>
static class Grammar
{
    /// <summary>Characters a formula may have.</summary>
    public const int LengthMax = 5_000;

    /// <summary>Brackets within brackets.</summary>
    public const int NestingMax = 50;

    /// <summary>Operations on top of each other; a sum of n values has n − 1.</summary>
    public const int DepthMax = 400;

    private static readonly Parser<Syntax> Whole = Make();

    /// <summary>The tree of a text.</summary>
    /// <exception cref="FormulaFault">The text is no formula, or too large.</exception>
    public static Syntax Parse(string text)
    {
        Bound(text);
        // The end is where the text ends, and blanks do not count.
        if (!Whole.TryParse(text.TrimEnd(), out var syntax, out var error) || syntax is null)
            throw new FormulaFault(Skip(text, error?.Position.Offset ?? 0), error?.Message ?? Expected);
        if (syntax.Depth > DepthMax) throw new FormulaFault($"The formula has more than {DepthMax} operations on top of each other");
        return syntax;
    }

    private const string Expected = "a value is expected";

    private static void Bound(string text)
    {
        if (string.IsNullOrWhiteSpace(text)) throw new FormulaFault("The formula is empty");
        if (text.Length > LengthMax) throw new FormulaFault($"The formula is longer than {LengthMax} characters");
        var nesting = 0;
        var quote = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (quote != '\0')
            {
                if (c == '\\') i++;
                else if (c == quote) quote = '\0';
            }
            else if (c is '"' or '\'') quote = c;
            else if (c == '(' && ++nesting > NestingMax) throw new FormulaFault(i, $"brackets are nested more than {NestingMax} deep");
            else if (c == ')') nesting--;
        }
    }

    private static Parser<Syntax> Make()
    {
        var expression = Deferred<Syntax>();
        var open = Terms.Char('(');
        var close = Terms.Char(')').ElseError("';' or ')' is expected");
        var word = Terms.Identifier();

        // The cases of a SWITCH follow each other without a separator; each is an argument of its own.
        var oneCase = Word("SWITCH_CASE").AndSkip(open).And(Separated(Terms.Char(';'), expression)).AndSkip(close)
            .Then(found => (Syntax)new CallSyntax(found.Item1.At, found.Item1.Name, found.Item2));
        var argument = OneOrMany(oneCase).Or(expression.Then(one => (IReadOnlyList<Syntax>)[one]));
        Parser<IReadOnlyList<Syntax>> arguments = open.SkipAnd(
            Terms.Char(')').Then(_ => (IReadOnlyList<Syntax>)[])
            .Or(Separated(Terms.Char(';'), argument).AndSkip(close).Then(parts => (IReadOnlyList<Syntax>)[.. parts.SelectMany(part => part)])));

        var number = Placed(Terms.Pattern(c => char.IsAsciiDigit(c) || c == '.'), (at, digits) => (Syntax)new NumberSyntax(at, digits.ToString()));
        var text = Placed(Terms.String(StringLiteralQuotes.SingleOrDouble), (at, span) => (Syntax)new TextSyntax(at, span.ToString()));
        var named = Placed(word.And(arguments.Then(all => (IReadOnlyList<Syntax>?)all).Else((IReadOnlyList<Syntax>?)null)), (at, found) => found.Item2 is { } given
            ? (Syntax)new CallSyntax(at, found.Item1.ToString(), given)
            : new NameSyntax(at, found.Item1.ToString()));
        var brackets = Sign("(").And(Separated(Terms.Char(';').Or(Terms.Char(',')), expression)).AndSkip(close)
            .Then(found => found.Item2.Count == 1 ? found.Item2[0] : new ListSyntax(found.Item1.At, found.Item2));
        var primary = OneOf(number, text, named, brackets).ElseError(Expected);
        var negative = Sign("-").And(primary).Then(found => (Syntax)new NegativeSyntax(found.Item1.At, found.Item2));
        var unary = negative.Or(primary);

        var times = Chain(unary, Sign("*"), Sign("×"), Sign("/"), Sign("÷"), Sign("%"), Word("x"));
        var sum = Chain(times, Sign("+"), Sign("-"));
        var comparison = Chain(sum, Sign(">="), Sign("<="), Sign("!="), Sign(">"), Sign("<"), Sign("="), Word("is"), Word("isNot"),
            Word("contains"), Word("startsWith"), Word("endsWith"), Word("IN_ARRAY"), Word("NOT_IN_ARRAY"),
            Word("DATE_IS"), Word("DATE_IS_NOT"), Word("IS_AFTER"), Word("IS_BEFORE"));
        expression.Parser = Chain(Chain(comparison, Word("AND")), Word("OR"));
        return expression.AndSkip(Always<char>().Eof().ElseError("an operator or the end is expected"));
    }

    private static Parser<Syntax> Chain(Parser<Syntax> operand, params Parser<(int At, string Name)>[] operators) =>
        operand.And(ZeroOrMany(OneOf(operators).And(operand))).Then(found => found.Item2.Aggregate(found.Item1,
            (left, next) => new BinarySyntax(next.Item1.At, next.Item1.Name, left, next.Item2)));

    private static Parser<(int At, string Name)> Sign(string sign) => Placed(Terms.Text(sign), (at, _) => (at, sign));

    private static Parser<(int At, string Name)> Word(string word)
    {
        var name = word.ToUpperInvariant();
        var end = Literals.Pattern(c => char.IsLetterOrDigit(c) || c == '_');
        // "2 x3" multiplies; any other word ends where its letters and digits end.
        if (word == "x") end = Literals.Pattern(c => char.IsLetter(c) || c == '_');
        return Placed(Terms.Text(word, caseInsensitive: true).WhenNotFollowedBy(end), (at, _) => (at, name));
    }

    private static Parser<TTo> Placed<TFrom, TTo>(Parser<TFrom> of, Func<int, TFrom, TTo> make) =>
        of.Then((context, start, _, value) => make(Skip(context.Scanner.Buffer, start), value));

    private static int Skip(string text, int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        return at;
    }
}
