using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Scrip.Server.Platform;

/// <summary>
/// Public identifiers: a type prefix and 24 characters whose first nine are the creation time, so that inserts
/// stay local in an index. Time-ordered to the millisecond; the rest is 75 bits of cryptographic randomness.
/// </summary>
public static class Ids
{
    // In ASCII order, so that ids sort by time under the C collation.
    const string Alphabet = "0123456789abcdefghijklmnopqrstuv";
    const int TimeChars = 9;
    const int RandomChars = 15;
    const int CountChars = 4;

    /// <summary>A new identifier such as <c>camp_06f…</c>.</summary>
    /// <param name="prefix">The type's prefix with its underscore.</param>
    /// <param name="now">The creation instant in Unix milliseconds.</param>
    public static string New(string prefix, long now) =>
        string.Create(prefix.Length + TimeChars + RandomChars, (prefix, now), static (chars, state) =>
        {
            state.prefix.CopyTo(chars);
            var rest = chars[state.prefix.Length..];
            for (var i = 0; i < TimeChars; i++)
                rest[i] = Alphabet[(int)(state.now >> (5 * (TimeChars - 1 - i))) & 31];
            Span<byte> random = stackalloc byte[RandomChars];
            RandomBlock.Fill(random);
            for (var i = 0; i < RandomChars; i++) rest[TimeChars + i] = Alphabet[random[i] & 31];
        });

    /// <summary>The instant that an identifier carries, in Unix milliseconds; null when it is none of ours.</summary>
    /// <param name="id">The identifier.</param>
    /// <param name="prefixLength">The length of its prefix, underscore included.</param>
    public static long? Instant(string id, int prefixLength)
    {
        if (id.Length < prefixLength + TimeChars) return null;
        var instant = 0L;
        foreach (var letter in id.AsSpan(prefixLength, TimeChars))
        {
            var digit = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (digit < 0) return null;
            instant = (instant << 5) | (long)digit;
        }
        return instant;
    }

    static long last;

    /// <summary>
    /// Like <see cref="New"/>, and above every identifier that this process made here before, so that events of one
    /// transaction keep their order: four of the characters count within a millisecond.
    /// </summary>
    public static string Ordered(string prefix, long now)
    {
        long before, mark;
        do
        {
            before = Interlocked.Read(ref last);
            mark = Math.Max(now << (5 * CountChars), before + 1);
        }
        while (Interlocked.CompareExchange(ref last, mark, before) != before);
        return string.Create(prefix.Length + TimeChars + RandomChars, (prefix, mark), static (chars, state) =>
        {
            state.prefix.CopyTo(chars);
            var rest = chars[state.prefix.Length..];
            var counted = TimeChars + CountChars;
            // The nine characters of the time hold 45 bits, of which an instant uses 41; with the count 61.
            for (var i = 0; i < counted; i++)
                rest[i] = Alphabet[(int)(state.mark >> (5 * (counted - 1 - i))) & 31];
            Span<byte> random = stackalloc byte[RandomChars - CountChars];
            RandomBlock.Fill(random);
            for (var i = 0; i < random.Length; i++) rest[counted + i] = Alphabet[random[i] & 31];
        });
    }

    /// <summary>A number from 0 to 1023 as two characters that sort like it.</summary>
    public static string Digit(int number) => new([Alphabet[(number >> 5) & 31], Alphabet[number & 31]]);

    /// <summary>A new secret for a key: 32 random characters, 160 bits.</summary>
    public static string Secret() => RandomNumberGenerator.GetString(Alphabet, 32);

    /// <summary>The hash under which a high-entropy secret is stored: SHA-256 in lower-case hex.</summary>
    public static string Hash(string secret) =>
        Convert.ToHexStringLower(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(secret)));

    /// <summary>A random 64-bit number, for jitter and owners of leases.</summary>
    public static ulong Random()
    {
        Span<byte> bytes = stackalloc byte[8];
        RandomNumberGenerator.Fill(bytes);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }
}
