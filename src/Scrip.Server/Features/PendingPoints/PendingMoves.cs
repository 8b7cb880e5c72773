using System.Data.Common;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Orders;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.PendingPoints;

/// <summary>What happens to pending points, inside a write: the row, the card where they get there, and the event.</summary>
static class PendingMoves
{
    public const string Manual = "MANUAL";
    public const string Automatic = "AUTOMATIC";

    /// <summary>Points begin to wait.</summary>
    public static async Task Add(DbConnection db, PendingRow row, Order order, long now)
    {
        await PendingSql.Insert(db, row);
        await Tell(db, EventTypes.PendingAdded, row, row.Points, Automatic, order, now, null);
    }

    /// <summary>Puts them on their card; null when they are not pending any more. When the card is gone they are canceled.</summary>
    public static async Task<PendingBalance?> Activate(DbConnection db, PendingRow row, string operation, long now, string? source = null, string? caller = null)
    {
        if (await VoucherSql.Find(db, row.ProjectId, row.VoucherId) is not { } card)
        {
            // One that lies in the bin may come back.
            if (!await PendingSql.HasCard(db, row)) await Cancel(db, row, operation, now, caller);
            return null;
        }
        if (await PendingSql.End(db, row, PendingStatus.Activated, now) is not { } ended) return null;
        var details = ended.Show().Details;
        var moved = await CardMoves.Move(db, card, new CardMove
        {
            Amount = ended.Points,
            Operation = operation,
            Source = source ?? "Automation",
            Reason = "Pending points activated",
            Type = TransactionTypes.PendingActivation,
            Life = PointsLife.By(Wire.Read<PendingBody>(ended.Body).ExpirationRules),
            Details = new TransactionDetails
            {
                Balance = CardBalance.Of(card, ended.Points, operation),
                Order = new NamedOrder(details.Order.Id, details.Order.SourceId ?? ""),
                Event = new NamedEvent(details.Event.Id, details.Event.Type),
                EarningRule = details.EarningRule,
            },
        }, now, caller) ?? throw new CardIsFull();
        await Tell(db, EventTypes.PendingActivated, ended, ended.Points, operation, null, now, caller, moved.TransactionId);
        return new PendingBalance
        {
            Points = ended.Points,
            Total = moved.Balance.Total,
            Balance = moved.Balance.Balance,
            Type = moved.Balance.Type,
            RelatedObject = moved.Balance.RelatedObject,
            OperationType = operation,
        };
    }

    /// <summary>Adds to them, or takes some off; null when they are not pending any more, or the number is not allowed.</summary>
    public static async Task<PendingBalance?> Adjust(DbConnection db, PendingRow row, long added, long now, string? caller) =>
        await PendingSql.Adjust(db, row, added, now) is { } changed ? await Tell(db, EventTypes.PendingUpdated, changed, added, Manual, null, now, caller) : null;

    /// <summary>Gives them up; false when they are not pending any more.</summary>
    public static async Task<bool> Cancel(DbConnection db, PendingRow row, string operation, long now, string? caller = null)
    {
        if (await PendingSql.End(db, row, PendingStatus.Canceled, now) is not { } ended) return false;
        await Tell(db, EventTypes.PendingCanceled, ended, -ended.Points, operation, null, now, caller);
        return true;
    }

    static async Task<PendingBalance> Tell(DbConnection db, string type, PendingRow row, long moved, string operation, Order? order, long now, string? caller, string? transaction = null)
    {
        var balance = new PendingBalance
        {
            Points = moved,
            Total = await PendingSql.Total(db, row.ProjectId, row.VoucherId),
            RelatedObject = new(row.VoucherId),
            OperationType = operation,
        };
        order ??= await OrderSql.Find(db, row.ProjectId, row.OrderId) is { } stored ? Wire.Read<Order>(stored.Body) : null;
        await Happening.Tell(db, row.ProjectId, type, row.CustomerId, new PendingTold
        {
            Campaign = new(row.CampaignId),
            Voucher = new(row.VoucherId),
            Customer = await CustomerSql.Find(db, row.ProjectId, row.CustomerId) is { } customer ? CustomerView.Short(customer) : null,
            VoucherPendingPointsBalance = balance,
            Order = order,
            PendingPoints = row.Show(),
            Transaction = transaction is null ? null : new(transaction),
        }, now, caller);
        return balance;
    }
}

/// <summary>The card would hold more than the largest number; nothing of the write may stay.</summary>
sealed class CardIsFull : Exception;
