using System.Data.Common;
using Scrip.Engine;
using Scrip.Server.Features.Products;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Reads a discount as a caller wrote it: only what its type has, with numbers in range and products that exist.</summary>
static class DiscountCheck
{
    const string ManyItems = "ADD_MANY_ITEMS";
    const string SameItems = "ADD_SAME_ITEMS";
    const int DecimalsMax = 6;
    const int UnitsMax = 50;

    /// <summary>The discount to store.</summary>
    /// <exception cref="ApiFault">A field is missing, out of range or not served, or a product is unknown.</exception>
    public static async Task<Discount> Read(DbConnection db, string project, Discount discount)
    {
        var read = Plain(discount);
        if (read.Type != "UNIT") return read;
        if (read.Units is { } units)
        {
            var found = new DiscountUnit[units.Length];
            for (var i = 0; i < units.Length; i++) found[i] = await Resolve(db, project, units[i]);
            return read with { Units = found };
        }
        // Its source may be a collection, which nothing but the unit type names.
        if (read.Effect == SameItems && read.Product is null && read.Sku is null && read.UnitType is { Length: > 0 } named && await ProductSql.HasCollection(db, project, named)) return read;
        var unit = await Resolve(db, project, new DiscountUnit { UnitType = read.UnitType, Product = read.Product, Sku = read.Sku });
        return read with { UnitType = unit.UnitType, Product = unit.Product, Sku = unit.Sku };
    }

    /// <summary>The part of the check that needs no database.</summary>
    public static Discount Plain(Discount discount)
    {
        return discount.Type switch
        {
            "AMOUNT" => new Discount
            {
                Type = "AMOUNT",
                AmountOff = Checks.Positive(discount.AmountOff, "discount.amount_off") ?? throw Checks.Wrong("discount.amount_off", "is required"),
                AmountOffFormula = Formula(discount.AmountOffFormula, "discount.amount_off_formula"),
                AggregatedAmountLimit = Checks.Positive(discount.AggregatedAmountLimit, "discount.aggregated_amount_limit"),
                Effect = Checks.OneOf(discount.Effect, "discount.effect", "APPLY_TO_ORDER", "APPLY_TO_ITEMS", "APPLY_TO_ITEMS_PROPORTIONALLY",
                    "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY", "APPLY_TO_ITEMS_BY_QUANTITY"),
            },
            "PERCENT" => new Discount
            {
                Type = "PERCENT",
                PercentOff = Percent(discount.PercentOff),
                PercentOffFormula = Formula(discount.PercentOffFormula, "discount.percent_off_formula"),
                AmountLimit = Checks.Positive(discount.AmountLimit, "discount.amount_limit"),
                AggregatedAmountLimit = Checks.Positive(discount.AggregatedAmountLimit, "discount.aggregated_amount_limit"),
                Effect = Checks.OneOf(discount.Effect, "discount.effect", "APPLY_TO_ORDER", "APPLY_TO_ITEMS"),
            },
            "FIXED" => new Discount
            {
                Type = "FIXED",
                FixedAmount = Checks.NotNegative(discount.FixedAmount, "discount.fixed_amount") ?? throw Checks.Wrong("discount.fixed_amount", "is required"),
                FixedAmountFormula = Formula(discount.FixedAmountFormula, "discount.fixed_amount_formula"),
                Effect = Checks.OneOf(discount.Effect, "discount.effect", "APPLY_TO_ORDER", "APPLY_TO_ITEMS"),
            },
            "UNIT" => Units(discount),
            null => throw Checks.Wrong("discount.type", "is required"),
            _ => throw Checks.Wrong("discount.type", "must be one of: AMOUNT, PERCENT, FIXED, UNIT"),
        };
    }

    // An empty formula is none; the value beside it is the fallback, so it is required with a formula too.
    static string? Formula(string? text, string field)
    {
        if (string.IsNullOrWhiteSpace(text)) return null;
        return Engine.Formulas.Formula.Read(text).Fault is { } fault ? throw Checks.Wrong(field, fault) : text;
    }

    static decimal Percent(decimal? percent)
    {
        if (percent is not { } value) throw Checks.Wrong("discount.percent_off", "is required");
        if (value is <= 0 or > 100) throw Checks.Wrong("discount.percent_off", "must be above 0 and at most 100");
        if (decimal.Round(value, DecimalsMax) != value) throw Checks.Wrong("discount.percent_off", $"must NOT have more than {DecimalsMax} decimals");
        return value;
    }

    static Discount Units(Discount discount)
    {
        var effect = Checks.OneOf(discount.Effect, "discount.effect", "ADD_MISSING_ITEMS", "ADD_NEW_ITEMS", ManyItems, SameItems);
        if (discount.Units is null && effect != ManyItems)
        {
            return new Discount
            {
                Type = "UNIT",
                UnitOff = Count(discount.UnitOff, "discount.unit_off"),
                UnitOffFormula = Formula(discount.UnitOffFormula, "discount.unit_off_formula"),
                Effect = effect ?? "ADD_MISSING_ITEMS",
                UnitType = discount.UnitType,
                Product = discount.Product,
                Sku = discount.Sku,
            };
        }
        if (effect is not (null or ManyItems)) throw Checks.Wrong("discount.effect", $"must be {ManyItems} when discount.units is given");
        if (discount.Units is null or { Length: 0 }) throw Checks.Wrong("discount.units", "must name at least one product");
        if (discount.Units.Length > UnitsMax) throw Checks.Wrong("discount.units", $"must NOT have more than {UnitsMax} items");
        return new Discount { Type = "UNIT", Effect = ManyItems, Units = [.. discount.Units.Select(One)] };
    }

    static DiscountUnit One(DiscountUnit? unit)
    {
        if (unit is null) throw Checks.Wrong("discount.units", "must hold objects");
        return unit with
        {
            UnitOff = Count(unit.UnitOff, "discount.units.unit_off"),
            UnitOffFormula = Formula(unit.UnitOffFormula, "discount.units.unit_off_formula"),
            Effect = Checks.OneOf(unit.Effect, "discount.units.effect", "ADD_MISSING_ITEMS", "ADD_NEW_ITEMS")
                ?? throw Checks.Wrong("discount.units.effect", "is required"),
        };
    }

    static long Count(long? count, string field) => count switch
    {
        null => throw Checks.Wrong(field, "is required"),
        < 1 or > int.MaxValue => throw Checks.Wrong(field, $"must be from 1 to {int.MaxValue}"),
        { } value => value,
    };

    // The SKU is asked first, since a caller may name its product beside it; unit_type names either.
    static async Task<DiscountUnit> Resolve(DbConnection db, string project, DiscountUnit unit)
    {
        if (unit.Sku is { } sku && (sku.Id ?? sku.SourceId) is { } skuId)
        {
            var row = await ProductSql.FindSku(db, project, skuId) ?? throw new ApiFault(Refusals.Missing("sku", skuId));
            return Filled(unit, row);
        }
        if (unit.Product is { } product && (product.Id ?? product.SourceId) is { } productId)
        {
            var row = await ProductSql.Find(db, project, productId) ?? throw new ApiFault(Refusals.Missing("product", productId));
            return Filled(unit, row);
        }
        var named = unit.UnitType is { Length: > 0 } type ? type : throw Checks.Wrong("discount.unit_type", "is required");
        return Filled(unit, await ProductSql.Find(db, project, named) ?? await ProductSql.FindSku(db, project, named)
            ?? throw new ApiFault(Refusals.Missing("product", named)));
    }

    static DiscountUnit Filled(DiscountUnit unit, ProductRow row)
    {
        var target = new DiscountTarget { Id = row.Id, SourceId = row.SourceId, Name = row.Sku ?? row.Name ?? row.SourceId ?? row.Id };
        var isSku = row.ProductId is not null;
        return unit with
        {
            UnitType = string.IsNullOrEmpty(unit.UnitType) ? row.Id : unit.UnitType,
            Product = isSku ? null : target,
            Sku = isSku ? target : null,
        };
    }
}
