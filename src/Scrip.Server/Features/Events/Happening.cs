using System.Data.Common;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Events;

/// <summary>
/// How features tell that something happened: a row of the outbox, in the write that makes it happen. Most tell the
/// object as their answer shows it; campaigns, customers and what else belongs to it is added when subscribers are told.
/// </summary>
static class Happening
{
    /// <summary>Tells inside a write, with the object as it is told.</summary>
    /// <param name="db">The connection of the write.</param>
    /// <param name="call">The request.</param>
    /// <param name="type">One of <see cref="EventTypes"/> or <see cref="ShortTypes"/>.</param>
    /// <param name="customer">The customer it is about; null when it is about none.</param>
    /// <param name="about">What happened; its type has a line in WireJson.</param>
    public static Task Tell<T>(DbConnection db, Call call, string type, string? customer, T about) =>
        OutboxQueue.Add(db, call.ProjectId, type, customer, Wire.Text(about), call.Now, call.EventSource);

    /// <summary>Tells by what goes on without a request, a job or a subscriber; or on behalf of the caller that is named.</summary>
    public static Task Tell<T>(DbConnection db, string project, string type, string? customer, T about, long now, string? caller = null) =>
        OutboxQueue.Add(db, project, type, customer, Wire.Text(about), now, caller);

    /// <summary>Tells in a batch.</summary>
    public static Batch Tell<T>(this Batch batch, Call call, string type, string? customer, T about) =>
        OutboxQueue.Add(batch, call.ProjectId, type, customer, Wire.Text(about), call.Now, call.EventSource);

    /// <summary>Tells in a batch of a job.</summary>
    public static Batch Tell<T>(this Batch batch, string project, string type, string? customer, T about, long now) =>
        OutboxQueue.Add(batch, project, type, customer, Wire.Text(about), now);
}

/// <summary>What one redemption, refusal or rollback wrote, by its ids.</summary>
public sealed record RedemptionHappened
{
    /// <summary>The entries of the history, in their order; of a stack its parts.</summary>
    public required PartHappened[] Parts { get; init; }

    /// <summary>The entry of the whole stack.</summary>
    public string? Parent { get; init; }

    /// <summary>What became of the order; null when there is none.</summary>
    public OrderHappened? Order { get; init; }

    /// <summary>What became of the customer who came along.</summary>
    public CustomerHappened? Customer { get; init; }

    /// <summary>The ids of the products of the order, each between spaces; null without any.</summary>
    public string? Products { get; init; }

    /// <summary>Movements on cards.</summary>
    public CreditsHappened[]? Transactions { get; init; }
}

/// <summary>An entry of the history, and what it is about as far as that is needed often.</summary>
/// <param name="Id">The redemption or rollback.</param>
/// <param name="VoucherId">Its voucher; null of a promotion tier.</param>
/// <param name="CampaignId">Its campaign.</param>
/// <param name="CampaignType">The type of the campaign.</param>
public sealed record PartHappened(string Id, string? VoucherId, string? CampaignId, string? CampaignType);

/// <summary>Credits or points that moved.</summary>
/// <param name="Id">The transaction.</param>
/// <param name="HolderId">Who holds the card.</param>
public sealed record CreditsHappened(string Id, string? HolderId)
{
    /// <summary>Whether they were points of a loyalty card.</summary>
    public bool IsOfPoints { get; init; }
}

/// <summary>An order that was saved.</summary>
/// <param name="Id">Its id.</param>
/// <param name="IsNew">Whether it was made.</param>
/// <param name="Status">Its status when that changed, or of a new one; else null.</param>
public sealed record OrderHappened(string Id, bool IsNew, string? Status)
{
    /// <summary>Whose it is.</summary>
    public string? CustomerId { get; init; }

    /// <summary>The types of events it stands for.</summary>
    public IEnumerable<string> Types()
    {
        yield return IsNew ? EventTypes.OrderCreated : EventTypes.OrderUpdated;
        if (Status is "PAID") yield return EventTypes.OrderPaid;
        if (Status is "CANCELED") yield return EventTypes.OrderCanceled;
        if (Status is "FULFILLED") yield return EventTypes.OrderFulfilled;
    }
}

/// <summary>A customer that was saved.</summary>
/// <param name="Id">The id.</param>
/// <param name="IsNew">Whether it was made.</param>
public sealed record CustomerHappened(string Id, bool IsNew)
{
    /// <summary>The type of event it stands for.</summary>
    public string Type => IsNew ? EventTypes.CustomerCreated : EventTypes.CustomerUpdated;
}
