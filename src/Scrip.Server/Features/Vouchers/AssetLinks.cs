using System.Buffers.Text;
using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>The installation's secret that signs ids of images. Made once, and kept in <c>settings</c>.</summary>
sealed class AssetSecret(Database db)
{
    const string Name = "asset_secret";

    byte[]? secret;

    /// <summary>Links that start with the caller's origin. Ask for them before a write begins.</summary>
    public async ValueTask<AssetLinks> Links(Call call) => new(await Read(), call.Origin);

    /// <summary>The secret itself.</summary>
    public async ValueTask<byte[]> Read()
    {
        if (secret is not null) return secret;
        var stored = await db.Read(Stored);
        if (stored is null)
        {
            // Of two nodes that start at once, one wins and both read it.
            await db.Write(connection => connection.ExecuteAsync(
                "INSERT INTO settings (name, value) VALUES (@Name, @value) ON CONFLICT (name) DO NOTHING", new { Name, value = Ids.Secret() }));
            stored = await db.Read(Stored);
        }
        return secret = Encoding.ASCII.GetBytes(stored!);
    }

    /// <summary>The secret inside a write, once <see cref="Links"/> was asked for.</summary>
    public static async Task<byte[]> Read(DbConnection connection) => Encoding.ASCII.GetBytes(await Stored(connection) ?? "");

    static Task<string?> Stored(DbConnection connection) =>
        connection.QueryFirstOrDefaultAsync<string>("SELECT value FROM settings WHERE name = @Name", new { Name });
}

/// <summary>
/// Writes and reads the ids under which images of codes are served. An id names project and voucher and is
/// signed, so that nobody reaches the code of a voucher that was not shown to them, and none has to be stored.
/// </summary>
public sealed class AssetLinks(byte[] secret, string origin)
{
    const int SignatureBytes = 16;
    const int IdMax = 800;

    // Kept, because setting a key up costs more than signing with it.
    [ThreadStatic] static (byte[]? Secret, IncrementalHash? Hash) signing;

    /// <summary>Both images of a voucher's code.</summary>
    public VoucherAssets Of(string projectId, string voucherId)
    {
        var id = Sign(projectId, voucherId);
        return new(new(id, $"{origin}/assets/qr/{id}"), new(id, $"{origin}/assets/barcode/{id}"));
    }

    /// <summary>Project and voucher of an id, or null when this installation did not sign it.</summary>
    public static (string Project, string Voucher)? Read(byte[] secret, string id)
    {
        if (id.Length > IdMax || !Base64Url.IsValid(id)) return null;
        var bytes = Base64Url.DecodeFromChars(id);
        if (bytes.Length <= SignatureBytes) return null;
        var named = bytes.AsSpan(0, bytes.Length - SignatureBytes);
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(secret, named, hash);
        if (!CryptographicOperations.FixedTimeEquals(hash[..SignatureBytes], bytes.AsSpan(named.Length))) return null;
        return Encoding.UTF8.GetString(named).Split('\0') is [var project, var voucher] ? (project, voucher) : null;
    }

    string Sign(string projectId, string voucherId)
    {
        var named = Encoding.UTF8.GetBytes($"{projectId}\0{voucherId}");
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        if (signing.Secret != secret)
        {
            signing.Hash?.Dispose();
            signing = (secret, IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret));
        }
        signing.Hash!.AppendData(named);
        signing.Hash.GetHashAndReset(hash);
        return Base64Url.EncodeToString([.. named, .. hash[..SignatureBytes]]);
    }
}
