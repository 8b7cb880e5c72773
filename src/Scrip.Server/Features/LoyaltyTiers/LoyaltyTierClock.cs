using Dapper;
using NodaTime;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.LoyaltyTiers;

/// <summary>Looks at memberships whose last day is over in the time zone of their project, some of each project in turn.</summary>
public sealed partial class LoyaltyTierClock(Database db, Settings settings, TimeProvider clock, ILogger<LoyaltyTierClock> log) : BackgroundService
{
    const int CardsOfTurn = 50;

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
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var latest = PointsLife.Text(Instant.FromUnixTimeMilliseconds(now).WithOffset(Earliest).Date);
        var projects = await db.Read(async connection => (await connection.QueryAsync<ProjectRow>("""
            SELECT * FROM projects WHERE deleted_at IS NULL AND EXISTS (
                SELECT 1 FROM loyalty_tier_members WHERE loyalty_tier_members.project_id = projects.id AND last_day IS NOT NULL AND last_day < @latest)
            """, new { latest })).AsList());
        var more = false;
        foreach (var project in projects)
        {
            stop.ThrowIfCancellationRequested();
            var zone = (Wire.Read<ProjectBody>(project.Body).Timezone is { } name ? DateTimeZoneProviders.Tzdb.GetZoneOrNull(name) : null) ?? DateTimeZone.Utc;
            more |= await Turn(project.Id, PointsLife.Text(PointBuckets.Today(zone, now)), now);
        }
        return more;
    }

    // Cards that are deleted, and campaigns in the bin, are not looked at.
    async Task<bool> Turn(string project, string today, long now)
    {
        var cards = await db.Read(async connection => (await connection.QueryAsync<string>($"""
            SELECT m.voucher_id FROM loyalty_tier_members m JOIN vouchers ON vouchers.project_id = m.project_id AND vouchers.id = m.voucher_id
            WHERE m.project_id = @project AND m.last_day IS NOT NULL AND m.last_day < @today AND {VoucherSql.Live}
            ORDER BY m.last_day, m.voucher_id LIMIT @most
            """, new { project, today, most = CardsOfTurn })).AsList());
        if (cards.Count == 0) return false;
        await db.Write(connection => LoyaltyTierFlow.Look(connection, db.Dialect, project, cards, now));
        return cards.Count == CardsOfTurn;
    }

    [LoggerMessage(LogLevel.Warning, "Memberships that are over could not be looked for")]
    private static partial void Stumbled(ILogger log, Exception fault);
}
