using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Products;

/// <summary>Many products and SKUs at once.</summary>
public sealed class ProductImportTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_file_makes_products_and_renames_known_ones(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("known", 1500);
        var action = await scrip.Done((await scrip.Upload("/v1/products/importCSV", """
            name,source_id,price,attributes,image_url,Fashion
            T-Shirt,shirt,21,"color,size",https://images.test/a.jpg,slim
            Renamed,known,99,,,
            Nameless,,14.5,,,
            ,empty,1,,,
            Dear,dear,1.234,,,
            """)).Expect(200)["async_action_id"].Text);
        action["type"].ShouldBe("PRODUCTS.IMPORT_CSV");
        action["result"]["done_count"].ShouldBe(3);
        action["result"]["failed"].Items.Select(item => (item["source_id"].Text, item["row"].Number)).ShouldBe([("empty", 4), ("dear", 5)]);
        var shirt = (await scrip.Get("/v1/products/shirt")).Expect(200);
        shirt["price"].ShouldBe(2100);
        shirt["attributes"].Items.Select(item => item.Text).ShouldBe(["color", "size"]);
        shirt["metadata"]["Fashion"].ShouldBe("slim");
        var known = (await scrip.Get("/v1/products/known")).Expect(200);
        known["name"].ShouldBe("Renamed");
        known["price"].ShouldBe(1500);
        (await scrip.Count("/v1/products")).ShouldBe(3);
        (await scrip.Upload("/v1/products/importCSV", "source_id,price\na,1\n")).Expect(400)["details"].Text.ShouldContain("'name'");
    }

    [Theory, OnBoth]
    public async Task A_file_makes_SKUs_of_products_that_are_there(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/products", new { source_id = "shirt", name = "Shirt", attributes = new[] { "color", "size" } })).Expect(200);
        var other = await scrip.Product("other", 1);
        (await scrip.Post($"/v1/products/{other}/skus", new { source_id = "taken", sku = "Taken" })).Expect(200);
        await scrip.Done((await scrip.Upload("/v1/skus/importCSV", "product_id,source_id,sku,price\nshirt,s1,First,1\n")).Expect(200)["async_action_id"].Text);
        var action = await scrip.Done((await scrip.Upload("/v1/skus/importCSV", """
            product_id,sku,source_id,price,image_url,attributes,Origin
            shirt,Blue,s1,14.5,,,
            shirt,Red,s2,13,,"{'color':'red','size':'S'}",PL
            shirt,Odd,s3,13,,"{'depth':3}",
            nowhere,Lost,s4,1,,,
            shirt,Stolen,taken,1,,,
            shirt,Nameless,,1,,,
            """)).Expect(200)["async_action_id"].Text);
        action["type"].ShouldBe("SKUS.IMPORT_CSV");
        action["result"]["failed"].Items.Select(item => item["row"].Number).ShouldBe([3, 4, 5, 6]);
        action["result"]["failed"][2]["reason"].Text.ShouldBe($"Resource sku with id taken is in use by products with ids [{other}]");
        var changed = (await scrip.Get("/v1/skus/s1")).Expect(200);
        changed["sku"].ShouldBe("Blue");
        changed["price"].ShouldBe(1450);
        var red = (await scrip.Get("/v1/skus/s2")).Expect(200);
        red["attributes"]["size"].ShouldBe("S");
        red["metadata"]["Origin"].ShouldBe("PL");
    }

    [Theory, OnBoth]
    public async Task Bulk_updates_change_products_and_make_missing_ones(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("known", 1500);
        var action = await scrip.Done((await scrip.Post("/v1/products/bulk/async", new object[]
        {
            new { source_id = "known", price = 900, metadata = new { test = true } },
            new { source_id = "new", name = "New", attributes = new[] { "color" } },
            new { source_id = "bad", price = -1 },
        })).Expect(202)["async_action_id"].Text);
        action["type"].ShouldBe("PRODUCTS.BULK_UPDATE");
        action["result"]["done_count"].ShouldBe(2);
        action["result"]["errors"][0]["source_id"].ShouldBe("bad");
        var known = (await scrip.Get("/v1/products/known")).Expect(200);
        known["price"].ShouldBe(900);
        known["name"].ShouldBe("known");
        known["metadata"]["test"].ShouldBe(true);

        var metadata = await scrip.Done((await scrip.Post("/v1/products/metadata/async", new { source_ids = new[] { "known", "third" }, metadata = new { origin = "PL" } })).Expect(202)["async_action_id"].Text);
        metadata["type"].ShouldBe("PRODUCTS.METADATA_UPDATE");
        metadata["result"]["done_count"].ShouldBe(2);
        (await scrip.Get("/v1/products/known"))["metadata"]["test"].ShouldBe(true);
        (await scrip.Get("/v1/products/third"))["metadata"]["origin"].ShouldBe("PL");
        (await scrip.Post("/v1/products/bulk/async", new object[] { new { name = "No id" } })).Expect(400);
    }
}
