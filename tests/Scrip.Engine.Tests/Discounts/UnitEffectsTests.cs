using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using static Scrip.Engine.Tests.Discounts.Scenario;

namespace Scrip.Engine.Tests.Discounts;

public class UnitEffectsTests
{
    [Fact]
    public void New_items_are_added_to_the_line_that_is_there()
    {
        var line = Check("""
            item    shirt  1 x 29.00
            free    1 shirt 29.00 new
            units   shirt  2 of 1
            line    shirt  -29.00
            before  58.00
            initial 29.00
            total   29.00
            """).Lines.Single();
        (line.InitialAmount, line.AppliedQuantity, line.AppliedQuantityAmount, line.DiscountQuantity).ShouldBe((2900, 1, 2900, 1));
    }

    [Fact]
    public void Missing_items_make_free_what_is_there() => Check("""
        item    shirt  1 x 29.00
        free    1 shirt 29.00 missing
        units   shirt  1 of 1
        before  29.00
        total    0.00
        """);

    [Fact]
    public void Missing_items_are_topped_up() => Check("""
        item    shirt  1 x 20.00
        item    socks  1 x 10.00
        free    2 shirt 20.00 missing
        units   shirt  2 of 1
        line    shirt  -40.00
        before  50.00
        initial 30.00
        total   10.00
        """);

    [Fact]
    public void Many_items_mix_both_effects()
    {
        var cart = Check("""
            item    red   1 x 29.00
            item    blue  1 x 31.00
            order   60.00
            free    1 red 29.00 missing
            free    1 blue 31.00 new
            before  91.00
            items   60.00
            applied 60.00
            total   31.00
            """);
        cart.Lines.Select(line => line.Subtotal).ShouldBe([0, 3100]);
    }

    [Fact]
    public void A_sku_is_added_on_a_line_of_its_own()
    {
        var cart = Check("""
            item    mug  1 x 95.00
            free    3 fish/big 299.00 missing
            units   fish/big 3 of 0
            before  992.00
            initial 95.00
            items   897.00
            total   95.00
            """);
        cart.Lines[1].AddedFrom.ShouldNotBeNull().SkuId.ShouldBe("big");
        cart.Lines[1].InitialAmount.ShouldBe(0);
    }

    [Fact]
    public void Free_shipping_without_a_price_is_a_line_without_amounts()
    {
        var cart = Check("""
            item    mug  1 x 43.00
            free    1 ship missing
            units   ship 1 of 0
            before  43.00
            initial 43.00
            total   43.00
            """);
        var line = cart.Lines[1];
        (line.Amount, line.Price, line.InitialAmount, line.Subtotal).ShouldBe((null, null, null, null));
        line.DiscountQuantity.ShouldBe(1);
    }

    [Fact]
    public void A_product_is_there_when_its_sku_is() => Check("""
        item    shirt/red  1 x 20.00
        free    1 shirt 20.00 missing
        before  20.00
        total    0.00
        """);

    [Fact]
    public void The_same_items_are_those_of_the_cart_that_are_in_the_collection() => Check("""
        item     shirt      2 x 30.00  #summer
        item     hat/red    1 x 10.00  #summer
        item     hat/red    1 x 10.00  #summer
        item     mug        4 x 5.00
        free     1 #summer same
        units    shirt      3 of 2
        units    hat/red    2 of 1
        line     shirt     -30.00
        line     hat/red   -10.00
        before   140.00
        initial  100.00
        total    100.00
        """);

    [Fact]
    public void The_same_items_of_a_product_are_all_its_skus_and_bundles_multiply_them() => Check("""
        item     shirt/red   1 x 20.00
        item     shirt/blue  1 x 25.00
        free     1 shirt same bundles 2
        units    shirt/red   3 of 1
        units    shirt/blue  3 of 1
        before   135.00
        total    45.00
        """);

    [Fact]
    public void A_cart_without_such_items_gets_none_of_the_same() => Check("""
        item     mug  1 x 5.00
        free     2 #summer same
        before   5.00
        total    5.00
        """);

    [Fact]
    public void A_line_without_a_unit_price_is_added_to_at_its_average_price()
    {
        var cart = Cart.Open([new CartLine { ProductId = "a", Quantity = 2, Amount = 500 }]).Cart.ShouldNotBeNull();
        var after = Discounting.Apply(cart, new UnitOff(new FreeUnit { ProductId = "a", Count = 2, Effect = UnitEffect.AddSameItems }), Targets.Everything);
        (after.Amount, after.TotalAmount, after.Lines[0].Quantity).ShouldBe((1000L, 500L, 4L));
    }

    [Fact]
    public void Units_beyond_the_largest_amount_are_refused()
    {
        var cart = Cart.Open([new CartLine { ProductId = "a", Price = 100 }]).Cart.ShouldNotBeNull();
        var off = new UnitOff(new FreeUnit { ProductId = "a", Count = int.MaxValue, Price = 100, Effect = UnitEffect.AddNewItems });
        Discounting.Refuse(cart, off, DiscountTerms.Plain).ShouldBeNull();
        var dear = Cart.Open([new CartLine { ProductId = "a", Price = Money.Max }]).Cart.ShouldNotBeNull();
        Discounting.Refuse(dear, off, DiscountTerms.Plain).ShouldNotBeNull().Key.ShouldBe(Refusals.InvalidAmount.Key);
    }
}
