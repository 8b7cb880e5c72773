using System.Net.Sockets;
using System.Text;

namespace Scrip.Server.Tests.Exact;

/// <summary>
/// Answers that are lost on the way: the client hangs up before it has read, and then tries again several times at once
/// with the same key. Turns red when <c>Idempotency.Commit</c> leaves its row out.
/// </summary>
public sealed class DroppedAnswerTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_request_whose_answer_was_lost_has_one_effect_and_one_answer(Db db)
    {
        var scrip = await servers.Project(db);
        var requests = Storm.IsLong ? 500 : 60;
        await scrip.GiftCard("card", 1_000_000);
        var answers = await Storm.Of(requests, async i =>
        {
            var (key, body) = ($"key-{i}", Body(i));
            await Drop(scrip, "/v1/redemptions", key, body, TimeSpan.FromMilliseconds(i % 8));
            return await Storm.Of(4, _ => scrip.Unchecked.Raw("POST", "/v1/redemptions", body, ("Idempotency-Key", key)));
        });
        foreach (var same in answers)
        {
            same.ShouldAllBe(answer => answer.Status == 200);
            same.Select(answer => answer.Text).Distinct().Count().ShouldBe(1);
        }
        (await scrip.Count("/v1/redemptions")).ShouldBe(requests);
        (await scrip.Get("/v1/vouchers/card"))["gift"]["balance"].ShouldBe(1_000_000 - (7 * requests));
        // The same key with another body is refused, and has no effect.
        var other = await scrip.Raw("POST", "/v1/redemptions", Body(requests + 1), ("Idempotency-Key", "key-0"));
        other.Expect(409);
        (await scrip.Count("/v1/redemptions")).ShouldBe(requests);
    }

    private static string Body(int i) =>
        $$$"""{"redeemables":[{"object":"voucher","id":"card","gift":{"credits":7}}],"order":{"source_id":"order-{{{i}}}","amount":1000}}""";

    // Sends a request and closes the connection, at once or a moment later.
    private static async Task Drop(ApiClient scrip, string path, string key, string body, TimeSpan after)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { LingerState = new LingerOption(true, 0) };
        await socket.ConnectAsync(scrip.Address.Host, scrip.Address.Port);
        var keys = string.Concat(scrip.Project.ServerSide.Headers.Select(header => $"{header.Name}: {header.Value}\r\n"));
        await socket.SendAsync(Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: scrip\r\n{keys}Idempotency-Key: {key}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
        await Task.Delay(after);
    }
}
