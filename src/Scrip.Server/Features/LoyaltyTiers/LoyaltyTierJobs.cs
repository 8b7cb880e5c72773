using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.LoyaltyTiers;

/// <summary>Looks at every card of a campaign that has new tiers.</summary>
static class LoyaltyTierJobs
{
    /// <summary>No async action of the API.</summary>
    public const string Refresh = "LOYALTY_TIERS.REFRESH";

    /// <summary>The steps by type.</summary>
    public static IEnumerable<KeyValuePair<string, JobStep>> Steps(Dialect dialect) => [new(Refresh, (db, job, now) => Some(dialect, db, job, now))];

    /// <summary>Adds the job inside a write; wake the queue after it.</summary>
    public static Task Enqueue(DbConnection db, string project, string campaign, long now) =>
        JobQueue.Enqueue(db, project, Refresh, Wire.Text(new TierJob(campaign)), 0, now, series: "tiers " + campaign, isInner: true);

    static async Task<Chunk> Some(Dialect dialect, DbConnection db, Job job, long now)
    {
        var limit = dialect.IsPostgres ? 200 : 50;
        await OutboxQueue.HoldAll(db, dialect);
        var cards = (await db.QueryAsync<string>("""
            SELECT id FROM vouchers WHERE project_id = @ProjectId AND campaign_id = @campaign AND holder_id IS NOT NULL AND deleted_at IS NULL AND id > @after ORDER BY id LIMIT @limit
            """, new { job.ProjectId, campaign = Wire.Read<TierJob>(job.Parameters).CampaignId, after = job.Place ?? "", limit })).AsList();
        await LoyaltyTierFlow.Look(db, dialect, job.ProjectId, cards, now);
        return cards.Count == limit ? Chunk.More(cards.Count, cards[^1]) : Chunk.Last(cards.Count, "{}");
    }
}

/// <summary>Whose cards are looked at.</summary>
public sealed record TierJob(string CampaignId);
