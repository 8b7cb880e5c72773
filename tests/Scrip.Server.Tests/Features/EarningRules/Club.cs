namespace Scrip.Server.Tests.Features.EarningRules;

/// <summary>What tests of earning do in one line.</summary>
internal static class Club
{
    /// <summary>A loyalty campaign; answers its id.</summary>
    public static async Task<string> Loyalty(this ApiClient scrip, string name, bool autoJoin = true, bool joinOnce = false, object? more = null) => (await scrip.Unchecked.Post("/v1/campaigns", Join(new
    {
        name,
        campaign_type = "LOYALTY_PROGRAM",
        auto_join = autoJoin,
        join_once = joinOnce,
        voucher = new { type = "LOYALTY_CARD", loyalty_card = new { points = 0 } },
    }, more))).Expect(200)["id"].Text;

    /// <summary>An earning rule; answers it.</summary>
    public static async Task<Part> Earning(this ApiClient scrip, string campaign, object loyalty, string @event = "order.paid", object? more = null) =>
        (await scrip.Post($"/v1/loyalties/{campaign}/earning-rules", new[] { Join(new { @event, loyalty, source = new { banner = "Earn" } }, more) })).Expect(200)[0];

    /// <summary>So many points each time.</summary>
    public static object Fixed(long points) => new { type = "FIXED", points };

    /// <summary>A card of a campaign for a customer; answers its code.</summary>
    public static async Task<string> Card(this ApiClient scrip, string campaign, string customer) =>
        (await scrip.Post("/v1/publications", new { campaign, customer = new { source_id = customer } })).Expect(200)["voucher"]["code"].Text;

    /// <summary>An order of a customer that is paid.</summary>
    public static async Task<Answer> Pay(this ApiClient scrip, string customer, string order, long amount = 1000, object? more = null) =>
        (await scrip.Post("/v1/orders", Join(new { source_id = order, status = "PAID", amount, customer = new { source_id = customer } }, more))).Expect(200);

    /// <summary>Points of a customer, by campaign; 0 when there are none.</summary>
    public static async Task<long> Points(this ApiClient scrip, string customer, string campaign)
    {
        var shown = await scrip.Unchecked.Get($"/v1/customers/{customer}");
        return shown.Status == 200 && shown["loyalty"]["campaigns"][campaign] is { Exists: true } one ? one["points"].Number : 0;
    }

    /// <summary>Waits until a customer has so many points.</summary>
    public static Task<long> Becomes(this ApiClient scrip, string customer, string campaign, long points) =>
        Eventually.Becomes(() => scrip.Points(customer, campaign), found => found == points, found => $"{found} instead of {points}");

    /// <summary>Both objects as one.</summary>
    public static Dictionary<string, object?> Join(object one, object? more)
    {
        var joined = one.GetType().GetProperties().ToDictionary(property => property.Name, property => property.GetValue(one));
        foreach (var property in more?.GetType().GetProperties() ?? []) joined[property.Name] = property.GetValue(more);
        return joined;
    }
}
