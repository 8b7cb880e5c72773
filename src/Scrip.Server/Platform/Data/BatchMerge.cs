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
            if (statement.IsByName) all.Add(Union(batches, heads, statement));
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

    // One statement for all of the kind: what they name, once, with the sums of what they add to it.
    static Batch.Statement Union(IReadOnlyList<Batch> batches, int[] heads, Batch.Statement kind)
    {
        var texts = kind.Args.Count(static arg => arg.Value is string[]);
        var sums = new SortedDictionary<string[], long[]>(Names);
        var (count, only) = (0, kind);
        for (var i = 0; i < heads.Length; i++)
        {
            if (heads[i] == batches[i].Statements.Count || batches[i].Statements[heads[i]] is not { IsByName: true } one || !ReferenceEquals(one.Sql, kind.Sql)) continue;
            heads[i]++;
            (count, only) = (count + 1, one);
            for (var row = 0; row < ((string[])one.Args[0].Value!).Length; row++) AddRow(sums, one.Args, texts, row);
        }
        if (count == 1) return only;
        return kind with
        {
            Args = [.. kind.Args.Select((arg, column) => (arg.Name, column < texts
                ? (object?)sums.Keys.Select(name => name[column]).ToArray()
                : sums.Values.Select(numbers => numbers[column - texts]).ToArray()))],
        };
    }

    static void AddRow(SortedDictionary<string[], long[]> sums, (string Name, object? Value)[] columns, int texts, int row)
    {
        var name = new string[texts];
        for (var column = 0; column < texts; column++) name[column] = ((string[])columns[column].Value!)[row];
        if (!sums.TryGetValue(name, out var numbers)) sums[name] = numbers = new long[columns.Length - texts];
        for (var column = texts; column < columns.Length; column++) numbers[column - texts] += ((long[])columns[column].Value!)[row];
    }

    static readonly Comparer<string[]> Names = Comparer<string[]>.Create(static (a, b) =>
    {
        var by = 0;
        for (var i = 0; i < a.Length && by == 0; i++) by = string.CompareOrdinal(a[i], b[i]);
        return by;
    });

    static bool IsSame(Batch.Statement a, Batch.Statement b) =>
        a.IsCheck && ReferenceEquals(a.Sql, b.Sql) && a.Args.AsSpan().SequenceEqual(b.Args);
}
