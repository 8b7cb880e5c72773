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
            RandomNumberGenerator.Fill(random);
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
