using System.Text.Json;
using Scrip.Server.Platform.Data;
using Scrip.Server.Platform.Http;
using Scrip.Server.Platform.Outbox;

namespace Scrip.Server.Platform.Jobs;

/// <summary>The steps of every type of job.</summary>
public sealed record JobCatalog(IReadOnlyDictionary<string, JobStep> Steps);

/// <summary>Runs this node's jobs, one chunk after another, and the hourly cleaning.</summary>
public sealed partial class JobWorker(JobQueue queue, JobCatalog catalog, OutboxSignal events, Database db, TimeProvider clock, ILogger<JobWorker> log) : BackgroundService
{
    static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(500);
    static readonly TimeSpan CleanEvery = TimeSpan.FromHours(1);

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var cleanAt = clock.GetUtcNow();
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (clock.GetUtcNow() >= cleanAt)
                {
                    cleanAt = clock.GetUtcNow() + CleanEvery;
                    await Idempotency.Forget(db, clock.GetUtcNow().ToUnixTimeMilliseconds());
                }
                if (await queue.Claim() is { } job) await Run(job, stoppingToken);
                else await queue.Rest(Poll, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception fault)
            {
                // The database is away; the job waits in its row.
                Stumbled(log, fault);
                await Task.Delay(Poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    async Task Run(Job job, CancellationToken stop)
    {
        if (!catalog.Steps.TryGetValue(job.Type, out var step))
        {
            await queue.Fail(job, Reason($"This server does not know jobs of type {job.Type}"));
            return;
        }
        try
        {
            while (!stop.IsCancellationRequested && await queue.Step(job, step)) { }
            events.Wake();
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            Failed(log, fault, job.Type, job.Id, job.Attempts);
            await queue.Fail(job, Reason("The work failed and was put back: " + fault.GetType().Name));
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
