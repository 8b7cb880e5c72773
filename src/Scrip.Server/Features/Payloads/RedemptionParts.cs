using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Redemptions;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Payloads;

/// <summary>
/// The events that a redemption, a refusal or a rollback stands for, in this order: what became of the customer who came
/// along, of the order, each part for the shop and for its customer, the whole stack, credits that moved. Which there are
/// is known from the short event; bodies are put together from the history only for types that somebody wants.
/// </summary>
sealed class RedemptionParts(OutboxEvent row, RedemptionHappened happened, PayloadFacts facts, OutboxInterest interest)
{
    readonly string whole = happened.Parent ?? happened.Parts[^1].Id;

    /// <summary>Asks for the facts, and answers what is made of them.</summary>
    public static PartsOf Of(OutboxEvent row, RedemptionHappened happened, PayloadFacts facts, OutboxInterest interest)
    {
        EventPart[] parts = [.. new RedemptionParts(row, happened, facts, interest).All()];
        return _ => parts;
    }

    IEnumerable<EventPart> All()
    {
        if (happened.Customer is { } saved)
            // Tells what the customer was like then, so it is no lasting one.
            yield return new(saved.Type, saved.Id, Wanted(() => facts.WantCustomer(saved.Id, whole: true),
                () => facts.Customer(saved.Id) is { } customer ? Wire.Text(new CustomerTold(customer)) : null, saved.Type));
        foreach (var part in Order()) yield return part;
        foreach (var one in happened.Parts)
            foreach (var part in Redemption(one.Id, new(one.Id, one.VoucherId, one.CampaignId, one.CampaignType, happened.Products), isParent: false)) yield return part;
        if (happened.Parent is { } parent)
            foreach (var part in Redemption(parent, new(parent, null, null, null, happened.Products), isParent: true)) yield return part;
        foreach (var moved in happened.Transactions ?? [])
        {
            var type = moved.IsOfPoints ? EventTypes.PointsTransaction : EventTypes.GiftTransaction;
            yield return new(type, moved.HolderId, Wanted(() => facts.WantTransaction(moved.Id),
                () => facts.Transaction(moved.Id) is { } transaction ? TransactionPayload.Text(transaction, facts) : null, type));
        }
    }

    // The body when one of the types is wanted; it is put together once for all of them.
    Func<string?>? Wanted(Action want, Func<string?> make, params ReadOnlySpan<string> types)
    {
        foreach (var type in types)
        {
            if (!interest.Has(row.ProjectId, type)) continue;
            want();
            var body = new Lazy<string?>(make);
            return () => body.Value;
        }
        return null;
    }

    IEnumerable<EventPart> Order()
    {
        if (happened.Order is not { CustomerId: { } customer } saved) return [];
        string[] types = [.. saved.Types()];
        var body = Wanted(
            () =>
            {
                facts.WantRedemption(whole);
                facts.WantCustomer(customer);
            },
            () => facts.Redemption(whole) is { Order: { } order } entry
                ? Wire.Text(new OrderPayload { Customer = facts.Short(customer), Referrer = facts.Short(order.ReferrerId), Order = order, Redemption = SimpleRedemption.Of(Then(entry)) })
                : null,
            types);
        var gist = new EventGist(whole, null, null, null, happened.Products);
        return types.Select(type => new EventPart(type, customer, body, gist, IsLasting: true));
    }

    IEnumerable<EventPart> Redemption(string id, EventGist gist, bool isParent)
    {
        var (type, ofCustomer) = row.Type switch
        {
            ShortTypes.RolledBack => (EventTypes.RollbackSucceeded, EventTypes.CustomerRollbackSucceeded),
            ShortTypes.RollbackRefused => (EventTypes.RollbackFailed, EventTypes.CustomerRollbackFailed),
            ShortTypes.Refused => (EventTypes.RedemptionFailed, EventTypes.CustomerRedemptionFailed),
            _ => (EventTypes.RedemptionSucceeded, EventTypes.CustomerRedemptionSucceeded),
        };
        var body = Wanted(() => facts.WantRedemption(id), () => facts.Redemption(id) is { } entry ? Wire.Text(Payload(Then(entry))) : null, type, ofCustomer);
        yield return new(type, row.CustomerId, body, gist, IsLasting: true);
        // A customer did what the parts tell, not once more what the whole repeats.
        if (row.CustomerId is not null && !isParent) yield return new(ofCustomer, row.CustomerId, body, gist, IsLasting: true);
    }

    RedemptionPayload Payload(Redemption entry)
    {
        var isRollback = row.Type is ShortTypes.RolledBack or ShortTypes.RollbackRefused;
        var redeemed = isRollback ? facts.Redemption(entry.RedemptionId) : entry;
        return new()
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
    }

    // What was redeemed is told as it was, whatever became of it since.
    Redemption Then(Redemption entry) => row.Type == ShortTypes.Redeemed ? entry with { Status = "SUCCEEDED" } : entry;
}
