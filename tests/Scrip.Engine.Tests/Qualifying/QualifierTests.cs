using CsCheck;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Qualifying;
using Scrip.Engine.Redeeming;
using static Scrip.Engine.Tests.Qualifying.World;

namespace Scrip.Engine.Tests.Qualifying;

public sealed class QualifierTests
{
    [Fact]
    public void A_look_says_what_judging_in_full_says() =>
        Gen.Select(Incentives, Orders, Gen.Enum<Scenario>(), Gen.Bool).Sample((incentive, cart, scenario, isKnown) =>
        {
            var qualifier = new Qualifier(cart, StackingRules.Default, Situation(isKnown), scenario);
            var candidate = new Candidate(incentive.Id, 1, [incentive]);
            qualifier.Look(candidate).ShouldBe(qualifier.Judge(candidate)?.Taken);
        }, iter: 5000);

    [Fact]
    public void What_qualifies_under_ALL_is_what_a_validation_accepts() =>
        Gen.Select(Incentives, Orders, Gen.Bool).Sample((incentive, cart, isKnown) =>
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
}
