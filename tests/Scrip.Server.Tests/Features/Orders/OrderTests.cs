namespace Scrip.Server.Tests.Features.Orders;

public sealed class OrderTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task An_order_is_made_read_changed_and_listed(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("shirt", 3000);

        var made = (await scrip.Post("/v1/orders", new
        {
            source_id = "o-1",
            customer = new { source_id = "ada", name = "Ada" },
            items = new[] { new { source_id = "shirt", related_object = "product", quantity = 2 } },
            metadata = new { shop = "Graz", till = 1 },
        })).Expect(200);

        made["status"].ShouldBe("CREATED");
        made["amount"].ShouldBe(6000);
        made["total_amount"].ShouldBe(6000);
        made["discount_amount"].Exists.ShouldBeFalse();
        made["customer"]["id"].ShouldBe(made["customer_id"].Text);
        (await scrip.Get("/v1/customers/ada")).Expect(200)["name"].ShouldBe("Ada");
        var changed = (await scrip.Put("/v1/orders/o-1", new { status = "PAID", metadata = new { till = 2 } })).Expect(200);
        changed["status"].ShouldBe("PAID");
        changed["amount"].ShouldBe(6000);
        changed["metadata"]["shop"].ShouldBe("Graz");
        changed["metadata"]["till"].ShouldBe(2);
        (await scrip.Get($"/v1/orders/{made["id"].Text}")).Expect(200)["updated_at"].Exists.ShouldBeTrue();
        (await scrip.Get("/v1/orders?limit=5")).Expect(200)["total"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task A_known_source_id_updates_and_keeps_what_is_not_sent(Db db)
    {
        var scrip = await servers.Project(db);
        var first = (await scrip.Post("/v1/orders", new { source_id = "o-1", amount = 900, status = "PAID" })).Expect(200);
        var second = (await scrip.Post("/v1/orders", new { source_id = "o-1", metadata = new { note = "x" } })).Expect(200);
        second["id"].ShouldBe(first["id"].Text);
        second["amount"].ShouldBe(900);
        second["status"].ShouldBe("PAID");
        (await scrip.Count("/v1/orders")).ShouldBe(1);
    }

    [Theory]
    [OnBoth("""{"status":"LOST"}""", "invalid_payload")]
    [OnBoth("""{"amount":-1}""", "invalid_amount")]
    [OnBoth("""{"amount":9007199254740992}""", "invalid_payload")]
    [OnBoth("""{"amount":"12"}""", "invalid_payload")]
    [OnBoth("""{"items":[{"quantity":3,"price":9007199254740991}]}""", "invalid_amount")]
    [OnBoth("""{"items":[{"quantity":-1,"price":1}]}""", "invalid_payload")]
    [OnBoth("""{"items":[null]}""", "invalid_payload")]
    [OnBoth("""{"metadata":[1]}""", "invalid_payload")]
    [OnBoth("""{"customer":{"source_id":5}}""", "invalid_payload")]
    public async Task A_malformed_order_is_refused_and_not_written(Db db, string body, string key)
    {
        var scrip = await servers.Project(db);
        var answer = await scrip.Raw("POST", "/v1/orders", body);
        answer.Expect(400)["key"].ShouldBe(key);
        answer["details"].Text.ShouldNotBeNullOrEmpty();
        (await scrip.Count("/v1/orders")).ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task Five_hundred_lines_are_an_order_and_one_more_is_not(Db db)
    {
        var scrip = await servers.Project(db);
        object Lines(int count) => new { items = Enumerable.Range(0, count).Select(i => new { source_id = $"s{i}", quantity = 1, price = 10 }).ToArray() };
        (await scrip.Post("/v1/orders", Lines(500))).Expect(200)["amount"].ShouldBe(5000);
        (await scrip.Post("/v1/orders", Lines(501))).Expect(400)["details"].Text.ShouldContain("500");
    }
}
