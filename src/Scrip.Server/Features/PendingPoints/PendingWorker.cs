using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.PendingPoints;

/// <summary>
/// Activates pending points whose day has come. Each is activated in one transaction with its status, so a server that
/// dies leaves them pending, and of several nodes one does it.
/// </summary>
sealed partial class PendingWorker(Database db, OutboxSignal outbox, TimeProvider clock, ILogger<PendingWorker> log) : BackgroundService
{
    const int AtOnce = 20;

    static readonly TimeSpan Poll = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await Some() == AtOnce) continue;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stoppingToken.IsCancellationRequested)
            {
                // The database is away, or two writers met; the points wait in their rows.
                Stumbled(log, fault);
            }
            await Task.Delay(Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task<int> Some()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        // Most of the time nothing is due, and nobody has to wait for a writer.
        var due = await db.Read(connection => PendingSql.Due(connection, now, AtOnce));
        var done = 0;
        foreach (var row in due)
        {
            try
            {
                await One(row, now);
                done++;
            }
            catch (Exception fault)
            {
                // It keeps its place; the others do not wait for it.
                Stumbled(log, fault);
            }
        }
        if (done > 0) outbox.Wake();
        return done;
    }

    async Task One(PendingRow row, long now)
    {
        try
        {
            await db.Write(async connection =>
            {
                await PendingMoves.Activate(connection, row, PendingMoves.Automatic, now);
                return true;
            });
        }
        catch (CardIsFull)
        {
            // No more fits on the card, now or later.
            await db.Write(connection => PendingMoves.Cancel(connection, row, PendingMoves.Automatic, now));
        }
    }

    [LoggerMessage(LogLevel.Warning, "Pending points could not be activated")]
    private static partial void Stumbled(ILogger log, Exception fault);
}
