namespace Scrip.Server.Platform.Data;

/// <summary>Lets the database look after itself twice a second; see <see cref="Database.Upkeep"/>.</summary>
sealed partial class Upkeep(Database db, ILogger<Upkeep> log) : BackgroundService
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await db.Upkeep();
            }
            catch (Exception fault)
            {
                // The database is away, or the role may not do it; the next look tells.
                Stumbled(log, fault);
            }
            await Task.Delay(Pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    [LoggerMessage(LogLevel.Debug, "The database's upkeep failed")]
    private static partial void Stumbled(ILogger log, Exception fault);
}
