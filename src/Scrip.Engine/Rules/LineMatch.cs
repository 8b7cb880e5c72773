using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Rules;

/// <summary>Lines that meet all conditions of a rule about single lines.</summary>
/// <param name="Fact">What is asked of a line.</param>
/// <param name="Conditions">The conditions; without any all lines meet them.</param>
internal sealed record LineMatch(Fact Fact, Condition[] Conditions)
{
    /// <summary>The products of such lines of the cart, as what a discount is limited to; without such lines it may touch none.</summary>
    public static Targets Of(IReadOnlyList<LineMatch> matches, Cart? cart, Situation situation)
    {
        var found = new List<Target>();
        foreach (var line in cart?.Lines ?? [])
            if (line.Quantity > 0 && matches.Any(match => match.Meets(line, situation)) && TargetOf(line) is { } target && !found.Contains(target)) found.Add(target);
        return new(found.Count > 0 ? found : [Nothing], []);
    }

    // No product has an empty id.
    private static readonly Target Nothing = new(TargetKind.Product, "");

    private static Target? TargetOf(CartLine line) =>
        line.ProductId is { } product ? new(TargetKind.Product, product)
        : line.SkuId is { } sku ? new(TargetKind.Sku, sku)
        : line.SourceId is { } source ? new(line.RelatedObject == RelatedObject.Sku ? TargetKind.Sku : TargetKind.Product, source) : null;

    private bool Meets(CartLine line, Situation situation) =>
        Array.TrueForAll(Conditions, one => one.Test.Holds(Fact.OfLine!(line, one.Property), situation));
}
