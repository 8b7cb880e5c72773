namespace Scrip.Server.Platform.Data;

/// <summary>
/// What comes while others are on their way gathers, and goes together as soon as one of them is back. Who comes while
/// nobody is on his way goes at once and alone, so gathering makes nobody wait who would not wait anyway.
/// </summary>
/// <param name="onTheirWay">How many groups may be on their way at once.</param>
/// <param name="sizeMax">How many may go together.</param>
/// <param name="run">Takes a group there and back. It tells each how it went, and throws nothing.</param>
sealed class Gathering<T>(int onTheirWay, int sizeMax, Func<List<T>, Task> run)
{
    readonly Lock gate = new();
    readonly Queue<T> waiting = new();
    int away;

    /// <summary>Goes with the next group.</summary>
    public void Add(T one)
    {
        lock (gate)
        {
            waiting.Enqueue(one);
            if (away == onTheirWay) return;
            away++;
        }
        // Whoever happens to start it is not whom it is about: neither his trace nor what else goes along with him.
        using var alone = ExecutionContext.SuppressFlow();
        _ = Go();
    }

    async Task Go()
    {
        while (Next() is { } group) await run(group);
    }

    List<T>? Next()
    {
        lock (gate)
        {
            if (waiting.Count == 0)
            {
                away--;
                return null;
            }
            var group = new List<T>(Math.Min(waiting.Count, sizeMax));
            while (group.Count < sizeMax && waiting.TryDequeue(out var one)) group.Add(one);
            return group;
        }
    }
}
