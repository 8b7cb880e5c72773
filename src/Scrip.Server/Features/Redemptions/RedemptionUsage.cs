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
    public static void Enter(Batch batch, Dialect dialect, ProjectSnapshot project, UsageState state, IReadOnlyCollection<RedeemableOutcome> outcomes) =>
        UsageSql.Enter(batch, dialect, project.ProjectId, project.Counting, outcomes.SelectMany(outcome => Owners(project.Counted, outcome)),
            makes: outcomes.SelectMany(outcome => outcome.Used).Any(used => !state.Stored.Contains(used.Key)));

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
        var units = outcomes.SelectMany(outcome => outcome.Used).Select(used => used.Key.Scope).Where(UsageSql.CountsUnits);
        UsageSql.Lock(batch, dialect, project, new([.. outcomes.SelectMany(outcome => Owners(kinds, outcome)).Distinct(StringComparer.Ordinal)],
            [.. scopes.Concat(units).Distinct(StringComparer.Ordinal)], wins));
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
        foreach (var outcome in outcomes)
            UsageSql.Keep(batch, dialect, project, new([.. Owners(kinds, outcome)], scopes, wins), calendar, outcome.Takes, [.. outcome.Used.Select(used => used.Key)]);
    }

    /// <summary>Notes which units a redemption took of budgets, so that its rollback gives them back.</summary>
    public static void Note(Batch batch, string project, string redemptionId, RedeemableOutcome outcome)
    {
        foreach (var (key, usage) in outcome.Used)
            if (UsageSql.CountsUnits(key.Scope)) UsageSql.NoteUnits(batch, project, redemptionId, key, usage.Units);
    }

    static IEnumerable<string> Owners(UsageKinds kinds, RedeemableOutcome outcome) => kinds.Owners(((Incentive)outcome.Redeemable).Id, ((Incentive)outcome.Redeemable).CampaignId);

    static IEnumerable<string> Owners(UsageKinds kinds, RedemptionRow part) => kinds.Owners(part.VoucherId ?? part.PromotionTierId, part.CampaignId);

    /// <summary>Opens a batch that gives back; see the other.</summary>
    public static void Enter(Batch batch, Dialect dialect, ProjectSnapshot project, IReadOnlyList<RedemptionRow> parts) =>
        UsageSql.Enter(batch, dialect, project.ProjectId, project.Counting, parts.SelectMany(part => Owners(project.Counted, part)), makes: false);

    /// <summary>Gives back what redemptions took.</summary>
    public static void GiveBack(Batch batch, Dialect dialect, ProjectSnapshot snapshot, IReadOnlyList<RedemptionRow> parts)
    {
        var (project, kinds) = (snapshot.ProjectId, snapshot.Counted);
        if (kinds.IsEmpty) return;
        var reaches = parts.Select(part => new UsageReach([.. Owners(kinds, part)], [.. kinds.Scopes(part.CustomerId, part.ApiKey)],
            kinds.Wins(UsageCalendar.Of(part.CreatedAt, snapshot.Zone, snapshot.WeekStart)))).ToArray();
        static string[] All(UsageReach[] reaches, Func<UsageReach, string[]> of) => [.. reaches.SelectMany(of).Distinct(StringComparer.Ordinal)];
        var all = new UsageReach(All(reaches, one => one.Owners), All(reaches, one => one.Scopes), All(reaches, one => one.Wins));
        if (kinds.CountsUnits) UsageSql.Lock(batch, dialect, project, all, [.. parts.Select(part => part.Id)]);
        else UsageSql.Lock(batch, dialect, project, all);
        foreach (var (part, reach) in parts.Zip(reaches))
        {
            UsageSql.GiveBack(batch, dialect, project, reach, new Usage(1, part.OrderAmount ?? 0, part.DiscountAmount ?? 0, part.Amount ?? 0));
            if (kinds.CountsUnits) UsageSql.GiveBackUnits(batch, project, part.Id);
        }
    }
}
