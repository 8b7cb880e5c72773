namespace Scrip.Engine.Formulas;

/// <summary>What is wrong with the text of a formula, and where. Never leaves <see cref="Formula.Read"/>.</summary>
sealed class FormulaFault : Exception
{
    /// <summary>A fault without a place.</summary>
    public FormulaFault(string message) : base(message)
    {
    }

    /// <summary>A fault at an offset; people count columns from 1.</summary>
    public FormulaFault(int at, string message) : base($"column {at + 1}: {message}")
    {
    }
}
