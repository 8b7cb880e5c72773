using System.Data.Common;
using Dapper;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Publications;

/// <summary>The statements about publications.</summary>
static class PublicationSql
{
    public const string Success = "SUCCESS";
    public const string Failure = "FAILURE";

    /// <summary>
    /// Gives the next free codes of a campaign to a customer and answers them; fewer when there are no more. Codes
    /// that another transaction is about to give are passed over, so that nobody waits.
    /// </summary>
    /// <param name="db">The connection of the write.</param>
    /// <param name="dialect">Of the database.</param>
    /// <param name="giving">Whose codes, to whom, and until when they last.</param>
    /// <param name="count">How many.</param>
    /// <param name="isPatient">Waits for codes that others hold at the moment instead: they may let go of them.</param>
    public static async Task<List<VoucherRow>> Take(DbConnection db, Dialect dialect, Taking giving, long count, bool isPatient = false) =>
        (await db.QueryAsync<VoucherRow>($"""
            WITH free AS MATERIALIZED (
                SELECT id FROM vouchers
                WHERE project_id = @Project AND campaign_id = @Campaign AND published = 0 AND holder_id IS NULL AND active
                    AND deleted_at IS NULL AND (expires_at IS NULL OR expires_at > @Now) AND (quantity IS NULL OR redeemed < quantity)
                ORDER BY id LIMIT @count {(isPatient ? dialect.ForUpdate : dialect.SkipLocked)})
            UPDATE vouchers SET {Given} WHERE project_id = @Project AND id IN (SELECT id FROM free)
            RETURNING *
            """, new { giving.Project, giving.Campaign, giving.Customer, giving.Until, giving.Now, count })).AsList();

    /// <summary>Gives one code to a customer; null when somebody was given it before.</summary>
    public static Task<VoucherRow?> TakeOne(DbConnection db, Taking giving, string voucher) => db.QueryFirstOrDefaultAsync<VoucherRow>($"""
        UPDATE vouchers SET {Given}
        WHERE project_id = @Project AND id = @voucher AND published = 0 AND holder_id IS NULL AND deleted_at IS NULL
        RETURNING *
        """, new { giving.Project, giving.Customer, giving.Until, giving.Now, voucher });

    const string Given = "holder_id = @Customer, published = published + 1, updated_at = @Now, expires_at = COALESCE(@Until, expires_at)";

    /// <summary>The publication that a source id names.</summary>
    public static Task<PublicationRow?> BySource(DbConnection db, string project, string sourceId) => db.QueryFirstOrDefaultAsync<PublicationRow>(
        "SELECT * FROM publications WHERE project_id = @project AND source_id = @sourceId", new { project, sourceId });

    /// <summary>The first publication from a campaign to a customer; null before that.</summary>
    public static Task<PublicationRow?> FirstOf(DbConnection db, string project, string campaign, string customer) =>
        db.QueryFirstOrDefaultAsync<PublicationRow>("""
            SELECT * FROM publications
            WHERE project_id = @project AND customer_id = @customer AND campaign_id = @campaign AND result = 'SUCCESS' ORDER BY id LIMIT 1
            """, new { project, campaign, customer });

    /// <summary>Writes a publication with its vouchers.</summary>
    public static async Task Insert(DbConnection db, PublicationRow row, IReadOnlyList<VoucherRow> vouchers)
    {
        await db.ExecuteAsync("""
            INSERT INTO publications (project_id, id, customer_id, campaign_id, campaign_name, voucher_code, voucher_type, is_referral,
                source_id, channel, result, failure_code, created_at, body)
            VALUES (@ProjectId, @Id, @CustomerId, @CampaignId, @CampaignName, @VoucherCode, @VoucherType, @IsReferral,
                @SourceId, @Channel, @Result, @FailureCode, @CreatedAt, @json)
            """, new
        {
            row.ProjectId,
            row.Id,
            row.CustomerId,
            row.CampaignId,
            row.CampaignName,
            row.VoucherCode,
            row.VoucherType,
            row.IsReferral,
            row.SourceId,
            row.Channel,
            row.Result,
            row.FailureCode,
            row.CreatedAt,
            json = new Json(row.Body),
        });
        foreach (var voucher in vouchers)
            await db.ExecuteAsync("INSERT INTO published_vouchers (project_id, voucher_id, publication_id, code) VALUES (@ProjectId, @voucher, @Id, @code)",
                new { row.ProjectId, voucher = voucher.Id, row.Id, code = voucher.Code });
    }

    /// <summary>The vouchers of ids, deleted ones left out.</summary>
    public static async Task<List<VoucherRow>> Vouchers(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> ids) =>
        (await db.QueryAsync<VoucherRow>(
            $"SELECT {VoucherSql.Columns} FROM vouchers WHERE project_id = @project AND {dialect.Among("id", "@ids")} AND deleted_at IS NULL ORDER BY id",
            new { project, ids = dialect.Texts(ids) })).AsList();
}

/// <summary>What giving a code needs to know.</summary>
/// <param name="Project">The project.</param>
/// <param name="Campaign">The campaign's id; null for a code without one.</param>
/// <param name="Customer">Whose the codes will be.</param>
/// <param name="Until">When they end, where that follows from the publication; Unix milliseconds.</param>
/// <param name="Now">Unix milliseconds.</param>
sealed record Taking(string Project, string? Campaign, string Customer, long? Until, long Now);
