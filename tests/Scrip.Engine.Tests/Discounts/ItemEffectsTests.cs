using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using static Scrip.Engine.Tests.Discounts.Scenario;

namespace Scrip.Engine.Tests.Discounts;

public class ItemEffectsTests
{
    // The sample order of the documentation's page on discount types: $175 in four lines, one of them not covered.
    private const string Sample = """
        item  mug     2 x 10.00
        item  poster  3 x 15.00
        item  shirt   3 x 20.00
        item  bottle  2 x 25.00

        """;

    [Fact]
    public void An_amount_is_taken_once_per_line() => Check(Sample + """
        amount 10.00 to items not bottle
        line mug -10.00
        line poster -10.00
        line shirt -10.00
        line bottle 0
        total 145.00
        """);

    [Fact]
    public void An_amount_is_taken_once_per_unit()
    {
        var cart = Check(Sample + """
            amount 10.00 to each not bottle
            line mug -20.00
            line poster -30.00
            line shirt -30.00
            total 95.00
            """);
        cart.Lines.Select(line => line.DiscountQuantity).ShouldBe([2, 3, 3, 0]);
    }

    [Fact]
    public void An_amount_is_split_by_the_amounts_of_the_lines() => Check(Sample + """
        amount 10.00 to split not bottle
        line mug -1.60
        line poster -3.60
        line shirt -4.80
        total 165.00
        """);

    [Fact]
    public void An_amount_is_split_by_the_units_of_the_lines() => Check(Sample + """
        amount 10.00 to split-by-quantity not bottle
        line mug -2.50
        line poster -3.75
        line shirt -3.75
        total 165.00
        """);

    [Fact]
    public void A_percent_is_taken_of_each_line() => Check(Sample + """
        percent 10 to items only mug,poster,shirt
        line mug -2.00
        line poster -4.50
        line shirt -6.00
        total 162.50
        """);

    [Fact]
    public void A_new_price_applies_to_each_unit_and_raises_none() => Check(Sample + """
        fixed 10.00 to items not bottle
        line mug 0
        line poster -15.00
        line shirt -30.00
        total 130.00
        """);

    [Fact]
    public void Limits_cap_each_line_and_all_lines_together() => Check(Sample + """
        percent 50 to items cap 25.00 all 60.00
        line mug -10.00
        line poster -22.50
        line shirt -25.00
        line bottle -2.50
        total 115.00
        """);

    [Fact]
    public void Products_without_an_effect_mean_items_and_exclusion_beats_inclusion() => Check("""
        item shirt/red   1 x 10.00
        item shirt/blue  1 x 10.00
        item socks       1 x 10.00
        amount 3.00 only shirt not blue
        line shirt/red -3.00
        line shirt/blue 0
        line socks 0
        """);

    [Fact]
    public void Shares_are_whole_numbers_that_add_up()
    {
        var cart = Check("""
            item red   1 x 33.00
            item blue  1 x 34.00
            amount 3.00 to split
            line red -1.48
            line blue -1.52
            total 64.00
            """);
        cart.Lines.Select(line => line.Subtotal).ShouldBe([3152, 3248]);
    }

    [Fact]
    public void What_a_full_line_cannot_take_goes_to_the_others() => Check("""
        item gum    9 x 0.10
        item shirt  1 x 20.00
        amount 10.00 to split-by-quantity
        line gum -0.90
        line shirt -9.10
        """);

    [Fact]
    public void Items_never_take_more_than_an_order_level_discount_left() => Check("""
        item shirt  1 x 30.00
        item socks  1 x 10.00
        amount 35.00 to order
        amount 10.00 to items
        line shirt -5.00
        line socks 0
        total 0.00
        """);

    [Fact]
    public void A_budget_that_ends_within_a_line_counts_the_units_it_reached()
    {
        var cart = Cart.Open([new CartLine { Price = 1000, Quantity = 5 }]).Cart.ShouldNotBeNull();
        var after = Discounting.Apply(cart, new AmountOff(400, DiscountEffect.ApplyToItemsByQuantity, 1000), Targets.Everything);
        after.Lines[0].DiscountAmount.ShouldBe(1000);
        after.Lines[0].AppliedDiscountQuantity.ShouldBe(3);
    }
}
