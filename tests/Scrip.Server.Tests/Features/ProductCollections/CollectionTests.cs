using System.Text.Json;

namespace Scrip.Server.Tests.Features.ProductCollections;

public sealed class CollectionTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_static_collection_lists_products_with_their_skus_and_loses_what_is_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        var (shirt, jeans) = (await scrip.Product("shirt", 3000), await scrip.Product("jeans", 8000));
        var small = (await scrip.Post("/v1/products/shirt/skus", new { source_id = "shirt-s", sku = "S", price = 2900 })).Expect(200)["id"].Text;
        var blue = (await scrip.Post("/v1/products/jeans/skus", new { source_id = "jeans-blue", sku = "Blue" })).Expect(200)["id"].Text;
        var made = (await scrip.Post("/v1/product-collections", new
        {
            type = "STATIC",
            name = "Shirts",
            products = new object[] { new { id = shirt, @object = "product" }, new { id = "jeans-blue", product_id = jeans, @object = "sku" } },
        })).Expect(200);
        made["id"].Text.ShouldStartWith("pc_");
        made["products"].Items.Count.ShouldBe(2);
        made["products"][1]["id"].ShouldBe(blue);
        var path = $"/v1/product-collections/{made["id"].Text}";
        var held = (await scrip.Get(path + "/products?order=created_at")).Expect(200);
        held["total"].ShouldBe(3);
        held["data"].Items.Select(one => one["id"].Text).ShouldBe([shirt, small, blue]);
        held["data"][1]["product"]["id"].ShouldBe(shirt);
        (await scrip.Get(path + "/products?limit=1&page=2")).Expect(200)["data"].Items.Count.ShouldBe(1);

        (await scrip.Put(path, new { name = "Tops" })).Expect(200)["name"].ShouldBe("Tops");
        (await scrip.Put(path, new { name = "Tops", products = Array.Empty<object>() })).Expect(400);
        (await scrip.Put(path, new { name = "Tops", filter = new { junction = "and" } })).Expect(400);
        (await scrip.Delete("/v1/products/shirt")).Expect(204);
        (await scrip.Get(path)).Expect(200)["products"].Items.Select(one => one["id"].Text).ShouldBe([blue]);
        (await scrip.Get(path + "/products")).Expect(200)["total"].ShouldBe(1);
        (await scrip.Delete(path)).Expect(204);
        (await scrip.Get(path)).Expect(404)["details"].ShouldBe($"Cannot find products_collection with id {made["id"].Text}");
        (await scrip.Get(path + "/products")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task An_automatic_collection_follows_its_filter_and_the_products(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/products", new { source_id = "cheap", name = "Cheap", price = 500, metadata = new { brand = "acme" } })).Expect(200);
        (await scrip.Post("/v1/products", new { source_id = "dear", name = "Dear", price = 5000, metadata = new { brand = "acme" } })).Expect(200);
        (await scrip.Post("/v1/products/cheap/skus", new { source_id = "cheap-big", price = 9000 })).Expect(200);
        var path = "/v1/product-collections/" + (await scrip.Post("/v1/product-collections", new
        {
            type = "AUTO_UPDATE",
            name = "Acme above 10",
            filter = Filter("AND", ("metadata.brand", "$is", "acme"), ("price", "$more_than", 1000)),
        })).Expect(200)["id"].Text;
        (await scrip.Get(path)).Expect(200)["filter"]["junction"].ShouldBe("and");
        await Holds("dear");
        (await scrip.Put("/v1/products/cheap", new { price = 1001 })).Expect(200);
        await Holds("cheap", "dear");
        (await scrip.Put("/v1/products/dear", new { metadata = new { brand = "other" } })).Expect(200);
        await Holds("cheap");
        // A SKU is judged by itself: it is in when it meets the filter, whatever its product does.
        (await scrip.Put("/v1/products/cheap/skus/cheap-big", new { metadata = new { brand = "acme" } })).Expect(200);
        await Holds("cheap", "cheap-big");
        (await scrip.Put(path, new { filter = Filter("or", ("source_id", "$starts_with", "cheap-"), ("name", "$is", "Dear")) })).Expect(200);
        await Holds("cheap-big", "dear");
        (await scrip.Put(path, new { name = "Everything", filter = new { junction = "and" } })).Expect(200)["updated_at"].Exists.ShouldBeTrue();
        await Holds("cheap", "cheap-big", "dear");
        (await scrip.Get("/v1/product-collections")).Expect(200)["total"].ShouldBe(1);

        async Task Holds(params string[] sources) =>
            (await scrip.Get(path + "/products")).Expect(200)["data"].Items.Select(one => one["source_id"].Text).Order().ShouldBe(sources);
    }

    [Theory, OnBoth]
    public async Task What_is_wrong_with_a_collection_is_said_and_nothing_is_made(Db db)
    {
        var scrip = await servers.Project(db);
        var shirt = await scrip.Product("shirt", 3000);
        (string Body, string Details)[] wrong =
        [
            ("""{"type":"STATIC"}""", "Payload should have required property 'name'"),
            ("""{"name":"x"}""", "Payload should have required property 'type'"),
            ("""{"name":7,"type":"STATIC"}""", "Property .name must be string"),
            ("""{"name":"x","type":"OTHER"}""", "Property .type must be one of"),
            ("""{"name":"x","type":"STATIC","products":[{"id":"shirt"}]}""", "should have required property 'object'"),
            ("""{"name":"x","type":"STATIC","products":[{"object":"product"}]}""", "should have required property 'id'"),
            ("""{"name":"x","type":"STATIC","filter":{"junction":"and"}}""", "Property .filter cannot be sent"),
            ("""{"name":"x","type":"AUTO_UPDATE"}""", "'AUTO_UPDATE' collection must contain valid filter with 'junction' property"),
            ("""{"name":"x","type":"AUTO_UPDATE","filter":{}}""", "'AUTO_UPDATE' collection must contain valid filter"),
            ("""{"name":"x","type":"AUTO_UPDATE","filter":{"junction":"xor"}}""", "wrong `junction` property"),
            ("""{"name":"x","type":"AUTO_UPDATE","filter":{"junction":"and","colour":{"conditions":{"$is":["a"]}}}}""", "Property .filter.colour is no field"),
            ("""{"name":"x","type":"AUTO_UPDATE","filter":{"junction":"and","name":{"conditions":{"$like":["a"]}}}}""", "is no condition"),
            ("""{"name":"x","type":"AUTO_UPDATE","filter":{"junction":"and","name":{"conditions":{"$more_than":["a"]}}}}""", "does not go with this field"),
            ("""{"name":"x","type":"AUTO_UPDATE","filter":{"junction":"and","price":{"conditions":{"$is":["a"]}}}}""", "must be integer"),
            ("""{"name":"x","type":"AUTO_UPDATE","filter":{"junction":"and","created_at":{"conditions":{"$after":["soon"]}}}}""", "must be an ISO-8601 date"),
            ("""{"name":"x","type":"AUTO_UPDATE","filter":{"junction":"and","metadata.a\"b":{"conditions":{"$is":["a"]}}}}""", "must NOT contain quotes"),
            ("""{"name":"x","type":"AUTO_UPDATE","filter":{"junction":"and","name":{"conditions":{"$is":[]}}}}""", "must NOT have fewer than 1 items"),
        ];
        foreach (var (body, details) in wrong)
        {
            var refused = (await scrip.Raw("POST", "/v1/product-collections", body)).Expect(400);
            refused["key"].ShouldBe("invalid_payload");
            refused["details"].Text.ShouldContain(details);
        }
        (await scrip.Post("/v1/product-collections", new { name = "x", type = "STATIC", products = new[] { new { id = "prod_unknown", @object = "product" } } }))
            .Expect(404)["resource_type"].ShouldBe("product");
        (await scrip.Get("/v1/product-collections")).Expect(200)["total"].ShouldBe(0);

        (await scrip.Post("/v1/product-collections", new { name = "x", type = "STATIC", products = new[] { new { id = shirt, @object = "product" } } })).Expect(200);
        (await scrip.Post("/v1/product-collections", new { name = "x", type = "STATIC" })).Expect(409)["key"].ShouldBe("duplicate_found");
    }

    [Theory, OnBoth]
    public async Task Another_projects_collection_and_products_are_not_there(Db db)
    {
        var (scrip, others) = (await servers.Project(db), await servers.Project(db));
        var theirs = await others.Product("theirs", 100);
        var id = (await others.Post("/v1/product-collections", new { name = "all", type = "AUTO_UPDATE", filter = new { junction = "and" } })).Expect(200)["id"].Text;
        (await scrip.Get($"/v1/product-collections/{id}")).Expect(404);
        (await scrip.Put($"/v1/product-collections/{id}", new { name = "mine" })).Expect(404);
        (await scrip.Get($"/v1/product-collections/{id}/products")).Expect(404);
        (await scrip.Delete($"/v1/product-collections/{id}")).Expect(404);
        (await scrip.Post("/v1/product-collections", new { name = "x", type = "STATIC", products = new[] { new { id = theirs, @object = "product" } } })).Expect(404);
        var mine = (await scrip.Post("/v1/product-collections", new { name = "all", type = "AUTO_UPDATE", filter = new { junction = "or" } })).Expect(200)["id"].Text;
        (await scrip.Get($"/v1/product-collections/{mine}/products")).Expect(200)["total"].ShouldBe(0);
    }

    static Dictionary<string, object> Filter(string junction, params (string Field, string Op, object Value)[] conditions)
    {
        var filter = new Dictionary<string, object> { ["junction"] = junction };
        foreach (var (field, op, value) in conditions)
            filter[field] = new { conditions = new Dictionary<string, object> { [op] = new[] { value } } };
        return JsonSerializer.Deserialize<Dictionary<string, object>>(JsonSerializer.Serialize(filter))!;
    }
}
