using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Rules;

/// <summary>What a rule may look at.</summary>
/// <param name="Situation">The request.</param>
/// <param name="Incentive">The voucher or promotion tier that the rule is assigned to.</param>
/// <param name="Before">The order as earlier redeemables left it; null when none was sent.</param>
/// <param name="After">The order after this redeemable; null when it cannot be calculated.</param>
/// <param name="Takes">What this redemption would use: one use, order amount, discount, credits.</param>
/// <param name="Scope">Which families of conditions are judged; the others are left out and count as true.</param>
public sealed record RuleFacts(Situation Situation, Incentive Incentive, Cart? Before, Cart? After, Usage Takes, RuleFamilies Scope = RuleFamilies.All)
{
    /// <summary>Custom attributes of the custom event that is judged; none when it is not about an event.</summary>
    public Metadata EventMetadata { get; init; }

    /// <summary>False when an incomplete bundle is only reported: some qualifications tell what is missing.</summary>
    public bool CompleteBundles { get; init; } = true;

    /// <summary>The lines of <see cref="Before"/> that have units, where somebody who judges many rules has listed them; else null.</summary>
    internal List<CartLine>? Present { get; init; }
}

/// <summary>Families of conditions. A qualification leaves some of them out.</summary>
[Flags]
public enum RuleFamilies
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Segments, loyalty tiers, customer metadata, holder.</summary>
    Audience = 1,

    /// <summary>Which products the cart has.</summary>
    Products = 2,

    /// <summary>Other amounts, prices, quantities and metadata of the order.</summary>
    Order = 4,

    /// <summary>Limits that count redemptions or money of a whole campaign or incentive.</summary>
    Budget = 8,

    /// <summary>Limits that count per customer.</summary>
    CustomerBudget = 16,

    /// <summary>Redeeming key or user, redemption metadata.</summary>
    Redemption = 32,

    /// <summary>The order's amount as earlier redeemables left it: <c>order.amount</c>.</summary>
    AmountBefore = 64,

    /// <summary>Everything.</summary>
    All = 127,
}
