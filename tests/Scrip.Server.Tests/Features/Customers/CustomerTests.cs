namespace Scrip.Server.Tests.Features.Customers;

public sealed class CustomerTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_customer_is_made_merged_changed_listed_and_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        var made = (await scrip.Post("/v1/customers", new { source_id = "ada", name = "Ada", email = "ada@shop.example", metadata = new { a = 1 } })).Expect(200);
        var merged = (await scrip.Post("/v1/customers", new { source_id = "ada", metadata = new { b = 2 } })).Expect(200);
        merged["id"].ShouldBe(made["id"].Text);
        merged["name"].ShouldBe("Ada");
        merged["metadata"]["a"].ShouldBe(1);
        (await scrip.Put("/v1/customers/ada", new { name = "Ada L.", address = new { city = "Vienna" } })).Expect(200)["address"]["city"].ShouldBe("Vienna");
        (await scrip.Get($"/v1/customers/{made["id"].Text}")).Expect(200)["name"].ShouldBe("Ada L.");
        (await scrip.Get("/v1/customers?email=ada@shop.example")).Expect(200)["total"].ShouldBe(1);
        (await scrip.Get("/v1/customers?city=Graz")).Expect(200)["total"].ShouldBe(0);
        (await scrip.Delete("/v1/customers/ada")).Expect(204);
        (await scrip.Get("/v1/customers/ada")).Expect(404)["resource_type"].ShouldBe("customer");
        (await scrip.Delete("/v1/customers/ada")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task A_customer_deleted_for_good_is_nameless_in_the_history(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        var redeemed = (await scrip.Post("/v1/redemptions", new
        {
            redeemables = new[] { new { @object = "voucher", id = "five" } },
            order = new { amount = 1000 },
            customer = new { source_id = "ada", name = "Ada Lovelace", email = "ada@shop.example" },
        })).Expect(200)["redemptions"][0]["id"].Text;

        (await scrip.Post("/v1/customers/ada/permanent-deletion")).Expect(200);

        (await scrip.Get("/v1/customers/ada")).Expect(404);
        var told = (await scrip.Get($"/v1/redemptions/{redeemed}")).Expect(200).Text;
        told.ShouldNotContain("Lovelace");
        told.ShouldNotContain("ada@shop.example");
    }

    [Theory]
    [OnBoth("""{"name":5}""")]
    [OnBoth("""{"metadata":"x"}""")]
    [OnBoth("""{"address":"Vienna"}""")]
    [OnBoth("""{"birthdate":"yesterday"}""")]
    public async Task A_malformed_customer_is_refused_with_a_hint_and_not_written(Db db, string body)
    {
        var scrip = await servers.Project(db);
        (await scrip.Raw("POST", "/v1/customers", body)).Expect(400)["details"].Text.ShouldNotBeNullOrEmpty();
        (await scrip.Count("/v1/customers")).ShouldBe(0);
    }
}
