namespace Scrip.Server.Tests.Features.Qualifications;

/// <summary>The next qualification knows whatever was saved, though the list of what is offered is not made anew for it.</summary>
public sealed class FollowingTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task Every_kind_of_change_is_seen_by_the_next_qualification(Db db)
    {
        var scrip = await servers.Project(db);
        var shirt = await scrip.Product("shirt", 1000);
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "P", campaign_type = "PROMOTION" })).Expect(200)["id"].Text;
        async Task<string> Tier(string name, long off) =>
            (await scrip.Post($"/v1/promotions/{campaign}/tiers", new { name, action = new { discount = new { type = "AMOUNT", amount_off = off } } })).Expect(200)["id"].Text;
        async Task<string> Found(string scenario = "ALL") => string.Join(' ', (await scrip.Post("/v1/qualifications", new
        {
            scenario,
            order = new { items = new[] { new { product_id = shirt, quantity = 1, price = 1000 } } },
            options = new { limit = 50, sorting_rule = "BEST_DEAL", expand = new[] { "redeemable" } },
        })).Expect(200)["redeemables"]["data"].Items.Select(one => one["name"].Text));
        (await Found()).ShouldBe("");

        var (a, b) = (await Tier("a", 300), await Tier("b", 200));
        (await Found()).ShouldBe("a b");
        (await scrip.Put($"/v1/promotions/tiers/{b}", new { action = new { discount = new { type = "AMOUNT", amount_off = 400 } } })).Expect(200);
        (await Found()).ShouldBe("b a");
        (await scrip.Post($"/v1/promotions/tiers/{b}/disable")).Expect(200);
        (await Found()).ShouldBe("a");
        (await scrip.Post($"/v1/promotions/tiers/{b}/enable")).Expect(200);

        var rule = await scrip.Rule("product.id", "$is", "hat");
        var assignment = await scrip.Assign(rule, "promotion_tier", b);
        (await Found()).ShouldBe("a");
        (await scrip.Put($"/v1/validation-rules/{rule}", Wanting(shirt))).Expect(200);
        (await Found()).ShouldBe("b a");
        (await scrip.Put($"/v1/validation-rules/{rule}", Wanting("hat"))).Expect(200);
        (await Found()).ShouldBe("a");
        (await scrip.Delete($"/v1/validation-rules/{rule}/assignments/{assignment}")).Expect(204);
        (await Found()).ShouldBe("b a");

        await scrip.Assign(rule, "campaign", campaign);
        (await Found()).ShouldBe("");
        (await scrip.Delete($"/v1/validation-rules/{rule}")).Expect(204);
        (await Found()).ShouldBe("b a");

        (await scrip.Post($"/v1/promotions/{campaign}/stacks", new { name = "s", tiers = new { ids = new[] { a, b } } })).Expect(200);
        (await Found("PROMOTION_STACKS")).ShouldBe("s");
        (await scrip.Delete($"/v1/promotions/tiers/{a}")).Status.ShouldBeLessThan(300);
        (await Found("PROMOTION_STACKS")).ShouldBe("s");
        (await scrip.Post($"/v1/campaigns/{campaign}/disable")).Expect(200);
        (await Found()).ShouldBe("");
        (await scrip.Post($"/v1/campaigns/{campaign}/enable")).Expect(200);
        (await scrip.Delete($"/v1/campaigns/{campaign}")).Expect(202);
        (await Found()).ShouldBe("");
    }

    private static object Wanting(string product) => new
    {
        rules = new Dictionary<string, object> { ["1"] = new { name = "product.id", conditions = new Dictionary<string, string[]> { ["$is"] = [product] } }, ["logic"] = "1" },
    };
}
