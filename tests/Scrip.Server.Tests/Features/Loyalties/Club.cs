namespace Scrip.Server.Tests.Features.Loyalties;

/// <summary>A loyalty program with a card of Ada's and one of Bob's, at the loyalty paths.</summary>
public sealed record Club(ApiClient Scrip, string Id)
{
    /// <summary>Makes it.</summary>
    public static async Task<Club> Start(ApiClient scrip, long points = 1000, string name = "Club")
    {
        var club = await StartEmpty(scrip, name, points);
        await club.Join("ADA", "ada");
        await club.Join("BOB", "bob");
        return club;
    }

    /// <summary>A program without members.</summary>
    public static async Task<Club> StartEmpty(ApiClient scrip, string name, long points = 1000)
    {
        var program = (await scrip.Post("/v1/loyalties", new { name, join_once = true, voucher = new { type = "LOYALTY_CARD", loyalty_card = new { points } } })).Expect(200);
        program["campaign_type"].ShouldBe("LOYALTY_PROGRAM");
        return new(scrip, program["id"].Text);
    }

    /// <summary>Makes a card and gives it to a customer.</summary>
    public async Task Join(string code, string customer)
    {
        (await Scrip.Post("/v1/customers", new { source_id = customer, name = customer, email = $"{customer}@shop.test" })).Expect(200);
        (await Scrip.Post($"/v1/campaigns/{Id}/vouchers/{code}")).Expect(200);
        (await Scrip.Post($"/v1/loyalties/{Id}/members", new { voucher = code, customer })).Expect(200)["code"].ShouldBe(code);
    }

    /// <summary>Both paths of a member, or of what is below it.</summary>
    public string[] Paths(string code, string below = "") => [$"/v1/loyalties/{Id}/members/{code}{below}", $"/v1/loyalties/members/{code}{below}"];

    /// <summary>The points on a card.</summary>
    public async Task<long> Balance(string code) => (await Scrip.Get($"/v1/loyalties/members/{code}")).Expect(200)["loyalty_card"]["balance"].Number;

    /// <summary>Makes a reward and assigns it for a price; answers the ids of both.</summary>
    public async Task<(string Reward, string Assignment)> Sell(object parameters, long? points, long? stock = null, string name = "Reward")
    {
        var reward = (await Scrip.Post("/v1/rewards", stock is null ? new { name, parameters } : new { name, parameters, stock })).Expect(200)["id"].Text;
        var price = points is null ? null : new { loyalty = new { points } };
        var made = (await Scrip.Post($"/v1/loyalties/{Id}/rewards", new object[] { price is null ? new { reward } : new { reward, parameters = price } })).Expect(200);
        return (reward, made[0]["id"].Text);
    }

    /// <summary>Ada buys a reward, by the one path or the other.</summary>
    public Task<Answer> Buy(string reward, string code = "ADA", int path = 0, object? order = null, long? points = null) =>
        Scrip.Post(Paths(code, "/redemption")[path], new { reward = new { id = reward, points }, order });
}
