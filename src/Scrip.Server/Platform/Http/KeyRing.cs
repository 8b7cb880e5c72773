using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Http;

/// <summary>
/// Tells who calls from the key headers. Secrets are stored as SHA-256; a key that was read is trusted for
/// one second, so that a busy caller costs no query and a revoked key dies at once.
/// </summary>
public sealed class KeyRing(Database db, TimeProvider clock)
{
    const long TrustedMs = 1000;
    const int KeptMax = 10_000;

    readonly ConcurrentDictionary<string, (Key Key, long ReadAt)> keys = new(StringComparer.Ordinal);

    /// <summary>The caller, whose key must be of the kind the operation asks for.</summary>
    /// <exception cref="ApiFault">A key is missing, unknown, wrong, or of another kind.</exception>
    public async ValueTask<Caller> Identify(HttpRequest request, KeyKind wanted)
    {
        if (wanted == KeyKind.None) return new Caller(wanted, "", request.HttpContext.Connection.RemoteIpAddress?.ToString() ?? "");
        var (idName, secretName) = wanted switch
        {
            KeyKind.Management => ("X-Management-Id", "X-Management-Token"),
            KeyKind.Client => ("X-Client-Application-Id", "X-Client-Token"),
            _ => ("X-App-Id", "X-App-Token"),
        };
        if (request.Headers[idName] is not [{ Length: > 0 and <= 200 } id] || request.Headers[secretName] is not [{ Length: > 0 and <= 200 } secret])
            throw new ApiFault(Refusals.Unauthorized.With($"Send the headers {idName} and {secretName}"));
        var key = await Find(id);
        if (key is null || key.Kind != wanted.ToString() || !Matches(key.SecretHash, secret))
            throw new ApiFault(Refusals.Unauthorized.With($"{idName} and {secretName} do not name a valid key for this operation"));
        return new Caller(wanted, key.ProjectId, id);
    }

    /// <summary>Adds a key inside a write.</summary>
    public static Task Add(System.Data.Common.DbConnection db, KeyKind kind, string projectId, string appId, string secret, long now) =>
        db.ExecuteAsync("INSERT INTO api_keys (app_id, kind, project_id, secret_hash, created_at) VALUES (@appId, @kind, @projectId, @hash, @now)",
            new { appId, kind = kind.ToString(), projectId, hash = Ids.Hash(secret), now });

    static bool Matches(string hash, string secret) => CryptographicOperations.FixedTimeEquals(
        Encoding.ASCII.GetBytes(hash), Encoding.ASCII.GetBytes(Ids.Hash(secret)));

    async ValueTask<Key?> Find(string id)
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        if (keys.TryGetValue(id, out var known) && now - known.ReadAt < TrustedMs) return known.Key;
        if (id.Contains('\0', StringComparison.Ordinal)) return null;
        var key = await db.Read(connection => connection.QueryFirstOrDefaultAsync<Key>(
            "SELECT kind, project_id, secret_hash FROM api_keys WHERE app_id = @id", new { id }));
        if (keys.Count > KeptMax) keys.Clear();
        if (key is null) keys.TryRemove(id, out _);
        else keys[id] = (key, now);
        return key;
    }

    sealed class Key
    {
        public string Kind { get; init; } = "";
        public string ProjectId { get; init; } = "";
        public string SecretHash { get; init; } = "";
    }
}
