using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Orders;

/// <summary>Orders of the past.</summary>
public sealed class OrderImportTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task Orders_are_saved_with_their_customers_and_the_products_they_override(Db db)
    {
        var scrip = await servers.Project(db);
        var action = await scrip.Done((await scrip.Post("/v1/orders/import", new object[]
        {
            new
            {
                source_id = "o1",
                status = "PAID",
                customer = new { source_id = "bob", name = "Bob" },
                referrer = new { source_id = "jane" },
                metadata = new { location = "L1" },
                items = new object[]
                {
                    new { source_id = "phone", related_object = "product", quantity = 2, product = new { name = "Phone", price = 70000, metadata = new { vendor = "mall" }, @override = true } },
                    new { source_id = "comic-1", related_object = "sku", quantity = 1, product = new { source_id = "books", name = "Books", price = 1600, @override = true }, sku = new { sku = "Comic", source_id = "comic-1", price = 1700, @override = true } },
                },
            },
            new { source_id = "o2", status = "FULFILLED", customer = new { source_id = "bob" }, items = new object[] { new { source_id = "comic-1", related_object = "sku", quantity = 4 } } },
            new { source_id = "o3", status = "CANCELED", amount = 7000 },
            new { source_id = "o4", status = "LOST", amount = 1 },
            new { source_id = "o5", items = new object[] { new { quantity = -1 } } },
            new { source_id = "o1", status = "FULFILLED" },
        })).Expect(200)["async_action_id"].Text);

        action["type"].ShouldBe("ORDERS.IMPORT");
        action["status"].ShouldBe("DONE");
        action["result"]["done_count"].ShouldBe(4);
        action["result"]["failed"].Items.Select(item => item["source_id"].Text).ShouldBe(["o4", "o5"]);
        var first = (await scrip.Get("/v1/orders/o1")).Expect(200);
        first["status"].ShouldBe("FULFILLED");
        first["amount"].ShouldBe(141700);
        first["customer_id"].ShouldBe((await scrip.Get("/v1/customers/bob")).Expect(200)["id"].Text);
        (await scrip.Get("/v1/orders/o2")).Expect(200)["amount"].ShouldBe(6800);
        (await scrip.Get("/v1/products/phone")).Expect(200)["metadata"]["vendor"].ShouldBe("mall");
        (await scrip.Get("/v1/skus/comic-1")).Expect(200)["price"].ShouldBe(1700);
        (await scrip.Count("/v1/orders")).ShouldBe(3);
    }

    [Theory, OnBoth]
    public async Task Customers_enter_segments_by_orders_of_the_past_and_nothing_else_is_told(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/customers", new { source_id = "ada" })).Expect(200);
        foreach (var (name, field, op, value) in new[] { ("Buyers", "summary.orders.total_amount", "$more_than", (object)1000), ("Ann's", "name", "$is", "Ann") })
        {
            var segment = (await scrip.Post("/v1/segments", new
            {
                name,
                type = "auto-update",
                filter = new Dictionary<string, object>
                {
                    ["junction"] = "and",
                    [field] = new { conditions = new Dictionary<string, object> { [op] = new[] { value } } },
                }
            })).Expect(200)["id"].Text;
            await Eventually.Holds(async () => (await scrip.Get($"/v1/segments/{segment}")).Expect(200)["initial_sync_status"] == "DONE");
        }
        await scrip.Done((await scrip.Post("/v1/orders/import", new object[]
        {
            new { source_id = "o1", status = "PAID", amount = 600, customer = new { source_id = "ada" } },
            new { source_id = "o2", status = "PAID", amount = 600, customer = new { source_id = "ada" } },
            new { source_id = "o3", status = "PAID", amount = 600, customer = new { source_id = "ann", name = "Ann" } },
        })).Expect(200)["async_action_id"].Text);

        await Eventually.Holds(async () => await In("ada") is ["Buyers"] && await In("ann") is ["Ann's"]);
        async Task<string[]> In(string customer) => [.. (await scrip.Get($"/v1/customers/{customer}/segments")).Expect(200)["data"].Items.Select(one => one["name"].Text)];
        var told = await Eventually.Answers(() => scrip.Get("/v1/customers/ada/activities"), list => list["data"].Items.Count >= 2);
        told["data"].Items.Select(one => one["type"].Text).Order().ShouldBe(["customer.created", "customer.segment.entered"]);
    }

    [Theory, OnBoth]
    public async Task An_order_that_fails_leaves_nothing_behind(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/orders", new { source_id = "taken", amount = 1 })).Expect(200);
        var action = await scrip.Done((await scrip.Post("/v1/orders/import", new object[]
        {
            new { id = "ord_new", source_id = "taken", amount = 5, customer = new { source_id = "eve" }, items = new object[] { new { source_id = "p", product = new { name = "P", price = 5, @override = true } } } },
            new { source_id = "same", amount = 5, customer = new { source_id = "twin" }, referrer = new { source_id = "twin" } },
            new { source_id = "good", amount = 5 },
        })).Expect(200)["async_action_id"].Text);
        action["result"]["done_count"].ShouldBe(1);
        action["result"]["failed_count"].ShouldBe(2);
        (await scrip.Get("/v1/customers/eve")).Expect(404);
        (await scrip.Get("/v1/products/p")).Expect(404);
        (await scrip.Get("/v1/orders/good")).Expect(200);
    }

    [Theory, OnBoth]
    public async Task A_line_overrides_what_it_tells_of_a_product_and_no_more(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/products", new { source_id = "phone", name = "Phone", price = 5, image_url = "https://shop.test/phone.png", attributes = new[] { "color" }, metadata = new { vendor = "mall" } })).Expect(200);

        await scrip.Done((await scrip.Post("/v1/orders/import", new object[]
        {
            new { source_id = "o1", items = new object[] { new { source_id = "phone", quantity = 1, product = new { price = 7, @override = true } } } },
        })).Expect(200)["async_action_id"].Text);

        var phone = (await scrip.Get("/v1/products/phone")).Expect(200);
        (phone["name"].Text, phone["price"].Number, phone["image_url"].Text).ShouldBe(("Phone", 7, "https://shop.test/phone.png"));
        phone["attributes"].Items.ShouldHaveSingleItem().ShouldBe("color");
        phone["metadata"]["vendor"].ShouldBe("mall");
    }

    [Theory, OnBoth]
    public async Task More_than_2000_orders_are_refused(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/orders/import", Enumerable.Range(0, 2001).Select(i => new { source_id = $"o{i}", amount = i + 1 }).ToArray())).Expect(400)["details"].Text.ShouldContain("2000");
        (await scrip.Post("/v1/orders/import", new object[] { new { source_id = "a", amount = "much" } })).Expect(400)["details"].Text.ShouldContain("[0].amount");
    }
}
