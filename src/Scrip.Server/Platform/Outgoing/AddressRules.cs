using System.Net;

namespace Scrip.Server.Platform.Outgoing;

/// <summary>
/// Which addresses the server may call on behalf of others: public ones, and the networks that the operator allows.
/// What hides another address in itself (mapped, translated) is judged by that one; other ways to hide one are closed.
/// </summary>
public sealed class AddressRules(IReadOnlyList<IPNetwork> allowed)
{
    // Of IPv6 only global unicast is open, 2000::/3, and what is translated to a public IPv4 address.
    static readonly IPNetwork GlobalUnicast = IPNetwork.Parse("2000::/3");
    static readonly IPNetwork Translated = IPNetwork.Parse("64:ff9b::/96");

    static readonly (IPNetwork Network, string What)[] Closed = [.. new (string, string)[]
    {
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "a private network"),
        ("100.64.0.0/10", "a carrier's shared network"),
        ("127.0.0.0/8", "loopback"),
        // With the metadata of most clouds, 169.254.169.254.
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "a private network"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "for documentation"),
        ("192.88.99.0/24", "a tunnel's relay"),
        ("192.168.0.0/16", "a private network"),
        ("198.18.0.0/15", "for benchmarks"),
        ("198.51.100.0/24", "for documentation"),
        ("203.0.113.0/24", "for documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        // Public by its number, but it is the metadata of one cloud.
        ("168.63.129.16/32", "a cloud's metadata"),
        // Teredo among others, which carries an IPv4 address.
        ("2001::/23", "a tunnel or reserved"),
        ("2001:db8::/32", "for documentation"),
        ("2002::/16", "a tunnel (6to4)"),
        ("3fff::/20", "for documentation"),
    }.Select(row => (IPNetwork.Parse(row.Item1), row.Item2))];

    /// <summary>Reads the operator's networks, <c>10.1.0.0/16, fd00::/8</c>; nothing means none.</summary>
    /// <exception cref="ArgumentException">One of them is no network.</exception>
    public static AddressRules Read(string? networks) => new([.. (networks ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(text => IPNetwork.TryParse(text, out var network)
            ? network
            : throw new ArgumentException($"SCRIP_WEBHOOK_ALLOW must list networks such as 10.1.0.0/16, not '{text}'"))]);

    /// <summary>True when the operator allows any network beyond the public ones.</summary>
    public bool AllowsMore => allowed.Count > 0;

    /// <summary>What the address is, when it must not be called; null when it may.</summary>
    public string? Refusal(IPAddress address)
    {
        address = Meant(address);
        foreach (var network in allowed)
            if (network.Contains(address)) return null;
        foreach (var (network, what) in Closed)
            if (network.Contains(address)) return what;
        if (address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork) return null;
        return GlobalUnicast.Contains(address) && !HoldsAnother(address) ? null : "not a public address";
    }

    // The address that a packet reaches in the end.
    static IPAddress Meant(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) return address.MapToIPv4();
        return Translated.Contains(address) ? new IPAddress(address.GetAddressBytes().AsSpan(12)) : address;
    }

    // ISATAP: an IPv4 address behind 0:5efe or 200:5efe in the last half.
    static bool HoldsAnother(IPAddress address)
    {
        var bytes = address.GetAddressBytes();
        return bytes is [_, _, _, _, _, _, _, _, 0 or 2, 0, 0x5e, 0xfe, ..];
    }
}
