namespace Scrip.Server.Tests.Exact;

/// <summary>Many clients at once, and how long a form of the exactness tests is wanted.</summary>
static class Storm
{
    /// <summary>Whether the long form was asked for: <c>SCRIP_TEST_LONG=1 ./dev test Exact</c>.</summary>
    public static bool IsLong { get; } = Environment.GetEnvironmentVariable("SCRIP_TEST_LONG") == "1";

    /// <summary>Runs clients beside each other, each from its own thread, and answers what they say.</summary>
    public static async Task<T[]> Of<T>(int clients, Func<int, Task<T>> client)
    {
        var start = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var all = Enumerable.Range(0, clients).Select(i => Task.Run(async () =>
        {
            await start.Task;
            return await client(i);
        })).ToArray();
        start.SetResult();
        return await Task.WhenAll(all);
    }

    /// <summary>Calls again and again until the limit refuses, and answers how often it did not. A lost race is tried again, as its error says.</summary>
    public static async Task<List<Answer>> UntilRefused(Func<int, Task<Answer>> call, params string[] refusals)
    {
        var done = new List<Answer>();
        for (var turn = 0; ; turn++)
        {
            var answer = await call(turn);
            if (answer.Status == 200) done.Add(answer);
            else if (refusals.Contains(answer["key"].ToString())) return done;
            else if (answer["key"].ToString() != "concurrent_update") throw new ShouldAssertException($"Refused for another reason: {answer}");
        }
    }
}
