namespace Scrip.Server.Tests.Running;

/// <summary>
/// What is to happen soon after an answer, and not in it. How long it may take is no measure of speed: the same tests
/// take three times as long on one machine as on another.
/// </summary>
public static class Eventually
{
    /// <summary>How long anything is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const int Quick = 20;

    /// <summary>Waits until it holds.</summary>
    public static Task Holds(Func<Task<bool>> holds) => Becomes(holds, does => does);

    /// <summary>The first answer that it holds of.</summary>
    public static Task<Answer> Answers(Func<Task<Answer>> ask, Func<Answer, bool> holds) => Becomes(ask, holds);

    /// <summary>The first value that it holds of; what is told of the last when there is none helps to see why.</summary>
    public static async Task<T> Becomes<T>(Func<Task<T>> ask, Func<T, bool> holds, Func<T, string>? tell = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        for (var tries = 0; ; tries++)
        {
            var last = await ask();
            if (holds(last)) return last;
            if (TimeProvider.System.GetElapsedTime(start) > Patience)
                throw new TimeoutException($"It did not happen within {Patience.TotalMinutes} minutes; the last was {(tell is null ? last : tell(last))}");
            await Task.Delay(tries < Quick ? 10 : 50);
        }
    }
}
