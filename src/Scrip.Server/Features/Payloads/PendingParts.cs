using System.Text.Json.Nodes;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Orders;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Payloads;

/// <summary>What becomes of pending points, told of the card and then of its customer: with the campaign, the card and its order.</summary>
static class PendingParts
{
    /// <summary>Asks for the facts, and answers what is made of them.</summary>
    public static PartsOf Of(OutboxEvent row, PayloadFacts facts)
    {
        var body = JsonNode.Parse(row.Body)!.AsObject();
        var (campaign, voucher) = (body["campaign"]!["id"]!.GetValue<string>(), body["voucher"]!["id"]!.GetValue<string>());
        facts.WantCampaign(campaign);
        facts.WantVoucher(voucher);
        var transaction = body["transaction"]?["id"]?.GetValue<string>();
        facts.WantTransaction(transaction);
        return one =>
        {
            if (facts.Campaign(campaign) is { } told) body["campaign"] = JsonNode.Parse(Wire.Text(told));
            if (facts.Voucher(voucher) is { } card) body["voucher"] = JsonNode.Parse(Wire.Text(SimpleVoucher.Of(card)));
            if (body["voucher"]!["loyalty_card"] is JsonObject points) points["pending_points"] = body["voucher_pending_points_balance"]!["total"]!.DeepClone();
            if (facts.Transaction(transaction) is { } moved)
            {
                body["transaction"] = JsonNode.Parse(Wire.Text(moved));
                body["balance"] = JsonNode.Parse(Wire.Text(moved.Details.Balance));
            }
            if (body["order"] is { } order) body["order"] = JsonNode.Parse(Wire.Text(SimpleOrder.Of(Wire.Read<Order>(order.ToJsonString()))!));
            var text = body.ToJsonString(Wire.Options);
            return [new EventPart(one.Type, one.CustomerId, () => text), new EventPart(EventTypes.OfCustomer(one.Type), one.CustomerId, () => text)];
        };
    }
}
