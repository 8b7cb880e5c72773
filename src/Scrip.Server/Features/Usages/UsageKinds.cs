using Scrip.Engine.Facts;
using Scrip.Engine.Rules;

namespace Scrip.Server.Features.Usages;

/// <summary>
/// The kinds of usage counters that the rules of a project look at. Redemptions keep counters of these kinds and no
/// others, so that one kind costs one look-up for each owner, and not one for every scope and window there could be.
/// </summary>
public sealed class UsageKinds
{
    /// <summary>No rule counts anything.</summary>
    public static readonly UsageKinds None = new([], false);

    readonly HashSet<UsageNeed> needs;

    UsageKinds(HashSet<UsageNeed> needs, bool countsUnits)
    {
        (this.needs, CountsUnits) = (needs, countsUnits);
        OfCampaigns = countsUnits || needs.Any(need => need.OfCampaign);
        OfIncentives = countsUnits || needs.Any(need => !need.OfCampaign);
        Everybody = needs.Any(need => need.Scope == UsageScope.Everybody);
        Customers = needs.Any(need => need.Scope == UsageScope.Customer);
        Keys = needs.Any(need => need.Scope == UsageScope.ApiKey);
        Windows = [.. UsageCalendar.Windows.Where(window => needs.Any(need => need.Window == window) || (countsUnits && window == UsageWindow.Ever))];
    }

    /// <summary>The kinds that rules look at.</summary>
    public static UsageKinds Of(IEnumerable<Rule> rules)
    {
        var needs = new HashSet<UsageNeed>();
        var units = false;
        foreach (var rule in rules)
        {
            needs.UnionWith(rule.Needs);
            units |= rule.Targets.HaveBudgets;
        }
        return needs.Count == 0 && !units ? None : new(needs, units);
    }

    /// <summary>True when nothing is counted.</summary>
    public bool IsEmpty => needs.Count == 0 && !CountsUnits;

    /// <summary>Whether there are budgets of units.</summary>
    public bool CountsUnits { get; }

    /// <summary>Whether campaigns have counters.</summary>
    public bool OfCampaigns { get; }

    /// <summary>Whether vouchers and promotion tiers have counters.</summary>
    public bool OfIncentives { get; }

    /// <summary>Whether there are counters of what everybody did.</summary>
    public bool Everybody { get; }

    /// <summary>Whether there are counters of single customers.</summary>
    public bool Customers { get; }

    /// <summary>Whether there are counters of single API keys.</summary>
    public bool Keys { get; }

    /// <summary>The windows that are counted.</summary>
    public IReadOnlyList<UsageWindow> Windows { get; }

    /// <summary>Whether these are at least the others.</summary>
    public bool Covers(UsageKinds others) => ReferenceEquals(this, others) || (needs.IsSupersetOf(others.needs) && (CountsUnits || !others.CountsUnits));

    /// <summary>The names of the kinds, one for each scope and window, as a rule's row keeps them: <c>Customer/Day</c>, <c>Units</c>.</summary>
    public IEnumerable<string> Names => needs.Select(need => $"{need.Scope}/{need.Window}").Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Concat(CountsUnits ? [UnitsName] : []);

    const string UnitsName = "Units";

    /// <summary>A condition on rows of <c>usage_counters</c> that are of the kind of a name.</summary>
    public static string Condition(string name)
    {
        if (name == UnitsName) return "scope LIKE 'units %'";
        var parts = name.Split('/');
        var scope = Enum.Parse<UsageScope>(parts[0]) switch { UsageScope.Everybody => "scope = ''", UsageScope.Customer => "scope LIKE 'customer:%'", UsageScope.ApiKey => "scope LIKE 'key:%'", _ => "scope LIKE 'user:%'" };
        return $"{scope} AND {(parts[1] == nameof(UsageWindow.Ever) ? "win = ''" : $"win LIKE '{parts[1][0]}%'")}";
    }

    /// <summary>The owners among a redeemable and its campaign that have counters.</summary>
    public IEnumerable<string> Owners(string? incentive, string? campaign)
    {
        if (OfIncentives && incentive is not null) yield return incentive;
        if (OfCampaigns && campaign is not null) yield return campaign;
    }

    /// <summary>The scopes of a customer and an API key that have counters.</summary>
    public IEnumerable<string> Scopes(string? customer, string? key)
    {
        if (Everybody) yield return UsageKey.Everybody;
        if (Customers && customer is not null) yield return UsageKey.Customer(customer);
        if (Keys && key is not null) yield return UsageKey.ApiKey(key);
    }

    /// <summary>The names of the windows in a calendar.</summary>
    public string[] Wins(UsageCalendar calendar) => [.. Windows.Select(calendar.Name)];
}
