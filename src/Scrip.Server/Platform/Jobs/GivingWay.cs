namespace Scrip.Server.Platform.Jobs;

/// <summary>
/// Bulk work gives way: between rows it offers its core to whoever waits for one. A scheduler lets a thread that has
/// much to do run for some milliseconds before it looks around, which is many times what a validation takes.
/// </summary>
static class GivingWay
{
    // Offering costs well under a microsecond when nobody waits, a row some ten.
    const int Rows = 8;

    [ThreadStatic] static int since;

    /// <summary>Called once for each row.</summary>
    public static void AfterRow()
    {
        if (++since < Rows) return;
        since = 0;
        Thread.Yield();
    }
}
