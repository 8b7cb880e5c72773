namespace Scrip.Engine.Rules;

/// <summary>How the numbered rules of one set are joined. Numbers are replaced by indices of the rules that are joined.</summary>
internal abstract class Logic
{
    public abstract bool Holds(ReadOnlySpan<bool> results);

    /// <summary>The first rule, in the order of the expression, that is to blame; -1 when it holds.</summary>
    public abstract int Failing(ReadOnlySpan<bool> results);

    /// <summary>
    /// Adds the rules that a positive verdict rests on and that bind a counter: of "and" all, of "or" those of the first
    /// true branch, or none when some true branch binds nothing.
    /// </summary>
    public abstract void Resting(ReadOnlySpan<bool> results, ReadOnlySpan<bool> binding, List<int> on);

    /// <summary>True when it cannot hold unless each of its rules does.</summary>
    public virtual bool NeedsEach => false;

    /// <summary>
    /// The change that makes it hold: of "and" that of the only part that fails, of "or" the first there is. Null when
    /// it holds, or when no single change will do.
    /// </summary>
    public abstract Mend? Mending(ReadOnlySpan<bool> results, ReadOnlySpan<Mend?> mends);

    /// <summary>
    /// Ids one of which has to be there for it to hold: of "and" those of the part that has the fewest, of "or" those of
    /// all parts. Null when it may hold without any.
    /// </summary>
    /// <param name="ofRules">The ids that each rule needs; null of a rule that needs none.</param>
    public abstract string[]? Required(string[]?[] ofRules);

    /// <summary>Adds the rules that are named, each once.</summary>
    public abstract void Named(List<int> rules);
}

/// <summary>One rule.</summary>
internal sealed class One(int index) : Logic
{
    public override bool NeedsEach => true;

    public override bool Holds(ReadOnlySpan<bool> results) => results[index];

    public override int Failing(ReadOnlySpan<bool> results) => results[index] ? -1 : index;

    public override void Resting(ReadOnlySpan<bool> results, ReadOnlySpan<bool> binding, List<int> on)
    {
        if (binding[index] && !on.Contains(index)) on.Add(index);
    }

    public override Mend? Mending(ReadOnlySpan<bool> results, ReadOnlySpan<Mend?> mends) => results[index] ? null : mends[index];

    public override string[]? Required(string[]?[] ofRules) => ofRules[index];

    public override void Named(List<int> rules)
    {
        if (!rules.Contains(index)) rules.Add(index);
    }
}

/// <summary>All of the parts; of no parts it holds.</summary>
internal sealed class And(Logic[] parts) : Logic
{
    public override bool NeedsEach { get; } = Array.TrueForAll(parts, part => part.NeedsEach);

    public override bool Holds(ReadOnlySpan<bool> results)
    {
        foreach (var part in parts)
            if (!part.Holds(results)) return false;
        return true;
    }

    public override int Failing(ReadOnlySpan<bool> results)
    {
        foreach (var part in parts)
            if (part.Failing(results) is >= 0 and var index) return index;
        return -1;
    }

    public override void Resting(ReadOnlySpan<bool> results, ReadOnlySpan<bool> binding, List<int> on)
    {
        foreach (var part in parts) part.Resting(results, binding, on);
    }

    public override Mend? Mending(ReadOnlySpan<bool> results, ReadOnlySpan<Mend?> mends)
    {
        Logic? failing = null;
        foreach (var part in parts)
        {
            if (part.Holds(results)) continue;
            if (failing is not null) return null;
            failing = part;
        }
        return failing?.Mending(results, mends);
    }

    public override string[]? Required(string[]?[] ofRules)
    {
        string[]? fewest = null;
        foreach (var part in parts)
            if (part.Required(ofRules) is { } ids && (fewest is null || ids.Length < fewest.Length)) fewest = ids;
        return fewest;
    }

    public override void Named(List<int> rules)
    {
        foreach (var part in parts) part.Named(rules);
    }
}

/// <summary>At least one of the parts.</summary>
internal sealed class Or(Logic[] parts) : Logic
{
    public override bool Holds(ReadOnlySpan<bool> results)
    {
        foreach (var part in parts)
            if (part.Holds(results)) return true;
        return false;
    }

    public override int Failing(ReadOnlySpan<bool> results) => Holds(results) ? -1 : parts[0].Failing(results);

    public override void Resting(ReadOnlySpan<bool> results, ReadOnlySpan<bool> binding, List<int> on)
    {
        List<int>? first = null;
        foreach (var part in parts)
        {
            if (!part.Holds(results)) continue;
            var branch = new List<int>();
            part.Resting(results, binding, branch);
            if (branch.Count == 0) return;
            first ??= branch;
        }
        foreach (var index in first ?? [])
            if (!on.Contains(index)) on.Add(index);
    }

    public override Mend? Mending(ReadOnlySpan<bool> results, ReadOnlySpan<Mend?> mends)
    {
        if (Holds(results)) return null;
        foreach (var part in parts)
            if (part.Mending(results, mends) is { } mend) return mend;
        return null;
    }

    public override string[]? Required(string[]?[] ofRules)
    {
        var all = new List<string>();
        foreach (var part in parts)
        {
            if (part.Required(ofRules) is not { } ids) return null;
            all.AddRange(ids);
        }
        return [.. all.Distinct()];
    }

    public override void Named(List<int> rules)
    {
        foreach (var part in parts) part.Named(rules);
    }
}
