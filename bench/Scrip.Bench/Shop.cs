using System.Text;
using System.Text.Json.Nodes;

namespace Scrip.Bench;

/// <summary>What the load works on: five products, three campaigns of codes without a limit, one hot code.</summary>
sealed class Shop
{
    /// <summary>A redemption of the code that everybody wants.</summary>
    public const string Hot = """{"redeemables":[{"object":"voucher","id":"HOT"}],"order":{"amount":10000}}""";

    const int CodesOfCampaign = 2000;

    readonly List<string>[] codes = [[], [], []];

    /// <summary>Seconds from asking for 100 000 codes until all of them could be redeemed.</summary>
    public double GenerationSeconds { get; private set; }

    /// <summary>Makes the shop through the API.</summary>
    public static async Task<Shop> Fill(HttpClient api)
    {
        var shop = new Shop();
        for (var i = 0; i < 5; i++)
            await Send(api, "/v1/products", $$"""{"source_id":"p{{i}}","name":"Product {{i}}","price":{{1000 + (i * 500)}}}""");
        await Send(api, "/v1/vouchers/HOT", """{"type":"DISCOUNT_VOUCHER","discount":{"type":"AMOUNT","amount_off":100}}""");
        var discounts = new[] { """{"type":"PERCENT","percent_off":5}""", """{"type":"AMOUNT","amount_off":200,"effect":"APPLY_TO_ITEMS"}""", """{"type":"AMOUNT","amount_off":300}""" };
        for (var i = 0; i < discounts.Length; i++)
        {
            var campaign = await Generate(api, $"Bench {i}", discounts[i], CodesOfCampaign);
            for (var page = 1; page <= CodesOfCampaign / 100; page++)
            {
                var list = JsonNode.Parse(await api.GetStringAsync($"/v1/vouchers?campaign_id={campaign}&limit=100&page={page}"))!;
                shop.codes[i].AddRange(list["vouchers"]!.AsArray().Select(voucher => (string)voucher!["code"]!));
            }
        }
        var start = TimeProvider.System.GetTimestamp();
        await Generate(api, "Bench 100 000", discounts[0], 100_000);
        shop.GenerationSeconds = TimeProvider.System.GetElapsedTime(start).TotalSeconds;
        return shop;
    }

    /// <summary>A stack of three on a cart of five lines; workers walk through the codes from different places.</summary>
    public string Stack(int worker, int turn)
    {
        var body = new StringBuilder("""{"redeemables":[""");
        for (var i = 0; i < codes.Length; i++)
        {
            var code = codes[i][((worker * 127) + (turn * 3) + i) % codes[i].Count];
            body.Append(i == 0 ? "" : ",").Append("""{"object":"voucher","id":""").Append('"').Append(code).Append("\"}");
        }
        body.Append("""],"customer":{"source_id":"customer-""").Append(worker).Append("\"},\"order\":{\"items\":[");
        for (var i = 0; i < 5; i++)
            body.Append(i == 0 ? "" : ",").Append("""{"source_id":"p""").Append(i).Append("\",\"related_object\":\"product\",\"quantity\":").Append(1 + (i % 3)).Append('}');
        return body.Append("]}}").ToString();
    }

    static async Task<string> Generate(HttpClient api, string name, string discount, int count)
    {
        var created = await Send(api, "/v1/campaigns", $$"""
            {"name":"{{name}}","campaign_type":"DISCOUNT_COUPONS","vouchers_count":{{count}},"voucher":{"type":"DISCOUNT_VOUCHER","discount":{{discount}},"code_config":{"length":12} } }
            """);
        var id = (string)created["id"]!;
        while ((string)JsonNode.Parse(await api.GetStringAsync($"/v1/campaigns/{id}"))!["vouchers_generation_status"]! != "DONE") await Task.Delay(10);
        return id;
    }

    static async Task<JsonNode> Send(HttpClient api, string path, string body)
    {
        using var response = await api.PostAsync(path, new StringContent(body, Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)! : throw new InvalidOperationException($"POST {path}: {text}");
    }
}
