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
    /// <summary>The most credits the cart can take: what is left of the order, or of the covered lines within it.</summary>
    public static long Room(Cart cart, GiftEffect effect, Targets targets)
    {
        if (effect == GiftEffect.ApplyToOrder) return cart.Left;
        return Math.Min(cart.Left, cart.Lines.Where(targets.Cover).Sum(line => line.Left));
    }

    /// <summary>The credits to take: the requested ones, or without a request the whole balance, but never more than there is room for.</summary>
    public static long Taken(Cart cart, long balance, long? requested, GiftEffect effect, Targets targets) =>
        Math.Min(requested ?? balance, Room(cart, effect, targets));

    /// <summary>The cart after paying so many credits, at most its room; its applied amounts cover this payment alone.</summary>
    public static Cart Apply(Cart cart, long credits, GiftEffect effect, Targets targets) =>
        (effect == GiftEffect.ApplyToOrder ? cart.Take(credits) : ItemEffects.PerLine(cart, targets, credits, line => line.Left))
        .Since(cart);
}
