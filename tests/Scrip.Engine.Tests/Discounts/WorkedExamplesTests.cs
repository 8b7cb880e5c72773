using static Scrip.Engine.Tests.Discounts.Scenario;

namespace Scrip.Engine.Tests.Discounts;

/// <summary>
/// The orders that the documentation works through, to the minor unit: caps and application rules, discount effects,
/// free items. Its sample order with the plain effects is in <see cref="ItemEffectsTests"/>, bundles are in
/// <see cref="BundleExamplesTests"/>. Replacing items (upgrade bonus) is not part of the public contract.
/// </summary>
public class WorkedExamplesTests
{
    private const string Brand = """
        item shirt   3 x 20.00 #adventure
        item poster  5 x 15.00 #adventure
        item mug     2 x 10.00 #adventure
        item socks   4 x 5.00  #adventure
        item bottle  2 x 25.00 #star

        """;

    [Fact]
    public void From_the_most_expensive_the_first_line_skipped_every_second_discounted() => Check(Brand + """
        amount 5.00 to items only #adventure from dearest skip 1 repeat 2
        line shirt 0
        line poster -5.00
        line mug 0
        line socks -5.00
        line bottle 0
        before 225.00
        items 10.00
        total 215.00
        """);

    [Fact]
    public void From_the_most_expensive_the_first_unit_skipped_every_second_discounted()
    {
        var cart = Check(Brand + """
            amount 5.00 to each only #adventure from dearest skip 1 repeat 2 by unit
            line shirt -5.00
            line poster -15.00
            line mug -5.00
            line socks -10.00
            line bottle 0
            items 35.00
            total 190.00
            """);
        cart.Lines.Select(line => line.DiscountQuantity).ShouldBe([1, 3, 1, 2, 0]);
    }

    [Fact]
    public void The_cheapest_or_the_most_expensive_alone() => Check(Brand + """
        amount 1.00 to items only #adventure at cheapest
        amount 2.00 to items only #adventure at dearest
        amount 3.00 to each only #star at dearest by unit
        line shirt -2.00
        line poster 0
        line mug 0
        line socks -1.00
        line bottle -3.00
        """);

    [Fact]
    public void Three_of_five_units_of_a_line_are_discounted() => Check("""
        item shirt 5 x 20.00
        amount 2.00 to each only shirt units 3
        line shirt -6.00
        """);

    [Fact]
    public void Five_of_six_units_on_two_lines_are_discounted() => Check("""
        item shirt 2 x 20.00
        item shirt/red 4 x 20.00
        amount 2.00 to each only shirt units-all 5
        line shirt -4.00
        line shirt/red -6.00
        """);

    [Fact]
    public void A_line_gets_at_most_its_limit() => Check("""
        item shirt  2 x 40.00
        item poster 2 x 30.00
        item mug    1 x 20.00
        percent 50 to items only shirt,poster,mug line-cap 25.00
        line shirt -25.00
        line poster -25.00
        line mug -10.00
        """);

    [Fact]
    public void All_lines_get_at_most_the_limit_of_the_order() => Check("""
        item shirt  2 x 60.00 #adventure
        item poster 2 x 50.00 #adventure
        item mug    1 x 20.00 #adventure
        percent 50 to items only #adventure lines-cap 100.00
        line shirt -60.00
        line poster -40.00
        line mug 0
        items 100.00
        """);

    [Fact]
    public void The_lowest_of_several_limits_counts() => Check("""
        item shirt 5 x 20.00
        percent 50 to items only shirt units 4 line-cap 30.00 cap 25.00 all 40.00
        line shirt -25.00
        """);

    // The pages on effects use an order amount that is not the sum of the lines; the given one wins.
    [Fact]
    public void A_percentage_of_the_amount_that_the_order_gives() => Check("""
        item shirt 1 x 30.00
        item mug   1 x 20.00
        item pen   2 x 10.00
        order 200.50
        percent 10 to order
        discount 20.05
        total 180.45
        """);

    private const string Office = """
        item mug   1 x 20.00
        item pen   1 x 80.00
        item shirt 1 x 50.00
        item phone 1 x 1800.00

        """;

    [Fact]
    public void An_amount_off_each_named_product() => Check(Office + """
        amount 10.00 to items only mug,pen
        line mug -10.00
        line pen -10.00
        line shirt 0
        line phone 0
        before 1950.00
        total 1930.00
        """);

    [Fact]
    public void An_amount_split_over_the_named_products() => Check(Office + """
        amount 10.00 to split only mug,pen
        line mug -2.00
        line pen -8.00
        line shirt 0
        line phone 0
        total 1940.00
        """);

    [Fact]
    public void Each_product_has_its_own_limits_of_units() => Check("""
        item mug   3 x 20.00
        item mug   1 x 20.00
        item shirt 5 x 50.00
        item shirt/red 2 x 50.00
        amount 5.00 to each only mug,shirt units 1,2 units-all 1,3
        line mug -5.00
        line shirt -10.00
        line shirt/red -5.00
        items 20.00
        """);

    [Fact]
    public void Two_missing_shirts_are_added_or_taken_from_the_cart()
    {
        Check("""
            item mug 1 x 10.00
            free 2 shirt 20.00 missing
            units shirt 2 of 0
            line shirt -40.00
            total 10.00
            """);
        Check("""
            item shirt 1 x 20.00
            free 2 shirt 20.00 missing
            units shirt 2 of 1
            line shirt -40.00
            total 0
            """);
        Check("""
            item shirt 2 x 20.00
            free 2 shirt 20.00 missing
            units shirt 2 of 2
            line shirt -40.00
            total 0
            """);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Two_new_shirts_are_added_to_any_number_of_them(int present) => Check($"""
        item shirt {present} x 20.00
        free 2 shirt 20.00 new
        units shirt {present + 2} of {present}
        line shirt -40.00
        total {present * 20}.00
        """);
}
