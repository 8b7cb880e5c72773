using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Scrip.Bench;

/// <summary>
/// One keep-alive connection that sends requests as they lie in memory and reads whole answers. It does as little as
/// it can, because the driver shares the machine with what it measures: its thread waits in the system, where it costs nothing,
/// and not in a pool, whose threads look for work for a while before they wait.
/// </summary>
sealed class Line(IPEndPoint server) : IDisposable
{
    static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();
    static readonly byte[] Length = "\r\nContent-Length: "u8.ToArray();

    readonly Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    byte[] buffer = new byte[64 * 1024];

    /// <summary>Connects.</summary>
    public void Open() => socket.Connect(server);

    /// <summary>Does something for a number of connections at once, a thread for each, and answers what each did.</summary>
    public static Task<T[]> OfEach<T>(int count, Func<int, T> work) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(worker => Task.Factory.StartNew(() => work(worker), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)));

    /// <summary>The bytes of a request with the keys of the bench's project.</summary>
    public static byte[] Request(string method, string path, string? body)
    {
        var length = body is null ? 0 : Encoding.UTF8.GetByteCount(body);
        return Encoding.UTF8.GetBytes($"{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-App-Id: bench\r\nX-App-Token: bench\r\n"
            + (body is null ? "\r\n" : $"Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}"));
    }

    /// <summary>Sends a request and reads its answer; anything but a 2xx throws.</summary>
    public void Call(byte[] request)
    {
        socket.Send(request);
        int have = 0, head = -1, whole = -1;
        while (whole < 0 || have < whole)
        {
            if (have == buffer.Length) Array.Resize(ref buffer, buffer.Length * 2);
            var read = socket.Receive(buffer.AsSpan(have));
            if (read == 0) throw new InvalidOperationException("The server closed the connection");
            have += read;
            if (head >= 0) continue;
            head = buffer.AsSpan(0, have).IndexOf(HeadEnd);
            if (head >= 0) whole = head + HeadEnd.Length + BodyLength(buffer.AsSpan(0, head));
        }
        // "HTTP/1.1 200"
        if (buffer[9] != '2') throw new InvalidOperationException(Encoding.UTF8.GetString(buffer, 0, have));
    }

    static int BodyLength(ReadOnlySpan<byte> head)
    {
        var at = head.IndexOf(Length);
        if (at < 0) throw new InvalidOperationException("An answer without a length");
        var length = 0;
        foreach (var digit in head[(at + Length.Length)..])
        {
            if (digit is < (byte)'0' or > (byte)'9') break;
            length = (length * 10) + digit - '0';
        }
        return length;
    }

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();
}
