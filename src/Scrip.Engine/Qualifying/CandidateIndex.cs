namespace Scrip.Engine.Qualifying;

/// <summary>Makes indexes.</summary>
public static class CandidateIndex
{
    /// <summary>An index of candidates; their ids are unique.</summary>
    public static CandidateIndex<T> Of<T>(IEnumerable<T> candidates) where T : Candidate => new(candidates);
}

/// <summary>
/// Many candidates of which a qualification looks at those alone that may qualify. What it leaves out would not have
/// qualified. Never changed: after a change there is another one, which shares the table and keeps what changed since
/// beside it, until that is worth a new table.
/// </summary>
public sealed class CandidateIndex<T> where T : Candidate
{
    private const int ChangesMin = 500;

    private static readonly HashSet<int> NoneGone = [];

    private readonly GateTable<T> table;
    private readonly IReadOnlySet<int> gone;
    private readonly T[] since;

    internal CandidateIndex(GateTable<T> table, IReadOnlySet<int> gone, T[] since) => (this.table, this.gone, this.since) = (table, gone, since);

    internal CandidateIndex(IEnumerable<T> candidates) : this(new GateTable<T>(Sorted(candidates)), NoneGone, [])
    {
    }

    /// <summary>All candidates, in no particular order.</summary>
    public IEnumerable<T> Items => table.Items.Where((_, place) => !gone.Contains(place)).Concat(since);

    /// <summary>The candidates after a change, at a cost in the number of changes and not in that of candidates.</summary>
    /// <param name="changed">Ids of candidates that were made, changed or deleted.</param>
    /// <param name="now">Those of them that are there now.</param>
    public CandidateIndex<T> With(IReadOnlySet<string> changed, IEnumerable<T> now)
    {
        if (changed.Count == 0) return this;
        var without = new HashSet<int>(gone);
        foreach (var id in changed)
            if (table.PlaceOf(id) is >= 0 and var place) without.Add(place);
        var beside = Sorted(since.Where(one => !changed.Contains(one.Id)).Concat(now));
        var after = new CandidateIndex<T>(table, without, beside);
        return without.Count + beside.Length > Math.Max(ChangesMin, table.Items.Count / 4) ? new(after.Items) : after;
    }

    /// <summary>Those that may qualify, newest first; whatever qualifies is among them.</summary>
    public IReadOnlyList<T> Possible(Qualifier qualifier)
    {
        var open = table.Open(qualifier.Question, gone);
        var beside = since.Length == 0 ? since : Array.FindAll(since, one => one.Gate.IsOpen(qualifier.Question));
        return Candidate.Joined(open, beside);
    }

    private static T[] Sorted(IEnumerable<T> candidates)
    {
        var sorted = candidates.ToArray();
        Array.Sort(sorted, Candidate.NewestFirst);
        return sorted;
    }
}
