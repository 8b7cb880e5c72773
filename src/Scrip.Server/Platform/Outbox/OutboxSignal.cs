namespace Scrip.Server.Platform.Outbox;

/// <summary>Tells this node's workers that something was committed, so that they look at once. Told often, it costs next to nothing.</summary>
public sealed class OutboxSignal : IDisposable
{
    readonly SemaphoreSlim[] bells = [.. Enumerable.Range(0, OutboxWorker.LoopsMax).Select(_ => new SemaphoreSlim(0))];

    /// <summary>Something was committed.</summary>
    public void Wake()
    {
        foreach (var bell in bells)
            if (bell.CurrentCount == 0) bell.Release();
    }

    /// <summary>Waits until something is committed, or for a while.</summary>
    internal Task Rest(int loop, TimeSpan atMost, CancellationToken stop) => bells[loop].WaitAsync(atMost, stop);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var bell in bells) bell.Dispose();
    }
}
