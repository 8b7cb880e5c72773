using System.Text.Json.Nodes;

namespace Scrip.Server.Tests.Running;

public sealed class ServersTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_project_made_for_a_test_is_empty_and_answers_its_keys(Db db)
    {
        var scrip = await servers.Project(db);
        var product = await scrip.Post("/v1/products", new { name = "shirt", price = 1200 });

        product.Status.ShouldBe(200);
        product["name"].ShouldBe("shirt");
        product["price"].ShouldBe(1200);
        (await scrip.Get($"/v1/products/{product["id"]}"))["id"].ShouldBe(product["id"]);
        (await scrip.AsNobody.Get($"/v1/products/{product["id"]}")).Status.ShouldBe(401);
    }

    [Theory, OnBoth]
    public async Task Creating_a_project_keeps_the_contract(Db db)
    {
        var organization = Servers.Demo(await servers.On(db)).AsManagement;
        var created = await organization.Post("/management/v1/projects", new { name = "Shop", currency = "EUR", timezone = "UTC", case_sensitive_codes = true });
        created.Expect(200);
        created["server_side_key"]["app_token"].Exists.ShouldBeTrue();
        created["client_side_key"]["app_token"].Exists.ShouldBeTrue();
    }

    [Theory, OnBoth]
    public async Task A_killed_server_leaves_its_database_to_the_next_one(Db db)
    {
        await using var database = await Database.Create(db);
        await using (var first = await ScripProcess.Start(database))
        {
            await first.Kill();
            first.HasEnded.ShouldBeTrue();
        }
        await using var second = await ScripProcess.Start(database);
        await second.Stop();
        second.HasEnded.ShouldBeTrue();
    }

    [Fact]
    public void A_part_tells_absent_from_null_and_compares_with_plain_values()
    {
        var part = new Part(JsonNode.Parse("""{ "name": "x", "price": 3, "list": [1, 2], "none": null }"""));
        part["name"].ShouldBe("x");
        part["price"].Number.ShouldBe(3);
        part["list"][1].ShouldBe(2);
        part["list"].Items.Count.ShouldBe(2);
        part["none"].IsNull.ShouldBeTrue();
        part["none"]["deeper"].Exists.ShouldBeFalse();
        part["other"].IsNull.ShouldBeFalse();
        part["other"].ToString().ShouldBe("(absent)");
    }
}
