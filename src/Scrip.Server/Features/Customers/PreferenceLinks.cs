using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Customers;

/// <summary>
/// Writes and reads the addresses under which customers say whether they want e-mails. An address names project and
/// customer and is signed, so that nobody speaks for a customer whose link was not shown to them. It holds as long as
/// the customer is known: an old e-mail must still be a way out.
/// </summary>
public sealed class PreferenceLinks(byte[] secret, string origin)
{
    /// <summary>The path that all of them begin with.</summary>
    public const string Path = "/preferences/";

    const int IdMax = 2000;

    /// <summary>Links that start with the caller's origin. Ask for them before a write begins.</summary>
    internal static async ValueTask<PreferenceLinks> Of(Call call) => new(await call.Need<AssetSecret>().Read(), call.Origin);

    /// <summary>The address of a customer's page.</summary>
    public string Url(string projectId, string customerId)
    {
        var named = Encoding.UTF8.GetBytes($"{projectId}\0{customerId}");
        return $"{origin}{Path}{Base64Url.EncodeToString([.. named, .. Sign(secret, named)])}";
    }

    /// <summary>What customer objects show.</summary>
    public CustomerAssets Assets(string projectId, string customerId)
    {
        var url = Url(projectId, customerId);
        return new(url, url);
    }

    /// <summary>Project and customer of an address's last part, or null when this installation did not sign it just so.</summary>
    public static (string Project, string Customer)? Read(byte[] secret, string id)
    {
        if (id.Length > IdMax || !Base64Url.IsValid(id)) return null;
        var bytes = Base64Url.DecodeFromChars(id);
        // One spelling opens the page: neither padding nor bits beyond the last byte are overlooked.
        if (bytes.Length <= HMACSHA256.HashSizeInBytes || Base64Url.EncodeToString(bytes) != id) return null;
        var named = bytes.AsSpan(0, bytes.Length - HMACSHA256.HashSizeInBytes);
        if (!CryptographicOperations.FixedTimeEquals(Sign(secret, named), bytes.AsSpan(named.Length))) return null;
        return Encoding.UTF8.GetString(named).Split('\0') is [var project, var customer] ? (project, customer) : null;
    }

    // The word in front keeps the signature apart from others that the same secret makes.
    static byte[] Sign(byte[] secret, ReadOnlySpan<byte> named) => HMACSHA256.HashData(secret, (byte[])[.. "preferences\0"u8, .. named]);
}

/// <summary>Where a customer says what is welcome. Both lead to the same page; the first is what once was a cockpit.</summary>
/// <param name="CockpitUrl">The page.</param>
/// <param name="CockpitPreferenceCenterUrl">The page.</param>
public sealed record CustomerAssets(string CockpitUrl, string CockpitPreferenceCenterUrl);
