using System.Numerics;

namespace Scrip.Engine.Qualifying;

/// <summary>
/// The gates of many candidates side by side: an id leads to those that ask for it, and what is compared lies in arrays
/// of its own, so that nothing of a candidate is touched before its gate is known to be open. Never changed.
/// </summary>
internal sealed class GateTable<T> where T : Candidate
{
    private const int Bits = 64;

    private readonly T[] items;
    private readonly Dictionary<string, int> places;
    private readonly long[] from;
    private readonly long[] until;
    private readonly long[] least;
    private readonly long[] most;
    private readonly Asked products;
    private readonly Asked audience;

    /// <summary>Makes a table of candidates that are sorted newest first.</summary>
    public GateTable(T[] newestFirst)
    {
        items = newestFirst;
        places = new(items.Length, StringComparer.Ordinal);
        (from, until, least, most) = (new long[items.Length], new long[items.Length], new long[items.Length], new long[items.Length]);
        var gates = Array.ConvertAll(items, one => one.Gate);
        for (var i = 0; i < items.Length; i++)
        {
            places[items[i].Id] = i;
            (from[i], until[i], least[i], most[i]) = (gates[i].From, gates[i].Until, gates[i].Least, gates[i].Most);
        }
        (products, audience) = (new(gates, gate => gate.InCart), new(gates, gate => gate.InSegment));
    }

    /// <summary>The candidates, newest first.</summary>
    public IReadOnlyList<T> Items => items;

    /// <summary>The place of a candidate; -1 when there is none of that id.</summary>
    public int PlaceOf(string id) => places.GetValueOrDefault(id, -1);

    /// <summary>Those whose gate is open, newest first.</summary>
    /// <param name="question">What gates look at.</param>
    /// <param name="gone">Places that are left out.</param>
    public IReadOnlyList<T> Open(Question question, IReadOnlySet<int> gone)
    {
        var words = new ulong[(items.Length + Bits - 1) / Bits];
        words.AsSpan().Fill(ulong.MaxValue);
        if (items.Length % Bits != 0) words[^1] = ulong.MaxValue >> (Bits - (items.Length % Bits));
        if (question.AsksProducts) products.Keep(words, question.InCart);
        if (question.AsksAudience) audience.Keep(words, question.InSegments);
        foreach (var place in gone) words[place / Bits] &= ~(1UL << (place % Bits));
        var count = 0;
        for (var w = 0; w < words.Length; w++)
        {
            for (var rest = words[w]; rest != 0; rest &= rest - 1)
            {
                var i = (w * Bits) + BitOperations.TrailingZeroCount(rest);
                if (question.Now < from[i] || question.Now > until[i] || !question.Allows(least[i], most[i])) words[w] &= ~(1UL << (i % Bits));
            }
            count += BitOperations.PopCount(words[w]);
        }
        return count == items.Length ? items : Listed(words, count);
    }

    private T[] Listed(ulong[] words, int count)
    {
        var open = new T[count];
        var next = 0;
        for (var w = 0; w < words.Length; w++)
            for (var rest = words[w]; rest != 0; rest &= rest - 1)
                open[next++] = items[(w * Bits) + BitOperations.TrailingZeroCount(rest)];
        return open;
    }

    /// <summary>Which candidates ask for which ids.</summary>
    private sealed class Asked
    {
        private readonly Dictionary<string, int[]> byId = new(StringComparer.Ordinal);
        private readonly ulong[] ofNone;

        public Asked(Gate[] gates, Func<Gate, string[]?> ids)
        {
            ofNone = new ulong[(gates.Length + Bits - 1) / Bits];
            var lists = new Dictionary<string, List<int>>(StringComparer.Ordinal);
            for (var i = 0; i < gates.Length; i++)
            {
                if (ids(gates[i]) is not { } asked)
                {
                    ofNone[i / Bits] |= 1UL << (i % Bits);
                    continue;
                }
                foreach (var id in asked)
                {
                    if (!lists.TryGetValue(id, out var list)) lists[id] = list = [];
                    list.Add(i);
                }
            }
            foreach (var (id, list) in lists) byId[id] = [.. list];
        }

        /// <summary>Clears the places of candidates that ask for none of the ids.</summary>
        public void Keep(ulong[] words, IReadOnlySet<string> ids)
        {
            if (byId.Count == 0) return;
            var open = (ulong[])ofNone.Clone();
            foreach (var id in ids)
                foreach (var i in byId.GetValueOrDefault(id) ?? [])
                    open[i / Bits] |= 1UL << (i % Bits);
            for (var w = 0; w < words.Length; w++) words[w] &= open[w];
        }
    }
}
