using System.Data.Common;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Platform.Outbox;

/// <summary>
/// Hands events to the subscribers, many in one transaction. When a transaction fails, its events are tried one by one;
/// one that fails waits longer each time, its customer's later events wait behind it, and after the last attempt it lies
/// dead until somebody asks for another.
/// </summary>
public sealed partial class OutboxWorker(
    Database db, OutboxCatalog catalog, OutboxSignal signal, OutboxMeter meter, Settings settings, TimeProvider clock, ILogger<OutboxWorker> log) : BackgroundService
{
    /// <summary>Transactions at once on PostgreSQL; each has its own lanes.</summary>
    internal const int LoopsMax = 2;

    const int FaultMax = 1000;
    const long DelayMaxMs = 10 * 60 * 1000;

    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    // Under load a pause lets events gather, so that one transaction serves many: the longer the load lasts, the longer.
    static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(20);
    static readonly TimeSpan GatherMax = TimeSpan.FromMilliseconds(160);
    static readonly TimeSpan LagEvery = TimeSpan.FromSeconds(1);

    readonly int loops = db.Dialect.IsPostgres ? LoopsMax : 1;
    // SQLite's one writer must not keep requests waiting.
    readonly int each = db.Dialect.IsPostgres ? 50 : 8;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(
        [.. Enumerable.Range(0, loops).Select(loop => Task.Run(() => Work(loop, stoppingToken), CancellationToken.None)),
            Task.Run(() => Watch(stoppingToken), CancellationToken.None)]);

    async Task Work(int loop, CancellationToken stop)
    {
        long[] lanes = [.. Enumerable.Range(0, OutboxQueue.Lanes).Where(lane => lane % loops == loop)];
        var gather = Gather;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var round = await Round(lanes);
                if (round == Found.Plenty) continue;
                if (round == Found.Some)
                {
                    await Task.Delay(gather, clock, stop);
                    gather = gather < GatherMax ? 2 * gather : GatherMax;
                    continue;
                }
                gather = Gather;
                await signal.Rest(loop, Poll, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The database is away; the events wait in their rows.
                Stumbled(log, fault);
                await Task.Delay(Poll, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task<Found> Round(long[] lanes)
    {
        List<OutboxEvent> events = [];
        long[] taken = [];
        var now = Now();
        try
        {
            await db.Write(async connection =>
            {
                (taken, events) = ([], []);
                taken = await OutboxSql.Take(connection, db.Dialect, lanes);
                events = await OutboxSql.Due(connection, taken, each, now);
                if (events.Count > 0) await Handle(connection, events, now);
            });
        }
        catch (Exception fault) when (events.Count > 0)
        {
            Failed(log, fault, events.Count);
            await OneByOne(events);
            return Found.Some;
        }
        if (events.Count > 0) meter.Handled(events, Now());
        if (events.GroupBy(row => row.Lane).Any(lane => lane.Count() == each)) return Found.Plenty;
        // Lanes that another node has may hold what was committed here; it will be looked for soon.
        return events.Count > 0 || taken.Length < lanes.Length ? Found.Some : Found.Nothing;
    }

    async Task Handle(DbConnection connection, List<OutboxEvent> events, long now)
    {
        var interest = new OutboxInterest();
        string[] projects = [.. events.Select(one => one.ProjectId).Distinct()];
        foreach (var one in catalog.Subscribers)
            if (one.Listens is { } listens) await listens(connection, projects, interest);
        var expanded = await catalog.Expand(connection, events, interest);
        foreach (var one in expanded)
            if (settings.FaultEvents.Contains(one.Type)) throw new InjectedFault($"SCRIP_FAULT_EVENTS makes {one.Type} fail");
        foreach (var one in catalog.Subscribers) await one.Handle(connection, expanded, now);
        await OutboxSql.Remove(connection, db.Dialect, events);
    }

    async Task OneByOne(List<OutboxEvent> events)
    {
        var waiting = new HashSet<(string, string)>();
        foreach (var row in events)
        {
            if (row.CustomerId is { } customer && waiting.Contains((row.ProjectId, customer))) continue;
            try
            {
                var isDone = await db.Write(async connection =>
                {
                    if ((await OutboxSql.Take(connection, db.Dialect, [row.Lane])).Length == 0) return false;
                    if (await OutboxSql.One(connection, row, Now()) is not { } current) return false;
                    await Handle(connection, [current], Now());
                    return true;
                });
                if (isDone) meter.Handled([row], Now());
            }
            catch (Exception fault)
            {
                if (row.CustomerId is { } late) waiting.Add((row.ProjectId, late));
                await PutBack(row, fault);
            }
        }
    }

    async Task PutBack(OutboxEvent row, Exception fault)
    {
        var isDead = row.Attempts + 1 >= settings.OutboxAttempts;
        var text = $"{fault.GetType().Name}: {fault.Message}";
        if (text.Length > FaultMax) text = text[..FaultMax];
        await db.Write(connection => OutboxSql.Fail(connection, row, text.Replace('\0', ' '), Now() + Delay(row.Attempts), isDead));
        meter.Failed(isDead);
        FailedAgain(log, fault, row.Type, row.Id, row.Attempts + 1, isDead);
    }

    // Twice as long each time, and somewhere in the upper half of it, so that what failed together does not come back together.
    long Delay(long attempts)
    {
        var whole = Math.Min(settings.OutboxRetryMs * (1L << (int)Math.Min(attempts, 20)), DelayMaxMs);
        return whole / 2 + (long)(Ids.Random() % (ulong)(whole / 2 + 1));
    }

    async Task Watch(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                var oldest = await db.Read(OutboxSql.Oldest);
                meter.Lag(oldest is { } since ? Math.Max(0, Now() - since) / 1000.0 : 0);
            }
            catch (DbException fault)
            {
                Stumbled(log, fault);
            }
            await Task.Delay(LagEvery, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    enum Found
    {
        /// <summary>It may sleep.</summary>
        Nothing,

        /// <summary>More will come.</summary>
        Some,

        /// <summary>There is more already.</summary>
        Plenty,
    }

    sealed class InjectedFault(string message) : Exception(message);

    [LoggerMessage(LogLevel.Warning, "The effects of {Count} events could not be committed together; they are tried one by one")]
    private static partial void Failed(ILogger log, Exception fault, int count);

    [LoggerMessage(LogLevel.Error, "Event {Type} {Id} failed at attempt {Attempt}; given up: {IsDead}")]
    private static partial void FailedAgain(ILogger log, Exception fault, string type, string id, long attempt, bool isDead);

    [LoggerMessage(LogLevel.Warning, "The outbox worker could not reach its queue")]
    private static partial void Stumbled(ILogger log, Exception fault);
}
