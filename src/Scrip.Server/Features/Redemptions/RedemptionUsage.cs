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
    public static void Enter(Batch batch, Dialect dialect, string project, UsageState state, IReadOnlyCollection<RedeemableOutcome> outcomes)
    {
        if (state.Calendar is null) return;
        UsageSql.Enter(batch, dialect, project, [.. outcomes.SelectMany(outcome => Owners((Incentive)outcome.Redeemable))],
            makes: outcomes.SelectMany(outcome => outcome.Used).Any(used => !state.Stored.Contains(used.Key)));
    }

    /// <summary>
    /// Adds what the outcomes use: to the counters that their rules look at, under the limits that they were decided
    /// with, and to all others of their owners that exist by then, because others' rules look at those.
    /// </summary>
    public static void Take(Batch batch, Dialect dialect, string project, UsageState state, Situation situation, IReadOnlyCollection<RedeemableOutcome> outcomes)
    {
        if (state.Calendar is not { } calendar) return;
        string[] scopes = [UsageKey.Everybody, .. Scopes(situation.Customer?.Id, situation.ApiKey)];
        var units = outcomes.SelectMany(outcome => outcome.Used).Select(used => used.Key.Scope).Where(UsageSql.CountsUnits);
        UsageSql.Lock(batch, dialect, project, [.. outcomes.SelectMany(outcome => Owners((Incentive)outcome.Redeemable)).Distinct(StringComparer.Ordinal)],
            [.. scopes.Concat(units).Distinct(StringComparer.Ordinal)], calendar);
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
            UsageSql.Keep(batch, dialect, project, [.. Owners((Incentive)outcome.Redeemable)], scopes, calendar, outcome.Takes, [.. outcome.Used.Select(used => used.Key)]);
    }

    /// <summary>Notes which units a redemption took of budgets, so that its rollback gives them back.</summary>
    public static void Note(Batch batch, string project, string redemptionId, RedeemableOutcome outcome)
    {
        foreach (var (key, usage) in outcome.Used)
            if (UsageSql.CountsUnits(key.Scope)) UsageSql.NoteUnits(batch, project, redemptionId, key, usage.Units);
    }

    static IEnumerable<string> Owners(Incentive incentive) => incentive.CampaignId is { } campaign ? [incentive.Id, campaign] : [incentive.Id];

    static IEnumerable<string> Scopes(string? customer, string? key)
    {
        if (customer is not null) yield return UsageKey.Customer(customer);
        if (key is not null) yield return UsageKey.ApiKey(key);
    }

    /// <summary>Opens a batch that gives back; see the other.</summary>
    public static void Enter(Batch batch, Dialect dialect, string project, ProjectSnapshot snapshot, IReadOnlyList<RedemptionRow> parts)
    {
        if (snapshot.CountsUsage) UsageSql.Enter(batch, dialect, project, [.. parts.SelectMany(Owners)], makes: false);
    }

    /// <summary>Gives back what redemptions took.</summary>
    public static void GiveBack(Batch batch, Dialect dialect, string project, ProjectSnapshot snapshot, IReadOnlyList<RedemptionRow> parts)
    {
        if (!snapshot.CountsUsage) return;
        UsageSql.Lock(batch, dialect, project, [.. parts.SelectMany(Owners).Distinct(StringComparer.Ordinal)]);
        foreach (var part in parts)
        {
            string[] scopes = [UsageKey.Everybody, .. Scopes(part.CustomerId, part.ApiKey)];
            var taken = new Usage(1, part.OrderAmount ?? 0, part.DiscountAmount ?? 0, part.Amount ?? 0);
            UsageSql.GiveBack(batch, dialect, project, Owners(part), scopes, UsageCalendar.Of(part.CreatedAt, snapshot.Zone, snapshot.WeekStart), taken);
            UsageSql.GiveBackUnits(batch, project, part.Id);
        }
    }

    static string[] Owners(RedemptionRow part) => [.. new[] { part.VoucherId, part.PromotionTierId, part.CampaignId }.OfType<string>()];
}
