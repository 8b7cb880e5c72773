namespace Scrip.Server.Tests.Features.Webhooks;

/// <summary>Everything that is told of loyalty tiers, and of points whose last day is over on the other side of the date line.</summary>
static class Climbing
{
    /// <summary>Moves a customer up and down the tiers of two campaigns.</summary>
    public static async Task Climb(this ApiClient scrip)
    {
        async Task In(string zone) => (await scrip.AsManagement.Put($"/management/v1/projects/{scrip.Project.Id}", new { timezone = zone })).Expect(200);
        async Task IsIn(string? name) => await Eventually.Holds(async () => ((await scrip.Get("/v1/loyalties/members/LADDER/tiers")).Expect(200)["data"].Items is [var tier] ? tier["name"].Text : null) == name);
        await In("Pacific/Pago_Pago");
        var card = new { points = 10, expiration_rules = new { period_type = "MONTH", period_value = 0 } };
        var keeps = new { qualification_type = "BALANCE", expiration_date = new { type = "CUSTOM", extend = "P0M" } };
        foreach (var (name, terms) in new[] { ("LADDER", null), ("KEPT", keeps) })
        {
            var campaign = (await scrip.Post("/v1/campaigns", new { name, campaign_type = "LOYALTY_PROGRAM", loyalty_tiers_expiration = terms, voucher = new { type = "LOYALTY_CARD", loyalty_card = card } })).Expect(200)["id"].Text;
            (await scrip.Post($"/v1/loyalties/{campaign}/tiers", new[] { new { name = "One", points = new { from = 1, to = 19 } }, new { name = "Two", points = new { from = 20, to = 99 } } })).Expect(200);
            (await scrip.Post($"/v1/campaigns/{campaign}/vouchers/{name}")).Expect(200);
            (await scrip.Post("/v1/publications", new { voucher = name, customer = new { source_id = "ada" } })).Expect(200);
        }
        await IsIn("One");
        (await scrip.Post("/v1/vouchers/LADDER/balance", new { amount = 20 })).Expect(200);
        await IsIn("Two");
        await In("Pacific/Kiritimati");
        await IsIn("One");
        (await scrip.Post("/v1/vouchers/LADDER/balance", new { amount = -10 })).Expect(200);
        await IsIn(null);
    }
}
