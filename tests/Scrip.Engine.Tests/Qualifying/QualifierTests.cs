using System.Text.Json;
using CsCheck;
using NodaTime;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Qualifying;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;

namespace Scrip.Engine.Tests.Qualifying;

public sealed class QualifierTests
{
    private const string Segment = """{"name":"customer.segment","conditions":{"$is":["seg_vip"]}}""";
    private const string Metadata = """{"name":"customer.metadata","property":"tier","conditions":{"$is":["gold"]}}""";
    private const string Shirt = """{"name":"product.id","conditions":{"$is":["shirt"]}}""";
    private const string Hat = """{"name":"order.items.any","conditions":{"$is":[{"id":"hat","object":"product"}]}}""";
    private const string NoSock = """{"name":"order.items.none","conditions":{"$is":[{"id":"sock","object":"product"}]}}""";
    private const string Initial = """{"name":"order.initial_amount","conditions":{"$more_than":[2500]}}""";
    private const string Before = """{"name":"order.amount","conditions":{"$more_than":[1000000]}}""";
    private const string After = """{"name":"order.total_amount","conditions":{"$more_than":[2000]}}""";
    private const string Count = """{"name":"order.items.count","conditions":{"$more_than_or_equal":[3]}}""";
    private const string Budget = """{"name":"campaign.redemptions.count","conditions":{"$less_than_or_equal":[0]}}""";
    private const string PerCustomer = """{"name":"redemption.count.per_customer","conditions":{"$less_than_or_equal":[0]}}""";
    private const string Bundle = """{"1":{"name":"order.items.any","conditions":{"$is":[{"id":"shirt","object":"product"}]},"rules":{"1":{"name":"order.items.aggregated_quantity","conditions":{"$is":[2]}}}},"2":{"name":"order.items.any","conditions":{"$is":[{"id":"hat","object":"product"}]},"rules":{"1":{"name":"order.items.aggregated_quantity","conditions":{"$is":[1]}}}},"limit":2}""";

    private static readonly string[] Conditions = [Segment, Metadata, Shirt, Hat, NoSock, Initial, Before, After, Count];

    private static readonly Gen<Incentive> Incentives = Gen.Select(
        Gen.OneOfConst<Discount>(new AmountOff(700), new PercentOff(15), new AmountOff(50, DiscountEffect.ApplyToItems), new PercentOff(100), new FixedPrice(900),
            new AmountOff(300, DiscountEffect.ApplyToItemsProportionally), new UnitOff(new FreeUnit { Count = 1, Effect = UnitEffect.AddNewItems, ProductId = "hat", Price = 400 })),
        Gen.Int[0, Conditions.Length - 1].Array[0, 3], Gen.OneOfConst("and", "or"), Gen.Bool, Gen.Bool, Gen.Int[0, 9])
        .Select((discount, conditions, logic, targets, isVoucher, schedule) => Made(discount, [.. conditions.Distinct().Select(i => Conditions[i])], logic, targets, isVoucher, schedule));

    private static readonly Gen<Cart?> Carts = Gen.OneOf(
        Gen.Select(Gen.OneOfConst("shirt", "hat", "sock"), Gen.Int[0, 4], Gen.Int[0, 2000]).Array[0, 4]
            .Select(lines => Cart.Open([.. lines.Select(line => new CartLine { ProductId = line.Item1, Quantity = line.Item2, Price = line.Item3 })]).Cart),
        Gen.Const((Cart?)null), Gen.Const(Cart.Open([], 3000).Cart));

    [Fact]
    public void A_look_says_what_judging_in_full_says() =>
        Gen.Select(Incentives, Carts, Gen.Enum<Scenario>(), Gen.Bool).Sample((incentive, cart, scenario, isKnown) =>
        {
            var qualifier = new Qualifier(cart, StackingRules.Default, Situation(isKnown), scenario);
            var candidate = new Candidate(incentive.Id, 1, [incentive]);
            qualifier.Look(candidate).ShouldBe(qualifier.Judge(candidate)?.Taken);
        }, iter: 5000);

    [Fact]
    public void What_qualifies_under_ALL_is_what_a_validation_accepts() =>
        Gen.Select(Incentives, Carts, Gen.Bool).Sample((incentive, cart, isKnown) =>
        {
            // The amount before discounts is the one condition here that qualifications leave out.
            if (incentive.Rules.Any(rule => rule.Source.Rules!.Value.GetRawText().Contains("order.amount", StringComparison.Ordinal))) return;
            var qualified = new Qualifier(cart, StackingRules.Default, Situation(isKnown), Scenario.All).Judge(new(incentive.Id, 1, [incentive]));
            var decided = Deciding.Decide(new DecisionFacts(cart, [incentive], StackingRules.Default, Situation(isKnown)));
            (qualified is not null).ShouldBe(decided.Valid);
            if (qualified is not null && cart is not null) qualified.Taken.ShouldBe(decided.Cart!.TotalAppliedDiscountAmount);
        }, iter: 5000);

    [Theory]
    [InlineData(Scenario.All, Segment, false)]
    [InlineData(Scenario.AudienceOnly, Segment, false)]
    [InlineData(Scenario.ProductsByCustomer, Segment, false)]
    [InlineData(Scenario.ProductsDiscountByCustomer, Segment, false)]
    [InlineData(Scenario.Products, Segment, true)]
    [InlineData(Scenario.ProductsDiscount, Segment, true)]
    [InlineData(Scenario.All, Hat, false)]
    [InlineData(Scenario.CustomerWallet, Hat, false)]
    [InlineData(Scenario.PromotionStacks, Hat, false)]
    [InlineData(Scenario.Products, Hat, false)]
    [InlineData(Scenario.ProductsDiscount, Hat, false)]
    [InlineData(Scenario.AudienceOnly, Hat, true)]
    [InlineData(Scenario.All, Count, false)]
    [InlineData(Scenario.AudienceOnly, Count, true)]
    [InlineData(Scenario.Products, Count, true)]
    [InlineData(Scenario.All, Before, true)]
    [InlineData(Scenario.All, Budget, true)]
    [InlineData(Scenario.All, PerCustomer, true)]
    public void Each_scenario_asks_its_families_of_conditions(Scenario scenario, string condition, bool qualifies)
    {
        var tier = Made(new AmountOff(100, DiscountEffect.ApplyToItems), [condition], "and", false, false, 0);
        var cart = Cart.Open([new CartLine { ProductId = "shirt", Price = 1000 }]).Cart;

        var qualified = new Qualifier(cart, StackingRules.Default, Situation(false), scenario).Judge(new(tier.Id, 1, [tier]));

        (qualified is not null).ShouldBe(qualifies);
        qualified?.Outcomes[0].Omitted.ShouldBe(["1"]);
    }

    [Theory]
    [InlineData(Scenario.All, null)]
    [InlineData(Scenario.CustomerWallet, null)]
    [InlineData(Scenario.AudienceOnly, 0)]
    [InlineData(Scenario.Products, 0)]
    [InlineData(Scenario.ProductsByCustomer, 0)]
    public void An_incomplete_bundle_is_told_where_the_scenario_allows_it_and_takes_nothing_off(Scenario scenario, int? taken)
    {
        var tier = Bundled(new AmountOff(100));
        var cart = Cart.Open([new CartLine { ProductId = "shirt", Price = 1000, Quantity = 1 }]).Cart;

        var qualified = new Qualifier(cart, StackingRules.Default, Situation(true), scenario).Judge(new(tier.Id, 1, [tier]));

        qualified?.Taken.ShouldBe((long)taken!);
        (qualified is null).ShouldBe(taken is null);
        if (qualified?.Outcomes[0].Bundles is not { } bundle) return;
        bundle.Quantity.ShouldBe(0);
        bundle.Identified.ShouldHaveSingleItem().Quantity.ShouldBe(1);
        bundle.Missing.Select(part => (part.Id, part.Quantity)).ShouldBe([("shirt", 1L), ("hat", 1L)], ignoreOrder: true);
    }

    [Fact]
    public void A_product_that_a_rule_asks_for_concerns_the_cart_though_the_discount_is_the_orders()
    {
        var tier = Made(new AmountOff(100, DiscountEffect.ApplyToOrder), [Shirt], "and", false, false, 0);
        var cart = Cart.Open([new CartLine { ProductId = "shirt", Price = 1000 }]).Cart;

        Qualified(cart, tier, Scenario.Products).ShouldBeTrue();
        Qualified(cart, tier, Scenario.ProductsDiscount).ShouldBeFalse();
        Qualified(Cart.Open([new CartLine { ProductId = "hat", Price = 1000 }]).Cart, tier, Scenario.Products).ShouldBeFalse();
    }

    [Fact]
    public void A_stack_is_decided_as_a_whole()
    {
        var first = Made(new AmountOff(1000), [], "and", false, false, 0) with { Id = "promo_1" };
        var second = Made(new PercentOff(10), [], "and", false, false, 0) with { Id = "promo_2" };
        var failing = Made(new PercentOff(10), [Hat], "and", false, false, 0) with { Id = "promo_3" };
        var qualifier = new Qualifier(Cart.Open([], 10_000).Cart, StackingRules.Default, Situation(true), Scenario.PromotionStacks);

        qualifier.Judge(new("stack_1", 1, [first, second]))!.Taken.ShouldBe(1900);
        qualifier.Judge(new("stack_2", 1, [first, failing])).ShouldBeNull();
    }

    private static bool Qualified(Cart? cart, Incentive incentive, Scenario scenario) =>
        new Qualifier(cart, StackingRules.Default, Situation(true), scenario).Judge(new(incentive.Id, 1, [incentive])) is not null;

    private static TierRedeemable Bundled(Discount discount) => new("promo_b")
    {
        Id = "promo_b",
        Benefit = new DiscountBenefit(discount),
        Rules = [Rule.Bind(new RuleSource("val_b", null, Element(Bundle))) is { Rule: { } rule } bound ? rule : throw new InvalidOperationException(Rule.Bind(new RuleSource("val_b", null, Element(Bundle))).Fault)],
    };

    private static Incentive Made(Discount discount, string[] conditions, string logic, bool targets, bool isVoucher, int schedule)
    {
        var body = string.Join(',', conditions.Select((condition, i) => $"\"{i + 1}\":{condition}"));
        var joined = string.Join($" {logic} ", Enumerable.Range(1, conditions.Length));
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

    private static Situation Situation(bool isKnown) => new()
    {
        NowMs = 1000,
        Zone = DateTimeZone.Utc,
        Customer = isKnown ? new CustomerFacts { Id = "cust_1", Segments = new HashSet<string> { "seg_vip" }, Metadata = new(Element("""{"tier":"gold"}""")) } : null,
    };

    private static JsonElement Element(string json) => JsonDocument.Parse(json).RootElement;
}
