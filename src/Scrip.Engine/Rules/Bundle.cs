using Scrip.Engine.Carts;

namespace Scrip.Engine.Rules;

/// <summary>
/// The bundle of a rule: parts and how many units each takes. A unit counts for one part only. Where parts
/// overlap, SKUs choose first, then products, then collections, among equals the part with fewer units to choose from.
/// </summary>
/// <param name="parts">What one bundle takes.</param>
/// <param name="limit">Bundles that count at most.</param>
internal sealed class Bundle(Bundle.Part[] parts, int limit)
{
    /// <summary>One product, SKU or collection of the bundle.</summary>
    public sealed record Part(LineRef Ref, long Quantity);

    public BundleCount Count(IReadOnlyList<CartLine>? lines)
    {
        var matches = parts.Select(part => lines is null ? [] : Enumerable.Range(0, lines.Count).Where(i => part.Ref.Names(lines[i])).ToArray()).ToArray();
        var units = matches.Select(found => found.Sum(i => lines![i].Quantity)).ToArray();
        var turn = Enumerable.Range(0, parts.Length).OrderBy(i => Width(parts[i].Ref)).ThenBy(i => units[i]).ToArray();
        var (least, most) = (0L, Enumerable.Range(0, parts.Length).Aggregate((long)limit, (max, i) => Math.Min(max, units[i] / parts[i].Quantity)));
        while (least < most)
        {
            var half = (least + most + 1) / 2;
            if (Take(lines, matches, turn, half).All(taken => taken.Lacks == 0)) least = half;
            else most = half - 1;
        }
        var taking = Take(lines, matches, turn, Math.Max(1, least));
        var identified = taking.SelectMany(taken => taken.Lines.Select(one => Found(lines![one.Index], one.Index, one.Quantity))).OrderBy(part => part.Lines[0]);
        var missing = taking.Where(taken => taken.Lacks > 0).Select(taken => new BundlePart(taken.Part.Ref.Shown, taken.Part.Ref.Object ?? LineRef.Product, taken.Lacks));
        return new BundleCount(least, [.. identified], [.. missing]) { Limit = limit };
    }

    private static int Width(LineRef one) => one.Object switch { LineRef.Sku => 0, LineRef.Product => 1, _ => 2 };

    private static BundlePart Found(CartLine line, int index, long quantity) =>
        new(line.SkuId ?? line.ProductId ?? line.SourceId ?? "", line.SkuId is null ? LineRef.Product : LineRef.Sku, quantity) { Lines = [index] };

    private List<Taken> Take(IReadOnlyList<CartLine>? lines, int[][] matches, int[] turn, long bundles)
    {
        var left = lines is null ? [] : lines.Select(line => line.Quantity).ToArray();
        var taken = new List<Taken>(turn.Length);
        foreach (var i in turn)
        {
            var lacks = parts[i].Quantity * bundles;
            var from = new List<(int, long)>();
            foreach (var line in matches[i])
            {
                var units = Math.Min(lacks, left[line]);
                if (units == 0) continue;
                from.Add((line, units));
                left[line] -= units;
                lacks -= units;
            }
            taken.Add(new Taken(parts[i], from, lacks));
        }
        return taken;
    }

    private sealed record Taken(Part Part, List<(int Index, long Quantity)> Lines, long Lacks);
}
