using System.Text.Json;
using NodaTime;
using Scrip.Engine;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Filters;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Segments;

/// <summary>
/// The filter of a segment, read and checked once: conditions on fields, and groups of such, joined by AND or OR. Text
/// compares by code points, numbers with numbers only; what is missing meets negative conditions and no others. Immutable.
/// </summary>
public sealed class SegmentFilter
{
    const int ConditionsMax = 100;
    const int ValuesMax = 200;
    const int DepthMax = 5;

    readonly bool isAnd;
    readonly SegmentCondition[] conditions;
    readonly SegmentFilter[] groups;

    SegmentFilter(bool isAnd, SegmentCondition[] conditions, SegmentFilter[] groups)
    {
        (this.isAnd, this.conditions, this.groups) = (isAnd, conditions, groups);
        Mentions = conditions.SelectMany(one => one.Mentions).Concat(groups.SelectMany(group => group.Mentions)).ToHashSet(StringComparer.Ordinal);
        IsTimed = conditions.Any(one => one.IsTimed) || groups.Any(group => group.IsTimed);
    }

    /// <summary>What it looks at.</summary>
    public IReadOnlySet<string> Mentions { get; }

    /// <summary>Whether time alone changes whom it holds for.</summary>
    public bool IsTimed { get; }

    /// <summary>Whether the profile alone says whom it holds for.</summary>
    public bool IsOfProfile => Mentions.All(topic => topic is Topics.Profile);

    /// <summary>The ids of the segments that it mentions.</summary>
    public IEnumerable<string> SegmentIds => Mentions.Where(topic => topic.StartsWith(Topics.SegmentPrefix, StringComparison.Ordinal)).Select(topic => topic[Topics.SegmentPrefix.Length..]);

    /// <summary>Whether it holds for somebody.</summary>
    public bool Matches(Person person, DateTimeZone zone, long now) => isAnd
        ? Array.TrueForAll(conditions, one => one.Holds(person, zone, now)) && Array.TrueForAll(groups, group => group.Matches(person, zone, now))
        : Array.Exists(conditions, one => one.Holds(person, zone, now)) || Array.Exists(groups, group => group.Matches(person, zone, now));

    /// <summary>Reads the API's <c>filter</c>.</summary>
    /// <exception cref="ApiFault">It is malformed, or asks for what there is not.</exception>
    public static SegmentFilter Read(JsonElement filter)
    {
        var count = 0;
        return Read(filter, "filter", 1, ref count);
    }

    static SegmentFilter Read(JsonElement filter, string at, int depth, ref int count)
    {
        if (filter.ValueKind != JsonValueKind.Object) throw Checks.Wrong(at, "must be object");
        if (depth > DepthMax) throw Checks.Wrong(at, $"must NOT be nested deeper than {DepthMax}");
        var word = filter.TryGetProperty("junction", out var junction) && junction.ValueKind == JsonValueKind.String ? junction.GetString()!.ToLowerInvariant() : "";
        if (word is not ("and" or "or")) throw Checks.Wrong($"{at}.junction", "must be one of: and, or");
        var (conditions, groups) = (new List<SegmentCondition>(), new List<SegmentFilter>());
        foreach (var field in filter.EnumerateObject())
        {
            if (field.Name == "junction") continue;
            var where = $"{at}.{field.Name}";
            if (field.Value.ValueKind == JsonValueKind.Object && !field.Value.TryGetProperty("conditions", out _) && field.Value.TryGetProperty("junction", out _))
                groups.Add(Read(field.Value, where, depth + 1, ref count));
            else
                foreach (var condition in Conditions(field, where))
                {
                    conditions.Add(condition);
                    count++;
                }
            if (count > ConditionsMax) throw Checks.Wrong("filter", $"must NOT have more than {ConditionsMax} conditions");
        }
        if (conditions.Count + groups.Count == 0) throw Checks.Wrong(at, "should have at least one condition");
        return new SegmentFilter(word == "and", [.. conditions], [.. groups]);
    }

    static IEnumerable<SegmentCondition> Conditions(JsonProperty field, string at)
    {
        var of = SegmentField.Read(field.Name, at);
        if (field.Value.ValueKind != JsonValueKind.Object || !field.Value.TryGetProperty("conditions", out var all) || all.ValueKind != JsonValueKind.Object)
            throw Checks.Wrong($"{at}.conditions", "must be object");
        foreach (var one in all.EnumerateObject())
        {
            var values = one.Value.ValueKind == JsonValueKind.Array ? one.Value.EnumerateArray().ToArray() : [one.Value];
            if (values.Length > ValuesMax) throw Checks.Wrong($"{at}.conditions.{one.Name}", $"must NOT have more than {ValuesMax} items");
            yield return SegmentCondition.Read(of, one.Name, values, $"{at}.conditions.{one.Name}");
        }
    }
}
