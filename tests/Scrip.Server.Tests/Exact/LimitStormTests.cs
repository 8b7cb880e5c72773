namespace Scrip.Server.Tests.Exact;

/// <summary>
/// Limits under fire, on one node and on three over one PostgreSQL: exactly as often as allowed, never above a budget by
/// one minor unit. Red when <c>UsageSql.Add</c> leaves its maximum out; when <c>RedemptionSql.TakeUse</c> leaves the
/// quantity out and the CHECK constraint behind it is gone as well.
/// </summary>
public sealed class LimitStormTests(Servers servers)
{
    [Theory]
    [OnBoth(1, 2), OnBoth(1, 50), OnBoth(10, 50), OnBoth(10, 200), OnBoth(1000, 50)]
    public async Task A_code_is_redeemed_exactly_as_often_as_it_may(Db db, int allowed, int clients)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("limited", new { type = "AMOUNT", amount_off = 100 }, quantity: allowed);
        var done = await Storm.Of(clients, client => Storm.UntilRefused(turn => scrip.Unchecked.Redeem(
            new { source_id = $"order-{client}-{turn}", amount = 1000 }, "limited"), "quantity_exceeded"));
        done.Sum(list => list.Count).ShouldBe(allowed);
        (await scrip.Get("/v1/vouchers/limited"))["redemption"]["redeemed_quantity"].ShouldBe(allowed);
        (await scrip.Count("/v1/redemptions?result=SUCCESS")).ShouldBe(allowed);
        (await scrip.Count("/v1/orders")).ShouldBe(allowed);
    }

    [Fact]
    public async Task Three_nodes_over_one_database_hold_every_limit_together()
    {
        await using var database = await Database.Create(Db.Postgres);
        await using var first = await ScripProcess.Start(database);
        await using var second = await ScripProcess.Start(database);
        await using var third = await ScripProcess.Start(database);
        ApiClient[] nodes = [.. new[] { first, second, third }.Select(Servers.Demo)];
        foreach (var (allowed, clients) in Storm.IsLong ? new[] { (1, 2), (1, 200), (10, 50), (10, 200), (1000, 200) } : [(1, 50), (10, 200), (1000, 50)])
        {
            var code = $"limited-{allowed}-{clients}";
            await nodes[0].Coupon(code, new { type = "AMOUNT", amount_off = 100 }, quantity: allowed);
            var done = await Storm.Of(clients, client => Storm.UntilRefused(turn => nodes[client % 3].Unchecked.Redeem(new { amount = 1000 }, code), "quantity_exceeded"));
            done.Sum(list => list.Count).ShouldBe(allowed);
            (await nodes[1].Get($"/v1/vouchers/{code}"))["redemption"]["redeemed_quantity"].ShouldBe(allowed);
        }
        await EachCustomerAndDay(nodes);
        await Budget(nodes);
        await Card(nodes);
        await Stack(nodes);
        await Rollback(nodes);
        (await ScripProcess.Run(database, "ledger", "verify")).ShouldNotBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Customers_days_budgets_cards_and_rollbacks_are_exact_on_one_node(Db db)
    {
        var scrip = await servers.Project(db);
        await EachCustomerAndDay([scrip]);
        await Budget([scrip]);
        await Card([scrip]);
        await Stack([scrip]);
        await Rollback([scrip]);
    }

    // Stacks of a code for everybody, one for ten uses, and a card that is good for twelve: ten, and nothing more of any of them.
    static async Task Stack(ApiClient[] nodes)
    {
        await nodes[0].Coupon("for all", new { type = "AMOUNT", amount_off = 1 });
        await nodes[0].Coupon("for ten", new { type = "AMOUNT", amount_off = 1 }, quantity: 10);
        await nodes[0].GiftCard("for twelve", 1200);
        var done = await Storm.Of(40, client => Storm.UntilRefused(turn => nodes[client % nodes.Length].Unchecked.Post("/v1/redemptions", new
        {
            redeemables = new object[] { new { @object = "voucher", id = "for all" }, new { @object = "voucher", id = "for ten" }, new { @object = "voucher", id = "for twelve", gift = new { credits = 100 } } },
            order = new { amount = 10_000 },
        }), "quantity_exceeded"));
        done.Sum(list => list.Count).ShouldBe(10);
        foreach (var code in new[] { "for all", "for ten", "for twelve" })
            (await nodes[0].Get($"/v1/vouchers/{Uri.EscapeDataString(code)}"))["redemption"]["redeemed_quantity"].ShouldBe(10, code);
        (await nodes[0].Get("/v1/vouchers/for%20twelve"))["gift"]["balance"].ShouldBe(200);
    }

    // Forty clients, four customers who may three times each, and no more than ten in all on one day.
    static async Task EachCustomerAndDay(ApiClient[] nodes)
    {
        var codes = await nodes[0].Codes("often", 5, quantity: null);
        var campaign = (await nodes[0].Get("/v1/campaigns/often"))["id"].Text;
        await nodes[0].Assign(await nodes[0].Rule("campaign.redemptions.customers_count", "$less_than_or_equal", 3), "campaign", campaign);
        await nodes[0].Assign(await nodes[0].Rule("campaign.redemptions.count.daily", "$less_than_or_equal", 10), "campaign", campaign);
        var done = await Storm.Of(40, client => Storm.UntilRefused(turn => nodes[client % nodes.Length].Unchecked.Post("/v1/redemptions", new
        {
            redeemables = new[] { new { @object = "voucher", id = codes[(client + turn) % codes.Count] } },
            customer = new { source_id = $"c{client % 4}" },
            order = new { amount = 1000 },
        }), "redemption_rules_violated"));
        done.Sum(list => list.Count).ShouldBe(10);
        done.Select((list, client) => (Customer: client % 4, list.Count)).GroupBy(one => one.Customer).ShouldAllBe(of => of.Sum(one => one.Count) <= 3);
    }

    // Discounts of 7 until 1000 are spent: 142 of them, and six units that nobody can take.
    static async Task Budget(ApiClient[] nodes)
    {
        var codes = await nodes[0].Codes("budget", 5, quantity: null, new { type = "AMOUNT", amount_off = 7 });
        await nodes[0].Assign(await nodes[0].Rule("campaign.orders.amount_discounted", "$less_than_or_equal", 1000), "campaign", (await nodes[0].Get("/v1/campaigns/budget"))["id"].Text);
        var done = await Storm.Of(20, client => Storm.UntilRefused(turn => nodes[client % nodes.Length].Unchecked.Redeem(
            new { amount = 1000 }, codes[(client + turn) % codes.Count]), "redemption_rules_violated"));
        done.Sum(list => list.Sum(answer => answer["order"]["total_discount_amount"].Number)).ShouldBe(142 * 7);
    }

    // A card of 1000, taken in pieces of 7 by everybody: 142 pieces, and six units are left.
    static async Task Card(ApiClient[] nodes)
    {
        await nodes[0].GiftCard("card", 1000);
        var done = await Storm.Of(30, client => Storm.UntilRefused(_ => nodes[client % nodes.Length].Unchecked.Post("/v1/redemptions", new
        {
            redeemables = new[] { new { @object = "voucher", id = "card", gift = new { credits = 7 } } },
            order = new { amount = 1000 },
        }), "gift_amount_exceeded"));
        done.Sum(list => list.Count).ShouldBe(142);
        (await nodes[0].Get("/v1/vouchers/card"))["gift"]["balance"].ShouldBe(6);
    }

    // Fifty want to take the same stack back.
    static async Task Rollback(ApiClient[] nodes)
    {
        await nodes[0].GiftCard("back", 500);
        await nodes[0].Coupon("once", new { type = "AMOUNT", amount_off = 100 }, quantity: 1);
        var stack = (await nodes[0].Redeem(new { amount = 600 }, "once", "back")).Expect(200)["parent_redemption"]["id"].Text;
        var answers = await Storm.Of(50, client => nodes[client % nodes.Length].Unchecked.Post($"/v1/redemptions/{stack}/rollbacks"));
        answers.Count(answer => answer.Status == 200).ShouldBe(1);
        answers.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer["key"].Text == "already_rolled_back");
        (await nodes[0].Get("/v1/vouchers/back"))["gift"]["balance"].ShouldBe(500);
        (await nodes[0].Get("/v1/vouchers/once"))["redemption"]["redeemed_quantity"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task A_session_that_expires_in_the_middle_of_a_race_gives_its_use_once(Db db)
    {
        var scrip = await servers.Project(db);
        for (var round = 0; round < (Storm.IsLong ? 20 : 4); round++)
        {
            var code = $"held-{round}";
            await scrip.Coupon(code, new { type = "AMOUNT", amount_off = 100 }, quantity: 1);
            (await scrip.Post("/v1/validations", new
            {
                redeemables = new[] { new { @object = "voucher", id = code } },
                order = new { amount = 1000 },
                session = new { type = "LOCK", key = "mine", ttl = 150, ttl_unit = "MILLISECONDS" },
            })).Expect(200)["valid"].ShouldBe(true);
            // The owner comes when the hold ends, the others try all the time.
            var answers = await Storm.Of(30, async client =>
            {
                await Task.Delay(client == 0 ? 150 : 120 + client);
                return await scrip.Unchecked.Post("/v1/redemptions", new
                {
                    redeemables = new[] { new { @object = "voucher", id = code } },
                    order = new { amount = 1000 },
                    session = client == 0 ? new { type = "LOCK", key = "mine" } : null,
                });
            });
            answers.Count(answer => answer.Status == 200).ShouldBe(1);
            (await scrip.Get($"/v1/vouchers/{code}"))["redemption"]["redeemed_quantity"].ShouldBe(1);
        }
    }
}
