using System.Collections.Concurrent;
using Scrip.Engine.Facts;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Usages;

/// <summary>
/// Makes counters of campaigns behind the back of the validation that read their history, so that the next one need not:
/// a history may be long, and the first redemption, which makes the counter otherwise, may be far. Those of customers and
/// of single codes are left to redemptions; their histories are short, and there would be one for everybody who looks.
/// </summary>
public sealed partial class UsageMaker(Database db, ILogger<UsageMaker> log)
{
    const int AtOnceMax = 64;

    readonly ConcurrentDictionary<(string Project, UsageKey Key), bool> underWay = new();

    /// <summary>Makes them, some time soon; a fault leaves it to whoever comes next.</summary>
    /// <param name="project">The project.</param>
    /// <param name="counting">Its number when the history was read.</param>
    /// <param name="keys">Counters of campaigns that do not exist.</param>
    /// <param name="calendar">Their windows.</param>
    public void Make(string project, long counting, IEnumerable<UsageKey> keys, UsageCalendar calendar)
    {
        foreach (var key in keys)
            if (underWay.Count < AtOnceMax && underWay.TryAdd((project, key), true)) _ = Task.Run(() => MakeOne(project, counting, key, calendar));
    }

    async Task MakeOne(string project, long counting, UsageKey key, UsageCalendar calendar)
    {
        try
        {
            var batch = new Batch();
            UsageSql.Enter(batch, db.Dialect, project, counting, [key.Owner], makes: true);
            UsageSql.Make(batch, project, key, UsageOwner.Campaign, calendar);
            await db.Commit(batch);
        }
        catch (Exception fault)
        {
            NotMade(log, fault, key.Owner);
        }
        finally
        {
            underWay.TryRemove((project, key), out _);
        }
    }

    [LoggerMessage(LogLevel.Warning, "A usage counter of {Campaign} could not be made")]
    private static partial void NotMade(ILogger log, Exception fault, string campaign);
}
