using Scrip.Server.Tests.Features.Qualifications;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Wallets;

public sealed class WalletTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_customers_redeemables_are_what_the_customer_holds(Db db)
    {
        var scrip = await servers.Project(db);
        var (ada, bob) = (await scrip.Customer("ada"), await scrip.Customer("bob"));
        var campaign = await scrip.Campaign("Codes", new { type = "AMOUNT", amount_off = 100 });
        var code = (await scrip.CodesOf(campaign))[0];
        foreach (var name in new[] { "used", "off", "theirs", "nobodys" }) await scrip.Coupon(name, new { type = "AMOUNT", amount_off = 100 }, quantity: 1);
        await scrip.GiftCard("card", 500);
        await scrip.GiftCard("spent", 500);
        foreach (var mine in new[] { code, "used", "off", "card", "spent" }) await servers.Give(scrip, mine, ada);
        await servers.Give(scrip, "theirs", bob);
        (await scrip.Redeem(new { amount = 1_000 }, "used", "spent")).Expect(200);
        (await scrip.Post("/v1/vouchers/off/disable")).Expect(200);

        var answer = (await scrip.Get("/v1/customers/ada/redeemables?order=id")).Expect(200);

        answer["total"].ShouldBe(5);
        answer["has_more"].ShouldBe(false);
        answer["data"].Items.Select(one => $"{one["redeemable"]["voucher"]["code"].Text} {one["redeemable"]["status"].Text}")
            .ShouldBe([$"{code} ACTIVE", "used USED", "off DISABLED", "card ACTIVE", "spent NO_BALANCE"]);
        var first = answer["data"][0];
        first["id"].Text.ShouldStartWith("rh_");
        first["customer_id"].ShouldBe(ada);
        first["holder_role"].ShouldBe("OWNER");
        first["campaign_id"].ShouldBe(campaign);
        first["campaign_type"].ShouldBe("DISCOUNT_COUPONS");
        first["voucher_type"].ShouldBe("DISCOUNT_VOUCHER");
        first["redeemable"]["voucher"]["holder_id"].ShouldBe(ada);
        answer["data"][1]["campaign_type"].IsNull.ShouldBeTrue();
    }

    [Theory]
    [OnBoth("id")]
    [OnBoth("-id")]
    public async Task Pages_follow_the_cursor(Db db, string order)
    {
        var scrip = await servers.Project(db);
        var ada = await scrip.Customer("ada");
        for (var i = 0; i < 5; i++)
        {
            await scrip.Coupon($"C{i}", new { type = "AMOUNT", amount_off = 100 });
            await servers.Give(scrip, $"C{i}", ada);
        }
        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = (await scrip.Get($"/v1/customers/{ada}/redeemables?limit=2&order={order}" + (cursor is null ? "" : $"&starting_after_id={cursor}"))).Expect(200);
            page["total"].ShouldBe(5);
            seen.AddRange(page["data"].Items.Select(one => one["redeemable"]["voucher"]["code"].Text));
            cursor = page["has_more"] == true ? page["more_starting_after"].Text : null;
        }
        while (cursor is not null);

        seen.Order(StringComparer.Ordinal).ShouldBe(["C0", "C1", "C2", "C3", "C4"]);
    }

    [Theory]
    [OnBoth("filters[voucher_type][conditions][$is]=GIFT_VOUCHER", "card")]
    [OnBoth("filters[voucher_type][conditions][$is_not]=GIFT_VOUCHER", "coupon")]
    [OnBoth("filters[campaign_id][conditions][$is_unknown]", "card coupon")]
    [OnBoth("filters[campaign_type][conditions][$is]=GIFT_VOUCHERS", "")]
    [OnBoth("filters[holder_role][conditions][$is]=OWNER", "card coupon")]
    [OnBoth("filters[holder_role][conditions][$in][0]=REFERRER", "")]
    [OnBoth("filters[redeemable_object][conditions][$is]=voucher", "card coupon")]
    [OnBoth("filters[redeemable_id][conditions][$is]=ID", "coupon")]
    [OnBoth("filters[id][conditions][$is]=HOLDING", "coupon")]
    [OnBoth("filters[created_at][conditions][$before]=2020-01-01T00:00:00Z", "")]
    [OnBoth("filters[created_at][conditions][$after]=2020-01-01T00:00:00Z", "card coupon")]
    public async Task Filters_choose_among_what_is_held(Db db, string filter, string told)
    {
        var scrip = await servers.Project(db);
        var ada = await scrip.Customer("ada");
        await scrip.Coupon("coupon", new { type = "AMOUNT", amount_off = 100 });
        await scrip.GiftCard("card", 100);
        await servers.Give(scrip, "coupon", ada);
        await servers.Give(scrip, "card", ada);
        var id = (await scrip.Get("/v1/vouchers/coupon")).Expect(200)["id"].Text;
        filter = filter.Replace("=ID", $"={id}", StringComparison.Ordinal).Replace("HOLDING", $"rh_{id[2..]}", StringComparison.Ordinal);

        var answer = (await scrip.Get($"/v1/customers/{ada}/redeemables?{filter}")).Expect(200);

        string.Join(' ', answer["data"].Items.Select(one => one["redeemable"]["voucher"]["code"].Text).Order(StringComparer.Ordinal)).ShouldBe(told);
    }

    [Theory, OnBoth]
    public async Task An_unknown_customer_and_another_projects_are_not_found_alike(Db db)
    {
        var (mine, other) = (await servers.Project(db), await servers.Project(db));
        var ada = await other.Customer("ada");
        await other.Coupon("theirs", new { type = "AMOUNT", amount_off = 100 });
        await servers.Give(other, "theirs", ada);

        foreach (var name in new[] { "nobody", ada })
        {
            var refused = (await mine.Get($"/v1/customers/{name}/redeemables")).Expect(404);
            refused["resource_type"].ShouldBe("customer");
            refused["resource_id"].ShouldBe(name);
        }
    }

    [Theory]
    [OnBoth("limit=101")]
    [OnBoth("order=created_at")]
    [OnBoth("starting_after_id=v_1")]
    [OnBoth("filters[colour][conditions][$is]=red")]
    public async Task Parameters_outside_their_range_are_refused(Db db, string query)
    {
        var scrip = await servers.Project(db);
        var ada = await scrip.Customer("ada");
        (await scrip.Get($"/v1/customers/{ada}/redeemables?{query}")).Expect(400);
    }
}
