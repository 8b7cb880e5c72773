using System.Diagnostics.Metrics;
using System.Text;
using Scrip.Server.Platform;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Outgoing;

namespace Scrip.Server.Features.Webhooks;

/// <summary>Tells this node's sender that there may be something to send.</summary>
public sealed class WebhookSignal : IDisposable
{
    readonly SemaphoreSlim wake = new(0, 1);

    /// <summary>Ends a rest, now or the next one.</summary>
    public void Wake()
    {
        if (wake.CurrentCount > 0) return;
        try
        {
            wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake already.
        }
    }

    internal Task<bool> Rest(TimeSpan atMost, CancellationToken stop) => wake.WaitAsync(atMost, stop);

    /// <inheritdoc/>
    public void Dispose() => wake.Dispose();
}

/// <summary>
/// Sends what is due, many at a time, and writes down what came of it. A sendout is leased before it is sent: when this
/// node dies, another sends it again under the same id. No webhook and no host gets more than its share of what is under
/// way, so that a slow receiver holds up nobody but itself.
/// </summary>
public sealed partial class WebhookSender(
    Database db, OutgoingHttp http, WebhookSignal signal, Settings settings, TimeProvider clock, ILogger<WebhookSender> log) : BackgroundService
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "Scrip.Webhooks";

    const int AllMax = 256;
    const int HostMax = 64;
    const int EachMax = 8;

    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(250);
    // What ends together is followed by one look for more, not by many.
    static readonly TimeSpan Gather = TimeSpan.FromMilliseconds(10);

    readonly Meter meter = new(MeterName);
    readonly RetrySchedule schedule = new(settings.WebhookRetryMs);
    readonly Dictionary<string, int> underWay = new(StringComparer.Ordinal);
    readonly List<Task> running = [];
    Counter<long>? attempts;
    Counter<long>? disabled;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        attempts = meter.CreateCounter<long>("scrip.webhooks.attempts", description: "Attempts to send to webhooks, by result");
        disabled = meter.CreateCounter<long>("scrip.webhooks.disabled", description: "Webhooks that were switched off since they failed for too long");
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await Round();
                await signal.Rest(Poll, stoppingToken);
                await Task.Delay(Gather, clock, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception fault)
            {
                // The database is away; what is due waits in its rows.
                Stumbled(log, fault);
                await Task.Delay(Poll, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        // What is under way is short, and is written down.
        await Task.WhenAll(running);
    }

    async Task Round()
    {
        running.RemoveAll(task => task.IsCompleted);
        var free = AllMax - running.Count;
        if (free <= 0) return;
        var now = Now();
        var due = await db.Read(connection => SendoutSql.Due(connection, db.Dialect, now));
        var shares = Shares(due, free);
        if (shares.Count == 0) return;
        var claimed = new List<(DueWebhook Webhook, SendoutRow Row)>();
        await db.Write(async connection =>
        {
            claimed.Clear();
            foreach (var (webhook, count) in shares)
                foreach (var row in await SendoutSql.Claim(connection, db.Dialect, webhook, count, now)) claimed.Add((webhook, row));
        });
        foreach (var (webhook, row) in claimed)
        {
            Count(webhook, +1);
            running.Add(Task.Run(() => Deliver(webhook, row), CancellationToken.None));
        }
    }

    // Those with the least under way come first; each takes a part of what is free, so that something is left for the others.
    List<(DueWebhook Webhook, int Count)> Shares(List<DueWebhook> due, int free)
    {
        lock (underWay)
        {
            var hosts = new Dictionary<string, int>(StringComparer.Ordinal);
            var shares = new List<(DueWebhook, int)>();
            foreach (var webhook in due.OrderBy(webhook => underWay.GetValueOrDefault(webhook.Id)))
            {
                var host = Host(webhook);
                var ofHost = HostMax - underWay.GetValueOrDefault(host) - hosts.GetValueOrDefault(host);
                var count = Math.Min(Math.Min(EachMax - underWay.GetValueOrDefault(webhook.Id), ofHost), Math.Max(1, free / 4));
                if (count <= 0) continue;
                if (free <= 0) break;
                shares.Add((webhook, count));
                hosts[host] = hosts.GetValueOrDefault(host) + count;
                free -= count;
            }
            return shares;
        }
    }

    async Task Deliver(DueWebhook webhook, SendoutRow row)
    {
        try
        {
            var at = Now();
            var body = Encoding.UTF8.GetBytes(row.Payload);
            var answer = await http.Post(new Uri(webhook.TargetUrl), body, Signatures.Headers(webhook.Token ?? "", row.Id, at, body), CancellationToken.None);
            attempts!.Add(1, new KeyValuePair<string, object?>("result", answer.IsSuccess ? "succeeded" : "failed"));
            await WriteDown(webhook, row, answer, at);
        }
        catch (Exception fault)
        {
            // It is sent again when its lease has run out.
            NotWritten(log, fault, row.Id);
        }
        finally
        {
            Count(webhook, -1);
            signal.Wake();
        }
    }

    Task WriteDown(DueWebhook webhook, SendoutRow row, OutgoingAnswer answer, long at)
    {
        var next = answer.IsSuccess ? null : schedule.Next(row.Attempts + 1, row.CreatedAt, Now());
        return db.Write(async connection =>
        {
            var isWritten = await SendoutSql.Finish(connection, row, webhook.TargetUrl, answer, at, next);
            if (!isWritten || answer.IsSuccess || next is not null) return;
            if (!await WebhookSql.DisableAfter(connection, row, Now())) return;
            disabled!.Add(1);
            SwitchedOff(log, webhook.Id, webhook.ProjectId, row.Id);
        });
    }

    void Count(DueWebhook webhook, int by)
    {
        lock (underWay)
        {
            foreach (var key in new[] { webhook.Id, Host(webhook) })
            {
                var count = underWay.GetValueOrDefault(key) + by;
                if (count == 0) underWay.Remove(key);
                else underWay[key] = count;
            }
        }
    }

    static string Host(DueWebhook webhook) => new Uri(webhook.TargetUrl).Authority;

    long Now() => clock.GetUtcNow().ToUnixTimeMilliseconds();

    /// <inheritdoc/>
    public override void Dispose()
    {
        meter.Dispose();
        base.Dispose();
    }

    [LoggerMessage(LogLevel.Warning, "Webhook {Webhook} of {Project} was switched off: {Sendout} failed in every attempt, and none arrived since")]
    private static partial void SwitchedOff(ILogger log, string webhook, string project, string sendout);

    [LoggerMessage(LogLevel.Error, "What became of sendout {Sendout} could not be written down")]
    private static partial void NotWritten(ILogger log, Exception fault, string sendout);

    [LoggerMessage(LogLevel.Warning, "The webhook sender could not reach its queue")]
    private static partial void Stumbled(ILogger log, Exception fault);
}
