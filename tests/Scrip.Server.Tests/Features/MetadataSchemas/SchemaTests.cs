using Scrip.Server.Tests.Running;
using static Scrip.Server.Tests.Features.MetadataSchemas.Schemas;

namespace Scrip.Server.Tests.Features.MetadataSchemas;

/// <summary>The schemas themselves: made, read, changed and cleared.</summary>
public sealed class SchemaTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_schema_is_told_as_it_was_made_under_both_APIs(Db db)
    {
        var scrip = await servers.Project(db);
        var id = await scrip.Schema("customer", true,
            ("tier", new { type = "string", optional = false, array = false, eq = new[] { "gold", "silver" }, max_length = 10 }),
            ("visits", new { type = "number", optional = true, array = false, gte = 0, lt = 1000, ne = new[] { 13 } }),
            ("tags", Many("string")));

        var managed = (await scrip.AsManagement.Get($"{scrip.SchemasPath()}/{id}")).Expect(200);
        managed["related_object"].ShouldBe("customer");
        managed["allow_defined_only"].ShouldBe(true);
        managed["updated_at"].IsNull.ShouldBeTrue();
        managed["properties"]["tier"]["eq"].Items.Select(value => value.Text).ShouldBe(["gold", "silver"]);
        managed["properties"]["tier"]["max_length"].ShouldBe(10);
        managed["properties"]["tier"]["object_type"].IsNull.ShouldBeTrue();
        managed["properties"]["visits"]["ne"][0].ShouldBe(13);
        (await scrip.AsManagement.Get(scrip.SchemasPath())).Expect(200)["data"][0].ShouldBe(managed.Body);

        var read = (await scrip.Get("/v1/metadata-schemas/customer")).Expect(200);
        read["id"].ShouldBe(id);
        read["properties"]["tier"]["maxLength"].ShouldBe(10);
        read["properties"]["tier"]["max_length"].Exists.ShouldBeFalse();
        read["properties"]["tags"]["array"].ShouldBe(true);
        var list = (await scrip.Get("/v1/metadata-schemas")).Expect(200);
        list["total"].ShouldBe(1);
        list["schemas"][0].ShouldBe(read.Body);
    }

    [Theory, OnBoth]
    public async Task An_update_adds_replaces_removes_and_restores_definitions_and_leaves_the_others(Db db)
    {
        var scrip = await servers.Project(db);
        var id = await scrip.Schema("customer", false, ("tier", A("string", eq: new[] { "gold" })), ("visits", A("number")));
        var path = $"{scrip.SchemasPath()}/{id}";

        var changed = (await scrip.AsManagement.Put(path, new { properties = new { tier = A("string"), city = A("string") } })).Expect(200);
        changed["properties"]["tier"]["eq"].Exists.ShouldBeFalse("what is not sent of a definition goes back to its default");
        changed["properties"].Names.Order().ShouldBe(["city", "tier", "visits"]);
        changed["updated_at"].IsNull.ShouldBeFalse();

        await scrip.AsManagement.Put(path, new { properties = new { tier = A("string", deleted: true) } });
        (await scrip.Get("/v1/metadata-schemas/customer"))["properties"]["tier"]["deleted"].ShouldBe(true);
        (await scrip.Post("/v1/customers", new { source_id = "a", metadata = new { tier = 5 } })).Expect(200);

        await scrip.AsManagement.Put(path, new { properties = new { tier = A("string") } });
        (await scrip.Get("/v1/metadata-schemas/customer"))["properties"]["tier"]["deleted"].Exists.ShouldBeFalse();
        (await scrip.Post("/v1/customers", new { source_id = "b", metadata = new { tier = 5 } })).Expect(400);

        (await scrip.AsManagement.Put(path, new { allow_defined_only = true, properties = new { } })).Expect(200)["allow_defined_only"].ShouldBe(true);
        (await scrip.AsManagement.Put(path, new { properties = new { visits = A("string") } })).Expect(400)["details"].Text.ShouldContain("cannot be changed");
    }

    [Theory, OnBoth]
    public async Task A_cleared_schema_holds_nobody_any_more_and_can_be_made_anew(Db db)
    {
        var scrip = await servers.Project(db);
        var id = await scrip.Schema("customer", true, ("tier", A("string")));
        (await scrip.Post("/v1/customers", new { source_id = "a", metadata = new { other = 1 } })).Expect(400);

        (await scrip.AsManagement.Delete($"{scrip.SchemasPath()}/{id}")).Expect(204);

        (await scrip.Get("/v1/metadata-schemas/customer")).Expect(404);
        (await scrip.AsManagement.Delete($"{scrip.SchemasPath()}/{id}")).Expect(404);
        (await scrip.Post("/v1/customers", new { source_id = "a", metadata = new { other = 1 } })).Expect(200)["metadata"]["other"].ShouldBe(1);
        await scrip.Schema("customer", true, ("tier", A("string")));
    }

    [Theory, OnBoth]
    public async Task A_kind_has_one_schema(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Schema("order", false);
        var again = (await scrip.AsManagement.Post(scrip.SchemasPath(), Body("order", false))).Expect(409);
        again["key"].ShouldBe("duplicate_found");
        again["details"].ShouldBe("Duplicated metadata schema exists with related_object order");
    }

    [Theory, OnBoth]
    public async Task What_is_nested_nests_nothing_itself_and_stays_while_it_is_named(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.AsManagement.Post(scrip.SchemasPath(), Body("customer", false, ("payment", A("object", object_type: "Payment"))))).Expect(400);
        var payment = await scrip.Schema("Payment", true, ("method", A("string", optional: false)));
        var customer = await scrip.Schema("customer", false, ("payment", A("object", object_type: "Payment")));
        (await scrip.AsManagement.Post(scrip.SchemasPath(), Body("Deep", false, ("payment", A("object", object_type: "Payment"))))).Expect(400);

        var inUse = (await scrip.AsManagement.Delete($"{scrip.SchemasPath()}/{payment}")).Expect(400);
        inUse["key"].ShouldBe("resource_in_use");
        inUse["details"].Text.ShouldContain(customer);
        (await scrip.Post("/v1/customers", new { source_id = "a", metadata = new { payment = new { method = "card" } } })).Expect(200);
        (await scrip.Post("/v1/customers", new { source_id = "b", metadata = new { payment = new { way = "card" } } }))
            .Expect(400)["details"].ShouldBe("Property .metadata.payment.method is required by the metadata schema");

        (await scrip.AsManagement.Put($"{scrip.SchemasPath()}/{customer}", new { properties = new { payment = A("object", object_type: "Payment", deleted: true) } })).Expect(200);
        (await scrip.AsManagement.Delete($"{scrip.SchemasPath()}/{payment}")).Expect(204);
    }

    [Theory, OnBoth]
    public async Task Bad_definitions_are_refused_by_name_and_nothing_is_kept(Db db)
    {
        var scrip = await servers.Project(db);
        (object Definition, string Field)[] wrong =
        [
            (new { optional = true, array = false }, "type"),
            (new { type = "text", optional = true, array = false }, "type"),
            (new { type = "string", array = false }, "optional"),
            (new { type = "string", optional = true }, "array"),
            (new { type = "string", optional = "yes", array = false }, "optional"),
            (new { type = "string", optional = true, array = false, min_length = -1 }, "min_length"),
            (new { type = "string", optional = true, array = false, min_length = 5, max_length = 4 }, "min_length"),
            (new { type = "number", optional = true, array = false, max_length = 4 }, "max_length"),
            (new { type = "string", optional = true, array = false, lt = 4 }, "lt"),
            (new { type = "string", optional = true, array = false, ne = new[] { 4 } }, "ne"),
            (new { type = "string", optional = true, array = false, eq = new object[] { "a", 4 } }, "eq[1]"),
            (new { type = "number", optional = true, array = false, eq = new[] { "a" } }, "eq[0]"),
            (new { type = "boolean", optional = true, array = false, eq = new[] { true } }, "eq"),
            (new { type = "string", optional = true, array = false, eq = "a" }, "eq"),
            (new { type = "string", optional = true, array = false, object_type = "Payment" }, "object_type"),
            (new { type = "object", optional = true, array = false, object_type = "customer" }, "object_type"),
            (new { type = "geopoint", optional = true, array = false }, "geopoint"),
            ("string", "properties"),
        ];
        foreach (var (definition, field) in wrong)
            (await scrip.AsManagement.Post(scrip.SchemasPath(), Body("order", false, ("x", definition)))).Expect(400)["details"].Text.ShouldContain(field);
        (await scrip.AsManagement.Post(scrip.SchemasPath(), Body(null, false, ("x", A("string"))))).Expect(400);
        (await scrip.AsManagement.Post(scrip.SchemasPath(), new { related_object = "order" })).Expect(400);
        (await scrip.AsManagement.Post(scrip.SchemasPath(), Body("order", false, ("", A("string"))))).Expect(400);
        (await scrip.AsManagement.Post(scrip.SchemasPath(), Body("order", false, [.. Enumerable.Range(0, 101).Select(i => ($"k{i}", A("string")))]))).Expect(400);
        (await scrip.AsManagement.Get(scrip.SchemasPath()))["total"].ShouldBe(0);
        await scrip.Schema("order", false, [.. Enumerable.Range(0, 100).Select(i => ($"k{i}", A("string")))]);
    }

    [Theory, OnBoth]
    public async Task Another_projects_schemas_are_not_there_and_do_not_hold(Db db)
    {
        var (mine, other) = (await servers.Project(db), await servers.Project(db));
        var id = await mine.Schema("customer", true, ("tier", A("string")));
        (await other.AsManagement.Get($"{other.SchemasPath()}/{id}")).Expect(404);
        (await other.AsManagement.Put($"{other.SchemasPath()}/{id}", new { properties = new { x = A("string") } })).Expect(404);
        (await other.AsManagement.Delete($"{other.SchemasPath()}/{id}")).Expect(404);
        (await other.Get("/v1/metadata-schemas/customer")).Expect(404);
        (await other.Post("/v1/customers", new { source_id = "a", metadata = new { other = 1 } })).Expect(200);
        (await mine.AsManagement.Get("/management/v1/projects/proj_nobody/metadata-schemas")).Expect(404);
        (await mine.Get(mine.SchemasPath())).Expect(401);
        (await mine.AsClient.Get("/v1/metadata-schemas")).Expect(401);
        (await mine.AsManagement.Get($"{mine.SchemasPath()}/{id}")).Expect(200)["properties"].Names.ShouldBe(["tier"]);
    }
}
