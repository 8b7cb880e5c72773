using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Usages;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Redemptions;

/// <summary>What a rollback is decided on: the redemption named, its parts when it is a stack, their vouchers, the order.</summary>
sealed record RollbackState(
    RedemptionRow Named, List<RedemptionRow> Parts, IReadOnlyDictionary<string, Redemption> Redeemed, Dictionary<string, VoucherRow> Vouchers, OrderRow? OrderRow, Order? Order)
{
    /// <summary>What the parts took of budgets of units.</summary>
    public required IReadOnlyList<UnitsTaken> Units { get; init; }

    /// <summary>True when a parent of a stack was named.</summary>
    public bool IsParent => Named.VoucherId is null && Named.PromotionTierId is null && Named.Object == RedemptionFlow.Object && Parts.Count > 0;
}

/// <summary>From the decision to take a redemption back to what is written and answered.</summary>
sealed class RollbackFlow(RollbackState state, RollbackInput input, Call call, ProjectSnapshot project)
{
    public const string Object = "redemption_rollback";

    readonly List<CreditsHappened> moved = [];
    readonly string? reason = Text(input.Reason, call, "reason");
    readonly string? trackingId = Text(input.TrackingId, call, "tracking_id");

    // Both may come in the query, too.
    static string? Text(string? sent, Call call, string name) => Checks.Text(sent ?? call.Query[name].ToString(), name, 1000);

    /// <summary>Writes the restorations into the batch and answers what the caller is told.</summary>
    public (Batch Batch, RollbackAnswer Answer) RollBack(RollbackDecision decision)
    {
        var batch = new Batch();
        var ids = state.Parts.Select(_ => Ids.New("rr_", call.Now)).ToArray();
        var parentId = state.IsParent ? Ids.New("rr_", call.Now) : null;
        var order = OrderAfter(ids, parentId);
        RedemptionUsage.Enter(batch, call.Db.Dialect, project, state.Parts);
        if (state.IsParent) RedemptionSql.Mark(batch, call.ProjectId, state.Named.Id);
        foreach (var part in state.Parts) RedemptionSql.Mark(batch, call.ProjectId, part.Id);
        if (state.OrderRow is { } row && order is not null) OrderSql.Update(batch, call.ProjectId, order, row.Revision, call.Now);
        foreach (var (part, restored) in state.Parts.Zip(decision.Restorations).Where(one => one.First.VoucherId is not null).OrderBy(one => one.First.VoucherId, StringComparer.Ordinal))
            RedemptionSql.Restore(batch, call.ProjectId, part.VoucherId!, restored.Credits ?? 0);
        RedemptionUsage.GiveBack(batch, call.Db.Dialect, project, state.Parts, part => state.Redeemed[part.Id].LoyaltyCard is not null, state.Units);

        var parent = parentId is null ? null : Entry(state.Named, parentId, order);
        if (parent is not null) RedemptionSql.Insert(batch, call.ProjectId, parent, null, null);
        var rollbacks = state.Parts.Select((part, i) => One(batch, part, decision.Restorations[i], ids[i], parent, order)).ToArray();
        batch.Tell(call, ShortTypes.RolledBack, state.Named.CustomerId, new RedemptionHappened
        {
            Parts = [.. rollbacks.Select(one => RedemptionFlow.Told(one, project))],
            Parent = parentId,
            Order = order is null ? null : new(order.Id!, false, order.Status == state.Order!.Status ? null : order.Status) { CustomerId = order.CustomerId },
            Products = OrderFlow.Products(order),
            Transactions = moved.Count > 0 ? [.. moved] : null,
        });
        return (batch, new RollbackAnswer { Rollbacks = rollbacks, ParentRollback = parent, Order = order });
    }

    /// <summary>Writes that a redemption was to be rolled back once more, which belongs to the history like a failed redemption.</summary>
    public Batch Fail(Refusal refusal)
    {
        var batch = new Batch();
        var (redeemed, named) = (state.Redeemed[state.Named.Id], state.Named);
        var entry = Entry(named, Ids.New("rrf_", call.Now), null) with
        {
            Result = "FAILURE",
            Status = "FAILED",
            FailureCode = refusal.Key,
            FailureMessage = refusal.Message,
            Voucher = redeemed.Voucher,
            PromotionTier = redeemed.PromotionTier,
        };
        RedemptionSql.Insert(batch, call.ProjectId, entry, null, named.VoucherId is null ? null : state.Vouchers.GetValueOrDefault(named.VoucherId) ?? Gone(named));
        batch.Tell(call, ShortTypes.RollbackRefused, named.CustomerId, new RedemptionHappened { Parts = [RedemptionFlow.Told(entry, project)] });
        return batch;
    }

    Redemption One(Batch batch, RedemptionRow part, Restoration restored, string id, Redemption? parent, Order? order)
    {
        var voucher = part.VoucherId is null ? null : state.Vouchers.GetValueOrDefault(part.VoucherId);
        var redeemed = state.Redeemed[part.Id];
        var entry = Entry(part, id, order) with
        {
            Amount = -restored.Credits,
            Gift = redeemed.Gift is null ? null : new GiftMovement(-restored.Credits!.Value),
            LoyaltyCard = redeemed.LoyaltyCard is null ? null : new PointsMovement(-restored.Credits!.Value),
            Reward = redeemed.Reward,
            Voucher = redeemed.Voucher,
            PromotionTier = redeemed.PromotionTier,
        };
        RedemptionSql.Insert(batch, call.ProjectId, entry, parent, part.VoucherId is null ? null : voucher ?? Gone(part));
        if (voucher is not null && restored.Credits is > 0 and var back)
        {
            moved.Add(new(CardMovement.RolledBack(batch, voucher, back, part.Id, id, reason, call.Source, call.Now), voucher.HolderId) { IsOfPoints = redeemed.LoyaltyCard is not null });
            if (redeemed.Reward is { } reward) TakeBack(batch, redeemed, reward, voucher);
        }
        return entry;
    }

    /// <summary>What a reward gave must be there to be taken back: a code that nobody used, or a product; never credits or points.</summary>
    /// <exception cref="ApiFault">It is not.</exception>
    public void CheckGiven()
    {
        foreach (var part in state.Parts)
        {
            if (state.Redeemed[part.Id].Reward is not { Type: RewardTerms.Campaign } reward) continue;
            if (reward.Parameters.Campaign?.Balance is not null)
                throw new ApiFault(Refusals.Forbidden.With($"The reward {reward.Id} put credits or points on a card, which a rollback does not take off; change the balances of both cards instead"));
            if (reward.Voucher is { } code && state.Vouchers.GetValueOrDefault(code.Id)?.Redeemed > 0)
                throw new ApiFault(Refusals.Forbidden.With($"The code {code.Code} that the reward {reward.Id} gave was redeemed; roll that redemption back first"));
        }
    }

    // The points come back, so what they bought goes: the product into the stock, and the code is switched off.
    void TakeBack(Batch batch, Redemption redeemed, RedeemedReward reward, VoucherRow card)
    {
        if (reward.Type == RewardTerms.Material) RewardSql.ReturnUnit(batch, call.ProjectId, reward.Id);
        if (reward.Voucher is { } code && state.Vouchers.ContainsKey(code.Id)) RedemptionSql.SwitchOff(batch, call.ProjectId, code.Id, call.Now);
        RewardEvents.RolledBack(batch, call, redeemed, reward, card, project);
    }

    // A voucher deleted for good keeps its name in the history.
    static VoucherRow Gone(RedemptionRow part) => new() { Id = part.VoucherId!, Code = part.VoucherCode!, CampaignId = part.CampaignId };

    Redemption Entry(RedemptionRow of, string id, Order? order)
    {
        var redeemed = state.Redeemed[of.Id];
        return new Redemption
        {
            Id = id,
            Object = Object,
            Date = new Moment(call.Now),
            CustomerId = redeemed.CustomerId,
            TrackingId = trackingId ?? redeemed.TrackingId,
            Metadata = input.Metadata is null ? null : Checks.Metadata(input.Metadata),
            RedemptionId = of.Id,
            Reason = reason,
            Result = "SUCCESS",
            Status = "SUCCEEDED",
            Order = order,
            Channel = new Channel(call.Caller.AppId, "API"),
            Customer = redeemed.Customer,
            RelatedObjectType = redeemed.RelatedObjectType,
            RelatedObjectId = redeemed.RelatedObjectId,
        };
    }

    // WITH_ORDER cancels the order and takes its discounts off; WITHOUT_ORDER only notes the rollback.
    Order? OrderAfter(string[] ids, string? parentId)
    {
        if (state.Order is not { } order) return null;
        var history = new Dictionary<string, OrderRedemption>(order.Redemptions ?? []);
        if (history.TryGetValue(state.Named.Id, out var entry))
            history[state.Named.Id] = entry with
            {
                RollbackId = parentId ?? ids[0],
                RollbackDate = new Moment(call.Now),
                RollbackStacked = parentId is null ? null : ids,
            };
        var noted = order with { Redemptions = history, UpdatedAt = new Moment(call.Now) };
        return project.Stacking.RollbackOrderMode == RollbackOrderMode.WithoutOrder ? noted : OrderFlow.WithoutDiscounts(noted) with { Status = "CANCELED" };
    }

    /// <summary>The customer and order that a caller names must be those of the redemption.</summary>
    /// <exception cref="ApiFault">They are others.</exception>
    public void CheckRelated()
    {
        var redeemed = state.Redeemed[state.Named.Id];
        if (Differs(input.Order?.Id, state.Named.OrderId) || Differs(input.Order?.SourceId, redeemed.Order?.SourceId))
            throw new ApiFault(Refusals.InvalidOrder.With("Order is not related with redemption."));
        if (Differs(input.Customer?.Id, redeemed.CustomerId) || Differs(input.Customer?.SourceId, redeemed.Customer?.SourceId))
            throw new ApiFault(Refusals.InvalidCustomer.With("Customer is not related with redemption."));
    }

    static bool Differs(string? sent, string? known) => !string.IsNullOrEmpty(sent) && sent != known;
}
