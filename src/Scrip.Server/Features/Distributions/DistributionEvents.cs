using System.Data.Common;
using System.Text.Json.Serialization;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Events;
using Scrip.Server.Features.Publications;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Distributions;

/// <summary>What others are told of distributions.</summary>
static class DistributionEvents
{
    /// <summary>A distribution by hand is going to be sent.</summary>
    public const string ManualSchedule = "distribution.manual_distribution_schedule";

    /// <summary>Tells of it inside the write that schedules it.</summary>
    public static async Task Scheduled(DbConnection db, DistributionRow row, long now)
    {
        var body = Wire.Read<DistributionBody>(row.Body);
        var campaign = body.Action.CampaignId is { } id ? await CampaignSql.Find(db, row.ProjectId, id) : null;
        var customer = body.Audience is { Type: "CUSTOMER", Customer: { } one } ? await CustomerSql.Find(db, row.ProjectId, one) : null;
        await Happening.Tell(db, row.ProjectId, ManualSchedule, customer?.Id, new DistributionPayload
        {
            Distribution = ShortDistribution.Of(row, body),
            Campaign = campaign is null ? null : CampaignTerms.Show(campaign),
            Customer = customer is null ? null : CustomerView.Short(customer),
        }, now);
    }
}

/// <summary>What the webhook of a distribution carries, and the event that one is going to be sent.</summary>
public sealed record DistributionPayload
{
    public required ShortDistribution Distribution { get; init; }
    public CustomerShort? Customer { get; init; }
    public Campaign? Campaign { get; init; }
    public PublishedVoucher? Voucher { get; init; }
    /// <summary>The id of the publication that gave the voucher.</summary>
    public string? PublicationId { get; init; }
    /// <summary>The type of the event that set it off.</summary>
    public string? Event { get; init; }
}

/// <summary>A distribution inside an event.</summary>
public sealed record ShortDistribution
{
    public required string Id { get; init; }
    public required string Name { get; init; }
    public required Moment CreatedAt { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? UpdatedAt { get; init; }
    /// <summary>In the documented words: TO SEND, PAUSED, DONE or DRAFT.</summary>
    public required string Status { get; init; }
    [JsonIgnore(Condition = JsonIgnoreCondition.Never)] public Moment? SetLiveAt { get; init; }
    public required string[] DistributionChannels { get; init; }

    internal static ShortDistribution Of(DistributionRow row, DistributionBody body) => new()
    {
        Id = row.Id,
        Name = row.Name,
        CreatedAt = new(row.CreatedAt),
        UpdatedAt = Moment.From(row.UpdatedAt),
        Status = row.Status is DistributionStatus.Draft or DistributionStatus.Paused or DistributionStatus.Done ? row.Status : DistributionStatus.ToSend,
        SetLiveAt = Moment.From(row.StartsAt),
        DistributionChannels = [.. body.Channels.Select(channel => channel.Type!.ToLowerInvariant()).Distinct()],
    };
}
