using Scrip.Engine;

namespace Scrip.Server.Platform.Csv;

/// <summary>
/// The columns that a kind of file may have, by the names of the API's import guides. A header matches regardless of
/// letter case, spaces, underscores and hyphens; a column that matches none holds metadata under its own name.
/// </summary>
/// <param name="names">Each column with the names it goes by; the first is what faults call it.</param>
sealed class CsvColumns(params string[][] names)
{
    const int ColumnsMax = 300;

    /// <summary>Finds the columns of a file.</summary>
    /// <exception cref="ApiFault">A column is there twice, or one that has to be there is missing.</exception>
    /// <param name="file">The file.</param>
    /// <param name="required">Names of columns of which the file needs one.</param>
    public CsvBinding Bind(CsvFile file, params ReadOnlySpan<string> required)
    {
        if (file.Header.Length > ColumnsMax) throw Wrong($"may have {ColumnsMax} columns at most");
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var metadata = new List<(int, string)>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < file.Header.Length; i++)
        {
            var header = file.Header[i];
            if (header.Length == 0) continue;
            if (header.Length > Http.Checks.TextMax) throw Wrong($"has a column name that is longer than {Http.Checks.TextMax} characters");
            var known = Array.Find(names, column => column.Any(name => Plain(name) == Plain(header)));
            if (!seen.Add(known is null ? " " + header : known[0])) throw Wrong($"has the column '{header}' twice");
            if (known is null) metadata.Add((i, header));
            else places[known[0]] = i;
        }
        if (required.Length > 0 && !Has(places, required))
            throw Wrong($"has no column '{string.Join("' or '", required.ToArray())}' in its first line, which must name the columns");
        return new CsvBinding(file.Header.Length, places, [.. metadata]);
    }

    static bool Has(Dictionary<string, int> places, ReadOnlySpan<string> required)
    {
        foreach (var name in required)
            if (places.ContainsKey(name)) return true;
        return false;
    }

    static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    static ApiFault Wrong(string what) => new(Refusals.InvalidPayload.With("The CSV file " + what));
}

/// <summary>Where the columns of one file are.</summary>
/// <param name="Count">How many columns it has.</param>
/// <param name="Places">Of the known ones, by their first names.</param>
/// <param name="Metadata">Of the others, with the names as they are written.</param>
sealed record CsvBinding(int Count, IReadOnlyDictionary<string, int> Places, (int Place, string Name)[] Metadata)
{
    /// <summary>True when the file has the column.</summary>
    public bool Has(string column) => Places.ContainsKey(column);

    /// <summary>What a row has in a column; null when that is empty or not there.</summary>
    public string? Of(CsvRow row, string column) =>
        Places.TryGetValue(column, out var place) && row.Fields[place] is { Length: > 0 } text ? text : null;

    /// <summary>Refuses a row that has not as many fields as the header; what is missing at its end counts as empty.</summary>
    public CsvRow Checked(CsvRow row)
    {
        if (row.Fields.Length == Count) return row;
        if (row.Fields.Length > Count) throw CsvValue.Wrong($"The row has {row.Fields.Length} fields, the header {Count}");
        var fields = new string[Count];
        row.Fields.CopyTo(fields, 0);
        fields.AsSpan(row.Fields.Length).Fill("");
        return row with { Fields = fields };
    }
}
