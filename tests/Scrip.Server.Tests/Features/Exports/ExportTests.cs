using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Exports;

/// <summary>What is exported, in which fields, order and selection.</summary>
public sealed class ExportTests(Servers servers)
{
    static readonly object Off = new { type = "AMOUNT", amount_off = 1250 };

    [Theory, OnBoth]
    public async Task Vouchers_have_the_documented_fields_by_default_and_those_asked_for(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("AMOUNT", Off, 5);
        await scrip.Coupon("PERCENT", new { type = "PERCENT", percent_off = 12.5, amount_limit = 900 });
        await scrip.GiftCard("CARD", 200_000);
        await scrip.Coupon("GONE", Off);
        (await scrip.Delete("/v1/vouchers/GONE")).Expect(204);
        (await scrip.Redeem(new { amount = 5000 }, "AMOUNT")).Expect(200);

        (await scrip.Exported("voucher", new { order = "code" })).ShouldBe(
        [
            ["Code", "Voucher Type", "Value", "Discount Type"],
            ["AMOUNT", "DISCOUNT_VOUCHER", "1250", "AMOUNT"],
            ["CARD", "GIFT_VOUCHER", "200000", ""],
            ["PERCENT", "DISCOUNT_VOUCHER", "12.5", "PERCENT"],
        ]);

        var voucher = (await scrip.Get("/v1/vouchers/AMOUNT")).Expect(200);
        var all = await scrip.Exported("voucher", new
        {
            fields = new[] { "id", "redemption_quantity", "redemption_count", "active", "gift_balance", "created_at", "qr_code", "discount_amount_limit", "campaign", "is_referral_code", "customer_id" },
            filters = new { code = new { conditions = new Dictionary<string, object> { ["$in"] = new[] { "AMOUNT", "PERCENT" } } } },
            order = "code",
        });
        all[1].ShouldBe([voucher["id"].Text, "5", "1", "true", "", voucher["created_at"].Text, voucher["assets"]["qr"]["url"].Text, "", "", "false", ""]);
        all[2][7].ShouldBe("900");
        all.Count.ShouldBe(3);
    }

    [Theory, OnBoth]
    public async Task What_is_exported_is_imported_with_the_same_worth(Db db)
    {
        var (from, to) = (await servers.Project(db), await servers.Project(db));
        await from.Coupon("AMOUNT", Off, 5);
        await from.Coupon("PERCENT", new { type = "PERCENT", percent_off = 12.5 });
        await from.Coupon("PRICE", new { type = "FIXED", fixed_amount = 99 });
        await from.GiftCard("CARD", 200_050);
        var lines = await from.Exported("voucher", new { order = "code" });
        var action = await to.Done((await to.Upload("/v1/vouchers/importCSV", string.Join('\n', lines.Select(line => string.Join(',', line))))).Expect(202)["async_action_id"].Text);
        action["result"]["done_count"].ShouldBe(4);
        foreach (var (code, field) in new[] { ("AMOUNT", "discount"), ("PERCENT", "discount"), ("PRICE", "discount"), ("CARD", "gift") })
            (await to.Get($"/v1/vouchers/{code}")).Expect(200)[field].ToString().ShouldBe((await from.Get($"/v1/vouchers/{code}")).Expect(200)[field].ToString());
    }

    [Theory, OnBoth]
    public async Task Every_field_of_every_kind_can_be_asked_for(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Product("shirt", 1000);
        (await scrip.Post("/v1/products/shirt/skus", new { source_id = "s", sku = "Small", currency = "EUR", attributes = new { size = "S" } })).Expect(200);
        await scrip.GiftCard("card", 5000);
        await scrip.Coupon("code", new { type = "UNIT", unit_off = 1, effect = "ADD_NEW_ITEMS", unit_type = "shirt" });
        (await scrip.Post("/v1/redemptions", new
        {
            redeemables = new[] { new { @object = "voucher", id = "card" } },
            order = new { source_id = "o1", amount = 700 },
            customer = new { source_id = "ada", name = "Ada", metadata = new { tier = "gold", note = (string?)null } },
            metadata = new { till = 5 },
        })).Expect(200);
        foreach (var (what, fields) in Fields)
        {
            var lines = await scrip.Exported(what, new { fields = fields.Split(' ') });
            lines[0].Length.ShouldBe(fields.Split(' ').Length, what);
            lines.ShouldAllBe(line => line.Length == lines[0].Length);
            lines.Count.ShouldBe(what is "points_expiration" or "publication" ? 1 : what == "voucher" ? 3 : 2, what);
            (await scrip.Exported(what)).Count.ShouldBe(lines.Count, what);
        }
        var redemption = (await scrip.Exported("redemption", new { fields = new[] { "customer_source_id", "customer_name", "gift_amount", "order_amount", "metadata.till", "metadata", "metadata.none" } }))[1];
        redemption[..5].ShouldBe(["ada", "Ada", "700", "700", "5"]);
        redemption[5].Replace(" ", "").ShouldBe("{\"till\":5}");
        redemption[6].ShouldBe("");
        (await scrip.Exported("customer", new { fields = new[] { "orders_total_amount", "redemptions_total_succeeded", "metadata.tier", "orders_last_order_date" } }))[1][..3].ShouldBe(["0", "1", "gold"]);
    }

    static readonly (string What, string Fields)[] Fields =
    [
        ("voucher", "code voucher_type value formula discount_type campaign category start_date expiration_date gift_balance loyalty_balance redemption_quantity redemption_count active qr_code bar_code metadata id is_referral_code created_at updated_at validity_timeframe_interval validity_timeframe_duration validity_day_of_week discount_amount_limit campaign_id additional_info customer_id discount_effect discount_unit_type discount_unit_effect validation_rules_id customer_source_id"),
        ("redemption", "id object date voucher_code campaign promotion_tier_id customer_id customer_source_id customer_name tracking_id order_id order_amount gift_amount loyalty_points result failure_code failure_message metadata"),
        ("customer", "name id description email source_id created_at address_city address_state address_line_1 address_line_2 address_country address_postal_code redemptions_total_redeemed redemptions_total_failed redemptions_total_succeeded redemptions_total_rolled_back redemptions_total_rollback_failed redemptions_total_rollback_succeeded orders_total_amount orders_total_count orders_average_amount orders_last_order_amount orders_last_order_date loyalty_points loyalty_referred_customers updated_at phone birthday metadata birthdate"),
        ("publication", "voucher_code customer_id customer_source_id date channel campaign is_winner metadata"),
        ("order", "id source_id created_at updated_at status amount discount_amount items_discount_amount total_discount_amount total_amount customer_id referrer_id metadata"),
        ("points_expiration", "id campaign_id voucher_id points status expires_at"),
        ("voucher_transactions", "id campaign_id voucher_id type source_id reason source balance amount related_transaction_id created_at details"),
        ("product", "id name price image_url source_id attributes created_at updated_at metadata"),
        ("sku", "id sku product_id currency price image_url source_id attributes created_at updated_at metadata"),
    ];

    [Theory, OnBoth]
    public async Task Orders_are_exported_by_their_own_operation_and_narrowed_by_filters(Db db)
    {
        var scrip = await servers.Project(db);
        for (var i = 1; i <= 6; i++)
            (await scrip.Post("/v1/orders", new { source_id = $"o{i}", amount = i * 1000, discount_amount = i * 10, status = i % 2 == 0 ? "PAID" : "CREATED", metadata = new { shop = i < 4 ? "a" : "b" } })).Expect(200);
        async Task<string> Ids(object filters) => string.Join(" ", (await scrip.Exported("order", new { fields = new[] { "source_id" }, order = "created_at", filters }, "/v1/orders/export")).Skip(1).Select(line => line[0]));
        object If(string op, object value) => new { conditions = new Dictionary<string, object> { [op] = value } };

        (await Ids(new { })).ShouldBe("o1 o2 o3 o4 o5 o6");
        (await Ids(new { status = If("$is", new[] { "PAID" }) })).ShouldBe("o2 o4 o6");
        (await Ids(new { amount = If("$more_than", 3000), junction = "AND", status = If("$not_in", new[] { "PAID" }) })).ShouldBe("o5");
        (await Ids(new { amount = If("$less_than_equal", new[] { 1000 }), junction = "or", discount_amount = If("$more_than_equal", new[] { "60" }) })).ShouldBe("o1 o6");
        (await Ids(new Dictionary<string, object> { ["metadata.shop"] = If("$is", new[] { "b" }) })).ShouldBe("o4 o5 o6");
        (await Ids(new { source_id = If("$starts_with", new[] { "o" }), created_at = If("$after", new[] { "2030-01-01T00:00:00.000Z" }) })).ShouldBe("");
        (await Ids(new { created_at = If("$less_than_ago", new[] { 1 }) })).ShouldBe("o1 o2 o3 o4 o5 o6");
        (await Ids(new { created_at = If("$more_than_ago", new[] { 1 }) })).ShouldBe("");
        (await Ids(new { customer_id = If("$has_value", "") })).ShouldBe("");
        (await Ids(new { customer_id = If("$is_unknown", Array.Empty<string>()) })).ShouldBe("o1 o2 o3 o4 o5 o6");
        (await scrip.Exported("order", new { order = "-created_at" }))[1][1].ShouldBe("o6");
        (await scrip.Exported("order", new { order = "status" })).Skip(1).Select(line => line[2]).ShouldBe(["CREATED", "CREATED", "CREATED", "PAID", "PAID", "PAID"]);
    }

    [Theory, OnBoth]
    public async Task Publications_have_a_line_for_each_code_that_was_given(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("Spring", 5, null);
        var customer = (await scrip.Post("/v1/customers", new { source_id = "ada" })).Expect(200)["id"].Text;
        (await scrip.Unchecked.Post("/v1/publications", new { campaign = new { name = "Spring", count = 2 }, customer = new { source_id = "ada" }, metadata = new { by = "post" } })).Expect(200);
        (await scrip.Unchecked.Post("/v1/publications", new { campaign = "Spring", customer = new { source_id = "ada" } })).Expect(200);
        var lines = await scrip.Exported("publication", new { fields = new[] { "voucher_code", "customer_id", "customer_source_id", "campaign", "metadata.by" }, order = "created_at" });
        lines.Count.ShouldBe(4);
        lines.Skip(1).Select(line => line[0]).ShouldBeSubsetOf(codes);
        lines.Skip(1).Select(line => line[0]).ShouldBeUnique();
        lines.Skip(1).ShouldAllBe(line => line[1] == customer && line[2] == "ada" && line[3] == "Spring");
        lines.Select(line => line[4]).ShouldBe(["metadata.by", "post", "post", ""]);
        var one = new { voucher = new { conditions = new Dictionary<string, object> { ["$is"] = new[] { lines[1][0] } } } };
        (await scrip.Exported("publication", new { filters = one })).Count.ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task Transactions_are_those_of_the_card_or_of_the_campaign(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/campaigns", new { name = "Cards", campaign_type = "GIFT_VOUCHERS", voucher = new { type = "GIFT_VOUCHER", gift = new { amount = 1000 } } })).Expect(200);
        (await scrip.Post("/v1/campaigns", new { name = "Coupons", campaign_type = "DISCOUNT_COUPONS", voucher = new { type = "DISCOUNT_VOUCHER", discount = Off } })).Expect(200);
        foreach (var code in new[] { "A", "B" }) (await scrip.Post($"/v1/campaigns/Cards/vouchers/{code}", new { })).Expect(200);
        await scrip.GiftCard("ALONE", 500);
        foreach (var (code, amount) in new[] { ("A", 100), ("B", 200), ("ALONE", 300), ("A", -50) })
            (await scrip.Post($"/v1/vouchers/{code}/balance", new { amount, reason = "=1+1", source_id = $"{code}{amount}" })).Expect(200);

        var fields = new[] { "type", "source_id", "reason", "amount", "balance" };
        (await scrip.Exported("", new { fields, order = "created_at" }, "/v1/vouchers/A/transactions/export")).ShouldBe(
        [
            ["Type", "Source ID", "Reason", "Amount", "Balance"],
            ["CREDITS_ADDITION", "A100", "'=1+1", "100", "1100"],
            ["CREDITS_REMOVAL", "A-50", "'=1+1", "-50", "1050"],
        ]);
        var campaign = (await scrip.Get("/v1/campaigns/Cards"))["id"].Text;
        (await scrip.Exported("", new { fields, order = "-created_at" }, "/v1/campaigns/Cards/transactions/export")).Select(line => line[1]).ShouldBe(["Source ID", "A-50", "B200", "A100"]);
        (await scrip.Exported("voucher_transactions", new { fields, filters = new { campaign_id = new { conditions = new Dictionary<string, object> { ["$in"] = new[] { campaign } } } } })).Count.ShouldBe(4);
        // What the path says cannot be widened.
        var widened = new { filters = new { voucher_id = new { conditions = new Dictionary<string, object> { ["$has_value"] = "" } } } };
        (await scrip.Exported("", widened, "/v1/vouchers/A/transactions/export")).Count.ShouldBe(3);
        (await scrip.Post("/v1/vouchers/A/transactions/export", new { parameters = new { filters = new { junction = "or", created_at = new { conditions = new Dictionary<string, object> { ["$has_value"] = "" } } } } })).Expect(400);
        (await scrip.Post("/v1/campaigns/Coupons/transactions/export")).Expect(403)["key"].ShouldBe("forbidden");
        (await scrip.Post("/v1/campaigns/nothing/transactions/export")).Expect(404);
        (await scrip.Post("/v1/vouchers/nothing/transactions/export")).Expect(404);
    }

    [Theory, OnBoth]
    public async Task Cells_that_a_spreadsheet_would_run_are_defused_and_all_text_survives(Db db)
    {
        var scrip = await servers.Project(db);
        string[] names = ["=cmd|' /C calc'!A0", "+1", "-2", "@SUM(1)", "\tx", "\rx", "\nx", "a,b", "a\"b", "two\nlines", " spaces ", "grün 🙂", "plain", "1;2"];
        foreach (var (i, name) in names.Index()) (await scrip.Post("/v1/customers", new { source_id = $"c{i:00}", name, metadata = new { x = name } })).Expect(200);
        var lines = await scrip.Exported("customer", new { fields = new[] { "source_id", "name", "metadata.x" }, order = "source_id" });
        lines[0].ShouldBe(["Source ID", "Name", "metadata.x"]);
        foreach (var (i, name) in names.Index())
        {
            var expected = "=+-@\t\r\n".Contains(name[0]) ? "'" + name : name;
            lines[i + 1].ShouldBe([$"c{i:00}", expected, expected]);
        }
    }

    [Theory, OnBoth]
    public async Task A_file_of_many_parts_has_every_row_once_in_its_order(Db db)
    {
        var scrip = await servers.Project(db);
        var codes = await scrip.Codes("Big", 4500, null);
        foreach (var order in new[] { "code", "-code", "created_at", "-updated_at" })
        {
            var lines = (await scrip.Exported("voucher", new { fields = new[] { "code" }, order })).Skip(1).Select(line => line[0]).ToList();
            lines.Count.ShouldBe(4500, order);
            lines.Order(StringComparer.Ordinal).ShouldBe(codes.Order(StringComparer.Ordinal));
            if (order == "code") lines.ShouldBe(codes.Order(StringComparer.Ordinal));
            if (order == "-code") lines.ShouldBe(codes.OrderDescending(StringComparer.Ordinal));
        }
        var campaign = (await scrip.Get("/v1/campaigns/Big"))["id"].Text;
        (await scrip.Exported("voucher", new { campaign_id = campaign })).Count.ShouldBe(4501);
        (await scrip.Exported("voucher", new { campaign_id = "camp_other" })).Count.ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task Exports_are_listed_and_deleted_with_their_files(Db db)
    {
        var scrip = await servers.Project(db);
        var ids = new List<string>();
        foreach (var what in new[] { "voucher", "customer", "order" })
        {
            var made = (await scrip.Post("/v1/exports", new { exported_object = what })).Expect(200);
            made["status"].ShouldBe("SCHEDULED");
            made["channel"].ShouldBe("API");
            made["result"].IsNull.ShouldBeTrue();
            made["user_id"].IsNull.ShouldBeTrue();
            ids.Add(made["id"].Text);
            await scrip.Link(made["id"].Text);
        }
        var list = (await scrip.Get("/v1/exports?order=created_at&limit=2")).Expect(200);
        list["total"].ShouldBe(3);
        list["exports"].Items.Select(export => export["exported_object"].Text).ShouldBe(["voucher", "customer"]);
        (await scrip.Get("/v1/async-actions")).Expect(200)["async_actions"].Items.ShouldBeEmpty("an export is no async action");

        var link = await scrip.Link(ids[0]);
        (await scrip.Delete($"/v1/exports/{ids[0]}")).Expect(204);
        (await scrip.Delete($"/v1/exports/{ids[0]}")).Expect(404);
        (await scrip.Get($"/v1/exports/{ids[0]}")).Expect(404);
        (await scrip.Get(link[link.IndexOf("/v1/", StringComparison.Ordinal)..])).Expect(404);
        (await scrip.Count("/v1/exports")).ShouldBe(2);
        (await Tables.Read((await servers.On(db)).Database, "SELECT DISTINCT export_id FROM export_parts WHERE project_id = @project", ("project", scrip.Project.Id)))
            .ShouldBe(ids[1..], ignoreOrder: true);
    }

    [Theory, OnBoth]
    public async Task What_cannot_be_exported_is_refused_by_name_and_nothing_begins(Db db)
    {
        var scrip = await servers.Project(db);
        object If(string op, object value) => new { conditions = new Dictionary<string, object> { [op] = value } };
        (object Body, string Key, string Says)[] wrong =
        [
            (new { }, "invalid_payload", "exported_object"),
            (new { exported_object = "secrets" }, "invalid_payload", "voucher, "),
            (new { exported_object = "voucher", parameters = new { fields = new[] { "code", "secret" } } }, "invalid_export_fields", "Allowed fields: code"),
            (new { exported_object = "voucher", parameters = new { fields = new string?[] { null } } }, "invalid_export_fields", "Allowed fields"),
            (new { exported_object = "voucher_transactions", parameters = new { fields = new[] { "metadata.x" } } }, "invalid_export_fields", "Allowed fields"),
            (new { exported_object = "voucher", parameters = new { fields = "code" } }, "invalid_payload", "fields"),
            (new { exported_object = "voucher", parameters = new { fields = Enumerable.Repeat("code", 201) } }, "invalid_export_fields", "200"),
            (new { exported_object = "voucher", parameters = new { order = "id; DROP TABLE vouchers" } }, "invalid_payload", "order"),
            (new { exported_object = "voucher", parameters = new { filters = "x" } }, "invalid_payload", "filters"),
            (new { exported_object = "voucher", parameters = new { filters = new { code = "x" } } }, "invalid_payload", "conditions"),
            (new { exported_object = "voucher", parameters = new { filters = new { nothing = If("$is", "x") } } }, "invalid_payload", "nothing"),
            (new { exported_object = "voucher", parameters = new { filters = new { code = If("$like", "x") } } }, "invalid_payload", "$like"),
            (new { exported_object = "voucher", parameters = new { filters = new { code = If("$is", Array.Empty<string>()) } } }, "invalid_payload", "must have a value"),
            (new { exported_object = "voucher", parameters = new { filters = new { code = If("$is", new { a = 1 }) } } }, "invalid_payload", "texts, numbers or truths"),
            (new { exported_object = "voucher", parameters = new { filters = new { created_at = If("$after", "soon") } } }, "invalid_payload", "ISO-8601"),
            (new { exported_object = "voucher", parameters = new { filters = new { created_at = If("$more_than_ago", "many") } } }, "invalid_payload", "integer"),
            (new { exported_object = "voucher", parameters = new { filters = new { junction = "xor" } } }, "invalid_payload", "junction"),
            (new { exported_object = "voucher", parameters = new { filters = new { code = If("$in", Enumerable.Repeat("x", 1001)) } } }, "invalid_payload", "1000"),
            (new { exported_object = "order", parameters = new { campaign_id = "x" } }, "invalid_payload", "campaign_id"),
        ];
        foreach (var (body, key, says) in wrong)
        {
            var answer = (await scrip.Post("/v1/exports", body)).Expect(400);
            answer["key"].ShouldBe(key);
            answer["details"].Text.ShouldContain(says);
        }
        (await scrip.Count("/v1/exports")).ShouldBe(0);
        // Odd names of metadata name nothing, and end no work.
        foreach (var key in new[] { "$.a", "a'b", "a\"b", "a.b.c", "%", "$[0]" })
            (await scrip.Exported("customer", new { fields = new[] { "id", $"metadata.{key}" } })).Count.ShouldBe(1);
    }
}
