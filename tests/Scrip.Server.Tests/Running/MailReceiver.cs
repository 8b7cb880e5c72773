using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using MimeKit;

namespace Scrip.Server.Tests.Running;

/// <summary>
/// A real mail server inside the test process, on a free loopback port: as much of SMTP as a sender needs. It keeps what
/// it accepts, and refuses for a while what the test says.
/// </summary>
public sealed class MailReceiver : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<MimeMessage> accepted = new();
    private readonly Func<int, string?> refusal;
    private readonly CancellationTokenSource stop = new();
    private readonly Task loop;
    private int attempts;

    private MailReceiver(Func<int, string?> refusal)
    {
        this.refusal = refusal;
        listener.Start();
        loop = Task.Run(Listen);
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    /// <summary>How often somebody tried to hand over a mail.</summary>
    public int Attempts => Volatile.Read(ref attempts);

    /// <summary>What was accepted, in order.</summary>
    public IReadOnlyList<MimeMessage> All => [.. accepted];

    /// <summary>Accepts everything, or answers the n-th mail with what the function says, such as <c>451 Later</c>.</summary>
    public static MailReceiver Start(Func<int, string?>? refusal = null) => new(refusal ?? (_ => null));

    /// <summary>The mails to an address, once there are so many.</summary>
    public async Task<IReadOnlyList<MimeMessage>> To(string address, int count = 1) => await Eventually.Becomes(
        () => Task.FromResult<MimeMessage[]>([.. All.Where(mail => mail.To.Mailboxes.Any(box => box.Address == address))]),
        found => found.Length >= count,
        found => $"{found.Length} of {count} mails to {address}; {accepted.Count} mails in all, {Attempts} attempts");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await loop;
        stop.Dispose();
    }

    private async Task Listen()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                _ = Talk(await listener.AcceptTcpClientAsync(stop.Token));
            }
            catch (Exception ended) when (ended is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task Talk(TcpClient client)
    {
        try
        {
            using (client)
            {
                using var reader = new StreamReader(client.GetStream(), Encoding.Latin1);
                await using var writer = new StreamWriter(client.GetStream(), Encoding.Latin1) { NewLine = "\r\n", AutoFlush = true };
                await writer.WriteLineAsync("220 mail.test");
                while (await reader.ReadLineAsync(stop.Token) is { } line)
                {
                    var verb = line.Split(' ', ':')[0].ToUpperInvariant();
                    if (verb == "DATA") await Data(reader, writer);
                    else await writer.WriteLineAsync(verb == "QUIT" ? "221 bye" : "250 ok");
                    if (verb == "QUIT") return;
                }
            }
        }
        catch (Exception gone) when (gone is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // The sender died, as some tests have it.
        }
    }

    private async Task Data(StreamReader reader, StreamWriter writer)
    {
        await writer.WriteLineAsync("354 go on");
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(stop.Token) is { } line && line != ".") text.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
        if (refusal(Interlocked.Increment(ref attempts)) is { } refused)
        {
            await writer.WriteLineAsync(refused);
            return;
        }
        accepted.Enqueue(await MimeMessage.LoadAsync(new MemoryStream(Encoding.Latin1.GetBytes(text.ToString()))));
        await writer.WriteLineAsync("250 taken");
    }
}
