using System.Globalization;
using System.Text.Json;
using Scrip.Engine.Facts;

namespace Scrip.Engine.Rules;

/// <summary>Binds the API's <c>rules</c> and <c>bundle_rules</c>. The first fault ends it and says its place.</summary>
internal sealed class Binder
{
    /// <summary>Rules and sub-rules together.</summary>
    public const int RulesMax = 100;

    /// <summary>Operands of all operators together.</summary>
    public const int OperandsMax = 1_000;

    /// <summary>Rules within rules.</summary>
    public const int DepthMax = 5;

    private readonly List<UsageNeed> needs = [];
    private readonly List<LineRef> applicable = [];
    private readonly List<LineMatch> matching = [];
    private bool marksParent;
    private int rules;
    private int operands;

    /// <summary>Where it is wrong and why; null while nothing is.</summary>
    public string? Fault { get; private set; }

    /// <summary>Operators that were bound.</summary>
    public int Conditions { get; private set; }

    public IReadOnlyList<UsageNeed> Needs => needs;

    /// <summary>Products and SKUs that <c>discount_applicable</c> makes targets.</summary>
    public IReadOnlyList<LineRef> Applicable => applicable;

    /// <summary>Lines that <c>product.metadata.discount_applicable</c> makes targets.</summary>
    public IReadOnlyList<LineMatch> Matching => matching;

    /// <summary>Binds the rules of one level; null when there are none, or a fault.</summary>
    public RuleSet? Rules(JsonElement? json, string place, string path, Fact? parent = null, JsonElement parentConditions = default, int depth = 1)
    {
        if (json is not { } set || set.ValueKind == JsonValueKind.Null) return null;
        if (set.ValueKind != JsonValueKind.Object) return Fail<RuleSet>(place, "must be an object");
        if (Numbered(set, place, "logic") is not { } numbered) return null;
        if (depth > DepthMax && numbered.Count > 0) return Fail<RuleSet>(place, $"more than {DepthMax} levels of rules");
        var nodes = new List<RuleNode>(numbered.Count);
        var (applies, marked) = (false, (string?)null);
        foreach (var (number, json1) in numbered)
        {
            if (Node(json1, $"{place}.{number}", path.Length == 0 ? $"{number}" : $"{path}.{number}", $"{number}", parent, depth) is not { } node) return null;
            if (IsTrueFlag(node) && node.Fact.Name == FactTable.MetadataApplicable) marked = $"{place}.{number}";
            else if (IsTrueFlag(node)) applies = Applies(parent is null ? numbered.Values : null, parentConditions);
            if (IsTrueFlag(node) && marked is null && !applies) return Fail<RuleSet>($"{place}.{number}", "needs a product.id or sku.id rule that says which");
            nodes.Add(node);
        }
        if (marked is not null && !Marks(parent, nodes)) return Fail<RuleSet>(marked, "needs a product.metadata rule that says which");
        if (nodes.Count == 0) return null;
        return Join(set, nodes, numbered.Keys.ToArray(), place);
    }

    /// <summary>Binds the bundle; null when there is none, or a fault.</summary>
    public Bundle? Bundle(JsonElement? json, string place)
    {
        if (json is not { } set || set.ValueKind == JsonValueKind.Null) return null;
        if (set.ValueKind != JsonValueKind.Object) return Fail<Bundle>(place, "must be an object");
        var limit = 1;
        if (Given(set, "limit") is { } given && (given.ValueKind != JsonValueKind.Number || !given.TryGetInt32(out limit) || limit is < 1 or > 100))
            return Fail<Bundle>($"{place}.limit", "must be a whole number from 1 to 100");
        if (Numbered(set, place, "logic", "limit") is not { } numbered) return null;
        var parts = new List<Bundle.Part>();
        foreach (var (number, rule) in numbered)
        {
            var at = $"{place}.{number}";
            if (Text(rule, "name") is not Rule.BundleName) return Fail<Bundle>($"{at}.name", $"must be {Rule.BundleName}");
            if (Only(rule, $"{at}.conditions", "$is") is not { } item) return null;
            if (Operators.Ref(item, null) is not { Object: LineRef.Product or LineRef.Sku or LineRef.Collection } one)
                return Fail<Bundle>($"{at}.conditions.$is", "must be an object with an id and an object: product, sku or products_collection");
            if (Quantity(rule, at) is not { } quantity) return null;
            parts.Add(new(one, quantity));
        }
        if (parts.Count == 0) return null;
        if (Given(set, "logic") is { } logic && (logic.ValueKind != JsonValueKind.String || !AllOf(logic.GetString()!, numbered.Keys)))
            return Fail<Bundle>($"{place}.logic", "must join rules by 'and'");
        return new Bundle([.. parts], limit);
    }

    private static bool IsTrueFlag(RuleNode node) =>
        node.Fact is { Kind: FactKind.Flag, Family: RuleFamilies.Products } && Array.TrueForAll(node.Conditions, one => one.Test is Anything or OneOf && one.Test.Needed is "true" or "\"true\"");

    private RuleSet? Join(JsonElement set, List<RuleNode> nodes, int[] numbers, string place)
    {
        var indices = numbers.Select((number, index) => (number, index)).ToDictionary(one => one.number, one => one.index);
        if (Given(set, "logic") is not { } given) return new RuleSet([.. nodes], new And([.. nodes.Select((_, i) => new One(i))]));
        if (given.ValueKind != JsonValueKind.String) return Fail<RuleSet>($"{place}.logic", "must be a text");
        var text = given.GetString()!;
        if (string.IsNullOrWhiteSpace(text)) return new RuleSet([.. nodes], new And([.. nodes.Select((_, i) => new One(i))]));
        var (logic, fault) = LogicParser.Parse(text, indices);
        return logic is null ? Fail<RuleSet>($"{place}.logic", fault!) : Named([.. nodes], numbers, text, logic);
    }

    // Rules that the logic leaves out are checked but not judged.
    private static RuleSet Named(RuleNode[] nodes, int[] numbers, string text, Logic logic)
    {
        var used = new List<int>();
        logic.Named(used);
        if (used.Count == nodes.Length) return new RuleSet(nodes, logic);
        used.Sort();
        var indices = used.Select((old, index) => (numbers[old], index)).ToDictionary(one => one.Item1, one => one.index);
        return new RuleSet([.. used.Select(old => nodes[old])], LogicParser.Parse(text, indices).Logic!);
    }

    private RuleNode? Node(JsonElement json, string place, string path, string number, Fact? parent, int depth)
    {
        if (++rules > RulesMax) return Fail<RuleNode>(place, $"more than {RulesMax} rules");
        if (json.ValueKind != JsonValueKind.Object) return Fail<RuleNode>(place, "must be an object");
        if (Text(json, "name") is not { } name) return Fail<RuleNode>($"{place}.name", "is required");
        if (FactTable.Find(name) is not { } fact) return Fail<RuleNode>($"{place}.name", $"'{name}' is unknown");
        if (parent is not null && !fact.MayBeSubRule) return Fail<RuleNode>($"{place}.name", $"'{name}' cannot be a rule of {parent.Name}");
        var property = Text(json, "property");
        if (fact.Kind == FactKind.Attribute && property is null) return Fail<RuleNode>($"{place}.property", $"is required for {name}");
        if (fact.Kind != FactKind.Attribute) property = null;
        if (Bound(json, place, path, fact, property) is not { } conditions) return null;
        var sub = Rules(Given(json, "rules"), $"{place}.rules", $"{path}.rules", fact, Given(json, "conditions") ?? default, depth + 1);
        if (Fault is not null) return null;
        if (marksParent) matching.Add(new LineMatch(fact, conditions));
        marksParent = false;
        if (sub is not null && !fact.MayHaveRules) return Fail<RuleNode>($"{place}.rules", $"{name} takes no rules");
        if (conditions.Length == 0 && (fact.Kind != FactKind.Lines || fact.Quantifier == Quantifier.None || sub is null && fact.RefObject is not null))
            return Fail<RuleNode>($"{place}.conditions", "must not be empty");
        if (fact.RefObject is not null && conditions.Select(one => ((Naming)one.Test).Excludes).Distinct().Count() > 1)
            return Fail<RuleNode>($"{place}.conditions", "cannot name and exclude at once; make two rules");
        if (fact.Counter is { } need && !needs.Contains(need)) needs.Add(need);
        var message = Given(json, "error") is { ValueKind: JsonValueKind.Object } error ? Text(error, "message") : null;
        return fact.Quantifier switch
        {
            Quantifier.NoLines => new FactRule(fact, number, message, conditions) { Path = path },
            Quantifier.Sum => new SumRule(fact, number, message, conditions) { Path = path },
            _ => new LineRule(fact, number, message, conditions, sub) { Path = path, Presence = conditions.Length > 0 ? null : new Condition(path, name, null, "$has_value", new Anything()) },
        };
    }

    private Condition[]? Bound(JsonElement json, string place, string path, Fact fact, string? property)
    {
        if (Given(json, "conditions") is not { } given) return [];
        if (given.ValueKind != JsonValueKind.Object) return Fail<Condition[]>($"{place}.conditions", "must be an object");
        var conditions = new List<Condition>();
        foreach (var one in given.EnumerateObject())
        {
            var at = $"{place}.conditions.{one.Name}";
            if (one.Value.ValueKind == JsonValueKind.Null) continue;
            operands += one.Value.ValueKind == JsonValueKind.Array ? one.Value.GetArrayLength() : 1;
            if (operands > OperandsMax) return Fail<Condition[]>(at, $"more than {OperandsMax} operands");
            if (conditions.Exists(other => other.Operator == one.Name)) return Fail<Condition[]>(at, "is given twice");
            (Test? test, string? fault) = fact.Kind == FactKind.Lines ? Operators.BindLines(one.Name, one.Value, fact.RefObject) : Operators.Bind(one.Name, one.Value, fact.Kind);
            if (test is null) return Fail<Condition[]>(at, fault!);
            if (fact.Name == "publication.redeemable_by_linked_customer" && test.Needed is "false" or "\"false\"") test = new Anything { Needed = test.Needed };
            conditions.Add(new Condition(path, fact.Name, property, one.Name, test));
            Conditions++;
        }
        return [.. conditions];
    }

    // The flag is about the rule that it is a part of, or else about those beside it.
    private bool Marks(Fact? parent, List<RuleNode> beside)
    {
        if (parent is not null) return marksParent = IsOfMetadata(parent);
        var before = matching.Count;
        foreach (var node in beside)
            if (IsOfMetadata(node.Fact)) matching.Add(new LineMatch(node.Fact, node.Conditions));
        return matching.Count > before;
    }

    private static bool IsOfMetadata(Fact fact) => fact.Name is "product.metadata" or "product.metadata.match_all";

    // What a flag makes targets: the products of its parent, or those that the rules beside it name.
    private bool Applies(IEnumerable<JsonElement>? beside, JsonElement conditions)
    {
        var before = applicable.Count;
        foreach (var rule in beside ?? [])
            if (Text(rule, "name") is "product.id" or "sku.id") Add(Given(rule, "conditions") ?? default, Text(rule, "name") == "sku.id" ? LineRef.Sku : LineRef.Product);
        if (beside is null) Add(conditions, null);
        return applicable.Count > before;
    }

    private void Add(JsonElement conditions, string? refObject)
    {
        foreach (var name in (string[])["$is", "$in"])
            if (Given(conditions, name) is { ValueKind: JsonValueKind.Array } list)
                foreach (var item in list.EnumerateArray())
                    if (Operators.Ref(item, refObject) is { } one) applicable.Add(one);
    }

    private SortedDictionary<int, JsonElement>? Numbered(JsonElement set, string place, params string[] besides)
    {
        var numbered = new SortedDictionary<int, JsonElement>();
        foreach (var one in set.EnumerateObject())
        {
            if (besides.Contains(one.Name)) continue;
            if (!int.TryParse(one.Name, NumberStyles.None, CultureInfo.InvariantCulture, out var number) || number < 1)
                return Fail<SortedDictionary<int, JsonElement>>($"{place}.{one.Name}", "is not a rule number");
            if (!numbered.TryAdd(number, one.Value)) return Fail<SortedDictionary<int, JsonElement>>($"{place}.{number}", "is given twice");
            if (numbered.Count > RulesMax) return Fail<SortedDictionary<int, JsonElement>>(place, $"more than {RulesMax} rules");
        }
        return numbered;
    }

    private long? Quantity(JsonElement rule, string place)
    {
        if (Given(rule, "rules") is not { ValueKind: JsonValueKind.Object } subs) return 1;
        if (Numbered(subs, $"{place}.rules", "logic") is not { } numbered) return null;
        if (numbered.Count == 0) return 1;
        var at = $"{place}.rules.{numbered.First().Key}";
        var (sub, item) = (numbered.First().Value, default(JsonElement?));
        if (numbered.Count > 1 || Text(sub, "name") is not "order.items.aggregated_quantity") Fail<Bundle>(at, "must be a single order.items.aggregated_quantity");
        else item = Only(sub, $"{at}.conditions", "$is");
        if (item is null) return null;
        if (item.Value.ValueKind == JsonValueKind.Number && item.Value.TryGetInt64(out var quantity) && quantity is >= 1 and <= 1_000_000) return quantity;
        Fail<Bundle>($"{at}.conditions.$is", "must be a whole number from 1 to 1000000");
        return null;
    }

    private JsonElement? Only(JsonElement rule, string place, string name)
    {
        var list = Given(Given(rule, "conditions") ?? default, name);
        if (list is { ValueKind: JsonValueKind.Array } found && found.GetArrayLength() == 1) return found[0];
        Fail<Bundle>($"{place}.{name}", "must be a list of one");
        return null;
    }

    private static bool AllOf(string text, IEnumerable<int> numbers)
    {
        var indices = numbers.Select((number, index) => (number, index)).ToDictionary(one => one.number, one => one.index);
        return string.IsNullOrWhiteSpace(text)
            || (LogicParser.Parse(text, indices).Logic is not null && !text.Contains("or", StringComparison.OrdinalIgnoreCase));
    }

    private static JsonElement? Given(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object && json.TryGetProperty(name, out var found) && found.ValueKind != JsonValueKind.Null ? found : null;

    private static string? Text(JsonElement json, string name) =>
        Given(json, name) is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } given ? given : null;

    private T? Fail<T>(string place, string why) where T : class
    {
        Fault ??= $"{place}: {why}";
        return null;
    }
}
