using System.Collections.Concurrent;
using Scrip.Engine.Formulas;

namespace Scrip.Server.Features.Vouchers;

/// <summary>
/// Formulas by their text, so that a voucher that is loaded for each request does not have its formula read each time.
/// Bounded by the characters of all texts: a tree takes memory in proportion to its text. When full it starts over.
/// </summary>
static class FormulaCache
{
    const int CharactersMax = 500_000;

    static readonly ConcurrentDictionary<string, Formula?> Known = new(StringComparer.Ordinal);
    static int characters;

    /// <summary>The formula of a stored text; null when there is none. A text that is no formula any more leaves the plain value.</summary>
    public static Formula? Of(string? text)
    {
        if (string.IsNullOrEmpty(text)) return null;
        if (Known.TryGetValue(text, out var known)) return known;
        var read = Formula.Read(text).Formula;
        if (Interlocked.Add(ref characters, text.Length) > CharactersMax)
        {
            Known.Clear();
            Interlocked.Exchange(ref characters, text.Length);
        }
        Known[text] = read;
        return read;
    }
}
