namespace Scrip.Server.Platform.Data;

/// <summary>
/// Brings the statements of batches that are written in one transaction into one order: by their turns, so that locks are
/// taken in the order in which everybody takes them, and rows of one table after each other, so that they go as one statement.
/// Those of one batch stay in their order.
/// </summary>
public static class BatchMerge
{
    /// <summary>The statements of all.</summary>
    public static List<Batch.Statement> Of(IReadOnlyList<Batch> batches)
    {
        var all = new List<Batch.Statement>(batches.Sum(batch => batch.Statements.Count));
        var heads = new int[batches.Count];
        while (Next(batches, heads) is >= 0 and var first)
        {
            var statement = batches[first].Statements[heads[first]];
            if (statement.IsLock) all.Add(Union(batches, heads, statement));
            else if (statement.Turn.Rank == Rank.Nothing) Alike(batches, heads, statement.Sql, all);
            else
            {
                heads[first]++;
                // Several want to know the same.
                if (!statement.IsCheck || all.Count == 0 || !IsSame(all[^1], statement)) all.Add(statement);
            }
        }
        return all;
    }

    // The batch whose turn it is; -1 when nothing is left.
    static int Next(IReadOnlyList<Batch> batches, int[] heads)
    {
        var next = -1;
        for (var i = 0; i < heads.Length; i++)
            if (heads[i] < batches[i].Statements.Count && (next < 0 || Head(i).Turn.IsBefore(Head(next).Turn))) next = i;
        return next;

        Batch.Statement Head(int i) => batches[i].Statements[heads[i]];
    }

    static void Alike(IReadOnlyList<Batch> batches, int[] heads, string sql, List<Batch.Statement> all)
    {
        for (var i = 0; i < heads.Length; i++)
            for (; heads[i] < batches[i].Statements.Count && batches[i].Statements[heads[i]] is { Turn.Rank: Rank.Nothing } one && ReferenceEquals(one.Sql, sql); heads[i]++)
                all.Add(one);
    }

    // One statement that locks what all of the kind lock.
    static Batch.Statement Union(IReadOnlyList<Batch> batches, int[] heads, Batch.Statement kind)
    {
        var names = new SortedSet<string[]>(Comparer<string[]>.Create(static (a, b) => a.Zip(b, string.CompareOrdinal).FirstOrDefault(by => by != 0)));
        for (var i = 0; i < heads.Length; i++)
        {
            if (heads[i] == batches[i].Statements.Count || batches[i].Statements[heads[i]] is not { IsLock: true } one || !ReferenceEquals(one.Sql, kind.Sql)) continue;
            var columns = Array.ConvertAll(one.Args, static arg => (string[])arg.Value!);
            for (var row = 0; row < columns[0].Length; row++) names.Add(Array.ConvertAll(columns, column => column[row]));
            heads[i]++;
        }
        return kind with { Args = [.. kind.Args.Select((arg, column) => (arg.Name, (object?)names.Select(row => row[column]).ToArray()))] };
    }

    static bool IsSame(Batch.Statement a, Batch.Statement b) =>
        a.IsCheck && ReferenceEquals(a.Sql, b.Sql) && a.Args.AsSpan().SequenceEqual(b.Args);
}
