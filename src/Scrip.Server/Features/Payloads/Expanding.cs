using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Nodes;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Payloads;

/// <summary>
/// Makes the documented events out of what features tell: a stack of n becomes n + 1 redemptions, those of its customer,
/// and what became of the order, of the customer and of gift cards; vouchers and tiers get their campaigns. An event
/// whose object is gone meanwhile tells nothing. What a redemption stands for is known without reading anything, so
/// that its bodies are only put together when somebody wants them.
/// </summary>
static class Expanding
{
    /// <summary>The expander of the outbox.</summary>
    public static OutboxExpander For(Dialect dialect) => async (db, events, interest) =>
    {
        var facts = new Dictionary<string, PayloadFacts>();
        var told = new PartsOf[events.Count];
        for (var i = 0; i < told.Length; i++)
        {
            if (!facts.TryGetValue(events[i].ProjectId, out var own)) facts[events[i].ProjectId] = own = new PayloadFacts(db, dialect, events[i].ProjectId);
            told[i] = Read(events[i], own, interest);
        }
        foreach (var own in facts.Values) await own.Load();
        var expanded = new List<OutboxEvent>();
        for (var i = 0; i < told.Length; i++)
        {
            var place = 0;
            foreach (var part in told[i](events[i]))
            {
                var body = part.Body?.Invoke();
                // What was asked for and is not there is gone.
                if (body is not null || part.Body is null) expanded.Add(events[i].As(part.Type, part.Customer, place, body, part.Gist, part.IsLasting));
                place++;
            }
        }
        return expanded;
    };

    static PartsOf Read(OutboxEvent row, PayloadFacts facts, OutboxInterest interest)
    {
        switch (row.Type)
        {
            case ShortTypes.Redeemed or ShortTypes.Refused or ShortTypes.RolledBack or ShortTypes.RollbackRefused:
                return RedemptionParts.Of(row, Wire.Read<RedemptionHappened>(row.Body), facts, interest);
            case ShortTypes.OrderSaved:
                return Order(Wire.Read<OrderTold>(row.Body), facts);
            case ShortTypes.CreditsMoved:
                return Credits(Wire.Read<CreditsTold>(row.Body), facts);
            case EventTypes.GenerationStarted or EventTypes.GenerationCompleted or EventTypes.GenerationFailed or EventTypes.VouchersAdded:
                var codes = Wire.Read<CodesTold>(row.Body);
                facts.WantCampaign(codes.CampaignId);
                return one => [EventPart.Of(one.Type, null, new CodesPayload(facts.Campaign(codes.CampaignId), codes.Count, codes.CompletedAt))];
            case EventTypes.VoucherCreated or EventTypes.VoucherUpdated or EventTypes.VoucherDeleted or EventTypes.VoucherEnabled or EventTypes.VoucherDisabled:
                return WithCampaign(row, facts, "voucher", (voucher, campaign) => Wire.Text(new VoucherPayload(voucher, campaign)));
            case EventTypes.TierCreated or EventTypes.TierUpdated or EventTypes.TierDeleted or EventTypes.TierEnabled or EventTypes.TierDisabled:
                return WithCampaign(row, facts, "promotion_tier", (tier, campaign) => Wire.Text(new TierPayload(campaign, tier)));
            case EventTypes.RuleAssigned or EventTypes.RuleUnassigned:
                return Assignment(Wire.Read<JsonElement>(row.Body), facts);
            case EventTypes.PublicationSucceeded or EventTypes.VoucherPublished or EventTypes.CustomerPublicationSucceeded
                or EventTypes.LoyaltyTierCreated or EventTypes.LoyaltyTierJoined or EventTypes.LoyaltyTierLeft or EventTypes.LoyaltyTierUpgraded or EventTypes.LoyaltyTierDowngraded or EventTypes.LoyaltyTierProlonged
                or EventTypes.RewardAssigned or EventTypes.RewardReassigned or EventTypes.RewardUnassigned:
                return Filled(row, facts, hasVoucher: false);
            case EventTypes.EarningRuleAssigned or EventTypes.EarningRuleUpdated or EventTypes.EarningRuleDeleted or EventTypes.EarningRuleEnabled or EventTypes.EarningRuleDisabled:
                return Filled(row, facts, hasVoucher: false);
            case EventTypes.CustomerRewarded or EventTypes.CustomerRewardedPoints or EventTypes.RewardRedemptionCreated or EventTypes.RewardRedemptionPending
                or EventTypes.RewardRedemptionCompleted or EventTypes.RewardRedemptionRolledBack:
                return Filled(row, facts, hasVoucher: true);
            case EventTypes.PendingAdded or EventTypes.PendingUpdated or EventTypes.PendingActivated or EventTypes.PendingCanceled:
                return PendingParts.Of(row, facts);
            case EventTypes.HolderAssigned or EventTypes.HolderUnassigned:
                return Holder(Wire.Read<JsonElement>(row.Body).GetProperty("holder"), facts);
            default:
                return one => [new EventPart(one.Type, one.CustomerId, () => one.Body)];
        }
    }

    static PartsOf WithCampaign(OutboxEvent row, PayloadFacts facts, string name, Func<JsonElement, SimpleCampaign?, string> payload)
    {
        var about = Wire.Read<JsonElement>(row.Body).GetProperty(name);
        var campaign = about.TryGetProperty("campaign_id", out var id) ? id.GetString() : null;
        facts.WantCampaign(campaign);
        return one => [new EventPart(one.Type, one.CustomerId, () => payload(about, facts.Campaign(campaign)))];
    }

    static PartsOf Assignment(JsonElement body, PayloadFacts facts)
    {
        var (rule, assignment) = (body.GetProperty("rule"), body.GetProperty("assignment"));
        var id = assignment.GetProperty("related_object_id").GetString();
        var type = assignment.GetProperty("related_object_type").GetString();
        if (type == "voucher") facts.WantVoucher(id);
        if (type == "campaign") facts.WantCampaign(id);
        if (type == "promotion_tier") facts.WantTier(id);
        return one => [EventPart.Of(one.Type, null, new AssignmentPayload(rule, assignment)
        {
            Voucher = facts.Voucher(id) is { } voucher ? SimpleVoucher.Of(voucher) : null,
            Campaign = facts.Campaign(id),
            PromotionTier = facts.Tier(id),
        })];
    }

    // The body with the campaign, and perhaps the voucher, that it names by their ids.
    static PartsOf Filled(OutboxEvent row, PayloadFacts facts, bool hasVoucher)
    {
        var body = JsonNode.Parse(row.Body)!.AsObject();
        var (campaign, voucher) = (body["campaign"]?["id"]?.GetValue<string>(), hasVoucher ? body["voucher"]?["id"]?.GetValue<string>() : null);
        facts.WantCampaign(campaign);
        // A reward may have given a code, too.
        var given = hasVoucher && body["reward"]?["voucher"] is JsonObject code ? code["id"]?.GetValue<string>() : null;
        facts.WantVoucher(voucher);
        facts.WantVoucher(given);
        return one => [new EventPart(one.Type, one.CustomerId, () =>
        {
            if (facts.Voucher(given) is { } bought) body["reward"]!["voucher"] = JsonNode.Parse(Wire.Text(SimpleVoucher.Of(bought)));
            if (facts.Campaign(campaign) is { } told) body["campaign"] = JsonNode.Parse(Wire.Text(told));
            if (facts.Voucher(voucher) is { } card) body["voucher"] = JsonNode.Parse(Wire.Text(SimpleVoucher.Of(card)));
            return body.ToJsonString(Wire.Options);
        })];
    }

    static PartsOf Holder(JsonElement holder, PayloadFacts facts)
    {
        var (voucher, campaign, customer) = (Id("redeemable_id"), Id("campaign_id"), Id("customer_id"));
        facts.WantVoucher(voucher);
        facts.WantCampaign(campaign);
        facts.WantCustomer(customer);
        return one => [EventPart.Of(one.Type, one.CustomerId,
            new HolderPayload(holder, facts.Voucher(voucher) is { } code ? SimpleVoucher.Of(code) : null, facts.Campaign(campaign), facts.Short(customer)))];

        string? Id(string name) => holder.GetProperty(name).GetString();
    }

    static PartsOf Order(OrderTold told, PayloadFacts facts)
    {
        foreach (var customer in told.Customers) facts.WantCustomer(customer.Id, whole: true);
        facts.WantCustomer(told.Order.CustomerId);
        facts.WantCustomer(told.Order.ReferrerId);
        return _ => [.. told.Customers.SelectMany(customer => Saved(customer, facts)), .. Order(told.Order, told.Happened, facts)];
    }

    static IEnumerable<EventPart> Saved(CustomerHappened happened, PayloadFacts facts) =>
        facts.Customer(happened.Id) is { } customer ? [EventPart.Of(happened.Type, happened.Id, new CustomerTold(customer))] : [];

    static IEnumerable<EventPart> Order(Order order, OrderHappened happened, PayloadFacts facts)
    {
        if (order.CustomerId is not { } customer) return [];
        var payload = new OrderPayload { Customer = facts.Short(customer), Referrer = facts.Short(order.ReferrerId), Order = order };
        return happened.Types().Select(type => EventPart.Of(type, customer, payload));
    }

    static IEnumerable<EventPart> Moved(string id, PayloadFacts facts)
    {
        if (facts.Transaction(id) is not { } transaction) return [];
        var card = facts.Voucher(transaction.VoucherId);
        var isOfPoints = TransactionTypes.IsOfPoints(transaction.Type);
        return
        [
            new EventPart(isOfPoints ? EventTypes.PointsTransaction : EventTypes.GiftTransaction, card?.HolderId, () => TransactionPayload.Text(transaction, facts),
                isOfPoints ? new(null, transaction.VoucherId, transaction.CampaignId, CampaignTypes.Loyalty, null) : null),
        ];
    }

    static IEnumerable<EventPart> Transferred(Transaction transaction, PayloadFacts facts)
    {
        if (facts.Voucher(transaction.VoucherId) is not { HolderId: { } holder } card) return [];
        var (source, destination) = (facts.Voucher(transaction.Details.SourceVoucher?.Id) ?? card, facts.Voucher(transaction.Details.DestinationVoucher?.Id) ?? card);
        return [EventPart.Of(EventTypes.CustomerPointsTransferred, holder, new TransferPayload
        {
            Customer = facts.Short(holder),
            Campaign = facts.Campaign(card.CampaignId),
            Voucher = SimpleVoucher.Of(card),
            SourceVoucher = SimpleVoucher.Of(source),
            DestinationVoucher = SimpleVoucher.Of(destination),
            Balance = transaction.Details.Balance,
            Transaction = transaction,
        })];
    }

    static PartsOf Credits(CreditsTold told, PayloadFacts facts)
    {
        facts.WantTransaction(told.TransactionId);
        return _ =>
        {
            if (facts.Transaction(told.TransactionId) is not { } transaction) return [];
            if (transaction.Type == TransactionTypes.Expiration) return [.. Moved(told.TransactionId, facts), .. Expired(transaction, facts)];
            if (transaction.Details is { SourceVoucher: not null } or { DestinationVoucher: not null }) return [.. Moved(told.TransactionId, facts), .. Transferred(transaction, facts)];
            if (transaction.Details.Balance.Amount < 0) return Moved(told.TransactionId, facts);
            var (card, isOfPoints) = (facts.Voucher(told.VoucherId), TransactionTypes.IsOfPoints(transaction.Type));
            var payload = new BalancePayload
            {
                Campaign = facts.Campaign(card?.CampaignId),
                Voucher = card is null ? null : SimpleVoucher.Of(card),
                Balance = transaction.Details.Balance,
                Transaction = transaction,
            };
            return
            [
                .. Moved(told.TransactionId, facts),
                EventPart.Of(isOfPoints ? EventTypes.PointsAdded : EventTypes.GiftBalanceAdded, card?.HolderId, payload),
                .. card?.HolderId is { } holder ? [EventPart.Of(isOfPoints ? EventTypes.CustomerPointsAdded : EventTypes.CustomerGiftBalanceAdded, holder, payload with { Customer = facts.Short(holder) })] : Array.Empty<EventPart>(),
            ];
        };
    }

    static IEnumerable<EventPart> Expired(Transaction transaction, PayloadFacts facts)
    {
        var card = facts.Voucher(transaction.VoucherId);
        var payload = new PointsExpiredPayload
        {
            Customer = facts.Short(card?.HolderId),
            Campaign = facts.Campaign(transaction.CampaignId),
            Voucher = card is null ? null : SimpleVoucher.Of(card),
            Points = -transaction.Details.Balance.Amount,
            Buckets = [.. transaction.Expired.Select(one => one.Show(transaction.VoucherId, transaction.CampaignId))],
            Transaction = transaction,
        };
        yield return EventPart.Of(EventTypes.PointsExpired, card?.HolderId, payload);
        if (card?.HolderId is { } holder) yield return EventPart.Of(EventTypes.CustomerPointsExpired, holder, payload);
    }
}
