using Scrip.Server.Tests.Features.Distributions;

namespace Scrip.Server.Tests.Features.Loyalties;

/// <summary>All that happens to points, for who listens to it.</summary>
public static class Collecting
{
    /// <summary>Points that were put on a card, paid, bought things, and went to another card.</summary>
    public static async Task Collect(ApiClient scrip)
    {
        var club = (await scrip.Post("/v1/campaigns", new { name = "Club", campaign_type = "LOYALTY_PROGRAM", voucher = new { type = "LOYALTY_CARD", loyalty_card = new { points = 10 } } })).Expect(200)["id"].Text;
        var reward = (await scrip.Post("/v1/rewards", new { name = "Pay", parameters = new { coin = new { exchange_ratio = 1, points_ratio = 1 } } })).Expect(200)["id"].Text;
        (await scrip.Post($"/v1/rewards/{reward}/assignments", new { campaign = club })).Expect(200);
        (await scrip.Post($"/v1/campaigns/{club}/vouchers/POINTS")).Expect(200);
        (await scrip.Post("/v1/publications", new { voucher = "POINTS", customer = new { source_id = "ada" } })).Expect(200);
        (await scrip.Post("/v1/vouchers/POINTS/balance", new { amount = 20 })).Expect(200);
        var redeemed = (await scrip.Post("/v1/redemptions", new { redeemables = new[] { new { @object = "voucher", id = "POINTS", reward = new { id = reward, points = 5 } } }, customer = new { source_id = "ada" }, order = new { amount = 1000 } })).Expect(200);
        (await scrip.Post($"/v1/redemptions/{redeemed["redemptions"][0]["id"].Text}/rollback")).Expect(200);
        var thing = (await scrip.Post("/v1/rewards", new { name = "Thing", parameters = new { product = new { id = await scrip.Product("thing", 100) } } })).Expect(200)["id"].Text;
        (await scrip.Growing("Thanks")).ShouldNotBeEmpty();
        var code = (await scrip.Post("/v1/rewards", new { name = "Code", parameters = new { campaign = new { id = "Thanks" } } })).Expect(200)["id"].Text;
        foreach (var bought in new[] { thing, code })
        {
            (await scrip.Post($"/v1/loyalties/{club}/rewards", new[] { new { reward = bought, parameters = new { loyalty = new { points = 3 } } } })).Expect(200);
            (await scrip.Post("/v1/loyalties/members/POINTS/redemption", new { reward = new { id = bought } })).Expect(200);
        }
        (await scrip.Post($"/v1/campaigns/{club}/vouchers/OTHER")).Expect(200);
        (await scrip.Post($"/v1/loyalties/{club}/members", new { voucher = "OTHER", customer = "cid" })).Expect(200);
        (await scrip.Post($"/v1/loyalties/{club}/members/OTHER/transfers", new[] { new { code = "POINTS", points = 2 } })).Expect(200);
    }
}
