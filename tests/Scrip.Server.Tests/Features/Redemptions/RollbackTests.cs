namespace Scrip.Server.Tests.Features.Redemptions;

public sealed class RollbackTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_stack_goes_back_as_a_whole(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("ten", new { type = "PERCENT", percent_off = 10 }, quantity: 5);
        await scrip.GiftCard("gift", 3000);
        var redeemed = (await scrip.Redeem(new { source_id = "o-1", amount = 10_000 }, "ten", "gift")).Expect(200);
        var parent = redeemed["parent_redemption"]["id"].Text;
        var child = redeemed["redemptions"][1]["id"].Text;

        (await scrip.Post($"/v1/redemptions/{parent}/rollback")).Expect(400)["key"].ShouldBe("invalid_redemption");
        (await scrip.Post($"/v1/redemptions/{child}/rollback")).Expect(400)["key"].ShouldBe("invalid_redemption_parent");
        (await scrip.Post($"/v1/redemptions/{child}/rollbacks")).Expect(400)["key"].ShouldBe("invalid_redemption_parent");
        var back = (await scrip.Post($"/v1/redemptions/{parent}/rollbacks", new { reason = "returned" })).Expect(200);

        back["rollbacks"].Items.Count.ShouldBe(2);
        back["rollbacks"][1]["amount"].ShouldBe(-3000);
        back["rollbacks"][1]["gift"]["amount"].ShouldBe(-3000);
        back["parent_rollback"]["reason"].ShouldBe("returned");
        back["order"]["status"].ShouldBe("CANCELED");
        back["order"]["total_amount"].ShouldBe(10_000);
        back["order"]["discount_amount"].Exists.ShouldBeFalse();
        (await scrip.Get("/v1/vouchers/gift"))["gift"]["balance"].ShouldBe(3000);
        (await scrip.Get("/v1/vouchers/ten"))["redemption"]["redeemed_quantity"].ShouldBe(0);
        (await scrip.Get($"/v1/redemptions/{parent}"))["status"].ShouldBe("ROLLED_BACK");
        (await scrip.Get($"/v1/redemptions/{child}"))["related_redemptions"]["rollbacks"].Items.Count.ShouldBe(1);
        (await scrip.Post($"/v1/redemptions/{parent}/rollbacks")).Expect(400)["key"].ShouldBe("already_rolled_back");

        // The second try belongs to the history, and takes nothing back.
        var failed = (await scrip.Get("/v1/redemptions?result=FAILURE")).Expect(200)["redemptions"].Items.ShouldHaveSingleItem();
        failed["object"].ShouldBe("redemption_rollback");
        failed["id"].Text.ShouldStartWith("rrf_");
        failed["failure_code"].ShouldBe("already_rolled_back");
        failed["redemption"].ShouldBe(parent);
        (await scrip.Get($"/v1/redemptions/{child}"))["related_redemptions"]["rollbacks"].Items.Count.ShouldBe(1);
        (await scrip.Get("/v1/vouchers/gift"))["gift"]["balance"].ShouldBe(3000);
    }

    [Theory, OnBoth]
    public async Task Of_fifty_rollbacks_one_counts(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("gift", 3000);
        var id = (await scrip.Redeem(new { amount = 2000 }, "gift")).Expect(200)["redemptions"][0]["id"].Text;

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => scrip.Post($"/v1/redemptions/{id}/rollback")));

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer["key"].Text == "already_rolled_back");
        (await scrip.Get("/v1/vouchers/gift"))["gift"]["balance"].ShouldBe(3000);
        (await scrip.Get("/v1/vouchers/gift"))["redemption"]["redeemed_quantity"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task Of_fifty_rollbacks_of_a_stack_one_counts_for_codes_credits_and_the_order(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("ten", new { type = "PERCENT", percent_off = 10 }, quantity: 5);
        await scrip.GiftCard("gift", 3000);
        (await scrip.Redeem(new { amount = 500 }, "ten", "gift")).Expect(200);
        var stack = (await scrip.Redeem(new { source_id = "o-1", amount = 2000 }, "ten", "gift")).Expect(200);

        var answers = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => scrip.Post($"/v1/redemptions/{stack["parent_redemption"]["id"].Text}/rollbacks")));

        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer["key"].Text == "already_rolled_back");
        (await scrip.Get("/v1/vouchers/ten"))["redemption"]["redeemed_quantity"].ShouldBe(1);
        (await scrip.Get("/v1/vouchers/gift"))["redemption"]["redeemed_quantity"].ShouldBe(1);
        (await scrip.Get("/v1/vouchers/gift"))["gift"]["balance"].ShouldBe(3000 - 450);
        (await scrip.Get("/v1/vouchers/gift/transactions"))["data"].Items.Count(move => move["type"].Text == "CREDITS_REFUND").ShouldBe(1);
        var order = (await scrip.Get("/v1/orders/o-1")).Expect(200);
        order["status"].ShouldBe("CANCELED");
        order["total_discount_amount"].Exists.ShouldBeFalse();
        (await scrip.Count("/v1/redemptions?result=SUCCESS&filters[object][conditions][$is]=redemption_rollback")).ShouldBe(3);
    }

    [Theory, OnBoth]
    public async Task Somebody_elses_order_or_customer_is_refused(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("five", new { type = "AMOUNT", amount_off = 500 });
        var id = (await scrip.Post("/v1/redemptions", new
        {
            redeemables = new[] { new { @object = "voucher", id = "five" } },
            order = new { source_id = "o-1", amount = 1000 },
            customer = new { source_id = "ada" },
        })).Expect(200)["redemptions"][0]["id"].Text;

        (await scrip.Post($"/v1/redemptions/{id}/rollback", new { order = new { source_id = "o-2" } })).Expect(400)["key"].ShouldBe("invalid_order");
        (await scrip.Post($"/v1/redemptions/{id}/rollback", new { customer = new { source_id = "ben" } })).Expect(400)["key"].ShouldBe("invalid_customer");
        (await scrip.Post($"/v1/redemptions/{id}/rollback?reason=late&tracking_id=t-1", new { customer = new { source_id = "ada" } })).Expect(200)["reason"].ShouldBe("late");
    }

    [Theory, OnBoth]
    public async Task Free_units_leave_the_order_with_the_rollback(Db db)
    {
        var scrip = await servers.Project(db);
        var socks = await scrip.Product("socks", 1200);
        await scrip.Coupon("free", new { type = "UNIT", unit_off = 1, unit_type = "socks", effect = "ADD_NEW_ITEMS", product = new { id = socks } });
        var redeemed = (await scrip.Redeem(new { items = new[] { new { product_id = "other", quantity = 1, price = 5000 } } }, "free")).Expect(200);
        redeemed["order"]["amount"].ShouldBe(6200);

        var back = (await scrip.Post($"/v1/redemptions/{redeemed["redemptions"][0]["id"].Text}/rollback")).Expect(200);

        back["order"]["amount"].ShouldBe(5000);
        back["order"]["items"].Items.Count.ShouldBe(1);
    }
}
