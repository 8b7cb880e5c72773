using Scrip.Server.Tests.Running;
using static Scrip.Server.Tests.Features.MetadataSchemas.Schemas;

namespace Scrip.Server.Tests.Features.MetadataSchemas;

/// <summary>A purge takes removed keys out of every object and then out of the schema, whatever happens meanwhile.</summary>
public sealed class PurgeTests(Servers servers)
{
    static readonly object Off = new { type = "AMOUNT", amount_off = 100 };

    static readonly object Sent = new { gone = "x", kept = 5.50, deep = new { gone = 1 } };

    static Task<Answer> Purge(ApiClient scrip, string schema, params string[] keys) => scrip.AsManagement.Post($"{scrip.SchemasPath()}/{schema}/purge", new { keys });

    static async Task<string> Removed(ApiClient scrip, string kind) => await scrip.Schema(kind, false, ("gone", A("string", deleted: true)), ("kept", A("number")));

    [Theory, OnBoth]
    public async Task Keys_leave_every_object_of_their_kind_and_the_schema_and_nothing_else_changes(Db db)
    {
        (string Kind, string Type, Func<ApiClient, Task<string>> Make, Func<Answer, Part> Metadata)[] kinds =
        [
            ("campaign", "CAMPAIGNS", async scrip => { (await scrip.Post("/v1/campaigns", new { name = "c", campaign_type = "DISCOUNT_COUPONS", voucher = new { type = "DISCOUNT_VOUCHER", discount = Off }, metadata = Sent })).Expect(200); return "/v1/campaigns/c"; }, answer => answer["metadata"]),
            ("promotion_tier", "CAMPAIGNS", async scrip => { (await scrip.Post("/v1/campaigns", new { name = "c", campaign_type = "PROMOTION", promotion = new { tiers = new[] { new { name = "t", action = new { discount = Off }, metadata = Sent } } } })).Expect(200); return "/v1/campaigns/c"; }, answer => answer["promotion"]["tiers"][0]["metadata"]),
            ("customer", "CUSTOMERS", async scrip => { (await scrip.Post("/v1/customers", new { source_id = "a", metadata = Sent })).Expect(200); return "/v1/customers/a"; }, answer => answer["metadata"]),
            ("product", "PRODUCTS", async scrip => { (await scrip.Post("/v1/products", new { source_id = "p", metadata = Sent })).Expect(200); return "/v1/products/p"; }, answer => answer["metadata"]),
            ("product", "PRODUCTS", async scrip => { await scrip.Product("p", 5); (await scrip.Post("/v1/products/p/skus", new { source_id = "s", metadata = Sent })).Expect(200); return "/v1/skus/s"; }, answer => answer["metadata"]),
            ("voucher", "VOUCHERS", async scrip => { (await scrip.Post("/v1/vouchers/v", new { type = "DISCOUNT_VOUCHER", discount = Off, metadata = Sent })).Expect(200); return "/v1/vouchers/v"; }, answer => answer["metadata"]),
            ("voucher", "VOUCHERS", async scrip => { (await scrip.Post("/v1/campaigns", new { name = "c", use_voucher_metadata_schema = true, campaign_type = "DISCOUNT_COUPONS", voucher = new { type = "DISCOUNT_VOUCHER", discount = Off }, metadata = Sent })).Expect(200); return "/v1/campaigns/c"; }, answer => answer["metadata"]),
            ("order", "ORDERS", async scrip => { (await scrip.Post("/v1/orders", new { source_id = "o", amount = 5, metadata = Sent })).Expect(200); return "/v1/orders/o"; }, answer => answer["metadata"]),
            ("order_item", "ORDERS", async scrip => { (await scrip.Post("/v1/orders", new { source_id = "o", metadata = Sent, items = new object[] { new { product_id = "p", price = 5, metadata = Sent }, new { product_id = "q", price = 5 } } })).Expect(200); return "/v1/orders/o"; }, answer => answer["items"][0]["metadata"]),
        ];
        foreach (var (kind, type, make, metadata) in kinds)
        {
            var scrip = await servers.Project(db);
            var path = await make(scrip);
            var before = (await scrip.Get(path)).Expect(200);
            metadata(before)["gone"].ShouldBe("x");
            var schema = await Removed(scrip, kind);
            var done = await scrip.Done((await Purge(scrip, schema, "gone")).Expect(202)["async_action_id"].Text);
            done["status"].ShouldBe("DONE");
            done["type"].ShouldBe($"{type}.METADATA_KEY_PURGE");
            done["progress"].ShouldBe(100);
            done["result"]["done_count"].ShouldBe(1, kind);
            var after = (await scrip.Get(path)).Expect(200);
            metadata(after).Names.Order().ShouldBe(["deep", "kept"]);
            metadata(after)["kept"].ShouldBe(5.50m);
            metadata(after)["deep"]["gone"].ShouldBe(1, "a key of that name inside a nested object is another");
            if (kind == "order_item") after["metadata"]["gone"].ShouldBe("x", "the order's own metadata is of another schema");
            (await scrip.AsManagement.Get($"{scrip.SchemasPath()}/{schema}"))["properties"].Names.ShouldBe(["kept"]);
        }
    }

    [Theory, OnBoth]
    public async Task Only_removed_definitions_of_purgeable_kinds_can_be_purged(Db db)
    {
        var (scrip, other) = (await servers.Project(db), await servers.Project(db));
        var customer = await scrip.Schema("customer", false, ("gone", A("string", deleted: true)), ("kept", A("string")));
        (await Purge(scrip, customer, "kept")).Expect(400)["details"].ShouldBe("Property .keys must name removed definitions: gone");
        (await Purge(scrip, customer, "gone", "nothing")).Expect(400);
        (await Purge(scrip, customer)).Expect(400);
        (await scrip.AsManagement.Post($"{scrip.SchemasPath()}/{customer}/purge", new { keys = new string?[] { null } })).Expect(400);
        (await scrip.AsManagement.Post($"{scrip.SchemasPath()}/{customer}/purge", new { keys = "gone" })).Expect(400);
        (await scrip.AsManagement.Post($"{scrip.SchemasPath()}/{customer}/purge")).Expect(400);
        foreach (var kind in new[] { "redemption", "publication", "reward", "earning_rule", "Payment" })
            (await Purge(scrip, await Removed(scrip, kind), "gone")).Expect(400)["details"].Text.ShouldContain($"Metadata of {kind} cannot be purged");
        (await other.AsManagement.Post($"{other.SchemasPath()}/{customer}/purge", new { keys = new[] { "gone" } })).Expect(404);
        (await scrip.Post($"{scrip.SchemasPath()}/{customer}/purge", new { keys = new[] { "gone" } })).Expect(401);
        (await scrip.Get("/v1/async-actions")).Expect(200)["async_actions"].Items.ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task What_is_written_meanwhile_is_not_lost(Db db)
    {
        var scrip = await servers.Project(db);
        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => scrip.Unchecked.Post("/v1/customers", new { source_id = $"c{i}", metadata = Sent })));
        var schema = await Removed(scrip, "customer");
        var purges = Purge(scrip, schema, "gone");
        var writes = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => scrip.Unchecked.Post("/v1/customers", new { source_id = $"c{i % 30}", metadata = new Dictionary<string, int> { [$"n{i}"] = i } })));
        await scrip.Done((await purges).Expect(202)["async_action_id"].Text);
        writes.ShouldAllBe(answer => answer.Status == 200 || answer.Status == 409);
        for (var c = 0; c < 30; c++)
        {
            var metadata = (await scrip.Unchecked.Get($"/v1/customers/c{c}"))["metadata"];
            metadata["gone"].Exists.ShouldBeFalse();
            for (var i = c; i < 300; i += 30) metadata[$"n{i}"].Exists.ShouldBe(writes[i].Status == 200);
        }
    }

    [Theory, OnBoth]
    public async Task A_purge_that_was_killed_goes_on_and_leaves_nothing_out(Db db)
    {
        const int Codes = 60_000;
        await using var database = await Database.Create(db);
        var (cuts, action, schema) = (0, "", "");
        await using (var server = await ScripProcess.Start(database))
        {
            var scrip = Servers.Demo(server).Unchecked;
            var campaign = (await scrip.Post("/v1/campaigns", new
            {
                name = "Big",
                campaign_type = "DISCOUNT_COUPONS",
                vouchers_count = Codes,
                metadata = Sent,
                voucher = new { type = "DISCOUNT_VOUCHER", discount = Off },
            })).Expect(200)["id"].Text;
            await scrip.Made(campaign);
            schema = await Removed(scrip, "voucher");
            action = (await Purge(scrip, schema, "gone")).Expect(202)["async_action_id"].Text;
            await server.Kill();
        }
        for (var run = 0; run < 6; run++)
        {
            await using var server = await ScripProcess.Start(database);
            if ((await Servers.Demo(server).Unchecked.Get($"/v1/async-actions/{action}"))["status"].Text == "DONE") break;
            cuts++;
            await Task.Delay(60 * (run % 4));
            await server.Kill();
        }
        await using var last = await ScripProcess.Start(database);
        var demo = Servers.Demo(last).Unchecked;
        cuts.ShouldBeGreaterThan(0);
        (await demo.Done(action))["result"]["done_count"].ShouldBe(Codes, "each object counts once, however often the work was cut off");
        (await demo.Count("/v1/vouchers?filters[metadata.gone][conditions][$has_value]=")).ShouldBe(0);
        (await demo.Count("/v1/vouchers?filters[metadata.kept][conditions][$has_value]=")).ShouldBe(Codes);
        (await demo.AsManagement.Get($"{demo.SchemasPath()}/{schema}"))["properties"].Names.ShouldBe(["kept"]);
    }
}
