using System.Collections.Frozen;
using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Rules;

/// <summary>Every name that a rule may have: the contract's table, one line each, and the loyalty tier of the reference.</summary>
internal static class FactTable
{
    public const string Segment = "customer.segment";
    public const string LoyaltyTier = "customer.loyalty_tier";
    public const string InitialAmount = "order.initial_amount";

    /// <summary>Makes the products whose metadata its rule asks for targets.</summary>
    public const string MetadataApplicable = "product.metadata.discount_applicable";

    private static readonly FrozenDictionary<string, Fact> All = Facts().ToFrozenDictionary(fact => fact.Name);

    public static IEnumerable<string> Names => All.Keys.Order(StringComparer.Ordinal);

    public static Fact? Find(string name) => All.GetValueOrDefault(name);

    private static IEnumerable<Fact> Facts() =>
    [
        Customer(Segment, FactKind.Id, (customer, _) => Value.Of(customer.Segments)),
        Customer(LoyaltyTier, FactKind.Id, (customer, _) => Value.Of(customer.LoyaltyTiers)),
        Customer("customer.metadata", FactKind.Attribute, (customer, property) => Fact.Attribute(customer.Metadata, property)),
        Customer("publication.redeemable_by_linked_customer", FactKind.Flag, null) with { Read = (facts, _) => Linked(facts) },

        new("order.amount", FactKind.Number, RuleFamilies.AmountBefore) { Read = (facts, _) => Value.Of(facts.Before?.TotalAmount) },
        new(InitialAmount, FactKind.Number, RuleFamilies.Order) { Read = (facts, _) => Value.Of(facts.Before?.InitialAmount) },
        new("order.total_amount", FactKind.Number, RuleFamilies.Order) { NeedsOutcome = true, Read = (facts, _) => Value.Of(facts.After?.TotalAmount) },
        new("order.metadata", FactKind.Attribute, RuleFamilies.Order) { Read = (facts, property) => Fact.Attribute(facts.Situation.OrderMetadata, property) },
        Sum("order.items.count", line => line.Quantity) with { Family = RuleFamilies.Order },
        OfLine("order.items.price_any", FactKind.Number, Quantifier.Any, RuleFamilies.Order, (line, _) => Value.Of(line.Price)),
        OfLine("order.items.price_each", FactKind.Number, Quantifier.Every, RuleFamilies.Order, (line, _) => Value.Of(line.Price)),
        OfLine("order.items.metadata_any", FactKind.Attribute, Quantifier.Any, RuleFamilies.Order, (line, property) => Fact.Attribute(line.Metadata, property)),
        OfLine("order.items.metadata_each", FactKind.Attribute, Quantifier.Every, RuleFamilies.Order, (line, property) => Fact.Attribute(line.Metadata, property)),

        Lines("order.items.any", Quantifier.Any),
        Lines("order.items.every", Quantifier.Every),
        Lines("order.items.none", Quantifier.None),
        Lines("order.items.cheapest", Quantifier.Cheapest),
        Lines("order.items.most_expensive", Quantifier.MostExpensive),
        OfLine("order.items.quantity", FactKind.Number, Quantifier.Inherited, RuleFamilies.Products, (line, _) => Value.Of(line.Quantity)),
        OfLine("order.items.price", FactKind.Number, Quantifier.Inherited, RuleFamilies.Products, (line, _) => Value.Of(line.Price)),
        OfLine("order.items.metadata", FactKind.Attribute, Quantifier.Inherited, RuleFamilies.Products, (line, property) => Fact.Attribute(line.Metadata, property)),
        Sum("order.items.aggregated_quantity", line => line.Quantity),
        Sum("order.items.aggregated_amount", line => line.Amount),

        Lines("product.id", Quantifier.Any) with { RefObject = LineRef.Product },
        OfLine("product.price", FactKind.Number, Quantifier.Inherited, RuleFamilies.Products, (line, _) => Value.Of(line.Price)),
        OfLine("product.quantity", FactKind.Number, Quantifier.Inherited, RuleFamilies.Products, (line, _) => Value.Of(line.Quantity)),
        OfLine("product.metadata", FactKind.Attribute, Quantifier.Any, RuleFamilies.Products, (line, property) => Fact.Attribute(line.ProductMetadata, property)),
        OfLine("product.metadata.match_all", FactKind.Attribute, Quantifier.Every, RuleFamilies.Products, (line, property) => Fact.Attribute(line.ProductMetadata, property)),
        Sum("product.metadata.aggregated_quantity", line => line.Quantity),
        Sum("product.metadata.aggregated_amount", line => line.Amount),
        new(MetadataApplicable, FactKind.Flag, RuleFamilies.Products) { Read = (_, _) => Value.Of(true) },
        new("product.discount_applicable", FactKind.Flag, RuleFamilies.Products) { Read = (_, _) => Value.Of(true) },
        Lines("sku.id", Quantifier.Any) with { RefObject = LineRef.Sku },
        OfLine("sku.price", FactKind.Number, Quantifier.Inherited, RuleFamilies.Products, (line, _) => line.SkuId is null ? default : Value.Of(line.Price)),
        OfLine("sku.quantity", FactKind.Number, Quantifier.Inherited, RuleFamilies.Products, (line, _) => line.SkuId is null ? default : Value.Of(line.Quantity)),
        new("sku.discount_applicable", FactKind.Flag, RuleFamilies.Products) { Read = (_, _) => Value.Of(true) },

        Counter("campaign.orders.amount", true, UsageScope.Everybody, UsageWindow.Ever, UsageMeasure.Orders),
        Counter("campaign.orders.amount_discounted", true, UsageScope.Everybody, UsageWindow.Ever, UsageMeasure.Discounts),
        .. Windows("campaign.redemptions.count", true, UsageScope.Everybody),
        .. Windows("campaign.redemptions.customers_count", true, UsageScope.Customer),
        Counter("redemption.gift.amount", true, UsageScope.Everybody, UsageWindow.Ever, UsageMeasure.Credits),
        .. Windows("redemption.count", false, UsageScope.Everybody),
        .. Windows("redemption.count.per_customer", false, UsageScope.Customer),
        Counter("redemption.count.per_api_key", false, UsageScope.ApiKey, UsageWindow.Ever, UsageMeasure.Uses),
        Counter("redemption.count.per_user", false, UsageScope.User, UsageWindow.Ever, UsageMeasure.Uses),

        new("redemption.api_key", FactKind.Id, RuleFamilies.Redemption) { Read = (facts, _) => Value.Of(facts.Situation.ApiKey) },
        new("redemption.user.login", FactKind.Id, RuleFamilies.Redemption) { Read = (facts, _) => Value.Of(facts.Situation.UserLogin) },
        new("redemption.metadata", FactKind.Attribute, RuleFamilies.Redemption) { Read = (facts, property) => Fact.Attribute(facts.Situation.RedemptionMetadata, property) },
        new("redemption.reward.pay_with_points.points_used", FactKind.Number, RuleFamilies.Redemption) { NeedsOutcome = true, Read = (facts, _) => Value.Of(facts.Takes.Points) },
        new("custom_event.metadata", FactKind.Attribute, RuleFamilies.Redemption) { Read = (facts, property) => Fact.Attribute(facts.EventMetadata, property) },
    ];

    private static Fact Customer(string name, FactKind kind, Func<CustomerFacts, string?, Value>? read) => new(name, kind, RuleFamilies.Audience)
    {
        NeedsCustomer = true,
        Read = read is null ? null : (facts, property) => facts.Situation.Customer is { } customer ? read(customer, property) : default,
    };

    // A code that nobody holds has no linked customer, so nobody is that customer.
    private static Value Linked(RuleFacts facts) =>
        facts.Situation.Customer is { } customer && facts.Incentive is VoucherRedeemable { HolderId: { } holder } ? Value.Of(customer.Id == holder) : default;

    private static Fact Lines(string name, Quantifier quantifier) => new(name, FactKind.Lines, RuleFamilies.Products) { Quantifier = quantifier };

    private static Fact OfLine(string name, FactKind kind, Quantifier quantifier, RuleFamilies family, Func<CartLine, string?, Value> read) =>
        new(name, kind, family) { Quantifier = quantifier, OfLine = read };

    private static Fact Sum(string name, Func<CartLine, long?> added) =>
        new(name, FactKind.Number, RuleFamilies.Products) { Quantifier = Quantifier.Sum, Added = added };

    private static IEnumerable<Fact> Windows(string name, bool ofCampaign, UsageScope scope) =>
    [
        Counter(name, ofCampaign, scope, UsageWindow.Ever, UsageMeasure.Uses),
        Counter(name + ".daily", ofCampaign, scope, UsageWindow.Day, UsageMeasure.Uses),
        Counter(name + ".weekly", ofCampaign, scope, UsageWindow.Week, UsageMeasure.Uses),
        Counter(name + ".monthly", ofCampaign, scope, UsageWindow.Month, UsageMeasure.Uses),
    ];

    private static Fact Counter(string name, bool ofCampaign, UsageScope scope, UsageWindow window, UsageMeasure measure) =>
        new(name, FactKind.Number, scope == UsageScope.Customer ? RuleFamilies.CustomerBudget : RuleFamilies.Budget)
        {
            Counter = new UsageNeed(ofCampaign, scope, window),
            Measure = measure,
            NeedsCustomer = scope == UsageScope.Customer,
            NeedsOutcome = true,
        };
}
