namespace Scrip.Engine.Codes;

/// <summary>
/// How the codes of a campaign look: prefix + pattern + postfix, each <c>#</c> of the pattern standing for one
/// random character. Without a pattern, <see cref="Length"/> random characters are drawn.
/// </summary>
public sealed record CodeConfig
{
    /// <summary>The documented default charset: digits, lower and upper case letters.</summary>
    public const string Alphanumeric = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    /// <summary>Random characters of a code when neither length nor pattern is given.</summary>
    public const int LengthDefault = 8;

    /// <summary>The longest code, in UTF-16 characters, prefix and postfix included.</summary>
    public const int CodeLengthMax = 255;

    /// <summary>The most different characters a charset may have.</summary>
    public const int CharsetMax = 256;

    /// <summary>The stand-in for a random character in a pattern.</summary>
    public const char Placeholder = '#';

    /// <summary>Random characters of a code; the pattern overrides it. Null means <see cref="LengthDefault"/>.</summary>
    public int? Length { get; init; }

    /// <summary>The characters to draw from; repetitions do not count. Null means <see cref="Alphanumeric"/>.</summary>
    public string? Charset { get; init; }

    /// <summary>A fixed text before the code.</summary>
    public string? Prefix { get; init; }

    /// <summary>A fixed text after the code.</summary>
    public string? Postfix { get; init; }

    /// <summary>The shape between prefix and postfix; an empty one counts as none.</summary>
    public string? Pattern { get; init; }

    /// <summary>The different characters that are drawn from.</summary>
    public string DrawnFrom => Charset is null ? Alphanumeric : string.Concat(Charset.Distinct());

    /// <summary>The pattern, given or made from the length. Only for a config that <see cref="Refuse"/> lets pass.</summary>
    public string EffectivePattern =>
        string.IsNullOrEmpty(Pattern) ? new string(Placeholder, Length ?? LengthDefault) : Pattern;

    /// <summary>Random characters in each code.</summary>
    public int RandomLength => string.IsNullOrEmpty(Pattern) ? Length ?? LengthDefault : Pattern.Count(c => c == Placeholder);

    /// <summary>How many different codes exist; <see cref="UInt128.MaxValue"/> when there are at least that many.</summary>
    public UInt128 Space
    {
        get
        {
            var characters = (UInt128)DrawnFrom.Length;
            UInt128 space = 1;
            for (var i = 0; i < RandomLength; i++)
            {
                if (characters > 1 && space > UInt128.MaxValue / characters) return UInt128.MaxValue;
                space *= characters;
            }
            return space;
        }
    }

    /// <summary>What is wrong with the config (InvalidCodeConfig with what to mend), or null.</summary>
    public Refusal? Refuse()
    {
        if (string.IsNullOrEmpty(Pattern) && Length is < 1 or > CodeLengthMax)
            return Bad($"code_config.length has to be between 1 and {CodeLengthMax}, or give a pattern with {Placeholder}");
        if (Charset is not null && Charset.Length == 0)
            return Bad("code_config.charset has to hold at least one character, or be left out for letters and digits");
        if (DrawnFrom.Length > CharsetMax)
            return Bad($"code_config.charset has {DrawnFrom.Length} different characters, at most {CharsetMax} are served");
        if (Unprintable(Charset) || Charset?.Any(char.IsWhiteSpace) == true)
            return Bad("code_config.charset may hold neither spaces, control characters nor characters outside the basic plane");
        if (Unprintable(Prefix) || Unprintable(Postfix) || Unprintable(Pattern))
            return Bad("code_config.prefix, postfix and pattern may not hold control characters or characters outside the basic plane");
        var length = (Prefix?.Length ?? 0) + EffectivePattern.Length + (Postfix?.Length ?? 0);
        return length > CodeLengthMax
            ? Bad($"Codes would be {length} characters long with prefix and postfix, at most {CodeLengthMax} are served")
            : null;
    }

    /// <summary>Why so many further codes cannot be made, be it the config or the lack of room; null when they can.</summary>
    /// <param name="count">New codes wanted.</param>
    /// <param name="taken">Codes of this config that exist already.</param>
    public Refusal? Refuse(long count, long taken = 0)
    {
        if (Refuse() is { } refusal) return refusal;
        if (count < 0) return Bad("The number of codes may not be negative");
        var wanted = (UInt128)count + (UInt128)Math.Max(0, taken);
        return wanted <= Space ? null : Bad(
            $"{count} codes were requested{(taken > 0 ? $" beside {taken} that exist" : "")}, but only {Space} different ones are possible: "
            + $"{RandomLength} random characters out of {DrawnFrom.Length}. Raise code_config.length, "
            + $"put more {Placeholder} into code_config.pattern or widen code_config.charset");
    }

    private static bool Unprintable(string? text) => text?.Any(c => char.IsControl(c) || char.IsSurrogate(c)) == true;

    private static Refusal Bad(string details) => Refusals.InvalidCodeConfig.With(details);
}
