using Scrip.Engine.Carts;

namespace Scrip.Engine.Discounts;

/// <summary>What gift credits pay for.</summary>
public enum GiftEffect
{
    /// <summary>APPLY_TO_ORDER: the order as a whole.</summary>
    ApplyToOrder,

    /// <summary>APPLY_TO_ITEMS: the covered lines, in their order.</summary>
    ApplyToItems,
}

/// <summary>Pays with gift credits, which count as a discount. One credit is one minor unit.</summary>
public static class GiftCredits
{
    /// <summary>The most credits the cart can take: what is left of the order, or of the covered lines and units within it.</summary>
    public static long Room(Cart cart, GiftEffect effect, Targets targets, DiscountTerms? terms = null) => effect == GiftEffect.ApplyToOrder
        ? cart.Left
        : Apply(cart, cart.Left, effect, targets, terms).ItemsAppliedDiscountAmount;

    /// <summary>The credits to take: the requested ones, or without a request the whole balance, but never more than there is room for.</summary>
    public static long Taken(Cart cart, long balance, long? requested, GiftEffect effect, Targets targets, DiscountTerms? terms = null) =>
        Math.Min(requested ?? balance, Room(cart, effect, targets, terms));

    /// <summary>The cart after paying so many credits, at most its room; its applied amounts cover this payment alone.</summary>
    public static Cart Apply(Cart cart, long credits, GiftEffect effect, Targets targets, DiscountTerms? terms = null) => (effect == GiftEffect.ApplyToOrder
        ? cart.Take(credits)
        : new ItemEffects(cart, Plan.Of(cart, targets, (terms ?? DiscountTerms.Plain).Closed), terms ?? DiscountTerms.Plain).All(credits)).Since(cart);
}
