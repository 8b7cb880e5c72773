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
    public async Task What_a_stack_stands_for_is_one_row_that_is_filtered_and_paged_as_if_it_were_many(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("shirt", 1500);
        await scrip.Product("hat", 900);
        var (spring, summer) = ((await scrip.Codes("spring", 1, 5))[0], (await scrip.Codes("summer", 1, 5))[0]);
        for (var i = 0; i < 3; i++)
            (await scrip.Post("/v1/redemptions", new
            {
                customer = new { source_id = "ada" },
                order = new { items = new[] { new { source_id = i == 1 ? "hat" : "shirt", related_object = "product", quantity = 1 } } },
                redeemables = new[] { spring, summer }.Select(id => new { @object = "voucher", id }),
            })).Expect(200);
        string[] each = ["customer.order.created", "customer.order.paid", "customer.redemption.succeeded", "customer.redemption.succeeded"];
        var whole = await Told(scrip, "ada", 13);
        string[] ids = [.. whole["data"].Items.Select(one => one["id"].Text)];
        Types(whole).ShouldBe([.. each.Reverse(), .. each.Reverse(), .. each.Reverse(), "customer.created"]);
        ids.ShouldBe(ids.OrderByDescending(id => id, StringComparer.Ordinal));
        (await Tables.Rows((await servers.On(db)).Database, $"SELECT id FROM customer_activities WHERE project_id = '{scrip.Project.Id}'")).Count.ShouldBe(4);

        foreach (var limit in new[] { 1, 2, 3, 5 })
        {
            (await Pages(scrip, $"limit={limit}")).ShouldBe(ids);
            (await Pages(scrip, $"limit={limit}&order=created_at")).ShouldBe(ids.Reverse());
        }
        var campaign = (await scrip.Get("/v1/campaigns/summer"))["id"].Text;
        var mine = await scrip.Get($"/v1/customers/ada/activity?campaign_id={campaign}&limit=2");
        Types(mine).ShouldBe(["customer.redemption.succeeded", "customer.redemption.succeeded"]);
        mine["has_more"].ShouldBe(true);
        mine["data"].Items.ShouldAllBe(one => one["data"]["data"]["campaign"]["id"].Text == campaign);
        // Both are in each row, but not of the same activity.
        (await scrip.Get($"/v1/customers/ada/activity?campaign_id={campaign}&type=customer.order.paid")).Expect(200)["data"].Items.ShouldBeEmpty();
        (await Pages(scrip, "limit=1&type=customer.order.paid")).Length.ShouldBe(3);
        (await scrip.Get("/v1/customers/ada/activity?category=EFFECT&limit=100")).Expect(200)["data"].Items.ShouldBeEmpty();
        var hat = (await scrip.Get("/v1/products/hat"))["id"].Text;
        var old = (await scrip.Get($"/v1/customers/ada/activities?product_id={hat}&limit=1")).Expect(200);
        (old["total"], old["data"].Items.Count).ShouldBe((4, 1));
        (await scrip.Get($"/v1/customers/ada/activities?campaign_id={campaign}&limit=1")).Expect(200)["total"].ShouldBe(3);
    }

    [Theory, OnBoth]
    public async Task Rows_that_were_kept_one_by_one_before_are_told_as_they_were(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        await Redeem(scrip, "five");
        var before = await Told(scrip, "ada", 4);
        var server = await servers.On(db);
        string[] ids = [.. before["data"].Items.Take(3).Select(one => one["id"].Text).Reverse()];

        // The first kept the short event, each of the others the id of the first.
        await Tables.Run(server, "UPDATE customer_activities SET also = NULL WHERE id = @id", ("id", ids[0]));
        foreach (var (id, type) in ids[1..].Zip(["customer.order.paid", "customer.redemption.succeeded"]))
            (await Tables.Run(server, """
                INSERT INTO customer_activities (project_id, id, customer_id, type, category, created_at, source, told_by, body)
                SELECT project_id, @new, customer_id, @type, category, created_at, source, told_by, @body FROM customer_activities WHERE id = @id
                """, ("new", id), ("type", type), ("body", $"\"{ids[0]}\""), ("id", ids[0]))).ShouldBe(1);

        (await Told(scrip, "ada", 4)).Text.ShouldBe(before.Text);
    }

    private static async Task<string[]> Pages(ApiClient scrip, string query)
    {
        var seen = new List<string>();
        for (var after = ""; ;)
        {
            var page = (await scrip.Get($"/v1/customers/ada/activity?{query}{after}")).Expect(200);
            seen.AddRange(page["data"].Items.Select(one => one["id"].Text));
            if (page["has_more"] != true) return [.. seen];
            after = $"&starting_after_id={page["more_starting_after"].Text}";
        }
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
