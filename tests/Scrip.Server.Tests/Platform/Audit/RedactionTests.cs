using System.Text;
using Scrip.Server.Platform.Audit;

namespace Scrip.Server.Tests.Platform.Audit;

public sealed class RedactionTests
{
    [Theory]
    [InlineData("""{"app_token":"s3cret","app_id":"x"}""", """{"app_token":"***","app_id":"x"}""")]
    [InlineData("""{"a":{"webhook_token" : "s3cret" , "b":1}}""", """{"a":{"webhook_token" : "***" , "b":1}}""")]
    [InlineData("""{"client_secret":"s3cret","Password":"s3cret","api_key":"s3cret","accessToken":"s3cret"}""", """{"client_secret":"***","Password":"***","api_key":"***","accessToken":"***"}""")]
    [InlineData("""{"token":12345}""", """{"token":"***"}""")]
    [InlineData("""{"tokens":1,"token":null,"token":true}""", """{"tokens":1,"token":null,"token":true}""")]
    [InlineData("""{"token":["s3cret",["s3cret"]],"b":"c"}""", """{"token":["***",["***"]],"b":"c"}""")]
    [InlineData("""{"token":{"name":"n","secret":"s3cret"},"b":"c"}""", """{"token":{"name":"n","secret":"***"},"b":"c"}""")]
    [InlineData("""[{"token":"s3cret"},"kept"]""", """[{"token":"***"},"kept"]""")]
    [InlineData("""{"tok\u0065n":"s3cret"}""", """{"tok\u0065n":"***"}""")]
    [InlineData("""{"url":"https://x.test/v1/exports/1?token=s3cret"}""", """{"url":"***"}""")]
    [InlineData("""{"name":"Ada","email":"ada@shop.test"}""", """{"name":"Ada","email":"ada@shop.test"}""")]
    [InlineData("""client_id=x&client_secret=s3cret""", "(32 bytes that are not JSON)")]
    [InlineData("""{"app_token":"s3cret" """, "(22 bytes that are not JSON)")]
    public void Secrets_are_taken_out_and_the_rest_is_kept_as_it_was(string body, string kept)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        Redaction.Body(AuditBody.Of(bytes)).ToString().ShouldBe(kept);
    }

    [Fact]
    public void A_text_that_is_none_is_kept_with_marks_for_what_cannot_be_read()
    {
        byte[] bytes = [.. "{\"name\":\"A"u8, 0xff, .. "a\"}"u8];
        Redaction.Body(AuditBody.Of(bytes)).ToString().ShouldBe("{\"name\":\"A\ufffda\"}");
        System.Text.Unicode.Utf8.IsValid(Redaction.Body(AuditBody.Of(bytes))!.Value.Bytes.Span).ShouldBeTrue();
    }

    [Fact]
    public void Nothing_is_kept_of_no_body() => Redaction.Body(AuditBody.Of([])).ShouldBeNull();

    [Fact]
    public void Of_a_long_body_the_start_is_kept_and_no_secret_is_left_at_the_cut()
    {
        // Wherever the cut falls, in the name, before the value or within it.
        for (var length = ApiRequest.BodyMax - 60; length < ApiRequest.BodyMax; length++)
        {
            var body = Encoding.UTF8.GetBytes($$"""{"text":"{{new string('x', length - 20)}}","app_token":"s3cret-s3cret-s3cret","more":"{{new string('y', 100)}}"}""");
            var kept = Redaction.Body(AuditBody.Of(body)).ToString().ShouldNotBeNull();
            kept.ShouldNotContain("s3cret");
            kept.ShouldEndWith("…");
            kept.Length.ShouldBeLessThanOrEqualTo(ApiRequest.BodyMax + 10);
        }
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("?limit=1&page=2", "?limit=1&page=2")]
    [InlineData("?token=s3cret&limit=1", "?token=***&limit=1")]
    [InlineData("?a=1&access%5Ftoken=s3cret", "?a=1&access%5Ftoken=***")]
    public void Secrets_in_a_query_are_taken_out(string query, string kept) => Redaction.Query(query).ShouldBe(kept);
}
