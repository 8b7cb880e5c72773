namespace Scrip.Engine.Formulas;

/// <summary>A formula as it was written, before names and types mean anything.</summary>
/// <param name="At">Where it begins, or where its operator stands: the offset in the text.</param>
abstract record Syntax(int At)
{
    /// <summary>The longest way down, itself included: what keeps recursion over the tree bounded.</summary>
    public virtual int Depth => 1;
}

/// <summary>A number, not negative, as it was written.</summary>
sealed record NumberSyntax(int At, string Digits) : Syntax(At);

/// <summary>A quoted text.</summary>
sealed record TextSyntax(int At, string Text) : Syntax(At);

/// <summary>An operand without arguments, or a misspelt word.</summary>
sealed record NameSyntax(int At, string Name) : Syntax(At);

/// <summary>A function or an operand with arguments.</summary>
sealed record CallSyntax(int At, string Name, IReadOnlyList<Syntax> Arguments) : Syntax(At)
{
    public override int Depth { get; } = 1 + Syntaxes.Deepest(Arguments);
}

/// <summary>Several values in brackets: what IN_ARRAY looks through.</summary>
sealed record ListSyntax(int At, IReadOnlyList<Syntax> Items) : Syntax(At)
{
    public override int Depth { get; } = 1 + Syntaxes.Deepest(Items);
}

/// <summary>A value with a minus before it.</summary>
sealed record NegativeSyntax(int At, Syntax Of) : Syntax(At)
{
    public override int Depth { get; } = 1 + Of.Depth;
}

/// <summary>Two values and what stands between them. Words are in upper case.</summary>
sealed record BinarySyntax(int At, string Operator, Syntax Left, Syntax Right) : Syntax(At)
{
    public override int Depth { get; } = 1 + Math.Max(Left.Depth, Right.Depth);
}

/// <summary>Measures many at once.</summary>
static class Syntaxes
{
    /// <summary>The depth of the deepest; 0 when there is none.</summary>
    public static int Deepest(IReadOnlyList<Syntax> all)
    {
        var deepest = 0;
        foreach (var one in all) deepest = Math.Max(deepest, one.Depth);
        return deepest;
    }
}
