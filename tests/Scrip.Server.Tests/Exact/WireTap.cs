using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Scrip.Server.Tests.Exact;

/// <summary>
/// Stands between the server and PostgreSQL and counts what goes by on the connections of hot statements: a round trip is
/// a Sync message, a statement an Execute message.
/// </summary>
sealed class WireTap : IAsyncDisposable
{
    private const int SslRequest = 80877103;

    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly IPEndPoint target;
    private readonly Task accepting;
    private int roundTrips;
    private int statements;

    public WireTap(Uri postgres)
    {
        target = new IPEndPoint(IPAddress.Loopback, postgres.Port);
        listener.Start();
        accepting = Accept();
    }

    /// <summary>The port to connect to in place of PostgreSQL's.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>What was counted since the last time.</summary>
    public (int RoundTrips, int Statements) Take() => (Interlocked.Exchange(ref roundTrips, 0), Interlocked.Exchange(ref statements, 0));

    private async Task Accept()
    {
        try
        {
            while (true) _ = Carry(await listener.AcceptSocketAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test has ended.
        }
    }

    private async Task Carry(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(target);
            await using NetworkStream up = new(client), down = new(server);
            await Task.WhenAny(down.CopyToAsync(up), Listen(up, down));
        }
        catch (Exception over) when (over is SocketException or IOException)
        {
            // One side hung up.
        }
        finally
        {
            client.Dispose();
        }
    }

    private async Task Listen(NetworkStream from, NetworkStream to)
    {
        var head = new byte[5];
        var isHot = false;
        // Before the messages, which begin with a letter, there are requests that do not.
        while (true)
        {
            await from.ReadExactlyAsync(head.AsMemory(0, 4));
            var rest = await Rest(from, BinaryPrimitives.ReadInt32BigEndian(head) - 4);
            await to.WriteAsync(head.AsMemory(0, 4));
            await to.WriteAsync(rest);
            if (BinaryPrimitives.ReadInt32BigEndian(rest) == SslRequest) continue;
            isHot = Encoding.UTF8.GetString(rest).Contains("plan_cache_mode", StringComparison.Ordinal);
            break;
        }
        while (true)
        {
            await from.ReadExactlyAsync(head);
            var rest = await Rest(from, BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1)) - 4);
            if (isHot && head[0] == 'S') Interlocked.Increment(ref roundTrips);
            if (isHot && head[0] == 'E') Interlocked.Increment(ref statements);
            await to.WriteAsync(head);
            await to.WriteAsync(rest);
        }
    }

    private static async Task<byte[]> Rest(NetworkStream from, int length)
    {
        var rest = new byte[length];
        await from.ReadExactlyAsync(rest);
        return rest;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        listener.Stop();
        await accepting;
    }
}
