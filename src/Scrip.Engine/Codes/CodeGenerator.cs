namespace Scrip.Engine.Codes;

/// <summary>Fills the whole span with random bytes. For real codes: a cryptographic source.</summary>
public delegate void RandomBytes(Span<byte> bytes);

/// <summary>
/// Writes codes of one config. Every character of the charset is equally likely: bytes that would favour some are
/// thrown away. Not safe for use by several threads at once.
/// </summary>
public sealed class CodeGenerator
{
    private const int BufferSize = 4096;

    private readonly RandomBytes random;
    private readonly int[] places;
    private readonly char[] characters;
    private readonly int acceptedBelow;
    private readonly byte[] buffer = new byte[BufferSize];
    private readonly char[] code;
    private readonly UInt128 space;
    private int used = BufferSize;

    /// <summary>A generator for a config that <see cref="CodeConfig.Refuse()"/> lets pass.</summary>
    /// <exception cref="ArgumentException">The config is refused.</exception>
    public CodeGenerator(CodeConfig config, RandomBytes random)
    {
        if (config.Refuse() is { } refusal) throw new ArgumentException(refusal.Details, nameof(config));
        this.random = random;
        var pattern = config.EffectivePattern;
        code = (config.Prefix + pattern + config.Postfix).ToCharArray();
        var offset = config.Prefix?.Length ?? 0;
        places = [.. Enumerable.Range(0, pattern.Length).Where(i => pattern[i] == CodeConfig.Placeholder).Select(i => i + offset)];
        characters = config.DrawnFrom.ToCharArray();
        acceptedBelow = 256 - 256 % characters.Length;
        space = config.Space;
    }

    /// <summary>The next random code. It may have been written before, however unlikely that is.</summary>
    public string Next()
    {
        var (bytes, next) = (buffer, used);
        foreach (var place in places)
        {
            byte drawn;
            do
            {
                if (next == bytes.Length)
                {
                    random(bytes);
                    next = 0;
                }
                drawn = bytes[next++];
            }
            while (drawn >= acceptedBelow);
            code[place] = characters[drawn % characters.Length];
        }
        used = next;
        return new string(code);
    }

    /// <summary>So many codes that differ from each other.</summary>
    /// <param name="count">At most the config's space; see <see cref="CodeConfig.Refuse(long, long)"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many different codes.</exception>
    public IReadOnlyList<string> Distinct(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if ((UInt128)count > space) throw new ArgumentOutOfRangeException(nameof(count), count, "More than the space of the codes");
        var seen = new HashSet<string>(count);
        var codes = new List<string>(count);
        while (codes.Count < count)
        {
            var next = Next();
            if (seen.Add(next)) codes.Add(next);
        }
        return codes;
    }
}
