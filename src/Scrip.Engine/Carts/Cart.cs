using Scrip.Engine.Discounts;

namespace Scrip.Engine.Carts;

/// <summary>
/// An order as money sees it: lines, order-level discounts, and what is new since a baseline. Immutable.
/// Always: total discount ≤ amount, total ≥ 0, and the discount of the items is the sum over the lines.
/// </summary>
public sealed record Cart
{
    private Cart(IReadOnlyList<CartLine> lines) => Lines = lines;

    /// <summary>The caller's lines in their order, then the lines that free units added.</summary>
    public IReadOnlyList<CartLine> Lines { get; internal init; }

    /// <summary>Minor units before discounts: given by the caller, else the sum of the lines; raised by added units. Null when unknown.</summary>
    public long? Amount { get; internal init; }

    /// <summary>
    /// Minor units before added units; null when unknown. The contract's examples show it only where it differs
    /// from <see cref="Amount"/>.
    /// </summary>
    public long? InitialAmount { get; internal init; }

    /// <summary>Order-level discounts in minor units, cumulative over the stack and over earlier redemptions of the order.</summary>
    public long DiscountAmount { get; internal init; }

    /// <summary>The part of <see cref="DiscountAmount"/> that is new since the baseline.</summary>
    public long AppliedDiscountAmount { get; internal init; }

    /// <summary>Item-level discounts in minor units: the sum over the lines.</summary>
    public long ItemsDiscountAmount => Lines.Sum(line => line.DiscountAmount);

    /// <summary>Item-level discounts that are new since the baseline.</summary>
    public long ItemsAppliedDiscountAmount => Lines.Sum(line => line.AppliedDiscountAmount);

    /// <summary>Order-level and item-level discounts together.</summary>
    public long TotalDiscountAmount => DiscountAmount + ItemsDiscountAmount;

    /// <summary>Order-level and item-level discounts that are new since the baseline.</summary>
    public long TotalAppliedDiscountAmount => AppliedDiscountAmount + ItemsAppliedDiscountAmount;

    /// <summary>What is left to pay in minor units, never negative; null when the amount is unknown.</summary>
    public long? TotalAmount => Amount - TotalDiscountAmount;

    /// <summary>Minor units a discount can still take: the total, 0 when the amount is unknown.</summary>
    public long Left => TotalAmount ?? 0;

    /// <summary>True when a UNIT discount touched a line.</summary>
    public bool UnitsTouched => Lines.Any(line => line.InitialQuantity is not null);

    /// <summary>
    /// Checks what the caller sent and fills in the amounts. Discounts that exceed what they are taken from are
    /// cut down to it, so that a continued order always opens.
    /// </summary>
    /// <param name="lines">The lines; each amount is kept if given, else price × quantity.</param>
    /// <param name="amount">The order's own amount in minor units, which wins over the sum of the lines.</param>
    /// <param name="discountAmount">Order-level discounts of earlier redemptions of the same order.</param>
    /// <param name="initialAmount">The initial amount of a continued order; null for a new one.</param>
    /// <returns>The cart, or InvalidAmount or InvalidOrder when a number is negative or exceeds <see cref="Money.Max"/>.</returns>
    public static CartOpening Open(
        IReadOnlyList<CartLine> lines, long? amount = null, long discountAmount = 0, long? initialAmount = null)
    {
        if (amount is < 0 or > Money.Max) return new(null, Refusals.InvalidAmount);
        if (discountAmount is < 0 or > Money.Max || initialAmount is < 0 or > Money.Max)
            return new(null, Refusals.InvalidOrder.With("An amount of the order is negative or too large"));
        var filled = new CartLine[lines.Count];
        Int128 sum = 0;
        for (var i = 0; i < filled.Length; i++)
        {
            var (line, refusal) = Fill(lines[i], i);
            if (line is null) return new(null, refusal);
            filled[i] = line;
            sum += line.Amount ?? 0;
        }
        if (sum > Money.Max)
            return new(null, Refusals.InvalidAmount.With($"The items add up to more than {Money.Max}"));
        amount ??= filled.Any(line => line.Amount is not null) ? (long)sum : null;
        var spare = Math.Max(0, (amount ?? 0) - filled.Sum(line => line.DiscountAmount));
        return new(FitItems(new Cart(filled)
        {
            Amount = amount,
            InitialAmount = initialAmount ?? amount,
            DiscountAmount = Math.Min(discountAmount, spare),
        }), null);
    }

    /// <summary>The same cart whose applied amounts and quantities cover what happened after the baseline.</summary>
    /// <param name="baseline">An earlier state of this cart: its lines are the first lines of this one.</param>
    public Cart Since(Cart baseline)
    {
        // Most discounts touch no line, and then the lines need no copies.
        CartLine[]? lines = null;
        for (var i = 0; i < Lines.Count; i++)
        {
            var line = Lines[i];
            var since = line.Since(i < baseline.Lines.Count ? baseline.Lines[i] : null);
            if (!ReferenceEquals(line, since)) (lines ??= [.. Lines])[i] = since;
        }
        var applied = DiscountAmount - baseline.DiscountAmount;
        return lines is null && applied == AppliedDiscountAmount ? this : this with { Lines = lines ?? Lines, AppliedDiscountAmount = applied };
    }

    /// <summary>The same cart with the product collections that each line is in.</summary>
    public Cart InCollections(Func<CartLine, IReadOnlySet<string>> collections) =>
        this with { Lines = [.. Lines.Select(line => line with { Collections = collections(line) })] };

    /// <summary>Takes an order-level discount, at most what is left.</summary>
    internal Cart Take(long discount) => this with { DiscountAmount = DiscountAmount + Math.Clamp(discount, 0, Left) };

    private static (CartLine? Line, Refusal? Refusal) Fill(CartLine line, int index)
    {
        if (line.Quantity is < 0 or > int.MaxValue + 1L)
            return (null, Refusals.InvalidOrder.With($"items[{index}].quantity is negative or too large"));
        if (line.Price is < 0 or > Money.Max)
            return (null, Refusals.InvalidOrder.With($"items[{index}].price is negative or too large"));
        if (line.Amount is < 0 or > Money.Max || line.DiscountAmount < 0 || line.DiscountQuantity < 0)
            return (null, Refusals.InvalidOrder.With($"items[{index}] has an amount that is negative or too large"));
        var amount = line.Amount;
        if (amount is null && line.Price is { } price)
        {
            amount = Money.Times(price, line.Quantity);
            if (amount is null)
                return (null, Refusals.InvalidAmount.With($"items[{index}]: price × quantity is more than {Money.Max}"));
        }
        return (line with { Amount = amount, DiscountAmount = Math.Min(line.DiscountAmount, amount ?? 0) }, null);
    }

    // A caller's order.amount may be smaller than the discounts of the lines it sent along; the last lines give way.
    private static Cart FitItems(Cart cart)
    {
        var over = -(cart.TotalAmount ?? 0);
        if (over <= 0) return cart;
        var lines = cart.Lines.ToArray();
        for (var i = lines.Length - 1; i >= 0 && over > 0; i--)
        {
            var cut = Math.Min(over, lines[i].DiscountAmount);
            lines[i] = lines[i] with { DiscountAmount = lines[i].DiscountAmount - cut };
            over -= cut;
        }
        return cart with { Lines = lines };
    }
}

/// <summary>What <see cref="Cart.Open"/> answers: exactly one of the two is set.</summary>
/// <param name="Cart">The cart.</param>
/// <param name="Refusal">Why there is none.</param>
public readonly record struct CartOpening(Cart? Cart, Refusal? Refusal);
