using Scrip.Server.Tests.Running;
using static Scrip.Server.Tests.Features.MetadataSchemas.Schemas;

namespace Scrip.Server.Tests.Features.MetadataSchemas;

/// <summary>Imports and bulk updates keep to the schemas: a row that does not is told and left out, the others are kept.</summary>
public sealed class BulkTests(Servers servers)
{
    static async Task<ApiClient> Shop(Servers servers, Db db, string kind)
    {
        var scrip = (await servers.Project(db)).Unchecked;
        await scrip.Schema(kind, true, ("visits", A("number")), ("vip", A("boolean")), ("tags", Many("string")), ("tier", A("string", eq: new[] { "gold", "silver" })));
        return scrip;
    }

    // Imports of orders answer 200, all others 202.
    static async Task<Part> Result(ApiClient scrip, Answer started, int status = 202) => (await scrip.Done(started.Expect(status)["async_action_id"].Text))["result"];

    [Theory, OnBoth]
    public async Task A_bulk_update_leaves_out_whom_the_schema_refuses(Db db)
    {
        var scrip = await Shop(servers, db, "customer");
        (await scrip.Post("/v1/customers", new { source_id = "old", metadata = new { tier = "gold" } })).Expect(200);
        await Result(scrip, await scrip.Post("/v1/customers/bulk/async", new object[]
        {
            new { source_id = "a", metadata = new { visits = 5 } },
            new { source_id = "b", metadata = new { visits = "five" } },
            new { source_id = "c", metadata = new { other = 1 } },
            new { source_id = "old", metadata = new { tier = "bronze" } },
        }));
        (await scrip.Get("/v1/customers/a")).Expect(200)["metadata"]["visits"].ShouldBe(5);
        (await scrip.Get("/v1/customers/b")).Expect(404);
        (await scrip.Get("/v1/customers/c")).Expect(404);
        (await scrip.Get("/v1/customers/old"))["metadata"]["tier"].ShouldBe("gold");
        await Result(scrip, await scrip.Post("/v1/customers/metadata/async", new { source_ids = new[] { "a", "old" }, metadata = new { vip = "yes" } }));
        (await scrip.Get("/v1/customers/a"))["metadata"]["vip"].Exists.ShouldBeFalse();
    }

    [Theory, OnBoth]
    public async Task Products_vouchers_and_orders_likewise(Db db)
    {
        var scrip = await Shop(servers, db, "product");
        await scrip.Schema("voucher", false, ("visits", A("number")));
        await scrip.Schema("order", false, ("visits", A("number")));
        await Result(scrip, await scrip.Post("/v1/products/bulk/async", new object[] { new { source_id = "p", metadata = new { visits = 1 } }, new { source_id = "q", metadata = new { visits = "x" } } }));
        (await scrip.Get("/v1/products/p")).Expect(200);
        (await scrip.Get("/v1/products/q")).Expect(404);
        await Result(scrip, await scrip.Post("/v1/orders/import", new object[] { new { source_id = "o", amount = 5, metadata = new { visits = 1 } }, new { source_id = "n", amount = 5, metadata = new { visits = "x" } } }), 200);
        (await scrip.Get("/v1/orders/o")).Expect(200);
        (await scrip.Get("/v1/orders/n")).Expect(404);
        await Result(scrip, await scrip.Post("/v1/vouchers/import", new object[]
        {
            new { code = "GOOD", type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 }, metadata = new { visits = 1 } },
            new { code = "BAD", type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 }, metadata = new { visits = "x" } },
        }));
        (await scrip.Get("/v1/vouchers/GOOD")).Expect(200);
        (await scrip.Get("/v1/vouchers/BAD")).Expect(404);
        await Result(scrip, await scrip.Post("/v1/vouchers/metadata/async", new { codes = new[] { "GOOD" }, metadata = new { visits = true } }));
        (await scrip.Get("/v1/vouchers/GOOD"))["metadata"]["visits"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task Fields_of_a_file_have_the_types_of_the_schema(Db db)
    {
        var scrip = await Shop(servers, db, "customer");
        await scrip.Schema("voucher", false, ("visits", A("number")));
        await Result(scrip, await scrip.Upload("/v1/customers/importCSV", "Source_id,Name,visits,vip,tags,tier\na,Ada,5.5,true,\"x, y\",gold\nb,Bob,many,,,\nc,Cid,,,,bronze\n"));
        var ada = (await scrip.Get("/v1/customers/a")).Expect(200)["metadata"];
        ada["visits"].ShouldBe(5.5m);
        ada["vip"].ShouldBe(true);
        ada["tags"].Items.Select(tag => tag.Text).ShouldBe(["x", "y"]);
        (await scrip.Get("/v1/customers/b")).Expect(404);
        (await scrip.Get("/v1/customers/c")).Expect(404);
        await Result(scrip, await scrip.Upload("/v1/vouchers/importCSV", "Code,Voucher Type,Value,Discount Type,visits,note\nGOOD,DISCOUNT_VOUCHER,100,AMOUNT,7,5\nBAD,DISCOUNT_VOUCHER,100,AMOUNT,x,\n"));
        var good = (await scrip.Get("/v1/vouchers/GOOD")).Expect(200)["metadata"];
        good["visits"].ShouldBe(7);
        good["note"].ShouldBe("5", "what nobody defined is a text");
        (await scrip.Get("/v1/vouchers/BAD")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Codes_of_a_file_and_overridden_products_have_what_is_required(Db db)
    {
        var scrip = (await servers.Project(db)).Unchecked;
        await scrip.Schema("voucher", false, ("visits", A("number", optional: false)));
        await scrip.Schema("product", false, ("visits", A("number")));
        (await scrip.Post("/v1/campaigns", new { name = "C", campaign_type = "DISCOUNT_COUPONS", voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 } } })).Expect(200);
        await Result(scrip, await scrip.Upload("/v1/campaigns/C/importCSV", "Code,visits\nGOOD,1\nBAD,\n"), 200);
        (await scrip.Get("/v1/vouchers/GOOD")).Expect(200);
        (await scrip.Get("/v1/vouchers/BAD")).Expect(404);
        await Result(scrip, await scrip.Post("/v1/orders/import", new object[] { Order("p", 1), Order("q", "x") }), 200);
        (await scrip.Get("/v1/products/p")).Expect(200)["metadata"]["visits"].ShouldBe(1);
        (await scrip.Get("/v1/products/q")).Expect(404);
        (await scrip.Get("/v1/orders/order-q")).Expect(404);

        static object Order(string product, object visits) => new
        {
            source_id = "order-" + product,
            items = new object[] { new { source_id = product, related_object = "product", quantity = 1, price = 5, product = new { name = "P", metadata = new { visits }, @override = true } } },
        };
    }
}
