using System.Text.Json;
using CsCheck;
using Scrip.Engine.Rules;
using static Scrip.Engine.Tests.Rules.Ruling;

namespace Scrip.Engine.Tests.Rules;

/// <summary>What holds for every rule and all facts. A failure prints its seed.</summary>
public class RuleProperties
{
    private static readonly string[] Tokens = ["\"1\"", "\"2\"", "\"name\"", "\"conditions\"", "\"rules\"", "\"logic\"", "\"property\"", "\"$is\"", "\"$more_than\"", "\"order.amount\"", "\"order.items.any\"", "\"customer.metadata\"", "\"limit\"", "\"1 and\"", "5", "1e999", "null", "true", "\"\\ud800\"", "\"p\""];

    private static readonly Gen<JsonElement> Garbage = GarbageOf(4).Select(Json);

    private static readonly Gen<string> Bundles = Gen.Select(Gen.OneOfConst("product", "sku", "products_collection"), Gen.OneOfConst("a", "b", "c1"), Gen.Int[1, 4]).Array[1, 3].Select(parts =>
        "{" + string.Join(',', parts.Select((part, i) => $$"""
            "{{i + 1}}":{"name":"order.items.any","conditions":{"$is":[{"id":"{{part.Item2}}","object":"{{part.Item1}}"}]},"rules":{"1":{"name":"order.items.aggregated_quantity","conditions":{"$is":[{{part.Item3}}]} } } }
            """)) + ",\"limit\":9}");

    [Fact]
    public void Valid_rules_bind_and_are_judged_whatever_the_facts() => Gen.Select(RuleGen.Any, Bundles, Gen.Bool, RuleGen.Facts).Sample((items, bundle, bundled, facts) =>
    {
        var rule = Bind(items.Json, bundled ? bundle : null);
        var verdict = rule.Judge(facts);
        verdict.Holds.ShouldBe(verdict.Refusal is null);
        rule.Holds(facts).ShouldBe(verdict.Holds);
        foreach (var step in verdict.Steps)
        {
            if (step.Seen is { } seen) Json(seen);
            if (step.Change is { } change) Json(change.To);
        }
        if (!verdict.Holds) verdict.Steps.ShouldContain(step => step.Holds == false);
        if (verdict.Holds) verdict.Change.ShouldBeNull();
    });

    [Fact]
    public void Garbage_is_a_fault_or_a_rule_and_is_never_thrown() => Gen.Select(Garbage, Garbage, Garbage, RuleGen.Facts).Sample((rules, bundle, targets, facts) =>
    {
        var (rule, fault) = Rule.Bind(new RuleSource("val_1", rules, bundle, targets));
        (rule is null).ShouldBe(fault is not null);
        rule?.Judge(facts);
    });

    [Fact]
    public void Steps_agree_with_the_verdict() => Gen.Select(RuleGen.Any, RuleGen.Facts).Sample((items, facts) =>
    {
        var verdict = Bind(items.Json).Judge(facts);
        var steps = verdict.Steps.ToLookup(step => step.Path, step => step.Holds);
        Holds(items, "").ShouldBe(verdict.Holds);

        bool Holds(Items all, string path) => all.Logic.Holds(n => Shown(all.Rules[n - 1], $"{path}{n}"));

        bool Shown(Item item, string path)
        {
            steps[path].ShouldNotBeEmpty(path);
            if (steps[path].Contains(null)) return true;
            return !steps[path].Contains(false) && (item.Subs is null || Holds(item.Subs, path + ".rules."));
        }
    });

    [Fact]
    public void Doing_what_a_verdict_suggests_makes_the_rule_hold() => Gen.Select(RuleGen.Any, RuleGen.Facts).Sample((items, facts) =>
    {
        var rule = Bind(items.Json);
        if (rule.Judge(facts).Change is not { } change) return;
        Mended.By(change, facts).Any(mended => rule.Judge(mended).Holds).ShouldBeTrue($"{change} of {items.Json} {rule.Judge(facts).Steps.Count}");
    }, iter: 2_000);

    [Fact]
    public void A_single_failing_condition_is_mended_by_its_change() => Gen.Select(Gen.OneOfConst(RuleGen.Tops), RuleGen.Facts).Sample((term, facts) =>
    {
        var rule = Bind($$"""{"1":{{term.Rule()}} }""");
        var verdict = rule.Judge(facts);
        if (verdict.Holds || verdict.Steps[0].Change is not { } change) return;
        verdict.Change.ShouldBe(change);
        Mended.By(change, facts).Any(mended => rule.Judge(mended).Holds).ShouldBeTrue($"{change} of {term}");
    }, iter: 2_000);

    private static Gen<string> GarbageOf(int depth)
    {
        var scalar = Gen.OneOfConst(Tokens);
        if (depth == 0) return scalar;
        var inner = GarbageOf(depth - 1);
        var key = Gen.OneOfConst("\"1\"", "\"2\"", "\"x\"", "\"name\"", "\"conditions\"", "\"rules\"", "\"logic\"", "\"property\"", "\"$is\"", "\"$more_than\"", "\"limit\"", "\"included\"", "\"data\"", "\"object\"", "\"id\"", "\"error\"", "\"\\ud800\"");
        return Gen.OneOf(scalar, inner.Array[0, 3].Select(items => $"[{string.Join(',', items)}]"), Gen.Select(key, inner).Array[0, 4].Select(fields => $"{{{string.Join(',', fields.Select(field => $"{field.Item1}:{field.Item2}"))}}}"));
    }
}
