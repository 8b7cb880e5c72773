namespace Scrip.Server.Tests.Exact;

/// <summary>
/// What validating and redeeming cost PostgreSQL in round trips and statements. Turns red when a query is asked apart
/// from the others.
/// </summary>
public sealed class RoundTripTests
{
    private const int Times = 20;

    [Fact]
    public async Task A_validation_is_one_round_trip_and_a_redemption_two()
    {
        await using var database = await Database.Create(Db.Postgres);
        var direct = new Uri(database.Address);
        await using var tap = new WireTap(direct);
        await using var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_DATABASE"] = new UriBuilder(direct) { Port = tap.Port }.Uri.ToString(), ["SCRIP_POOL"] = "1" });
        var scrip = Servers.Demo(server).Unchecked;
        foreach (var code in new[] { "one", "two", "three" }) await scrip.Coupon(code, new { type = "AMOUNT", amount_off = 100 });
        await scrip.Product("shirt", 1000);
        var body = new
        {
            redeemables = new[] { "one", "two", "three" }.Select(id => new { @object = "voucher", id }),
            customer = new { source_id = "ada" },
            order = new { items = new[] { new { source_id = "shirt", related_object = "product", quantity = 2 } } },
        };
        // The first ones prepare the statements, save the customer and load the configuration.
        for (var i = 0; i < 5; i++) (await scrip.Post("/v1/redemptions", body)).Expect(200);

        (await Cost(tap, () => scrip.Post("/v1/validations", body))).ShouldBe((1, 4));
        var redeeming = await Cost(tap, () => scrip.Post("/v1/redemptions", body));
        // Four to gather; two so that no limit comes in between; an order, a stack with its parts, an event, three uses.
        redeeming.ShouldBe((2, 4 + 6));

        // Another campaign's limit costs one look at counters, of which these have none to keep.
        await scrip.Codes("limited", 1, quantity: null);
        await scrip.Assign(await scrip.Rule("campaign.redemptions.count", "$less_than_or_equal", 1000), "campaign", (await scrip.Get("/v1/campaigns/limited"))["id"].Text);
        var codes = await scrip.Codes("free", 2, quantity: null);
        body = body with { redeemables = codes.Select(id => new { @object = "voucher", id }) };
        for (var i = 0; i < 5; i++) (await scrip.Post("/v1/redemptions", body)).Expect(200);
        (await Cost(tap, () => scrip.Post("/v1/redemptions", body))).ShouldBe((2, 5 + 6));
    }

    private static async Task<(int RoundTrips, int Statements)> Cost(WireTap tap, Func<Task<Answer>> call)
    {
        tap.Take();
        for (var i = 0; i < Times; i++) (await call()).Expect(200);
        var (trips, statements) = tap.Take();
        (trips % Times, statements % Times).ShouldBe((0, 0));
        return (trips / Times, statements / Times);
    }
}
