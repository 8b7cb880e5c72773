using System.Globalization;
using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;

namespace Scrip.Engine.Tracing;

/// <summary>Where the exact value of a discount and what was taken differ. Worked out again from the cart before it.</summary>
internal static class Roundings
{
    public static IReadOnlyList<Rounding> Of(Cart before, Cart after, Discount discount, Targets targets, bool ofInitial)
    {
        var found = new List<Rounding>();
        var toOrder = after.AppliedDiscountAmount > 0 || after.ItemsAppliedDiscountAmount == 0;
        switch (discount)
        {
            case PercentOff { Percent: var percent } when toOrder:
                Add(found, "order", Exact(ofInitial ? before.InitialAmount ?? before.Amount ?? 0 : before.Left, percent), after.AppliedDiscountAmount);
                break;
            case PercentOff { Percent: var percent }:
                EachLine(line => Exact(ofInitial ? line.Amount ?? 0 : line.Left, percent));
                break;
            case AmountOff off when toOrder:
                Add(found, "order", off.Amount, after.AppliedDiscountAmount);
                break;
            case AmountOff off when targets.EffectOr(off.Effect) == DiscountEffect.ApplyToItemsProportionally:
                Split(off.Amount, line => line.Left);
                break;
            case AmountOff off when targets.EffectOr(off.Effect) == DiscountEffect.ApplyToItemsProportionallyByQuantity:
                Split(off.Amount, line => line.Left > 0 ? line.Quantity : 0);
                break;
            case AmountOff off:
                EachLine(line => targets.EffectOr(off.Effect) == DiscountEffect.ApplyToItemsByQuantity ? (decimal)off.Amount * line.Quantity : off.Amount);
                break;
        }
        return found;

        void EachLine(Func<CartLine, decimal> exact)
        {
            for (var i = 0; i < before.Lines.Count; i++)
                if (targets.Cover(before.Lines[i])) Add(found, Name(i), exact(before.Lines[i]), after.Lines[i].AppliedDiscountAmount);
        }

        void Split(long whole, Func<CartLine, long> weight)
        {
            var sum = before.Lines.Where(targets.Cover).Sum(line => (decimal)weight(line));
            if (sum == 0) return;
            for (var i = 0; i < before.Lines.Count; i++)
                if (targets.Cover(before.Lines[i])) Add(found, Name(i), whole * weight(before.Lines[i]) / sum, after.Lines[i].AppliedDiscountAmount);
        }
    }

    private static decimal Exact(long amount, decimal percent) => amount * percent / 100m;

    private static string Name(int line) => string.Create(CultureInfo.InvariantCulture, $"items[{line}]");

    private static void Add(List<Rounding> to, string at, decimal exact, long taken)
    {
        if (exact != taken) to.Add(new Rounding(at, decimal.Round(exact, 6), taken));
    }
}
