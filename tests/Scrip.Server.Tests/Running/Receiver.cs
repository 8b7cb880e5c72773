using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace Scrip.Server.Tests.Running;

/// <summary>A request as a <see cref="Receiver"/> got it.</summary>
/// <param name="Path">Path and query.</param>
/// <param name="Headers">By name, whatever its letter case.</param>
/// <param name="Bytes">The body as it came.</param>
public sealed record Received(string Path, IReadOnlyDictionary<string, string> Headers, byte[] Bytes)
{
    /// <summary>The body as text.</summary>
    public string Text => System.Text.Encoding.UTF8.GetString(Bytes);

    /// <summary>The body as JSON.</summary>
    public Part Body => new(JsonNode.Parse(Bytes), exists: true);
}

/// <summary>
/// A real HTTP receiver inside the test process, on a free loopback port. It keeps what arrives, in order, and answers
/// as the test says. The server under test needs <see cref="Allowance"/> to be let through to it.
/// </summary>
public sealed class Receiver : IAsyncDisposable
{
    /// <summary>The setting with which a server may call loopback.</summary>
    public static readonly KeyValuePair<string, string> Allowance = new("SCRIP_WEBHOOK_ALLOW", "127.0.0.0/8");

    private readonly HttpListener listener = new();
    private readonly Func<Received, HttpListenerResponse, Task> answer;
    private readonly ConcurrentQueue<Received> all = new();
    private readonly Task loop;

    private Receiver(Func<Received, HttpListenerResponse, Task> answer)
    {
        this.answer = answer;
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort.Next()}/"));
        listener.Prefixes.Add(Address.ToString());
        listener.Start();
        loop = Task.Run(Listen);
    }

    /// <summary>Where it listens.</summary>
    public Uri Address { get; }

    /// <summary>What arrived so far, in order.</summary>
    public IReadOnlyList<Received> All => [.. all];

    /// <summary>Answers 200 to everything.</summary>
    public static Receiver Start() => Start(_ => 200);

    /// <summary>Answers the status that the test chooses.</summary>
    public static Receiver Start(Func<Received, int> status) => new((received, response) =>
    {
        response.StatusCode = status(received);
        return Task.CompletedTask;
    });

    /// <summary>Answers as the test says.</summary>
    public static Receiver Start(Func<Received, HttpListenerResponse, Task> answer) => new(answer);

    /// <summary>Waits until what has arrived is enough for the test.</summary>
    public Task<IReadOnlyList<Received>> Until(Func<IReadOnlyList<Received>, bool> enough) => Eventually.Becomes(
        () => Task.FromResult(All), enough, all => string.Join(", ", all.Select(one => one.Text.Length > 200 ? one.Text[..200] : one.Text)));

    /// <summary>Waits for the first of a type.</summary>
    public async Task<Received> First(string type) =>
        (await Until(all => all.Any(one => one.Body["type"].ToString() == type))).First(one => one.Body["type"].ToString() == type);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        listener.Close();
        await loop;
    }

    private async Task Listen()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await listener.GetContextAsync();
            }
            catch (Exception ended) when (ended is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
            _ = Handle(context);
        }
    }

    private async Task Handle(HttpListenerContext context)
    {
        try
        {
            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            var headers = context.Request.Headers.AllKeys.OfType<string>()
                .ToDictionary(name => name, name => context.Request.Headers[name]!, StringComparer.OrdinalIgnoreCase);
            var received = new Received(context.Request.RawUrl!, headers, body.ToArray());
            all.Enqueue(received);
            await answer(received, context.Response);
            context.Response.Close();
        }
        catch (Exception gone) when (gone is HttpListenerException or IOException or ObjectDisposedException or ProtocolViolationException)
        {
            // The caller, or the listener, went away.
        }
    }
}
