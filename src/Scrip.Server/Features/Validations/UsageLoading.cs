using Scrip.Engine.Carts;
using Scrip.Engine.Discounts;
using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Usages;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Validations;

/// <summary>
/// Loads the usage counters that rules look at: with the other facts when this node knows that some rule counts, and
/// what is still missing after them. Projects without counting rules pay nothing.
/// </summary>
static class UsageLoading
{
    static readonly Words[] OfVouchers = [.. CustomerKinds(static (dialect, customer) => $"""
        {Start(dialect, customer)} AND owner_id IN (
            {Of(dialect, "id", "code")} UNION ALL {Of(dialect, "id", "id")} UNION ALL {Of(dialect, "campaign_id", "code")} UNION ALL {Of(dialect, "campaign_id", "id")})
        """)];

    static readonly Words[] OfOwners = [.. CustomerKinds(static (dialect, customer) => $"{Start(dialect, customer)} AND {dialect.Among("owner_id", "@owners")}")];

    // Whether the customer is named by nothing, an id, a source id, or both.
    static IEnumerable<Words> CustomerKinds(Func<Dialect, string, string> write)
    {
        foreach (var (hasId, hasSource) in new[] { (false, false), (true, false), (false, true), (true, true) })
        {
            var customer = hasId || hasSource ? $", 'customer:' || (SELECT id FROM ({CustomerSql.SelectHot(hasId, hasSource)}) one ORDER BY place LIMIT 1)" : "";
            yield return new Words(dialect => write(dialect, customer));
        }
    }

    static string Start(Dialect dialect, string customer) => $"{UsageSql.Select}scope IN ('', @key{customer}) AND {dialect.Among("win", "@wins")}";

    static string Of(Dialect dialect, string column, string by) => $"SELECT {column} FROM vouchers WHERE project_id = @project AND {dialect.Among(by, "@codes")}";

    /// <summary>
    /// Asks for the counters of the vouchers that <c>@codes</c> names and of their campaigns, and for those of owners that
    /// are known, in the round trip of other questions; <see cref="Read"/> reads them.
    /// </summary>
    /// <param name="questions">The others.</param>
    /// <param name="dialect">The database's.</param>
    /// <param name="args">Arguments, among them <c>@codes</c>, <c>@id</c> and <c>@source</c>.</param>
    /// <param name="hasCodes">Whether there are vouchers.</param>
    /// <param name="hasOwners">Whether there are known owners.</param>
    /// <param name="hasId">Whether the customer is named by its id.</param>
    /// <param name="hasSource">Whether the customer is named by its source id.</param>
    public static void Ask(Batch questions, Dialect dialect, (string, object?)[] args, bool hasCodes, bool hasOwners, bool hasId, bool hasSource)
    {
        var kind = (hasId ? 1 : 0) + (hasSource ? 2 : 0);
        if (hasCodes) questions.Add(OfVouchers[kind].In(dialect), args);
        if (hasOwners) questions.Add(OfOwners[kind].In(dialect), args);
    }

    /// <summary>Reads the counters.</summary>
    public static async ValueTask<List<UsageRow>> Read(Rows rows, bool hasCodes, bool hasOwners)
    {
        var found = hasCodes ? await rows.All(UsageSql.Read) : [];
        if (hasOwners) found.AddRange(await rows.All(UsageSql.Read));
        return found;
    }

    /// <summary>The owners of the counters of promotion tiers and stacks: the tiers and their campaigns.</summary>
    public static string[] Owners(ProjectSnapshot known, IEnumerable<string> tiersAndStacks) =>
    [
        .. tiersAndStacks.SelectMany(id => known.Stacks.GetValueOrDefault(id)?.TierIds ?? [id]).Select(known.Tier)
            .SelectMany(tier => tier is null ? Array.Empty<string>() : [tier.Id, tier.CampaignId]).Distinct(StringComparer.Ordinal),
    ];

    /// <summary>Completes what was loaded.</summary>
    /// <param name="call">The request.</param>
    /// <param name="project">The configuration that decides.</param>
    /// <param name="facts">What is wanted.</param>
    /// <param name="cart">The order, whose lines draw on budgets of units; null without one.</param>
    /// <param name="situation">Who wants it.</param>
    /// <param name="rows">What was loaded with the other facts; null when nothing was.</param>
    /// <param name="loadedFor">The windows it was loaded for.</param>
    public static async Task<UsageState> Complete(
        Call call, ProjectSnapshot project, IEnumerable<Redeemable> facts, Cart? cart, Situation situation, List<UsageRow>? rows, UsageCalendar? loadedFor)
    {
        if (!project.CountsUsage) return UsageState.None;
        var calendar = UsageCalendar.Of(call.Now, project.Zone, situation.WeekStart);
        var incentives = facts.OfType<Incentive>().ToArray();
        var stored = rows is not null && loadedFor == calendar ? UsageState.ByKey(rows, calendar) : null;
        var needed = Needed(incentives, situation);
        var units = Units(incentives, cart, situation);
        if (stored is not null && units.Count == 0 && needed.All(one => stored.ContainsKey(one.Key))) return UsageState.Of(stored, [], calendar);
        var owners = incentives.SelectMany(one => new[] { one.Id, one.CampaignId }).OfType<string>().Distinct(StringComparer.Ordinal).ToArray();
        stored ??= UsageState.ByKey(await UsageSql.Load(call.Db, call.ProjectId, owners, Scopes(situation), calendar), calendar);
        if (units.Count > 0)
        {
            // Which counters budgets of units have depends on the lines of the cart.
            var scopes = units.Select(one => one.Key.Scope).Distinct(StringComparer.Ordinal).ToArray();
            foreach (var (key, usage) in UsageState.ByKey(await UsageSql.Load(call.Db, call.ProjectId, owners, scopes, calendar), calendar)) stored[key] = usage;
        }
        var missing = needed.Concat(units).Where(one => !stored.ContainsKey(one.Key)).ToArray();
        return UsageState.Of(stored, await UsageSql.FromHistory(call.Db, call.ProjectId, missing, calendar), calendar);
    }

    /// <summary>Which column of a redemption names the owner of a counter.</summary>
    public static string Owner(Incentive incentive, UsageKey key) =>
        key.Owner == incentive.CampaignId ? UsageOwner.Campaign : incentive is TierRedeemable ? UsageOwner.Tier : UsageOwner.Voucher;

    static string[] Scopes(Situation situation) =>
    [
        UsageKey.Everybody,
        .. situation.Customer is { } customer ? [UsageKey.Customer(customer.Id)] : Array.Empty<string>(),
        .. situation.ApiKey is { } key ? [UsageKey.ApiKey(key)] : Array.Empty<string>(),
    ];

    static List<(UsageKey Key, string Owner)> Units(Incentive[] incentives, Cart? cart, Situation situation) =>
        [.. incentives.SelectMany(incentive => UnitBudgets.Keys(incentive, cart, situation).Select(key => (key, Owner(incentive, key)))).DistinctBy(one => one.key)];

    static List<(UsageKey Key, string Owner)> Needed(Incentive[] incentives, Situation situation)
    {
        var needed = new List<(UsageKey Key, string Owner)>();
        foreach (var incentive in incentives)
            foreach (var rule in incentive.Rules)
                foreach (var need in rule.Needs)
                    if (need.Key(incentive, situation) is { } key && !needed.Exists(one => one.Key == key)) needed.Add((key, Owner(incentive, key)));
        return needed;
    }
}
