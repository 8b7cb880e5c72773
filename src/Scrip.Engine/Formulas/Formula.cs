using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Formulas;

/// <summary>A dynamic value: a parsed and typed expression over the facts of a request. Amounts in it are major units.</summary>
public sealed class Formula
{
    private readonly Node<decimal?> root;

    private Formula(string text, Node<decimal?> root)
    {
        Text = text;
        this.root = root;
    }

    /// <summary>The expression as it was written.</summary>
    public string Text { get; }

    /// <summary>Reads an expression: its names, types and the number of arguments. Never throws, whatever the text.</summary>
    public static FormulaReading Read(string text)
    {
        try
        {
            return new(new Formula(text, Binder.Number(Grammar.Parse(text))), null);
        }
        catch (FormulaFault fault)
        {
            return new(null, fault.Message);
        }
    }

    /// <summary>The value; null when a fact it needs is missing or there is no such number, so that the plain value applies.</summary>
    public decimal? Value(FormulaFacts facts) => root.Of(facts);
}

/// <summary>What <see cref="Formula.Read"/> answers: exactly one of the two is set.</summary>
/// <param name="Formula">The formula.</param>
/// <param name="Fault">Where the expression is wrong and why.</param>
public readonly record struct FormulaReading(Formula? Formula, string? Fault);

/// <summary>What a formula may look at.</summary>
/// <param name="Situation">The request.</param>
/// <param name="Incentive">The voucher or promotion tier whose value is calculated; null outside of discounts.</param>
/// <param name="Cart">The order as earlier redeemables left it; null when none was sent.</param>
/// <param name="Line">The line a product discount is calculated for; null elsewhere.</param>
public sealed record FormulaFacts(Situation Situation, Incentive? Incentive, Cart? Cart, CartLine? Line);
