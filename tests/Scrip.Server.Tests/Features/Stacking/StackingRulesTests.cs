namespace Scrip.Server.Tests.Features.Stacking;

public sealed class StackingRulesTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_project_has_the_defaults_until_it_makes_rules_of_its_own_once(Db db)
    {
        var scrip = await servers.Project(db);
        var (path, management) = ($"/management/v1/projects/{scrip.Project.Id}/stacking-rules", scrip.AsManagement);
        var defaults = (await management.Get(path)).Expect(200);
        defaults["total"].ShouldBe(1);
        defaults["data"][0]["id"].Exists.ShouldBeFalse();
        defaults["data"][0]["redeemables_limit"].ShouldBe(30);
        defaults["data"][0]["applicable_redeemables_limit"].ShouldBe(5);
        defaults["data"][0]["redeemables_application_mode"].ShouldBe("ALL");

        var category = await scrip.Category("A", 1);
        var made = (await management.Post(path, new { redeemables_limit = 20, applicable_redeemables_limit = 3, exclusive_categories = new[] { category } })).Expect(200);
        made["id"].Text.ShouldStartWith("stk_");
        made["created_at"].Exists.ShouldBeTrue();
        made["exclusive_categories"][0].ShouldBe(category);
        made["redeemables_sorting_rule"].ShouldBe("REQUESTED_ORDER");
        (await management.Post(path, new { })).Expect(409)["key"].ShouldBe("stacking_rules_exist");

        var one = $"{path}/{made["id"].Text}";
        (await management.Get(one)).Expect(200)["redeemables_limit"].ShouldBe(20);
        (await management.Get(path)).Expect(200)["data"][0]["id"].ShouldBe(made["id"]);
        var changed = (await management.Put(one, new { redeemables_sorting_rule = "CATEGORY_HIERARCHY", applicable_redeemables_per_category_limit = (int?)null })).Expect(200);
        changed["redeemables_limit"].ShouldBe(20);
        changed["exclusive_categories"].Items.Count.ShouldBe(1);
        changed.Text.ShouldContain("\"applicable_redeemables_per_category_limit\":null");
        changed["updated_at"].Exists.ShouldBeTrue();
        (await management.Put(one, new { exclusive_categories = Array.Empty<string>() })).Expect(200)["exclusive_categories"].Items.Count.ShouldBe(0);

        (await management.Delete(one)).Expect(204);
        (await management.Get(one)).Expect(404)["details"].ShouldBe($"Cannot find stacking_rules with id {made["id"].Text}");
        (await management.Get(path)).Expect(200)["data"][0]["redeemables_limit"].ShouldBe(30);
        (await management.Post(path, new { })).Expect(200);
    }

    [Theory, OnBoth]
    public async Task Rules_that_contradict_themselves_are_refused_and_change_nothing(Db db)
    {
        var scrip = await servers.Project(db);
        var (path, management) = ($"/management/v1/projects/{scrip.Project.Id}/stacking-rules", scrip.AsManagement);
        var a = await scrip.Category("A", 1);
        (object Body, string Details)[] wrong =
        [
            (new { redeemables_limit = 0 }, "Property .redeemables_limit must be >= 1"),
            (new { redeemables_limit = 31 }, "Property .redeemables_limit must be <= 30"),
            (new { applicable_redeemables_limit = 31 }, "Property .applicable_redeemables_limit must be <= 30"),
            (new { applicable_exclusive_redeemables_limit = 6 }, "Property .applicable_exclusive_redeemables_limit must be <= 5"),
            (new { applicable_redeemables_per_category_limit = 0 }, "Property .applicable_redeemables_per_category_limit must be >= 1"),
            (new { applicable_exclusive_redeemables_per_category_limit = 2 }, "Property .applicable_exclusive_redeemables_per_category_limit must be <= 1"),
            (new { redeemables_limit = 3, applicable_redeemables_limit = 4 }, "Property .applicable_redeemables_limit must be <= 3"),
            (new { applicable_redeemables_category_limits = new Dictionary<string, int> { [a] = 6 } }, "must be <= 5"),
            (new { applicable_redeemables_category_limits = new Dictionary<string, int> { [a] = 0 } }, "must be >= 1"),
            (new { exclusive_categories = new[] { a }, joint_categories = new[] { a } }, "Property .exclusive_categories must NOT name"),
            (new { initial_amount_mode_categories = new[] { a }, discounted_amount_mode_categories = new[] { a } }, "Property .initial_amount_mode_categories must NOT name"),
            (new { no_effect_skip_categories = new[] { a }, no_effect_redeem_anyway_categories = new[] { a } }, "Property .no_effect_skip_categories must NOT name"),
            (new { redeemables_application_mode = "SOME" }, "Property .redeemables_application_mode must be one of: ALL, PARTIAL"),
            (new { grouped_redeemables_sorting_rule = "ANY" }, "Property .grouped_redeemables_sorting_rule must be one of"),
        ];
        foreach (var (body, details) in wrong)
        {
            var refused = (await management.Post(path, body)).Expect(400);
            refused["key"].ShouldBe("invalid_payload");
            refused["details"].Text.ShouldContain(details);
        }
        (await management.Post(path, new { joint_categories = new[] { "cat_unknown" } })).Expect(404)["resource_type"].ShouldBe("category");
        (await management.Get(path)).Expect(200)["data"][0]["id"].Exists.ShouldBeFalse();

        var made = (await management.Post(path, new { redeemables_limit = 2 })).Expect(200);
        made["applicable_redeemables_limit"].ShouldBe(2);
        (await management.Put($"{path}/{made["id"].Text}", new { applicable_redeemables_limit = 3 })).Expect(400);
        (await management.Get(path)).Expect(200)["data"][0]["updated_at"].Exists.ShouldBeFalse();
    }

    [Theory, OnBoth]
    public async Task Rules_are_reached_through_their_own_project_only(Db db)
    {
        var (scrip, others) = (await servers.Project(db), await servers.Project(db));
        var id = (await others.StackingRules(new { })).Expect(200)["id"].Text;
        var (path, management) = ($"/management/v1/projects/{scrip.Project.Id}/stacking-rules", scrip.AsManagement);
        (await management.Get($"{path}/{id}")).Expect(404);
        (await management.Put($"{path}/{id}", new { redeemables_limit = 1 })).Expect(404);
        (await management.Delete($"{path}/{id}")).Expect(404);
        (await management.Get("/management/v1/projects/proj_unknown/stacking-rules")).Expect(404)["resource_type"].ShouldBe("project");
        (await scrip.Get(path)).Expect(401);
        var theirs = await others.Category("theirs", 1);
        (await management.Post(path, new { joint_categories = new[] { theirs } })).Expect(404);
    }

    [Theory, OnBoth]
    public async Task The_next_validation_redemption_and_rollback_follow_new_rules(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = new[] { "a", "b" };
        foreach (var code in codes) await scrip.Coupon(code, new { type = "AMOUNT", amount_off = 100 });
        (await scrip.Validate(new { amount = 1000 }, codes)).Expect(200)["valid"].ShouldBe(true);
        (await scrip.Redeem(new { source_id = "before", amount = 1000 }, "a")).Expect(200);

        var made = (await scrip.StackingRules(new { redeemables_limit = 1, redeemables_rollback_order_mode = "WITHOUT_ORDER" })).Expect(200);
        (await scrip.Validate(new { amount = 1000 }, codes)).Expect(400);
        var valid = (await scrip.Validate(new { amount = 1000 }, "a")).Expect(200);
        valid["stacking_rules"]["redeemables_limit"].ShouldBe(1);
        valid["stacking_rules"]["redeemables_rollback_order_mode"].ShouldBe("WITHOUT_ORDER");
        var redeemed = (await scrip.Redeem(new { source_id = "kept", amount = 1000 }, "a")).Expect(200);
        (await scrip.Post($"/v1/redemptions/{redeemed["redemptions"][0]["id"].Text}/rollback", new { })).Expect(200);
        var kept = (await scrip.Get("/v1/orders/kept")).Expect(200);
        kept["status"].ShouldBe("PAID");
        kept["discount_amount"].ShouldBe(100);

        (await scrip.AsManagement.Delete($"/management/v1/projects/{scrip.Project.Id}/stacking-rules/{made["id"].Text}")).Expect(204);
        (await scrip.Validate(new { amount = 1000 }, codes)).Expect(200)["valid"].ShouldBe(true);
        var undone = (await scrip.Redeem(new { source_id = "undone", amount = 1000 }, "b")).Expect(200);
        (await scrip.Post($"/v1/redemptions/{undone["redemptions"][0]["id"].Text}/rollback", new { })).Expect(200);
        (await scrip.Get("/v1/orders/undone")).Expect(200)["status"].ShouldBe("CANCELED");
    }

    [Theory, OnBoth]
    public async Task A_deleted_category_leaves_the_rules(Db db)
    {
        var scrip = await servers.Project(db);
        var (a, b) = (await scrip.Category("A", 1), await scrip.Category("B", 2));
        (await scrip.StackingRules(new
        {
            exclusive_categories = new[] { a, b },
            no_effect_skip_categories = new[] { a },
            applicable_redeemables_category_limits = new Dictionary<string, int> { [a] = 1, [b] = 2 },
        })).Expect(200);
        (await scrip.Delete($"/v1/categories/{a}")).Expect(204);
        var rules = (await scrip.AsManagement.Get($"/management/v1/projects/{scrip.Project.Id}/stacking-rules")).Expect(200)["data"][0];
        rules["exclusive_categories"].Items.Select(one => one.Text).ShouldBe([b]);
        rules["no_effect_skip_categories"].Items.Count.ShouldBe(0);
        rules["applicable_redeemables_category_limits"][a].Exists.ShouldBeFalse();
        rules["applicable_redeemables_category_limits"][b].ShouldBe(2);
    }
}
