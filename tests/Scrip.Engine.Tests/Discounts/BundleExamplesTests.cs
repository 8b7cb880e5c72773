using static Scrip.Engine.Tests.Discounts.Scenario;

namespace Scrip.Engine.Tests.Discounts;

/// <summary>The orders that the documentation's page on bundles works through, with prices where it names none.</summary>
public class BundleExamplesTests
{
    private const string Laptops = """
        item laptop 2 x 900.00
        item bag    2 x 60.00

        """;

    [Fact]
    public void An_amount_off_the_order_is_multiplied() => Check("""
        item balm  5 x 4.00
        item cream 5 x 6.00
        amount 1.00 to order bundles 5
        discount 5.00
        total 45.00
        """);

    [Fact]
    public void A_percentage_off_the_order_is_multiplied() => Check("""
        item spray 5 x 8.00
        item cloth 5 x 2.00
        percent 5 to order bundles 5
        discount 12.50
        """);

    [Fact]
    public void A_new_price_of_the_order_is_not_multiplied() => Check("""
        item case   5 x 30.00
        item screen 5 x 10.00
        fixed 50.00 to order bundles 5
        total 50.00
        """);

    [Fact]
    public void Units_of_a_line_within_the_limit_are_multiplied() => Check(Laptops + """
        item mouse 3 x 50.00 #mice
        amount 20.00 to each only #mice units 1 bundles 2
        line mouse -40.00
        """);

    [Fact]
    public void Without_a_limit_each_unit_gets_the_plain_amount() => Check(Laptops + """
        item mouse 3 x 50.00 #mice
        amount 20.00 to each only #mice bundles 2
        line mouse -60.00
        """);

    [Fact]
    public void An_amount_off_a_line_is_multiplied() => Check(Laptops + """
        item mouse 3 x 50.00 #mice
        amount 20.00 to items only #mice bundles 2
        line mouse -40.00
        """);

    [Fact]
    public void Each_of_several_lines_gets_the_multiplied_amount() => Check(Laptops + """
        item red   1 x 50.00 #mice
        item green 1 x 50.00 #mice
        item blue  1 x 50.00 #mice
        amount 20.00 to items only #mice bundles 2
        line red -40.00
        line green -40.00
        line blue -40.00
        items 120.00
        """);

    [Fact]
    public void A_percentage_off_lines_is_multiplied_and_its_units_are_not()
    {
        Check("""
            item crisps 4 x 3.00
            item soda   5 x 2.00 #drinks
            percent 5 to items only #drinks bundles 2
            line soda -1.00
            """);
        Check("""
            item crisps 4 x 3.00
            item soda   5 x 2.00 #drinks
            percent 5 to items only #drinks bundles 2 units 1
            line soda -0.20
            """);
    }

    [Fact]
    public void A_new_price_is_not_multiplied_but_its_units_are() => Check("""
        item ticket 3 x 25.00
        item drink  5 x 6.00
        fixed 10.00 to items only ticket,drink price 10.00,2.00 units 1,2 bundles 2
        line ticket -30.00
        line drink -16.00
        """);

    [Fact]
    public void A_split_amount_is_multiplied_and_split_by_subtotals() => Check("""
        item machine 2 x 200.00
        item grinder 2 x 100.00
        item beans   1 x 30.00
        item filters 1 x 20.00
        amount 10.00 to split only beans,filters bundles 2
        line beans -12.00
        line filters -8.00
        items 20.00
        """);

    [Fact]
    public void A_split_amount_is_multiplied_and_split_by_units() => Check("""
        item racket 2 x 80.00
        item bag    2 x 40.00
        item balls  3 x 5.00
        item bands  2 x 9.00
        amount 10.00 to split-by-quantity only balls,bands bundles 2
        line balls -12.00
        line bands -8.00
        items 20.00
        """);

    [Fact]
    public void Missing_free_units_are_multiplied() => Check("""
        item laptop 2 x 900.00
        item bag    1 x 60.00
        free 1 bag 60.00 missing bundles 2
        units bag 2 of 1
        line bag -120.00
        """);

    [Fact]
    public void New_free_units_are_multiplied_and_come_on_top() => Check("""
        item shoes 3 x 90.00
        item socks 1 x 5.00
        free 1 socks 5.00 new bundles 3
        units socks 4 of 1
        line socks -15.00
        """);

    [Fact]
    public void Two_free_desserts_a_bundle_become_four() => Check("""
        item pizza 2 x 9.00
        item cola  2 x 2.00
        free 2 dessert 4.00 new bundles 2
        units dessert 4 of 0
        line dessert -16.00
        total 22.00
        """);
}
