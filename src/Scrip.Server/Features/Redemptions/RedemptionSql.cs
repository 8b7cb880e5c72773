using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Engine.Facts;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Redemptions;

/// <summary>
/// The statements about redemptions. Every limit is guarded here again, whatever was decided: a guard that
/// changes no row undoes the whole batch.
/// </summary>
static class RedemptionSql
{
    /// <summary>No row changes when the last use or the credits were taken or are held by a session, or the voucher was switched off.</summary>
    const string TakeUse = """
        UPDATE vouchers SET redeemed = redeemed + 1, gift_balance = gift_balance - @credits
        WHERE project_id = @project AND id = @id AND deleted_at IS NULL AND active
            AND (quantity IS NULL OR redeemed + held < quantity)
            AND (gift_balance IS NULL OR gift_balance - held_credits >= @credits)
            AND (expires_at IS NULL OR expires_at >= @now)
        """;

    const string GiveBack = """
        UPDATE vouchers SET redeemed = redeemed - 1, gift_balance = gift_balance + @credits
        WHERE project_id = @project AND id = @id AND redeemed > 0
        """;

    /// <summary>No row changes when another rollback was first.</summary>
    const string MarkRolledBack = """
        UPDATE redemptions SET status = 'ROLLED_BACK'
        WHERE project_id = @project AND id = @id AND object = 'redemption' AND status = 'SUCCEEDED'
        """;

    const string InsertRow = """
        INSERT INTO redemptions (project_id, id, object, parent_id, redemption_id, voucher_id, voucher_code, campaign_id,
            promotion_tier_id, customer_id, order_id, result, status, tracking_id, amount, created_at, body, trace, order_amount, discount_amount, api_key)
        VALUES (@project, @id, @object, @parent, @redemption, @voucher, @code, @campaign,
            @tier, @customer, @order, @result, @status, @tracking, @amount, @now, @body, @trace, @order_amount, @discount_amount, @key)
        """;

    /// <summary>Takes one use, and credits of a gift card in minor units.</summary>
    public static void Take(Batch batch, string project, VoucherRow voucher, long credits, long now) => batch.Guard(Refusals.QuantityExceeded, TakeUse,
        ("project", project), ("id", voucher.Id), ("credits", credits), ("now", now)).At(Rank.Voucher, voucher.Id);

    /// <summary>Gives one use back, and credits of a gift card.</summary>
    public static void Restore(Batch batch, string project, string voucherId, long credits) => batch.Add(GiveBack,
        ("project", project), ("id", voucherId), ("credits", credits));

    /// <summary>Switches a code off that nobody used; lost when somebody did meanwhile.</summary>
    public static void SwitchOff(Batch batch, string project, string voucherId, long now) => batch.Guard(Refusals.ConcurrentUpdate,
        "UPDATE vouchers SET active = FALSE, updated_at = @now WHERE project_id = @project AND id = @id AND redeemed = 0",
        ("project", project), ("id", voucherId), ("now", now));

    /// <summary>Marks a redemption as rolled back, once.</summary>
    public static void Mark(Batch batch, string project, string id) => batch.Guard(Refusals.AlreadyRolledBack, MarkRolledBack, ("project", project), ("id", id));

    /// <summary>Adds an entry of the history; of a part of a stack, <paramref name="parent"/> is the stack's.</summary>
    public static void Insert(Batch batch, string project, Redemption entry, Redemption? parent, VoucherRow? voucher, TraceView[]? traces = null, Usage? takes = null) => batch.Add(InsertRow,
        ("project", project), ("id", entry.Id), ("object", entry.Object), ("parent", Typed.Of(parent?.Id)),
        ("redemption", Typed.Of(entry.Object == RollbackFlow.Object ? entry.RedemptionId : null)),
        ("voucher", Typed.Of(voucher?.Id)), ("code", Typed.Of(voucher?.Code)), ("campaign", Typed.Of(voucher?.CampaignId ?? entry.PromotionTier?.CampaignId)),
        ("tier", Typed.Of(entry.PromotionTier?.Id)), ("customer", Typed.Of(entry.CustomerId)),
        ("order", Typed.Of(entry.Order?.Id)), ("result", entry.Result), ("status", entry.Status), ("tracking", Typed.Of(entry.TrackingId)),
        ("amount", Typed.Of(entry.Amount)), ("now", entry.Date.Ms),
        ("body", new Utf8Text(Body(entry, parent))), ("trace", traces is null ? Null.Text : new Utf8Text(Wire.Bytes(traces))),
        ("order_amount", Typed.Of(takes?.Orders)), ("discount_amount", Typed.Of(takes?.Discounts)), ("key", Typed.Of(takes is null ? null : entry.Channel.ChannelId)));

    // Without the voucher's images, which are addresses.
    static byte[] Body(Redemption entry, Redemption? parent)
    {
        if (entry.Voucher is { Assets: not null } shown) entry = entry with { Voucher = shown with { Assets = null } };
        return parent is null ? Wire.Bytes(entry) : Wire.Bytes(StackPart.Of(entry, parent));
    }

    /// <summary>The redemptions of rows as they were answered, with the status of now. Parents of parts that are not among the rows are looked up.</summary>
    public static async Task<List<Redemption>> Whole(DbConnection db, Dialect dialect, string project, IReadOnlyList<RedemptionRow> rows)
    {
        var parts = rows.Select(row => row.ParentId is null ? null : Wire.Read<StackPart>(row.Body)).ToArray();
        var parents = rows.Where(row => row.ParentId is null).ToDictionary(row => row.Id, row => Wire.Read<Redemption>(row.Body));
        var wanted = rows.Where((row, i) => parts[i] is { IsWhole: false } && !parents.ContainsKey(row.ParentId!)).Select(row => row.ParentId!).ToHashSet();
        if (wanted.Count > 0)
            foreach (var row in await db.QueryAsync<RedemptionRow>($"SELECT id, body FROM redemptions WHERE project_id = @project AND {dialect.Among("id", "@ids")}",
                new { project, ids = dialect.Texts(wanted) }))
                parents[row.Id] = Wire.Read<Redemption>(row.Body);
        return [.. rows.Select((row, i) => (row.ParentId is null ? parents[row.Id]
            : parts[i]!.IsWhole ? Wire.Read<Redemption>(row.Body)
            : parts[i]!.Whole(row.Id, parents[row.ParentId])) with { Status = row.Status })];
    }

    public static Task<RedemptionRow?> Find(DbConnection db, string project, string id) =>
        db.QueryFirstOrDefaultAsync<RedemptionRow>("SELECT * FROM redemptions WHERE project_id = @project AND id = @id", new { project, id });

    /// <summary>Why it was decided as it was: of a part of a stack what the stack's entry keeps; null when nothing was kept.</summary>
    public static Task<string?> Trace(DbConnection db, string project, RedemptionRow row) => db.ExecuteScalarAsync<string?>(
        "SELECT trace FROM redemptions WHERE project_id = @project AND id = @id", new { project, id = row.ParentId ?? row.Id });

    /// <summary>The parts of a stack, in the order in which they were applied.</summary>
    public static async Task<List<RedemptionRow>> Children(DbConnection db, string project, string parentId) =>
        (await db.QueryAsync<RedemptionRow>(
            "SELECT * FROM redemptions WHERE project_id = @project AND parent_id = @parentId AND object = 'redemption' ORDER BY id",
            new { project, parentId })).AsList();

    /// <summary>The successful rollbacks of redemptions.</summary>
    public static async Task<ILookup<string, RelatedRedemption>> RollbacksOf(DbConnection db, Dialect dialect, string project, IEnumerable<string> ids)
    {
        var rows = await db.QueryAsync<RedemptionRow>($"""
            SELECT id, redemption_id, created_at FROM redemptions
            WHERE project_id = @project AND {dialect.Among("redemption_id", "@ids")} AND object = 'redemption_rollback' AND result = 'SUCCESS'
            """, new { project, ids = dialect.Texts([.. ids]) });
        return rows.ToLookup(row => row.RedemptionId!, row => new RelatedRedemption(row.Id, new Moment(row.CreatedAt)));
    }

    /// <summary>The newest entries of a voucher, and how many there are.</summary>
    public static async Task<(List<RedemptionRow> Rows, long Total)> OfVoucher(DbConnection db, string project, string voucherId, int limit)
    {
        await using var results = await db.QueryMultipleAsync("""
            SELECT COUNT(*) FROM redemptions WHERE project_id = @project AND voucher_id = @voucherId;
            SELECT * FROM redemptions WHERE project_id = @project AND voucher_id = @voucherId ORDER BY created_at DESC, id DESC LIMIT @limit
            """, new { project, voucherId, limit });
        var total = await results.ReadSingleAsync<long>();
        return ((await results.ReadAsync<RedemptionRow>()).AsList(), total);
    }
}
