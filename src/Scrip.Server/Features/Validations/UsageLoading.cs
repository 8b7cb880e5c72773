using System.Collections.Concurrent;
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
    // One text for each way of naming what there is; a few are ever used.
    static readonly ConcurrentDictionary<Wording, Words> Texts = new();

    /// <summary>What decides how counters are asked for.</summary>
    readonly record struct Wording(bool Codes, bool Ids, bool Id, bool Source, bool Campaigns, bool Incentives, bool Everybody, bool Customers, bool Keys);

    static string Text(Dialect dialect, Wording wording)
    {
        var scopes = new List<string>();
        if (wording.Everybody) scopes.Add("''");
        if (wording.Keys) scopes.Add("@key");
        if (wording.Customers && (wording.Id || wording.Source))
            scopes.Add($"'customer:' || (SELECT id FROM ({CustomerSql.SelectHot(wording.Id, wording.Source)}) one ORDER BY place LIMIT 1)");
        if (scopes.Count == 0) scopes.Add("CAST(NULL AS TEXT)");
        var parts = new List<string>();
        foreach (var by in wording.Ids ? new[] { "code", "id" } : ["code"])
        {
            if (wording.Incentives) parts.Add(Of(dialect, "id", by));
            if (wording.Campaigns) parts.Add(Of(dialect, "campaign_id", by));
        }
        var ofCodes = string.Join(" UNION ALL ", parts);
        if (!dialect.IsPostgres)
            return $"{UsageSql.Select}scope IN ({string.Join(", ", scopes)}) AND {dialect.Among("win", "@wins")} AND {(wording.Codes ? $"owner_id IN ({ofCodes})" : dialect.Among("owner_id", "@owners"))}";
        return UsageSql.SelectOf($"""
            (SELECT owners.owner, scopes.scope, wins.win FROM {(wording.Codes ? $"({ofCodes})" : "unnest(@owners)")} AS owners(owner)
                CROSS JOIN (VALUES {string.Join(", ", scopes.Select(scope => $"({scope})"))}) AS scopes(scope) CROSS JOIN unnest(@wins) AS wins(win)) AS k
            """);
    }

    static string Of(Dialect dialect, string column, string by) => $"SELECT {column} FROM vouchers WHERE project_id = @project AND {dialect.Among(by, "@codes")}";

    /// <summary>
    /// Asks for the counters of the vouchers that <c>@codes</c> names and of their campaigns, and for those of owners that
    /// are known, in the round trip of other questions; <see cref="Read"/> reads them.
    /// </summary>
    /// <param name="questions">The others.</param>
    /// <param name="dialect">The database's.</param>
    /// <param name="kinds">What is counted.</param>
    /// <param name="args">Arguments, among them <c>@codes</c>, <c>@owners</c>, <c>@key</c>, <c>@wins</c>, <c>@id</c> and <c>@source</c>.</param>
    /// <param name="hasCodes">Whether there are vouchers.</param>
    /// <param name="hasIds">Whether some of them may be ids.</param>
    /// <param name="hasOwners">Whether there are known owners.</param>
    /// <param name="hasId">Whether the customer is named by its id.</param>
    /// <param name="hasSource">Whether the customer is named by its source id.</param>
    public static void Ask(Batch questions, Dialect dialect, UsageKinds kinds, (string, object?)[] args, bool hasCodes, bool hasIds, bool hasOwners, bool hasId, bool hasSource)
    {
        foreach (var codes in new[] { true, false })
            if (codes ? hasCodes : hasOwners)
                questions.Add(Texts.GetOrAdd(new(codes, codes && hasIds, hasId, hasSource, kinds.OfCampaigns, kinds.OfIncentives, kinds.Everybody, kinds.Customers, kinds.Keys),
                    static wording => new Words(dialect => Text(dialect, wording))).In(dialect), args);
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
    /// <param name="loadedFor">The windows and kinds it was loaded for.</param>
    public static async Task<UsageState> Complete(
        Call call, ProjectSnapshot project, IEnumerable<Redeemable> facts, Cart? cart, Situation situation, List<UsageRow>? rows, (UsageCalendar Calendar, UsageKinds Kinds)? loadedFor)
    {
        var kinds = project.Counted;
        if (kinds.IsEmpty) return UsageState.None;
        var calendar = UsageCalendar.Of(call.Now, project.Zone, situation.WeekStart);
        var incentives = facts.OfType<Incentive>().ToArray();
        var stored = rows is not null && loadedFor is { } loaded && loaded.Calendar == calendar && loaded.Kinds.Covers(kinds) ? UsageState.ByKey(rows, calendar) : null;
        var needed = Needed(incentives, situation);
        var units = Units(incentives, cart, situation);
        if (stored is not null && units.Count == 0 && needed.All(one => stored.ContainsKey(one.Key))) return UsageState.Of(stored, [], calendar);
        string[] owners = [.. incentives.SelectMany(one => kinds.Owners(one.Id, one.CampaignId)).Distinct(StringComparer.Ordinal)];
        stored ??= UsageState.ByKey(await UsageSql.Load(call.Db, call.ProjectId, owners, [.. kinds.Scopes(situation.Customer?.Id, situation.ApiKey)], kinds.Wins(calendar)), calendar);
        if (units.Count > 0)
        {
            // Which counters budgets of units have depends on the lines of the cart.
            var scopes = units.Select(one => one.Key.Scope).Distinct(StringComparer.Ordinal).ToArray();
            foreach (var (key, usage) in UsageState.ByKey(await UsageSql.Load(call.Db, call.ProjectId, owners, scopes, kinds.Wins(calendar)), calendar)) stored[key] = usage;
        }
        var missing = needed.Concat(units).Where(one => !stored.ContainsKey(one.Key)).ToArray();
        var history = await UsageSql.FromHistory(call.Db, call.ProjectId, missing, calendar);
        call.Need<UsageMaker>().Make(call.ProjectId, project.Counting, missing.Where(one => one.Owner == UsageOwner.Campaign && UsageSql.IsShared(one.Key.Scope)).Select(one => one.Key), calendar);
        return UsageState.Of(stored, history, calendar);
    }

    /// <summary>Which column of a redemption names the owner of a counter.</summary>
    public static string Owner(Incentive incentive, UsageKey key) =>
        key.Owner == incentive.CampaignId ? UsageOwner.Campaign : incentive is TierRedeemable ? UsageOwner.Tier : UsageOwner.Voucher;

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
