using System.Net;
using System.Net.Sockets;

namespace Scrip.Server.Tests.Running;

/// <summary>
/// Loopback ports for the programs that tests start: below those that Linux gives to outgoing connections, and each
/// once. A port that two servers were given would let the test of the one talk to the other.
/// </summary>
internal static class FreePort
{
    private const int First = 10_000;
    private const int Count = 10_000;
    private static int last = Random.Shared.Next(Count);

    /// <summary>A port that nobody listens on.</summary>
    public static int Next()
    {
        for (var tries = 0; tries < Count; tries++)
        {
            var port = First + Interlocked.Increment(ref last) % Count;
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody else's.
            }
        }
        throw new InvalidOperationException("No port of the tests is free");
    }
}
