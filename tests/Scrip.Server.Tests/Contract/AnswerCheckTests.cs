using System.Net.Http.Headers;
using System.Text;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Contract;

public sealed class AnswerCheckTests
{
    private const string Product = """
        {
          "id": "prod_0bae2dc5a090fd0184", "source_id": "shirt", "name": "Shirt", "price": 1200, "attributes": [],
          "metadata": {}, "image_url": null, "created_at": "2026-01-01T00:00:00.000Z", "updated_at": null, "object": "product"
        }
        """;

    private const string Missing = """
        { "code": 404, "key": "not_found", "message": "Resource not found", "request_id": "v-1" }
        """;

    private static readonly Operation GetProduct = Operations.Match("GET", "/v1/products/p")!;
    private static readonly Operation DeleteCustomer = Operations.Match("DELETE", "/v1/customers/c")!;

    [Fact]
    public void An_answer_that_keeps_the_contract_has_no_violation()
    {
        Check(GetProduct, 200, Product).ShouldBeEmpty();
        Check(GetProduct, 404, Missing).ShouldBeEmpty();
        Check(DeleteCustomer, 204, null).ShouldBeEmpty();
        Check(null, 404, Missing).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1200", "1200.0", "/price")]
    [InlineData("\"product\"", "\"produce\"", "/object")]
    [InlineData("\"id\"", "\"was\"", "/id")]
    [InlineData("\"2026-01-01T00:00:00.000Z\"", "\"yesterday\"", "/created_at")]
    public void A_body_that_breaks_its_schema_is_found(string right, string wrong, string pointer)
    {
        Assert.SkipUnless(OpenApi.IsPresent, "The OpenAPI documents are not on this machine.");
        Check(GetProduct, 200, Product.Replace(right, wrong)).ShouldContain(violation => violation.Pointer == pointer);
    }

    [Theory]
    [InlineData(404, """{ "code": 404, "message": "Resource not found", "key": "not_found" }""", "/request_id")]
    [InlineData(404, """{ "code": "404", "message": "Resource not found", "key": "not_found", "request_id": "v-1" }""", "/code")]
    [InlineData(500, "{}", "/key")]
    [InlineData(500, "oops", "#body")]
    [InlineData(404, null, "#body")]
    public void An_error_without_the_errors_shape_is_found(int status, string? body, string pointer) =>
        Check(GetProduct, status, body).ShouldContain(violation => violation.Pointer == pointer);

    [Fact]
    public void A_status_that_is_not_documented_is_found()
    {
        Assert.SkipUnless(OpenApi.IsPresent, "The OpenAPI documents are not on this machine.");
        Check(GetProduct, 201, Product).ShouldContain(violation => violation.Pointer == "#status");
        Check(DeleteCustomer, 204, "{}").ShouldContain(violation => violation.Pointer == "#body");
        Check(GetProduct, 204, null).ShouldContain(violation => violation.Pointer == "#status");
    }

    [Fact]
    public void Headers_that_every_answer_carries_are_missed()
    {
        Check(GetProduct, 200, Product, "text/html").ShouldContain(violation => violation.Pointer == "#header/Content-Type");
        Check(GetProduct, 200, Product, headers: []).Select(violation => violation.Pointer)
            .ShouldBe(["#header/X-Rate-Limit-Limit", "#header/X-Rate-Limit-Remaining", "#header/X-Rate-Limit-Retry", "#header/X-Request-Id"]);
    }

    private static IReadOnlyList<Violation> Check(Operation? operation, int status, string? body, string type = "application/json", string[]? headers = null)
    {
        using var response = new HttpResponseMessage();
        foreach (var header in headers ?? ["X-Rate-Limit-Limit", "X-Rate-Limit-Remaining", "X-Rate-Limit-Retry", "X-Request-Id"])
            response.Headers.Add(header, "1");
        using var content = new ByteArrayContent([]);
        if (body is not null) content.Headers.ContentType = new MediaTypeHeaderValue(type);
        return AnswerCheck.Check(operation, new Answer("GET /", status, response.Headers, content.Headers, Encoding.UTF8.GetBytes(body ?? "")));
    }
}
