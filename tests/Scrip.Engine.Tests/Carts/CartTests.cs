using CsCheck;
using Scrip.Engine.Carts;
using Scrip.Engine.Tests.Discounts;

namespace Scrip.Engine.Tests.Carts;

public class CartTests
{
    [Fact]
    public void The_amount_is_unknown_without_prices()
    {
        var cart = Open(new CartLine { ProductId = "a", Quantity = 2 });
        (cart.Amount, cart.InitialAmount, cart.TotalAmount).ShouldBe((null, null, null));
    }

    [Fact]
    public void The_amount_of_a_line_wins_over_price_and_quantity() =>
        Open(new CartLine { Price = 3000, Quantity = 1, Amount = 3300 }).Amount.ShouldBe(3300);

    [Theory]
    [InlineData(-1, 1, null, "invalid_order")]
    [InlineData(1, -1, null, "invalid_order")]
    [InlineData(Money.Max, 2, null, "invalid_amount")]
    [InlineData(Money.Max, 1L << 31, null, "invalid_amount")]
    [InlineData(1, 1, -1L, "invalid_amount")]
    [InlineData(1, 1, Money.Max + 1, "invalid_amount")]
    public void Numbers_that_cannot_be_are_refused(long price, long quantity, long? amount, string key)
    {
        var opening = Cart.Open([new CartLine { Price = price, Quantity = quantity }], amount);
        opening.Cart.ShouldBeNull();
        opening.Refusal.ShouldNotBeNull().Key.ShouldBe(key);
    }

    [Fact]
    public void Lines_that_together_exceed_the_largest_amount_are_refused() =>
        Cart.Open([new CartLine { Price = Money.Max }, new CartLine { Price = 1 }]).Refusal.ShouldNotBeNull().Key.ShouldBe("invalid_amount");

    [Fact]
    public void The_largest_amount_is_legal() => Open(new CartLine { Price = Money.Max }).TotalAmount.ShouldBe(Money.Max);

    [Fact]
    public void Every_cart_opens_with_a_total_that_is_not_negative() => DiscountProperties.Carts.Sample(cart =>
    {
        cart.TotalAmount.GetValueOrDefault().ShouldBeGreaterThanOrEqualTo(0);
        cart.Since(cart).TotalAppliedDiscountAmount.ShouldBe(0);
    });

    [Fact]
    public void Discounts_of_a_continued_order_are_cut_down_to_a_smaller_amount()
    {
        var line = new CartLine { Price = 1000, DiscountAmount = 900 };
        var cart = Cart.Open([line], amount: 500, discountAmount: 400).Cart.ShouldNotBeNull();
        (cart.TotalAmount, cart.DiscountAmount, cart.ItemsDiscountAmount).ShouldBe((0, 0, 500));
    }

    private static Cart Open(params CartLine[] lines) => Cart.Open(lines).Cart.ShouldNotBeNull();
}
