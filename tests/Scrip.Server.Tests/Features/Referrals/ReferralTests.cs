using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Referrals;

/// <summary>Customers who bring customers: codes, their holders, and the rewards of both sides.</summary>
public sealed class ReferralTests(Servers servers)
{
    private static async Task<string> Gifts(ApiClient scrip, string name, long amount = 0) => (await scrip.Post("/v1/campaigns", new
    {
        name,
        type = "AUTO_UPDATE",
        campaign_type = "GIFT_VOUCHERS",
        voucher = new { type = "GIFT_VOUCHER", gift = new { amount, effect = "APPLY_TO_ORDER" } },
    })).Expect(200)["id"].Text;

    private static async Task<string> Coupons(ApiClient scrip, string name) => (await scrip.Post("/v1/campaigns", new
    {
        name,
        type = "AUTO_UPDATE",
        campaign_type = "DISCOUNT_COUPONS",
        voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 }, redemption = new { quantity = 1 } },
    })).Expect(200)["id"].Text;

    private static async Task<string> Program(ApiClient scrip, string name, object? reward = null) => (await scrip.Post("/v1/campaigns", new
    {
        name,
        type = "AUTO_UPDATE",
        campaign_type = "REFERRAL_PROGRAM",
        join_once = true,
        referral_program = new { conversion_event_type = "redemption", referee_reward = reward },
        voucher = new { type = "DISCOUNT_VOUCHER", is_referral_code = true, discount = new { type = "PERCENT", percent_off = 10 }, redemption = new { quantity = (int?)null } },
    })).Expect(200)["id"].Text;

    private static Task<Answer> Redeem(ApiClient scrip, string code, string? customer, string order) => scrip.Post("/v1/redemptions", new
    {
        redeemables = new[] { new { @object = "voucher", id = code } },
        customer = customer is null ? null : new { source_id = customer },
        order = new { source_id = order, amount = 10_000 },
    });

    private static Task<long> Balance(ApiClient scrip, string customer, long wanted) => Eventually.Becomes(
        async () => (await scrip.Get($"/v1/vouchers?customer={customer}&filters[type][conditions][$is]=GIFT_VOUCHER")).Expect(200)["vouchers"].Items.Sum(card => card["gift"]["balance"].Number),
        balance => balance == wanted);

    [Theory, OnBoth]
    public async Task Who_uses_a_referral_code_is_referred_once_and_both_sides_are_rewarded(Db db)
    {
        var scrip = await servers.Project(db);
        var (gifts, coupons) = (await Gifts(scrip, "Gifts"), await Coupons(scrip, "Coupons"));
        var program = await Program(scrip, "Friends", new { type = "GIFT_VOUCHER", amount = 500, related_object_parent = new { id = gifts } });
        var credit = (await scrip.Post("/v1/rewards", new { name = "10.00", parameters = new { campaign = new { id = gifts, balance = 1000 } } })).Expect(200)["id"].Text;
        var coupon = (await scrip.Post("/v1/rewards", new { name = "A coupon", parameters = new { campaign = new { id = coupons } } })).Expect(200)["id"].Text;
        foreach (var reward in new[] { credit, coupon }) (await scrip.Post($"/v1/rewards/{reward}/assignments", new { campaign = program })).Expect(200);
        var published = (await scrip.Post("/v1/publications", new { campaign = program, customer = new { source_id = "ada" } })).Expect(200);
        var code = published["voucher"]["code"].Text;
        published["voucher"]["is_referral_code"].ShouldBe(true);

        (await Redeem(scrip, code, "bob", "o1")).Expect(200)["redemptions"][0]["voucher"]["is_referral_code"].ShouldBe(true);
        (await Redeem(scrip, code, "bob", "o2")).Expect(200);
        (await Redeem(scrip, code, "cid", "o3")).Expect(200);

        (await Balance(scrip, "bob", 500)).ShouldBe(500);
        var bob = (await scrip.Get("/v1/customers/bob")).Expect(200)["referrals"];
        bob["total"].ShouldBe(1);
        bob["campaigns"][0]["campaign_id"].ShouldBe(program);
        bob["campaigns"][0]["referrer_id"].ShouldBe((await scrip.Get("/v1/customers/ada")).Expect(200)["id"].Text);
        bob["campaigns"][0]["related_object_type"].ShouldBe("redemption");
        bob["campaigns"][0]["date"].Text.ShouldStartWith("20");
        (await scrip.Get("/v1/redemptions/" + bob["campaigns"][0]["related_object_id"].Text)).Expect(200)["customer"]["source_id"].ShouldBe("bob");
        (await Balance(scrip, "cid", 500)).ShouldBe(500);
        (await Balance(scrip, "ada", 2000)).ShouldBe(2000);
        var ada = (await scrip.Get("/v1/customers")).Expect(200)["customers"].Items.Single(one => one["source_id"].Text == "ada");
        ada["loyalty"]["referred_customers"].ShouldBe(2);
        ada["loyalty"]["campaigns"]["Friends"]["referred_customers"].ShouldBe(2);
        ada["referrals"]["total"].ShouldBe(0);
        (await scrip.Get("/v1/publications?customer=ada&campaign=Coupons")).Expect(200)["total"].Number.ShouldBe(2);
        (await scrip.Get("/v1/publications?customer=ada&campaign=Gifts")).Expect(200)["total"].Number.ShouldBe(1);
        (await scrip.Get("/v1/publications?is_referral_code=true")).Expect(200)["total"].Number.ShouldBe(1);
        var holders = (await scrip.Get($"/v1/referrals/{program}/members/{code}/holders?order=-created_at")).Expect(200);
        holders["data"].Items.Select(one => one["holder_role"].Text).Order().ShouldBe(["REFEREE", "REFEREE", "REFERRER"]);
        (await scrip.Get("/v1/vouchers?filters[is_referral_code][conditions][$is]=true")).Expect(200)["vouchers"].Items.Single()["code"].Text.ShouldBe(code);
        (await scrip.Get("/v1/campaigns?is_referral_code=true")).Expect(200)["campaigns"].Items.Single()["referral_program"]["referee_reward"]["amount"].ShouldBe(500);
    }

    [Theory, OnBoth]
    public async Task The_referrer_nobody_and_holders_of_unpublished_codes_cannot_redeem(Db db)
    {
        var scrip = await servers.Project(db);
        var program = await Program(scrip, "Friends");
        var code = (await scrip.Post("/v1/publications", new { campaign = program, customer = new { source_id = "ada" } })).Expect(200)["voucher"]["code"].Text;
        var free = (await scrip.Post($"/v1/campaigns/{program}/vouchers")).Expect(200)["code"].Text;

        (await Redeem(scrip, code, "ada", "o1")).Expect(400)["key"].Text.ShouldBe("referrer_not_permitted_to_redeem");
        (await Redeem(scrip, code, null, "o2")).Expect(400)["key"].Text.ShouldBe("missing_customer");
        (await Redeem(scrip, free, "bob", "o3")).Expect(400)["key"].Text.ShouldBe("not_published");
        (await Redeem(scrip, code, "bob", "o4")).Expect(200);
        (await scrip.Post("/v1/publications", new { campaign = program, customer = new { source_id = "ada" } })).Expect(400)["key"].Text.ShouldBe("voucher_cannot_be_published");
    }

    [Theory, OnBoth]
    public async Task Referees_are_added_listed_and_removed(Db db)
    {
        var scrip = await servers.Project(db);
        var other = await servers.Project(db);
        var program = await Program(scrip, "Friends");
        var free = (await scrip.Post($"/v1/campaigns/{program}/vouchers")).Expect(200)["code"].Text;
        (await scrip.Post($"/v1/referrals/members/{free}/holders", new { holders = new[] { new { source_id = "bob" } } })).Expect(400)["key"].Text.ShouldBe("not_published");
        var code = (await scrip.Post("/v1/publications", new { campaign = program, customer = new { source_id = "ada" } })).Expect(200)["voucher"]["code"].Text;

        var added = (await scrip.Post($"/v1/referrals/{program}/members/{code}/holders", new { holders = new[] { new { source_id = "bob" }, new { source_id = "cid" } }, metadata = new { vip = true } })).Expect(200);
        added["holders"].Items.Select(one => one["holder_role"].Text).ShouldBe(["REFEREE", "REFEREE"]);
        added["holders"][0]["metadata"]["vip"].ShouldBe(true);
        (await scrip.Post($"/v1/referrals/members/{code}/holders", new { holders = new[] { new { source_id = "dan" } } })).Expect(200);
        (await scrip.Post($"/v1/referrals/members/{code}/holders", new { holders = new[] { new { source_id = "eve" }, new { source_id = "bob" } } })).Expect(409)["key"].Text.ShouldBe("holder_assignement_duplication");
        (await scrip.Get("/v1/customers/eve")).Expect(404);
        (await scrip.Post($"/v1/referrals/members/{code}/holders", new { holders = Array.Empty<object>() })).Expect(400);

        var page = (await scrip.Get($"/v1/referrals/members/{code}/holders?limit=2&order=id&filters[holder_role][conditions][$is]=REFEREE")).Expect(200);
        (page["data"].Items.Count, page["total"].Number).ShouldBe((2, 3));
        page["has_more"].ShouldBe(true);
        (await scrip.Get($"/v1/referrals/{program}/members/{code}/holders?order=id&filters[holder_role][conditions][$is]=REFEREE&starting_after_id={page["more_starting_after"].Text}")).Expect(200)["data"].Items.Count.ShouldBe(1);

        var referrer = (await scrip.Get($"/v1/referrals/members/{code}/holders?filters[holder_role][conditions][$is]=REFERRER")).Expect(200)["data"][0]["id"].Text;
        (await scrip.Delete($"/v1/referrals/members/{code}/holders/{referrer}")).Expect(403);
        (await scrip.Delete($"/v1/referrals/members/{code}/holders/{added["holders"][0]["id"].Text}")).Expect(204);
        (await scrip.Delete($"/v1/referrals/{program}/members/{code}/holders/{added["holders"][1]["id"].Text}")).Expect(204);
        (await scrip.Delete($"/v1/referrals/members/{code}/holders/{added["holders"][0]["id"].Text}")).Expect(404);
        (await other.Get($"/v1/referrals/members/{code}/holders")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Holders_belong_to_referral_codes_of_the_campaign_and_the_referrer_is_none_of_its_referees(Db db)
    {
        var scrip = await servers.Project(db);
        var (program, other) = (await Program(scrip, "Friends"), await Program(scrip, "Others"));
        await Coupons(scrip, "Coupons");
        async Task<string> Published(string campaign) => (await scrip.Post("/v1/publications", new { campaign, customer = new { source_id = "ada" } })).Expect(200)["voucher"]["code"].Text;
        var (code, coupon) = (await Published(program), await Published("Coupons"));
        var bob = new { holders = new[] { new { source_id = "bob" } } };

        (await scrip.Post($"/v1/referrals/members/{code}/holders", new { holders = new[] { new { source_id = "ada" } } })).Expect(409)["key"].Text.ShouldBe("holder_assignement_duplication");
        (await scrip.Post($"/v1/referrals/members/{coupon}/holders", bob)).Expect(404)["resource_type"].ShouldBe("voucher");
        (await scrip.Post($"/v1/referrals/{other}/members/{code}/holders", bob)).Expect(404)["resource_type"].ShouldBe("voucher");
        (await scrip.Get($"/v1/referrals/{other}/members/{code}/holders")).Expect(404);
        (await scrip.Get($"/v1/referrals/{program}/members/{code}/holders")).Expect(200)["data"].Items.ShouldHaveSingleItem()["holder_role"].ShouldBe("REFERRER");
    }

    [Theory, OnBoth]
    public async Task Where_an_event_refers_nothing_else_does_and_nobody_refers_oneself(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/campaigns", new
        {
            name = "Friends",
            type = "AUTO_UPDATE",
            campaign_type = "REFERRAL_PROGRAM",
            referral_program = new { conversion_event_type = "custom_event", custom_event = new { name = "signed_up" } },
            voucher = new { type = "DISCOUNT_VOUCHER", is_referral_code = true, discount = new { type = "PERCENT", percent_off = 10 } },
        })).Expect(200);
        var code = (await scrip.Post("/v1/publications", new { campaign = "Friends", customer = new { source_id = "ada" } })).Expect(200)["voucher"]["code"].Text;
        async Task Does(string customer, string name) => (await scrip.Post("/v1/events", new { @event = name, customer = new { source_id = customer }, referral = new { code } })).Expect(200);

        (await Redeem(scrip, code, "bob", "o1")).Expect(200);
        await Does("cid", "looked");
        await Does("ada", "signed_up");
        await Does("bob", "signed_up");
        // What happens to a customer is handled in its order, so that the last thing comes last.
        foreach (var customer in new[] { "ada", "bob", "cid" }) (await scrip.Post("/v1/events", new { @event = "left", customer = new { source_id = customer } })).Expect(200);
        foreach (var customer in new[] { "ada", "bob", "cid" })
            await Eventually.Answers(() => scrip.Get($"/v1/customers/{customer}/activity?type=customer.custom_event"), list => list["data"].Items.Any(one => one["data"]["data"]["event"]["type"] == "left"));

        foreach (var customer in new[] { "ada", "cid" }) (await scrip.Get($"/v1/customers/{customer}")).Expect(200)["referrals"]["total"].ShouldBe(0);
        var bob = (await scrip.Get("/v1/customers/bob")).Expect(200)["referrals"];
        bob["total"].ShouldBe(1);
        bob["campaigns"][0]["related_object_type"].ShouldBe("event");
    }

    [Theory, OnBoth]
    public async Task Events_of_client_side_keys_refer_only_where_the_project_says_so(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/campaigns", new
        {
            name = "Friends",
            type = "AUTO_UPDATE",
            campaign_type = "REFERRAL_PROGRAM",
            referral_program = new { conversion_event_type = "custom_event", custom_event = new { name = "signed_up" } },
            voucher = new { type = "DISCOUNT_VOUCHER", is_referral_code = true, discount = new { type = "PERCENT", percent_off = 10 } },
        })).Expect(200);
        var code = (await scrip.Post("/v1/publications", new { campaign = "Friends", customer = new { source_id = "ada" } })).Expect(200)["voucher"]["code"].Text;
        async Task SignsUp(string customer)
        {
            (await scrip.AsClient.Post("/client/v1/events", new { @event = "signed_up", customer = new { source_id = customer }, referral = new { code } })).Expect(200);
            await Eventually.Answers(() => scrip.Get($"/v1/customers/{customer}/activity?type=customer.custom_event"), list => list["data"].Items.Count == 1);
        }

        async Task Count(bool isOn) => (await scrip.AsManagement.Put($"/management/v1/projects/{scrip.Project.Id}", new { client_loyalty_events_enabled = isOn })).Expect(200);

        await Count(false);
        await SignsUp("bob");
        // What was kept as an activity was handled by all, in one transaction.
        (await scrip.Get("/v1/customers/bob")).Expect(200)["referrals"]["total"].ShouldBe(0);

        await Count(true);
        await SignsUp("cid");
        (await scrip.Get("/v1/customers/cid")).Expect(200)["referrals"]["total"].ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task Rewards_are_made_changed_assigned_and_deleted(Db db)
    {
        var scrip = await servers.Project(db);
        var (gifts, program) = (await Gifts(scrip, "Gifts"), await Program(scrip, "Friends"));
        var product = await scrip.Product("mug", 1500);

        var id = (await scrip.Post("/v1/rewards", new { name = "Credits", parameters = new { campaign = new { id = gifts, balance = 1000 } }, metadata = new { a = 1 } })).Expect(200)["id"].Text;
        (await scrip.Put($"/v1/rewards/{id}", new { name = "More", parameters = new { campaign = new { id = gifts, balance = 2000 } } })).Expect(200)["parameters"]["campaign"]["balance"].ShouldBe(2000);
        (await scrip.Get($"/v1/rewards/{id}")).Expect(200)["name"].Text.ShouldBe("More");
        var mug = (await scrip.Post("/v1/rewards", new { name = "Mug", parameters = new { product = new { id = product } }, stock = 3 })).Expect(200);
        mug["type"].Text.ShouldBe("MATERIAL");
        (await scrip.Post("/v1/rewards", new { name = "Coin", parameters = new { coin = new { exchange_ratio = "0.5", points_ratio = "10" } } })).Expect(200)["parameters"]["coin"]["points_ratio"].ShouldBe(10);

        var assignment = (await scrip.Post($"/v1/rewards/{id}/assignments", new { campaign = program, parameters = new { loyalty = new { points = 5 } } })).Expect(200)["id"].Text;
        (await scrip.Post($"/v1/rewards/{id}/assignments", new { campaign = program })).Expect(409)["resource_id"].Text.ShouldBe(assignment);
        (await scrip.Get($"/v1/rewards/{id}/assignments")).Expect(200)["total"].Number.ShouldBe(1);
        (await scrip.Get($"/v1/rewards?assignment_id={assignment}")).Expect(200)["data"].Items.Single()["id"].Text.ShouldBe(id);
        (await scrip.Put($"/v1/rewards/{id}/assignments/{assignment}", new { parameters = new { loyalty = new { points = 9 } } })).Expect(200)["parameters"]["loyalty"]["points"].ShouldBe(9);
        (await scrip.Get($"/v1/rewards/{id}/assignments/{assignment}")).Expect(200);
        (await scrip.Delete($"/v1/rewards/{id}")).Expect(400)["key"].Text.ShouldBe("resource_in_use");
        (await scrip.Delete($"/v1/rewards/{id}/assignments/{assignment}")).Expect(204);
        (await scrip.Delete($"/v1/rewards/{id}")).Expect(204);
        (await scrip.Get($"/v1/rewards/{id}")).Expect(404);

        (await scrip.Post("/v1/rewards", new { parameters = new { campaign = new { id = gifts } } })).Expect(400)["key"].Text.ShouldBe("invalid_balance");
        (await scrip.Post("/v1/rewards", new { name = "x" })).Expect(400);
        (await scrip.Post("/v1/rewards", new { parameters = new { campaign = new { id = program } } })).Expect(400);
        (await scrip.Post($"/v1/rewards/{mug["id"].Text}/assignments", new { campaign = program })).Expect(400);
    }

    [Theory, OnBoth]
    public async Task A_referral_program_that_cannot_work_is_refused(Db db)
    {
        var scrip = await servers.Project(db);
        var coupons = await Coupons(scrip, "Coupons");
        object With(object? program, string kind = "REFERRAL_PROGRAM") => new
        {
            name = "x",
            campaign_type = kind,
            referral_program = program,
            voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 } },
        };
        async Task Refused(object body, string details) => (await scrip.Post("/v1/campaigns", body)).Expect(400)["details"].Text.ShouldContain(details);

        await Refused(With(new { conversion_event_type = "wish" }), "conversion_event_type");
        await Refused(With(new { conversion_event_type = "custom_event" }), "custom_event.name");
        await Refused(With(new { referee_reward = new { type = "LOYALTY_CARD", amount = 5 } }), "referee_reward.type");
        await Refused(With(new { referee_reward = new { type = "GIFT_VOUCHER", amount = 0 } }), "referee_reward.amount");
        await Refused(With(new { referee_reward = new { type = "GIFT_VOUCHER", amount = 5, related_object_parent = new { id = coupons } } }), "GIFT_VOUCHERS");
        await Refused(With(new { }, "DISCOUNT_COUPONS"), "referral_program");
        var id = (await scrip.Post("/v1/campaigns", With(null))).Expect(200)["id"].Text;
        (await scrip.Put($"/v1/campaigns/{id}", new { referral_program = new { conversion_event_type = "custom_event", custom_event = new { name = "signed_up" } } })).Expect(200)["referral_program"]["custom_event"]["name"].Text.ShouldBe("signed_up");
        (await scrip.Put($"/v1/campaigns/{coupons}", new { referral_program = new { } })).Expect(400);
    }
}
