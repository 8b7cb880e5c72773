using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Rules;
using static Scrip.Engine.Tests.Rules.Ruling;

namespace Scrip.Engine.Tests.Rules;

/// <summary>Does what a change says: every way to give that one fact the value, on whichever line.</summary>
internal static class Mended
{
    public static IEnumerable<RuleFacts> By(RuleChange change, RuleFacts facts)
    {
        var (situation, to) = (facts.Situation, Json(change.To));
        var customer = situation.Customer ?? new() { Id = "new" };
        var attribute = new Metadata(Json($$"""{"p":{{change.To}} }"""));
        long Number() => to.GetInt64();
        var lines = facts.Before?.Lines.ToArray() ?? [];
        IEnumerable<RuleFacts> Each(Func<CartLine, CartLine> change) =>
            Enumerable.Range(0, lines.Length + 1).Select(i => With(facts, [.. (i < lines.Length ? lines : [.. lines, new CartLine { Price = 1, Quantity = 1 }]).Select((line, at) => at == i ? change(line) : line)]));
        return change.Fact switch
        {
            "order.amount" => [facts with { Before = Cart.Open(lines, Number(), initialAmount: facts.Before?.InitialAmount).Cart }],
            "order.initial_amount" => [facts with { Before = Cart.Open(lines, facts.Before?.Amount, initialAmount: Number()).Cart }],
            "order.total_amount" => [facts with { After = Cart.Open([], Number()).Cart }],
            "customer.segment" => [facts with { Situation = situation with { Customer = customer with { Segments = customer.Segments.Append(to.GetString()!).ToHashSet() } } }],
            "customer.loyalty_tier" => [facts with { Situation = situation with { Customer = customer with { LoyaltyTiers = customer.LoyaltyTiers.Append(to.GetString()!).ToHashSet() } } }],
            "customer.metadata.p" => [facts with { Situation = situation with { Customer = customer with { Metadata = attribute } } }],
            "order.metadata.p" => [facts with { Situation = situation with { OrderMetadata = attribute } }],
            "redemption.metadata.p" => [facts with { Situation = situation with { RedemptionMetadata = attribute } }],
            "custom_event.metadata.p" => [facts with { EventMetadata = attribute }],
            "redemption.api_key" => [facts with { Situation = situation with { ApiKey = to.GetString() } }],
            "redemption.user.login" => [facts with { Situation = situation with { UserLogin = to.GetString() } }],
            "redemption.reward.pay_with_points.points_used" => [facts with { Takes = facts.Takes with { Points = Number() } }],
            "order.items.price" or "order.items.price_any" or "order.items.price_each" or "product.price" or "sku.price" =>
                Each(line => line with { Price = Number(), Amount = null, SkuId = change.Fact == "sku.price" ? line.SkuId ?? "new" : line.SkuId }),
            "order.items.quantity" or "product.quantity" or "sku.quantity" => Each(line => line with { Quantity = Number(), Amount = null, SkuId = change.Fact == "sku.quantity" ? line.SkuId ?? "new" : line.SkuId }),
            "order.items.metadata.p" or "order.items.metadata_any.p" or "order.items.metadata_each.p" => Each(line => line with { Metadata = attribute }),
            "product.metadata.p" or "product.metadata.match_all.p" => Each(line => line with { ProductMetadata = attribute }),
            "order.items.count" or "order.items.aggregated_quantity" or "product.metadata.aggregated_quantity" => Sums(facts, lines, Number(), (line, units) => line with { Quantity = units, Amount = null }, 1),
            "order.items.aggregated_amount" or "product.metadata.aggregated_amount" => Sums(facts, lines, Number(), (line, amount) => line with { Amount = amount }, 0),
            "order.items.any" or "product.id" or "sku.id" or "order.items.every" =>
                [With(facts, [.. lines, new CartLine { ProductId = to.GetString(), SkuId = to.GetString(), SourceId = to.GetString(), Collections = new HashSet<string> { to.GetString()! }, Price = 1 }])],
            _ => throw new ArgumentOutOfRangeException(nameof(change), change.Fact),
        };
    }

    // The order costs what it did: one fact changes, not those that follow from it.
    private static RuleFacts With(RuleFacts facts, CartLine[] lines) => facts with { Before = Cart.Open(lines, facts.Before?.Amount, initialAmount: facts.Before?.InitialAmount).Cart };

    // Any of the lines may be those that are added up; each keeps the least, the first the rest.
    private static IEnumerable<RuleFacts> Sums(RuleFacts facts, CartLine[] lines, long sum, Func<CartLine, long, CartLine> give, long least)
    {
        if (lines.Length == 0 || lines.All(line => line.Quantity == 0)) lines = [.. lines, new CartLine { Price = 1 }];
        for (var chosen = 1; chosen < 1 << lines.Length; chosen++)
        {
            var (left, changed, first) = (sum, lines.ToArray(), -1);
            for (var i = 0; i < lines.Length; i++)
            {
                if ((chosen >> i & 1) == 0 || lines[i].Quantity == 0) continue;
                if (first < 0) first = i;
                changed[i] = give(lines[i], Math.Min(least, left));
                left -= Math.Min(least, left);
            }
            if (first < 0) continue;
            changed[first] = give(lines[first], left + Math.Min(least, sum));
            yield return With(facts, changed);
        }
    }
}
