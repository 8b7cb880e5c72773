using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using Scrip.Engine;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Platform.Http;

/// <summary>One request: who calls, when, and what a handler may read from it and write with it.</summary>
public sealed class Call(HttpContext http, Database db, Settings settings, long now, string requestId)
{
    byte[] body = [];
    string[]? segments;
    HashSet<string>? sent;

    /// <summary>The database; every query names <see cref="ProjectId"/>.</summary>
    public Database Db { get; } = db;

    /// <summary>The operator's settings.</summary>
    public Settings Settings { get; } = settings;

    /// <summary>The instant of the request, in Unix milliseconds. A handler asks no other clock.</summary>
    public long Now { get; } = now;

    /// <summary>Names the request in answers and logs.</summary>
    public string RequestId { get; } = requestId;

    /// <summary>Who calls.</summary>
    public Caller Caller { get; set; } = Caller.Nobody;

    /// <summary>The project of the caller's key.</summary>
    public string ProjectId => Caller.ProjectId;

    /// <summary>What the caller says it is (<c>X-Voucherify-Channel</c>), as transactions keep it.</summary>
    public string Source => http.Request.Headers["X-Voucherify-Channel"] is [{ Length: > 0 and <= 100 } channel] ? channel : "API";

    /// <summary>The answer's status; a handler changes it where 200 is not meant.</summary>
    public int Status { get; set; } = 200;

    /// <summary>The caller's idempotency key, if it sent one.</summary>
    public string? IdempotencyKey { get; private set; }

    /// <summary>Where others reach the server, such as <c>https://codes.example.com</c>: as is set, else as this caller does.</summary>
    public string Origin => Settings.PublicUrl ?? $"{http.Request.Scheme}://{http.Request.Host}";

    /// <summary>Who makes happen what this call does, for events.</summary>
    public string EventSource => Wire.Text(new OutboxSource(Caller.Kind == KeyKind.Client ? OutboxSource.Client : "API", Caller.AppId.Length > 0 ? Caller.AppId : null, RequestId));

    /// <summary>The web page that calls, as its browser tells it; null from anything else.</summary>
    public string? BrowserOrigin => http.Request.Headers.Origin is [{ Length: > 0 and <= 300 } origin] ? origin : null;

    /// <summary>A part of the server that lives as long as it, such as the job queue.</summary>
    public T Need<T>() where T : notnull => http.RequestServices.GetRequiredService<T>();

    /// <summary>The query, decoded.</summary>
    public IQueryCollection Query => http.Request.Query;

    /// <summary>The bytes of the body.</summary>
    public ReadOnlySpan<byte> RawBody => body;

    /// <summary>The same as an array, which nobody changes.</summary>
    internal byte[] RawBytes => body;

    /// <summary>False keeps the call out of the audit log.</summary>
    public bool IsLogged { get; set; } = true;

    /// <summary>A path parameter, decoded from the request line, so that a code may contain an encoded slash.</summary>
    public string Route(string name)
    {
        var value = (string)http.Request.RouteValues[name]!;
        if (http.GetEndpoint() is not RouteEndpoint endpoint) return value;
        segments ??= RawSegments();
        var pattern = endpoint.RoutePattern.PathSegments;
        if (pattern.Count != segments.Length) return Checked(value);
        for (var i = 0; i < pattern.Count; i++)
            if (pattern[i].Parts is [Microsoft.AspNetCore.Routing.Patterns.RoutePatternParameterPart parameter] && parameter.Name == name)
                return Checked(Uri.UnescapeDataString(segments[i]));
        return Checked(value);
    }

    /// <summary>A path parameter that not every path of the handler has.</summary>
    public string? RouteOrNull(string name) => http.Request.RouteValues.ContainsKey(name) ? Route(name) : null;

    // Text that no column can hold names nothing.
    static string Checked(string value) => value.Contains('\0', StringComparison.Ordinal) ? "\uFFFD" : value;

    string[] RawSegments()
    {
        var target = http.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        var end = target.IndexOf('?', StringComparison.Ordinal);
        return (end < 0 ? target : target[..end]).Split('/', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>A query parameter read as the API's booleans: <c>true</c>, <c>false</c>, <c>1</c>, <c>0</c>.</summary>
    public bool Flag(string name) => Query[name].ToString() switch
    {
        "" or "false" or "0" or "False" => false,
        "true" or "1" or "True" => true,
        _ => throw new ApiFault(Refusals.InvalidQueryParams.With($"Property .{name} must be boolean")),
    };

    /// <summary>The body as a record.</summary>
    /// <exception cref="ApiFault">The JSON is malformed or a field has the wrong type.</exception>
    public T Body<T>() => BodyReader.Bind<T>(body);

    /// <summary>True when the body's outermost object has the field, be it null.</summary>
    public bool Sent(string field) => (sent ??= BodyReader.Sent(body)).Contains(field);

    /// <summary>Reads the body and, on writes, the idempotency key: an answered key answers again.</summary>
    public async Task Prepare()
    {
        if (http.Request.QueryString.Value?.Contains("%00", StringComparison.Ordinal) == true)
            throw new ApiFault(Refusals.InvalidQueryParams.With("The query must not contain the character U+0000"));
        var takes = http.GetEndpoint()?.Metadata.GetMetadata<TakesUpload>();
        // An upload is read by its handler, which then knows whether it is the same as before.
        if (takes is { IsFile: true })
        {
            IdempotencyKey = ReadIdempotencyKey();
            return;
        }
        body = await BodyReader.ReadAll(http.Request, takes is null ? BodyReader.BytesMax : BodyReader.BulkBytesMax);
        if (HttpMethods.IsGet(http.Request.Method) || ReadIdempotencyKey() is not { } key) return;
        IdempotencyKey = key;
        await Idempotency.ReplayIfKnown(this);
    }

    string? ReadIdempotencyKey()
    {
        if (http.Request.Headers["Idempotency-Key"] is not [{ Length: > 0 } key]) return null;
        return key.Length <= 255 ? key : throw new ApiFault(Refusals.InvalidPayload.With("The Idempotency-Key header may have 255 characters at most"));
    }

    /// <summary>Reads a multipart body; see <see cref="Upload"/>. What was sent counts as the body from here on.</summary>
    public async Task<IReadOnlyDictionary<string, string>> ReadUpload(Func<Stream, Task> file)
    {
        var (fields, hash) = await Upload.Read(http.Request, file);
        body = hash;
        if (IdempotencyKey is not null) await Idempotency.ReplayIfKnown(this);
        return fields;
    }

    /// <summary>What must be equal for an idempotency key to be the same request.</summary>
    public string Fingerprint()
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{http.Request.Method} {http.Request.Path}{http.Request.QueryString}\n"));
        hash.AppendData(body);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>
    /// The one write of a call. What <paramref name="work"/> returns is the answer, and is kept beside the
    /// effect in the same transaction when the caller sent an idempotency key.
    /// </summary>
    public async Task<T> Commit<T>(Func<DbConnection, Task<T>> work)
    {
        var answer = IdempotencyKey is null ? await Db.Write(work) : await Idempotency.Commit(this, work);
        Need<OutboxSignal>().Wake();
        return answer;
    }

    /// <summary>Like <see cref="Commit{T}(Func{DbConnection, Task{T}})"/> for a batch whose answer is known before it runs.</summary>
    /// <returns>Null when committed, else what the lost guard named.</returns>
    public async Task<object?> Commit<T>(Batch batch, T answer)
    {
        object? lost;
        if (IdempotencyKey is null)
        {
            var writing = Db.Commit(batch);
            // While the database is at work. A value is no object by which it would be known again.
            if (!typeof(T).IsValueType) told = (answer, Wire.Bytes(answer));
            lost = await writing;
        }
        else lost = await Idempotency.Commit(this, batch, answer);
        if (lost is null) Need<OutboxSignal>().Wake();
        return lost;
    }

    (object? Answer, byte[] Bytes) told;

    /// <summary>The bytes of an answer, which may have been written while it was committed.</summary>
    public byte[] BytesOf<T>(T answer) => answer is not null && ReferenceEquals(told.Answer, answer) ? told.Bytes : Wire.Bytes(answer);
}

/// <summary>The kind of key an operation asks for.</summary>
public enum KeyKind
{
    /// <summary>No key: assets and the like.</summary>
    None,

    /// <summary>Application keys of a server.</summary>
    Server,

    /// <summary>Keys that may live in a browser or an app.</summary>
    Client,

    /// <summary>Keys of the whole installation.</summary>
    Management,
}

/// <summary>Who calls: the kind of key, its project (empty for management keys) and its public id.</summary>
public sealed record Caller(KeyKind Kind, string ProjectId, string AppId)
{
    /// <summary>Before a key was read.</summary>
    public static readonly Caller Nobody = new(KeyKind.None, "", "");
}
