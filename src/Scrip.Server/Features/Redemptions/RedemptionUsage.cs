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
    /// <summary>Adds what the outcomes use, each to its counters, under the limits that it was decided with.</summary>
    public static void Take(Batch batch, string project, UsageState state, IEnumerable<RedeemableOutcome> outcomes)
    {
        if (state.Calendar is not { } calendar) return;
        var changes = outcomes.SelectMany(outcome => Keys((Incentive)outcome.Redeemable, outcome, state).Select(key => (Key: key, Outcome: outcome)));
        var made = new HashSet<UsageKey>(state.Stored);
        // Rows are locked in one order by everybody; of one counter, the outcomes come in their order.
        foreach (var (key, outcome) in changes.OrderBy(one => one.Key.Owner, StringComparer.Ordinal)
            .ThenBy(one => one.Key.Scope, StringComparer.Ordinal).ThenBy(one => calendar.Name(one.Key.Window), StringComparer.Ordinal))
        {
            if (made.Add(key)) UsageSql.Make(batch, project, key, UsageLoading.Owner((Incentive)outcome.Redeemable, key), calendar);
            UsageSql.Take(batch, project, key, outcome.Takes, outcome.Limits.Where(limit => limit.Key == key), calendar);
        }
    }

    // Those that its rules look at, and those that exist because others' rules do.
    static IEnumerable<UsageKey> Keys(Incentive incentive, RedeemableOutcome outcome, UsageState state) => outcome.Used.Select(used => used.Key)
        .Concat(state.Stored.Where(key => key.Owner == incentive.Id || key.Owner == incentive.CampaignId)).Distinct();

    /// <summary>Gives back what redemptions took.</summary>
    public static void GiveBack(Batch batch, Dialect dialect, string project, ProjectSnapshot snapshot, IReadOnlyList<RedemptionRow> parts)
    {
        if (!snapshot.CountsUsage) return;
        UsageSql.Lock(batch, dialect, project, [.. parts.SelectMany(Owners).Distinct(StringComparer.Ordinal)]);
        foreach (var part in parts)
        {
            string[] scopes =
            [
                UsageKey.Everybody,
                .. part.CustomerId is { } customer ? [UsageKey.Customer(customer)] : Array.Empty<string>(),
                .. part.ApiKey is { } key ? [UsageKey.ApiKey(key)] : Array.Empty<string>(),
            ];
            var taken = new Usage(1, part.OrderAmount ?? 0, part.DiscountAmount ?? 0, part.Amount ?? 0);
            UsageSql.GiveBack(batch, dialect, project, Owners(part), scopes, UsageCalendar.Of(part.CreatedAt, snapshot.Zone), taken);
        }
    }

    static string[] Owners(RedemptionRow part) => [.. new[] { part.VoucherId, part.PromotionTierId, part.CampaignId }.OfType<string>()];
}
