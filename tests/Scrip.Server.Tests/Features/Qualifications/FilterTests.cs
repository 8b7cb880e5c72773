using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Qualifications;

public sealed class FilterTests(Servers servers)
{
    private static readonly object Order = new { amount = 10_000 };

    [Theory]
    [OnBoth("""{"code":{"conditions":{"$is":["COUPON","CARD"]}}}""", "COUPON")]
    [OnBoth("""{"code":{"conditions":{"$in":["COUPON","CARD"]}}}""", "CARD COUPON")]
    [OnBoth("""{"code":{"conditions":{"$not_in":["COUPON","CARD"]}}}""", "campaign held")]
    [OnBoth("""{"code":{"conditions":{"$is_not":["COUPON"]}}}""", "CARD campaign held")]
    [OnBoth("""{"code":{"conditions":{"$is_unknown":[]}}}""", "campaign")]
    [OnBoth("""{"code":{"conditions":{"$has_value":[]}}}""", "CARD COUPON held")]
    [OnBoth("""{"voucher_type":{"conditions":{"$is":["GIFT_VOUCHER"]}}}""", "CARD")]
    [OnBoth("""{"voucher_type":{"conditions":{"$in":["DISCOUNT_VOUCHER"]}}}""", "COUPON campaign held")]
    [OnBoth("""{"resource_type":{"conditions":{"$is":["campaign"]}}}""", "campaign")]
    [OnBoth("""{"resource_type":{"conditions":{"$in":["voucher","promotion_tier"]}}}""", "CARD COUPON held")]
    [OnBoth("""{"resource_type":{"conditions":{"$not_in":["voucher"]}}}""", "campaign")]
    [OnBoth("""{"resource_id":{"conditions":{"$is":["COUPON"]}}}""", "COUPON")]
    [OnBoth("""{"campaign_type":{"conditions":{"$is":["DISCOUNT_COUPONS"]}}}""", "campaign held")]
    [OnBoth("""{"campaign_type":{"conditions":{"$is_not":["DISCOUNT_COUPONS"]}}}""", "CARD COUPON")]
    [OnBoth("""{"campaign_type":{"conditions":{"$is":["PROMOTION"]}}}""", "")]
    [OnBoth("""{"campaign_id":{"conditions":{"$is":["$campaign"]}}}""", "campaign held")]
    [OnBoth("""{"campaign_id":{"conditions":{"$is_unknown":[""]}}}""", "CARD COUPON")]
    [OnBoth("""{"category_id":{"conditions":{"$is":["$category"]}}}""", "campaign held")]
    [OnBoth("""{"category_id":{"conditions":{"$is_not":["$category"]}}}""", "CARD COUPON")]
    [OnBoth("""{"holder_role":{"conditions":{"$is":["OWNER"]}}}""", "held")]
    [OnBoth("""{"holder_role":{"conditions":{"$in":["REFERRER","REFEREE"]}}}""", "")]
    [OnBoth("""{"holder_role":{"conditions":{"$not_in":["OWNER"]}}}""", "CARD COUPON campaign")]
    [OnBoth("""{"code":{"conditions":{"$is":["CARD"]}},"voucher_type":{"conditions":{"$is":["DISCOUNT_VOUCHER"]}}}""", "")]
    [OnBoth("""{"junction":"or","code":{"conditions":{"$is":["CARD"]}},"resource_type":{"conditions":{"$is":["campaign"]}}}""", "CARD campaign")]
    [OnBoth("""{"junction":"and","code":{"conditions":{"$is":["CARD"]}},"resource_type":{"conditions":{"$is":["voucher"]}}}""", "CARD")]
    [OnBoth("""{}""", "CARD COUPON campaign held")]
    public async Task Only_what_the_filters_want_is_told(Db db, string filters, string told)
    {
        var scrip = await servers.Project(db);
        var category = (await scrip.Post("/v1/categories", new { name = "Sale", hierarchy = 1 })).Expect(200)["id"].Text;
        var campaign = await scrip.Campaign("Codes", new { type = "AMOUNT", amount_off = 100 }, categoryId: category);
        var held = (await scrip.CodesOf(campaign))[0];
        await scrip.Coupon("COUPON", new { type = "AMOUNT", amount_off = 100 });
        await scrip.GiftCard("CARD", 500);
        await servers.Give(scrip, held, await scrip.Customer("ada"));
        filters = filters.Replace("$campaign", campaign, StringComparison.Ordinal).Replace("$category", category, StringComparison.Ordinal);

        var answer = (await scrip.Raw("POST", "/v1/qualifications", $$$"""
            {"scenario":"AUDIENCE_ONLY","order":{"amount":1000},"customer":{"source_id":"ada"},"options":{"filters":{{{filters}}}}}
            """)).Expect(200);

        var names = answer.Ids().Select(id => id == held ? "held" : id == campaign ? "campaign" : id).Order(StringComparer.Ordinal);
        string.Join(' ', names).ShouldBe(told);
    }

    [Theory]
    [OnBoth("DEFAULT", "4 3 2 1 0")]
    [OnBoth("BEST_DEAL", "3 1 4 0 2")]
    [OnBoth("LEAST_DEAL", "2 4 0 1 3")]
    public async Task Answers_are_sorted_and_paged_without_gap_or_repetition(Db db, string sorting, string order)
    {
        var scrip = await servers.Project(db);
        var off = new[] { 200, 300, 100, 500, 200 };
        for (var i = 0; i < off.Length; i++)
        {
            await scrip.Coupon(i.ToString(System.Globalization.CultureInfo.InvariantCulture), new { type = "AMOUNT", amount_off = off[i] });
            await Task.Delay(2);
        }

        (await scrip.Qualify("ALL", Order, options: new { sorting_rule = sorting })).Ids().ShouldBe(order.Split(' '));
        await Walk(scrip, sorting, order.Split(' '), page => page["more_starting_after"].Text);
        await Walk(scrip, sorting, order.Split(' '), page => page["data"].Items[^1]["created_at"].Text);
    }

    [Theory]
    [OnBoth("DEFAULT")]
    [OnBoth("BEST_DEAL")]
    [OnBoth("LEAST_DEAL")]
    public async Task Codes_made_in_one_millisecond_are_paged_too(Db db, string sorting)
    {
        var scrip = await servers.Project(db);
        for (var i = 0; i < 7; i++) await scrip.Coupon($"C{i}", new { type = "AMOUNT", amount_off = 100 * (1 + (i % 3)) });
        await Tables.Run(await servers.On(db), "UPDATE vouchers SET created_at = 1700000000000 WHERE project_id = @project", ("project", scrip.Project.Id));
        var all = (await scrip.Qualify("ALL", Order, options: new { sorting_rule = sorting, limit = 50 })).Ids();
        all.Length.ShouldBe(7);

        await Walk(scrip, sorting, all, page => page["more_starting_after"].Text);
    }

    [Theory]
    [OnBoth("DEFAULT")]
    [OnBoth("BEST_DEAL")]
    public async Task More_codes_than_are_read_at_once_are_all_considered(Db db, string sorting)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("oldest", new { type = "AMOUNT", amount_off = 900 });
        (await scrip.Post("/v1/vouchers/pattern", new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 } })).Expect(200);
        await Copies(scrip);

        var found = await scrip.Qualify("ALL", Order, options: new { sorting_rule = sorting, limit = 5 });
        found.Ids()[0].ShouldBe(sorting == "DEFAULT" ? "COPY1100" : "oldest");

        var cursor = found["redeemables"]["more_starting_after"].Text;
        var (seen, pages) = (found.Ids().Length, 1);
        for (; cursor is not null; pages++)
        {
            var next = await scrip.Qualify("ALL", Order, options: new { sorting_rule = sorting, limit = 50, starting_after = cursor });
            seen += next.Ids().Length;
            cursor = next["redeemables"]["has_more"] == true ? next["redeemables"]["more_starting_after"].Text : null;
        }
        seen.ShouldBe(1102);
    }

    [Theory, OnBoth]
    public async Task What_is_older_than_unread_codes_waits_for_them(Db db)
    {
        var scrip = await servers.Project(db);
        var campaign = (await scrip.Post("/v1/campaigns", new { name = "Promotion", campaign_type = "PROMOTION" })).Expect(200)["id"].Text;
        foreach (var name in new[] { "one", "two" })
            (await scrip.Post($"/v1/promotions/{campaign}/tiers", new { name, action = new { discount = new { type = "AMOUNT", amount_off = 100 } } })).Expect(200);
        await Task.Delay(2);
        await scrip.Coupon("AGED", new { type = "AMOUNT", amount_off = 900 });
        (await scrip.Post("/v1/vouchers/pattern", new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 } })).Expect(200);
        await Copies(scrip);
        var wanted = System.Text.Json.Nodes.JsonNode.Parse("""{"junction":"or","resource_type":{"conditions":{"$is":["promotion_tier"]}},"code":{"conditions":{"$is":["AGED"]}}}""");

        (await scrip.Qualify("ALL", Order, options: new { limit = 1, filters = wanted })).Ids().ShouldBe(["AGED"]);
        // The older operation, by code, has to look at all of them too.
        (await scrip.Post("/v1/vouchers/qualification?order=code&limit=1", new { order = Order })).Expect(200)["data"].Items.ShouldHaveSingleItem()["code"].ShouldBe("AGED");
    }

    // 1100 copies of the coupon of that name, newer than whatever was made before it.
    private async Task Copies(ApiClient scrip) => await Tables.Run(await servers.On(scrip.Db), """
        INSERT INTO vouchers (project_id, id, code, type, active, created_at, body)
        WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 1100)
        SELECT v.project_id, 'v_copy' || n, 'COPY' || n, v.type, v.active, v.created_at + n, v.body FROM vouchers v, numbers
        WHERE v.project_id = @project AND v.code = 'pattern'
        """, ("project", scrip.Project.Id));

    private static async Task Walk(ApiClient scrip, string sorting, string[] expected, Func<Part, string> cursorOf)
    {
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await scrip.Qualify("ALL", Order, options: new { sorting_rule = sorting, limit = 2, starting_after = cursor }))["redeemables"];
            page["total"].ShouldBe(page["data"].Items.Count);
            seen.AddRange(page["data"].Items.Select(one => one["id"].Text));
            cursor = page["has_more"] == true ? cursorOf(page) : null;
        }
        while (cursor is not null);
        seen.ShouldBe(expected);
    }
}
