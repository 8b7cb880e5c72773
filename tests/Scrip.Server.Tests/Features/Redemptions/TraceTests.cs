using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Redemptions;

public sealed class TraceTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_validation_tells_why_when_asked_and_only_then(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("TEN", new { type = "PERCENT", percent_off = 10.5 });
        await scrip.Coupon("USED", new { type = "AMOUNT", amount_off = 100 }, quantity: 1);
        (await scrip.Redeem(new { amount = 1000 }, "USED")).Expect(200);
        object Ask(string[] expand) => new
        {
            redeemables = new[] { new { @object = "voucher", id = "TEN" }, new { @object = "voucher", id = "USED" } },
            order = new { amount = 999 },
            options = new { expand },
        };

        (await scrip.Post("/v1/validations", Ask(["order"]))).Expect(200)["redeemables"][0]["trace"].Exists.ShouldBeFalse();
        var told = (await scrip.Post("/v1/validations", Ask(["trace"]))).Expect(200);

        told["valid"].ShouldBe(false);
        var (ten, used) = (told["redeemables"][0]["trace"], told["redeemables"][1]["trace"]);
        ten["status"].Text.ShouldBe("APPLICABLE");
        ten["calculation"]["taken"].Number.ShouldBe(105);
        ten["calculation"]["roundings"][0]["exact"].ShouldBe(104.895m);
        used["key"].Text.ShouldBe("quantity_exceeded");
        var last = used["steps"].Items[^1];
        last["name"].Text.ShouldBe("voucher.redemption.quantity");
        last["holds"].ShouldBe(false);
        last["seen"].Number.ShouldBe(1);
        last["needed"].Number.ShouldBe(1);
        used["change"]["to"].Number.ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task A_redemption_keeps_its_trace_and_so_does_one_that_failed(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("ONE", new { type = "AMOUNT", amount_off = 100 }, quantity: 1);
        await scrip.Coupon("TWO", new { type = "PERCENT", percent_off = 50 });

        var stack = (await scrip.Redeem(new { amount = 1000 }, "ONE", "TWO")).Expect(200);
        var failed = (await scrip.Redeem(new { amount = 1000 }, "ONE")).Expect(400);

        stack["redemptions"][0]["trace"].Exists.ShouldBeFalse();
        var whole = (await scrip.Get($"/v1/redemptions/{stack["parent_redemption"]["id"].Text}/trace")).Expect(200);
        whole["redeemables"].Items.Count.ShouldBe(2);
        var part = (await scrip.Get($"/v1/redemptions/{stack["redemptions"][1]["id"].Text}/trace")).Expect(200);
        part["redeemables"].Items.Count.ShouldBe(1);
        part["redeemables"][0]["calculation"]["taken"].Number.ShouldBe(450);
        part["redeemables"][0]["calculation"]["total_amount_before"].Number.ShouldBe(900);
        var refused = (await scrip.Get($"/v1/redemptions/{failed["resource_id"].Text}/trace")).Expect(200);
        refused["redeemables"][0]["key"].Text.ShouldBe("quantity_exceeded");
        (await scrip.Get("/v1/redemptions/r_unknown/trace")).Expect(404);
        (await (await servers.Project(db)).Get($"/v1/redemptions/{stack["parent_redemption"]["id"].Text}/trace")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task A_redemption_answers_with_traces_when_asked(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("ONE", new { type = "AMOUNT", amount_off = 100 });

        var redeemed = (await scrip.Post("/v1/redemptions", new
        {
            redeemables = new[] { new { @object = "voucher", id = "ONE" } },
            order = new { amount = 50 },
            options = new { expand = new[] { "trace" } },
        })).Expect(200);

        redeemed["redemptions"][0]["trace"]["calculation"]["roundings"][0]["taken"].Number.ShouldBe(50);
        (await scrip.Get($"/v1/redemptions/{redeemed["redemptions"][0]["id"].Text}")).Expect(200)["trace"].Exists.ShouldBeFalse();
    }

    [Theory, OnBoth]
    public async Task A_rule_tells_what_it_saw_what_it_needed_and_the_change_that_flips_it(Db db)
    {
        var scrip = await servers.Project(db);
        var code = await scrip.Coupon("FROM100", new { type = "PERCENT", percent_off = 10 });
        var rule = await scrip.Rule("order.amount", "$more_than_or_equal", 10_000, "Spend 100.00");
        await scrip.Assign(rule, "voucher", (await scrip.Get($"/v1/vouchers/{code}")).Expect(200)["id"].Text);
        Task<Answer> Ask(long amount) => scrip.Post("/v1/validations", new { redeemables = new[] { new { @object = "voucher", id = code } }, order = new { amount }, options = new { expand = new[] { "trace" } } });

        var refused = (await Ask(9_000)).Expect(200);

        refused["valid"].ShouldBe(false);
        refused["redeemables"][0]["result"]["error"]["error"]["message"].ShouldBe("Spend 100.00");
        var trace = refused["redeemables"][0]["trace"];
        var step = trace["steps"].Items.Single(one => one["kind"] == "rule");
        (step["rule_id"], step["path"], step["name"], step["operator"], step["holds"], step["seen"]).ShouldBe((rule, "1", "order.amount", "$more_than_or_equal", false, 9_000));
        trace["change"]["fact"].ShouldBe("order.amount");
        (await Ask(trace["change"]["to"].Number)).Expect(200)["valid"].ShouldBe(true);

        var failed = (await scrip.Redeem(new { amount = 9_000 }, code)).Expect(400);
        (await scrip.Get($"/v1/redemptions/{failed["resource_id"].Text}/trace")).Expect(200)["redeemables"][0]["change"]["to"].ShouldBe(10_000);
    }

    [Theory, OnBoth]
    public async Task A_qualification_tells_why_when_asked(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("TEN", new { type = "PERCENT", percent_off = 10.5 });

        var told = (await scrip.Post("/v1/qualifications", new { order = new { amount = 999 }, options = new { expand = new[] { "trace" } } })).Expect(200)["redeemables"]["data"][0];
        var plain = (await scrip.Post("/v1/qualifications", new { order = new { amount = 999 } })).Expect(200)["redeemables"]["data"][0];

        told["trace"]["calculation"]["taken"].ShouldBe(105);
        told["trace"]["steps"].Items.ShouldAllBe(step => step["holds"] == true);
        plain["trace"].Exists.ShouldBeFalse();
    }
}
