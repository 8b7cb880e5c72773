using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;

namespace Scrip.Engine.Tests.Discounts;

/// <summary>Discounts whose targets come from several rules: all of them have to cover a line, and all limits count.</summary>
public class TwoRulesTests
{
    private static readonly Cart Cart = Cart.Open(
    [
        new CartLine { ProductId = "mug", Quantity = 3, Price = 1000 },
        new CartLine { ProductId = "shirt", Quantity = 2, Price = 2000 },
        new CartLine { ProductId = "sock", Quantity = 4, Price = 500 },
    ]).Cart!;

    private static Targets Of(params Target[] included) => new(included, []);

    private static long[] Off(Targets targets, Discount discount) => [.. Discounting.Apply(Cart, discount, targets).Lines.Select(line => line.DiscountAmount)];

    [Fact]
    public void A_line_has_to_be_covered_by_each_rule() =>
        Off(Targets.Both(Of(new(TargetKind.Product, "mug"), new(TargetKind.Product, "shirt")), Of(new(TargetKind.Product, "shirt"), new(TargetKind.Product, "sock"))), new PercentOff(50, DiscountEffect.ApplyToItems))
            .ShouldBe([0, 2000, 0]);

    [Fact]
    public void The_limits_of_three_rules_all_count()
    {
        var targets = Targets.Both(Targets.Both(
            Of(new Target(TargetKind.Product, "mug") { AmountLimit = 300 }, new(TargetKind.Product, "shirt")),
            Of(new(TargetKind.Product, "mug"), new Target(TargetKind.Product, "shirt") { AggregatedAmountLimit = 700 })),
            Of(new Target(TargetKind.Product, "mug") { QuantityLimit = 2 }, new Target(TargetKind.Product, "shirt") { AmountLimit = 900 }));

        Off(targets, new PercentOff(50, DiscountEffect.ApplyToItems)).ShouldBe([300, 700, 0]);
        Off(targets, new AmountOff(100, DiscountEffect.ApplyToItemsByQuantity)).ShouldBe([200, 200, 0]);
    }

    [Fact]
    public void A_rule_that_only_excludes_leaves_the_unit_numbers_of_the_other_alone()
    {
        var units = new Target(TargetKind.Collection, "all") { CountsUnits = true, SkipInitially = 1, Repeat = 2 };
        var cart = Cart.InCollections(_ => new HashSet<string> { "all" });

        var told = Discounting.Apply(cart, new AmountOff(100, DiscountEffect.ApplyToItemsByQuantity), Targets.Both(Of(units), Targets.OfIds([], ["mug"])), DiscountTerms.Plain).Targets[0].Units;
        var alone = Discounting.Apply(cart, new AmountOff(100, DiscountEffect.ApplyToItemsByQuantity), new Targets([units], Targets.OfIds([], ["mug"]).Excluded), DiscountTerms.Plain).Targets[0].Units;

        alone.Select(one => $"{one.Line}: {string.Join(',', one.Units)}").ShouldBe(["1: 2", "2: 2,4"]);
        told.ShouldNotBeEmpty();
        told.ShouldAllBe(one => one.Units.Count > 0 && one.Units.All(unit => unit >= 1 && unit <= cart.Lines[one.Line].Quantity));
    }

    [Fact]
    public void What_includes_everything_may_still_limit_what_it_names() =>
        Off(new Targets([new Target(TargetKind.Product, "mug") { AmountLimit = 100 }], [new(TargetKind.Product, "sock")], null, everywhere: true), new PercentOff(10, DiscountEffect.ApplyToItems))
            .ShouldBe([100, 400, 0]);
}
