using System.Data.Common;
using Dapper;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Vouchers;

/// <summary>The statements about vouchers. A voucher in the bin, or of a campaign in the bin, is not found.</summary>
static class VoucherSql
{
    /// <summary>Adds the campaign's name to the columns of a voucher.</summary>
    public const string Columns = """
        vouchers.*, (SELECT name FROM campaigns WHERE campaigns.project_id = vouchers.project_id AND campaigns.id = vouchers.campaign_id) AS campaign_name,
        (SELECT campaign_type FROM campaigns WHERE campaigns.project_id = vouchers.project_id AND campaigns.id = vouchers.campaign_id) AS campaign_type
        """;

    /// <summary>The vouchers of a project that are there, needing the parameter <c>project</c>.</summary>
    public const string Live = """
        vouchers.deleted_at IS NULL AND (vouchers.campaign_id IS NULL OR vouchers.campaign_id NOT IN (
            SELECT id FROM campaigns WHERE project_id = @project AND deleted_at IS NOT NULL))
        """;

    /// <summary>The columns that <see cref="Values"/> fills.</summary>
    public static readonly (string Name, bool IsJson)[] BulkColumns =
    [
        ("project_id", false), ("id", false), ("code", false), ("type", false), ("campaign_id", false), ("active", false),
        ("starts_at", false), ("expires_at", false), ("quantity", false), ("redeemed", false), ("gift_amount", false),
        ("gift_subtracted", false), ("gift_balance", false), ("created_at", false), ("body", true), ("category_id", false), ("has_rules", false),
    ];

    /// <summary>
    /// By code, by code with spaces for plus signs, or by id; the first that exists. Three plain look-ups: with
    /// ORs, SQLite reads every voucher of the project.
    /// </summary>
    public static Task<VoucherRow?> Find(DbConnection db, string project, string id) => Find(db, project, id, "");

    /// <summary>Like <see cref="Find(DbConnection, string, string)"/>, before the same transaction changes it.</summary>
    public static Task<VoucherRow?> FindForUpdate(DbConnection db, string project, string id, Dialect dialect) => Find(db, project, id, dialect.ForUpdate);

    static Task<VoucherRow?> Find(DbConnection db, string project, string id, string ending)
    {
        var spaced = id.Replace('+', ' ');
        return db.QueryFirstOrDefaultAsync<VoucherRow>($"""
            SELECT {Columns} FROM vouchers
            WHERE project_id = @project AND {Live} AND id = (SELECT id FROM (
                SELECT 0 AS place, id FROM vouchers WHERE project_id = @project AND code = @id AND deleted_at IS NULL
                UNION ALL SELECT 1 AS place, id FROM vouchers WHERE project_id = @project AND code = @spaced AND deleted_at IS NULL
                UNION ALL SELECT 2 AS place, id FROM vouchers WHERE project_id = @project AND id = @id AND deleted_at IS NULL
            ) named ORDER BY place LIMIT 1) {ending}
            """, new { project, id, spaced });
    }

    /// <summary>Even when it lies in the bin; for deleting it for good.</summary>
    public static Task<VoucherRow?> FindInBin(DbConnection db, string project, string id) => db.QueryFirstOrDefaultAsync<VoucherRow>("""
        SELECT * FROM vouchers WHERE project_id = @project AND (code = @id OR id = @id) AND deleted_at IS NOT NULL
        ORDER BY CASE WHEN code = @id THEN 0 ELSE 1 END LIMIT 1
        """, new { project, id });

    /// <summary>The codes among these that the project has already, those in the bin included.</summary>
    public static async Task<List<string>> Taken(DbConnection db, Dialect dialect, string project, IReadOnlyCollection<string> codes) =>
        (await db.QueryAsync<string>($"SELECT code FROM vouchers WHERE project_id = @project AND {dialect.Among("code", "@codes")}",
            new { project, codes = dialect.Texts(codes) })).AsList();

    public static Task Insert(DbConnection db, VoucherRow row) => db.ExecuteAsync("""
        INSERT INTO vouchers (project_id, id, code, type, campaign_id, holder_id, active, starts_at, expires_at, quantity,
            gift_amount, gift_balance, created_at, body, category_id)
        VALUES (@ProjectId, @Id, @Code, @Type, @CampaignId, @HolderId, @Active, @StartsAt, @ExpiresAt, @Quantity,
            @GiftAmount, @GiftBalance, @CreatedAt, @json, @CategoryId)
        """, Args(row));

    /// <summary>A row for a bulk insert, in the order of <see cref="BulkColumns"/>.</summary>
    public static object?[] Values(VoucherRow row) =>
    [
        row.ProjectId, row.Id, row.Code, row.Type, row.CampaignId, row.Active, row.StartsAt, row.ExpiresAt, row.Quantity, row.Redeemed,
        row.GiftAmount, 0L, row.GiftBalance, row.CreatedAt, row.Body, row.CategoryId, row.HasRules,
    ];

    /// <summary>Writes what an update may change; counters and balances have statements of their own.</summary>
    public static Task Update(DbConnection db, VoucherRow row) => db.ExecuteAsync("""
        UPDATE vouchers SET active = @Active, starts_at = @StartsAt, expires_at = @ExpiresAt, category_id = @CategoryId, updated_at = @UpdatedAt,
            body = @json
        WHERE project_id = @ProjectId AND id = @Id
        """, Args(row));

    public static Task Enable(DbConnection db, VoucherRow row, bool active, long now) => db.ExecuteAsync(
        "UPDATE vouchers SET active = @active, updated_at = @now WHERE project_id = @ProjectId AND id = @Id",
        new { row.ProjectId, row.Id, active, now });

    /// <summary>
    /// Loads a gift card or takes credits off it. No row comes back when the balance does not allow it.
    /// </summary>
    public static Task<VoucherRow?> Load(DbConnection db, VoucherRow card, long added, long removed, long now) =>
        db.QueryFirstOrDefaultAsync<VoucherRow>("""
            UPDATE vouchers SET gift_amount = gift_amount + @added, gift_subtracted = gift_subtracted + @removed,
                gift_balance = gift_balance + @added - @removed, updated_at = @now
            WHERE project_id = @ProjectId AND id = @Id AND deleted_at IS NULL
                AND gift_balance >= @removed AND gift_amount <= @max - @added
            RETURNING *
            """, new { card.ProjectId, card.Id, added, removed, now, max = Platform.Http.Wire.WholeMax });

    /// <summary>Takes expired points off a loyalty card. No row comes back when it has not as many.</summary>
    public static Task<VoucherRow?> Expire(DbConnection db, VoucherRow card, long points, long now) =>
        db.QueryFirstOrDefaultAsync<VoucherRow>("""
            UPDATE vouchers SET points_expired = points_expired + @points, gift_balance = gift_balance - @points, updated_at = @now
            WHERE project_id = @ProjectId AND id = @Id AND deleted_at IS NULL AND gift_balance >= @points
            RETURNING *
            """, new { card.ProjectId, card.Id, points, now });

    /// <summary>Into the bin, where its code stays taken. False when it was there already.</summary>
    public static async Task<bool> Bin(DbConnection db, VoucherRow row, long now) => await db.ExecuteAsync(
        "UPDATE vouchers SET deleted_at = @now WHERE project_id = @ProjectId AND id = @Id AND deleted_at IS NULL",
        new { row.ProjectId, row.Id, now }) == 1;

    /// <summary>For good, with what moved on it; what is left on a card goes back to where it came from.</summary>
    public static async Task Delete(DbConnection db, VoucherRow row, long now)
    {
        var balance = await db.ExecuteScalarAsync<long?>("DELETE FROM vouchers WHERE project_id = @ProjectId AND id = @Id RETURNING gift_balance",
            new { row.ProjectId, row.Id });
        await db.ExecuteAsync("DELETE FROM session_holds WHERE project_id = @ProjectId AND voucher_id = @Id", new { row.ProjectId, row.Id });
        await db.ExecuteAsync("DELETE FROM validation_rule_assignments WHERE project_id = @ProjectId AND related_object_id = @Id", new { row.ProjectId, row.Id });
        await db.ExecuteAsync("DELETE FROM voucher_transactions WHERE project_id = @ProjectId AND voucher_id = @Id", new { row.ProjectId, row.Id });
        await db.ExecuteAsync("DELETE FROM point_buckets WHERE project_id = @ProjectId AND voucher_id = @Id", new { row.ProjectId, row.Id });
        await db.ExecuteAsync("DELETE FROM loyalty_tier_members WHERE project_id = @ProjectId AND voucher_id = @Id", new { row.ProjectId, row.Id });
        await Ledger.Move(db, row.ProjectId, Platform.Ids.New("vtx_", now), Ledger.Card(row.Id), Ledger.Issued(row.Type), balance ?? 0, now);
    }

    static object Args(VoucherRow row) => new
    {
        row.ProjectId,
        row.Id,
        row.Code,
        row.Type,
        row.CampaignId,
        row.CategoryId,
        row.HolderId,
        row.Active,
        row.StartsAt,
        row.ExpiresAt,
        row.Quantity,
        row.GiftAmount,
        row.GiftBalance,
        row.CreatedAt,
        row.UpdatedAt,
        json = new Json(row.Body),
    };
}
