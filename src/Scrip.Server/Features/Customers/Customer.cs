using System.Text.Json;
using System.Text.Json.Serialization;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Customers;

/// <summary>A customer as the API answers it. What is not known is left out; only the address may be null.</summary>
public sealed record Customer
{
    public required string Id { get; init; }
    public string? SourceId { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Birthday { get; init; }
    public string? Birthdate { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public CustomerAddress? Address { get; init; }
    public required CustomerSummary Summary { get; init; }
    public CustomerLoyalty Loyalty => Summary.Loyalty;
    public CustomerReferrals Referrals => Summary.Referrals;
    public required JsonElement Metadata { get; init; }
    public JsonElement SystemMetadata { get; } = Checks.Metadata(null);
    /// <summary>Where the customer says what is welcome; told only where the address of the server is known.</summary>
    public CustomerAssets? Assets { get; init; }
    public required Moment CreatedAt { get; init; }
    public Moment? UpdatedAt { get; init; }
    public string Object => "customer";
}

/// <summary>A postal address; the parts are not checked against each other.</summary>
public sealed record CustomerAddress
{
    public string? City { get; init; }
    public string? State { get; init; }
    [JsonPropertyName("line_1")] public string? Line1 { get; init; }
    [JsonPropertyName("line_2")] public string? Line2 { get; init; }
    public string? Country { get; init; }
    public string? PostalCode { get; init; }
}

/// <summary>What a caller may set on a customer, on its own or inside an order or a redemption.</summary>
public sealed record CustomerInput
{
    public string? Id { get; init; }
    public string? SourceId { get; init; }
    public string? Name { get; init; }
    public string? Description { get; init; }
    public string? Email { get; init; }
    public string? Phone { get; init; }
    public string? Birthday { get; init; }
    public string? Birthdate { get; init; }
    public CustomerAddress? Address { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>A customer inside a redemption, as it was then. Of one who was forgotten only the id is left.</summary>
public sealed record CustomerShort
{
    public required string Id { get; init; }
    public string? Name { get; init; }
    public string? Email { get; init; }
    public string? SourceId { get; init; }
    public JsonElement? Metadata { get; init; }
    public string Object => "customer";
}

/// <summary>The part of a customer that lies in its <c>body</c> column.</summary>
public sealed record CustomerBody
{
    public string? Description { get; init; }
    public string? Phone { get; init; }
    public string? Birthday { get; init; }
    public string? Birthdate { get; init; }
    public CustomerAddress? Address { get; init; }
    public JsonElement? Metadata { get; init; }
}

/// <summary>What a permanent deletion did. The object's name is spelled as the contract spells it.</summary>
public sealed record PermanentDeletion
{
    public required string Id { get; init; }
    public required Moment CreatedAt { get; init; }
    public required string RelatedObjectId { get; init; }
    public string RelatedObject => "customer";
    public string Status => "DONE";
    public required PermanentDeletionCounts DataJson { get; init; }
    public string Object => "pernament_deletion";
}

/// <summary>How many records of each kind lost the customer's data; kinds that are not kept here count 0.</summary>
public sealed record PermanentDeletionCounts
{
    public long Events => 0;
    public required long CustomerEvents { get; init; }
    public long DailyEvents => 0;
    public required long Segments { get; init; }
    public required long Orders { get; init; }
    public long OrderEvents => 0;
    public required long Customer { get; init; }
}
