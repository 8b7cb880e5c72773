using System.Globalization;

namespace Scrip.Engine.Rules;

/// <summary>
/// Reads expressions such as <c>1 and (2 or 3)</c>, in any letter case. "And" binds closer than "or". Length and
/// depth are bounded, so that no expression exhausts the stack.
/// </summary>
internal sealed class LogicParser
{
    /// <summary>Characters of an expression.</summary>
    public const int LengthMax = 4_000;

    /// <summary>Brackets within brackets.</summary>
    public const int DepthMax = 32;

    private readonly string text;
    private readonly IReadOnlyDictionary<int, int> indices;
    private int at;
    private int depth;
    private string? fault;

    private LogicParser(string text, IReadOnlyDictionary<int, int> indices) => (this.text, this.indices) = (text, indices);

    /// <summary>Reads an expression.</summary>
    /// <param name="text">The expression.</param>
    /// <param name="indices">The index of each rule number.</param>
    /// <returns>The logic, or what is wrong with it and at which character, counted from 1.</returns>
    public static (Logic? Logic, string? Fault) Parse(string text, IReadOnlyDictionary<int, int> indices)
    {
        if (text.Length > LengthMax) return (null, $"must not be longer than {LengthMax} characters");
        var parser = new LogicParser(text, indices);
        var logic = parser.Either();
        if (logic is not null && parser.Word() is not "") logic = parser.Fail("expected 'and', 'or' or the end");
        return logic is null ? (null, parser.fault) : (logic, null);
    }

    private Logic? Either() => Joined("or", Both, parts => new Or(parts));

    private Logic? Both() => Joined("and", Single, parts => new And(parts));

    private Logic? Joined(string word, Func<Logic?> part, Func<Logic[], Logic> join)
    {
        if (part() is not { } first) return null;
        List<Logic>? parts = null;
        while (Word().Equals(word, StringComparison.OrdinalIgnoreCase))
        {
            at += word.Length;
            if (part() is not { } next) return null;
            (parts ??= [first]).Add(next);
        }
        return parts is null ? first : join([.. parts]);
    }

    private Logic? Single()
    {
        var word = Word();
        if (word is "(")
        {
            if (++depth > DepthMax) return Fail($"more than {DepthMax} brackets within each other");
            at++;
            var inner = Either();
            if (inner is null) return null;
            if (Word() is not ")") return Fail("expected ')'");
            at++;
            depth--;
            return inner;
        }
        if (word.IsEmpty) return Fail("expected a rule number");
        if (!int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return Fail($"'{word}' is not a rule number");
        if (!indices.TryGetValue(number, out var index)) return Fail($"there is no rule {number}");
        at += word.Length;
        return new One(index);
    }

    // The word that comes next, which is not passed yet: a bracket, letters, digits, or any other single character.
    private ReadOnlySpan<char> Word()
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        var end = at;
        while (end < text.Length && (char.IsAsciiDigit(text[at]) ? char.IsAsciiDigit(text[end]) : char.IsAsciiLetter(text[at]) && char.IsAsciiLetter(text[end]))) end++;
        return text.AsSpan(at, end > at ? end - at : Math.Min(1, text.Length - at));
    }

    private Logic? Fail(string why)
    {
        fault ??= $"{why} at character {at + 1}";
        return null;
    }
}
