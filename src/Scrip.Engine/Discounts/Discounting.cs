using Scrip.Engine.Carts;

namespace Scrip.Engine.Discounts;

/// <summary>Applies one discount to a cart. Pure: the same cart, discount and targets give the same cart.</summary>
public static class Discounting
{
    /// <summary>
    /// The cart after the discount; its applied amounts cover this discount alone. A cart without an amount
    /// comes back without a discount, unless free units give it one.
    /// </summary>
    /// <exception cref="OverflowException">Free units would exceed the limits; <see cref="Refuse"/> tells beforehand.</exception>
    public static Cart Apply(Cart cart, Discount discount, Targets targets) => (discount switch
    {
        AmountOff off when targets.EffectOr(off.Effect) is DiscountEffect.ApplyToOrder => OrderEffects.Amount(cart, off),
        AmountOff off => ItemEffects.Amount(cart, off, targets),
        PercentOff off when targets.EffectOr(off.Effect) is DiscountEffect.ApplyToOrder => OrderEffects.Percent(cart, off),
        PercentOff off => ItemEffects.Percent(cart, off, targets),
        FixedPrice price when targets.EffectOr(price.Effect) is DiscountEffect.ApplyToOrder => OrderEffects.Fixed(cart, price),
        FixedPrice price => ItemEffects.Fixed(cart, price, targets),
        UnitOff off => UnitEffects.Units(cart, off),
        _ => throw new ArgumentOutOfRangeException(nameof(discount), discount, "No such discount"),
    }).Since(cart);

    /// <summary>Applies a discount under terms.</summary>
    public static Applied Apply(Cart cart, Discount discount, Targets targets, DiscountTerms terms) => new(Apply(cart, discount, targets), discount);

    /// <summary>Why the discount cannot be applied to this cart under the terms; null when it can.</summary>
    public static Refusal? Refuse(Cart cart, Discount discount, DiscountTerms terms) =>
        terms.Bundles > 0 ? Refuse(cart, discount) : throw new ArgumentOutOfRangeException(nameof(terms));

    /// <summary>Why the discount cannot be applied to this cart: its free units would exceed the largest amount; else null.</summary>
    public static Refusal? Refuse(Cart cart, Discount discount)
    {
        if (discount is not UnitOff off) return null;
        try
        {
            UnitEffects.Units(cart, off);
            return null;
        }
        catch (OverflowException)
        {
            return Refusals.InvalidAmount.With($"The free units would raise the order above {Money.Max}");
        }
    }
}
