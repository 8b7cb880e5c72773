using static Scrip.Server.Tests.Features.Sessions.SessionTests;

namespace Scrip.Server.Tests.Features.Sessions;

/// <summary>Sessions under fire. Each test turns red when the guards of <c>SessionSql.HoldUse</c> or <c>RedemptionSql.TakeUse</c> forget what is held.</summary>
public sealed class SessionRaceTests(Servers servers)
{
    const int Clients = 50;
    static readonly object Off = new { type = "AMOUNT", amount_off = 100 };

    [Theory, OnBoth]
    public async Task Of_fifty_sessions_as_many_lock_as_there_are_uses(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("hot", Off, quantity: 5);

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Lock(scrip, "hot", new { type = "LOCK", key = $"k{i}" })));

        answers.ShouldAllBe(answer => answer.Status == 200);
        var won = answers.Index().Where(one => one.Item["valid"] == true).Select(one => $"k{one.Index}").ToList();
        won.Count.ShouldBe(5);
        (await Redeem(scrip, "hot", "nobody")).Expect(400)["key"].ShouldBe("quantity_exceeded");
        var redeemed = await Task.WhenAll(won.Select(key => Redeem(scrip, "hot", key)));
        redeemed.ShouldAllBe(answer => answer.Status == 200);
        (await scrip.Get("/v1/vouchers/hot"))["redemption"]["redeemed_quantity"].ShouldBe(5);
    }

    [Theory, OnBoth]
    public async Task Locks_and_redemptions_together_never_take_more_than_there_is(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("hot", Off, quantity: 20);

        // A third locks and keeps, a third locks and redeems, a third redeems without a session.
        var results = await Task.WhenAll(Enumerable.Range(0, Clients).Select<int, Task<(bool Locked, bool Redeemed)>>(async i =>
        {
            if (i % 3 == 2) return (false, (await scrip.Redeem(new { amount = 1000 }, "hot")).Status == 200);
            if ((await Lock(scrip, "hot", new { type = "LOCK", key = $"k{i}" }))["valid"] != true) return default;
            if (i % 3 == 0) return (true, false);
            // Who holds a use gets it, whatever the others do.
            (await Redeem(scrip, "hot", $"k{i}")).Expect(200);
            return (false, true);
        }));

        var (locked, redeemed) = (results.Count(one => one.Locked), results.Count(one => one.Redeemed));
        (locked + redeemed).ShouldBe(20);
        (await scrip.Get("/v1/vouchers/hot"))["redemption"]["redeemed_quantity"].ShouldBe(redeemed);
        (await Lock(scrip, "hot", new { type = "LOCK", key = "late" }))["valid"].ShouldBe(false);
        foreach (var (i, one) in results.Index())
            if (one.Locked) (await Redeem(scrip, "hot", $"k{i}")).Expect(200);
        (await scrip.Get("/v1/vouchers/hot"))["redemption"]["redeemed_quantity"].ShouldBe(20);
    }

    [Theory, OnBoth]
    public async Task Fifty_sessions_never_hold_more_credits_than_the_card_has(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.GiftCard("card", 1000);

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => LockCredits(scrip, $"k{i}", 300)));

        answers.Count(answer => answer["valid"] == true).ShouldBe(3);
        (await scrip.Redeem(new { amount = 5000 }, "card")).Expect(200)["redemptions"][0]["amount"].ShouldBe(100);
        foreach (var (i, answer) in answers.Index())
            if (answer["valid"] == true) (await Redeem(scrip, "card", $"k{i}", 300)).Expect(200);
        (await scrip.Get("/v1/vouchers/card"))["gift"]["balance"].ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task One_key_used_fifty_times_at_once_holds_one_use(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("hot", Off, quantity: 2);

        var answers = await Task.WhenAll(Enumerable.Range(0, Clients).Select(_ => Lock(scrip, "hot", new { type = "LOCK", key = "same" })));

        answers.ShouldAllBe(answer => answer["valid"] == true);
        (await Lock(scrip, "hot", new { type = "LOCK", key = "other" }))["valid"].ShouldBe(true);
        (await scrip.Redeem(new { amount = 1000 }, "hot")).Expect(400)["key"].ShouldBe("quantity_exceeded");
        (await scrip.Delete("/v1/vouchers/hot/sessions/same")).Expect(204);
        (await scrip.Redeem(new { amount = 1000 }, "hot")).Expect(200);
    }

    [Theory, OnBoth]
    public async Task Sessions_that_run_out_in_the_middle_of_a_race_free_what_they_held_exactly(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("hot", Off, quantity: 5);
        for (var i = 0; i < 5; i++)
            (await Lock(scrip, "hot", new { type = "LOCK", key = $"old{i}", ttl = 150, ttl_unit = "MILLISECONDS" }))["valid"].ShouldBe(true);

        // Everybody tries until the old sessions are over, and beyond.
        var won = await Task.WhenAll(Enumerable.Range(0, 20).Select(async i =>
        {
            for (var tries = 0; tries < 60; tries++)
            {
                var answer = i % 2 == 0 ? await Lock(scrip, "hot", new { type = "LOCK", key = $"new{i}" }) : await scrip.Redeem(new { amount = 1000 }, "hot");
                if (i % 2 == 0 ? answer["valid"] == true : answer.Status == 200) return true;
                await Task.Delay(10);
            }
            return false;
        }));

        won.Count(one => one).ShouldBe(5);
        (await scrip.Get("/v1/vouchers/hot"))["redemption"]["redeemed_quantity"].ShouldBe(won.Index().Count(one => one.Item && one.Index % 2 == 1));
    }
}
