using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Features.Exports;

/// <summary>The server is killed while it writes a file, again and again; the file is the one of an undisturbed run.</summary>
public sealed class CrashTests
{
    const int Vouchers = 40_000;

    [Theory, OnBoth]
    public async Task A_file_that_was_cut_off_many_times_has_every_row_once(Db db)
    {
        await using var database = await Database.Create(db);
        string id;
        var seen = new HashSet<string>();
        await using (var server = await ScripProcess.Start(database))
        {
            var scrip = Servers.Demo(server).Unchecked;
            var campaign = (await scrip.Post("/v1/campaigns", new
            {
                name = "Big",
                campaign_type = "DISCOUNT_COUPONS",
                vouchers_count = Vouchers,
                voucher = new { type = "DISCOUNT_VOUCHER", discount = new { type = "AMOUNT", amount_off = 100 } },
            })).Expect(200)["id"].Text;
            await scrip.Made(campaign);
            id = (await scrip.Post("/v1/exports", new { exported_object = "voucher", parameters = new { order = "code", fields = new[] { "code", "qr_code" } } })).Expect(200)["id"].Text;
            seen.Add((await scrip.Get($"/v1/exports/{id}"))["status"].Text);
            await server.Kill();
        }
        var cuts = 0;
        for (var run = 0; run < 8; run++)
        {
            await using var server = await ScripProcess.Start(database);
            var status = (await Servers.Demo(server).Unchecked.Get($"/v1/exports/{id}"))["status"].Text;
            seen.Add(status);
            if (status == "DONE") break;
            cuts++;
            await Task.Delay(30 * (run % 5));
            await server.Kill();
        }
        await using var last = await ScripProcess.Start(database);
        var demo = Servers.Demo(last).Unchecked;
        var codes = Exporting.Cells(await demo.Text(id)).Skip(1).Select(line => line[0]).ToList();
        cuts.ShouldBeGreaterThan(0);
        codes.Count.ShouldBe(Vouchers);
        codes.ShouldBe(codes.Distinct().Order(StringComparer.Ordinal));
        // Row for row what a run that nobody disturbs writes.
        var again = (await demo.Post("/v1/exports", new { exported_object = "voucher", parameters = new { order = "code", fields = new[] { "code" } } })).Expect(200)["id"].Text;
        Exporting.Cells(await demo.Text(again)).Skip(1).Select(line => line[0]).ShouldBe(codes);
    }
}
