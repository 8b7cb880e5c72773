using System.Data.Common;
using NodaTime;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Projects;
using Scrip.Server.Features.Publications;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Distributions;

/// <summary>What set a distribution off for a customer.</summary>
/// <param name="EventId">Its id; the distribution's own when it is sent by hand.</param>
/// <param name="EventType">Its type; null when it is sent by hand.</param>
/// <param name="VoucherId">The voucher it is about.</param>
/// <param name="CampaignId">The campaign it is about.</param>
sealed record Occasion(string EventId, string? EventType, string? VoucherId, string? CampaignId);

/// <summary>
/// Does for one customer what a distribution says, inside a write: gives a code and puts messages into the queue. Once
/// for an event and a customer, however often it is called.
/// </summary>
static class Delivering
{
    /// <summary>The channel that publications of distributions name.</summary>
    public const string Channel = "Automation";

    public static async Task Deliver(DbConnection db, Dialect dialect, DistributionRow row, DistributionBody body, CustomerRow customer, Occasion occasion, long now)
    {
        var day = await Day(db, row.ProjectId, now);
        if (!await ReceiptSql.Begin(db, row, occasion.EventId, customer.Id, day, now)) return;
        // Who wants no e-mails is given no code that only an e-mail would tell of.
        if (customer.EmailChoice == EmailChoice.Unsubscribed && body.Channels.All(channel => channel.Type == DistributionTerms.Email))
        {
            await ReceiptSql.Turn(db, row, occasion.EventId, customer.Id, ReceiptSql.Unsubscribed);
            await Queue(db, row, body, customer, occasion, new MessageBody { VoucherId = occasion.VoucherId, CampaignId = occasion.CampaignId, EventType = occasion.EventType }, MessageStatus.Skipped, now);
            return;
        }
        if (!await ReceiptSql.Count(db, row, body.Limits, customer.Id, day))
        {
            await ReceiptSql.Turn(db, row, occasion.EventId, customer.Id, ReceiptSql.Limited);
            return;
        }
        var about = new MessageBody { VoucherId = occasion.VoucherId, CampaignId = occasion.CampaignId, EventType = occasion.EventType };
        if (body.Action.Type == DistributionTerms.Publish)
        {
            if (await Publish(db, dialect, row, body, customer, occasion, now) is not { } published) return;
            about = about with { VoucherId = published.Voucher, CampaignId = body.Action.CampaignId, PublicationId = published.Publication };
        }
        await Queue(db, row, body, customer, occasion, about, MessageStatus.Pending, now);
    }

    static async Task Queue(DbConnection db, DistributionRow row, DistributionBody body, CustomerRow customer, Occasion occasion, MessageBody about, string status, long now)
    {
        for (var place = 0; place < body.Channels.Length; place++)
            await MessageSql.Insert(db, new MessageRow
            {
                ProjectId = row.ProjectId,
                Id = Ids.New("msg_", now),
                DistributionId = row.Id,
                EventId = occasion.EventId,
                CustomerId = customer.Id,
                Place = place,
                Channel = body.Channels[place].Type!,
                Status = status,
                Fault = status == MessageStatus.Skipped ? Senders.Unwelcome : null,
                DueAt = now,
                CreatedAt = now,
                Body = Wire.Text(about),
            });
    }

    // A code that cannot be given leaves a failed publication and no message.
    static async Task<(string Publication, string? Voucher)?> Publish(
        DbConnection db, Dialect dialect, DistributionRow row, DistributionBody body, CustomerRow customer, Occasion occasion, long now)
    {
        var campaign = await CampaignSql.Find(db, row.ProjectId, body.Action.CampaignId!);
        if (campaign is null)
        {
            await Refuse("campaign_deleted");
            return null;
        }
        var wish = new Wish
        {
            Customer = new InlineCustomer(customer, null),
            Campaign = campaign,
            Channel = Channel,
            Metadata = Wire.Element(new DistributionSource("distribution", row.Id, row.Id)),
            JoinsOnce = body.Action.JoinOnce ?? false,
        };
        var given = await Publishing.Give(db, dialect, row.ProjectId, wish, now);
        if (given.Publication is { } publication) return (publication.Id, Wire.Read<PublicationBody>(publication.Body).VouchersId.FirstOrDefault());
        await Publishing.Fail(db, row.ProjectId, wish, given.Refusal!, now);
        await Refuse(given.Refusal!.Key);
        return null;

        async Task Refuse(string outcome)
        {
            await ReceiptSql.Turn(db, row, occasion.EventId, customer.Id, outcome);
            await ReceiptSql.Uncount(db, row);
        }
    }

    static async Task<string> Day(DbConnection db, string project, long now)
    {
        var zone = Wire.Read<ProjectBody>((await ProjectSql.Find(db, project))?.Body ?? "{}").Timezone;
        return Instant.FromUnixTimeMilliseconds(now).InZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone ?? "UTC") ?? DateTimeZone.Utc)
            .Date.ToString("uuuu-MM-dd", System.Globalization.CultureInfo.InvariantCulture);
    }
}

/// <summary>What the metadata of a distribution's publications tell.</summary>
public sealed record DistributionSource(string SourceType, string SourceId, string DistributionId);
