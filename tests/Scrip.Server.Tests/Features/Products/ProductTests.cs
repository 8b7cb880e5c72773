namespace Scrip.Server.Tests.Features.Products;

public sealed class ProductTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_product_is_made_merged_changed_and_deleted_with_its_skus(Db db)
    {
        var scrip = await servers.Project(db);
        var made = (await scrip.Post("/v1/products", new { source_id = "shirt", name = "Shirt", price = 3000, attributes = new[] { "size" }, metadata = new { a = 1 } })).Expect(200);
        (await scrip.Post("/v1/products", new { source_id = "shirt", price = 3100 })).Expect(200)["name"].ShouldBe("Shirt");
        (await scrip.Put("/v1/products/shirt", new { name = "Linen shirt" })).Expect(200)["price"].ShouldBe(3100);
        var sku = (await scrip.Post("/v1/products/shirt/skus", new { source_id = "shirt-s", sku = "S", price = 3050, attributes = new { size = "S" } })).Expect(200);
        (await scrip.Put("/v1/products/shirt/skus/shirt-s", new { price = 3060 })).Expect(200)["attributes"]["size"].ShouldBe("S");
        (await scrip.Get("/v1/skus/shirt-s")).Expect(200)["price"].ShouldBe(3060);
        (await scrip.Get("/v1/products/shirt/skus")).Expect(200)["total"].ShouldBe(1);
        (await scrip.Get($"/v1/products/{made["id"].Text}")).Expect(200)["skus"]["data"][0]["id"].ShouldBe(sku["id"].Text);
        await scrip.Product("jeans", 8000);
        (await scrip.Put("/v1/products/jeans/skus/shirt-s", new { price = 1 })).Expect(404);
        (await scrip.Post("/v1/products/jeans/skus", new { source_id = "shirt-s" })).Expect(409);
        (await scrip.Delete("/v1/products/shirt/skus/shirt-s")).Expect(204);
        (await scrip.Get("/v1/skus/shirt-s")).Expect(404);
        (await scrip.Delete("/v1/products/shirt")).Expect(204);
        (await scrip.Get("/v1/products/shirt")).Expect(404);
        (await scrip.Post("/v1/products", new { source_id = "shirt" })).Expect(409)["key"].ShouldBe("duplicate_found");
        (await scrip.Delete("/v1/products/jeans?force=true")).Expect(204);
        (await scrip.Post("/v1/products", new { source_id = "jeans" })).Expect(200);
    }
}
