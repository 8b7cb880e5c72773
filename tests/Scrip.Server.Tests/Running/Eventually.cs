namespace Scrip.Server.Tests.Running;

/// <summary>What is to happen soon after an answer, and not in it.</summary>
public static class Eventually
{
    private const int TriesMax = 300;

    /// <summary>Waits until it holds, half a minute at most.</summary>
    public static async Task Holds(Func<Task<bool>> holds)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            if (await holds()) return;
            await Task.Delay(tries < 20 ? 10 : 100);
        }
        throw new TimeoutException("It did not happen within half a minute");
    }

    /// <summary>The first answer that it holds of.</summary>
    public static async Task<Answer> Answers(Func<Task<Answer>> ask, Func<Answer, bool> holds)
    {
        Answer? last = null;
        try
        {
            await Holds(async () => holds(last = await ask()));
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"It did not happen within half a minute; the last answer was {last}");
        }
        return last!;
    }
}
