using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Server.Platform.Http;
using EngineDiscount = Scrip.Engine.Discounts.Discount;
using EngineHours = Scrip.Engine.Redeeming.DailyHours;

namespace Scrip.Server.Features.Vouchers;

/// <summary>Turns stored vouchers into the facts that the engine decides on.</summary>
static class VoucherFacts
{
    /// <summary>The facts of a voucher. One whose campaign is gone does not exist.</summary>
    /// <param name="row">The voucher.</param>
    /// <param name="campaign">Its campaign from the project's snapshot; null when it has none or the campaign is deleted.</param>
    /// <param name="requestedId">The id as the caller wrote it.</param>
    /// <param name="credits">Gift credits that the caller asks for.</param>
    /// <remarks>Free units are without price and snapshot; who decides adds those of the products that <see cref="GoodsOf(VoucherRow)"/> names. A loyalty card is without what its points are to buy.</remarks>
    public static Redeemable Of(VoucherRow row, Schedule? campaign, string requestedId, long? credits)
    {
        if (row.DeletedAt is not null || (row.CampaignId is not null && campaign is null)) return new UnknownRedeemable(requestedId, "voucher");
        var body = row.Content;
        return new VoucherRedeemable(requestedId)
        {
            Id = row.Id,
            Code = row.Code,
            CampaignId = row.CampaignId,
            HolderId = row.HolderId,
            Metadata = body.Metadata is { } metadata ? new(metadata) : Metadata.None,
            Schedule = new(row.Active, row.StartsAt, row.ExpiresAt, Frame(body.ValidityTimeframe, body.ValidityDayOfWeek, body.ValidityHours)),
            Campaign = campaign,
            Quantity = row.Quantity,
            Redeemed = row.Redeemed,
            Held = row.HeldByOthers,
            Benefit = row.Type switch
            {
                VoucherTypes.Gift => new GiftBenefit(Left(row), credits, GiftEffectOf(body.GiftEffect)),
                VoucherTypes.Loyalty => new PointsBenefit(Left(row), new NoReward()),
                _ => new DiscountBenefit(DiscountOf(body.Discount!)),
            },
        };
    }

    static long Left(VoucherRow card) => Math.Max(0, (card.GiftBalance ?? 0) - card.CreditsHeldByOthers);

    /// <summary>The ids of products and SKUs that the voucher gives away; empty for most.</summary>
    public static IReadOnlyList<string> GoodsOf(VoucherRow row)
    {
        // Most vouchers give nothing away; their body need not be read for that.
        if (row.Type != VoucherTypes.Discount || !row.Body.Contains("UNIT", StringComparison.Ordinal)) return [];
        return row.Content.Discount is { } discount ? GoodsOf(discount) : [];
    }

    /// <summary>The ids of products and SKUs that the discount gives away.</summary>
    public static IReadOnlyList<string> GoodsOf(Discount discount)
    {
        if (discount.Type != "UNIT") return [];
        var targets = discount.Units is { } units ? units.Select(unit => unit.Sku ?? unit.Product) : [discount.Sku ?? discount.Product];
        return [.. targets.Select(target => target?.Id).OfType<string>().Distinct()];
    }

    /// <summary>Recurring times, or null when nothing recurs.</summary>
    public static ValidityFrame? Frame(ValidityTimeframe? window, long[]? days, ValidityHours? hours)
    {
        if (window is null && days is null && hours is null) return null;
        return new ValidityFrame(
            RepeatingWindow.Parse(window?.Interval, window?.Duration),
            Days(days),
            hours?.Daily is not { } daily ? [] : [.. daily.Select(entry => new EngineHours(
                VoucherTerms.ReadTime(entry.StartTime) ?? default, VoucherTerms.ReadTime(entry.ExpirationTime) ?? default, Days(entry.DaysOfWeek)))]);
    }

    /// <summary>A stored discount for the engine.</summary>
    public static EngineDiscount DiscountOf(Discount discount) => discount.Type switch
    {
        "AMOUNT" => new AmountOff(discount.AmountOff ?? 0, EffectOf(discount.Effect), discount.AggregatedAmountLimit)
        {
            Formula = FormulaCache.Of(discount.AmountOffFormula),
        },
        "PERCENT" => new PercentOff(discount.PercentOff ?? 0, EffectOf(discount.Effect), discount.AmountLimit, discount.AggregatedAmountLimit)
        {
            Formula = FormulaCache.Of(discount.PercentOffFormula),
        },
        "FIXED" => new FixedPrice(discount.FixedAmount ?? 0, EffectOf(discount.Effect)) { Formula = FormulaCache.Of(discount.FixedAmountFormula) },
        "UNIT" when discount.Units is { } units => new UnitOff([.. units.Select(unit => UnitOf(unit))]),
        "UNIT" => new UnitOff(UnitOf(new DiscountUnit
        {
            UnitOff = discount.UnitOff,
            UnitOffFormula = discount.UnitOffFormula,
            UnitType = discount.UnitType,
            Effect = discount.Effect,
            Product = discount.Product,
            Sku = discount.Sku,
        })),
        _ => throw new InvalidOperationException($"No such discount type: {discount.Type}"),
    };

    static FreeUnit UnitOf(DiscountUnit unit)
    {
        var target = unit.Sku ?? unit.Product;
        return new FreeUnit
        {
            Count = unit.UnitOff ?? 0,
            Formula = FormulaCache.Of(unit.UnitOffFormula),
            Effect = unit.Effect switch { "ADD_NEW_ITEMS" => UnitEffect.AddNewItems, "ADD_SAME_ITEMS" => UnitEffect.AddSameItems, _ => UnitEffect.AddMissingItems },
            CollectionId = unit.Effect == "ADD_SAME_ITEMS" && target is null ? unit.UnitType : null,
            ProductId = unit.Sku is null ? target?.Id ?? unit.UnitType ?? "" : "",
            SkuId = unit.Sku?.Id,
            SourceId = target?.SourceId,
        };
    }

    static DiscountEffect? EffectOf(string? effect) => effect switch
    {
        "APPLY_TO_ORDER" => DiscountEffect.ApplyToOrder,
        "APPLY_TO_ITEMS" => DiscountEffect.ApplyToItems,
        "APPLY_TO_ITEMS_PROPORTIONALLY" => DiscountEffect.ApplyToItemsProportionally,
        "APPLY_TO_ITEMS_PROPORTIONALLY_BY_QUANTITY" => DiscountEffect.ApplyToItemsProportionallyByQuantity,
        "APPLY_TO_ITEMS_BY_QUANTITY" => DiscountEffect.ApplyToItemsByQuantity,
        _ => null,
    };

    static GiftEffect GiftEffectOf(string? effect) => effect == "APPLY_TO_ITEMS" ? GiftEffect.ApplyToItems : GiftEffect.ApplyToOrder;

    static int[] Days(long[]? days) => days is null ? [] : [.. days.Select(day => (int)day)];
}
