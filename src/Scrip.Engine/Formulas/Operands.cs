using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;

namespace Scrip.Engine.Formulas;

/// <summary>What a formula can name: every operand of the reference and where its value comes from. Money is in major units.</summary>
static class Operands
{
    /// <summary>Operands that are numbers.</summary>
    public static readonly Dictionary<string, Func<FormulaFacts, decimal?>> Numbers = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ORDER_AMOUNT"] = f => Major(f.Cart?.Amount),
        ["ORDER_ITEMS_QUANTITY"] = f => f.Cart?.Lines.Count,
        ["ORDER_UNITS_QUANTITY"] = f => f.Cart?.Lines.Sum(line => line.Quantity),
        ["VOUCHER_REDEMPTION_QUANTITY"] = f => Voucher(f)?.Quantity,
        ["VOUCHER_REDEEMED_QUANTITY"] = f => Voucher(f)?.Redeemed,
        ["VOUCHER_PUBLISH_COUNT"] = f => Voucher(f) is { } voucher ? voucher.HolderId is null ? 0 : 1 : null,
    };

    /// <summary>Operands that are dates.</summary>
    public static readonly Dictionary<string, Func<FormulaFacts, Moment?>> Dates = new(StringComparer.OrdinalIgnoreCase)
    {
        ["TODAY"] = Moment.Today,
        ["NOW"] = Moment.Now,
        ["CUSTOMER_BIRTHDATE"] = f => f.Situation.Customer?.Birthdate is { } day ? new Moment(day) : null,
        ["VOUCHER_START_DATE"] = f => Start(f, Voucher(f)),
        ["VOUCHER_EXPIRATION_DATE"] = f => End(f, Voucher(f)),
        ["PROMOTION_TIER_START_DATE"] = f => Start(f, f.Incentive as TierRedeemable),
        ["PROMOTION_TIER_EXPIRATION_DATE"] = f => End(f, f.Incentive as TierRedeemable),
    };

    /// <summary>Operands that look up an attribute by its name.</summary>
    public static readonly Dictionary<string, Func<FormulaFacts, Metadata>> Attributes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["ORDER_METADATA"] = f => f.Situation.OrderMetadata,
        ["REDEEMABLE_METADATA"] = f => f.Incentive?.Metadata ?? Metadata.None,
        ["CUSTOMER_METADATA"] = f => f.Situation.Customer?.Metadata ?? Metadata.None,
        ["REDEMPTION_METADATA"] = f => f.Situation.RedemptionMetadata,
        ["PUBLICATION_METADATA"] = f => Voucher(f)?.Publication ?? Metadata.None,
    };

    static Operands()
    {
        Line("ORDER_ITEM", f => f.Line);
        Line("CHEAPEST_ORDER_ITEM", f => Extreme(f, false));
        Line("MOST_EXPENSIVE_ORDER_ITEM", f => Extreme(f, true));
    }

    // The operands of one line, which differ only in how the line is found.
    private static void Line(string name, Func<FormulaFacts, CartLine?> find)
    {
        Numbers[name + "_PRICE"] = f => Major(find(f)?.Price);
        Numbers[name + "_AMOUNT"] = f => Major(find(f)?.Amount);
        Numbers[name + "_SUBTOTAL"] = f => Major(find(f)?.Subtotal);
        Numbers[name + "_UNITS_QUANTITY"] = f => find(f)?.Quantity;
        Attributes[name + "_METADATA"] = f => find(f)?.Metadata ?? Metadata.None;
        Attributes[name + "_PRODUCT_METADATA"] = f => find(f)?.ProductMetadata ?? Metadata.None;
    }

    // Among equal prices the lowest subtotal wins, for the most expensive line as well; then the first.
    private static CartLine? Extreme(FormulaFacts facts, bool dearest)
    {
        if (facts.Cart is not { } cart) return null;
        CartLine? found = null;
        foreach (var line in cart.Lines)
        {
            if (line.Price is not { } price) continue;
            if (found?.Price is not { } best || (dearest ? price > best : price < best) || (price == best && line.Left < found.Left)) found = line;
        }
        return found;
    }

    private static VoucherRedeemable? Voucher(FormulaFacts facts) => facts.Incentive as VoucherRedeemable;

    private static Moment? Start(FormulaFacts facts, Incentive? incentive) =>
        Moment.At(incentive?.Schedule.StartsAt ?? incentive?.Campaign?.StartsAt, facts.Situation.Zone);

    private static Moment? End(FormulaFacts facts, Incentive? incentive) =>
        Moment.At(incentive?.Schedule.ExpiresAt ?? incentive?.Campaign?.ExpiresAt, facts.Situation.Zone);

    private static decimal? Major(long? minor) => minor / 100m;
}
