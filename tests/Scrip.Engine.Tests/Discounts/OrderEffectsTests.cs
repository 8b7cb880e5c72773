using static Scrip.Engine.Tests.Discounts.Scenario;

namespace Scrip.Engine.Tests.Discounts;

public class OrderEffectsTests
{
    [Fact]
    public void Percent_applies_to_what_the_amount_left() => Check("""
        item     shirt  2 x 30.00
        item     socks  1 x 10.00
        amount   20.00  to order
        percent  10     to order
        discount 25.00
        items     0.00
        total    45.00
        """);

    [Fact]
    public void A_coupon_takes_only_what_an_earlier_redemption_left() => Check("""
        item     shirt  1 x 100.00
        earlier  92.00
        amount   10.00  to order
        discount 100.00
        applied    8.00
        total      0.00
        """);

    [Fact]
    public void The_amount_of_the_order_wins_over_its_items() => Check("""
        item     shirt  2 x 30.00
        order    50.00
        percent  10  to order
        before   50.00
        total    45.00
        """);

    [Fact]
    public void A_percent_stops_at_its_limit() => Check("""
        item     shirt  1 x 100.00
        percent  50  to order  cap 6.00
        total    94.00
        """);

    [Fact]
    public void A_new_total_lowers_the_order() => Check("""
        item     shirt  1 x 100.00
        fixed    80.00  to order
        total    80.00
        """);

    [Fact]
    public void A_new_total_never_raises_the_order() => Check("""
        item     shirt  1 x 50.00
        fixed    80.00  to order
        applied   0.00
        total    50.00
        """);

    [Fact]
    public void Half_a_cent_is_rounded_up() => Check("""
        item     pin  1 x 0.25
        percent  10  to order
        applied  0.03
        """);

    [Fact]
    public void A_whole_stack_of_the_contract_adds_up_to_the_cent() => Check("""
        item     mug   1 x 20.00
        item     pen   1 x  7.00
        amount   10.00 to items
        amount    1.00 to order
        percent  40    to order
        amount    0.30 to order
        items    17.00
        discount  4.90
        applied  21.90
        total     5.10
        """);

    [Fact]
    public void Gift_credits_pay_for_the_order_or_for_the_covered_items()
    {
        Check("""
            item     shirt  1 x 30.00
            gift     50.00  to order
            discount 30.00
            total     0.00
            """);
        Check("""
            item     shirt  1 x 30.00
            item     socks  1 x 10.00
            gift     50.00  to items  only socks
            line     socks  -10.00
            total    30.00
            """);
    }
}
