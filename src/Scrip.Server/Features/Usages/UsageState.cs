using Scrip.Engine.Facts;

namespace Scrip.Server.Features.Usages;

/// <summary>The usage counters of a request: what they hold, and which of them exist.</summary>
/// <param name="Facts">What was used so far, be it stored or worked out from the history.</param>
/// <param name="Stored">The counters that exist; every redemption of their owners has to keep them.</param>
/// <param name="Calendar">The windows they count in; null when no rule of the project counts.</param>
public sealed record UsageState(UsageFacts Facts, IReadOnlySet<UsageKey> Stored, UsageCalendar? Calendar)
{
    /// <summary>No rule of the project counts anything.</summary>
    public static readonly UsageState None = new(UsageFacts.None, new HashSet<UsageKey>(), null);

    /// <summary>The counters of rows, and those of the history that do not exist.</summary>
    public static UsageState Of(Dictionary<UsageKey, Usage> stored, Dictionary<UsageKey, Usage> history, UsageCalendar calendar)
    {
        var all = new Dictionary<UsageKey, Usage>(history);
        foreach (var (key, usage) in stored) all[key] = usage;
        return new UsageState(new UsageFacts(all), stored.Keys.ToHashSet(), calendar);
    }

    /// <summary>Rows by their keys in a calendar.</summary>
    public static Dictionary<UsageKey, Usage> ByKey(IEnumerable<UsageRow> rows, UsageCalendar calendar)
    {
        var found = new Dictionary<UsageKey, Usage>();
        foreach (var row in rows)
            if (calendar.Window(row.Win) is { } window) found[new UsageKey(row.OwnerId, row.Scope, window)] = row.Usage;
        return found;
    }
}
