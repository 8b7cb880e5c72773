using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

namespace Scrip.Server.Platform.Outgoing;

/// <summary>What came of a call: a status with the start of its body, or the fault that prevented one.</summary>
/// <param name="Status">The HTTP status; null when there was none.</param>
/// <param name="Body">The first bytes of the answer as text.</param>
/// <param name="Fault">Why there is no status, for people to read; null when there is one.</param>
/// <param name="Ms">How long it took, in milliseconds.</param>
public sealed record OutgoingAnswer(int? Status, string Body, string? Fault, long Ms)
{
    /// <summary>True for 2xx.</summary>
    public bool IsSuccess => Status is >= 200 and < 300;
}

/// <summary>
/// Calls addresses that callers chose. Every connection passes the <see cref="TargetGuard"/>; redirects and proxies are
/// not followed, cookies are not kept, and time and size of an answer are bounded. It never throws for what the other
/// side does.
/// </summary>
public sealed class OutgoingHttp : IDisposable
{
    /// <summary>How long a receiver may take, its body included.</summary>
    public static readonly TimeSpan AnswerMax = TimeSpan.FromSeconds(10);

    /// <summary>How much of an answer's body is read, in bytes.</summary>
    public const int BodyMax = 4096;

    readonly HttpClient http;

    /// <summary>A sender whose connections pass the guard.</summary>
    public OutgoingHttp(TargetGuard guard) => http = new HttpClient(new SocketsHttpHandler
    {
        ConnectCallback = async (context, stop) => await guard.Connect(context.DnsEndPoint.Host, context.DnsEndPoint.Port, stop),
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ConnectTimeout = TimeSpan.FromSeconds(5),
        MaxConnectionsPerServer = 64,
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        // After that a name is resolved and judged anew.
        PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        MaxResponseHeadersLength = 16,
        MaxResponseDrainSize = 0,
        ResponseDrainTimeout = TimeSpan.Zero,
    })
    {
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Posts JSON.</summary>
    /// <param name="target">An http or https URL.</param>
    /// <param name="body">The bytes as they are to arrive.</param>
    /// <param name="headers">Further headers; one of the same name as ours replaces it.</param>
    /// <param name="stop">Ends the call; the answer then tells of it.</param>
    public async Task<OutgoingAnswer> Post(Uri target, ReadOnlyMemory<byte> body, IEnumerable<(string Name, string Value)> headers, CancellationToken stop)
    {
        var start = Stopwatch.GetTimestamp();
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(AnswerMax);
        try
        {
            using var request = Request(target, body, headers);
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, deadline.Token);
            return new((int)response.StatusCode, await Start(response, deadline.Token), null, Since(start));
        }
        catch (Exception fault) when (Told(fault, stop) is { } reason)
        {
            return new(null, "", reason, Since(start));
        }
    }

    static HttpRequestMessage Request(Uri target, ReadOnlyMemory<byte> body, IEnumerable<(string Name, string Value)> headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, target) { Content = new ReadOnlyMemoryContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json", "utf-8");
        request.Headers.UserAgent.ParseAdd("Scrip");
        foreach (var (name, value) in headers)
        {
            request.Headers.Remove(name);
            if (!request.Headers.TryAddWithoutValidation(name, value)) request.Content.Headers.TryAddWithoutValidation(name, value);
        }
        return request;
    }

    // A status that came stays the answer, even when its body breaks off.
    static async Task<string> Start(HttpResponseMessage response, CancellationToken stop)
    {
        var bytes = new byte[BodyMax];
        var length = 0;
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(stop);
            length = await stream.ReadAtLeastAsync(bytes, BodyMax, throwOnEndOfStream: false, stop);
        }
        catch (Exception fault) when (fault is IOException or HttpRequestException or OperationCanceledException)
        {
            // What was read before is not known; the status counts.
        }
        // No column holds U+0000.
        return Encoding.UTF8.GetString(bytes, 0, length).Replace('\0', '\ufffd');
    }

    static string? Told(Exception fault, CancellationToken stop) => fault switch
    {
        OperationCanceledException when stop.IsCancellationRequested => "The server was being stopped",
        OperationCanceledException => $"No answer within {AnswerMax.TotalSeconds:0} seconds",
        TargetRefused refused => $"The target is refused: {refused.Message}",
        HttpRequestException { InnerException: TargetRefused refused } => $"The target is refused: {refused.Message}",
        HttpRequestException { InnerException: SocketException socket } => $"No connection: {socket.SocketErrorCode}",
        HttpRequestException request => $"The call failed: {request.HttpRequestError}",
        SocketException socket => $"No connection: {socket.SocketErrorCode}",
        IOException => "The connection broke off",
        // A header or a host that cannot be sent.
        FormatException or ArgumentException or UriFormatException or InvalidOperationException => "The request cannot be sent as it is configured",
        _ => null,
    };

    static long Since(long start) => (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds;

    /// <inheritdoc/>
    public void Dispose() => http.Dispose();
}
