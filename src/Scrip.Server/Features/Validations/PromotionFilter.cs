using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Validations;

/// <summary>
/// Which promotion tiers a validation of promotions looks at: <c>filters[promotion_id][conditions][$in][0]</c> and
/// <c>filters[metadata][KEY][conditions][$is]</c>, all of them, or any with <c>filters[junction]=OR</c>.
/// </summary>
sealed class PromotionFilter
{
    const int ConditionsMax = 50;

    readonly Dictionary<(string? Key, string Operator), List<string>> conditions = [];
    bool isAny;

    /// <summary>Reads the query.</summary>
    /// <exception cref="ApiFault">A field or an operator is unknown.</exception>
    public static PromotionFilter Read(Call call)
    {
        var filter = new PromotionFilter();
        foreach (var (name, values) in call.Query)
        {
            var parts = ListFilter.Parts(name);
            if (parts is not ["filters", _, ..]) continue;
            if (parts is ["filters", "junction"]) filter.isAny = Junction(values.ToString());
            else filter.Add(name, parts[1], [.. parts[2..].Where(part => part != "conditions" && !part.All(char.IsAsciiDigit))], values);
            if (filter.conditions.Count > ConditionsMax) throw Wrong($"Up to {ConditionsMax} filter conditions are allowed");
        }
        return filter;
    }

    /// <summary>True when the tier is wanted.</summary>
    public bool Wants(TierSnapshot tier)
    {
        if (conditions.Count == 0) return true;
        foreach (var ((key, op), values) in conditions)
            if (Holds(key is null ? [tier.Id] : Texts(tier.Metadata.Find(key)), op, values) == isAny) return isAny;
        return !isAny;
    }

    void Add(string name, string field, string[] parts, IEnumerable<string?> values)
    {
        var op = Array.Find(parts, part => part.StartsWith('$'));
        var key = Array.Find(parts, part => !part.StartsWith('$'));
        if (field is not ("promotion_id" or "metadata") || (field == "metadata") != (key is not null))
            throw Wrong($"Filter {name} must look like filters[promotion_id][conditions][$is] or filters[metadata][KEY][conditions][$is]");
        if (op is not ("$is" or "$is_not" or "$in" or "$not_in" or "$has_value" or "$is_unknown")) throw Wrong($"Unknown filter condition of {name}");
        if (!conditions.TryGetValue((key, op), out var all)) conditions[(key, op)] = all = [];
        all.AddRange(values.Select(value => value ?? ""));
    }

    static bool Holds(string[] found, string op, List<string> values) => op switch
    {
        "$has_value" => found.Length > 0,
        "$is_unknown" => found.Length == 0,
        "$is" or "$in" => Array.Exists(found, values.Contains),
        _ => !Array.Exists(found, values.Contains),
    };

    // An attribute as the texts that a query compares with; of a list its elements.
    static string[] Texts(JsonElement? value) => value switch
    {
        null => [],
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().SelectMany(item => item.ValueKind == JsonValueKind.Array ? [] : Texts(item))],
        { ValueKind: JsonValueKind.True } => ["true"],
        { ValueKind: JsonValueKind.False } => ["false"],
        { ValueKind: JsonValueKind.String } text => [text.GetString()!],
        { } other => [other.GetRawText()],
    };

    static bool Junction(string text) => text.ToUpperInvariant() switch
    {
        "AND" => false,
        "OR" => true,
        _ => throw Wrong("Property .filters.junction must be one of: and, or"),
    };

    static ApiFault Wrong(string details) => new(Refusals.InvalidQueryParams.With(details));
}
