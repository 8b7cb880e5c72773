using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Scrip.Server.Features.Exports;

/// <summary>
/// The token that a download needs: it names the project and the last instant at which it opens the file, and is
/// signed together with the export's id. It needs no key beside it, so that a browser can follow the link.
/// </summary>
static class ExportLink
{
    /// <summary>How long a link opens its file, in milliseconds: an hour.</summary>
    public const long ValidMs = 60 * 60 * 1000;

    const int SignatureBytes = 32;
    const int TokenMax = 600;

    /// <summary>A token for an export.</summary>
    public static string Sign(byte[] secret, string project, string export, long expiresAt)
    {
        var name = Encoding.UTF8.GetBytes(project);
        var bytes = new byte[SignatureBytes + sizeof(long) + name.Length];
        BinaryPrimitives.WriteInt64BigEndian(bytes.AsSpan(SignatureBytes), expiresAt);
        name.CopyTo(bytes.AsSpan(SignatureBytes + sizeof(long)));
        Sign(secret, export, bytes.AsSpan(SignatureBytes), bytes);
        return Base64Url.EncodeToString(bytes);
    }

    /// <summary>The project of a token, or null when it is not of this installation, of another export, or over.</summary>
    public static string? Open(byte[] secret, string token, string export, long now)
    {
        if (token.Length > TokenMax || !Base64Url.IsValid(token)) return null;
        var bytes = Base64Url.DecodeFromChars(token);
        if (bytes.Length <= SignatureBytes + sizeof(long)) return null;
        Span<byte> signature = stackalloc byte[SignatureBytes];
        Sign(secret, export, bytes.AsSpan(SignatureBytes), signature);
        if (!CryptographicOperations.FixedTimeEquals(signature, bytes.AsSpan(0, SignatureBytes))) return null;
        if (BinaryPrimitives.ReadInt64BigEndian(bytes.AsSpan(SignatureBytes)) < now) return null;
        return Encoding.UTF8.GetString(bytes.AsSpan(SignatureBytes + sizeof(long)));
    }

    // The word in front keeps the signature apart from others that the same secret makes.
    static void Sign(byte[] secret, string export, ReadOnlySpan<byte> what, Span<byte> signature)
    {
        byte[] signed = [.. Encoding.UTF8.GetBytes($"export\0{export}\0"), .. what];
        HMACSHA256.HashData(secret, signed, signature);
    }
}
