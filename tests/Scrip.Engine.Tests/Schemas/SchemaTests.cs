using System.Text.Json;
using Scrip.Engine.Schemas;

namespace Scrip.Engine.Tests.Schemas;

public class SchemaTests
{
    private static readonly MetadataDefinition Text = new() { Type = MetadataType.Text };

    private static readonly MetadataDefinition Number = new() { Type = MetadataType.Number };

    [Theory]
    [InlineData(MetadataType.Text, "\"\"", true)]
    [InlineData(MetadataType.Text, "5", false)]
    [InlineData(MetadataType.Text, "{}", false)]
    [InlineData(MetadataType.Number, "5.25", true)]
    [InlineData(MetadataType.Number, "-1e3", true)]
    [InlineData(MetadataType.Number, "1e400", false)]
    [InlineData(MetadataType.Number, "\"5\"", false)]
    [InlineData(MetadataType.Flag, "false", true)]
    [InlineData(MetadataType.Flag, "\"true\"", false)]
    [InlineData(MetadataType.Flag, "0", false)]
    [InlineData(MetadataType.Date, "\"2026-02-28\"", true)]
    [InlineData(MetadataType.Date, "\"2026-02-28T10:00:00.000Z\"", true)]
    [InlineData(MetadataType.Date, "\"2026-02-30\"", false)]
    [InlineData(MetadataType.Date, "20260228", false)]
    [InlineData(MetadataType.Instant, "\"2026-02-28T10:00:00.123456789+02:00\"", true)]
    [InlineData(MetadataType.Instant, "\"2026-02-28\"", false)]
    [InlineData(MetadataType.Instant, "\"2026-02-28T25:00:00Z\"", false)]
    [InlineData(MetadataType.ImageUrl, "\"https://shop.test/a.png?x=1\"", true)]
    [InlineData(MetadataType.ImageUrl, "\"javascript:alert(1)\"", false)]
    [InlineData(MetadataType.ImageUrl, "\"/a.png\"", false)]
    [InlineData(MetadataType.Geopoint, "\"37.786971, -122.399677\"", true)]
    [InlineData(MetadataType.Geopoint, "\"-90,180\"", true)]
    [InlineData(MetadataType.Geopoint, "\"90.0001,0\"", false)]
    [InlineData(MetadataType.Geopoint, "\"0,-180.5\"", false)]
    [InlineData(MetadataType.Geopoint, "\"37.7\"", false)]
    [InlineData(MetadataType.Geopoint, "\"1,2,3\"", false)]
    [InlineData(MetadataType.Geopoint, "[1, 2]", false)]
    [InlineData(MetadataType.Nested, "{\"anything\": 1}", true)]
    [InlineData(MetadataType.Nested, "[]", false)]
    public void A_value_is_of_its_type_or_it_is_not(MetadataType type, string value, bool isRight) =>
        (Refuse(Schema(("x", new() { Type = type })), $$"""{ "x": {{value}} }""") is null).ShouldBe(isRight);

    [Fact]
    public void Lengths_count_characters()
    {
        Says(Text with { MinLength = 2 }, "\"a\"").ShouldBe("must NOT have fewer than 2 characters");
        Says(Text with { MaxLength = 2 }, "\"abc\"").ShouldBe("must NOT have more than 2 characters");
        Says(Text with { ExactLength = 2 }, "\"a\"").ShouldBe("must have 2 characters");
        Says(Text with { MinLength = 2, MaxLength = 2, ExactLength = 2 }, "\"äö\"").ShouldBeNull();
    }

    [Fact]
    public void Numbers_keep_to_their_limits_exactly()
    {
        Says(Number with { Below = 5 }, "5").ShouldBe("must be < 5");
        Says(Number with { Below = 5 }, "4.9999999999999999").ShouldBeNull();
        Says(Number with { Most = 5 }, "5.0").ShouldBeNull();
        Says(Number with { Most = 5 }, "5.01").ShouldBe("must be <= 5");
        Says(Number with { Above = 5 }, "5").ShouldBe("must be > 5");
        Says(Number with { Least = 5 }, "4.99").ShouldBe("must be >= 5");
        Says(Number with { Denied = new HashSet<decimal> { 7 } }, "7.00").ShouldNotBeNull();
        Says(Number with { Numbers = new HashSet<decimal> { 1, 2.5m } }, "2.50").ShouldBeNull();
        Says(Number with { Numbers = new HashSet<decimal> { 1, 2.5m } }, "3").ShouldBe("must be one of: 1, 2.5");
    }

    [Fact]
    public void Allowed_texts_tell_letters_apart()
    {
        var channel = Text with { Texts = new HashSet<string> { "web", "shop" } };
        Says(channel, "\"web\"").ShouldBeNull();
        Says(channel, "\"Web\"").ShouldBe("must be one of: web, shop");
    }

    [Fact]
    public void A_list_is_a_list_and_names_the_element_that_is_wrong()
    {
        var tags = Schema(("tags", Text with { IsArray = true }));
        Refuse(tags, """{ "tags": [] }""").ShouldBeNull();
        Refuse(tags, """{ "tags": ["a", "b"] }""").ShouldBeNull();
        Refuse(tags, """{ "tags": "a" }""").ShouldBe(new("tags", "must be array"));
        Refuse(tags, """{ "tags": ["a", 5] }""").ShouldBe(new("tags[1]", "must be string"));
        Refuse(tags, """{ "tags": ["a", null] }""").ShouldBe(new("tags[1]", "must be string"));
        Refuse(Schema(("tag", Text)), """{ "tag": ["a"] }""").ShouldBe(new("tag", "must be string"));
        Refuse(tags, $$"""{ "tags": [{{string.Join(",", Enumerable.Repeat("\"a\"", SchemaSet.ElementsMax + 1))}}] }""").ShouldNotBeNull();
    }

    [Fact]
    public void What_is_required_is_asked_of_new_objects_and_may_not_be_emptied_later()
    {
        var schema = Schema(("tier", Text with { IsOptional = false }), ("note", Text));
        Refuse(schema, """{ "note": "a" }""", isNew: true).ShouldBe(new("tier", "is required by the metadata schema"));
        Refuse(schema, """{ "tier": null }""", isNew: true).ShouldNotBeNull();
        schema.Refuse("customer", null, isNew: true).ShouldNotBeNull();
        Refuse(schema, """{ "note": "a" }""", isNew: false).ShouldBeNull();
        Refuse(schema, """{ "tier": null }""", isNew: false).ShouldBe(new("tier", "is required by the metadata schema"));
        Refuse(schema, """{ "note": null, "tier": "gold" }""", isNew: true).ShouldBeNull();
        schema.Required("customer", ["note", "tier"]).ShouldBe("tier");
    }

    [Fact]
    public void Keys_that_nobody_defined_are_refused_in_the_strict_mode_only()
    {
        const string Sent = """{ "note": "a", "other": { "anything": [1] } }""";
        Refuse(Schema(("note", Text)), Sent).ShouldBeNull();
        Refuse(Schema(true, ("note", Text)), Sent).ShouldBe(new("other", "is not defined in the metadata schema"));
    }

    [Fact]
    public void A_nested_object_is_held_against_its_own_schema()
    {
        var set = new SchemaSet(new Dictionary<string, MetadataSchema>
        {
            ["customer"] = new(false, new Dictionary<string, MetadataDefinition>
            {
                ["payment"] = new() { Type = MetadataType.Nested, ObjectType = "Payment" },
                ["payments"] = new() { Type = MetadataType.Nested, ObjectType = "Payment", IsArray = true },
                ["gone"] = new() { Type = MetadataType.Nested, ObjectType = "Gone" },
            }),
            ["Payment"] = new(true, new Dictionary<string, MetadataDefinition> { ["method"] = Text with { IsOptional = false }, ["tax"] = Number }),
        });
        Refuse(set, """{ "payment": { "method": "card", "tax": 5 } }""").ShouldBeNull();
        Refuse(set, """{ "payment": { "tax": 5 } }""").ShouldBe(new("payment.method", "is required by the metadata schema"));
        Refuse(set, """{ "payment": { "method": "card", "x": 1 } }""").ShouldBe(new("payment.x", "is not defined in the metadata schema"));
        Refuse(set, """{ "payments": [{ "method": "card" }, { "method": 5 }] }""").ShouldBe(new("payments[1].method", "must be string"));
        Refuse(set, """{ "gone": {} }""").ShouldNotBeNull();
    }

    private static SchemaSet Schema(params (string Key, MetadataDefinition Definition)[] definitions) => Schema(false, definitions);

    private static SchemaSet Schema(bool strict, params (string Key, MetadataDefinition Definition)[] definitions) =>
        new(new Dictionary<string, MetadataSchema> { ["customer"] = new(strict, definitions.ToDictionary(one => one.Key, one => one.Definition)) });

    private static SchemaFault? Refuse(SchemaSet set, string metadata, bool isNew = true) =>
        set.Refuse("customer", JsonDocument.Parse(metadata).RootElement, isNew);

    private static string? Says(MetadataDefinition definition, string value) => Refuse(Schema(("x", definition)), $$"""{ "x": {{value}} }""")?.What;
}
