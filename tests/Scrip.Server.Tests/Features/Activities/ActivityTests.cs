namespace Scrip.Server.Tests.Features.Activities;

/// <summary>What happens to customers is told by the lists of their activities, in order and once.</summary>
public sealed class ActivityTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_redemption_is_told_of_its_customer_and_its_order(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        var redeemed = await Redeem(scrip, "five");

        var list = await Told(scrip, "ada", 4);

        Types(list).ShouldBe(["customer.redemption.succeeded", "customer.order.paid", "customer.order.created", "customer.created"]);
        var first = list["data"].Items[0];
        first["data"]["data"]["redemption"]["id"].ShouldBe(redeemed["redemptions"].Items[0]["id"]);
        first["data"]["data"]["voucher"]["code"].ShouldBe("five");
        first["data"]["event_source"]["channel"].ShouldBe("API");
        first["data"]["event_source"]["api_key"]["app_id"].Text.ShouldNotBeEmpty();
        first["group_id"].Text.ShouldNotBeEmpty();
        var customer = (await scrip.Get("/v1/customers/ada")).Expect(200);
        customer["summary"]["redemptions"]["total_succeeded"].ShouldBe(1);
        customer["summary"]["orders"]["total_amount"].ShouldBe(1500);
    }

    [Theory, OnBoth]
    public async Task A_stack_tells_each_of_its_parts_once_and_a_rollback_takes_them_back(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("one", new { type = "AMOUNT", amount_off = 100 });
        await scrip.Coupon("two", new { type = "AMOUNT", amount_off = 200 });
        var redeemed = await Redeem(scrip, "one", "two");
        (await scrip.Post($"/v1/redemptions/{redeemed["parent_redemption"]["id"].Text}/rollbacks")).Expect(200);

        var list = await Told(scrip, "ada", 9);

        Types(list).Where(type => type == "customer.redemption.succeeded").Count().ShouldBe(2);
        Types(list).Where(type => type == "customer.redemption.rollback.succeeded").Count().ShouldBe(2);
        // What was redeemed is told as it was then, whatever became of it.
        list["data"].Items.Where(one => one["type"] == "customer.redemption.succeeded").Select(one => one["data"]["data"]["redemption"]["status"].Text).ShouldBe(["SUCCEEDED", "SUCCEEDED"]);
        Types(list).ShouldContain("customer.order.canceled");
        (await scrip.Get("/v1/customers/ada"))["summary"]["redemptions"]["total_rolled_back"].ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task Activities_are_filtered_and_read_page_by_page(Db db)
    {
        var scrip = await servers.Project(db);
        var code = (await scrip.Codes("spring", 1, 5))[0];
        await Redeem(scrip, code);
        await Told(scrip, "ada", 4);
        var campaign = (await scrip.Get("/v1/campaigns/spring"))["id"].Text;

        Types((await scrip.Get("/v1/customers/ada/activity?type=customer.created")).Expect(200)).ShouldBe(["customer.created"]);
        Types((await scrip.Get($"/v1/customers/ada/activity?campaign_id={campaign}")).Expect(200)).ShouldBe(["customer.redemption.succeeded"]);
        Types((await scrip.Get("/v1/customers/ada/activity?campaign_type=DISCOUNT_COUPONS&category=ACTION")).Expect(200)).ShouldBe(["customer.redemption.succeeded"]);
        (await scrip.Get("/v1/customers/ada/activity?category=EFFECT")).Expect(200)["data"].Items.ShouldBeEmpty();
        (await scrip.Get("/v1/customers/ada/activity?end_date=2000-01-01T00:00:00Z")).Expect(200)["data"].Items.ShouldBeEmpty();
        var seen = new List<string>();
        for (var after = ""; ;)
        {
            var page = (await scrip.Get($"/v1/customers/ada/activity?limit=3&order=created_at{after}")).Expect(200);
            seen.AddRange(Types(page));
            if (page["has_more"] != true) break;
            after = $"&starting_after_id={page["more_starting_after"].Text}";
        }
        seen.ShouldBe(["customer.created", "customer.order.created", "customer.order.paid", "customer.redemption.succeeded"]);
        (await scrip.Get("/v1/customers/ada/activities?limit=1")).Expect(200)["total"].ShouldBe(4);
        (await scrip.Get("/v1/customers/ada/activity?category=OTHER")).Expect(400)["key"].ShouldBe("invalid_query_params");
        (await scrip.Get("/v1/customers/ada/activity?limit=0")).Expect(400);
        (await scrip.Get("/v1/customers/nobody/activity")).Expect(404);
        (await (await servers.Project(db)).Get("/v1/customers/ada/activity")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Who_is_forgotten_leaves_no_activities_with_a_name_in_them(Db db)
    {
        var scrip = await servers.Project(db);
        var id = (await scrip.Post("/v1/customers", new { source_id = "ada", name = "Ada Lovelace" })).Expect(200)["id"].Text;
        await Told(scrip, "ada", 1);
        (await scrip.Post($"/v1/customers/{id}/permanent-deletion")).Expect(200);

        var list = await Eventually.Answers(() => scrip.Get($"/v1/customers/{id}/activity"), answer => answer.Status == 200 && answer["data"].Items.Count == 1);

        Types(list).ShouldBe(["customer.deleted"]);
        list.Text.ShouldNotContain("Lovelace");
    }

    private static async Task<Answer> Redeem(ApiClient scrip, params string[] codes) => (await scrip.Post("/v1/redemptions", new
    {
        customer = new { source_id = "ada", name = "Ada" },
        order = new { amount = 2000 },
        redeemables = codes.Select(code => new { @object = "voucher", id = code }).ToArray(),
    })).Expect(200);

    private static Task<Answer> Told(ApiClient scrip, string customer, int count) =>
        Eventually.Answers(() => scrip.Get($"/v1/customers/{customer}/activity?limit=100"), answer => answer.Status == 200 && answer["data"].Items.Count >= count);

    private static string[] Types(Answer list) => [.. list["data"].Items.Select(one => one["type"].Text)];
}
