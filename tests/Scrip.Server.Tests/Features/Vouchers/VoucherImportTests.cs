using System.Text;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Vouchers;

/// <summary>Many vouchers at once: lists, files, and metadata in bulk.</summary>
public sealed class VoucherImportTests(Servers servers)
{
    [Theory, OnBoth]
    public async Task A_list_of_vouchers_is_imported_and_bad_ones_are_told_with_a_reason(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("TAKEN", new { type = "AMOUNT", amount_off = 1 });
        var started = (await scrip.Post("/v1/vouchers/import", new object[]
        {
            new { code = "TEN", type = "DISCOUNT_VOUCHER", discount = new { type = "PERCENT", percent_off = 10 }, redemption = new { quantity = 2 }, metadata = new { unit = "EUR" } },
            new { code = "CARD", type = "GIFT_VOUCHER", gift = new { amount = 5000 }, active = false, category = "gifts", start_date = "2026-01-01", expiration_date = "2126-01-01T10:00:00.000Z" },
            new { code = "TAKEN", discount = new { type = "AMOUNT", amount_off = 5 } },
            new { code = "TEN", discount = new { type = "AMOUNT", amount_off = 5 } },
            new { code = "HIGH", type = "DISCOUNT_VOUCHER", discount = new { type = "PERCENT", percent_off = 101 } },
        })).Expect(202);
        var action = await scrip.Done(started["async_action_id"].Text);

        action["type"].ShouldBe("VOUCHERS.IMPORT");
        action["status"].ShouldBe("DONE");
        action["progress"].ShouldBe(100);
        action["result"]["done_count"].ShouldBe(2);
        action["result"]["failed_count"].ShouldBe(3);
        action["result"]["message"].ShouldBe("2 voucher(s) imported successfully, 3 failed.");
        action["result"]["failed"].Items.Select(item => item["code"].Text).ShouldBe(["TAKEN", "TEN", "HIGH"]);
        action["result"]["failed"][2]["reason"].Text.ShouldContain("percent_off");
        var card = (await scrip.Get("/v1/vouchers/CARD")).Expect(200);
        card["gift"]["balance"].ShouldBe(5000);
        card["active"].ShouldBe(false);
        card["category"].ShouldBe("gifts");
        (await scrip.Redeem(new { amount = 1000 }, "TEN")).Expect(200)["order"]["total_amount"].ShouldBe(900);
    }

    [Theory, OnBoth]
    public async Task A_list_that_is_wrong_as_a_whole_is_refused_and_nothing_starts(Db db)
    {
        var scrip = await servers.Project(db);
        (await scrip.Post("/v1/vouchers/import", new object[] { new { type = "GIFT_VOUCHER", gift = new { amount = 1 } } })).Expect(400)["details"].ShouldBe("Found 1 voucher(s) without 'code' value");
        (await scrip.Post("/v1/vouchers/import", new object[] { new { code = "A", redemption = new { quantity = "many" } } })).Expect(400)["details"].Text.ShouldContain("[0].redemption.quantity");
        (await scrip.Post("/v1/vouchers/import", Array.Empty<object>())).Expect(400);
        (await scrip.Post("/v1/vouchers/import", new { code = "A" })).Expect(400);
        (await scrip.Post("/v1/vouchers/import", new object?[] { null })).Expect(400);
        (await scrip.Raw("POST", "/v1/vouchers/import", "[{\"code\":\"" + new string('a', 10 * 1024 * 1024) + "\"}]")).Expect(413);
        (await scrip.Get("/v1/async-actions")).Expect(200)["async_actions"].Items.ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task A_file_becomes_vouchers_and_other_columns_become_metadata(Db db)
    {
        var scrip = await servers.Project(db);
        var category = await scrip.Category("New", 1);
        var action = await Import(scrip, """"
            Code,Voucher Type,Active,Start Date,Expiration Date,Discount Type,Value,Category,Redemption Limit,Redeemed Quantity,Redeemed Amount,Additional Info,Region,note text
            FALL,DISCOUNT_VOUCHER,FALSE,2022-09-19T00:00:00.000Z,2022-11-30T23:59:00.000Z,AMOUNT,1000,New,3,1,,"Planned, in two
            lines","Europe ""west""",
            PCT,DISCOUNT_VOUCHER,,2022-09-19,,PERCENT,12.5,tag,,,,,,=1+1
            GIFT,GIFT_VOUCHER,TRUE,,,,10000,,,2,2500,,,
            BAD,DISCOUNT_VOUCHER,maybe,,,AMOUNT,5,,,,,,,
            NOTYPE,,,,,AMOUNT,5,,,,,,,
            ,DISCOUNT_VOUCHER,,,,AMOUNT,5,,,,,,,
            WIDE,DISCOUNT_VOUCHER,,,,AMOUNT,5,,,,,,,,,,
            DATE,DISCOUNT_VOUCHER,,soon,,AMOUNT,5,,,,,,,
            """");

        action["type"].ShouldBe("VOUCHERS.IMPORT_CSV");
        action["result"]["done_count"].ShouldBe(3);
        action["result"]["failed"].Items.Select(item => (item["code"].Text, item["row"].Number)).ShouldBe([("BAD", 4), ("NOTYPE", 5), ("", 6), ("WIDE", 7), ("DATE", 8)]);
        action["result"]["failed"][0]["reason"].ShouldBe("Active must be TRUE or FALSE (actual value is 'maybe')");
        action["result"]["failed"][1]["reason"].ShouldBe("Voucher Type is required");
        var fall = (await scrip.Get("/v1/vouchers/FALL")).Expect(200);
        fall["discount"]["amount_off"].ShouldBe(1000);
        fall["active"].ShouldBe(false);
        fall["category_id"].ShouldBe(category);
        fall["redemption"]["quantity"].ShouldBe(3);
        fall["redemption"]["redeemed_quantity"].ShouldBe(1);
        fall["expiration_date"].ShouldBe("2022-11-30T23:59:00.000Z");
        fall["additional_info"].Text.ReplaceLineEndings("\n").ShouldBe("Planned, in two\nlines");
        fall["metadata"]["Region"].ShouldBe("Europe \"west\"");
        var percent = (await scrip.Get("/v1/vouchers/PCT")).Expect(200);
        percent["start_date"].ShouldBe("2022-09-19T00:00:00.000Z");
        percent["metadata"]["note text"].ShouldBe("=1+1");
        percent["category"].ShouldBe("tag");
        var gift = (await scrip.Get("/v1/vouchers/GIFT")).Expect(200);
        gift["gift"]["amount"].ShouldBe(10000);
        gift["gift"]["balance"].ShouldBe(7500);
        gift["redemption"]["redeemed_amount"].ShouldBe(2500);
        (await ScripProcess.Run((await servers.On(db)).Database, "ledger", "verify")).ShouldNotBeEmpty();
    }

    [Theory]
    [OnBoth("comma", "\n")]
    [OnBoth("semicolon", "\r\n")]
    [OnBoth("mark", "\n")]
    public async Task A_file_may_have_a_byte_order_mark_semicolons_and_other_line_ends(Db db, string kind, string end)
    {
        var scrip = await servers.Project(db);
        var text = "code;VOUCHER TYPE;discount_type;Value;Größe\n\"A;1\";DISCOUNT_VOUCHER;AMOUNT;500;\"ü;\"\"\nz\"\n\nB;DISCOUNT_VOUCHER;PERCENT;5";
        if (kind != "semicolon") text = text.Replace("A;1", "A,1").Replace("ü;", "ü,").Replace(';', ',');
        text = (kind == "mark" ? "\uFEFF" : "") + text.Replace("\n", end);
        var action = await Import(scrip, text);
        action["result"]["failed"].Items.ShouldBeEmpty();
        action["result"]["done_count"].ShouldBe(2);
        var first = (await scrip.Get("/v1/vouchers/" + Uri.EscapeDataString(kind == "semicolon" ? "A;1" : "A,1"))).Expect(200);
        first["metadata"]["Größe"].ShouldBe((kind == "semicolon" ? "ü;" : "ü,") + "\"" + end + "z");
        (await scrip.Get("/v1/vouchers/B")).Expect(200)["discount"]["percent_off"].ShouldBe(5);
    }

    [Theory, OnBoth]
    public async Task A_file_that_names_known_codes_changes_them(Db db)
    {
        var scrip = await servers.Project(db);
        await scrip.Coupon("KNOWN", new { type = "AMOUNT", amount_off = 700 }, 5);
        var action = await Import(scrip, "Code,Voucher Type,Discount Type,Value,Active,Region\nKNOWN,DISCOUNT_VOUCHER,AMOUNT,1,FALSE,Asia\nTWICE,DISCOUNT_VOUCHER,AMOUNT,1,TRUE,A\nTWICE,DISCOUNT_VOUCHER,AMOUNT,2,FALSE,B\n");
        action["result"]["done_count"].ShouldBe(3);
        var known = (await scrip.Get("/v1/vouchers/KNOWN")).Expect(200);
        known["active"].ShouldBe(false);
        known["metadata"]["Region"].ShouldBe("Asia");
        known["discount"]["amount_off"].ShouldBe(700);
        known["redemption"]["quantity"].ShouldBe(5);
        var twice = (await scrip.Get("/v1/vouchers/TWICE")).Expect(200);
        twice["discount"]["amount_off"].ShouldBe(1);
        twice["metadata"]["Region"].ShouldBe("B");
        twice["active"].ShouldBe(false);
        (await scrip.Count("/v1/vouchers")).ShouldBe(2);
    }

    [Theory, OnBoth]
    public async Task A_rule_that_a_row_names_is_bound_to_its_voucher(Db db)
    {
        var scrip = (await servers.Project(db)).Unchecked;
        var rule = await scrip.Rule("order.amount", "$more_than", 1000);
        await scrip.Coupon("KNOWN", new { type = "AMOUNT", amount_off = 100 });
        var action = await Import(scrip, $"Code,Voucher Type,Discount Type,Value,Validation Rule ID\nNEW,DISCOUNT_VOUCHER,AMOUNT,100,{rule}\nFREE,DISCOUNT_VOUCHER,AMOUNT,100,\n");
        action["result"]["done_count"].ShouldBe(2);
        (await scrip.Validate(new { amount = 1000 }, "NEW")).Expect(200)["valid"].ShouldBe(false);
        action = await Import(scrip, $"Code,Voucher Type,Discount Type,Value,Validation Rule ID\nKNOWN,,,,{rule}\nNEW,,,,{rule}\nNONE,DISCOUNT_VOUCHER,AMOUNT,100,val_none\n");
        action["result"]["done_count"].ShouldBe(2);
        action["result"]["failed"].Items.Select(item => item["code"].Text).ShouldBe(["NONE"]);
        foreach (var (code, bound) in new[] { ("NEW", 1), ("KNOWN", 1), ("FREE", 0) })
        {
            (await scrip.Get($"/v1/vouchers/{code}")).Expect(200)["validation_rules_assignments"]["total"].ShouldBe(bound, code);
            foreach (var (amount, valid) in new[] { (1000, bound == 0), (1001, true) })
                (await scrip.Validate(new { amount }, code)).Expect(200)["valid"].ShouldBe(valid, $"{code} {amount}");
        }
        (await scrip.Get($"/v1/validation-rules/{rule}/assignments")).Expect(200)["total"].ShouldBe(2);
    }

    [Theory]
    [OnBoth("", "is empty")]
    [OnBoth("\n\n", "is empty")]
    [OnBoth("Name,Value\nA,1\n", "no column 'Code'")]
    [OnBoth("{\"code\":\"A\"}", "no column 'Code'")]
    [OnBoth("Code,Code\nA,B\n", "twice")]
    [OnBoth("Code,Value\nA,\"1\nB,2\n", "never closed")]
    [OnBoth("Code,Value\nA,\0\n", "not UTF-8")]
    public async Task A_file_that_is_no_CSV_is_refused(Db db, string file, string why)
    {
        var scrip = await servers.Project(db);
        var refused = (await scrip.Upload("/v1/vouchers/importCSV", file)).Expect(400);
        refused["key"].ShouldBe("invalid_payload");
        refused["details"].Text.ShouldContain(why);
        (await scrip.Get("/v1/async-actions")).Expect(200)["async_actions"].Items.ShouldBeEmpty();
    }

    [Theory, OnBoth]
    public async Task Pictures_and_other_bodies_are_no_files(Db db)
    {
        var scrip = await servers.Project(db);
        byte[] picture = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, 0, 0, 0, 13, 0xFF, 0xFE, 0x80];
        (await scrip.Send(HttpMethod.Post, "/v1/vouchers/importCSV", new MultipartFormDataContent { { new ByteArrayContent(picture), "file", "a.csv" } })).Expect(400)["details"].Text.ShouldContain("no CSV");
        byte[] wide = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("Code\nA\n")];
        (await scrip.Send(HttpMethod.Post, "/v1/vouchers/importCSV", new MultipartFormDataContent { { new ByteArrayContent(wide), "file", "a.csv" } })).Expect(400)["details"].Text.ShouldContain("UTF-16");
        (await scrip.Post("/v1/vouchers/importCSV", new { file = "Code\nA" })).Expect(400)["details"].Text.ShouldContain("'file'");
        (await scrip.Send(HttpMethod.Post, "/v1/vouchers/importCSV", new MultipartFormDataContent { { new StringContent("Code\nA"), "upload", "a.csv" } })).Expect(400)["details"].Text.ShouldContain("'file'");
        (await scrip.Raw("POST", "/v1/vouchers/importCSV", "--x\r\nnonsense", ("Content-Type", "multipart/form-data; boundary=x"))).Expect(400);
    }

    [Theory, OnBoth]
    public async Task A_repeated_upload_with_the_same_key_starts_once(Db db)
    {
        var scrip = await servers.Project(db);
        Task<Answer> Send(string csv) => scrip.Send(HttpMethod.Post, "/v1/vouchers/importCSV",
            new MultipartFormDataContent("fixed") { { new StringContent(csv), "file", "a.csv" } }, ("Idempotency-Key", "once"));
        var first = (await Send("Code,Voucher Type,Value\nA,GIFT_VOUCHER,1\n")).Expect(202);
        (await Send("Code,Voucher Type,Value\nA,GIFT_VOUCHER,1\n")).Expect(202)["async_action_id"].ShouldBe(first["async_action_id"]);
        (await Send("Code,Voucher Type,Value\nA,GIFT_VOUCHER,2\n")).Expect(409);
        (await scrip.Get("/v1/async-actions")).Expect(200)["async_actions"].Items.Count.ShouldBe(1);
    }

    [Theory, OnBoth]
    public async Task Metadata_of_many_vouchers_is_updated_and_each_is_reported(Db db)
    {
        var scrip = await servers.Project(db);
        foreach (var code in new[] { "A", "B" }) await scrip.Coupon(code, new { type = "AMOUNT", amount_off = 1 });
        var one = await scrip.Done((await scrip.Post("/v1/vouchers/bulk/async", new object[]
        {
            new { code = "A", metadata = new { lang = "en", test = true } },
            new { code = "MISSING", metadata = new { lang = "en" } },
            new { code = "B", metadata = new { lang = "pl", count = 2 } },
        })).Expect(202)["async_action_id"].Text);

        one["type"].ShouldBe("VOUCHERS.BULK_UPDATE");
        one["operation_status"].ShouldBe("SUCCESS");
        one["result"]["done_count"].ShouldBe(2);
        one["result"]["failed_count"].ShouldBe(1);
        one["result"]["errors"][0]["code"].ShouldBe("MISSING");
        one["result"]["errors"][0]["key"].ShouldBe("not_found");
        var report = one["result"]["reports"][0].Text;
        using var http = new HttpClient();
        (await http.GetStringAsync(report)).ShouldBe("code,found,updated,error\nA,true,true,\nMISSING,false,false,Cannot find voucher with id MISSING\nB,true,true,\n");
        ((int)(await http.GetAsync(report[..^1] + "_")).StatusCode).ShouldBe(404);

        var all = await scrip.Done((await scrip.Post("/v1/vouchers/metadata/async", new { codes = new[] { "A", "B" }, metadata = new { lang = "de" } })).Expect(202)["async_action_id"].Text);
        all["type"].ShouldBe("VOUCHERS.METADATA_UPDATE");
        all["result"]["done_count"].ShouldBe(2);
        var b = (await scrip.Get("/v1/vouchers/B")).Expect(200);
        b["metadata"]["lang"].ShouldBe("de");
        b["metadata"]["count"].ShouldBe(2);
        (await scrip.Post("/v1/vouchers/bulk/async", new object[] { new { code = "A", metadata = "x" } })).Expect(400);
        (await scrip.Post("/v1/vouchers/metadata/async", new { codes = new[] { "A" } })).Expect(400);
    }

    [Theory, OnBoth]
    public async Task A_file_of_many_rows_is_imported_whole_and_shows_its_progress(Db db)
    {
        var scrip = await servers.Project(db);
        var file = new StringBuilder("Code,Voucher Type,Discount Type,Value,Season\n");
        for (var i = 0; i < 25_000; i++) file.Append("CODE-").Append(i).Append(i % 1000 == 999 ? ",NONE" : ",DISCOUNT_VOUCHER").Append(",AMOUNT,100,spring\n");
        var action = await Import(scrip, file.ToString());
        action["result"]["done_count"].ShouldBe(24_975);
        action["result"]["failed"].Items.Select(item => item["row"].Number).ShouldBe(Enumerable.Range(1, 25).Select(i => i * 1000L));
        (await scrip.Get("/v1/vouchers/CODE-24998")).Expect(200)["metadata"]["Season"].ShouldBe("spring");
    }

    [Theory, OnBoth]
    public async Task Events_of_a_file_are_told_only_when_that_is_asked(Db db)
    {
        // Events that nobody can handle stay where they can be looked at.
        await using var database = await Database.Create(db);
        await using var server = await ScripProcess.Start(database, new Dictionary<string, string> { ["SCRIP_FAULT_EVENTS"] = "voucher.created", ["SCRIP_OUTBOX_ATTEMPTS"] = "1" });
        var scrip = Servers.Demo(server).Unchecked;
        await Import(scrip, "Code,Voucher Type,Value\nA,GIFT_VOUCHER,1\n");
        using var form = new MultipartFormDataContent { { new StringContent("Code,Voucher Type,Value,Note\nA,GIFT_VOUCHER,1,x\nB,GIFT_VOUCHER,2,y\n"), "file", "a.csv" }, { new StringContent("true"), "webhooks_enable" } };
        await scrip.Done((await scrip.Send(HttpMethod.Post, "/v1/vouchers/importCSV", form)).Expect(202)["async_action_id"].Text);
        Answer dead;
        do
        {
            dead = (await scrip.AsManagement.Get($"/management/v1/projects/{scrip.Project.Id}/dead-letters")).Expect(200);
            await Task.Delay(20);
        }
        while (dead["total"].Number == 0);
        dead["data"].Items.Select(letter => letter["data"]["voucher"]["code"].Text).ShouldBe(["B"]);
        dead["data"][0]["data"]["voucher"]["assets"]["qr"]["url"].Text.ShouldStartWith(scrip.Address.ToString().TrimEnd('/'));
        using var wrong = new MultipartFormDataContent { { new StringContent("Code\nA\n"), "file", "a.csv" }, { new StringContent("perhaps"), "webhooks_enable" } };
        (await scrip.Send(HttpMethod.Post, "/v1/vouchers/importCSV", wrong)).Expect(400)["details"].Text.ShouldContain("webhooks_enable");
    }

    static async Task<Answer> Import(ApiClient scrip, string file) =>
        await scrip.Done((await scrip.Upload("/v1/vouchers/importCSV", file)).Expect(202)["async_action_id"].Text);
}
