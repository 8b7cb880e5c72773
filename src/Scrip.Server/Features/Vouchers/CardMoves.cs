using System.Data.Common;
using Scrip.Server.Features.Events;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Vouchers;

/// <summary>
/// Puts credits or points on a card, or takes them off, other than by redeeming: the guarded balance, its transaction, the
/// postings and the event, inside one write.
/// </summary>
static class CardMoves
{
    /// <summary>Moves so much; null when the balance, or the largest amount, does not allow it.</summary>
    /// <param name="db">The connection of the write.</param>
    /// <param name="card">A gift card or a loyalty card.</param>
    /// <param name="move">What moves, and why.</param>
    /// <param name="now">Unix milliseconds.</param>
    /// <param name="caller">How the event names who caused it; see <see cref="Call.EventSource"/>. Null when no request did.</param>
    public static async Task<CardMoved?> Move(DbConnection db, VoucherRow card, CardMove move, long now, string? caller = null)
    {
        var amount = move.Amount;
        if (await Note(db, card, move, Ids.New("vtx_", now), now, caller) is not { } moved) return null;
        var (from, to) = amount > 0 ? (Ledger.Issued(card.Type), Ledger.Card(card.Id)) : (Ledger.Card(card.Id), Ledger.Issued(card.Type));
        await Ledger.Move(db, card.ProjectId, moved.TransactionId, from, to, Math.Abs(amount), now);
        return moved;
    }

    /// <summary>
    /// Moves points from one loyalty card to another, posted from card to card; null when the one has too few, or the other
    /// would hold more than the largest amount. Then nothing of the write may stay.
    /// </summary>
    public static async Task<CardMoved?> Transfer(DbConnection db, VoucherRow from, VoucherRow to, CardMove move, long now, string? caller)
    {
        var (gone, come) = (Ids.New("vtx_", now), Ids.New("vtx_", now));
        var sent = move with
        {
            Amount = -move.Amount,
            Type = TransactionTypes.TransferOut,
            RelatedTransactionId = come,
            Details = new() { Balance = CardBalance.Of(from, -move.Amount, move.Operation), DestinationVoucher = TransferCard.Of(to) },
        };
        var taken = await Note(db, from, sent, gone, now, caller);
        if (taken is null) return null;
        var received = move with
        {
            Type = TransactionTypes.TransferIn,
            RelatedTransactionId = gone,
            Details = new() { Balance = CardBalance.Of(to, move.Amount, move.Operation), SourceVoucher = TransferCard.Of(from) },
        };
        var given = await Note(db, to, received, come, now, caller);
        // Both transactions tell of one movement, which is posted once.
        await Ledger.Move(db, from.ProjectId, come, Ledger.Card(from.Id), Ledger.Card(to.Id), move.Amount, now);
        return given;
    }

    // All but the postings.
    static async Task<CardMoved?> Note(DbConnection db, VoucherRow card, CardMove move, string transaction, long now, string? caller)
    {
        var amount = move.Amount;
        if (await VoucherSql.Load(db, card, Math.Max(0, amount), Math.Max(0, -amount), now) is not { } loaded) return null;
        var balance = CardBalance.Of(loaded, amount, move.Operation);
        var lastDay = amount > 0 && card.Type == VoucherTypes.Loyalty ? await PointBuckets.LastDay(db, card, move.Life, now) : null;
        await TransactionSql.Insert(db, new TransactionRow
        {
            ProjectId = card.ProjectId,
            Id = transaction,
            VoucherId = card.Id,
            CampaignId = card.CampaignId,
            Type = move.Type ?? (amount > 0 ? TransactionTypes.Addition(card.Type) : TransactionTypes.Removal(card.Type)),
            Amount = amount,
            CreatedAt = now,
            Body = Wire.Text(new TransactionBody
            {
                Source = move.Source,
                SourceId = move.SourceId,
                Reason = move.Reason,
                RelatedTransactionId = move.RelatedTransactionId,
                LastDay = lastDay is { } last ? PointsLife.Text(last) : null,
                Details = (move.Details ?? new() { Balance = balance }) with { Balance = balance },
            }),
        });
        if (lastDay is { } day) await PointBuckets.Open(db, card, transaction, amount, day, now);
        await Happening.Tell(db, card.ProjectId, ShortTypes.CreditsMoved, loaded.HolderId, new CreditsTold(card.Id, transaction), now, caller);
        return new(transaction, balance, loaded);
    }
}

/// <summary>A movement of credits or points on one card.</summary>
sealed record CardMove
{
    /// <summary>Minor units or points; below zero takes off. Not zero.</summary>
    public required long Amount { get; init; }

    /// <summary>MANUAL when somebody asked for it, else AUTOMATIC.</summary>
    public required string Operation { get; init; }

    /// <summary>Who or what moves it, as the transaction tells.</summary>
    public required string? Source { get; init; }

    /// <summary>The caller's own id of the movement.</summary>
    public string? SourceId { get; init; }

    public string? Reason { get; init; }

    /// <summary>See <see cref="TransactionTypes"/>; without it an addition or a removal.</summary>
    public string? Type { get; init; }

    /// <summary>What else the transaction tells; its balance is filled in.</summary>
    public TransactionDetails? Details { get; init; }

    /// <summary>The transaction that this one answers.</summary>
    public string? RelatedTransactionId { get; init; }

    /// <summary>How long points last that are added.</summary>
    public PointsLife Life { get; init; } = PointsLife.ByCampaign;
}

/// <summary>What moved.</summary>
/// <param name="TransactionId">The transaction.</param>
/// <param name="Balance">The balance after it.</param>
/// <param name="Card">The card after it.</param>
sealed record CardMoved(string TransactionId, CardBalance Balance, VoucherRow Card);
