using System.Globalization;
using System.Text.Json;
using Scrip.Server.Tests.Contract;
using Scrip.Server.Tests.Features.EarningRules;
using static Scrip.Server.Tests.Features.EarningRules.Club;

namespace Scrip.Server.Tests.Features.PendingPoints;

/// <summary>Points that wait before they can be spent: activated once, by hand or by the day, adjusted, or given up.</summary>
public sealed class PendingPointsTests(Servers servers, WebhookServers hooked)
{
    static readonly object ThreeDays = new { pending_points = new { period_type = "DAY", period_value = 3 } };

    // Where data is not as its schema says, and why.
    static readonly (string Types, string Place)[] Known =
    [
        // The schema wants the balance of a card; the vendor's examples have none of pending points.
        ("voucher.loyalty_card.pending_points.", "/voucher_pending_points_balance"),
        // As customer.order.paid: the schema allows no property of an order, and the vendor's example has all of them.
        ("customer.rewarded.loyalty_points", "/order"),
    ];

    static async Task<(string Club, string Code)> Program(ApiClient scrip, long points = 30)
    {
        var club = await scrip.Loyalty("Club");
        await scrip.Earning(club, Fixed(points), more: ThreeDays);
        return (club, await scrip.Card(club, "ada"));
    }

    static async Task<IReadOnlyList<Part>> Waiting(ApiClient scrip, string code, int count) =>
        (await Eventually.Answers(() => scrip.Get($"/v1/loyalties/members/{code}/pending-points?order=id"), list => list["data"].Items.Count == count))["data"].Items;

    [Theory, OnBoth]
    public async Task Points_wait_outside_of_the_balance_until_they_are_activated_once(Db db)
    {
        var scrip = await servers.Project(db);
        var (club, code) = await Program(scrip);
        var card = (await scrip.Get($"/v1/vouchers/{code}")).Expect(200)["id"].Text;
        var order = (await scrip.Pay("ada", "o1"))["id"].Text;
        var one = (await Waiting(scrip, code, 1))[0];
        one["id"].Text.ShouldStartWith("lopp_");
        (one["points"].Number, one["voucher_id"].Text, one["campaign_id"].Text, one["order_id"].Text).ShouldBe((30, card, club, order));
        one["details"]["event"]["type"].ShouldBe("customer.order.paid");
        one["details"]["order"]["source_id"].ShouldBe("o1");
        one["activates_at"].ShouldBe(DateTimeOffset.Parse(one["created_at"].Text, CultureInfo.InvariantCulture).UtcDateTime.AddDays(3).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        (await scrip.Points("ada", "Club")).ShouldBe(0);

        var activated = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => scrip.Post($"/v1/loyalties/members/{card}/pending-points/{one["id"].Text}/activate")));
        var balance = activated.Single(answer => answer.Status == 200);
        (balance["points"].Number, balance["total"].Number, balance["balance"].Number, balance["operation_type"].Text).ShouldBe((30, 30, 30, "MANUAL"));
        activated.Where(answer => answer.Status != 200).ShouldAllBe(answer => answer.Status == 400 && answer["key"].Text == "invalid_pending_points_state");
        await scrip.Becomes("ada", "Club", 30);
        await Waiting(scrip, code, 0);
        (await scrip.Get($"/v1/vouchers/{code}/transactions")).Expect(200)["data"].Items.Single()["type"].ShouldBe("PENDING_POINTS_ACTIVATION");
        foreach (var (what, word) in new[] { ("activate", "activated"), ("cancel", "canceled"), ("balance", "updated") })
            (await scrip.Post($"/v1/loyalties/members/{code}/pending-points/{one["id"].Text}/{what}", new { points = 1 })).Expect(400)["details"]
                .ShouldBe($"Only pending points in 'PENDING' status can be {word}. Current status: 'ACTIVATED'.");
    }

    [Theory, OnBoth]
    public async Task They_are_activated_by_themselves_when_their_day_has_come_and_not_before(Db db)
    {
        var scrip = await servers.Project(db);
        var (club, code) = await Program(scrip);
        foreach (var order in new[] { "o1", "o2", "o3" }) await scrip.Pay("ada", order);
        var ids = (await Waiting(scrip, code, 3)).Select(one => one["id"].Text).ToArray();
        foreach (var id in ids[..2])
            (await Tables.Run(await servers.On(db), "UPDATE pending_points SET activates_at = 1000 WHERE id = @id", ("id", id))).ShouldBe(1);

        await scrip.Becomes("ada", "Club", 60);
        (await Waiting(scrip, code, 1))[0]["id"].ShouldBe(ids[2]);
        var moved = (await scrip.Get($"/v1/vouchers/{code}/transactions")).Expect(200)["data"].Items;
        moved.Count.ShouldBe(2);
        moved.ShouldAllBe(one => one["details"]["balance"]["operation_type"].Text == "AUTOMATIC");
        // Points of a card that is gone for good go with it.
        (await scrip.Delete($"/v1/vouchers/{code}?force=true")).Expect(204);
        await Tables.Run(await servers.On(db), "UPDATE pending_points SET activates_at = 1000 WHERE id = @id", ("id", ids[2]));
        await Eventually.Holds(async () => (await scrip.Get($"/v1/loyalties/{club}/pending-points")).Expect(200)["data"].Items.Count == 0);
    }

    [Theory, OnBoth]
    public async Task They_wait_for_a_campaign_that_lies_in_the_bin(Db db)
    {
        var scrip = await servers.Project(db);
        var (club, code) = await Program(scrip);
        await scrip.Pay("ada", "o1");
        var id = (await Waiting(scrip, code, 1))[0]["id"].Text;
        await scrip.Done((await scrip.Delete($"/v1/campaigns/{club}")).Expect(202)["async_action_id"].Text);
        await Tables.Run(await servers.On(db), "UPDATE pending_points SET activates_at = 1000 WHERE id = @id", ("id", id));
        (await scrip.Get($"/v1/loyalties/{club}/pending-points")).Expect(404);
        await Task.Delay(2500);

        var bin = (await scrip.Get("/v1/trash-bin")).Expect(200)["data"][0]["id"].Text;
        (await scrip.Post($"/v1/trash-bin/{bin}/restore")).Expect(200);

        await scrip.Becomes("ada", "Club", 30);
    }

    [Theory, OnBoth]
    public async Task They_are_adjusted_while_something_is_left_and_can_be_given_up(Db db)
    {
        var scrip = await servers.Project(db);
        var (club, code) = await Program(scrip);
        foreach (var order in new[] { "o1", "o2", "o3" }) await scrip.Pay("ada", order);
        var ids = (await Waiting(scrip, code, 3)).Select(one => one["id"].Text).ToArray();
        var path = $"/v1/loyalties/members/{code}/pending-points/{ids[0]}";

        var more = (await scrip.Post($"{path}/balance", new { points = 10 })).Expect(200);
        (more["points"].Number, more["total"].Number, more["operation_type"].Text).ShouldBe((10, 100, "MANUAL"));
        (await scrip.Post($"{path}/balance", new { points = -39 })).Expect(200)["total"].ShouldBe(61);
        foreach (var points in new long[] { -1, -2, 9_007_199_254_740_991 }) (await scrip.Post($"{path}/balance", new { points })).Expect(400)["key"].ShouldBe("invalid_amount");
        (await scrip.Post($"{path}/balance", new { points = 0 })).Expect(400);
        (await scrip.Post($"{path}/balance", new { })).Expect(400)["details"].Text.ShouldContain("points");
        (await scrip.Post($"/v1/loyalties/members/{code}/pending-points/lopp_unknown/activate")).Expect(404)["resource_type"].ShouldBe("pending_points");
        (await scrip.Post($"/v1/loyalties/members/unknown/pending-points/{ids[0]}/activate")).Expect(404)["resource_type"].ShouldBe("voucher");
        (await Waiting(scrip, code, 3))[0]["updated_at"].Exists.ShouldBeTrue();

        (await scrip.Post($"{path}/cancel")).Expect(204);
        (await scrip.Post($"{path}/cancel")).Expect(400)["details"].Text.ShouldContain("'CANCELED'");
        (await scrip.Post($"{path}/activate")).Expect(400)["details"].Text.ShouldContain("'CANCELED'");
        var page = (await scrip.Get($"/v1/loyalties/{club}/members/{code}/pending-points?limit=1&order=id")).Expect(200);
        (page["data"][0]["id"].Text, page["has_more"].Node!.GetValue<bool>(), page["more_starting_after"].Text).ShouldBe((ids[1], true, ids[1]));
        (await scrip.Get($"/v1/loyalties/{club}/pending-points?limit=1&order=id&starting_after_id={ids[1]}")).Expect(200)["data"][0]["id"].ShouldBe(ids[2]);
        (await scrip.Get($"/v1/loyalties/{await scrip.Loyalty("Other")}/members/{code}/pending-points")).Expect(404)["resource_type"].ShouldBe("voucher");
        (await scrip.Points("ada", "Club")).ShouldBe(0);
    }

    [Theory, OnBoth]
    public async Task What_is_earned_and_what_waits_is_told_as_documented(Db db)
    {
        await using var receiver = Receiver.Start();
        var scrip = await hooked.Project(db);
        await scrip.Hook(receiver.Address, "customer.rewarded.loyalty_points", "voucher.loyalty_card.points_added", "voucher.loyalty_card.pending_points.added",
            "voucher.loyalty_card.pending_points.updated", "voucher.loyalty_card.pending_points.activated", "voucher.loyalty_card.pending_points.canceled", "campaign.earning_rule.assigned");
        var (club, code) = await Program(scrip);
        var rule = await scrip.Earning(club, Fixed(5));
        foreach (var order in new[] { "o1", "o2" }) await scrip.Pay("ada", order);
        var ids = (await Waiting(scrip, code, 2)).Select(one => one["id"].Text).ToArray();
        (await scrip.Post($"/v1/loyalties/members/{code}/pending-points/{ids[0]}/balance", new { points = 1 })).Expect(200);
        (await scrip.Post($"/v1/loyalties/members/{code}/pending-points/{ids[0]}/activate")).Expect(200);
        (await scrip.Post($"/v1/loyalties/members/{code}/pending-points/{ids[1]}/cancel")).Expect(204);

        await receiver.First("voucher.loyalty_card.pending_points.canceled");
        var earned = (await receiver.Until(all => all.Any(one => IsFirst(one.Body)))).First(one => IsFirst(one.Body)).Body["data"];
        (earned["customer"]["source_id"].Text, earned["holder"]["source_id"].Text, earned["voucher"]["code"].Text, earned["campaign"]["id"].Text).ShouldBe(("ada", "ada", code, club));
        (earned["earning_rule"]["id"], earned["balance"]["points"].Number, earned["balance"]["operation_type"].Text).ShouldBe((rule["id"], 5, "AUTOMATIC"));
        (earned["order"]["source_id"].Text, earned["event"]["type"].Text, earned["event"]["entity_id"]).ShouldBe(("o1", "customer.order.paid", earned["customer"]["id"]));
        earned["loyalty_tier"].IsNull.ShouldBeTrue();
        await receiver.Until(all => all.Any(one => one.Body["type"].Text == "voucher.loyalty_card.points_added" && one.Body["data"]["transaction"]["type"].Text == "POINTS_ACCRUAL"));
        (await receiver.First("campaign.earning_rule.assigned")).Body["data"]["campaign"]["name"].ShouldBe("Club");
        var added = (await receiver.First("voucher.loyalty_card.pending_points.added")).Body["data"];
        (added["pending_points"]["points"].Number, added["voucher_pending_points_balance"]["total"], added["order"]["id"]).ShouldBe((30, added["voucher"]["loyalty_card"]["pending_points"], added["pending_points"]["order_id"]));
        var put = (await receiver.First("voucher.loyalty_card.pending_points.activated")).Body["data"];
        (put["transaction"]["type"].Text, put["balance"]["points"].Number, put["balance"]["operation_type"].Text).ShouldBe(("PENDING_POINTS_ACTIVATION", 31, "MANUAL"));
        var activated = put["voucher_pending_points_balance"];
        (activated["points"].Number, activated["total"].Number).ShouldBe((31, 30));
        var canceled = (await receiver.First("voucher.loyalty_card.pending_points.canceled")).Body["data"]["voucher_pending_points_balance"];
        (canceled["points"].Number, canceled["total"].Number, canceled["operation_type"].Text).ShouldBe((-30, 0, "MANUAL"));
        var told = (await scrip.Get("/v1/customers/ada/activity?limit=100")).Expect(200)["data"].Items.Select(one => one["type"].Text).ToArray();
        foreach (var type in new[] { "added", "updated", "activated", "canceled" }) told.ShouldContain($"customer.voucher.loyalty_card.pending_points.{type}");
        told.ShouldContain("customer.rewarded.loyalty_points");

        static bool IsFirst(Part body) => body["type"].Text == "customer.rewarded.loyalty_points" && body["data"]["order"]["source_id"].Text == "o1";
        var wrong = receiver.All.SelectMany(one =>
        {
            var type = one.Body["type"].Text;
            using var data = JsonDocument.Parse(one.Body["data"].Node!.ToJsonString());
            return (WebhookSchemas.Check(type, data.RootElement) ?? []).Where(fault => !Known.Any(known => type.StartsWith(known.Types, StringComparison.Ordinal) && fault.Pointer.StartsWith(known.Place, StringComparison.Ordinal))).Select(fault => $"{type} {fault}");
        });
        wrong.Distinct().ShouldBeEmpty();
    }
}
