using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Customers;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.CustomEvents;

/// <summary>What a shop tells of a customer, under a name of the shop's own.</summary>
public sealed record CustomEventInput
{
    public string? Event { get; init; }
    public CustomerInput? Customer { get; init; }
    public EventReferral? Referral { get; init; }
    public EventLoyalty? Loyalty { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>The code through which the customer came, and who gave it away.</summary>
public sealed record EventReferral
{
    public string? Code { get; init; }
    public string? ReferrerId { get; init; }
}

/// <summary>The card that the event is to earn on.</summary>
public sealed record EventLoyalty
{
    public string? Code { get; init; }
}

/// <summary>The answer to an event.</summary>
public sealed record CustomEvent
{
    public string Object => "event";
    public required string Type { get; init; }
    public required CustomerShort Customer { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public EventReferral? Referral { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public EventLoyalty? Loyalty { get; init; }
    public required JsonElement Metadata { get; init; }
}

/// <summary>What is told of a custom event.</summary>
public sealed record CustomEventTold
{
    public required ToldEvent Event { get; init; }
    public required ToldSchema EventSchema { get; init; }
    public required CustomerShort Customer { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public EventReferral? Referral { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public EventLoyalty? Loyalty { get; init; }
}

/// <summary>The event itself, in what is told of it.</summary>
public sealed record ToldEvent
{
    public required string Id { get; init; }
    public string Object => "event";
    public required string Type { get; init; }
    public required CustomerShort Customer { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public EventReferral? Referral { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public EventLoyalty? Loyalty { get; init; }
    public required JsonElement Metadata { get; init; }
    public required Moment CreatedAt { get; init; }
}

/// <summary>The definition it was held against; the id is left out when the project has none of that name.</summary>
public sealed record ToldSchema(string? Id, string Name);
