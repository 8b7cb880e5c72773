using System.Net;
using System.Net.Sockets;
using Scrip.Server.Platform.Outgoing;

namespace Scrip.Server.Tests.Platform.Outgoing;

/// <summary>The guard with a resolver and a connect step of the test's own: nothing leaves the machine, even if it is broken.</summary>
public sealed class TargetGuardTests
{
    // What no webhook may reach, in every writing that one resolver or another understands.
    private const string Closed = """
        0.0.0.0  0.1.2.3  10.0.0.0  10.0.0.1  10.255.255.255  100.64.0.1  100.127.255.254  100.100.100.200
        127.0.0.1  127.0.0.2  127.1.2.3  127.255.255.255  169.254.0.1  169.254.169.254  169.254.170.2  169.254.255.255
        172.16.0.1  172.31.255.255  192.0.0.1  192.0.0.192  192.0.2.1  192.88.99.1  192.168.0.1  192.168.255.255
        198.18.0.1  198.19.255.255  198.51.100.7  203.0.113.9  224.0.0.1  239.255.255.250  240.0.0.1  255.255.255.255  168.63.129.16
        0177.0.0.1  0177.0.0.01  00000177.0.0.1  0x7f.0.0.1  0x7F.0x0.0x0.0x1  0x7f000001  017700000001  2130706433
        127.1  127.0.1  127.0x1  0  0x0  00  3232235521  0xc0a80001  0300.0250.0.1  192.168.257  10.1  167772161
        0xa9fea9fe  2852039166  0251.0376.0251.0376  169.16689662  0xA9.254.0xA9FE  127.0.0.1.  10.0.0.1.  0x7f000001.  2130706433.
        ::  ::1  [::1]  0:0:0:0:0:0:0:1  0000:0000:0000:0000:0000:0000:0000:0001  ::ffff:127.0.0.1  ::ffff:7f00:1  [::ffff:10.0.0.1]
        ::ffff:169.254.169.254  ::ffff:a9fe:a9fe  ::ffff:192.168.1.1  ::ffff:0.0.0.0  ::ffff:100.64.0.1  0:0:0:0:0:ffff:ac10:1
        ::127.0.0.1  ::10.0.0.1  ::a9fe:a9fe  ::8.8.8.8  ::ffff:0:127.0.0.1  ::ffff:0:8.8.8.8
        64:ff9b::127.0.0.1  64:ff9b::7f00:1  64:ff9b::a00:1  64:ff9b::a9fe:a9fe  64:ff9b::c0a8:101  64:ff9b:1::808:808
        2002:7f00:1::  2002:a00:1::1  2002:a9fe:a9fe::  2002:c0a8:101::1  2002:808:808::1
        2001:0:7f00:1::  2001::1  2001:0:4136:e378:8000:63bf:3fff:fdd2  2001:10::1  2001:20::1  2001:db8::1  3fff::1
        fc00::1  fd00::1  fd00:ec2::254  fd20:ce::254  fdff:ffff::1  fe80::1  fe80::1%1  fe80::a9fe:a9fe  febf::1  fec0::1  feff::1
        ff00::1  ff02::1  ff05::2  100::1  5f00::1  4000::1  2606:4700::5efe:7f00:1  2606:4700::200:5efe:a00:1
        """;

    private const string Open = """
        1.1.1.1  8.8.8.8  9.255.255.255  11.0.0.0  100.63.255.255  100.128.0.1  126.255.255.255  128.0.0.1  169.253.1.1  169.255.1.1
        172.15.255.255  172.32.0.1  192.167.1.1  192.169.0.1  198.17.1.1  198.20.0.1  223.255.255.255
        ::ffff:8.8.8.8  64:ff9b::8.8.8.8  2606:4700:4700::1111  2a00:1450:4001::200e  2001:4860:4860::8888  2400:cb00::1
        """;

    [Fact]
    public void There_are_more_than_a_hundred_closed_addresses_in_the_table() => Words(Closed).Distinct().Count().ShouldBeGreaterThan(100);

    [Fact]
    public async Task No_closed_address_is_ever_dialled_be_it_written_or_resolved()
    {
        foreach (var host in Words(Closed))
        {
            var network = new Network();
            await Should.ThrowAsync<TargetRefused>(() => network.Guard().Connect(host, 80, default), host);
            network.Dialled.ShouldBeEmpty(host);
            // The same address behind a harmless name; a number in octal or hexadecimal is what the resolver makes of it.
            if (!IPAddress.TryParse(host.Trim('[', ']').TrimEnd('.'), out var address)) continue;
            network = new Network { ["shop.example"] = [address] };
            await Should.ThrowAsync<TargetRefused>(() => network.Guard().Connect("shop.example", 80, default), host);
            network.Dialled.ShouldBeEmpty(host);
        }
    }

    [Fact]
    public void No_closed_address_can_be_saved_in_a_url()
    {
        foreach (var host in Words(Closed))
        {
            var plain = host.Trim('[', ']');
            new Network().Guard().UrlFault(plain.Contains(':') ? $"http://[{plain}]:8080/hook" : $"https://{plain}/hook").ShouldNotBeNull(host);
        }
    }

    [Fact]
    public async Task Public_addresses_are_dialled()
    {
        foreach (var host in Words(Open))
        {
            var network = new Network();
            await network.Guard().Connect(host, 443, default);
            network.Dialled.ShouldHaveSingleItem().Port.ShouldBe(443);
            network.Guard().UrlFault(host.Contains(':') ? $"https://[{host}]/hook" : $"https://{host}/hook").ShouldBeNull(host);
        }
    }

    [Fact]
    public async Task A_name_that_changes_after_it_was_judged_changes_nothing()
    {
        var asked = 0;
        var network = new Network();
        var guard = new TargetGuard(AddressRules.Read(null), (_, _) => Task.FromResult<IPAddress[]>([IPAddress.Parse(asked++ == 0 ? "93.184.216.34" : "127.0.0.1")]), network.Dial);

        await guard.Connect("rebinding.example", 80, default);
        asked.ShouldBe(1);
        network.Dialled.ShouldHaveSingleItem().Address.ShouldBe(IPAddress.Parse("93.184.216.34"));

        await Should.ThrowAsync<TargetRefused>(() => guard.Connect("rebinding.example", 80, default));
        network.Dialled.Count.ShouldBe(1);
    }

    [Fact]
    public async Task One_closed_address_among_public_ones_closes_the_name()
    {
        var network = new Network { ["mixed.example"] = [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("10.0.0.7")] };
        (await Should.ThrowAsync<TargetRefused>(() => network.Guard().Connect("mixed.example", 80, default))).Message.ShouldContain("10.0.0.7");
        network.Dialled.ShouldBeEmpty();
    }

    [Fact]
    public async Task Allowed_networks_are_open_and_their_neighbours_stay_closed()
    {
        var network = new Network();
        var guard = network.Guard("10.1.0.0/16, fd12::/32");
        await guard.Connect("10.1.2.3", 80, default);
        await guard.Connect("::ffff:10.1.2.3", 80, default);
        await guard.Connect("fd12::5", 80, default);
        network.Dialled.Count.ShouldBe(3);
        foreach (var host in new[] { "10.2.0.1", "127.0.0.1", "fd13::1", "169.254.169.254" })
            await Should.ThrowAsync<TargetRefused>(() => guard.Connect(host, 80, default), host);
        guard.UrlFault("http://10.1.2.3/x").ShouldBeNull();
        guard.UrlFault("http://receiver:8080/x").ShouldBeNull();
        guard.UrlFault("http://localhost/x").ShouldNotBeNull();
        Should.Throw<ArgumentException>(() => AddressRules.Read("10.1.0.0/99"));
    }

    [Fact]
    public async Task The_next_address_is_tried_when_one_does_not_answer()
    {
        var network = new Network { ["two.example"] = [IPAddress.Parse("93.184.216.34"), IPAddress.Parse("93.184.216.35")] };
        network.Down.Add(IPAddress.Parse("93.184.216.34"));
        await network.Guard().Connect("two.example", 80, default);
        network.Dialled.Select(end => end.Address.ToString()).ShouldBe(["93.184.216.34", "93.184.216.35"]);
        network.Down.Add(IPAddress.Parse("93.184.216.35"));
        await Should.ThrowAsync<SocketException>(() => network.Guard().Connect("two.example", 80, default));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("shop.example/hook")]
    [InlineData("//shop.example/hook")]
    [InlineData("ftp://shop.example/")]
    [InlineData("file:///etc/passwd")]
    [InlineData("gopher://shop.example/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("http:shop.example")]
    [InlineData("http://")]
    [InlineData("http:///hook")]
    [InlineData("http://user@shop.example/")]
    [InlineData("http://user:secret@shop.example/")]
    [InlineData("http://shop.example@127.0.0.1/")]
    [InlineData("http://127.0.0.1@shop.example/")]
    [InlineData("http://shop.example:80@127.0.0.1:8080/")]
    [InlineData("http://@127.0.0.1/")]
    [InlineData("http://shop.example\\@127.0.0.1/")]
    [InlineData("http://127.0.0.1\\@shop.example/")]
    [InlineData("http:\\\\127.0.0.1/")]
    [InlineData("http://shop.example /hook")]
    [InlineData("http://shop.example/\r\nHost: x")]
    [InlineData("http://shop.example\t/")]
    [InlineData("http://%31%32%37.0.0.1/")]
    [InlineData("http://127.0.0.1%2eexample/")]
    [InlineData("http://localhost/")]
    [InlineData("http://LOCALHOST:8080/")]
    [InlineData("http://localhost./")]
    [InlineData("http://shop.localhost/")]
    [InlineData("http://metadata/")]
    [InlineData("http://metadata.google.internal/computeMetadata/v1/")]
    [InlineData("http://kubernetes.default.svc.cluster.local/")]
    [InlineData("http://router.lan/")]
    [InlineData("http://127。0。0。1/")]
    [InlineData("http://１２７.0.0.1/")]
    [InlineData("http://①②⑦.0.0.1/")]
    [InlineData("http://bücher.example/")]
    [InlineData("http://1.2.3.4.5/")]
    [InlineData("http://256.256.256.256/")]
    [InlineData("http://shop.example.0x7f/")]
    [InlineData("http://shop.example:0/")]
    [InlineData("http://shop.example:99999/")]
    public void A_url_that_is_none_or_hides_its_host_cannot_be_saved(string url) => new Network().Guard().UrlFault(url).ShouldNotBeNull();

    [Theory]
    [InlineData("https://shop.example/hooks?project=1&x=a@b")]
    [InlineData("http://shop.example:8080")]
    [InlineData("https://xn--bcher-kva.example/")]
    [InlineData("https://shop.example./hook")]
    [InlineData("https://127.0.0.1.shop.example/")]
    public void A_public_url_can_be_saved(string url) => new Network().Guard().UrlFault(url).ShouldBeNull();

    [Fact]
    public async Task A_redirect_is_an_answer_and_is_not_followed()
    {
        await using var receiver = Receiver.Start((_, response) =>
        {
            response.StatusCode = 307;
            response.Headers["Location"] = "http://169.254.169.254/latest/meta-data/";
            return Task.CompletedTask;
        });
        // Whatever is dialled ends at the test's own receiver.
        var network = new Network { ["shop.example"] = [IPAddress.Parse("93.184.216.34")], Ends = receiver.Address.Port };
        using var http = new OutgoingHttp(network.Guard());

        var answer = await http.Post(new Uri("http://shop.example/hook"), "{}"u8.ToArray(), [("Host", receiver.Address.Authority)], default);

        answer.Status.ShouldBe(307);
        answer.IsSuccess.ShouldBeFalse();
        network.Resolved.ShouldBe(["shop.example"]);
        network.Dialled.ShouldHaveSingleItem();
        receiver.All.ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_refused_target_is_told_as_a_fault_and_an_endless_answer_is_cut()
    {
        await using var receiver = Receiver.Start(async (_, response) =>
        {
            response.SendChunked = true;
            var piece = new byte[64 * 1024];
            piece.AsSpan().Fill((byte)'x');
            while (true) await response.OutputStream.WriteAsync(piece);
        });
        var network = new Network { ["shop.example"] = [IPAddress.Parse("93.184.216.34")], ["inner.example"] = [IPAddress.Parse("10.0.0.1")], Ends = receiver.Address.Port };
        using var http = new OutgoingHttp(network.Guard());

        var refused = await http.Post(new Uri("http://inner.example/hook"), "{}"u8.ToArray(), [], default);
        refused.Status.ShouldBeNull();
        refused.Fault.ShouldNotBeNull().ShouldContain("10.0.0.1");

        var endless = await http.Post(new Uri("http://shop.example/hook"), "{}"u8.ToArray(), [("x-own", "1"), ("Host", receiver.Address.Authority)], default);
        endless.Status.ShouldBe(200);
        endless.Body.Length.ShouldBe(OutgoingHttp.BodyMax);
        receiver.All.ShouldHaveSingleItem().Headers["x-own"].ShouldBe("1");
    }

    private static string[] Words(string table) => table.Split((char[])[' ', '\n', '\r'], StringSplitOptions.RemoveEmptyEntries);

    /// <summary>Names and connections that exist only here.</summary>
    private sealed class Network : Dictionary<string, IPAddress[]>
    {
        public List<string> Resolved { get; } = [];

        public List<IPEndPoint> Dialled { get; } = [];

        public HashSet<IPAddress> Down { get; } = [];

        /// <summary>The loopback port that every connection ends at; without it, connections are empty.</summary>
        public int? Ends { get; init; }

        public TargetGuard Guard(string? allowed = null) => new(AddressRules.Read(allowed), Resolve, Dial);

        private Task<IPAddress[]> Resolve(string host, CancellationToken stop)
        {
            Resolved.Add(host);
            // What is no name here is read like the most generous resolvers do.
            return Task.FromResult(TryGetValue(host, out var addresses) ? addresses : IPAddress.TryParse(host, out var address) ? [address] : []);
        }

        public async Task<Stream> Dial(IPEndPoint end, CancellationToken stop)
        {
            Dialled.Add(end);
            if (Down.Contains(end.Address)) throw new SocketException((int)SocketError.ConnectionRefused);
            if (Ends is not { } port) return Stream.Null;
            var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port, stop);
            return client.GetStream();
        }
    }
}
