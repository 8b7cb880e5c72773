using System.Globalization;
using System.Text;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Platform.Jobs;

/// <summary>
/// Every kind of job at once in one project, large enough to be interrupted, with bad rows among the good ones; and what
/// the project holds in the end, without what differs from run to run: ids, instants and drawn codes.
/// </summary>
static class BulkScene
{
    const int Rows = 2_500;

    static readonly string[] Contents =
    [
        """
        SELECT v.code, v.type, c.name, v.active, v.starts_at, v.expires_at, v.quantity, v.redeemed, v.gift_amount, v.gift_balance,
            CASE WHEN v.deleted_at IS NULL THEN 0 ELSE 1 END, CAST(v.body AS TEXT)
        FROM vouchers v LEFT JOIN campaigns c ON c.project_id = v.project_id AND c.id = v.campaign_id
        WHERE v.project_id = @project AND v.code NOT LIKE 'drawn-%' ORDER BY v.code
        """,
        """
        SELECT c.name, c.vouchers_count, c.generation_status, (SELECT COUNT(*) FROM vouchers v WHERE v.project_id = c.project_id AND v.campaign_id = c.id),
            (SELECT COUNT(DISTINCT CAST(v.body AS TEXT)) FROM vouchers v WHERE v.project_id = c.project_id AND v.campaign_id = c.id AND v.deleted_at IS NULL)
        FROM campaigns c WHERE c.project_id = @project ORDER BY c.name
        """,
        "SELECT source_id, name, email, CASE WHEN updated_at IS NULL THEN 0 ELSE 1 END, CAST(body AS TEXT) FROM customers WHERE project_id = @project ORDER BY source_id",
        "SELECT source_id, name, price, CAST(body AS TEXT) FROM products WHERE project_id = @project ORDER BY source_id",
        """
        SELECT s.source_id, s.sku, s.price, p.source_id, CAST(s.body AS TEXT) FROM skus s JOIN products p ON p.project_id = s.project_id AND p.id = s.product_id
        WHERE s.project_id = @project ORDER BY s.source_id
        """,
        "SELECT source_id, status, amount, total_amount, revision FROM orders WHERE project_id = @project ORDER BY source_id",
        "SELECT type, status, done_count, failed_count, total_count FROM async_actions WHERE project_id = @project ORDER BY type, total_count, done_count",
        // The postings of whole jobs, however they were cut into chunks.
        "SELECT CASE WHEN account LIKE 'card:%' THEN 'cards' ELSE account END, SUM(amount) FROM postings WHERE project_id = @project GROUP BY 1 ORDER BY 1",
        "SELECT COUNT(*) FROM job_files f WHERE project_id = @project AND kind = 'upload'",
        "SELECT COUNT(*) FROM job_faults WHERE project_id = @project",
        """
        SELECT a.type, SUM(f.row_count), SUM(LENGTH(f.content)) FROM job_files f JOIN async_actions a ON a.project_id = f.project_id AND a.id = f.job_id
        WHERE f.project_id = @project AND f.kind = 'report' GROUP BY a.type ORDER BY a.type
        """,
    ];

    /// <summary>What is there before the jobs begin: campaigns whose codes are made.</summary>
    public static async Task Prepare(ApiClient scrip)
    {
        foreach (var name in new[] { "Changed", "Binned", "Gone" })
            await Campaign(scrip, name, "DISCOUNT_COUPONS", Rows);
        foreach (var name in new[] { "Imported", "Listed" }) await Campaign(scrip, name, "GIFT_VOUCHERS", 0);
        (await scrip.Post("/v1/customers", new { source_id = "customer-7", name = "Before", metadata = new { kept = 1 } })).Expect(200);
        await AllDone(scrip);
    }

    /// <summary>Asks for all the jobs.</summary>
    public static async Task Begin(ApiClient scrip)
    {
        await Campaign(scrip, "Made", "GIFT_VOUCHERS", Rows * 2);
        (await scrip.Put("/v1/campaigns/Changed", new { discount = new { type = "AMOUNT", amount_off = 777 } })).Expect(200);
        (await scrip.Delete("/v1/campaigns/Binned")).Expect(202);
        (await scrip.Delete("/v1/campaigns/Gone?force=true")).Expect(202);
        (await scrip.Upload("/v1/campaigns/Imported/importCSV", Csv("Code,Gift Amount,Redeemed Amount,Region", i => $"gift-{i},{(i % 500 == 3 ? "much" : i)},{i / 2},r{i % 7}"))).Expect(200);
        (await scrip.Upload("/v1/vouchers/importCSV", Csv("Code,Voucher Type,Discount Type,Value,Note", i => $"csv-{i % 2_200},DISCOUNT_VOUCHER,AMOUNT,{(i % 700 == 5 ? "" : "5")},n{i}"))).Expect(202);
        (await scrip.Post("/v1/campaigns/Listed/import", Enumerable.Range(0, 1_200).Select(i => new { code = $"listed-{i}", metadata = new { number = i } }).ToArray())).Expect(202);
        (await scrip.Post("/v1/vouchers/import", Enumerable.Range(0, 1_200).Select(i => new { code = $"item-{i}", type = "GIFT_VOUCHER", gift = new { amount = i - 2 } }).ToArray())).Expect(202);
        (await scrip.Post("/v1/vouchers/bulk/async", Enumerable.Range(0, 450).Select(i => new { code = $"item-{i * 3}", metadata = new { bulk = i } }).ToArray())).Expect(202);
        (await scrip.Post("/v1/vouchers/metadata/async", new { codes = Enumerable.Range(0, 450).Select(i => $"item-{i * 2}").ToArray(), metadata = new { all = true } })).Expect(202);
        (await scrip.Upload("/v1/customers/importCSV", Csv("source_id,name,birthdate,City", i => $"customer-{i},Name {i},{(i % 400 == 1 ? "never" : "2000-01-02")},Paris", 1_500))).Expect(202);
        (await scrip.Post("/v1/customers/bulk/async", Enumerable.Range(0, 600).Select(i => new { source_id = $"customer-{i * 3}", email = $"{i}@shop.test" }).ToArray())).Expect(202);
        (await scrip.Post("/v1/customers/metadata/async", new { source_ids = Enumerable.Range(1_400, 300).Select(i => $"customer-{i}").ToArray(), metadata = new { late = true } })).Expect(202);
        (await scrip.Upload("/v1/products/importCSV", Csv("name,source_id,price", i => $"Product {i},p-{i},{i % 90}.5", 1_000))).Expect(200);
        (await scrip.Post("/v1/products/bulk/async", Enumerable.Range(0, 400).Select(i => new { source_id = $"p-{i * 4}", price = i }).ToArray())).Expect(202);
        (await scrip.Post("/v1/products/metadata/async", new { source_ids = Enumerable.Range(0, 400).Select(i => $"p-{i}").ToArray(), metadata = new { seen = true } })).Expect(202);
        (await scrip.Upload("/v1/skus/importCSV", Csv("product_id,source_id,sku", i => $"p-{i % 1_050},s-{i},Sku {i}", 1_200))).Expect(200);
        (await scrip.Post("/v1/orders/import", Enumerable.Range(0, 400).Select(i => new { source_id = $"order-{i % 370}", amount = i % 300 == 9 ? -1 : 100 + i, customer = new { source_id = $"buyer-{i % 50}" } }).ToArray())).Expect(200);
    }

    /// <summary>Waits until no job is open.</summary>
    public static Task AllDone(ApiClient scrip) => Eventually.Holds(async () => !await AnyOpen(scrip));

    /// <summary>Whether a job is open.</summary>
    public static async Task<bool> AnyOpen(ApiClient scrip)
    {
        var actions = (await scrip.Unchecked.Get("/v1/async-actions?limit=100")).Expect(200)["async_actions"].Items;
        return actions.Any(action => action["status"].Text is "ENQUEUED" or "IN_PROGRESS");
    }

    /// <summary>What the project holds.</summary>
    public static async Task<List<string>> Content(Database database, string project)
    {
        var all = new List<string>();
        foreach (var sql in Contents)
        {
            all.Add(sql.Split('\n')[0]);
            all.AddRange(await Tables.Read(database, sql, ("project", project)));
        }
        return all;
    }

    static async Task Campaign(ApiClient scrip, string name, string type, int count)
    {
        var isGift = type == "GIFT_VOUCHERS";
        (await scrip.Post("/v1/campaigns", new
        {
            name,
            campaign_type = type,
            vouchers_count = count,
            voucher = new Dictionary<string, object>
            {
                ["type"] = isGift ? "GIFT_VOUCHER" : "DISCOUNT_VOUCHER",
                [isGift ? "gift" : "discount"] = isGift ? new { amount = 300 } : new { type = "AMOUNT", amount_off = 100 },
                ["code_config"] = new { prefix = "drawn-" },
            },
        })).Expect(200);
    }

    static string Csv(string header, Func<int, string> row, int count = Rows)
    {
        var text = new StringBuilder(header).Append('\n');
        for (var i = 0; i < count; i++) text.Append(CultureInfo.InvariantCulture, $"{row(i)}\n");
        return text.ToString();
    }
}
