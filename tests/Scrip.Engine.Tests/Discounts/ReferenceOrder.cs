using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;

namespace Scrip.Engine.Tests.Discounts;

/// <summary>A line of the reference. Amounts are minor units.</summary>
internal sealed class ReferenceLine
{
    public string? Product { get; init; }

    public string? Sku { get; init; }

    public IReadOnlySet<string> Collections { get; init; } = new HashSet<string>();

    public long Quantity { get; set; }

    public long? Price { get; init; }

    public long? Amount { get; set; }

    public long Off { get; set; }

    public long Left => (Amount ?? 0) - Off;

    public bool Is(Target target) => target.Kind switch
    {
        TargetKind.Product => Product == target.Id,
        TargetKind.Sku => Sku == target.Id,
        _ => Collections.Contains(target.Id),
    };
}

/// <summary>An order of the reference: lines, the amount, and what discounts took off the order as a whole.</summary>
internal sealed class ReferenceOrder
{
    public List<ReferenceLine> Lines { get; } = [];

    public long? Amount { get; set; }

    public long? Initial { get; set; }

    public long Off { get; set; }

    public long Left => (Amount ?? 0) - Off - (Amount is null ? 0 : Lines.Sum(line => line.Off));

    public static ReferenceOrder Of(Cart cart)
    {
        var order = new ReferenceOrder { Amount = cart.Amount, Initial = cart.InitialAmount, Off = cart.DiscountAmount };
        foreach (var line in cart.Lines)
            order.Lines.Add(new() { Product = line.ProductId, Sku = line.SkuId, Collections = line.Collections, Quantity = line.Quantity, Price = line.Price, Amount = line.Amount, Off = line.DiscountAmount });
        return order;
    }
}

/// <summary>A line that a discount reaches, and how many of its units.</summary>
internal sealed class ReferenceReach
{
    public required ReferenceLine Line { get; init; }

    public required Target? Target { get; init; }

    public required long Units { get; init; }

    /// <summary>Numbers of the units, counted from 1 within the line.</summary>
    public required List<int> Numbers { get; init; }

    /// <summary>What is left of the units, as an exact fraction.</summary>
    public decimal Worth => Of(Line.Left);

    /// <summary>What the units cost before discounts, as an exact fraction.</summary>
    public decimal Initial => Of(Line.Amount ?? 0);

    public decimal Of(decimal amount) => Units == Line.Quantity ? amount : amount * Units / Line.Quantity;

    /// <summary>Walks line by line and unit by unit and keeps those that the targets reach.</summary>
    public static List<ReferenceReach> All(ReferenceOrder order, Targets targets, IReadOnlySet<int> closed, long factor)
    {
        var open = order.Lines.Where((line, i) => !closed.Contains(i) && !targets.Excluded.Any(line.Is) && line.Amount > 0).ToList();
        if (targets.Included.Count == 0)
            return [.. open.Select(line => new ReferenceReach { Line = line, Target = null, Units = line.Quantity, Numbers = [] })];
        var found = new List<ReferenceReach>();
        foreach (var target in targets.Included)
        {
            var lines = open.Where(line => line.Is(target) && line.Quantity > 0).ToList();
            open.RemoveAll(lines.Contains);
            found.AddRange(OfTarget(target, Sorted(target.Effect, lines), factor));
        }
        return found;
    }

    private static List<ReferenceLine> Sorted(TargetEffect effect, List<ReferenceLine> lines) => effect switch
    {
        TargetEffect.Cheapest or TargetEffect.FromCheapest => [.. lines.OrderBy(Each)],
        TargetEffect.MostExpensive or TargetEffect.FromMostExpensive => [.. lines.OrderBy(line => -Each(line))],
        _ => lines,
    };

    private static decimal Each(ReferenceLine line) => line.Price ?? (decimal)line.Amount!.Value / line.Quantity;

    private static List<ReferenceReach> OfTarget(Target target, List<ReferenceLine> lines, long factor)
    {
        var alone = target.Effect is TargetEffect.Cheapest or TargetEffect.MostExpensive;
        var found = new List<ReferenceReach>();
        long place = 0, together = 0;
        foreach (var line in lines)
        {
            var lineHit = !target.CountsUnits && Hit(target, place++);
            var numbers = new List<int>();
            for (var unit = 1; unit <= line.Quantity; unit++)
            {
                var hit = target.CountsUnits ? Hit(target, place++) : lineHit;
                if (!hit || numbers.Count >= target.QuantityLimit * factor || together >= target.AggregatedQuantityLimit * factor) continue;
                if (alone && (target.CountsUnits ? together > 0 : found.Count > 0)) continue;
                numbers.Add(unit);
                together++;
            }
            if (numbers.Count > 0) found.Add(new() { Line = line, Target = target, Units = numbers.Count, Numbers = numbers });
        }
        return found;
    }

    // The first ones are skipped; the next one is hit, and from there every n-th.
    private static bool Hit(Target target, long place)
    {
        if (place < target.SkipInitially) return false;
        var hit = target.SkipInitially;
        while (hit < place) hit += target.Repeat;
        return hit == place;
    }
}
