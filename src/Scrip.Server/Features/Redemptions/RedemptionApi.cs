using System.Data.Common;
using Dapper;
using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Engine.Schemas;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.MetadataSchemas;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Usages;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Lists;

namespace Scrip.Server.Features.Redemptions;

/// <summary>Redemptions and their rollbacks: load, decide, commit; a lost race loads again.</summary>
static class RedemptionApi
{
    const int AttemptsMax = 3;
    const int VoucherEntriesMax = 100;

    static readonly ListSpec Redemptions = new("redemptions", new()
    {
        ["created_at"] = ("created_at", ColumnKind.Moment),
        ["id"] = ("id", ColumnKind.Text),
        ["result"] = ("result", ColumnKind.Text),
        ["status"] = ("status", ColumnKind.Text),
        ["customer_id"] = ("customer_id", ColumnKind.Text),
        ["voucher_code"] = ("voucher_code", ColumnKind.Text),
        ["promotion_tier_id"] = ("promotion_tier_id", ColumnKind.Text),
        ["campaign_id"] = ("campaign_id", ColumnKind.Text),
        ["related_object_id"] = ("COALESCE(voucher_id, promotion_tier_id)", ColumnKind.Text),
        ["related_object_parent_id"] = ("campaign_id", ColumnKind.Text),
        ["parent_redemption_id"] = ("parent_id", ColumnKind.Text),
        ["order_id"] = ("order_id", ColumnKind.Text),
        ["object"] = ("object", ColumnKind.Text),
        ["tracking_id"] = ("tracking_id", ColumnKind.Text),
    }, ["created_at", "id"]);

    public static void Map(Api v1)
    {
        v1.List("/v1/redemptions", "list-redemptions", List);
        v1.Post<StackRequest, RedemptionAnswer>("/v1/redemptions", "redeem-stacked-discounts",
            (request, call) => Redeem(request, call, answer => answer));
        v1.Post<PromotionRequest, System.Text.Json.JsonElement>("/v1/promotions/tiers/{promotionTierId}/redemption", "redeem-promotion",
            (request, call) => Redeem(request.AsStack(call, call.Route("promotionTierId")), call, answer => WithoutNulls.Of(answer.Redemptions[0])));
        v1.Get("/v1/redemptions/{redemptionId}", "get-redemption", Get);
        v1.Get("/v1/redemptions/{redemptionId}/trace", "get-redemption-trace", Trace);
        v1.Post<VoucherRequest, System.Text.Json.JsonElement>("/v1/vouchers/{code}/redemption", "redeem-voucher", VoucherRedemption.Redeem);
        v1.Get("/v1/vouchers/{code}/redemption", "get-voucher-redemptions", OfVoucher);
        v1.Post<RollbackInput, Redemption>("/v1/redemptions/{redemptionId}/rollback", "rollback-redemption", RollBack);
        v1.Post<RollbackInput, RollbackAnswer>("/v1/redemptions/{parentRedemptionId}/rollbacks", "rollback-stacked-redemptions", RollBackStack);
    }

    /// <summary>Redeems, and answers what an endpoint tells of it.</summary>
    public static async Task<T> Redeem<T>(StackRequest request, Call call, Func<RedemptionAnswer, T> told)
    {
        request.Session?.CheckedWithKey();
        var links = await call.Need<AssetSecret>().Links(call);
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var facts = await StackFacts.Load(request, call);
            if (!facts.Project.Schemas.IsEmpty) Hold(facts.Project.Schemas, request, facts);
            var decision = Deciding.Decide(facts.Decision);
            if (decision.Refusal is { } malformed) throw new ApiFault(malformed);
            var flow = new RedemptionFlow(request, facts, decision, call, links);
            if (decision.FirstRefusal is { } refusal) throw await Refused(flow, refusal, call);
            if (flow.Giving.Any())
            {
                if (await RewardGiving.Redeem(flow, facts.Customer.Row!, call, told) is (true, var given)) return given;
                continue;
            }
            var answer = told(flow.Redeem());
            if (await call.Commit(flow.Batch, answer) is null) return answer;
        }
        throw new ApiFault(Refusals.ConcurrentUpdate);
    }

    // Metadata is checked where it is written; a validation writes none.
    static void Hold(SchemaSet schemas, StackRequest request, StackFacts facts)
    {
        SchemaCheck.Hold(schemas, SchemaKinds.Redemption, request.Metadata, isNew: true);
        facts.Customer.Hold(schemas, request.Customer, "customer");
        if (request.Order is { } order) OrderFlow.Hold(schemas, order, facts.Order is null, "order.");
    }

    // A refusal is committed too: failed redemptions belong to the history.
    static async Task<ApiFault> Refused(RedemptionFlow flow, Refusal refusal, Call call)
    {
        if (flow.Fail(refusal) is not { } entry) return new ApiFault(refusal);
        var told = refusal.About("redemption", entry.Id);
        call.Status = told.Code;
        await call.Commit(flow.Batch, ErrorBody.Of(told, call.RequestId));
        return new ApiFault(told);
    }

    static async Task<ListOf<Redemption>> List(Call call)
    {
        var related = call.Query["related_object_id"].ToString();
        var list = ListQuery.Read(call, Redemptions)
            .WhereIs("result", call.Query["result"].ToString() is { Length: > 0 } result ? Result(result) : null)
            .WhereIs("voucher_code", call.Query["voucher_code"]).WhereIs(related.StartsWith("promo_", StringComparison.Ordinal) ? "promotion_tier_id" : "voucher_id", related)
            .WhereIs("campaign_id", call.Query["related_object_parent_id"]);
        foreach (var name in new[] { "campaign", "campaign_name" })
            if (call.Query[name].ToString() is { Length: > 0 } campaign)
                list.Where($"campaign_id IN (SELECT id FROM campaigns WHERE project_id = @project AND (id = {list.Arg(campaign)} OR name = {list.Arg(campaign)}))");
        if (call.Query["customer"].ToString() is { Length: > 0 } customer)
            list.Where($"customer_id IN (SELECT id FROM customers WHERE project_id = @project AND (id = {list.Arg(customer)} OR source_id = {list.Arg(customer)}))");
        return await call.Db.Read(async db =>
        {
            var (rows, total) = await list.RowsAndTotal<RedemptionRow>(db);
            return new ListOf<Redemption>("redemptions", await Show(db, call, rows)) { Total = total };
        });
    }

    static string Result(string text) => text switch
    {
        "SUCCESS" or "Success" or "success" => "SUCCESS",
        "FAILURE" or "FAILED" or "Failure" or "Failed" or "failure" or "failed" => "FAILURE",
        _ => throw new ApiFault(Refusals.InvalidQueryParams.With("Property .result must be one of: SUCCESS, FAILURE")),
    };

    static Task<Redemption> Get(Call call) => call.Db.Read(async db =>
    {
        var id = call.Route("redemptionId");
        var row = await RedemptionSql.Find(db, call.ProjectId, id) ?? throw new ApiFault(Refusals.Missing("redemption", id));
        var shown = (await Show(db, call, [row]))[0];
        var parts = row.VoucherId is null && row.PromotionTierId is null ? await RedemptionSql.Children(db, call.ProjectId, row.Id) : [];
        if (parts.Count == 0) return shown;
        var related = (shown.RelatedRedemptions ?? new RelatedRedemptions()) with { Redemptions = [.. parts.Select(part => new RelatedRedemption(part.Id, new Moment(part.CreatedAt)))] };
        return shown with { RelatedRedemptions = related };
    });

    static Task<RedemptionTrace> Trace(Call call) => call.Db.Read(async db =>
    {
        var id = call.Route("redemptionId");
        var row = await RedemptionSql.Find(db, call.ProjectId, id);
        if (row is null || await RedemptionSql.Trace(db, call.ProjectId, row) is not { } kept) throw new ApiFault(Refusals.Missing("redemption_trace", id));
        var traces = Wire.Read<TraceView[]>(kept);
        // A part of a stack is told why it came out as it did; the stack tells of all, those left out included.
        return new RedemptionTrace { RedemptionId = id, Redeemables = row.ParentId is null ? traces : [.. traces.Where(trace => trace.Id == row.VoucherCode || trace.Id == row.VoucherId || trace.Id == row.PromotionTierId)] };
    });

    static Task<VoucherRedemptions> OfVoucher(Call call) => call.Db.Read(async db =>
    {
        var code = call.Route("code");
        var voucher = await VoucherSql.Find(db, call.ProjectId, code) ?? throw new ApiFault(Refusals.Missing("voucher", code));
        var (rows, total) = await RedemptionSql.OfVoucher(db, call.ProjectId, voucher.Id, VoucherEntriesMax);
        return new VoucherRedemptions
        {
            Quantity = voucher.Quantity,
            RedeemedQuantity = voucher.Redeemed,
            Url = $"/v1/vouchers/{Uri.EscapeDataString(voucher.Code)}/redemptions?page=1&limit=10",
            Total = total,
            RedemptionEntries = await Show(db, call, rows),
        };
    });

    // The body tells what was; the status and the rollbacks are what became of it.
    static async Task<Redemption[]> Show(DbConnection db, Call call, List<RedemptionRow> rows)
    {
        if (rows.Count == 0) return [];
        var rollbacks = await RedemptionSql.RollbacksOf(db, call.Db.Dialect, call.ProjectId, rows.Select(row => row.Id));
        var whole = await RedemptionSql.Whole(db, call.Db.Dialect, call.ProjectId, rows);
        return [.. whole.Select(shown => rollbacks.Contains(shown.Id) ? shown with { RelatedRedemptions = new RelatedRedemptions { Rollbacks = [.. rollbacks[shown.Id]] } } : shown)];
    }

    static async Task<Redemption> RollBack(RollbackInput input, Call call)
    {
        var answer = await RollBack(input, call, call.Route("redemptionId"), RollbackScope.Single, answer => answer.Rollbacks[0]);
        return answer.Rollbacks[0];
    }

    static Task<RollbackAnswer> RollBackStack(RollbackInput input, Call call) =>
        RollBack(input, call, call.Route("parentRedemptionId"), RollbackScope.Stack, answer => answer);

    static async Task<RollbackAnswer> RollBack<T>(RollbackInput input, Call call, string id, RollbackScope scope, Func<RollbackAnswer, T> told)
    {
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var (state, version) = await call.Db.Read(async db => (await LoadState(db, call.Db.Dialect, call.ProjectId, id),
                await db.ExecuteScalarAsync<long>("SELECT version FROM projects WHERE id = @project", new { project = call.ProjectId })));
            var project = await call.Need<SnapshotCache>().Get(call.ProjectId, version);
            var decision = RollingBack.Decide(new RollbackFacts(scope, state.Named.Result == "SUCCESS", state.Named.Status == "ROLLED_BACK",
                state.Named.ParentId is not null, state.IsParent, [.. state.Parts.Select(part => new Redeemed(part.Id, part.Amount))]));
            var flow = new RollbackFlow(state, input, call, project);
            if (decision.Refusal is { } refusal) throw await Refused(flow, refusal, refusal.About(RollbackFlow.Object, id), call);
            flow.CheckRelated();
            flow.CheckGiven();
            SchemaCheck.Hold(project.Schemas, SchemaKinds.Redemption, input.Metadata, isNew: false);
            var (batch, answer) = flow.RollBack(decision);
            if (await call.Commit(batch, told(answer)) is null) return answer;
        }
        throw new ApiFault(Refusals.ConcurrentUpdate);
    }

    // A second rollback is told to whoever listens; a call that names the wrong thing is not.
    static async Task<ApiFault> Refused(RollbackFlow flow, Refusal refusal, Refusal told, Call call)
    {
        if (refusal.Key != Refusals.AlreadyRolledBack.Key) return new ApiFault(told);
        call.Status = told.Code;
        await call.Commit(flow.Fail(refusal), ErrorBody.Of(told, call.RequestId));
        return new ApiFault(told);
    }

    static async Task<RollbackState> LoadState(DbConnection db, Dialect dialect, string project, string id)
    {
        var row = await RedemptionSql.Find(db, project, id);
        if (row is null || row.Object != RedemptionFlow.Object) throw new ApiFault(Refusals.Missing("redemption", id));
        var children = row.VoucherId is null && row.PromotionTierId is null ? await RedemptionSql.Children(db, project, row.Id) : [];
        var parts = children.Count > 0 ? children : [row];
        var order = row.OrderId is { } orderId ? await OrderSql.Find(db, project, orderId) : null;
        var redeemed = await RedemptionSql.Whole(db, dialect, project, children.Count > 0 ? [row, .. children] : parts);
        // With the codes that rewards gave.
        var vouchers = await db.QueryAsync<VoucherRow>($"SELECT * FROM vouchers WHERE project_id = @project AND {dialect.Among("id", "@ids")}",
            new { project, ids = dialect.Texts([.. parts.Select(part => part.VoucherId).Concat(redeemed.Select(one => one.Reward?.Voucher?.Id)).OfType<string>().Distinct()]) });
        return new RollbackState(row, parts, redeemed.ToDictionary(one => one.Id), vouchers.ToDictionary(voucher => voucher.Id), order, order is null ? null : Wire.Read<Order>(order.Body))
        {
            Units = await UsageSql.UnitsOf(db, dialect, project, [.. parts.Select(part => part.Id)]),
        };
    }
}
