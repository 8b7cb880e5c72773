using System.Net;
using System.Net.Sockets;

namespace Scrip.Server.Platform.Outgoing;

/// <summary>Finds the addresses of a name.</summary>
public delegate Task<IPAddress[]> Resolve(string host, CancellationToken stop);

/// <summary>Opens a connection to one address.</summary>
public delegate Task<Stream> Dial(IPEndPoint address, CancellationToken stop);

/// <summary>
/// Stands between what callers name as a target and the network. A name is resolved once for each connection, all of
/// its addresses are judged, and the connection goes to a judged address, so that a name that changes in between
/// changes nothing. Redirects are not this class's matter: they are not followed.
/// </summary>
public sealed class TargetGuard(AddressRules rules, Resolve resolve, Dial dial)
{
    /// <summary>The longest URL, in characters.</summary>
    public const int UrlMax = 2000;

    const int AddressesTried = 4;

    // Names that only a private network knows.
    static readonly string[] PrivateEndings = [".localhost", ".local", ".internal", ".intranet", ".lan", ".home.arpa"];

    /// <summary>The guard over the machine's own resolver and sockets.</summary>
    public static TargetGuard Real(AddressRules rules) => new(rules, Dns.GetHostAddressesAsync, Open);

    /// <summary>
    /// What is wrong with a URL that is to be called later, or null. Nothing is resolved here: a name that is fine
    /// today may mean anything tomorrow, so only <see cref="Connect"/> decides.
    /// </summary>
    public string? UrlFault(string? url)
    {
        if (string.IsNullOrWhiteSpace(url)) return "is required";
        if (url.Length > UrlMax) return $"must NOT have more than {UrlMax} characters";
        if (url.Any(letter => letter is '\\' or '\u007f' || char.IsControl(letter) || char.IsWhiteSpace(letter)))
            return "must not contain spaces, backslashes or control characters";
        if (!Uri.TryCreate(url, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https") || !url.Contains("://", StringComparison.Ordinal))
            return "must be an absolute http or https URL";
        if (uri.UserInfo.Length > 0 || Authority(url).Contains('@', StringComparison.Ordinal)) return "must not carry a user name or a password";
        if (Authority(url).Any(letter => letter is '%' or > '\u007e')) return "must name its host in plain ASCII; write international names in their xn-- form";
        if (uri.Port is < 1 or > 65535) return "must have a port from 1 to 65535";
        return HostFault(Plain(uri.IdnHost));
    }

    string? HostFault(string host)
    {
        if (host.Length == 0) return "must name a host";
        if (IPAddress.TryParse(host, out var address))
            return rules.Refusal(address) is { } what ? $"must not name {address}, which is {what}" : null;
        if (IsNumber(host[(host.LastIndexOf('.') + 1)..])) return "must name a valid host";
        var isLocal = host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
        if (isLocal && rules.Refusal(IPAddress.Loopback) is not null && rules.Refusal(IPAddress.IPv6Loopback) is not null)
            return $"must not name {host}, which is loopback";
        var isPrivate = !host.Contains('.', StringComparison.Ordinal) || PrivateEndings.Any(ending => host.EndsWith(ending, StringComparison.OrdinalIgnoreCase));
        return isPrivate && !rules.AllowsMore ? $"must not name {host}, which is a name of a private network" : null;
    }

    /// <summary>Connects to a host, which may be a name or an address.</summary>
    /// <exception cref="TargetRefused">One of its addresses must not be called.</exception>
    /// <exception cref="SocketException">It has no address, or none of them answers.</exception>
    public async Task<Stream> Connect(string host, int port, CancellationToken stop)
    {
        var plain = Plain(host);
        var addresses = IPAddress.TryParse(plain, out var literal) ? [literal] : await resolve(plain, stop);
        if (addresses.Length == 0) throw new SocketException((int)SocketError.HostNotFound);
        foreach (var address in addresses)
            if (rules.Refusal(address) is { } what)
                throw new TargetRefused(literal is null ? $"{plain} has the address {address}, which is {what}" : $"{address} is {what}");
        SocketException? last = null;
        foreach (var address in addresses.Take(AddressesTried))
        {
            try
            {
                return await dial(new IPEndPoint(address, port), stop);
            }
            catch (SocketException fault)
            {
                last = fault;
            }
        }
        throw last!;
    }

    // "[::1]" and "127.0.0.1." are the same hosts as without brackets and dot.
    static string Plain(string host) => host.Trim('[', ']').TrimEnd('.');

    static string Authority(string url)
    {
        var rest = url.AsSpan(url.IndexOf("://", StringComparison.Ordinal) + 3);
        var end = rest.IndexOfAny('/', '?', '#');
        return (end < 0 ? rest : rest[..end]).ToString();
    }

    // A host whose last label is a number is an IPv4 address, or none at all.
    static bool IsNumber(string label) => label.Length > 0 && (label.All(char.IsAsciiDigit)
        || (label.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && label[2..].All(char.IsAsciiHexDigit)));

    static async Task<Stream> Open(IPEndPoint address, CancellationToken stop)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, stop);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}

/// <summary>A target that must not be called; the message says why.</summary>
public sealed class TargetRefused(string message) : Exception(message);
