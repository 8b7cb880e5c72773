using System.Data.Common;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Outbox;

/// <summary>A row of <c>outbox</c>: something that happened and that others want to know of.</summary>
public sealed class OutboxEvent
{
    /// <summary>How many characters of an expanded event's id tell its place; before them is the id of the short one.</summary>
    public const int PlaceLength = 2;

    /// <summary>The project it happened in.</summary>
    public string ProjectId { get; init; } = "";

    /// <summary>Its identifier, <c>ev_…</c>; subscribers know by it what they did already.</summary>
    public string Id { get; init; } = "";

    /// <summary>Its type, such as <c>customer.created</c>.</summary>
    public string Type { get; init; } = "";

    /// <summary>The customer it is about; null when it is about none.</summary>
    public string? CustomerId { get; init; }

    /// <summary>What there is to know, as JSON.</summary>
    /// <exception cref="InvalidOperationException">Nobody listened to its type when it was expanded; see <see cref="OutboxInterest"/>.</exception>
    public string Body
    {
        get => body ?? throw new InvalidOperationException($"Nobody asked for the body of {Type}");
        init => body = value;
    }

    readonly string? body;

    /// <summary>Whether <see cref="Body"/> is there.</summary>
    public bool HasBody => body is not null;

    /// <summary>What it is about in a few words; null when only the body tells.</summary>
    public EventGist? Gist { get; init; }

    /// <summary>The short event it stands for, when that can be expanded again at any time and tells the same; else null.</summary>
    public OutboxEvent? Short { get; init; }

    /// <summary>When it happened, in Unix milliseconds.</summary>
    public long CreatedAt { get; init; }

    /// <summary>How often it was tried in vain.</summary>
    public long Attempts { get; init; }

    /// <summary>Who made it happen, as JSON of <see cref="OutboxSource"/>; null when the server did by itself.</summary>
    public string? Source { get; init; }

    /// <summary>Whether a client-side key made it happen.</summary>
    public bool IsFromClient => Source is { } source && Wire.Read<OutboxSource>(source).Channel == OutboxSource.Client;

    /// <summary>Which lane it is in.</summary>
    public long Lane { get; init; }

    /// <summary>The same happening under another type: the <paramref name="place"/>-th event it stands for.</summary>
    /// <param name="type">The documented type.</param>
    /// <param name="customerId">Whose it is.</param>
    /// <param name="place">Its place among those that the short event stands for.</param>
    /// <param name="body">All there is to know; null when nobody asked.</param>
    /// <param name="gist">What it is about.</param>
    /// <param name="isLasting">Whether this event can be expanded again at any time and tells the same.</param>
    public OutboxEvent As(string type, string? customerId, int place, string? body, EventGist? gist = null, bool isLasting = false) => new(body)
    {
        ProjectId = ProjectId,
        Id = $"{Id}{Ids.Digit(place)}",
        Type = type,
        CustomerId = customerId,
        CreatedAt = CreatedAt,
        Attempts = Attempts,
        Source = Source,
        Lane = Lane,
        Gist = gist,
        Short = isLasting ? this : null,
    };

    /// <summary>An event with what it tells.</summary>
    public OutboxEvent()
        : this("{}")
    {
    }

    OutboxEvent(string? body) => this.body = body;
}

/// <summary>What an event is about, without reading anything.</summary>
/// <param name="RedemptionId">The redemption.</param>
/// <param name="VoucherId">Its voucher.</param>
/// <param name="CampaignId">Its campaign.</param>
/// <param name="CampaignType">The campaign's type, such as <c>DISCOUNT_COUPONS</c>.</param>
/// <param name="Products">The ids of the products of the order, each between spaces; null without any.</param>
public sealed record EventGist(string? RedemptionId, string? VoucherId, string? CampaignId, string? CampaignType, string? Products);

/// <summary>Who made something happen.</summary>
/// <param name="Channel"><c>API</c>, <c>CLIENT_API</c> or <c>INTERNAL</c>.</param>
/// <param name="AppId">The application key; null when there was none.</param>
/// <param name="RequestId">The request.</param>
public sealed record OutboxSource(string Channel, string? AppId, string? RequestId)
{
    /// <summary>The channel of client-side keys.</summary>
    public const string Client = "CLIENT_API";
}

/// <summary>Whose bodies subscribers will read: only these are put together.</summary>
public sealed class OutboxInterest
{
    readonly HashSet<(string Project, string Type)> wanted = [];
    readonly bool isAll;

    OutboxInterest(bool isAll) => this.isAll = isAll;

    /// <summary>Nothing yet.</summary>
    public OutboxInterest()
        : this(false)
    {
    }

    /// <summary>Every body.</summary>
    public static readonly OutboxInterest All = new(true);

    /// <summary>Somebody listens to a type in a project.</summary>
    public void Add(string project, string type) => wanted.Add((project, type));

    /// <summary>Whether somebody does.</summary>
    public bool Has(string project, string type) => isAll || wanted.Contains((project, type));
}

/// <summary>
/// Turns events as features write them, short and with ids, into the documented ones that subscribers see. It reads
/// through the connection only, keeps the order, and answers the same for the same event each time. Bodies that nobody is
/// interested in are left out.
/// </summary>
/// <param name="db">The connection of the transaction.</param>
/// <param name="events">In the order in which they happened; perhaps of several projects.</param>
/// <param name="interest">Which bodies will be read.</param>
public delegate Task<IReadOnlyList<OutboxEvent>> OutboxExpander(DbConnection db, IReadOnlyList<OutboxEvent> events, OutboxInterest interest);

/// <summary>Says which bodies a subscriber reads. One that reads gists and the bodies of what is never short needs none.</summary>
/// <param name="db">The connection of the transaction.</param>
/// <param name="projects">The projects of the events.</param>
/// <param name="interest">Takes what it listens to.</param>
public delegate Task OutboxListener(DbConnection db, IReadOnlyCollection<string> projects, OutboxInterest interest);

/// <summary>
/// Does what follows from events, in the transaction that takes them out of the outbox, so that its effects are there
/// once. It writes through the connection only and awaits nothing else; what goes out to other machines it writes down
/// for another worker to send. An exception puts the events back.
/// </summary>
/// <param name="db">The connection of the transaction.</param>
/// <param name="events">In the order in which they happened; perhaps of several projects.</param>
/// <param name="now">Unix milliseconds.</param>
public delegate Task OutboxSubscriber(DbConnection db, IReadOnlyList<OutboxEvent> events, long now);

/// <summary>One who is told of events.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Handle">What it does.</param>
/// <param name="Listens">Which bodies it reads; null when none that is left out otherwise.</param>
public sealed record OutboxSubscription(string Name, OutboxSubscriber Handle, OutboxListener? Listens = null);

/// <summary>What is done with events.</summary>
/// <param name="Expand">First: all that subscribers see of them.</param>
/// <param name="Subscribers">Then all subscribers, in the order in which they are called.</param>
public sealed record OutboxCatalog(OutboxExpander Expand, IReadOnlyList<OutboxSubscription> Subscribers);
