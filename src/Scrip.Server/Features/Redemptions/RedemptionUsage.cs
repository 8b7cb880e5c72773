using Scrip.Engine.Facts;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Usages;
using Scrip.Server.Features.Validations;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Redemptions;

/// <summary>What redemptions and rollbacks write into usage counters.</summary>
static class RedemptionUsage
{
    /// <summary>
    /// Opens a batch that takes: a counter is made from the history while no other redemption of its owner is on its
    /// way, since the history does not show what is not committed. Before every other statement.
    /// </summary>
    public static void Enter(Batch batch, Dialect dialect, ProjectSnapshot project, UsageState state, IReadOnlyCollection<RedeemableOutcome> outcomes)
    {
        var makes = outcomes.SelectMany(outcome => outcome.Used).Any(used => !state.Stored.Contains(used.Key));
        UsageSql.Enter(batch, dialect, project.ProjectId, project.Counting, outcomes.SelectMany(outcome => Owners(project, outcome)), makes);
        // Who makes a counter waits for everybody who is on his way.
        batch.MayGoTogether = !makes;
    }

    /// <summary>
    /// Adds what the outcomes use: to the counters that their rules look at, under the limits that they were decided
    /// with, and to all others of their owners that exist by then, because others' rules look at those.
    /// </summary>
    public static void Take(Batch batch, Dialect dialect, ProjectSnapshot snapshot, UsageState state, Situation situation, IReadOnlyCollection<RedeemableOutcome> outcomes)
    {
        if (state.Calendar is not { } calendar) return;
        var (project, kinds) = (snapshot.ProjectId, snapshot.Counted);
        string[] scopes = [.. kinds.Scopes(situation.Customer?.Id, situation.ApiKey)];
        var wins = kinds.Wins(calendar);
        var kept = new SortedDictionary<CounterName, Usage>();
        var locked = new SortedSet<CounterName>();
        foreach (var outcome in outcomes)
        {
            var own = outcome.Used.Select(used => Name(used.Key, calendar)).ToHashSet();
            locked.UnionWith(own);
            foreach (var name in CounterName.Every(Owners(snapshot, outcome), scopes, wins))
                if (!own.Contains(name)) kept[name] = kept.GetValueOrDefault(name) + outcome.Takes;
        }
        locked.UnionWith(kept.Keys);
        UsageSql.Lock(batch, dialect, project, locked);
        var changes = outcomes.SelectMany(outcome => outcome.Used.Select(used => (used.Key, Takes: used.Value, Outcome: outcome)));
        var made = new HashSet<UsageKey>(state.Stored);
        // Rows are locked in one order by everybody; of one counter, the outcomes come in their order.
        foreach (var (key, takes, outcome) in changes.OrderBy(one => one.Key.Owner, StringComparer.Ordinal)
            .ThenBy(one => one.Key.Scope, StringComparer.Ordinal).ThenBy(one => calendar.Name(one.Key.Window), StringComparer.Ordinal))
        {
            if (made.Add(key)) UsageSql.Make(batch, project, key, UsageLoading.Owner((Incentive)outcome.Redeemable, key), calendar);
            UsageSql.Take(batch, project, key, takes, outcome.Limits.Where(limit => limit.Key == key), calendar);
        }
        // A counter that this batch made has this batch's redemptions not in it yet, so it is added to as well.
        UsageSql.Keep(batch, dialect, project, kept);
    }

    static CounterName Name(UsageKey key, UsageCalendar calendar) => new(key.Owner, key.Scope, calendar.Name(key.Window));

    /// <summary>Notes which units a redemption took of budgets, so that its rollback gives them back.</summary>
    public static void Note(Batch batch, string project, string redemptionId, RedeemableOutcome outcome)
    {
        foreach (var (key, usage) in outcome.Used)
            if (UsageSql.CountsUnits(key.Scope)) UsageSql.NoteUnits(batch, project, redemptionId, key, usage.Units);
    }

    // Whose counters its own rules look at, they are kept in any case.
    static IEnumerable<string> Owners(ProjectSnapshot project, RedeemableOutcome outcome) =>
        project.Owners(((Incentive)outcome.Redeemable).Id, ((Incentive)outcome.Redeemable).CampaignId).Concat(outcome.Used.Select(used => used.Key.Owner)).Distinct(StringComparer.Ordinal);

    static IEnumerable<string> Owners(ProjectSnapshot project, RedemptionRow part) => project.Owners(part.VoucherId ?? part.PromotionTierId, part.CampaignId);

    /// <summary>Opens a batch that gives back; see the other.</summary>
    public static void Enter(Batch batch, Dialect dialect, ProjectSnapshot project, IReadOnlyList<RedemptionRow> parts) =>
        UsageSql.Enter(batch, dialect, project.ProjectId, project.Counting, parts.SelectMany(part => Owners(project, part)), makes: false);

    /// <summary>Gives back what redemptions took.</summary>
    public static void GiveBack(Batch batch, Dialect dialect, ProjectSnapshot snapshot, IReadOnlyList<RedemptionRow> parts, Predicate<RedemptionRow> isOfPoints, IReadOnlyList<UnitsTaken> units)
    {
        var kinds = snapshot.Counted;
        if (kinds.IsEmpty) return;
        var taken = new SortedDictionary<CounterName, Usage>();
        foreach (var part in parts)
        {
            var wins = kinds.Wins(UsageCalendar.Of(part.CreatedAt, snapshot.Zone, snapshot.WeekStart));
            var drawn = part.Amount ?? 0;
            foreach (var name in CounterName.Every(Owners(snapshot, part), [.. kinds.Scopes(part.CustomerId, part.ApiKey)], wins))
                taken[name] = taken.GetValueOrDefault(name) + new Usage(1, part.OrderAmount ?? 0, part.DiscountAmount ?? 0, isOfPoints(part) ? 0 : drawn, isOfPoints(part) ? drawn : 0);
        }
        if (kinds.CountsUnits)
            foreach (var one in units)
            {
                var name = new CounterName(one.OwnerId, one.Scope, "");
                taken[name] = taken.GetValueOrDefault(name) + new Usage(Units: one.Units);
            }
        UsageSql.Lock(batch, dialect, snapshot.ProjectId, taken.Keys);
        UsageSql.GiveBack(batch, dialect, snapshot.ProjectId, taken);
    }
}
