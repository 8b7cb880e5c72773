using Scrip.Engine.Carts;

namespace Scrip.Engine.Discounts;

/// <summary>Effects on the order as a whole. They act on what is left of it and touch no line.</summary>
internal static class OrderEffects
{
    public static Cart Amount(Cart cart, AmountOff off) => cart.Take(Lower(off.Amount, off.AggregatedAmountLimit));

    public static Cart Percent(Cart cart, PercentOff off, bool ofInitial) =>
        cart.Take(Lower(Lower(Money.Percent(ofInitial ? Initial(cart) : cart.Left, off.Percent), off.AmountLimit), off.AggregatedAmountLimit));

    public static Cart Fixed(Cart cart, FixedPrice price) => cart.Take(Math.Max(0, cart.Left - price.Price));

    /// <summary>The amount before all discounts; free units that were added are not part of it.</summary>
    public static long Initial(Cart cart) => cart.InitialAmount ?? cart.Amount ?? 0;

    private static long Lower(long amount, long? limit) => Math.Min(amount, limit ?? amount);
}
