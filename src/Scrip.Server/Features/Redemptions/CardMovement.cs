using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Redemptions;

/// <summary>What a redemption or its rollback moves on a gift card or loyalty card: a transaction the API lists, and its postings.</summary>
static class CardMovement
{
    /// <summary>Credits, in minor units, or points go from the card. Answers the transaction's id.</summary>
    public static string Redeemed(Batch batch, VoucherRow card, long drawn, Redemption redemption, Order? order, string source, long now)
    {
        var id = Add(batch, card, TransactionTypes.Redemption(card.Type), -drawn, source, null, now, new TransactionDetails
        {
            Balance = CardBalance.Of(card, -drawn, "AUTOMATIC"),
            Order = order is null ? null : new NamedOrder(order.Id!, order.SourceId ?? ""),
            Redemption = new NamedObject(redemption.Id),
            Reward = redemption.Reward is { } reward ? new NamedReward(reward.Id, reward.Name) : null,
        });
        batch.Move(card.ProjectId, id, Ledger.Card(card.Id), Ledger.Spent(card.Type), drawn, now);
        return id;
    }

    /// <summary>Credits, in minor units, or points come back to the card. Answers the transaction's id.</summary>
    public static string RolledBack(Batch batch, VoucherRow card, long drawn, string redemptionId, string rollbackId, string? reason, string source, long now)
    {
        var id = Add(batch, card, TransactionTypes.Refund(card.Type), drawn, source, reason, now, new TransactionDetails
        {
            Balance = CardBalance.Of(card, drawn, "AUTOMATIC"),
            Redemption = new NamedObject(redemptionId),
            Rollback = new NamedObject(rollbackId),
        });
        batch.Move(card.ProjectId, id, Ledger.Spent(card.Type), Ledger.Card(card.Id), drawn, now);
        return id;
    }

    static string Add(Batch batch, VoucherRow card, string type, long amount, string source, string? reason, long now, TransactionDetails details)
    {
        var id = Ids.New("vtx_", now);
        batch.Insert(new TransactionRow
        {
            ProjectId = card.ProjectId,
            Id = id,
            VoucherId = card.Id,
            CampaignId = card.CampaignId,
            Type = type,
            Amount = amount,
            CreatedAt = now,
            Body = Wire.Text(new TransactionBody { Source = source, Reason = reason, Details = details }),
        });
        return id;
    }
}
