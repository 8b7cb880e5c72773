using System.Text.Json.Serialization;
using Scrip.Engine.Earning;
using Scrip.Server.Features.LoyaltyTiers;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;
using Attribute = Scrip.Engine.Earning.Attribute;

namespace Scrip.Server.Features.EarningRules;

/// <summary>How many points a rule gives: a number, or so many for every so much of what <c>calculation_type</c> names.</summary>
public sealed record EarningLoyalty
{
    public string? Type { get; init; }
    [JsonConverter(typeof(WrittenWholeConverter))] public long? Points { get; init; }
    public string? PointsFormula { get; init; }
    public string? CalculationType { get; init; }
    public EarningOfOrder? Order { get; init; }
    public EarningOfItems? OrderItems { get; init; }
    public EarningOfMetadata? Customer { get; init; }
    public EarningOfMetadata? CustomEvent { get; init; }

    /// <summary>The ratio that the calculation type names; null when it is not there.</summary>
    internal EarningRatio? Ratio => CalculationType switch
    {
        Calculations.OrderAmount => Order?.Amount,
        Calculations.OrderTotalAmount => Order?.TotalAmount,
        Calculations.OrderMetadata => Order?.Metadata,
        Calculations.ItemsQuantity => OrderItems?.Quantity,
        Calculations.ItemsAmount => OrderItems?.Amount,
        Calculations.ItemsSubtotal => OrderItems?.SubtotalAmount,
        Calculations.CustomerMetadata => Customer?.Metadata,
        Calculations.EventMetadata => CustomEvent?.Metadata,
        _ => null,
    };

    /// <summary>The same with another ratio, and with nothing that the calculation type does not name.</summary>
    internal EarningLoyalty With(EarningRatio ratio)
    {
        var plain = new EarningLoyalty { Type = Type, CalculationType = CalculationType };
        return CalculationType switch
        {
            Calculations.OrderAmount => plain with { Order = new() { Amount = ratio } },
            Calculations.OrderTotalAmount => plain with { Order = new() { TotalAmount = ratio } },
            Calculations.OrderMetadata => plain with { Order = new() { Metadata = ratio } },
            Calculations.ItemsQuantity => plain with { OrderItems = new() { Quantity = ratio } },
            Calculations.ItemsAmount => plain with { OrderItems = new() { Amount = ratio } },
            Calculations.ItemsSubtotal => plain with { OrderItems = new() { SubtotalAmount = ratio } },
            Calculations.CustomerMetadata => plain with { Customer = new() { Metadata = ratio } },
            _ => plain with { CustomEvent = new() { Metadata = ratio } },
        };
    }

    /// <summary>
    /// What it comes to for cards in a tier: the points are those of the tier. A tier that gives a number of its own gives
    /// that number, whatever is measured. Of a ratio the points of one step are shown; they are multiplied all together.
    /// </summary>
    internal EarningLoyalty In(LoyaltyTierRow tier, string rule)
    {
        if (tier.MappingOf(rule) is not { } mapping) return this;
        if (mapping.Custom is { } points) return new() { Type = Calculations.Fixed, Points = points };
        if (Type == Calculations.Fixed) return this with { Points = mapping.Of(Points ?? 0) };
        return Ratio is { } ratio ? With(ratio with { Points = mapping.Of(ratio.Points ?? 0) }) : this;
    }

    /// <summary>For the engine.</summary>
    internal EarningTerms Terms() => Type == Calculations.Fixed || Ratio is not { } ratio
        ? new FixedPoints(Points ?? 0, FormulaCache.Of(PointsFormula))
        : new ProportionalPoints(MeasureOf(ratio), ratio.Every ?? 1, ratio.Points ?? 0, FormulaCache.Of(ratio.PointsFormula));

    Measure MeasureOf(EarningRatio ratio) => CalculationType switch
    {
        Calculations.OrderAmount => new OrderAmount(),
        Calculations.OrderTotalAmount => new OrderTotalAmount(),
        Calculations.OrderMetadata => new Attribute(AttributeOwner.Order, ratio.Property ?? ""),
        Calculations.ItemsQuantity => new OrderItems(ItemsOf.Quantity, ratio.Ids()),
        Calculations.ItemsAmount => new OrderItems(ItemsOf.Amount, ratio.Ids()),
        Calculations.ItemsSubtotal => new OrderItems(ItemsOf.SubtotalAmount, ratio.Ids()),
        Calculations.CustomerMetadata => new Attribute(AttributeOwner.Customer, ratio.Property ?? ""),
        _ => new Attribute(AttributeOwner.Event, ratio.Property ?? ""),
    };
}

/// <summary>Ratios of an order.</summary>
public sealed record EarningOfOrder
{
    public EarningRatio? Amount { get; init; }
    public EarningRatio? TotalAmount { get; init; }
    public EarningRatio? Metadata { get; init; }
}

/// <summary>Ratios of lines of an order.</summary>
public sealed record EarningOfItems
{
    public EarningRatio? Quantity { get; init; }
    public EarningRatio? Amount { get; init; }
    public EarningRatio? SubtotalAmount { get; init; }
}

/// <summary>The ratio of an attribute.</summary>
public sealed record EarningOfMetadata
{
    public EarningRatio? Metadata { get; init; }
}

/// <summary>So many points for every so much. Money is in minor units.</summary>
public sealed record EarningRatio
{
    [JsonConverter(typeof(WrittenWholeConverter))] public long? Every { get; init; }
    [JsonConverter(typeof(WrittenWholeConverter))] public long? Points { get; init; }
    public string? PointsFormula { get; init; }

    /// <summary>The name of the attribute.</summary>
    public string? Property { get; init; }

    /// <summary>The first of what is covered.</summary>
    public string? Object { get; init; }
    public string? Id { get; init; }

    /// <summary>Lines of which products, SKUs and collections are covered; without any, all are.</summary>
    public EarningItem[]? ApplicableTo { get; init; }

    internal HashSet<string>? Ids() => ApplicableTo is not { Length: > 0 } ? null : ApplicableTo.Select(item => item.Id!).ToHashSet(StringComparer.Ordinal);
}

/// <summary>A product, SKU or product collection that a rule covers.</summary>
public sealed record EarningItem(string? Object, string? Id);

/// <summary>The API's words for how points are worked out, and for which events.</summary>
static class Calculations
{
    public const string Fixed = "FIXED";
    public const string Proportional = "PROPORTIONAL";
    public const string OrderAmount = "ORDER_AMOUNT";
    public const string OrderTotalAmount = "ORDER_TOTAL_AMOUNT";
    public const string OrderMetadata = "ORDER_METADATA";
    public const string ItemsQuantity = "ORDER_ITEMS_QUANTITY";
    public const string ItemsAmount = "ORDER_ITEMS_AMOUNT";
    public const string ItemsSubtotal = "ORDER_ITEMS_SUBTOTAL_AMOUNT";
    public const string CustomerMetadata = "CUSTOMER_METADATA";
    public const string EventMetadata = "CUSTOM_EVENT_METADATA";

    /// <summary>Those that rules of an event may have.</summary>
    public static string[] Of(string happening) => happening switch
    {
        EarningEvents.OrderPaid => [OrderAmount, OrderTotalAmount, OrderMetadata, ItemsQuantity, ItemsAmount, ItemsSubtotal, CustomerMetadata],
        EarningEvents.SegmentEntered => [CustomerMetadata],
        _ => [CustomerMetadata, EventMetadata],
    };

    /// <summary>Where the ratio of a calculation lies in <c>loyalty</c>.</summary>
    public static string PathOf(string calculation) => calculation switch
    {
        OrderAmount => "order.amount",
        OrderTotalAmount => "order.total_amount",
        OrderMetadata => "order.metadata",
        ItemsQuantity => "order_items.quantity",
        ItemsAmount => "order_items.amount",
        ItemsSubtotal => "order_items.subtotal_amount",
        CustomerMetadata => "customer.metadata",
        _ => "custom_event.metadata",
    };

    /// <summary>Whether an attribute is counted.</summary>
    public static bool IsOfMetadata(string calculation) => calculation is OrderMetadata or CustomerMetadata or EventMetadata;

    /// <summary>Whether lines are counted.</summary>
    public static bool IsOfItems(string calculation) => calculation is ItemsQuantity or ItemsAmount or ItemsSubtotal;
}

/// <summary>What rules may wait for; every other name is that of a custom event.</summary>
static class EarningEvents
{
    public const string OrderPaid = "order.paid";
    public const string SegmentEntered = "customer.segment.entered";

    /// <summary>Nothing raises these yet; rules that wait for them are refused in one place, <c>EarningRuleTerms.Event</c>.</summary>
    public const string TierPrefix = "customer.loyalty.tier.";
}
