using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.TrashBin;

/// <summary>What is deleted lies in the bin, and leaves it once: for good, or to be as it was.</summary>
public sealed class BinTests(Servers servers)
{
    static readonly object Off = new { type = "AMOUNT", amount_off = 100 };

    static async Task<Part> Entry(ApiClient scrip, string type, string name) => (await scrip.Get($"/v1/trash-bin?limit=100&filters[resource_type][conditions][$is]={type}"))
        .Expect(200)["data"].Items.Single(entry => entry["resource_name"] == name);

    static async Task Restore(ApiClient scrip, Part entry) => (await scrip.Post($"/v1/trash-bin/{entry["id"]}/restore")).Expect(200)["resource_id"].ShouldBe(entry["resource_id"]);

    [Theory, OnBoth]
    public async Task A_deleted_voucher_is_listed_and_comes_back_as_it_was(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("card", 5000);
        var before = (await scrip.Get("/v1/vouchers/card")).Expect(200);
        (await scrip.Delete("/v1/vouchers/card")).Expect(204);

        var entry = await Entry(scrip, "voucher", "card");
        entry["resource_id"].ShouldBe(before["id"]);
        entry["object"].ShouldBe("voucher");
        entry["resource_parent_id"].IsNull.ShouldBeTrue();
        entry["deleted_by_user_id"].IsNull.ShouldBeTrue();
        (await scrip.Post("/v1/vouchers/card", new { type = "DISCOUNT_VOUCHER", discount = Off })).Expect(409);

        await Restore(scrip, entry);
        (await scrip.Get("/v1/vouchers/card")).Expect(200).Body.ShouldBe(before.Body);
        (await scrip.Redeem(new { amount = 1000 }, "card")).Expect(200);
        (await scrip.Get("/v1/trash-bin")).Expect(200)["total"].ShouldBe(0);
        (await scrip.Post($"/v1/trash-bin/{entry["id"]}/restore")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Deleting_an_entry_frees_the_code(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("code", Off);
        (await scrip.Delete("/v1/vouchers/code")).Expect(204);
        var entry = await Entry(scrip, "voucher", "code");
        (await scrip.Delete($"/v1/trash-bin/{entry["id"]}")).Expect(204);
        (await scrip.Delete($"/v1/trash-bin/{entry["id"]}")).Expect(404);
        (await scrip.Get("/v1/trash-bin")).Expect(200)["data"].Items.ShouldBeEmpty();
        await scrip.Coupon("code", Off);
    }

    [Theory, OnBoth]
    public async Task A_voucher_deleted_with_force_has_no_entry_and_takes_the_one_it_had(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("a", Off);
        await scrip.Coupon("b", Off);
        (await scrip.Delete("/v1/vouchers/a?force=true")).Expect(204);
        (await scrip.Delete("/v1/vouchers/b")).Expect(204);
        (await scrip.Delete("/v1/vouchers/b?force=true")).Expect(204);
        (await scrip.Get("/v1/trash-bin")).Expect(200)["data"].Items.ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task A_campaign_comes_back_with_its_codes_but_without_those_that_were_deleted_before(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("Spring", 30, null);
        (await scrip.Delete($"/v1/vouchers/{codes[0]}")).Expect(204);
        var deletion = (await scrip.Delete("/v1/campaigns/Spring")).Expect(202)["async_action_id"].Text;
        (await scrip.Done(deletion))["status"].ShouldBe("DONE");
        (await scrip.Get("/v1/campaigns/Spring")).Expect(404);
        (await scrip.Post("/v1/campaigns", new { name = "Spring", campaign_type = "DISCOUNT_COUPONS", voucher = new { type = "DISCOUNT_VOUCHER", discount = Off } })).Expect(409);

        await Restore(scrip, await Entry(scrip, "campaign", "Spring"));
        await Eventually.Holds(async () => await scrip.Count("/v1/vouchers?campaign=Spring") == 29);
        (await scrip.Get("/v1/campaigns/Spring")).Expect(200)["vouchers_count"].ShouldBe(29);
        (await scrip.Redeem(new { amount = 1000 }, codes[1])).Expect(200);
        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(404);

        await Restore(scrip, await Entry(scrip, "voucher", codes[0]));
        (await scrip.Redeem(new { amount = 1000 }, codes[0])).Expect(200);
        (await scrip.Get("/v1/campaigns/Spring"))["vouchers_count"].ShouldBe(30);
        (await scrip.Get("/v1/async-actions?limit=100"))["async_actions"].Items.Select(action => action["type"].Text).Order().ShouldBe(["CAMPAIGN.VOUCHERS_DELETE", "CAMPAIGN.VOUCHERS_GENERATE"]);
    }

    [Theory, OnBoth]
    public async Task A_campaign_that_leaves_for_good_takes_its_codes_along_and_frees_all_names(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("Spring", 20, null);
        (await scrip.Delete($"/v1/vouchers/{codes[0]}")).Expect(204);
        (await scrip.Done((await scrip.Delete("/v1/campaigns/Spring")).Expect(202)["async_action_id"].Text))["status"].ShouldBe("DONE");
        var voucher = await Entry(scrip, "voucher", codes[0]);
        (await scrip.Post($"/v1/trash-bin/{voucher["id"]}/restore")).Expect(400)["details"].Text.ShouldContain("restore the campaign first");
        (await Entry(scrip, "voucher", codes[0]))["id"].ShouldBe(voucher["id"]);

        (await scrip.Delete($"/v1/trash-bin/{(await Entry(scrip, "campaign", "Spring"))["id"]}")).Expect(204);
        (await scrip.Get("/v1/trash-bin")).Expect(200)["data"].Items.ShouldBeEmpty();
        await scrip.Codes("Spring", 5, null);
        await Eventually.Holds(async () => (await scrip.Post($"/v1/vouchers/{codes[0]}", new { type = "DISCOUNT_VOUCHER", discount = Off })).Status == 200);
        await Eventually.Holds(async () => (await scrip.Post($"/v1/vouchers/{codes[1]}", new { type = "DISCOUNT_VOUCHER", discount = Off })).Status == 200);
    }

    [Theory, OnBoth]
    public async Task SKUs_go_and_come_back_with_their_product(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("shirt", 1000);
        foreach (var sku in new[] { "s", "m", "l" }) (await scrip.Post("/v1/products/shirt/skus", new { source_id = sku, sku })).Expect(200);
        (await scrip.Delete("/v1/products/shirt/skus/l")).Expect(204);
        (await scrip.Delete("/v1/products/shirt")).Expect(204);
        (await scrip.Get("/v1/trash-bin"))["data"].Items.Select(entry => entry["resource_type"].Text).Order().ShouldBe(["product", "sku"]);
        var large = await Entry(scrip, "sku", "l");
        (await scrip.Post($"/v1/trash-bin/{large["id"]}/restore")).Expect(400)["details"].Text.ShouldContain("restore the product first");

        await Restore(scrip, await Entry(scrip, "product", "shirt"));
        (await scrip.Get("/v1/products/shirt"))["skus"]["data"].Items.Select(sku => sku["source_id"].Text).ShouldBe(["s", "m"]);
        large["resource_parent_id"].ShouldBe((await scrip.Get("/v1/products/shirt"))["id"]);
        await Restore(scrip, large);
        (await scrip.Get("/v1/products/shirt"))["skus"]["total"].ShouldBe(3);

        (await scrip.Delete("/v1/products/shirt")).Expect(204);
        (await scrip.Delete($"/v1/trash-bin/{(await Entry(scrip, "product", "shirt"))["id"]}")).Expect(204);
        await scrip.Product("shirt", 2000);
        (await scrip.Get("/v1/products/shirt"))["skus"]["total"].ShouldBe(0);
        (await scrip.Get("/v1/trash-bin"))["data"].Items.ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task A_collection_comes_back_while_its_name_is_free_and_strict_clients_never_see_its_kind(Db db)
    {
        var scrip = await servers.Project(db);
        var product = await scrip.Product("shirt", 1000);
        object collection = new { name = "Shirts", type = "STATIC", products = new[] { new { id = product, @object = "product" } } };
        var made = (await scrip.Post("/v1/product-collections", collection)).Expect(200);
        (await scrip.Delete($"/v1/product-collections/{made["id"]}")).Expect(204);
        (await scrip.Get("/v1/trash-bin")).Expect(200)["data"].Items.ShouldBeEmpty();
        (await scrip.Get("/v1/trash-bin?filters[resource_type][conditions][$is_not]=campaign")).Expect(200)["data"].Items.ShouldBeEmpty();
        var unchecked_ = scrip.Unchecked;
        var entry = await Entry(unchecked_, "products_collection", "Shirts");

        var other = (await scrip.Post("/v1/product-collections", collection)).Expect(200);
        (await scrip.Post($"/v1/trash-bin/{entry["id"]}/restore")).Expect(409)["key"].ShouldBe("duplicate_found");
        (await scrip.Delete($"/v1/product-collections/{other["id"]}")).Expect(204);
        await Restore(unchecked_, entry);
        (await scrip.Get($"/v1/product-collections/{made["id"]}")).Expect(200)["products"].ShouldBe(made["products"]);
    }

    [Theory, OnBoth]
    public async Task The_list_goes_on_where_the_last_page_ended(Db db)
    {
        var scrip = await servers.Project(db);
        for (var i = 0; i < 5; i++)
        {
            await scrip.Coupon($"code{i}", Off);
            (await scrip.Delete($"/v1/vouchers/code{i}")).Expect(204);
        }
        var first = (await scrip.Get("/v1/trash-bin?limit=2&order=-id")).Expect(200);
        first["data"].Items.Select(entry => entry["resource_name"].Text).ShouldBe(["code4", "code3"]);
        first["has_more"].ShouldBe(true);
        var second = (await scrip.Get($"/v1/trash-bin?limit=2&order=-id&starting_after_id={first["more_starting_after"]}")).Expect(200);
        second["data"].Items.Select(entry => entry["resource_name"].Text).ShouldBe(["code2", "code1"]);
        var last = (await scrip.Get($"/v1/trash-bin?limit=2&order=-id&starting_after_id={second["more_starting_after"]}")).Expect(200);
        last["data"].Items.Select(entry => entry["resource_name"].Text).ShouldBe(["code0"]);
        last["has_more"].ShouldBe(false);
        (await scrip.Get("/v1/trash-bin?filters[resource_name][conditions][$starts_with]=code3")).Expect(200)["total"].ShouldBe(1);
        (await scrip.Get("/v1/trash-bin?order=name")).Expect(400);
        (await scrip.Get("/v1/trash-bin?limit=101")).Expect(400);
    }

    [Theory, OnBoth]
    public async Task Another_project_and_other_keys_reach_nothing(Db db)
    {
        var (mine, other) = (await servers.Project(db), await servers.Project(db));
        await mine.Coupon("code", Off);
        (await mine.Delete("/v1/vouchers/code")).Expect(204);
        var entry = await Entry(mine, "voucher", "code");
        (await other.Get("/v1/trash-bin")).Expect(200)["total"].ShouldBe(0);
        (await other.Delete($"/v1/trash-bin/{entry["id"]}")).Expect(404);
        (await other.Post($"/v1/trash-bin/{entry["id"]}/restore")).Expect(404);
        (await mine.AsClient.Get("/v1/trash-bin")).Expect(401);
        (await mine.AsNobody.Post($"/v1/trash-bin/{entry["id"]}/restore")).Expect(401);
        (await mine.Get("/v1/trash-bin"))["total"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task Of_many_who_restore_one_succeeds(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("Spring", 3, null);
        (await scrip.Delete($"/v1/vouchers/{codes[0]}")).Expect(204);
        var entry = await Entry(scrip, "voucher", codes[0]);
        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => i % 2 == 0 ? scrip.Post($"/v1/trash-bin/{entry["id"]}/restore") : scrip.Delete($"/v1/trash-bin/{entry["id"]}")));
        answers.Count(answer => answer.Status is 200 or 204).ShouldBe(1);
        answers.Count(answer => answer.Status == 404).ShouldBe(19);
        var restored = answers.Any(answer => answer.Status == 200);
        (await scrip.Get("/v1/campaigns/Spring"))["vouchers_count"].ShouldBe(restored ? 3 : 2);
        (await scrip.Count("/v1/vouchers?campaign=Spring")).ShouldBe(restored ? 3 : 2);
    }
}
