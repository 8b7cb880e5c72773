using Dapper;
using NodaTime;
using Scrip.Server.Features.Projects;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.PointsExpiration;

/// <summary>
/// Looks for points whose last day is over in the time zone of their project, and has them expire: a card in each
/// transaction, some cards of each project in turn, so that one with many does not keep the others waiting. What was cut
/// off is found again.
/// </summary>
public sealed partial class ExpirationClock(Database db, Settings settings, TimeProvider clock, ILogger<ExpirationClock> log) : BackgroundService
{
    const int CardsOfTurn = 50;
    const long AgainMs = 10 * 60 * 1000;

    // It is never later than this anywhere.
    static readonly Offset Earliest = Offset.FromHours(14);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await Round(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                Stumbled(log, fault);
            }
            if (!more) await Task.Delay(TimeSpan.FromMilliseconds(settings.PointsExpiryMs), clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Whether a project has more than its turn.
    async Task<bool> Round(CancellationToken stop)
    {
        var now = Now();
        var latest = Vouchers.PointsLife.Text(Instant.FromUnixTimeMilliseconds(now).WithOffset(Earliest).Date);
        var projects = await db.Read(async connection => (await connection.QueryAsync<ProjectRow>("""
            SELECT * FROM projects WHERE deleted_at IS NULL AND EXISTS (
                SELECT 1 FROM point_buckets WHERE point_buckets.project_id = projects.id AND points > 0 AND last_day < @latest AND wait_until <= @now)
            """, new { latest, now })).AsList());
        var more = false;
        foreach (var project in projects) more |= await Turn(project, now, stop);
        return more;
    }

    async Task<bool> Turn(ProjectRow project, long now, CancellationToken stop)
    {
        var zone = ProjectZone.Of(project);
        var today = Vouchers.PointsLife.Text(Vouchers.PointBuckets.Today(zone, now));
        var cards = await db.Read(async connection => (await connection.QueryAsync<string>("""
            SELECT DISTINCT voucher_id FROM point_buckets WHERE project_id = @id AND points > 0 AND last_day < @today AND wait_until <= @now LIMIT @most
            """, new { id = project.Id, today, now, most = CardsOfTurn })).AsList());
        foreach (var card in cards)
        {
            stop.ThrowIfCancellationRequested();
            try
            {
                await db.Write(connection => Expiring.Card(connection, db.Dialect, project.Id, card, zone, Now()));
            }
            catch (Exception fault)
            {
                // One card must not stop the others.
                Failed(log, fault, card);
                await db.Write(connection => Expiring.Wait(connection, project.Id, card, now + AgainMs));
            }
        }
        return cards.Count == CardsOfTurn;
    }

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(LogLevel.Error, "The points of card {Card} could not expire; they are tried again later")]
    private static partial void Failed(ILogger log, Exception fault, string card);

    [LoggerMessage(LogLevel.Warning, "Points that expire could not be looked for")]
    private static partial void Stumbled(ILogger log, Exception fault);
}
