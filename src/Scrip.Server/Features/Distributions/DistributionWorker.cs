using System.Data.Common;
using Scrip.Server.Features.Campaigns;
using Scrip.Server.Features.Customers;
using Scrip.Server.Features.Publications;
using Scrip.Server.Features.Vouchers;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Features.Distributions;

/// <summary>
/// Begins distributions that are due and sends messages. A message is leased before it is sent, outside of any
/// transaction; when its server dies it is sent again later under the same id.
/// </summary>
sealed partial class DistributionWorker(Database db, Senders senders, AssetSecret assets, Settings settings, TimeProvider clock, ILogger<DistributionWorker> log) : BackgroundService
{
    /// <summary>Attempts after which a message is dead.</summary>
    internal const int AttemptsMax = 12;

    const int CustomersAtOnce = 20;
    const int MessagesAtOnce = 16;
    const long DelayMaxMs = 60 * 60 * 1000;
    const int FaultMax = 1000;

    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Work(BeginSome, stoppingToken), Work(() => SendSome(stoppingToken), stoppingToken));

    async Task Work(Func<Task<bool>> some, CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await some()) continue;
            }
            catch (Exception fault) when (fault is not OperationCanceledException || !stop.IsCancellationRequested)
            {
                // The database is away, or two writers met; everything waits in its rows.
                Stumbled(log, fault);
            }
            await Task.Delay(Poll, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // The next customers of one distribution, in one transaction with how far it has come.
    Task<bool> BeginSome() => db.Write(async connection =>
    {
        var now = Now();
        if (await DistributionSql.Due(connection, db.Dialect, now) is not { } row) return false;
        var body = Wire.Read<DistributionBody>(row.Body);
        var customers = await AudienceSql.Next(connection, row.ProjectId, body.Audience!, row.ReachedId, row.StartsAt!.Value, CustomersAtOnce);
        foreach (var customer in customers)
            await Delivering.Deliver(connection, db.Dialect, row, body, customer, new Occasion(row.Id, null, null, null), now);
        var isLast = customers.Count < CustomersAtOnce;
        await DistributionSql.Reach(connection, row, customers.Count > 0 ? customers[^1].Id : row.ReachedId, isLast ? DistributionStatus.Done : DistributionStatus.Sending);
        return true;
    });

    async Task<bool> SendSome(CancellationToken stop)
    {
        var claimed = await db.Write(connection => MessageSql.Claim(connection, db.Dialect, MessagesAtOnce, Now()));
        await Task.WhenAll(claimed.Select(row => SendOne(row, stop)));
        return claimed.Count == MessagesAtOnce;
    }

    async Task SendOne(MessageRow row, CancellationToken stop)
    {
        var result = await Load(row) is { } message ? await senders.Send(message, stop) : SendResult.Never("The customer or the distribution was deleted");
        // A server that is being stopped leaves the message to others.
        if (stop.IsCancellationRequested && result.Fault is not null) return;
        var now = Now();
        var (status, due) = result switch
        {
            { Fault: null } => (MessageStatus.Sent, now),
            { IsSkipped: true } => (MessageStatus.Skipped, now),
            { IsFinal: true } => (MessageStatus.Dead, now),
            _ when row.Attempts >= AttemptsMax => (MessageStatus.Dead, now),
            _ => (MessageStatus.Pending, now + Delay(row.Attempts)),
        };
        var fault = result.Fault is { Length: > FaultMax } text ? text[..FaultMax] : result.Fault?.Replace('\0', ' ');
        await db.Write(connection => MessageSql.End(connection, row, status, fault, due, status == MessageStatus.Sent ? now : null));
    }

    // Twice as long each time, somewhere in the upper half of it.
    long Delay(long attempts)
    {
        var whole = Math.Min(settings.DistributionRetryMs * (1L << (int)Math.Min(attempts - 1, 20)), DelayMaxMs);
        return whole / 2 + (long)(Ids.Random() % (ulong)(whole / 2 + 1));
    }

    async Task<Outgoing?> Load(MessageRow row)
    {
        var secret = await assets.Read();
        return await db.Read(connection => Load(connection, row, secret));
    }

    // As things are now: whoever unsubscribed since the message was planned is not written to.
    async Task<Outgoing?> Load(DbConnection connection, MessageRow row, byte[] secret)
    {
        var distribution = await DistributionSql.Find(connection, row.ProjectId, row.DistributionId);
        var customer = (await CustomerSql.Among(connection, db.Dialect, row.ProjectId, [row.CustomerId])).FirstOrDefault();
        if (distribution is null || customer is null) return null;
        var body = Wire.Read<DistributionBody>(distribution.Body);
        if (row.Place >= body.Channels.Length) return null;
        var about = Wire.Read<MessageBody>(row.Body);
        var voucher = about.VoucherId is { } id ? (await PublicationSql.Vouchers(connection, db.Dialect, row.ProjectId, [id])).FirstOrDefault() : null;
        var campaign = await Campaign(connection, row.ProjectId, voucher, about);
        return new Outgoing(row, body.Channels[row.Place], new DistributionPayload
        {
            Distribution = ShortDistribution.Of(distribution, body),
            Customer = CustomerView.Short(customer),
            Campaign = campaign is null ? null : CampaignTerms.Show(campaign),
            Voucher = voucher is null ? null : PublishedVoucher.Of(voucher, campaign),
            PublicationId = about.PublicationId,
            Event = about.EventType,
        }, customer.Content.Phone, customer.EmailChoice == EmailChoice.Unsubscribed,
            (settings.PublicUrl ?? body.Origin) is { } origin ? new PreferenceLinks(secret, origin).Url(row.ProjectId, customer.Id) : null);
    }

    static async Task<CampaignRow?> Campaign(DbConnection connection, string project, VoucherRow? voucher, MessageBody about) =>
        (voucher?.CampaignId ?? about.CampaignId) is { } id ? await CampaignSql.Find(connection, project, id) : null;

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    [LoggerMessage(LogLevel.Warning, "The distribution worker stumbled")]
    private static partial void Stumbled(ILogger log, Exception fault);
}
