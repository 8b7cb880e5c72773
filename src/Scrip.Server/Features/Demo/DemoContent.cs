using System.Text.Json.Nodes;

namespace Scrip.Server.Features.Demo;

/// <summary>
/// A small shop: products, customers, a campaign of every kind that exists and some history. It is made through
/// the public API, so that it is what any caller could have made.
/// </summary>
sealed class DemoContent(HttpClient api)
{
    /// <summary>Makes it all; throws when the server refuses a part.</summary>
    public async Task Plant()
    {
        await Products();
        await Customers();
        await Campaigns();
        await Promotions();
        await History();
    }

    async Task Products()
    {
        foreach (var (source, name, price) in new[]
        {
            ("shirt", "Linen shirt", 4900), ("jeans", "Straight jeans", 8900), ("sneakers", "Court sneakers", 11900),
            ("socks", "Wool socks", 1200), ("tote", "Canvas tote", 2500),
        })
            await Post("/v1/products", new JsonObject { ["source_id"] = source, ["name"] = name, ["price"] = price, ["metadata"] = new JsonObject { ["season"] = "all" } });
        foreach (var size in new[] { "S", "M", "L" })
            await Post("/v1/products/shirt/skus", new JsonObject { ["source_id"] = $"shirt-{size}", ["sku"] = $"Linen shirt {size}", ["price"] = 4900 });
    }

    async Task Customers()
    {
        foreach (var (source, name, city) in new[] { ("ada", "Ada Fischer", "Vienna"), ("ben", "Ben Okafor", "Leeds"), ("chloe", "Chloé Martin", "Lyon") })
            await Post("/v1/customers", new JsonObject
            {
                ["source_id"] = source,
                ["name"] = name,
                ["email"] = $"{source}@shop.example",
                ["address"] = new JsonObject { ["city"] = city },
            });
    }

    async Task Campaigns()
    {
        await Post("/v1/campaigns", Campaign("Welcome 10%", "DISCOUNT_COUPONS", 25, new JsonObject
        {
            ["type"] = "DISCOUNT_VOUCHER",
            ["discount"] = new JsonObject { ["type"] = "PERCENT", ["percent_off"] = 10 },
            ["redemption"] = new JsonObject { ["quantity"] = 1 },
            ["code_config"] = new JsonObject { ["pattern"] = "HELLO-######" },
        }));
        await Post("/v1/campaigns", Campaign("Summer 15 off", "DISCOUNT_COUPONS", 1, new JsonObject
        {
            ["type"] = "DISCOUNT_VOUCHER",
            ["discount"] = new JsonObject { ["type"] = "AMOUNT", ["amount_off"] = 1500 },
            ["redemption"] = new JsonObject { ["quantity"] = 500 },
            ["code_config"] = new JsonObject { ["pattern"] = "SUMMER-##" },
        }));
        await Post("/v1/campaigns", Campaign("Gift cards", "GIFT_VOUCHERS", 10, new JsonObject
        {
            ["type"] = "GIFT_VOUCHER",
            ["gift"] = new JsonObject { ["amount"] = 5000, ["balance"] = 5000 },
            ["redemption"] = new JsonObject { ["quantity"] = null },
            ["code_config"] = new JsonObject { ["pattern"] = "GIFT-####-####" },
        }));
        await Post("/v1/vouchers/FREESOCKS", new JsonObject
        {
            ["type"] = "DISCOUNT_VOUCHER",
            ["redemption"] = new JsonObject { ["quantity"] = 100 },
            ["discount"] = new JsonObject
            {
                ["type"] = "UNIT",
                ["unit_off"] = 1,
                ["unit_type"] = "socks",
                ["effect"] = "ADD_MISSING_ITEMS",
                ["product"] = new JsonObject { ["id"] = "socks" },
            },
        });
        await Post("/v1/vouchers/WELCOME10", new JsonObject
        {
            ["type"] = "DISCOUNT_VOUCHER",
            ["discount"] = new JsonObject { ["type"] = "PERCENT", ["percent_off"] = 10 },
        });
        await Post("/v1/vouchers/GIFT50", new JsonObject { ["type"] = "GIFT_VOUCHER", ["gift"] = new JsonObject { ["amount"] = 5000, ["balance"] = 5000 } });
    }

    // What a cart gets without a code: a rule with a text for the customer, a category, a formula.
    async Task Promotions()
    {
        var category = await Post("/v1/categories", new JsonObject { ["name"] = "In the cart", ["hierarchy"] = 1 });
        var rule = await Post("/v1/validation-rules", new JsonObject
        {
            ["name"] = "Orders from 100.00",
            ["rules"] = new JsonObject
            {
                ["1"] = new JsonObject
                {
                    ["name"] = "order.amount",
                    ["conditions"] = new JsonObject { ["$more_than_or_equal"] = new JsonArray(10000) },
                    ["error"] = new JsonObject { ["message"] = "This starts at 100.00" },
                },
                ["logic"] = "1",
            },
        });
        await Post("/v1/campaigns", new JsonObject
        {
            ["name"] = "In the cart",
            ["campaign_type"] = "PROMOTION",
            ["category_id"] = (string)category["id"]!,
            ["promotion"] = new JsonObject
            {
                ["tiers"] = new JsonArray(
                    new JsonObject
                    {
                        ["name"] = "5 % from 100.00",
                        ["banner"] = "5 % off orders from 100.00",
                        ["action"] = new JsonObject { ["discount"] = new JsonObject { ["type"] = "PERCENT", ["percent_off"] = 5 } },
                        ["validation_rules"] = new JsonArray((string)rule["id"]!),
                    },
                    new JsonObject
                    {
                        ["name"] = "1.00 an item, 5.00 at most",
                        ["action"] = new JsonObject
                        {
                            ["discount"] = new JsonObject { ["type"] = "AMOUNT", ["amount_off"] = 100, ["amount_off_formula"] = "MIN(ORDER_UNITS_QUANTITY;5)" },
                        },
                    }),
            },
        });
    }

    async Task History()
    {
        await Redeem("ada", "order-1001", ["WELCOME10"], ("shirt", 2), ("socks", 1));
        var stack = await Redeem("ben", "order-1002", ["WELCOME10", "GIFT50"], ("jeans", 1));
        await Redeem("chloe", "order-1003", ["FREESOCKS"], ("sneakers", 1));
        await Post($"/v1/redemptions/{(string)stack["parent_redemption"]!["id"]!}/rollbacks", new JsonObject { ["reason"] = "Returned" });
    }

    Task<JsonNode> Redeem(string customer, string order, string[] codes, params (string Product, int Quantity)[] items) => Post("/v1/redemptions", new JsonObject
    {
        ["redeemables"] = new JsonArray([.. codes.Select(code => new JsonObject { ["object"] = "voucher", ["id"] = code })]),
        ["customer"] = new JsonObject { ["source_id"] = customer },
        ["order"] = new JsonObject
        {
            ["source_id"] = order,
            ["items"] = new JsonArray([.. items.Select(item => new JsonObject
            {
                ["source_id"] = item.Product, ["related_object"] = "product", ["quantity"] = item.Quantity,
            })]),
        },
    });

    static JsonObject Campaign(string name, string type, int count, JsonObject voucher) => new()
    {
        ["name"] = name,
        ["campaign_type"] = type,
        ["type"] = "AUTO_UPDATE",
        ["vouchers_count"] = count,
        ["voucher"] = voucher,
    };

    async Task<JsonNode> Post(string path, JsonObject body)
    {
        using var response = await api.PostAsync(path, new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
        var text = await response.Content.ReadAsStringAsync();
        if (!response.IsSuccessStatusCode) throw new InvalidOperationException($"The demo could not be made: POST {path} answered {text}");
        return JsonNode.Parse(text)!;
    }
}
