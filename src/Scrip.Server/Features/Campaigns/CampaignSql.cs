using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Campaigns;

/// <summary>The statements about campaigns. They are named by id or by name.</summary>
static class CampaignSql
{
    public const string Done = "DONE";
    public const string InProgress = "IN_PROGRESS";
    public const string Failed = "FAILED";

    public static Task<CampaignRow?> Find(DbConnection db, string project, string id, string ending = "") =>
        db.QueryFirstOrDefaultAsync<CampaignRow>($"""
            SELECT * FROM campaigns WHERE project_id = @project AND (id = @id OR name = @id) AND deleted_at IS NULL
            ORDER BY CASE WHEN id = @id THEN 0 ELSE 1 END LIMIT 1 {ending}
            """, new { project, id });

    /// <summary>Campaigns that are not deleted: those with one of the ids, or all.</summary>
    public static async Task<List<CampaignRow>> Live(DbConnection db, Dialect dialect, string project, string[]? ids) => (await db.QueryAsync<CampaignRow>(
        $"SELECT * FROM campaigns WHERE project_id = @project AND deleted_at IS NULL{(ids is null ? "" : $" AND {dialect.Among("id", "@ids")}")}",
        new { project, ids = ids is null ? null : dialect.Texts(ids) })).AsList();

    public static Task Insert(DbConnection db, CampaignRow row) => db.ExecuteAsync("""
        INSERT INTO campaigns (project_id, id, name, campaign_type, active, starts_at, expires_at, vouchers_count,
            creation_status, generation_status, created_at, body, category_id)
        VALUES (@ProjectId, @Id, @Name, @CampaignType, @Active, @StartsAt, @ExpiresAt, @VouchersCount,
            @CreationStatus, @GenerationStatus, @CreatedAt, @json, @CategoryId)
        """, Args(row));

    public static Task Update(DbConnection db, CampaignRow row) => db.ExecuteAsync("""
        UPDATE campaigns SET active = @Active, starts_at = @StartsAt, expires_at = @ExpiresAt, category_id = @CategoryId, updated_at = @UpdatedAt,
            body = @json
        WHERE project_id = @ProjectId AND id = @Id
        """, Args(row));

    public static Task Enable(DbConnection db, CampaignRow row, bool active, long now) => db.ExecuteAsync(
        "UPDATE campaigns SET active = @active, updated_at = @now WHERE project_id = @ProjectId AND id = @Id",
        new { row.ProjectId, row.Id, active, now });

    /// <summary>Into the bin. One that is deleted for good gives its name free at once.</summary>
    public static Task Delete(DbConnection db, CampaignRow row, bool force, long now) => db.ExecuteAsync("""
        UPDATE campaigns SET deleted_at = @now, name = CASE WHEN @force THEN id ELSE name END WHERE project_id = @ProjectId AND id = @Id
        """, new { row.ProjectId, row.Id, force, now });

    /// <summary>
    /// The campaign, locked until the transaction ends, so that codes are added and the campaign is deleted one
    /// after the other; null when it is deleted.
    /// </summary>
    public static Task<CampaignRow?> Lock(DbConnection db, string project, string id) => db.QueryFirstOrDefaultAsync<CampaignRow>("""
        UPDATE campaigns SET vouchers_count = vouchers_count WHERE project_id = @project AND id = @id AND deleted_at IS NULL RETURNING *
        """, new { project, id });

    /// <summary>Counts codes in or out.</summary>
    public static Task Count(DbConnection db, string project, string id, long added) => db.ExecuteAsync(
        "UPDATE campaigns SET vouchers_count = vouchers_count + @added WHERE project_id = @project AND id = @id", new { project, id, added });

    /// <summary>How far making its codes has come.</summary>
    public static Task Generated(DbConnection db, string project, string id, string status) => db.ExecuteAsync("""
        UPDATE campaigns SET generation_status = @status,
            creation_status = CASE WHEN creation_status = 'IN_PROGRESS' THEN @status ELSE creation_status END
        WHERE project_id = @project AND id = @id
        """, new { project, id, status });

    static object Args(CampaignRow row) => new
    {
        row.ProjectId,
        row.Id,
        row.Name,
        row.CampaignType,
        row.CategoryId,
        row.Active,
        row.StartsAt,
        row.ExpiresAt,
        row.VouchersCount,
        row.CreationStatus,
        row.GenerationStatus,
        row.CreatedAt,
        row.UpdatedAt,
        json = new Json(row.Body),
    };
}
