namespace Scrip.Server.Platform.Jobs;

/// <summary>
/// Cuts rows into stretches in which no key is there twice, so that a second row with a key finds what the first made.
/// </summary>
static class Stretches
{
    /// <summary>The stretches, in the order of the rows.</summary>
    public static IEnumerable<List<T>> Of<T>(IEnumerable<T> rows, Func<T, string> key)
    {
        var (stretch, seen) = (new List<T>(), new HashSet<string>(StringComparer.Ordinal));
        foreach (var row in rows)
        {
            if (!seen.Add(key(row)))
            {
                yield return stretch;
                (stretch, seen) = ([], new HashSet<string>(StringComparer.Ordinal) { key(row) });
            }
            stretch.Add(row);
        }
        if (stretch.Count > 0) yield return stretch;
    }
}
