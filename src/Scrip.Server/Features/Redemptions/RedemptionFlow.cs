using Scrip.Engine;
using Scrip.Engine.Redeeming;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Promotions;
using Scrip.Server.Features.Rewards;
using Scrip.Server.Features.Sessions;
using Scrip.Server.Features.Snapshots;
using Scrip.Server.Features.Validations;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Redemptions;

/// <summary>
/// From a decision to what is written and answered. Pure but for fresh ids: the same facts give the same batch.
/// A stack of two or more has a parent; a single redemption has none.
/// </summary>
sealed class RedemptionFlow(StackRequest request, StackFacts facts, Decision decision, Call call, AssetLinks links)
{
    public const string Object = "redemption";

    readonly Batch batch = new();
    readonly string trackingId = ValidationFlow.TrackingId(request, facts, call.Now);
    readonly TraceView[] traces = TraceView.Of(facts.Decision, decision);
    readonly CustomerShort? customer = facts.Customer.Row is { } row ? CustomerView.Short(row) : null;

    /// <summary>What rewards have given in the same write, by the ids of the cards that paid for them.</summary>
    public Dictionary<string, GivenReward> Given { get; } = [];

    /// <summary>The cards that pay for a reward which gives something, with it: a batch alone cannot give that.</summary>
    public IEnumerable<(VoucherRow Card, RewardSnapshot Reward)> Giving => decision.Outcomes.Where(outcome => outcome.Status == RedeemableStatus.Applicable)
        .Select(facts.Of).Where(entry => entry.Reward is { IsGiven: true }).Select(entry => (entry.Voucher!, entry.Reward!));

    /// <summary>Everything to write.</summary>
    public Batch Batch => batch;

    /// <summary>Writes a valid decision into the batch and answers what the caller is told.</summary>
    public RedemptionAnswer Redeem()
    {
        var taken = decision.Outcomes.Where(outcome => outcome.Status == RedeemableStatus.Applicable)
            .Select(outcome => new Taken(outcome, facts.Of(outcome))).ToArray();
        RedeemableOutcome[] outcomes = [.. taken.Select(one => one.Outcome)];
        RedemptionUsage.Enter(batch, call.Db.Dialect, facts.Project, facts.Usage, outcomes);
        // Each is a statement: one over several rows locks them in the order in which it finds them, and two stacks could wait for
        // each other.
        foreach (var one in taken.Where(one => one.Entry.Voucher is not null))
        {
            var voucher = one.Entry.Voucher!;
            // What the caller's own session holds becomes this use; most vouchers are held by nobody.
            if (voucher.Held > voucher.HeldByOthers) batch.Release(call.Db.Dialect, voucher, request.Session?.Key, call.Now);
            RedemptionSql.Take(batch, call.ProjectId, voucher, one.Outcome.Drawn ?? 0, call.Now);
        }
        RedemptionUsage.Take(batch, call.Db.Dialect, facts.Project, facts.Usage, facts.Decision.Situation, outcomes);

        var ids = taken.Select(_ => Ids.New("r_", call.Now)).Order(StringComparer.Ordinal).ToArray();
        var parentId = taken.Length > 1 ? Ids.New("r_", call.Now) : null;
        var frame = OrderFrame(taken, ids, parentId);
        var redemptions = taken.Select((one, i) => One(one, ids[i], parentId, frame)).ToArray();
        var order = frame is null ? null : OrderFlow.Show(decision.Cart!, frame);
        var parent = parentId is null ? null : Entry(parentId, order) with { RelatedObjectType = Object, RelatedObjectId = parentId, Metadata = Metadata };
        Write(redemptions, taken, parent, order);
        batch.InTurn();
        var left = ValidationFlow.Answers(request, facts, decision, call);
        return new RedemptionAnswer
        {
            Redemptions = request.Traces(call) ? [.. redemptions.Zip(taken, (one, of) => one with { Trace = TraceOf(of.Outcome) })] : redemptions,
            ParentRedemption = parent,
            Order = order,
            InapplicableRedeemables = [.. left.Where(answer => answer.Status == "INAPPLICABLE")],
            SkippedRedeemables = [.. left.Where(answer => answer.Status == "SKIPPED")],
        };
    }

    /// <summary>Writes a failed redemption of the first failing voucher; null when no voucher of ours failed.</summary>
    public Redemption? Fail(Refusal refusal)
    {
        if (decision.Outcomes.FirstOrDefault(outcome => outcome.Refusal is not null) is not { } failed) return null;
        var about = facts.Of(failed);
        if (about.Voucher is null && about.Tier is null) return null;
        var entry = Entry(Ids.New("rf_", call.Now), null) with
        {
            Result = "FAILURE",
            Status = "FAILED",
            FailureCode = refusal.Key,
            FailureMessage = refusal.Message,
            RelatedObjectType = TypeOf(about),
            RelatedObjectId = IdOf(about),
            Voucher = about.Voucher is { } voucher ? Shown(voucher, failed) : null,
            PromotionTier = Shown(about.Tier),
        };
        // The customer of a failed redemption is not saved, so it is told only when it was known before.
        if (facts.Customer.Stored is null) entry = entry with { Customer = null, CustomerId = null };
        RedemptionSql.Insert(batch, call.ProjectId, entry, null, about.Voucher, traces);
        batch.Tell(call, ShortTypes.Refused, entry.CustomerId, new RedemptionHappened { Parts = [Told(entry)] });
        return entry;
    }

    TraceView TraceOf(RedeemableOutcome outcome) => traces[decision.Outcomes.TakeWhile(one => !ReferenceEquals(one, outcome)).Count()];

    Redemption One(Taken taken, string id, string? parentId, Order? frame)
    {
        var (outcome, voucher) = (taken.Outcome, taken.Entry.Voucher);
        return Entry(id, outcome.Cart is { } cart && frame is not null ? OrderFlow.Show(cart, frame) : null) with
        {
            RedemptionId = parentId,
            Metadata = Metadata,
            Amount = outcome.Drawn,
            Gift = outcome.Credits is { } credits ? new GiftMovement(credits) : null,
            LoyaltyCard = outcome.Points is { } points ? new PointsMovement(points) : null,
            Reward = taken.Entry.Reward is { } reward ? RedeemedReward.Of(reward, voucher!.CampaignId!, customer, Given.GetValueOrDefault(voucher.Id)) : null,
            RelatedObjectType = TypeOf(taken.Entry),
            RelatedObjectId = IdOf(taken.Entry),
            Voucher = voucher is null ? null : Shown(voucher.AfterUse(outcome.Drawn ?? 0), outcome),
            PromotionTier = Shown(taken.Entry.Tier),
        };
    }

    static string TypeOf(StackEntry entry) => entry.Tier is null ? "voucher" : "promotion_tier";

    static string IdOf(StackEntry entry) => entry.Tier?.Id ?? entry.Voucher!.Id;

    PromotionTier? Shown(TierSnapshot? tier) => tier is null ? null : tier.Shown with { Campaign = TierCampaign.Of(facts.Project.Campaign(tier.CampaignId)!) };

    Redemption Entry(string id, Order? order) => new()
    {
        Id = id,
        Object = Object,
        Date = new Moment(call.Now),
        CustomerId = facts.Customer.Id,
        TrackingId = trackingId,
        Result = "SUCCESS",
        Status = "SUCCEEDED",
        Order = order,
        Channel = new Channel(call.Caller.AppId, "API"),
        Session = request.Session is { Key: { } key } ? new SessionName(key) : null,
        Customer = customer,
        RelatedObjectType = "",
        RelatedObjectId = "",
    };

    System.Text.Json.JsonElement? Metadata => Checks.Metadata(request.Metadata);

    Voucher Shown(VoucherRow voucher, RedeemableOutcome outcome) => VoucherView.Show(voucher, CampaignName(voucher), links) with
    {
        Categories = facts.Categories((outcome.Redeemable as Incentive)?.Category?.Id),
    };

    string? CampaignName(VoucherRow voucher) => voucher.CampaignId is { } id ? facts.Project.Campaign(id)?.Name : null;

    // The order as it will be saved, without amounts: a redeemed order counts as paid unless the caller says otherwise.
    Order? OrderFrame(Taken[] taken, string[] ids, string? parentId)
    {
        if (request.Order is null) return null;
        var history = new Dictionary<string, OrderRedemption>(facts.Order?.Redemptions ?? []);
        if (parentId is not null)
            history[parentId] = new OrderRedemption { Date = new Moment(call.Now), RelatedObjectType = Object, RelatedObjectId = parentId, Stacked = ids };
        else
        {
            var entry = taken[0].Entry;
            history[ids[0]] = new OrderRedemption
            {
                Date = new Moment(call.Now),
                RelatedObjectType = TypeOf(entry),
                RelatedObjectId = IdOf(entry),
                RelatedObjectParentId = entry.Tier?.CampaignId ?? entry.Voucher!.CampaignId,
            };
        }
        return ValidationFlow.Frame(request, facts) with
        {
            Id = facts.Order?.Id ?? request.Order.Id ?? Ids.New("ord_", call.Now),
            CreatedAt = facts.Order?.CreatedAt ?? new Moment(call.Now),
            UpdatedAt = facts.Order is null ? null : new Moment(call.Now),
            Status = request.Order.Status ?? "PAID",
            Redemptions = history,
        };
    }

    void Write(Redemption[] redemptions, Taken[] taken, Redemption? parent, Order? order)
    {
        if (facts.Customer.Write is { } write) CustomerSql.Add(batch, write);
        if (order is not null && facts.OrderRow is { } row) OrderSql.Update(batch, call.ProjectId, order, row.Revision, call.Now);
        else if (order is not null) OrderSql.Insert(batch, call.ProjectId, order, call.Now);
        if (parent is not null) RedemptionSql.Insert(batch, call.ProjectId, parent, null, null, traces);
        List<CreditsHappened>? moved = null;
        for (var i = 0; i < redemptions.Length; i++)
        {
            var (outcome, voucher) = (taken[i].Outcome, taken[i].Entry.Voucher);
            RedemptionUsage.Note(batch, call.ProjectId, redemptions[i].Id, outcome);
            RedemptionSql.Insert(batch, call.ProjectId, redemptions[i], parent, voucher, parent is null ? traces : null, outcome.Takes);
            if (outcome.Drawn is > 0 and var drawn)
                (moved ??= []).Add(new(CardMovement.Redeemed(batch, voucher!, drawn, redemptions[i], order, call.Source, call.Now), voucher!.HolderId) { IsOfPoints = outcome.Points is not null });
            if (redemptions[i].Reward is { } bought) RewardEvents.Redeemed(batch, call, redemptions[i], bought, voucher!, Given.GetValueOrDefault(voucher!.Id), facts.Project);
        }
        batch.Tell(call, ShortTypes.Redeemed, facts.Customer.Id, new RedemptionHappened
        {
            Parts = [.. redemptions.Select(Told)],
            Parent = parent?.Id,
            Order = order is null ? null : new(order.Id!, facts.Order is null, facts.Order?.Status == order.Status ? null : order.Status) { CustomerId = order.CustomerId },
            Customer = facts.Customer.Happened,
            Products = OrderFlow.Products(order),
            Transactions = moved?.ToArray(),
        });
    }

    PartHappened Told(Redemption entry) => Told(entry, facts.Project);

    /// <summary>What is told of an entry at once.</summary>
    internal static PartHappened Told(Redemption entry, ProjectSnapshot project)
    {
        var campaign = entry.Voucher?.CampaignId ?? entry.PromotionTier?.CampaignId;
        return new(entry.Id, entry.Voucher?.Id, campaign, project.Campaign(campaign)?.CampaignType);
    }

    /// <summary>An applicable outcome and what it is about.</summary>
    sealed record Taken(RedeemableOutcome Outcome, StackEntry Entry);
}
