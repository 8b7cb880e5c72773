using System.Security.Cryptography;

namespace Scrip.Server.Platform;

/// <summary>
/// Cryptographic randomness for identifiers, taken from the system's generator in blocks: a redemption needs a dozen of them,
/// and a call of the generator costs more than the bytes. What was handed out is wiped.
/// </summary>
static class RandomBlock
{
    const int Size = 1024;

    [ThreadStatic] static byte[]? block;
    [ThreadStatic] static int used;

    /// <summary>Fills a few bytes, <c>1024</c> at most.</summary>
    public static void Fill(Span<byte> bytes)
    {
        if (block is null || used + bytes.Length > Size)
        {
            RandomNumberGenerator.Fill(block ??= new byte[Size]);
            used = 0;
        }
        var taken = block.AsSpan(used, bytes.Length);
        taken.CopyTo(bytes);
        taken.Clear();
        used += bytes.Length;
    }
}
