using System.Data.Common;
using Dapper;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Features.Campaigns;

/// <summary>
/// What campaigns do after their request was answered: make codes, change their terms, clear them away. Each
/// chunk is one transaction with the job's cursor, and can be begun again.
/// </summary>
static class CampaignJobs
{
    public const string Generate = "CAMPAIGN.VOUCHERS_GENERATE";
    public const string Update = "CAMPAIGN.VOUCHERS_UPDATE";
    public const string Delete = "CAMPAIGN.VOUCHERS_DELETE";

    /// <summary>No async action of the API: restoring is an operation of ours.</summary>
    public const string Restore = "CAMPAIGN.VOUCHERS_RESTORE";

    /// <summary>What is left to write when a job is given up.</summary>
    public static IEnumerable<KeyValuePair<string, Func<DbConnection, Job, long, Task>>> WhenGivenUp =>
    [
        new(Generate, (db, job, now) => Fail(db, job, Wire.Read<CampaignJob>(job.Parameters).CampaignId, now)),
    ];

    /// <summary>The steps by type.</summary>
    public static IEnumerable<KeyValuePair<string, JobStep>> Steps(Database database) =>
    [
        new(Generate, (db, job, now) => GenerateSome(database, db, job, now)),
        new(Update, (db, job, now) => UpdateSome(database, db, job, now)),
        new(Delete, (db, job, now) => DeleteSome(database, db, job, now)),
        new(Restore, (db, job, _) => RestoreSome(database, db, job)),
    ];

    static async Task<Chunk> GenerateSome(Database database, DbConnection db, Job job, long now)
    {
        var work = Wire.Read<CampaignJob>(job.Parameters);
        var left = job.TotalCount - job.DoneCount;
        if (await CampaignSql.Lock(db, job.ProjectId, work.CampaignId) is not { } campaign)
            return Chunk.Last(0, Result("The campaign was deleted before its codes were made", job.DoneCount));
        if (job.DoneCount == 0) await Tell(db, job, EventTypes.GenerationStarted, new(campaign.Id, job.TotalCount), now);
        var body = Wire.Read<CampaignBody>(campaign.Body);
        var count = (int)Math.Min(left, database.ChunkRows);
        var codes = await CodeMaking.Draw(db, database.Dialect, job.ProjectId, CampaignVouchers.ConfigOf(body, work.Voucher), count);
        if (codes is null)
        {
            await Fail(db, job, campaign.Id, now);
            return Chunk.Failed(Result($"The code_config has too few codes that are not taken: {left} more were asked for", job.DoneCount));
        }
        await AddAll(database, db, CampaignVouchers.Pattern(campaign, body, work.Voucher, now), codes, now);
        await CampaignSql.Count(db, job.ProjectId, campaign.Id, count);
        if (count < left) return Chunk.More(count);
        await CampaignSql.Generated(db, job.ProjectId, campaign.Id, CampaignSql.Done);
        await Tell(db, job, EventTypes.GenerationCompleted, new(campaign.Id, job.TotalCount) { CompletedAt = new(now) }, now);
        // The first codes of a campaign are its own; any more are added.
        if (work.Voucher is not null) await Tell(db, job, EventTypes.VouchersAdded, new(campaign.Id, job.TotalCount), now);
        return Chunk.Last(count, Result($"Generated {job.TotalCount} vouchers.", job.TotalCount));
    }

    static async Task Fail(DbConnection db, Job job, string campaign, long now)
    {
        await CampaignSql.Generated(db, job.ProjectId, campaign, CampaignSql.Failed);
        await Tell(db, job, EventTypes.GenerationFailed, new(campaign, job.TotalCount - job.DoneCount), now);
    }

    static Task Tell(DbConnection db, Job job, string type, CodesTold told, long now) => Happening.Tell(db, job.ProjectId, type, null, told, now);

    static async Task AddAll(Database database, DbConnection db, VoucherRow pattern, List<string> codes, long now)
    {
        var values = VoucherSql.Values(pattern);
        var cards = pattern.GiftBalance is > 0 ? new List<VoucherRow>(codes.Count) : null;
        // Ids in order, too, so that the indexes of ids and of cards grow at their ends.
        string[] ids = [.. codes.Select(_ => Ids.New(VoucherRow.IdPrefix, now)).Order(StringComparer.Ordinal)];
        var at = 0;
        await database.BulkInsert(db, "vouchers", VoucherSql.BulkColumns, codes.Order(StringComparer.Ordinal).Select(code =>
        {
            // The row is read before the next is asked for.
            values[1] = ids[at++];
            values[2] = code;
            cards?.Add(new VoucherRow { Id = ids[at - 1], Type = pattern.Type, GiftBalance = pattern.GiftBalance });
            return values;
        }));
        if (cards is not null)
            await database.BulkInsert(db, "postings", Ledger.Columns, Ledger.Issue(pattern.ProjectId, Ids.New("vtx_", now), cards, now));
    }

    // Codes that somebody has or used keep their terms; those made later have the new ones already.
    static async Task<Chunk> UpdateSome(Database database, DbConnection db, Job job, long now)
    {
        var dialect = database.Dialect;
        var work = Wire.Read<CampaignJob>(job.Parameters);
        var codes = await Next(database, db, job, work.CampaignId);
        var (field, json) = work.Discount is { } discount ? ("discount", Wire.Text(discount)) : ("gift_effect", $"\"{work.GiftEffect}\"");
        var changed = await db.ExecuteAsync($"""
            UPDATE vouchers SET body = {dialect.JsonSet("body", field, "@json")}, updated_at = @now
            WHERE project_id = @ProjectId AND {dialect.Among("id", "@ids")}
                AND redeemed = 0 AND holder_id IS NULL AND published = 0 AND deleted_at IS NULL AND {dialect.JsonDiffers("body", field, "@json")}
            """, new { job.ProjectId, ids = codes.Ids(dialect), json, now });
        return codes.IsLast ? Chunk.Last(changed, Result($"Updated {job.DoneCount + changed} vouchers.", job.DoneCount + changed)) : Chunk.More(changed, codes.Place);
    }

    /// <summary>Codes of a campaign that a chunk works on.</summary>
    /// <param name="Rows">In the order in which they were made.</param>
    /// <param name="IsLast">True when there are no more.</param>
    sealed record Codes(List<VoucherRow> Rows, bool IsLast)
    {
        public string Place => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Rows[^1].CreatedAt} {Rows[^1].Id}");

        public object Ids(Dialect dialect) => dialect.Texts([.. Rows.Select(row => row.Id)]);
    }

    // The place is the last code that the chunk before saw, so that no chunk looks at those again.
    static async Task<Codes> Next(Database database, DbConnection db, Job job, string campaign)
    {
        var place = job.Place?.Split(' ');
        var rows = (await db.QueryAsync<VoucherRow>("""
            SELECT id, created_at FROM vouchers
            WHERE project_id = @ProjectId AND campaign_id = @campaign AND created_at >= @at AND (created_at, id) > (@at, @id)
            ORDER BY created_at, id LIMIT @limit
            """, new
        {
            job.ProjectId,
            campaign,
            at = place is null ? 0 : long.Parse(place[0], System.Globalization.CultureInfo.InvariantCulture),
            id = place?[1] ?? "",
            limit = database.ChunkRows,
        })).AsList();
        return new Codes(rows, rows.Count < database.ChunkRows);
    }

    static async Task<Chunk> DeleteSome(Database database, DbConnection db, Job job, long now)
    {
        var work = Wire.Read<CampaignJob>(job.Parameters);
        if (work.Force) return await DeleteForGood(database, db, job, work.CampaignId, now);
        if (await CampaignBin.IsLive(db, database.Dialect, job.ProjectId, work.CampaignId)) return Chunk.Last(0, Result("The campaign was restored", job.DoneCount));
        var codes = await Next(database, db, job, work.CampaignId);
        var changed = await db.ExecuteAsync($"UPDATE vouchers SET deleted_at = @now WHERE project_id = @ProjectId AND {database.Dialect.Among("id", "@ids")} AND deleted_at IS NULL",
            new { job.ProjectId, ids = codes.Ids(database.Dialect), now });
        return codes.IsLast ? Deleted(job, changed) : Chunk.More(changed, codes.Place);
    }

    static Chunk Deleted(Job job, long changed) => Chunk.Last(changed, Result($"Deleted {job.DoneCount + changed} vouchers.", job.DoneCount + changed));

    static async Task<Chunk> RestoreSome(Database database, DbConnection db, Job job)
    {
        var campaign = Wire.Read<CampaignJob>(job.Parameters).CampaignId;
        if (!await CampaignBin.IsLive(db, database.Dialect, job.ProjectId, campaign)) return Chunk.Last(0, Result("The campaign was deleted again", job.DoneCount));
        var changed = await CampaignBin.RestoreSome(db, job.ProjectId, campaign, database.ChunkRows);
        return changed == database.ChunkRows ? Chunk.More(changed) : Chunk.Last(changed, Result($"{job.DoneCount + changed} vouchers were restored", job.DoneCount + changed));
    }

    static async Task<Chunk> DeleteForGood(Database database, DbConnection db, Job job, string campaign, long now)
    {
        var changed = await DeleteCodes(database, db, job, campaign, now);
        if (changed == database.ChunkRows) return Chunk.More(changed);
        var args = new { job.ProjectId, campaign };
        await db.ExecuteAsync("DELETE FROM promotion_stacks WHERE project_id = @ProjectId AND campaign_id = @campaign", args);
        await db.ExecuteAsync("DELETE FROM promotion_tiers WHERE project_id = @ProjectId AND campaign_id = @campaign", args);
        await db.ExecuteAsync("DELETE FROM validation_rule_assignments WHERE project_id = @ProjectId AND related_object_id = @campaign", args);
        await db.ExecuteAsync("DELETE FROM campaigns WHERE project_id = @ProjectId AND id = @campaign", args);
        return Deleted(job, changed);
    }

    static async Task<int> DeleteCodes(Database database, DbConnection db, Job job, string campaign, long now)
    {
        var rows = (await db.QueryAsync<VoucherRow>($"""
            DELETE FROM vouchers WHERE project_id = @ProjectId AND id IN (
                SELECT id FROM vouchers WHERE project_id = @ProjectId AND campaign_id = @campaign LIMIT {database.ChunkRows})
            RETURNING id, type, gift_balance
            """, new { job.ProjectId, campaign })).AsList();
        var ids = database.Dialect.Texts([.. rows.Select(row => row.Id)]);
        await db.ExecuteAsync($"DELETE FROM session_holds WHERE project_id = @ProjectId AND {database.Dialect.Among("voucher_id", "@ids")}", new { job.ProjectId, ids });
        await db.ExecuteAsync($"DELETE FROM validation_rule_assignments WHERE project_id = @ProjectId AND {database.Dialect.Among("related_object_id", "@ids")}", new { job.ProjectId, ids });
        if (rows.Exists(row => row.GiftBalance > 0))
            await database.BulkInsert(db, "postings", Ledger.Columns, Ledger.TakeBack(job.ProjectId, Ids.New("vtx_", now), rows, now));
        if (rows.Count < database.ChunkRows)
            await db.ExecuteAsync("DELETE FROM voucher_transactions WHERE project_id = @ProjectId AND campaign_id = @campaign", new { job.ProjectId, campaign });
        await db.ExecuteAsync("DELETE FROM point_buckets WHERE project_id = @ProjectId AND campaign_id = @campaign", new { job.ProjectId, campaign });
        await db.ExecuteAsync("DELETE FROM loyalty_tier_members WHERE project_id = @ProjectId AND campaign_id = @campaign", new { job.ProjectId, campaign });
        await db.ExecuteAsync("DELETE FROM loyalty_tiers WHERE project_id = @ProjectId AND campaign_id = @campaign", new { job.ProjectId, campaign });
        return rows.Count;
    }

    static string Result(string message, long done) => Wire.Text(new CampaignJobResult(message, done));
}
