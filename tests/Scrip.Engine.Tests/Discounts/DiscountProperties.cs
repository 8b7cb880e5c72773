using CsCheck;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;

namespace Scrip.Engine.Tests.Discounts;

/// <summary>What holds for every cart and every stack of discounts. A failure prints its seed.</summary>
public class DiscountProperties
{
    private static readonly string[] Ids = ["a", "b", "c", "d"];

    private static readonly Gen<long> Amount = Gen.Frequency(
        (6, Gen.Long[0, 20_000]), (1, Gen.Long[0, Money.Max / 64]), (1, Gen.Const(0L)));

    private static readonly Gen<CartLine> Line =
        from product in Gen.OneOfConst(Ids)
        from quantity in Gen.Long[0, 9]
        from price in Gen.Frequency((9, Amount.Select(amount => (long?)(amount / 9))), (1, Gen.Const((long?)null)))
        select new CartLine { ProductId = product, Quantity = quantity, Price = price };

    internal static readonly Gen<Cart> Carts =
        from lines in Line.Array[0, 6]
        from given in Gen.Frequency((4, Gen.Const((long?)null)), (1, Amount.Select(amount => (long?)amount)))
        from earlier in Gen.Frequency((3, Gen.Const(0L)), (1, Amount))
        select Cart.Open(lines, given, earlier).Cart!;

    private static readonly Gen<DiscountEffect?> Effect =
        Gen.Int[-1, 4].Select(n => n < 0 ? null : (DiscountEffect?)n);

    private static readonly Gen<DiscountEffect?> SimpleEffect =
        Gen.Int[-1, 1].Select(n => n < 0 ? null : (DiscountEffect?)n);

    private static readonly Gen<long?> Limit = Gen.Frequency((3, Gen.Const((long?)null)), (1, Amount.Select(amount => (long?)amount)));

    private static readonly Gen<FreeUnit> Unit =
        from product in Gen.OneOfConst("a", "b", "x", "y")
        from count in Gen.Long[0, 5]
        from price in Gen.Frequency((4, Gen.Long[0, 9_999].Select(price => (long?)price)), (1, Gen.Const((long?)null)))
        from missing in Gen.Bool
        select new FreeUnit { ProductId = product, Count = count, Price = price, Effect = missing ? UnitEffect.AddMissingItems : UnitEffect.AddNewItems };

    internal static readonly Gen<Discount> Discounts = Gen.OneOf(
        Gen.Select(Amount, Effect, Limit, Discount (amount, effect, limit) => new AmountOff(amount, effect, limit)),
        Gen.Select(Gen.Int[0, 100_000], SimpleEffect, Limit, Limit, Discount (percent, effect, limit, all) => new PercentOff(percent / 1000m, effect, limit, all)),
        Gen.Select(Amount, SimpleEffect, Discount (price, effect) => new FixedPrice(price, effect)),
        Unit.Array[1, 3].Select(Discount (units) => new UnitOff(units)));

    internal static readonly Gen<Targets> AnyTargets =
        Gen.Select(Gen.OneOfConst(Ids).Array[0, 2], Gen.OneOfConst(Ids).Array[0, 1], (included, excluded) => Targets.OfIds(included, excluded));

    private static readonly Gen<(Cart, (Discount Discount, Targets Targets)[])> Stacks =
        Gen.Select(Carts, Gen.Select(Discounts, AnyTargets).Array[1, 5]);

    [Fact]
    public void No_line_and_no_total_is_ever_negative() => Stacks.Sample((cart, stack) =>
    {
        foreach (var (discount, targets) in stack)
        {
            cart = Discounting.Apply(cart, discount, targets);
            cart.TotalAmount.GetValueOrDefault().ShouldBeGreaterThanOrEqualTo(0);
            foreach (var line in cart.Lines)
            {
                line.DiscountAmount.ShouldBeInRange(0, line.Amount ?? 0);
                line.DiscountQuantity.ShouldBeInRange(0, line.Quantity);
            }
        }
    });

    [Fact]
    public void Applied_amounts_of_the_parts_add_up_to_the_whole() => Stacks.Sample((cart, stack) =>
    {
        var opened = cart;
        var applied = 0L;
        foreach (var (discount, targets) in stack)
        {
            cart = Discounting.Apply(cart, discount, targets);
            applied += cart.TotalAppliedDiscountAmount;
        }
        cart.Since(opened).TotalAppliedDiscountAmount.ShouldBe(applied);
        (cart.TotalDiscountAmount - opened.TotalDiscountAmount).ShouldBe(applied);
        cart.ItemsDiscountAmount.ShouldBe(cart.Lines.Sum(line => line.DiscountAmount));
        if (cart.Amount is { } amount) cart.TotalAmount.ShouldBe(amount - cart.DiscountAmount - cart.ItemsDiscountAmount);
    });

    [Fact]
    public void A_discount_never_takes_more_than_it_says() => Gen.Select(Carts, Discounts, AnyTargets).Sample((cart, discount, targets) =>
    {
        var taken = Discounting.Apply(cart, discount, targets).TotalAppliedDiscountAmount;
        taken.ShouldBeGreaterThanOrEqualTo(0);
        if (discount is AmountOff { Effect: DiscountEffect.ApplyToOrder or DiscountEffect.ApplyToItemsProportionally or DiscountEffect.ApplyToItemsProportionallyByQuantity } off)
            taken.ShouldBeLessThanOrEqualTo(off.Amount);
        var limit = discount is AmountOff a ? a.AggregatedAmountLimit : (discount as PercentOff)?.AggregatedAmountLimit;
        taken.ShouldBeLessThanOrEqualTo(limit ?? long.MaxValue);
    });

    [Fact]
    public void A_split_gives_the_whole_amount_when_the_lines_can_bear_it() => Gen.Select(Carts, Amount, Gen.Bool).Sample((cart, amount, byQuantity) =>
    {
        var effect = byQuantity ? DiscountEffect.ApplyToItemsProportionallyByQuantity : DiscountEffect.ApplyToItemsProportionally;
        var room = Math.Min(cart.Left, cart.Lines.Sum(line => line.Left));
        Discounting.Apply(cart, new AmountOff(amount, effect), Targets.Everything)
            .ItemsAppliedDiscountAmount.ShouldBe(Math.Min(amount, room));
    });

    [Fact]
    public void Item_effects_leave_other_lines_and_the_order_level_alone() => Gen.Select(Carts, Amount, AnyTargets).Sample((cart, amount, targets) =>
    {
        var after = Discounting.Apply(cart, new AmountOff(amount, DiscountEffect.ApplyToItems), targets);
        after.DiscountAmount.ShouldBe(cart.DiscountAmount);
        foreach (var (line, before) in after.Lines.Zip(cart.Lines))
            if (!targets.Cover(before)) line.DiscountAmount.ShouldBe(before.DiscountAmount);
    });
}
