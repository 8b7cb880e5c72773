using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Data;

namespace Scrip.Server.Features.Redemptions;

/// <summary>What a redemption or its rollback moves on a gift card: a transaction the API lists, and its postings.</summary>
static class CardMovement
{
    public static void Redeemed(Batch batch, VoucherRow card, long credits, string redemptionId, Order? order, string source, long now) =>
        Ledger.Move(batch, card, "CREDITS_REDEMPTION", -credits, Ledger.Spent, now, new MovementDetails
        {
            Source = source,
            Order = order is null ? null : new MovementOrder(order.Id!, order.SourceId),
            Redemption = new MovementRef(redemptionId),
        });

    public static void RolledBack(Batch batch, VoucherRow card, long credits, string redemptionId, string rollbackId, string? reason, string source, long now) =>
        Ledger.Move(batch, card, "CREDITS_REFUND", credits, Ledger.Spent, now, new MovementDetails
        {
            Source = source,
            Reason = reason,
            Redemption = new MovementRef(redemptionId),
            Rollback = new MovementRef(rollbackId),
        });
}
