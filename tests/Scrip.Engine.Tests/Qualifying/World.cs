using System.Text.Json;
using CsCheck;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Tests.Qualifying;

/// <summary>Incentives, carts and situations of a small world, so that much of it fits together and much does not.</summary>
internal static class World
{
    public const string Segment = """{"name":"customer.segment","conditions":{"$is":["seg_vip"]}}""";
    public const string Metadata = """{"name":"customer.metadata","property":"tier","conditions":{"$is":["gold"]}}""";
    public const string Shirt = """{"name":"product.id","conditions":{"$is":["shirt"]}}""";
    public const string Hat = """{"name":"order.items.any","conditions":{"$is":[{"id":"hat","object":"product"}]}}""";
    public const string NoSock = """{"name":"order.items.none","conditions":{"$is":[{"id":"sock","object":"product"}]}}""";
    public const string Initial = """{"name":"order.initial_amount","conditions":{"$more_than":[2500]}}""";
    public const string Before = """{"name":"order.amount","conditions":{"$more_than":[1000000]}}""";
    public const string After = """{"name":"order.total_amount","conditions":{"$more_than":[2000]}}""";
    public const string Count = """{"name":"order.items.count","conditions":{"$more_than_or_equal":[3]}}""";
    public const string Budget = """{"name":"campaign.redemptions.count","conditions":{"$less_than_or_equal":[0]}}""";
    public const string PerCustomer = """{"name":"redemption.count.per_customer","conditions":{"$less_than_or_equal":[0]}}""";
    public const string Bundle = """{"1":{"name":"order.items.any","conditions":{"$is":[{"id":"shirt","object":"product"}]},"rules":{"1":{"name":"order.items.aggregated_quantity","conditions":{"$is":[2]}}}},"2":{"name":"order.items.any","conditions":{"$is":[{"id":"hat","object":"product"}]},"rules":{"1":{"name":"order.items.aggregated_quantity","conditions":{"$is":[1]}}}},"limit":2}""";

    private const string Segments = """{"name":"customer.segment","conditions":{"$in":["seg_new","seg_vip"]}}""";
    private const string NoSegment = """{"name":"customer.segment","conditions":{"$is_not":["seg_vip"]}}""";
    private const string Every = """{"name":"order.items.every","conditions":{"$in":[{"id":"shirt"},{"id":"hat"}]}}""";
    private const string Source = """{"name":"order.items.any","conditions":{"$is":[{"source_id":"src-sock","object":"product"}]}}""";
    private const string Collection = """{"name":"order.items.cheapest","conditions":{"$from":[{"id":"pc_warm","object":"products_collection"}]}}""";
    private const string Sku = """{"name":"sku.id","conditions":{"$is":["shirt-m"]}}""";
    private const string NotHat = """{"name":"product.id","conditions":{"$is_not":["hat"]}}""";
    private const string Small = """{"name":"order.initial_amount","conditions":{"$less_than":[4000]}}""";
    private const string Exact = """{"name":"order.initial_amount","conditions":{"$is":[3000,1000]}}""";

    private const string Marked = """{"name":"product.metadata","property":"brand","conditions":{"$is":["acme"]},"rules":{"1":{"name":"product.metadata.discount_applicable","conditions":{"$is":[true]}}}}""";

    private static readonly string[] Conditions =
        [Marked, Segment, Metadata, Shirt, Hat, NoSock, Initial, Before, After, Count, Segments, NoSegment, Every, Source, Collection, Sku, NotHat, Small, Exact];

    public static readonly Gen<Incentive> Incentives = Gen.Select(
        Gen.OneOfConst<Discount>(new AmountOff(700), new PercentOff(15), new AmountOff(50, DiscountEffect.ApplyToItems), new PercentOff(100), new FixedPrice(900),
            new AmountOff(300, DiscountEffect.ApplyToItemsProportionally), new AmountOff(120, DiscountEffect.ApplyToItemsByQuantity, 400),
            new PercentOff(12.345678m, DiscountEffect.ApplyToItems, 90, 150), new PercentOff(33.3m, AmountLimit: 500), new FixedPrice(250, DiscountEffect.ApplyToItems), new UnitOff(new FreeUnit { Count = 1, Effect = UnitEffect.AddNewItems, ProductId = "hat", Price = 400 })),
        Gen.Int[0, Conditions.Length - 1].Array[0, 3], Gen.OneOfConst("and", "or", "mixed"), Gen.Bool, Gen.Bool, Gen.Int[0, 9])
        .Select((discount, conditions, logic, targets, isVoucher, schedule) => Made(discount, [.. conditions.Distinct().Select(i => Conditions[i])], logic, targets, isVoucher, schedule));

    public static readonly Gen<Cart?> Orders = Gen.OneOf(
        Gen.Select(Gen.OneOfConst("shirt", "hat", "sock"), Gen.Int[0, 4], Gen.Int[0, 2000]).Array[0, 4]
            .Select(lines => Cart.Open([.. lines.Select(Line)]).Cart),
        Gen.Const((Cart?)null), Gen.Const(Cart.Open([], 3000).Cart));

    private static CartLine Line((string Product, int Quantity, int Price) one) => new()
    {
        ProductId = one.Product == "sock" && one.Quantity % 2 == 0 ? null : one.Product,
        SkuId = one.Price % 2 == 0 ? one.Product + "-m" : null,
        SourceId = "src-" + one.Product,
        ProductMetadata = one.Product == "hat" ? Facts.Metadata.None : new(Element("""{"brand":"acme"}""")),
        Quantity = one.Quantity,
        Price = one.Price,
        Collections = one.Product == "hat" ? new HashSet<string> { "pc_warm" } : new HashSet<string>(),
    };

    public static TierRedeemable Bundled(Discount discount) => new("promo_b")
    {
        Id = "promo_b",
        Benefit = new DiscountBenefit(discount),
        Rules = [Rule.Bind(new RuleSource("val_b", null, Element(Bundle))) is { Rule: { } rule } bound ? rule : throw new InvalidOperationException(Rule.Bind(new RuleSource("val_b", null, Element(Bundle))).Fault)],
    };

    public static Incentive Made(Discount discount, string[] conditions, string logic, bool targets, bool isVoucher, int schedule)
    {
        var body = string.Join(',', conditions.Select((condition, i) => $"\"{i + 1}\":{condition}"));
        var joined = logic == "mixed" && conditions.Length == 3 ? "1 and (2 or 3)" : string.Join(logic == "mixed" ? " or " : $" {logic} ", Enumerable.Range(1, conditions.Length));
        var binding = conditions.Length == 0 ? default : Rule.Bind(new RuleSource("val_1", Element($$"""{{{body}},"logic":"{{joined}}"}""")));
        binding.Fault.ShouldBeNull();
        Incentive made = isVoucher
            ? new VoucherRedeemable("CODE") { Id = "v_1", Code = "CODE", Benefit = new DiscountBenefit(discount), Quantity = schedule == 1 ? 0 : null, HolderId = "cust_1" }
            : new TierRedeemable("promo_1") { Id = "promo_1", Benefit = new DiscountBenefit(discount) };
        return made with
        {
            CampaignId = "camp_1",
            Schedule = new(schedule != 2, StartsAt: schedule == 3 ? 2000 : null, ExpiresAt: schedule == 4 ? 500 : null),
            Campaign = new(schedule != 5),
            Rules = binding.Rule is { } rule ? [rule] : [],
            Targets = targets ? Targets.OfIds(["shirt"], ["sock"]) : Targets.Everything,
        };
    }

    public static Situation Situation(bool isKnown) => new()
    {
        NowMs = 1000,
        Zone = DateTimeZone.Utc,
        Customer = isKnown ? new CustomerFacts { Id = "cust_1", Segments = new HashSet<string> { "seg_vip" }, Metadata = new(Element("""{"tier":"gold"}""")) } : null,
    };

    private static JsonElement Element(string json) => JsonDocument.Parse(json).RootElement;
}
