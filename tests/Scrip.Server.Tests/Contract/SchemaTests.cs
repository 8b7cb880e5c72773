using System.Text.Json;

namespace Scrip.Server.Tests.Contract;

public sealed class SchemaTests
{
    [Theory]
    [InlineData("""{ "type": "integer" }""", "3", "3.0")]
    [InlineData("""{ "type": "string", "nullable": true }""", "null", "1")]
    [InlineData("""{ "type": ["string", "null"] }""", "null", "1")]
    [InlineData("""{ "const": "a" }""", "\"a\"", "\"b\"")]
    [InlineData("""{ "type": "string", "nullable": true, "enum": ["a"] }""", "null", "\"b\"")]
    [InlineData("""{ "$ref": "#/components/schemas/Positive" }""", "1", "-1")]
    [InlineData("""{ "allOf": [{ "type": "object", "required": ["a"] }, { "required": ["b"] }] }""", """{ "a": 1, "b": null }""", """{ "a": 1 }""")]
    [InlineData("""{ "oneOf": [{ "type": "number" }, { "type": "integer" }] }""", "1", "\"1\"")]
    [InlineData("""{ "if": { "properties": { "t": { "const": "A" } } }, "then": { "properties": { "v": { "type": "null" } } } }""", """{ "t": "B", "v": 1 }""", """{ "t": "A", "v": 1 }""")]
    [InlineData("""{ "not": { "anyOf": [{ "required": ["a"] }] } }""", "{}", """{ "a": 1 }""")]
    [InlineData("""{ "properties": { "a": {} }, "additionalProperties": false }""", """{ "a": 1 }""", """{ "b": 1 }""")]
    [InlineData("""{ "additionalProperties": { "type": "string" } }""", """{ "b": "x" }""", """{ "b": 1 }""")]
    [InlineData("""{ "items": { "pattern": "^prod_[a-f0-9]+" }, "minItems": 1 }""", """["prod_0b"]""", """["sku_0b"]""")]
    [InlineData("""{ "type": "string", "format": "date-time" }""", "\"2026-01-01T10:00:00.123456Z\"", "\"2026-01-01 10:00\"")]
    public void A_keyword_of_the_contract_tells_right_from_wrong(string schema, string right, string wrong)
    {
        Check(schema, right).ShouldBeEmpty();
        Check(schema, wrong).ShouldNotBeEmpty();
    }

    [Fact]
    public void A_violation_says_where_what_was_wanted_and_what_was_found()
    {
        var found = Check("""{ "properties": { "a": { "items": { "type": "integer" } } } }""", """{ "a": [1, "x"] }""");
        found.ShouldHaveSingleItem().ToString().ShouldBe("at /a/1: expected integer, but was \"x\"");
    }

    [Fact]
    public void Of_several_branches_the_one_that_was_meant_is_reported()
    {
        var found = Check(
            """
            { "oneOf": [
              { "properties": { "type": { "enum": ["GIFT"] }, "gift": { "type": "object" } }, "required": ["gift"] },
              { "properties": { "type": { "enum": ["DISCOUNT"] }, "discount": { "type": "object" } }, "required": ["discount", "code"] }
            ] }
            """,
            """{ "type": "DISCOUNT" }""");
        found.Select(one => one.Pointer).ShouldBe(["/discount", "/code"]);
    }

    [Fact]
    public void A_keyword_that_is_not_known_is_never_passed_over() =>
        Should.Throw<NotSupportedException>(() => Check("""{ "dependentRequired": {} }""", "{}"));

    private static IReadOnlyList<Violation> Check(string schema, string value)
    {
        var document = JsonDocument.Parse("""{ "components": { "schemas": { "Positive": { "type": "integer", "minimum": 0 } } } }""");
        return new Schema(document.RootElement).Check(JsonDocument.Parse(schema).RootElement, JsonDocument.Parse(value).RootElement);
    }
}
