using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Scrip.Server.Features.Webhooks;

/// <summary>
/// The headers by which a receiver knows that a payload is ours and fresh: the documented one, which signs the body, and
/// those of Standard Webhooks, which sign id, time and body. Both are keyed with the project's webhook token.
/// </summary>
public static class Signatures
{
    /// <summary>The headers of one attempt.</summary>
    /// <param name="token">The project's webhook token; its UTF-8 bytes are the key.</param>
    /// <param name="id">The sendout.</param>
    /// <param name="now">When it is sent, in Unix milliseconds.</param>
    /// <param name="body">The bytes that are sent.</param>
    public static (string Name, string Value)[] Headers(string token, string id, long now, ReadOnlySpan<byte> body)
    {
        var key = Encoding.UTF8.GetBytes(token);
        var seconds = (now / 1000).ToString(CultureInfo.InvariantCulture);
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(Encoding.UTF8.GetBytes($"{id}.{seconds}."));
        hash.AppendData(body);
        return
        [
            ("x-voucherify-signature", Convert.ToHexStringLower(HMACSHA256.HashData(key, body))),
            ("webhook-id", id),
            ("webhook-timestamp", seconds),
            ("webhook-signature", "v1," + Convert.ToBase64String(hash.GetHashAndReset())),
        ];
    }
}
