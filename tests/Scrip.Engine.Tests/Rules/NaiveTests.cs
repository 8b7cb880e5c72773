using System.Text.Json;
using CsCheck;
using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Rules;
using static Scrip.Engine.Tests.Rules.Ruling;

namespace Scrip.Engine.Tests.Rules;

/// <summary>The engine against an evaluator that is slow and plain: numbers, texts, attributes, logic, sub-rules and counters.</summary>
public class NaiveTests
{
    private static readonly string[] Names = ["order.amount", "order.items.count", "order.items.price_any", "order.items.price_each", "customer.metadata", "redemption.metadata", "redemption.api_key", "redemption.count", "campaign.redemptions.count", "order.items.any", "order.items.every", "order.items.none"];

    private static readonly string[] Operators = ["$is", "$in", "$is_not", "$not_in", "$more_than", "$less_than", "$more_than_or_equal", "$less_than_or_equal", "$starts_with", "$contains", "$count"];

    private static readonly Gen<Items> Rules = RuleGen.Set(
        Plain(RuleGen.Tops, Names), Plain(RuleGen.Subs, ["order.items.price", "order.items.quantity", "order.items.metadata", "order.items.aggregated_quantity", "order.items.aggregated_amount"]));

    private static Term[] Plain(Term[] terms, string[] names) =>
        [.. terms.Where(term => names.Contains(term.Name) && Operators.Contains(term.Operator) && !(term.Operator[1] is 'm' or 'l' && term.Operands[0][0] == '"') && term.Operands.All(one => one[0] != '{'))];

    [Fact]
    public void The_verdict_is_that_of_a_plain_evaluator() => Gen.Select(Rules, RuleGen.Facts).Sample((items, facts) =>
    {
        facts = facts with { Scope = RuleFamilies.All };
        Bind(items.Json).Judge(facts).Holds.ShouldBe(All(items, facts, Present(facts), false));
    }, iter: 3_000);

    private static List<CartLine> Present(RuleFacts facts) => [.. (facts.Before?.Lines ?? []).Where(line => line.Quantity > 0)];

    private static bool All(Items items, RuleFacts facts, List<CartLine> lines, bool each) => items.Logic.Holds(n => One(items.Rules[n - 1], facts, lines, each));

    private static bool One(Item item, RuleFacts facts, List<CartLine> lines, bool each)
    {
        var (name, situation) = (item.Term.Name, facts.Situation);
        bool Meets(object? value) => Holds(item.Term, value);
        bool Lines(Func<CartLine, object?> value, bool all) => lines.Count > 0 && (all ? lines.All(line => Meets(value(line))) : lines.Any(line => Meets(value(line))));
        decimal Used(string owner) => situation.Usage.Of(new UsageKey(owner, "", UsageWindow.Ever)).Uses + facts.Takes.Uses;
        return name switch
        {
            "order.amount" => Meets((decimal?)facts.Before?.TotalAmount),
            "order.items.count" or "order.items.aggregated_quantity" => lines.Count > 0 && Meets((decimal)lines.Sum(line => line.Quantity)),
            "order.items.aggregated_amount" => lines.Count > 0 && lines.All(line => line.Amount is not null) && Meets((decimal)lines.Sum(line => line.Amount!.Value)),
            "order.items.price_any" => Lines(line => (decimal?)line.Price, false),
            "order.items.price_each" => Lines(line => (decimal?)line.Price, true),
            "order.items.price" => Lines(line => (decimal?)line.Price, each),
            "order.items.quantity" => Lines(line => (decimal?)line.Quantity, each),
            "order.items.metadata" => Lines(line => Attribute(line.Metadata), each),
            "customer.metadata" => Meets(situation.Customer is { } customer ? Attribute(customer.Metadata) : null),
            "redemption.metadata" => Meets(Attribute(situation.RedemptionMetadata)),
            "redemption.api_key" => Meets(situation.ApiKey),
            "redemption.count" => Meets(Used(facts.Incentive.Id)),
            "campaign.redemptions.count" => Meets(Used(facts.Incentive.CampaignId!)),
            _ => OfLines(item, facts, lines),
        };
    }

    private static bool OfLines(Item item, RuleFacts facts, List<CartLine> lines)
    {
        var ids = item.Term.Operands.Select(one => Json(one).GetString()!).ToArray();
        bool Named(CartLine line) => ids.Contains(line.ProductId) || ids.Contains(line.SkuId) || ids.Any(line.Collections.Contains);
        var denies = item.Term.Operator is "$is_not" or "$not_in";
        var matched = lines.Where(line => Named(line) != denies).ToList();
        return lines.Count > 0 && item.Term.Name switch
        {
            "order.items.any" => matched.Count > 0 && (item.Subs is null || All(item.Subs, facts, matched, false)),
            "order.items.every" => matched.Count == lines.Count && (item.Subs is null || All(item.Subs, facts, matched, true)),
            _ => matched.Count == 0,
        };
    }

    private static object? Attribute(Metadata metadata) => metadata.Json.TryGetProperty("p", out var found) ? Plain(found) : null;

    private static object? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Number => json.TryGetDecimal(out var number) ? number : new object(),
        JsonValueKind.String => json.GetRawText().Contains("ud800") ? new object() : json.GetString(),
        JsonValueKind.True => true,
        JsonValueKind.Array => json.EnumerateArray().Select(Plain).ToArray(),
        JsonValueKind.Null => null,
        _ => new object(),
    };

    private static bool Holds(Term term, object? value)
    {
        var operands = term.Operands.Select(one => Plain(Json(one))).ToArray();
        if (value is null) return false;
        if (term.Operator == "$count") return value is object?[] counted && counted.Length == (decimal)operands[0]!;
        if (value is object?[] list)
            return term.Operator is "$is_not" or "$not_in" ? list.All(one => Holds(term, one)) : list.Any(one => Holds(term, one));
        bool Among() => operands.Any(one => one!.Equals(value) || (value is true && one is "true"));
        return term.Operator switch
        {
            "$is" or "$in" => Among(),
            "$is_not" or "$not_in" => !Among(),
            "$starts_with" => value is string text && operands.Any(one => text.StartsWith((string)one!, StringComparison.Ordinal)),
            "$contains" => value is string text && operands.Any(one => text.Contains((string)one!, StringComparison.Ordinal)),
            "$more_than" => value is decimal number && number > (decimal)operands[0]!,
            "$less_than" => value is decimal number && number < (decimal)operands[0]!,
            "$more_than_or_equal" => value is decimal number && number >= (decimal)operands[0]!,
            _ => value is decimal number && number <= (decimal)operands[0]!,
        };
    }
}
