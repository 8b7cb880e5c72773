using System.Text.Json;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Qualifications;

/// <summary>
/// The filters of a qualification: conditions on fields of a candidate, joined by <c>and</c> or <c>or</c>. A field
/// may have several values (a voucher answers to its id and its code) or none.
/// </summary>
/// <param name="Conditions">All of them; none lets everything pass.</param>
/// <param name="Any">True when one condition that holds is enough.</param>
sealed record CandidateFilter(IReadOnlyList<CandidateCondition> Conditions, bool Any)
{
    /// <summary>Lets everything pass.</summary>
    public static readonly CandidateFilter None = new([], false);

    const int ConditionsMax = 50;

    static readonly Dictionary<string, string[]> Fields = new(StringComparer.Ordinal)
    {
        ["category_id"] = [],
        ["campaign_id"] = [],
        ["campaign_type"] = ["PROMOTION", "GIFT_VOUCHERS", "REFERRAL_PROGRAM", "DISCOUNT_COUPONS", "LOYALTY_PROGRAM"],
        ["resource_id"] = [],
        ["resource_type"] = ["campaign", "voucher", "promotion_tier", "promotion_stack"],
        ["voucher_type"] = [],
        ["code"] = [],
        ["holder_role"] = ["OWNER", "REFERRER", "REFEREE"],
    };

    /// <summary>True when the candidate is wanted.</summary>
    public bool Wants(Offer offer)
    {
        if (Conditions.Count == 0) return true;
        foreach (var condition in Conditions)
            if (condition.Holds(offer.Values(condition.Field)) == Any) return Any;
        return !Any;
    }

    /// <summary>Reads <c>{ field: { conditions: { $op: [values] } }, junction }</c>.</summary>
    /// <exception cref="ApiFault">A field, an operator or a value is unknown.</exception>
    public static CandidateFilter Read(Dictionary<string, JsonElement>? filters)
    {
        var conditions = new List<CandidateCondition>();
        var junction = "and";
        foreach (var (field, value) in filters ?? [])
        {
            if (value.ValueKind == JsonValueKind.Null) continue;
            if (field == "junction") junction = Junction(value);
            else if (!Fields.TryGetValue(field, out var words)) throw Checks.Wrong($"options.filters.{field}", "is not a known filter");
            else conditions.AddRange(Of(field, words, value));
        }
        if (conditions.Count > ConditionsMax) throw Checks.Wrong("options.filters", $"must NOT have more than {ConditionsMax} conditions");
        return new(conditions, junction == "or");
    }

    static string Junction(JsonElement value) =>
        Checks.OneOf(value.ValueKind == JsonValueKind.String ? value.GetString()!.ToLowerInvariant() : "", "options.filters.junction", "and", "or")!;

    static IEnumerable<CandidateCondition> Of(string field, string[] words, JsonElement value)
    {
        var at = $"options.filters.{field}";
        if (value.ValueKind != JsonValueKind.Object) throw Checks.Wrong(at, "must be object");
        if (!value.TryGetProperty("conditions", out var conditions) || conditions.ValueKind != JsonValueKind.Object)
            throw Checks.Wrong(at, "should have required property 'conditions'");
        foreach (var condition in conditions.EnumerateObject())
        {
            var where = $"{at}.conditions.{condition.Name}";
            Checks.OneOf(condition.Name, $"{at}.conditions", "$is", "$is_not", "$in", "$not_in", "$has_value", "$is_unknown");
            var takesValues = condition.Name is not ("$has_value" or "$is_unknown");
            var values = takesValues ? Values(condition.Value, where, words) : [];
            if (takesValues && values.Length == 0) throw Checks.Wrong(where, "must NOT have fewer than 1 items");
            // Of $is and $is_not only the first value counts.
            yield return new(field, condition.Name, condition.Name is "$is" or "$is_not" ? values[..1] : values);
        }
    }

    static string[] Values(JsonElement value, string where, string[] words)
    {
        if (value.ValueKind == JsonValueKind.String) return [Word(value, where, words)];
        if (value.ValueKind != JsonValueKind.Array) throw Checks.Wrong(where, "must be array");
        return [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? Word(item, where, words) : throw Checks.Wrong(where, "must be array of string"))];
    }

    static string Word(JsonElement value, string where, string[] words) =>
        words.Length == 0 ? value.GetString()! : Checks.OneOf(value.GetString(), where, words)!;
}

/// <summary>One condition of a filter.</summary>
/// <param name="Field">The field it looks at.</param>
/// <param name="Operator">Such as <c>$in</c>.</param>
/// <param name="Values">What it compares with.</param>
sealed record CandidateCondition(string Field, string Operator, string[] Values)
{
    /// <summary>Whether the field's values meet it.</summary>
    public bool Holds(ReadOnlySpan<string?> values) => Operator switch
    {
        "$has_value" => HasValue(values),
        "$is_unknown" => !HasValue(values),
        "$is" or "$in" => Meets(values),
        _ => !Meets(values),
    };

    bool Meets(ReadOnlySpan<string?> values)
    {
        foreach (var value in values)
            if (value is not null && Array.IndexOf(Values, value) >= 0) return true;
        return false;
    }

    static bool HasValue(ReadOnlySpan<string?> values)
    {
        foreach (var value in values)
            if (value is not null) return true;
        return false;
    }
}
