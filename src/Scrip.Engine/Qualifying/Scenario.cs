using Scrip.Engine.Rules;

namespace Scrip.Engine.Qualifying;

/// <summary>What a qualification is asked for: the API's <c>scenario</c>. Source: the vendor's guide "Checking eligibility".</summary>
public enum Scenario
{
    /// <summary>ALL: everything that could be redeemed now.</summary>
    All,

    /// <summary>CUSTOMER_WALLET: what the customer holds and could redeem now.</summary>
    CustomerWallet,

    /// <summary>AUDIENCE_ONLY: everything that is meant for this customer, whatever the cart.</summary>
    AudienceOnly,

    /// <summary>PRODUCTS: what discounts or asks for products of the cart, whoever the customer is.</summary>
    Products,

    /// <summary>PRODUCTS_DISCOUNT: what discounts products of the cart, whoever the customer is.</summary>
    ProductsDiscount,

    /// <summary>PROMOTION_STACKS: promotion stacks that could be redeemed now.</summary>
    PromotionStacks,

    /// <summary>PRODUCTS_BY_CUSTOMER: like PRODUCTS, and meant for this customer.</summary>
    ProductsByCustomer,

    /// <summary>PRODUCTS_DISCOUNT_BY_CUSTOMER: like PRODUCTS_DISCOUNT, and meant for this customer.</summary>
    ProductsDiscountByCustomer,
}

/// <summary>What each scenario means, in one table.</summary>
public static class Scenarios
{
    // Limits that count redemptions or money of others are left to validation and redemption, and so is the amount before discounts.
    private const RuleFamilies Unlimited = RuleFamilies.All & ~(RuleFamilies.Budget | RuleFamilies.CustomerBudget | RuleFamilies.AmountBefore);

    /// <summary>The families of conditions that are judged; the others are left out and count as true.</summary>
    public static RuleFamilies Scope(this Scenario scenario) => scenario switch
    {
        Scenario.AudienceOnly => RuleFamilies.Audience,
        Scenario.Products or Scenario.ProductsDiscount => RuleFamilies.Products,
        Scenario.ProductsByCustomer or Scenario.ProductsDiscountByCustomer => RuleFamilies.Products | RuleFamilies.Audience,
        _ => Unlimited,
    };

    /// <summary>True when the order has to be complete: bundles, amounts, items. The others only say what could be had.</summary>
    public static bool NeedsOrder(this Scenario scenario) =>
        scenario is Scenario.All or Scenario.CustomerWallet or Scenario.PromotionStacks;

    /// <summary>True when products of the cart have to be discounted, or asked for by a rule.</summary>
    public static bool ByProducts(this Scenario scenario) => scenario is Scenario.Products or Scenario.ProductsByCustomer || scenario.ByDiscount();

    /// <summary>True when products of the cart have to be discounted.</summary>
    public static bool ByDiscount(this Scenario scenario) => scenario is Scenario.ProductsDiscount or Scenario.ProductsDiscountByCustomer;
}
