namespace Scrip.Server.Tests.Features.Redemptions;

/// <summary>Limits under fire. Each test turns red when the condition in <c>RedemptionSql.TakeUse</c> and the table's CHECK are taken out.</summary>
public sealed class NeverOverTests(Servers servers)
{
    const int Clients = 50;

    [Theory, OnBoth]
    public async Task Fifty_clients_on_two_hundred_codes_succeed_exactly_as_often_as_allowed(Db db)
    {
        var scrip = await servers.Project(db);
        var single = await scrip.Codes("single use", 100, quantity: 1);
        var limited = await scrip.Codes("limited", 100, quantity: 3);
        var codes = single.Concat(limited).ToList();

        // Each code is wanted by ten of the fifty clients, all at the same time.
        var wins = await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(async () =>
        {
            var won = new List<string>();
            for (var i = 0; i < codes.Count; i++)
            {
                if ((i + client) % 5 != 0) continue;
                var answer = await scrip.Redeem(new { amount = 1000 }, codes[i]);
                if (answer.Status == 200) won.Add(codes[i]);
                else answer["key"].ShouldBe("quantity_exceeded");
            }
            return won;
        })));

        var count = wins.SelectMany(won => won).CountBy(code => code).ToDictionary();
        single.ShouldAllBe(code => count.GetValueOrDefault(code) == 1);
        limited.ShouldAllBe(code => count.GetValueOrDefault(code) == 3);
        (await scrip.Count("/v1/redemptions?result=SUCCESS")).ShouldBe(100 + 300);
    }

    [Theory, OnBoth]
    public async Task Fifty_clients_on_one_code_win_exactly_its_quantity(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("hot", new { type = "AMOUNT", amount_off = 100 }, quantity: 10);
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => scrip.Redeem(new { amount = 1000 }, "hot")));
        answers.Count(answer => answer.Status == 200).ShouldBe(10);
        (await scrip.Get("/v1/vouchers/hot"))["redemption"]["redeemed_quantity"].ShouldBe(10);
    }

    [Theory, OnBoth]
    public async Task Fifty_clients_never_take_more_from_a_card_than_is_on_it(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("card", 1000);
        var body = new { redeemables = new[] { new { @object = "voucher", id = "card", gift = new { credits = 300 } } }, order = new { amount = 5000 } };
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => scrip.Post("/v1/redemptions", body)));
        answers.Count(answer => answer.Status == 200).ShouldBe(3);
        (await scrip.Get("/v1/vouchers/card"))["gift"]["balance"].ShouldBe(100);
    }

    [Theory, OnBoth]
    public async Task Two_stacks_over_the_same_codes_in_opposite_order_do_not_hang(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("a", new { type = "AMOUNT", amount_off = 1 });
        await scrip.Coupon("b", new { type = "AMOUNT", amount_off = 1 });
        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => i % 2 == 0
            ? scrip.Redeem(new { amount = 1000 }, "a", "b") : scrip.Redeem(new { amount = 1000 }, "b", "a")));
        answers.ShouldAllBe(answer => answer.Status == 200);
        (await scrip.Get("/v1/vouchers/a"))["redemption"]["redeemed_quantity"].ShouldBe(Clients);
    }
}
