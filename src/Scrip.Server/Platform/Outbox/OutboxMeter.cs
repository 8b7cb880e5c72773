using System.Diagnostics.Metrics;

namespace Scrip.Server.Platform.Outbox;

/// <summary>What operators see of the outbox at <c>/metrics</c>.</summary>
public sealed class OutboxMeter : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string Name = "Scrip.Outbox";

    readonly Meter meter = new(Name);
    readonly Counter<long> handled;
    readonly Counter<long> failed;
    readonly Counter<long> dead;
    readonly Histogram<double> delay;
    double lagSeconds;

    /// <summary>Makes the instruments.</summary>
    public OutboxMeter()
    {
        handled = meter.CreateCounter<long>("scrip.outbox.handled", description: "Events whose effects were committed");
        failed = meter.CreateCounter<long>("scrip.outbox.failed", description: "Attempts at an event that failed");
        dead = meter.CreateCounter<long>("scrip.outbox.dead", description: "Events that were given up until somebody asks for another attempt");
        delay = meter.CreateHistogram("scrip.outbox.delay", "s", "From the request that made an event happen to its effects",
            advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60] });
        meter.CreateObservableGauge("scrip.outbox.lag", () => Volatile.Read(ref lagSeconds), "s", "Age of the oldest event that waits");
    }

    /// <summary>The age of the oldest event that waits, in seconds.</summary>
    public void Lag(double seconds) => Volatile.Write(ref lagSeconds, seconds);

    /// <summary>The effects of events were committed.</summary>
    public void Handled(IReadOnlyList<OutboxEvent> events, long now)
    {
        handled.Add(events.Count);
        foreach (var one in events) delay.Record(Math.Max(0, now - one.CreatedAt) / 1000.0);
    }

    /// <summary>An attempt failed, perhaps the last one.</summary>
    public void Failed(bool isDead)
    {
        failed.Add(1);
        if (isDead) dead.Add(1);
    }

    /// <inheritdoc/>
    public void Dispose() => meter.Dispose();
}
