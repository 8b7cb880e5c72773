using System.Text.Json;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Tests.Rules;

/// <summary>Full that most tests share: a customer, a cart of three lines (12 500 left of 13 000), now is Wednesday 2026-07-15, 12:00 in Warsaw.</summary>
internal static class Ruling
{
    public static readonly DateTimeZone Warsaw = DateTimeZoneProviders.Tzdb["Europe/Warsaw"];

    public static readonly long Now = Instant.FromUtc(2026, 7, 15, 10, 0).ToUnixTimeMilliseconds();

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    public static readonly Cart Basket = Cart.Open(
        [
            new() { ProductId = "shirt", SkuId = "shirt-m", Quantity = 2, Price = 3_000, Collections = new HashSet<string> { "clothes" }, Metadata = new(Json("""{"gift":true,"size":3}""")), ProductMetadata = new(Json("""{"brand":"acme"}""")) },
            new() { ProductId = "socks", SourceId = "own-socks", RelatedObject = RelatedObject.Product, Quantity = 4, Price = 500, Collections = new HashSet<string> { "clothes" }, Metadata = new(Json("""{"size":5}""")), ProductMetadata = new(Json("""{"brand":"bolt"}""")) },
            new() { ProductId = "lamp", Quantity = 1, Price = 5_000, Metadata = new(Json("""{"size":7}""")) },
        ],
        discountAmount: 500).Cart!;

    public static readonly Situation Situation = new()
    {
        NowMs = Now,
        Zone = Warsaw,
        Customer = new() { Id = "cust", Segments = new HashSet<string> { "seg_a", "seg_b" }, LoyaltyTiers = new HashSet<string> { "gold" }, Metadata = new(Json("""
            {"city":"Oslo","age":30,"vip":true,"tags":["a","b",3],"none":[],"born":"2026-07-10","seen":"2026-07-15T09:30:00Z","due":"2026-07-18","o":{"p":1}}
            """)) },
        OrderMetadata = new(Json("""{"shop":"A1"}""")),
        RedemptionMetadata = new(Json("""{"source":"app"}""")),
        ApiKey = "key_1",
        UserLogin = "ann@shop.test",
    };

    public static readonly VoucherRedeemable Coupon = new("CODE")
    {
        Id = "v_1",
        Code = "CODE",
        CampaignId = "camp_1",
        HolderId = "cust",
        Benefit = new DiscountBenefit(new AmountOff(100)),
    };

    public static readonly RuleFacts Full = new(Situation, Coupon, Basket, Discounting.Apply(Basket, new AmountOff(1_000), Targets.Everything), new Usage(Uses: 1, Orders: 13_000, Discounts: 1_000, Credits: 200, Points: 70))
    {
        EventMetadata = new(Json("""{"kind":"visit"}""")),
    };

    /// <summary>Nothing that a request may leave out is there.</summary>
    public static readonly RuleFacts Bare = new(new() { NowMs = Now, Zone = Warsaw }, new TierRedeemable("t") { Id = "t", Benefit = Coupon.Benefit }, null, null, new Usage(Uses: 1));

    public static RuleBinding Binding(string rules, string? bundle = null, string? message = null) =>
        Rule.Bind(new RuleSource("val_1", Json(rules), bundle is null ? null : Json(bundle), Message: message));

    public static Rule Bind(string rules, string? bundle = null, string? message = null)
    {
        var (rule, fault) = Binding(rules, bundle, message);
        fault.ShouldBeNull();
        return rule!;
    }

    /// <summary>A rule of one condition, such as <c>order.amount $more_than [5]</c>; an attribute's name follows a colon.</summary>
    public static string Single(string name, string op, string operand, string subs = "{}")
    {
        var parts = name.Split(':');
        return $$"""{"1":{"name":"{{parts[0]}}","property":{{(parts.Length > 1 ? $"\"{parts[1]}\"" : "null")}},"conditions":{"{{op}}":{{operand}}},"rules":{{subs}} } }""";
    }

    public static RuleFacts Used(params (UsageKey Key, Usage Usage)[] used) =>
        Full with { Situation = Situation with { Usage = new(used.ToDictionary(one => one.Key, one => one.Usage)) } };
}
