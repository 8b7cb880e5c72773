using System.Reflection;
using CsCheck;
using Scrip.Engine.Carts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Rules;
using static Scrip.Engine.Tests.Rules.Ruling;

namespace Scrip.Engine.Tests.Rules;

/// <summary>One operator with its operands as JSON items.</summary>
internal sealed record Term(string Name, string Operator, string[] Operands)
{
    public string Text => $"\"{Operator}\":[{string.Join(',', Operands)}]";

    public string Rule(string subs = "{}") => $$"""{"name":"{{Name}}","property":"p","conditions":{ {{Text}} },"rules":{{subs}} }""";
}

/// <summary>A joining of rule numbers, as text and as what it means.</summary>
internal sealed record Expr(string Text, Func<Func<int, bool>, bool> Holds);

/// <summary>A numbered rule of one condition, with sub-rules or without.</summary>
internal sealed record Item(Term Term, Items? Subs);

/// <summary>Rules numbered from 1, and how they are joined.</summary>
internal sealed record Items(Item[] Rules, Expr Logic)
{
    public string Json => $$"""{ {{string.Join(',', Rules.Select((item, i) => $"\"{i + 1}\":{item.Term.Rule(item.Subs?.Json ?? "{}")}"))}},"logic":"{{Logic.Text}}"}""";
}

/// <summary>Random rules of every name and operator that binds, and random facts for them.</summary>
internal static class RuleGen
{
    private static readonly string[] Operators =
    [
        "$is", "$is_not", "$in", "$not_in", "$from", "$less_than", "$less_than_or_equal", "$more_than", "$more_than_or_equal", "$greater_than_or_equal",
        "$starts_with", "$ends_with", "$contains", "$not_intersect", "$not_differ", "$count", "$count_more", "$count_less", "$after", "$before",
        "$more_than_ago", "$less_than_ago", "$is_days_ago", "$more_than_future", "$less_than_future", "$is_days_in_future",
        "$timeframe", "$timeframe_absolute", "$timeframe_daily_hours", "$dow",
    ];

    private static readonly string[] Operands =
    [
        "0", "1", "3", "40", "2.5", "-1", "\"a\"", "\"b\"", "\"c1\"", "\"seg\"", "true", "\"2026-07-10\"", "\"2026-07-15T09:30:00Z\"",
        "\"2026-07-01T09:00:00Z;P1D;PT1H\"", "\"2026-07-14;2026-07-16\"", "\"22:00;11:31;2,3\"", "{\"id\":\"a\",\"object\":\"product\"}", "{\"source_id\":\"s\",\"object\":\"sku\"}",
    ];

    private static readonly string[] Values =
    [
        "1", "3", "2.5", "-1", "1e300", "\"a\"", "\"abc\"", "true", "\"true\"", "\"2026-07-10\"", "\"2026-07-15T09:30:00Z\"", "\"2026-07-20\"", "[\"a\",3]", "[]", "{\"q\":1}", "\"\\ud800\"", "null",
    ];

    private static readonly string[] Parents =
        ["order.items.any", "order.items.every", "order.items.cheapest", "order.items.most_expensive", "product.id", "sku.id", "product.metadata", "product.metadata.match_all"];

    private static readonly IEnumerable<string> Names =
        (IEnumerable<string>)typeof(Rule).Assembly.GetType("Scrip.Engine.Rules.FactTable")!.GetProperty("Names", BindingFlags.Public | BindingFlags.Static)!.GetValue(null)!;

    /// <summary>What binds as a rule.</summary>
    public static readonly Term[] Tops = Binding(term => $$"""{"1":{{term.Rule()}} }""");

    /// <summary>What binds as a sub-rule.</summary>
    public static readonly Term[] Subs = [.. Binding(term => $$"""{"1":{{new Term("order.items.any", "$is_not", ["\"x\""]).Rule($$"""{"1":{{term.Rule()}} }""")}} }""")];

    /// <summary>Any rules.</summary>
    public static readonly Gen<Items> Any = Set(Tops, Subs);

    /// <summary>Metadata whose attribute p may be anything.</summary>
    private static readonly Gen<Metadata> Attributes = Gen.OneOfConst(Values).Select(value => new Metadata(Json($$"""{"p":{{value}} }""")));

    private static readonly Gen<CartLine> Line = Gen.Select(Gen.OneOfConst("a", "b", "c", null), Gen.OneOfConst("b", "d", null, null), Gen.Bool, Gen.Long[0, 5], Gen.Frequency((5, Gen.Long[0, 50].Select(n => (long?)n)), (1, Gen.Const((long?)null))), Attributes, Attributes,
        (product, sku, inC, quantity, price, own, ofProduct) => new CartLine
        {
            ProductId = product,
            SkuId = sku,
            SourceId = "s",
            Collections = inC ? new HashSet<string> { "c1" } : new HashSet<string>(),
            Quantity = quantity,
            Price = price,
            Metadata = own,
            ProductMetadata = ofProduct,
        });

    private static readonly Gen<Cart?> Carts = Gen.Frequency((1, Gen.Const((Cart?)null)), (9, Gen.Select(Line.Array[0, 4], Gen.Long[0, 90], Gen.Bool, (lines, amount, given) => Cart.Open(lines, given ? amount : null).Cart)));

    /// <summary>Any facts.</summary>
    public static readonly Gen<RuleFacts> Facts = Gen.Select(Carts, Carts, Gen.Bool, Attributes, Gen.Long[0, 3], Gen.Int[0, 63], Gen.Bool,
        (before, after, known, attributes, used, scope, whole) => new RuleFacts(
            new Situation
            {
                NowMs = Now,
                Zone = Warsaw,
                Customer = known ? new() { Id = "cust", Metadata = attributes, Segments = new HashSet<string> { "seg" } } : null,
                OrderMetadata = attributes,
                RedemptionMetadata = attributes,
                ApiKey = known ? "a" : null,
                UserLogin = known ? null : "abc",
                Usage = new(new Dictionary<UsageKey, Usage> { [new("v_1", "", UsageWindow.Ever)] = new(used, 10 * used), [new("camp_1", "", UsageWindow.Ever)] = new(used, 20, 30, long.MaxValue) }),
            },
            Coupon, before, after, new Usage(1, 5, 7, 9), whole ? RuleFamilies.All : (RuleFamilies)scope)
        { EventMetadata = attributes, CompleteBundles = whole });

    /// <summary>Rules of these conditions, three levels deep at most.</summary>
    public static Gen<Items> Set(Term[] terms, Term[] subs, int depth = 1)
    {
        var plain = Gen.OneOfConst(terms).Select(term => new Item(term, null));
        var parents = terms.Where(term => Parents.Contains(term.Name)).ToArray();
        var node = depth == 3 || parents.Length == 0 || subs.Length == 0 ? plain
            : Gen.Frequency((3, plain), (1, Gen.Select(Gen.OneOfConst(parents), Set(subs, subs, depth + 1), (term, inner) => new Item(term, inner))));
        return node.Array[1, 4].SelectMany(items => Logic(items.Length, 2).Select(logic => new Items(items, logic)));
    }

    private static Gen<Expr> Logic(int rules, int depth)
    {
        var one = Gen.Int[1, rules].Select(n => new Expr($"{n}", holds => holds(n)));
        if (depth == 0) return one;
        var parts = Logic(rules, depth - 1).Array[2, 3];
        return Gen.OneOf(
            one,
            parts.Select(all => new Expr($"({string.Join(" and ", all.Select(part => part.Text))})", holds => all.All(part => part.Holds(holds)))),
            parts.Select(some => new Expr($"({string.Join(" OR ", some.Select(part => part.Text))})", holds => some.Any(part => part.Holds(holds)))));
    }

    private static Term[] Binding(Func<Term, string> rule) =>
    [
        .. from name in Names
           from op in Operators
           from operands in Operands.Select(one => new[] { one }).Concat([["1", "3"], ["\"a\"", "\"seg\""]])
           let term = new Term(name, op, operands)
           where Ruling.Binding(rule(term)).Fault is null
           select term,
    ];
}
