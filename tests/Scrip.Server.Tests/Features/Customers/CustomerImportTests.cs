using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Customers;

/// <summary>Many customers at once; who is not known is made.</summary>
public sealed class CustomerImportTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_file_makes_customers_and_replaces_those_it_names_by_source_id(Db db)
    {
        var scrip = await servers.Project(db);
        var known = (await scrip.Post("/v1/customers", new { source_id = "ada", name = "Ada", phone = "1", metadata = new { old = true } })).Expect(200)["id"].Text;
        var bob = (await scrip.Post("/v1/customers", new { source_id = "bob", name = "Bob", phone = "2" })).Expect(200)["id"].Text;
        var action = await scrip.Done((await scrip.Upload("/v1/customers/importCSV", $"""
            Id,Name,Source_id,Email,Address_line_1,City,Postal_Code,Birthdate,favorite_brands
            ,John Smith,john,john@shop.test,"100 Main St, Apt 3",New York,12345,2022-07-03,"Nike,Fenty"
            ,Ada L,ada,,,,,,
            {bob},Robert,,,,,,,new
            ,Nobody,,,,,,,
            ,Late,late,,,,,yesterday,
            """)).Expect(202)["async_action_id"].Text);

        action["type"].ShouldBe("CUSTOMERS.IMPORT_CSV");
        action["result"]["message"].ShouldBe("3 customer(s) imported successfully, 2 failed.");
        action["result"]["failed"].Items.Select(item => (item["source_id"].Text, item["row"].Number)).ShouldBe([("", 4), ("late", 5)], ignoreOrder: true);
        var john = (await scrip.Get("/v1/customers/john")).Expect(200);
        john["address"]["line_1"].ShouldBe("100 Main St, Apt 3");
        john["address"]["city"].ShouldBe("New York");
        john["birthdate"].ShouldBe("2022-07-03");
        john["metadata"]["favorite_brands"].ShouldBe("Nike,Fenty");
        var ada = (await scrip.Get("/v1/customers/ada")).Expect(200);
        ada["id"].ShouldBe(known);
        ada["name"].ShouldBe("Ada L");
        ada["phone"].Exists.ShouldBeFalse();
        ada["metadata"]["old"].Exists.ShouldBeFalse();
        var robert = (await scrip.Get($"/v1/customers/{bob}")).Expect(200);
        robert["name"].ShouldBe("Robert");
        robert["phone"].ShouldBe("2");
        robert["source_id"].ShouldBe("bob");
        (await scrip.Upload("/v1/customers/importCSV", "Name,Email\nA,b\n")).Expect(400)["details"].Text.ShouldContain("'source_id' or 'id'");
    }

    [Theory, OnBoth]
    public async Task A_bulk_update_changes_what_it_says_and_makes_who_is_missing(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/customers", new { source_id = "ada", name = "Ada", phone = "1", metadata = new { lang = "en", test = true } })).Expect(200);
        var action = await scrip.Done((await scrip.Post("/v1/customers/bulk/async", new object[]
        {
            new { source_id = "ada", name = (string?)null, email = "ada@shop.test", metadata = new { lang = "pl" } },
            new { source_id = "new", name = "New", birthdate = "2022-02-02" },
            new { source_id = "bad", birthdate = "2022-22-22" },
        })).Expect(202)["async_action_id"].Text);

        action["type"].ShouldBe("CUSTOMERS.BULK_UPDATE");
        action["operation_status"].ShouldBe("SUCCESS");
        action["result"]["done_count"].ShouldBe(2);
        action["result"]["errors"][0]["source_id"].ShouldBe("bad");
        using var http = new HttpClient();
        (await http.GetStringAsync(action["result"]["reports"][0].Text)).ShouldStartWith("source_id,found,updated,error\nada,true,true,\nnew,false,true,\nbad,false,false,");
        var ada = (await scrip.Get("/v1/customers/ada")).Expect(200);
        ada["name"].Exists.ShouldBeFalse();
        ada["phone"].ShouldBe("1");
        ada["email"].ShouldBe("ada@shop.test");
        ada["metadata"]["lang"].ShouldBe("pl");
        ada["metadata"]["test"].ShouldBe(true);
        (await scrip.Get("/v1/customers/new")).Expect(200);
        (await scrip.Post("/v1/customers/bulk/async", new object[] { new { name = "No id" } })).Expect(400)["details"].Text.ShouldContain("source_id");
    }

    [Theory, OnBoth]
    public async Task Metadata_of_many_customers_is_set(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/customers", new { source_id = "ada", name = "Ada", metadata = new { kept = 1 } })).Expect(200);
        var action = await scrip.Done((await scrip.Post("/v1/customers/metadata/async", new { source_ids = new[] { "ada", "eve" }, metadata = new { lang = "en" } })).Expect(202)["async_action_id"].Text);
        action["type"].ShouldBe("CUSTOMERS.METADATA_UPDATE");
        action["result"]["done_count"].ShouldBe(2);
        var ada = (await scrip.Get("/v1/customers/ada")).Expect(200);
        ada["name"].ShouldBe("Ada");
        ada["metadata"]["kept"].ShouldBe(1);
        ada["metadata"]["lang"].ShouldBe("en");
        (await scrip.Get("/v1/customers/eve")).Expect(200)["metadata"]["lang"].ShouldBe("en");
        (await scrip.Post("/v1/customers/metadata/async", new { metadata = new { } })).Expect(400);
    }
}
