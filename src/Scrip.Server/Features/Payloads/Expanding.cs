using System.Data.Common;
using System.Text.Json;
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
/// whose object is gone meanwhile tells nothing.
/// </summary>
static class Expanding
{
    /// <summary>The expander of the outbox.</summary>
    public static OutboxExpander For(Dialect dialect) => async (db, events) =>
    {
        var facts = new Dictionary<string, PayloadFacts>();
        var told = new Told[events.Count];
        for (var i = 0; i < told.Length; i++)
        {
            if (!facts.TryGetValue(events[i].ProjectId, out var own)) facts[events[i].ProjectId] = own = new PayloadFacts(db, dialect, events[i].ProjectId);
            told[i] = Read(events[i], own);
        }
        foreach (var own in facts.Values) await own.Load();
        return [.. told.SelectMany((one, i) => one(events[i]).Select((part, place) => events[i].As(part.Type, part.Customer, part.Body, place)))];
    };

    /// <summary>What is made of an event once the facts are there.</summary>
    delegate IEnumerable<Part> Told(OutboxEvent row);

    /// <summary>One documented event.</summary>
    readonly record struct Part(string Type, string? Customer, string Body)
    {
        public static Part Of<T>(string type, string? customer, T payload) => new(type, customer, Wire.Text(payload));
    }

    static Told Read(OutboxEvent row, PayloadFacts facts)
    {
        switch (row.Type)
        {
            case ShortTypes.Redeemed or ShortTypes.Refused or ShortTypes.RolledBack:
                return Redemptions(row, Wire.Read<RedemptionHappened>(row.Body), facts);
            case ShortTypes.OrderSaved:
                return Order(Wire.Read<OrderTold>(row.Body), facts);
            case ShortTypes.CreditsMoved:
                return Credits(Wire.Read<CreditsTold>(row.Body), facts);
            case EventTypes.GenerationCompleted:
                var generated = Wire.Read<GenerationTold>(row.Body);
                facts.WantCampaign(generated.CampaignId);
                return one => [Part.Of(one.Type, null, new GenerationPayload(facts.Campaign(generated.CampaignId), generated.Count, generated.CompletedAt))];
            case EventTypes.VoucherCreated or EventTypes.VoucherUpdated or EventTypes.VoucherDeleted or EventTypes.VoucherEnabled or EventTypes.VoucherDisabled:
                return WithCampaign(row, facts, "voucher", (voucher, campaign) => Wire.Text(new VoucherPayload(voucher, campaign)));
            case EventTypes.TierCreated or EventTypes.TierUpdated or EventTypes.TierDeleted or EventTypes.TierEnabled or EventTypes.TierDisabled:
                return WithCampaign(row, facts, "promotion_tier", (tier, campaign) => Wire.Text(new TierPayload(campaign, tier)));
            case EventTypes.RuleAssigned or EventTypes.RuleUnassigned:
                return Assignment(Wire.Read<JsonElement>(row.Body), facts);
            default:
                return one => [new Part(one.Type, one.CustomerId, one.Body)];
        }
    }

    static Told WithCampaign(OutboxEvent row, PayloadFacts facts, string name, Func<JsonElement, SimpleCampaign?, string> payload)
    {
        var about = Wire.Read<JsonElement>(row.Body).GetProperty(name);
        var campaign = about.TryGetProperty("campaign_id", out var id) ? id.GetString() : null;
        facts.WantCampaign(campaign);
        return one => [new Part(one.Type, one.CustomerId, payload(about, facts.Campaign(campaign)))];
    }

    static Told Assignment(JsonElement body, PayloadFacts facts)
    {
        var (rule, assignment) = (body.GetProperty("rule"), body.GetProperty("assignment"));
        var id = assignment.GetProperty("related_object_id").GetString();
        var type = assignment.GetProperty("related_object_type").GetString();
        if (type == "voucher") facts.WantVoucher(id);
        if (type == "campaign") facts.WantCampaign(id);
        if (type == "promotion_tier") facts.WantTier(id);
        return one => [Part.Of(one.Type, null, new AssignmentPayload(rule, assignment)
        {
            Voucher = facts.Voucher(id) is { } voucher ? SimpleVoucher.Of(voucher) : null,
            Campaign = facts.Campaign(id),
            PromotionTier = facts.Tier(id),
        })];
    }

    static Told Order(OrderTold told, PayloadFacts facts)
    {
        foreach (var customer in told.Customers) facts.WantCustomer(customer.Id, whole: true);
        facts.WantCustomer(told.Order.CustomerId);
        facts.WantCustomer(told.Order.ReferrerId);
        return _ => [.. told.Customers.SelectMany(customer => Saved(customer, facts)), .. Order(told.Order, told.Happened, null, facts)];
    }

    static IEnumerable<Part> Saved(CustomerHappened? happened, PayloadFacts facts) =>
        happened is not null && facts.Customer(happened.Id) is { } customer ? [Part.Of(happened.Type, happened.Id, new CustomerTold(customer))] : [];

    static IEnumerable<Part> Order(Order order, OrderHappened happened, SimpleRedemption? redemption, PayloadFacts facts)
    {
        if (order.CustomerId is not { } customer) return [];
        var payload = new OrderPayload { Customer = facts.Short(customer), Referrer = facts.Short(order.ReferrerId), Order = order, Redemption = redemption };
        return happened.Types().Select(type => Part.Of(type, customer, payload));
    }

    static Told Redemptions(OutboxEvent row, RedemptionHappened happened, PayloadFacts facts)
    {
        string[] ids = happened.Parent is { } parent ? [.. happened.Ids, parent] : happened.Ids;
        foreach (var id in ids) facts.WantRedemption(id);
        foreach (var id in happened.Transactions ?? []) facts.WantTransaction(id);
        if (happened.Customer is { } saved) facts.WantCustomer(saved.Id, whole: true);
        if (happened.Order is not null) facts.WantCustomer(row.CustomerId);
        return _ =>
        {
            var whole = facts.Redemption(ids[^1]);
            return
            [
                .. Saved(happened.Customer, facts),
                .. happened.Order is { } order && whole?.Order is { } shown ? Order(shown, order, SimpleRedemption.Of(whole), facts) : [],
                .. ids.SelectMany(id => Redemption(id, id == happened.Parent, row.Type, facts)),
                .. (happened.Transactions ?? []).SelectMany(id => Moved(id, facts)),
            ];
        };
    }

    static IEnumerable<Part> Redemption(string id, bool isParent, string shortType, PayloadFacts facts)
    {
        if (facts.Redemption(id) is not { } entry) yield break;
        var isRollback = shortType == ShortTypes.RolledBack;
        var redeemed = isRollback ? facts.Redemption(entry.RedemptionId) : entry;
        var payload = new RedemptionPayload
        {
            Customer = entry.Customer,
            Order = SimpleOrder.Of(entry.Order),
            Campaign = facts.Campaign(entry.Voucher?.CampaignId ?? entry.PromotionTier?.CampaignId),
            Voucher = entry.Voucher is { } voucher ? SimpleVoucher.Of(voucher) : null,
            Holder = facts.Short(entry.Voucher?.HolderId),
            PromotionTier = entry.PromotionTier is { } tier ? SimpleTier.Of(tier) : null,
            Redemption = redeemed is null ? null : SimpleRedemption.Of(redeemed),
            RedemptionRollback = isRollback ? SimpleRedemption.Of(entry) : null,
            CreatedAt = entry.Date,
        };
        var (type, ofCustomer) = shortType switch
        {
            ShortTypes.RolledBack => (EventTypes.RollbackSucceeded, EventTypes.CustomerRollbackSucceeded),
            ShortTypes.Refused => (EventTypes.RedemptionFailed, EventTypes.CustomerRedemptionFailed),
            _ => (EventTypes.RedemptionSucceeded, EventTypes.CustomerRedemptionSucceeded),
        };
        yield return Part.Of(type, entry.CustomerId, payload);
        // A customer did what the parts tell, not once more what the whole repeats.
        if (entry.CustomerId is not null && !isParent) yield return Part.Of(ofCustomer, entry.CustomerId, payload);
    }

    static IEnumerable<Part> Moved(string id, PayloadFacts facts)
    {
        if (facts.Transaction(id) is not { } transaction) yield break;
        var card = facts.Voucher(transaction.VoucherId);
        var (redemption, rollback) = (facts.Redemption(transaction.Details.Redemption?.Id), facts.Redemption(transaction.Details.Rollback?.Id));
        yield return Part.Of(EventTypes.GiftTransaction, card?.HolderId, new TransactionPayload
        {
            Transaction = transaction,
            Voucher = card,
            Campaign = facts.Campaign(transaction.CampaignId),
            Holder = facts.Short(card?.HolderId),
            Balance = transaction.Details.Balance,
            Order = SimpleOrder.Of((rollback ?? redemption)?.Order),
            Redemption = redemption is null ? null : SimpleRedemption.Of(redemption),
            Rollback = rollback is null ? null : SimpleRedemption.Of(rollback),
        });
    }

    static Told Credits(CreditsTold told, PayloadFacts facts)
    {
        facts.WantTransaction(told.TransactionId);
        return _ =>
        {
            if (facts.Transaction(told.TransactionId) is not { } transaction) return [];
            if (transaction.Type != TransactionTypes.Addition) return Moved(told.TransactionId, facts);
            var card = facts.Voucher(told.VoucherId);
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
                Part.Of(EventTypes.GiftBalanceAdded, card?.HolderId, payload),
                .. card?.HolderId is { } holder ? [Part.Of(EventTypes.CustomerGiftBalanceAdded, holder, payload with { Customer = facts.Short(holder) })] : Array.Empty<Part>(),
            ];
        };
    }
}
