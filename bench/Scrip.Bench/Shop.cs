using System.Text;

namespace Scrip.Bench;

/// <summary>How much there is.</summary>
/// <param name="Campaigns">Live campaigns of codes.</param>
/// <param name="Codes">Codes in all of them.</param>
/// <param name="Customers">Customers with a source id.</param>
/// <param name="Redemptions">Past redemptions, each with its order.</param>
/// <param name="Promotions">Live promotion tiers.</param>
sealed record Size(int Campaigns, int Codes, int Customers, int Redemptions, int Promotions)
{
    /// <summary>For a look that takes a minute.</summary>
    public static readonly Size Quick = new(100, 10_000, 2_000, 5_000, 100);

    /// <summary>The tenth of <see cref="Full"/>.</summary>
    public static readonly Size Tenth = new(1_000, 100_000, 20_000, 50_000, 1_000);

    /// <summary>What the goals speak of.</summary>
    public static readonly Size Full = new(1_000, 1_000_000, 200_000, 500_000, 1_000);
}

/// <summary>
/// What the load works on: products, campaigns whose codes have no limit, customers, a history, a hot code. The first
/// of everything is made through the API and the rest copied from it inside the database.
/// </summary>
sealed class Shop(Size size)
{
    /// <summary>The project of the bench.</summary>
    public const string Project = "proj_bench";

    /// <summary>Campaigns have one of three discounts, by their number.</summary>
    static readonly string[] Discounts =
    [
        """{"type":"PERCENT","percent_off":5}""", """{"type":"AMOUNT","amount_off":200,"effect":"APPLY_TO_ITEMS"}""", """{"type":"AMOUNT","amount_off":300}""",
    ];

    const int Products = 20;

    /// <summary>How much there is.</summary>
    public Size Size { get; } = size;

    /// <summary>Makes the shop.</summary>
    public static async Task<Shop> Fill(BenchServer server, BenchDatabase database, Size size)
    {
        var shop = new Shop(size);
        await server.Send("POST", $"/management/v1/projects/{Project}/stacking-rules", """{"redeemables_limit":30,"applicable_redeemables_limit":30}""");
        for (var i = 0; i < Products; i++)
            await server.Send("POST", "/v1/products", $$"""{"source_id":"p{{i}}","name":"Product {{i}}","price":{{1000 + (i * 500)}},"metadata":{"color":"red","size":{{i}}} }""");
        await server.Send("POST", "/v1/vouchers/HOT", """{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":100}}""");
        // One of each kind with a code, as an example to copy.
        var examples = new string[Discounts.Length];
        for (var i = 0; i < Discounts.Length; i++) examples[i] = await Campaign(server, $"Example {i}", i, 1);
        var rule = await server.Send("POST", "/v1/validation-rules", """
            {"name":"Often","rules":{"1":{"name":"campaign.redemptions.customers_count","conditions":{"$less_than_or_equal":[1000000]},"rules":{}},
             "2":{"name":"campaign.redemptions.count","conditions":{"$less_than_or_equal":[100000000]},"rules":{}},"logic":"1 and 2"}}
            """);
        await server.Send("POST", "/v1/customers", """{"source_id":"c0","name":"Customer 0","email":"customer0@shop.test","metadata":{"tier":"gold"}}""");
        await database.Copy("campaigns", examples.Length, size.Campaigns, "id", examples, ("id", Ids("camp_")), ("name", "'Campaign ' || CAST(i AS TEXT)"));
        var codes = await database.Ids("SELECT id FROM vouchers WHERE campaign_id = @id", examples);
        await database.Copy("vouchers", codes.Count, size.Codes, "id", codes, ("id", Ids("v_")), ("code", Code("i")), ("campaign_id", Ids("camp_", $"(i % {size.Campaigns})")));
        var customer = await database.Ids("SELECT id FROM customers WHERE source_id = @id", ["c0"]);
        await database.Copy("customers", 1, size.Customers, "id", customer, ("id", Ids("cust_")), ("source_id", "'s' || CAST(i AS TEXT)"));
        await server.Send("POST", "/v1/redemptions", shop.Stack("c0", 1, 5, 0));
        await shop.History(database);
        await server.Send("POST", "/v1/campaigns", """
            {"name":"Promotions","campaign_type":"PROMOTION","promotion":{"tiers":[{"name":"Tier","action":{"discount":{"type":"PERCENT","percent_off":5} } }] } }
            """);
        await shop.Promote(database, 0, size.Promotions);
        // Every tenth campaign has limits that count; saving the assignment tells the server that campaigns changed.
        for (var i = 0; i < size.Campaigns; i += 10)
            await server.Send("POST", $"/v1/validation-rules/{rule["id"]}/assignments", $$"""{"related_object_type":"campaign","related_object_id":"{{CampaignId(i)}}"}""");
        await Changed(database);
        await database.Execute("ANALYZE");
        return shop;
    }

    /// <summary>Adds promotion tiers, all of them live, and tells the server.</summary>
    public async Task Promote(BenchDatabase database, int have, int want)
    {
        var tier = await database.Ids("SELECT id FROM promotion_tiers WHERE project_id = @id ORDER BY created_at, id LIMIT 1", [Project]);
        await database.Copy("promotion_tiers", 1, want - have, "id", tier, ("id", Ids("promo_", $"(i + {have})")), ("hierarchy", $"i + {have + 2}"));
        await Changed(database);
    }

    // What was written past the server: it reads the whole configuration again.
    static async Task Changed(BenchDatabase database)
    {
        await database.Execute($"UPDATE projects SET version = version + 1 WHERE id = '{Project}'");
        await database.Execute($"DELETE FROM config_changes WHERE project_id = '{Project}'");
    }

    /// <summary>Seconds from asking for 100 000 codes until all could be redeemed, and those of writing the same rows once more without anything else.</summary>
    public static async Task<(double Generating, double Bare)> Generate(BenchServer server, BenchDatabase database)
    {
        var start = TimeProvider.System.GetTimestamp();
        var id = await Campaign(server, "Bench 100 000", 0, 100_000);
        var seconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        return (seconds, await database.Again("vouchers", $"campaign_id = '{id}'"));
    }

    async Task History(BenchDatabase database)
    {
        var redemption = await database.Ids("SELECT id FROM redemptions WHERE project_id = @id", [Project]);
        var order = await database.Ids("SELECT id FROM orders WHERE project_id = @id", [Project]);
        await database.Copy("orders", 1, Size.Redemptions, "id", order, ("id", Ids("ord_")), ("source_id", "NULL"), ("customer_id", Ids("cust_", $"(i % {Size.Customers})")));
        await database.Copy("redemptions", 1, Size.Redemptions, "id", redemption, ("id", Ids("r_")), ("order_id", Ids("ord_")), ("parent_id", "NULL"),
            ("customer_id", Ids("cust_", $"(i % {Size.Customers})")), ("voucher_id", Ids("v_", $"(i * 7 % {Size.Codes})")), ("voucher_code", Code($"(i * 7 % {Size.Codes})")),
            ("campaign_id", Ids("camp_", $"(i * 7 % {Size.Codes} % {Size.Campaigns})")));
    }

    static string Ids(string prefix, string number = "i") => $"'{prefix}0' || CAST(100000000 + {number} AS TEXT)";

    static string CampaignId(int i) => $"camp_0{100000000 + i}";

    // Spread over the index as random codes are; an odd factor keeps them apart.
    static string Code(string number) => $"'C' || CAST(({number} * 2654435761) % 4294967296 AS TEXT)";

    static string CodeOf(int i) => "C" + ((i * 2654435761L) % 4294967296L);

    static async Task<string> Campaign(BenchServer server, string name, int kind, int count)
    {
        var created = await server.Send("POST", "/v1/campaigns", $$"""
            {"name":"{{name}}","campaign_type":"DISCOUNT_COUPONS","vouchers_count":{{count}},"voucher":{"type":"DISCOUNT_VOUCHER","discount":{{Discounts[kind]}},"code_config":{"length":12} } }
            """);
        var id = (string)created["id"]!;
        while ((string)(await server.Send("GET", $"/v1/campaigns/{id}"))["vouchers_generation_status"]! != "DONE") await Task.Delay(10);
        return id;
    }

    /// <summary>A cart with codes of different campaigns, one after the other; every tenth campaign's limits count.</summary>
    public string Stack(string customer, int codes, int lines, int first)
    {
        var body = new StringBuilder("""{"redeemables":[""");
        for (var i = 0; i < codes; i++)
            body.Append(i == 0 ? "" : ",").Append("""{"object":"voucher","id":""").Append('"').Append(CodeOf((first + i) % Size.Codes)).Append("\"}");
        body.Append("""],"customer":{"source_id":""").Append('"').Append(customer).Append("\"},\"order\":{\"items\":[");
        for (var i = 0; i < lines; i++)
            body.Append(i == 0 ? "" : ",").Append("""{"source_id":"p""").Append(i % Products).Append("\",\"related_object\":\"product\",\"quantity\":").Append(1 + (i % 3)).Append('}');
        return body.Append("]}}").ToString();
    }

    /// <summary>The request of a worker's turn: distinct codes and customers from all over the data.</summary>
    public byte[] Request(string path, int worker, int turn, int codes, int lines)
    {
        var at = (int)((((long)worker * 1_000_003) + turn) * 7919 % Size.Codes);
        return Line.Request("POST", path, Stack($"s{at % Size.Customers}", codes, lines, at));
    }

    /// <summary>What a cart qualifies for among all promotions.</summary>
    public byte[] Qualify(int worker, int turn)
    {
        var cart = Stack($"s{((worker * 1009) + turn) % Size.Customers}", 0, 5, 0);
        return Line.Request("POST", "/v1/qualifications", cart.Replace("\"redeemables\":[]", "\"scenario\":\"ALL\"", StringComparison.Ordinal));
    }

    /// <summary>One indexed read: a voucher by its code.</summary>
    public byte[] Read(int worker, int turn) =>
        Line.Request("GET", $"/v1/vouchers/{CodeOf((int)((((long)worker * 1_000_003) + turn) * 7919 % Size.Codes))}", null);

    /// <summary>A redemption of the code that everybody wants.</summary>
    public static readonly byte[] Hot = Line.Request("POST", "/v1/redemptions", """{"redeemables":[{"object":"voucher","id":"HOT"}],"order":{"amount":10000}}""");
}
