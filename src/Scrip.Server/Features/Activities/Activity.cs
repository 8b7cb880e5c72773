using System.Data.Common;
using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Events;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Features.Activities;

/// <summary>Something that happened to a customer, as the API answers it.</summary>
public sealed record Activity
{
    public required string Id { get; init; }
    public required string Type { get; init; }
    public required ActivityData Data { get; init; }
    public required Moment CreatedAt { get; init; }
    /// <summary>The request that made it happen.</summary>
    public string? GroupId { get; init; }
}

/// <summary>What there is to know of it: the event's payload, and who made it happen.</summary>
public sealed record ActivityData(JsonElement Data, ActivitySource EventSource);

/// <summary>Who made it happen.</summary>
/// <param name="Channel"><c>API</c>, <c>CLIENT_API</c> or <c>INTERNAL</c>.</param>
/// <param name="ApiKey">The application key; left out when there was none.</param>
public sealed record ActivitySource(string Channel, ActivityKey? ApiKey);

/// <summary>An application key, by its public id.</summary>
public sealed record ActivityKey(string Name, string AppId);

/// <summary>Another activity of a row: what differs from the row's first.</summary>
/// <param name="Place">Its place among those that the short event stands for: the end of its id.</param>
/// <param name="Type">Its type.</param>
/// <param name="CampaignId">The campaign that it belongs to.</param>
/// <param name="CampaignType">The type of that.</param>
public sealed record OtherActivity(string Place, string Type, string? CampaignId, string? CampaignType)
{
    internal static OtherActivity Of(OutboxEvent one) => new(one.Id[^OutboxEvent.PlaceLength..], one.Type, one.Gist?.CampaignId, one.Gist?.CampaignType);
}

/// <summary>A row of <c>customer_activities</c>: one activity, or the first of those that a short event stands for.</summary>
public sealed record ActivityRow
{
    const string Action = "ACTION";
    const string Effect = "EFFECT";

    /// <summary>The values of the filter by category.</summary>
    public static readonly string[] Categories = [Action, Effect];

    public string Id { get; init; } = "";
    public string Type { get; init; } = "";
    public string? CampaignId { get; init; }
    public string? CampaignType { get; init; }
    public long CreatedAt { get; init; }
    public string? Source { get; init; }
    /// <summary>The type of the short event that tells it again; null when the body is all there is.</summary>
    public string? ToldBy { get; init; }
    /// <summary>What is kept: the event's payload, the short event, or, as a JSON string, the id of the row that keeps it.</summary>
    public string Body { get; init; } = "{}";

    /// <summary>The others, as JSON of <see cref="OtherActivity"/>; null without any.</summary>
    public string? Also { get; init; }

    /// <summary>All that the row stands for, one by one, in their order.</summary>
    public IEnumerable<ActivityRow> Each() => Also is null ? [this] : [this with { Also = null }, .. Wire.Read<OtherActivity[]>(Also).Select(other => this with
    {
        Id = EventOf(Id) + other.Place,
        Type = other.Type,
        CampaignId = other.CampaignId,
        CampaignType = other.CampaignType,
        Also = null,
    })];

    /// <summary>As the API shows it.</summary>
    /// <param name="body">All there is to know.</param>
    public Activity Show(string body)
    {
        var source = Source is null ? new OutboxSource("INTERNAL", null, null) : Wire.Read<OutboxSource>(Source);
        return new()
        {
            Id = Id,
            Type = Type,
            Data = new(Wire.Read<JsonElement>(body), new(source.Channel, source.AppId is { } key ? new("", key) : null)),
            CreatedAt = new(CreatedAt),
            GroupId = source.RequestId,
        };
    }

    /// <summary>
    /// The bodies of rows by their ids: those that are kept, and those that short events tell again. What is gone since is
    /// an empty object.
    /// </summary>
    /// <param name="db">A connection.</param>
    /// <param name="dialect">Its dialect.</param>
    /// <param name="expand">Expands events.</param>
    /// <param name="project">The project.</param>
    /// <param name="customer">Whose rows they are.</param>
    /// <param name="rows">The rows.</param>
    public static async Task<Dictionary<string, string>> Bodies(DbConnection db, Dialect dialect, OutboxExpander expand, string project, string customer, IReadOnlyList<ActivityRow> rows)
    {
        var bodies = rows.ToDictionary(row => row.Id, row => row.ToldBy is null ? row.Body : "{}");
        string[] elsewhere = [.. rows.Select(row => row.KeptBy).OfType<string>().Distinct()];
        var kept = elsewhere.Length == 0 ? [] : await ActivitySql.Kept(db, dialect, project, customer, elsewhere);
        OutboxEvent[] told = [.. rows.Where(row => row.ToldBy is not null).DistinctBy(row => EventOf(row.Id)).Select(row => new OutboxEvent
        {
            ProjectId = project,
            Id = EventOf(row.Id),
            Type = row.ToldBy!,
            CustomerId = customer,
            Body = row.KeptBy is { } other ? kept[other] : row.Body,
            CreatedAt = row.CreatedAt,
        })];
        if (told.Length == 0) return bodies;
        var interest = new OutboxInterest();
        foreach (var row in rows.Where(row => row.ToldBy is not null)) interest.Add(project, row.Type);
        foreach (var one in await expand(db, told, interest))
            if (one.HasBody && bodies.ContainsKey(one.Id)) bodies[one.Id] = one.Body;
        return bodies;
    }

    /// <summary>The id of the short event: that of one it stands for, without its place at the end.</summary>
    public static string EventOf(string id) => id.Length < OutboxEvent.PlaceLength ? "" : id[..^OutboxEvent.PlaceLength];

    /// <summary>Whether it is something that was done, or that followed.</summary>
    public string Category => CategoryOf(Type);

    string? KeptBy => ToldBy is not null && Body.StartsWith('"') ? Wire.Read<string>(Body) : null;

    /// <summary>Whether the customer or the shop did something, or something followed from it.</summary>
    public static string CategoryOf(string type) => type switch
    {
        EventTypes.CustomerCreated or EventTypes.CustomerUpdated or EventTypes.CustomerDeleted or EventTypes.CustomerConfirmed or EventTypes.CustomEvent => Action,
        _ when type.StartsWith("customer.redemption.", StringComparison.Ordinal) || type.StartsWith("customer.order.", StringComparison.Ordinal) => Action,
        _ => Effect,
    };
}
