using System.Text.Json;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Platform.Jobs;

/// <summary>
/// This node's workers, each of which does one chunk after another of whatever job has its turn, and the hourly cleaning.
/// </summary>
public sealed partial class JobWorker(JobQueue queue, JobCatalog catalog, OutboxSignal events, Database db, Settings settings, TimeProvider clock, ILogger<JobWorker> log)
    : BackgroundService
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    // SQLite has one writer; a second worker would only wait for it.
    int Workers => db.Dialect.IsPostgres ? settings.Workers : 1;

    /// <inheritdoc/>
    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => Work(stoppingToken)).Append(Clean(stoppingToken)));

    async Task Work(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (await queue.Turn(catalog)) events.Wake();
                else await queue.Rest(Poll, stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (JobFailed fault)
            {
                await PutBack(fault);
            }
            catch (Exception fault)
            {
                // The database is away; jobs wait in their rows.
                Stumbled(log, fault);
                await Task.Delay(Poll, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task PutBack(JobFailed fault)
    {
        Failed(log, fault.InnerException!, fault.Job.Type, fault.Job.Id, fault.Job.Attempts + 1);
        try
        {
            await queue.PutBack(fault.Job, catalog, Reason("The work failed and was put back: " + fault.InnerException!.GetType().Name));
        }
        catch (Exception away)
        {
            Stumbled(log, away);
        }
    }

    async Task Clean(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Idempotency.Forget(db, clock.GetUtcNow().ToUnixTimeMilliseconds());
                await queue.Clean();
            }
            catch (Exception fault)
            {
                Stumbled(log, fault);
            }
            await Task.Delay(CleanEvery, clock, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    static string Reason(string message) => JsonSerializer.Serialize(new JobFault([new JobFaultEntry(message, message)]), Wire.Info<JobFault>());

    [LoggerMessage(LogLevel.Error, "Job {Type} {Id} failed at attempt {Attempt}")]
    private static partial void Failed(ILogger log, Exception fault, string type, string id, long attempt);

    [LoggerMessage(LogLevel.Warning, "The job worker could not reach its queue")]
    private static partial void Stumbled(ILogger log, Exception fault);
}

/// <summary>The result of a job that failed.</summary>
public sealed record JobFault(JobFaultEntry[] Errors);

/// <summary>One reason of a failed job.</summary>
public sealed record JobFaultEntry(string Message, string Details);
