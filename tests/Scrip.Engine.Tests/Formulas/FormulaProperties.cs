using System.Globalization;
using CsCheck;
using Scrip.Engine.Formulas;

namespace Scrip.Engine.Tests.Formulas;

/// <summary>Random formulas against an evaluator that knows nothing of grammars, and random texts against no exception.</summary>
public class FormulaProperties
{
    private const string Letters = "0123456789.()\"';,+-*/%x×÷=<>!&ISAND_ORis \n\\\ud800é";

    private static readonly string[] Words =
    [
        "IF(", "MAX(", "SWITCH(", "SWITCH_CASE(", "IN_ARRAY", "(", ")", ";", "\"a\"", "\"2,3\"", "1", "2.5", "-", "+", "x", "÷", "%", "=", ">", " is ",
        " AND ", " OR ", " contains ", "ORDER_AMOUNT", "CUSTOMER_METADATA(\"tier\")", "CUSTOMER_METADATA(\"zero\")", "TODAY", "DATE(\"2025-01-01\")",
        " IS_AFTER ", "DAYS_SINCE(", "ROUND(", "POW(", "DEFAULT_TO(", "YEAR(", ",", "NOW", "\\", "'", "é",
    ];

    /// <summary>A formula as text, and what it is worth.</summary>
    private sealed record Part(string Text, decimal? Value);

    private static readonly Gen<Part> Leaf = Gen.OneOf(
        Gen.Int[0, 5_000].Select(n => new Part((n / 100m).ToString(CultureInfo.InvariantCulture), n / 100m)),
        Gen.Int[1, 50].Select(n => new Part("-" + n, -n)),
        Gen.Const(new Part("ORDER_AMOUNT", 130)),
        Gen.Const(new Part("CUSTOMER_METADATA(\"zero\")", 0)),
        Gen.Const(new Part("(CUSTOMER_METADATA(\"tier\") * 1)", null)),
        Gen.Const(new Part("ORDER_METADATA(\"day_of_week\")", 5)),
        Gen.Const(new Part("CUSTOMER_METADATA(\"unknown\")", null)));

    private static readonly Gen<Part> Trees = Gen.Recursive<Part>((depth, part) => depth > 3 ? Leaf : Gen.OneOf(
        Leaf,
        Gen.Select(part, part, Gen.OneOfConst("+", "-", "*", "/", "%")).Select((a, b, sign) => new Part($"({a.Text}{sign} {b.Text})", Naive(a.Value, sign, b.Value))),
        Gen.Select(part, part, part, part).Select((a, b, c, d) => new Part(
            $"IF({a.Text} > {b.Text};{c.Text};{d.Text})", a.Value is null || b.Value is null ? null : a.Value > b.Value ? c.Value : d.Value)),
        Gen.Select(part, part).Select((a, b) => new Part($"DEFAULT_TO({a.Text}; {b.Text})", a.Value ?? b.Value)),
        Gen.Select(part, part).Select((a, b) => new Part($"MAX({a.Text};{b.Text})", a.Value is { } x && b.Value is { } y ? Math.Max(x, y) : null)),
        Gen.Select(part, part, part).Select((a, b, c) => new Part(
            $"SWITCH({a.Text} + 0;SWITCH_CASE({b.Text};1) SWITCH_CASE(5;2);{c.Text})",
            a.Value is null || b.Value is null ? null : a.Value == b.Value ? 1 : a.Value == 5 ? 2 : c.Value)),
        Gen.Select(part, part, part).Select((a, b, c) => new Part(
            $"IF({a.Text} = {b.Text} OR {b.Text} + 0 IN_ARRAY ({c.Text};7);1;2)", Either(Same(a.Value, b.Value), In(b.Value, c.Value, 7)) switch
            {
                true => 1,
                false => 2,
                null => null,
            })),
        Gen.Select(part, Gen.Int[-2, 2]).Select((a, digits) => new Part($"ROUND({a.Text};{digits})", Rounded(a.Value, digits)))));

    [Fact]
    public void A_random_formula_is_worth_what_its_parts_are_worth() => Trees.Where(part => part.Text.Length <= 5_000).Sample(
        part => Formula.Read(part.Text) is { Formula: { } formula } && formula.Value(Sample.Facts) == part.Value, iter: 3_000, print: part => $"{part.Text} is {part.Value}");

    [Fact]
    public void Random_text_is_a_formula_or_a_fault_and_never_an_exception()
    {
        static bool Ends(string text)
        {
            var (formula, fault) = Formula.Read(text);
            formula?.Value(Sample.Facts);
            formula?.Value(Sample.Nothing);
            return formula is null != fault is null;
        }
        Gen.Char[Letters].Array[0, 40].Select(letters => new string(letters)).Sample(Ends, iter: 20_000);
        Gen.OneOfConst(Words).Array[0, 25].Select(string.Concat).Sample(Ends, iter: 20_000);
        Gen.Char.Array[0, 20].Select(letters => new string(letters)).Sample(Ends, iter: 2_000);
    }

    private static decimal? Naive(decimal? a, string sign, decimal? b)
    {
        if (a is not { } x || b is not { } y || (y == 0 && (sign is "/" or "%"))) return null;
        try
        {
            return sign switch
            {
                "+" => x + y,
                "-" => x - y,
                "*" => x * y,
                "/" => x / y,
                _ => x % y,
            };
        }
        catch (OverflowException)
        {
            return null;
        }
    }

    private static bool? Same(decimal? a, decimal? b) => a is null || b is null ? null : a == b;

    private static bool? Either(bool? a, bool? b) => a == true || b == true ? true : a is null || b is null ? null : false;

    private static bool? In(decimal? value, decimal? one, decimal other) => value is null ? null : value == one || value == other ? true : one is null ? null : false;

    private static decimal? Rounded(decimal? value, int digits)
    {
        if (value is not { } number) return null;
        var unit = digits switch { -2 => 100m, -1 => 10m, 0 => 1m, 1 => 0.1m, _ => 0.01m };
        try
        {
            var below = Math.Floor(Math.Abs(number) / unit);
            var rest = Math.Abs(number) - (below * unit);
            return Math.Sign(number) * unit * (rest * 2 >= unit ? below + 1 : below);
        }
        catch (OverflowException)
        {
            return null;
        }
    }
}
