using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.TrashBin;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Campaigns;

/// <summary>
/// Campaigns in the bin. Their codes go with them and come back with them, by jobs; codes that were deleted by
/// themselves have entries of their own and stay deleted.
/// </summary>
static class CampaignBin
{
    public const string Type = "campaign";

    /// <summary>What the bin wants of campaigns.</summary>
    public static readonly BinKind Kind = new(Type, Restore, Delete);

    static async Task Restore(DbConnection db, Call call, BinRow entry)
    {
        await db.ExecuteAsync("UPDATE campaigns SET deleted_at = NULL WHERE project_id = @ProjectId AND id = @ResourceId", new { entry.ProjectId, entry.ResourceId });
        await ProjectSql.Bump(db, entry.ProjectId, ConfigKind.Campaign, entry.ResourceId);
        var job = new CampaignJob { CampaignId = entry.ResourceId, RequestId = call.RequestId };
        await JobQueue.Enqueue(db, entry.ProjectId, CampaignJobs.Restore, Wire.Text(job), 0, call.Now, isInner: true);
    }

    static async Task Delete(DbConnection db, Call call, BinRow entry)
    {
        var row = await db.QueryFirstOrDefaultAsync<CampaignRow>("SELECT * FROM campaigns WHERE project_id = @ProjectId AND id = @ResourceId",
            new { entry.ProjectId, entry.ResourceId }) ?? throw new ApiFault(Refusals.Missing(Type, entry.ResourceId));
        await CampaignSql.Delete(db, row, force: true, call.Now);
        var job = new CampaignJob { CampaignId = row.Id, RequestId = call.RequestId, Force = true };
        await JobQueue.Enqueue(db, entry.ProjectId, CampaignJobs.Delete, Wire.Text(job), row.VouchersCount, call.Now);
    }

    /// <summary>True when the campaign is not deleted; it stays so until the transaction ends.</summary>
    public static async Task<bool> IsLive(DbConnection db, Platform.Data.Dialect dialect, string project, string id) => await db.ExecuteScalarAsync<long?>(
        $"SELECT 1 FROM campaigns WHERE project_id = @project AND id = @id AND deleted_at IS NULL {dialect.ForShare}", new { project, id }) is not null;

    /// <summary>Takes back some of the codes that went with their campaign; how many.</summary>
    public static Task<int> RestoreSome(DbConnection db, string project, string campaign, int rows) => db.ExecuteAsync($"""
        UPDATE vouchers SET deleted_at = NULL
        WHERE project_id = @project AND id IN (
            SELECT id FROM vouchers WHERE project_id = @project AND campaign_id = @campaign AND deleted_at IS NOT NULL
                AND {BinSql.WentAlong("vouchers", "voucher")} LIMIT {rows})
        """, new { project, campaign });
}
