using System.Text.Json;
using Scrip.Engine.Formulas;

namespace Scrip.Engine.Discounts;

/// <summary>Reads the API's <c>applicable_to</c>, or names the place where it is wrong.</summary>
internal static class TargetsReader
{
    private const int TargetsMax = 500;

    private static readonly string[] Effects =
        ["APPLY_TO_EVERY", "APPLY_TO_CHEAPEST", "APPLY_FROM_CHEAPEST", "APPLY_TO_MOST_EXPENSIVE", "APPLY_FROM_MOST_EXPENSIVE"];

    public static TargetsReading Read(JsonElement applicableTo)
    {
        if (applicableTo.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined) return new(Targets.Everything, null);
        if (applicableTo.ValueKind != JsonValueKind.Object) return new(null, "applicable_to must be object");
        var (all, fault) = Flag(applicableTo, "included_all");
        if (fault is not null) return new(null, fault);
        var included = List(applicableTo, "included", ref fault);
        var excluded = List(applicableTo, "excluded", ref fault);
        return fault is not null ? new(null, fault) : new(new Targets(included, excluded, null, all), null);
    }

    private static (bool Value, string? Fault) Flag(JsonElement from, string name) =>
        !from.TryGetProperty(name, out var value) || value.ValueKind is JsonValueKind.Null or JsonValueKind.False ? (false, null)
        : value.ValueKind == JsonValueKind.True ? (true, null) : (false, $"applicable_to.{name} must be boolean");

    private static Target[] List(JsonElement from, string name, ref string? fault)
    {
        if (fault is not null || !from.TryGetProperty(name, out var list) || list.ValueKind == JsonValueKind.Null) return [];
        if (list.ValueKind != JsonValueKind.Array) return Wrong(ref fault, $"applicable_to.{name} must be array");
        if (list.GetArrayLength() > TargetsMax) return Wrong(ref fault, $"applicable_to.{name} must NOT have more than {TargetsMax} items");
        var targets = new Target[list.GetArrayLength()];
        for (var i = 0; i < targets.Length; i++)
        {
            var entry = new Entry(list[i], $"applicable_to.{name}.{i}");
            targets[i] = entry.Read();
            if (entry.Fault is null) continue;
            fault = entry.Fault;
            return [];
        }
        return targets;
    }

    private static Target[] Wrong(ref string? fault, string what)
    {
        fault = what;
        return [];
    }

    /// <summary>One entry; the first fault is kept.</summary>
    private sealed class Entry(JsonElement json, string at)
    {
        public string? Fault { get; private set; }

        public Target Read()
        {
            if (json.ValueKind != JsonValueKind.Object) return Wrong("", "must be object");
            var kind = OneOf("object", ["product", "sku", "products_collection"]);
            var id = Text("id") ?? Text("source_id");
            if (string.IsNullOrEmpty(id)) return Wrong(".id", "is required");
            var effect = OneOf("effect", Effects, "APPLY_TO_EVERY");
            return new Target((TargetKind)Math.Max(0, kind), id)
            {
                SourceId = Text("source_id"),
                ProductId = Text("product_id"),
                ProductSourceId = Text("product_source_id"),
                Effect = (TargetEffect)Math.Max(0, effect),
                Price = Number("price", 0),
                PriceFormula = Formula("price_formula"),
                QuantityLimit = Number("quantity_limit", 1),
                AggregatedQuantityLimit = Number("aggregated_quantity_limit", 1),
                Budgets = Budgets(),
                AmountLimit = Number("amount_limit", 1),
                AggregatedAmountLimit = Number("aggregated_amount_limit", 1),
                SkipInitially = Number("skip_initially", 0) ?? 0,
                Repeat = Math.Max(1, Number("repeat", 0) ?? 1),
                CountsUnits = OneOf("target", ["ITEM", "UNIT"], "ITEM") == 1,
            };
        }

        private UnitBudget[] Budgets()
        {
            List<UnitBudget> found = [];
            foreach (var ofTier in (bool[])[false, true])
                foreach (var perProduct in (bool[])[false, true])
                    foreach (var perCustomer in (bool[])[false, true])
                    {
                        var name = $"product_{(perProduct ? "in_collection_" : "")}{(perCustomer ? "customer_" : "")}{(ofTier ? "promotion_tier" : "campaign")}_quantity_limit";
                        var (limit, formula) = (Number(name, 1), Formula(name + "_formula"));
                        if (limit is not null || formula is not null) found.Add(new(ofTier, perCustomer, perProduct, limit, formula));
                    }
            return found.Count == 0 ? [] : [.. found];
        }

        private bool Has(string name) => json.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

        private Target Wrong(string field, string what)
        {
            Fault ??= $"{at}{field} {what}";
            return new(TargetKind.Product, "");
        }

        private string? Text(string name)
        {
            if (!Has(name)) return null;
            var value = json.GetProperty(name);
            if (value.ValueKind == JsonValueKind.String) return value.GetString();
            Wrong("." + name, "must be string");
            return null;
        }

        private int OneOf(string name, string[] words, string? absent = null)
        {
            var index = Array.IndexOf(words, Text(name) ?? absent);
            if (index < 0) Wrong("." + name, $"must be one of: {string.Join(", ", words)}");
            return index;
        }

        private long? Number(string name, long least)
        {
            if (!Has(name)) return null;
            var value = json.GetProperty(name);
            if (value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= least && number <= Money.Max) return number;
            Wrong("." + name, $"must be a whole number from {least}");
            return null;
        }

        private Formula? Formula(string name)
        {
            if (Text(name) is not { Length: > 0 } text) return null;
            var reading = Formulas.Formula.Read(text);
            if (reading.Fault is { } fault) Wrong("." + name, fault);
            return reading.Formula;
        }
    }
}
