using System.Globalization;
using System.Text;
using CsvHelper;
using CsvHelper.Configuration;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Platform.Csv;

/// <summary>One row of a CSV file.</summary>
/// <param name="Number">Its number in the file, from 1, without the header.</param>
/// <param name="Fields">What it has, column by column; fewer or more than the header when the row is broken.</param>
public readonly record struct CsvRow(long Number, string[] Fields);

/// <summary>Reads the rows of a part.</summary>
static class CsvRows
{
    /// <summary>The rows of a part, in their order.</summary>
    public static List<CsvRow> Read(JobPart part, CsvFile file)
    {
        var rows = new List<CsvRow>((int)part.RowCount);
        using var text = new StreamReader(new MemoryStream(part.Content), Encoding.UTF8);
        using var parser = new CsvParser(text, Configured(file.Delimiter));
        while (parser.Read())
        {
            rows.Add(new CsvRow(part.FirstRow + rows.Count, parser.Record!));
            GivingWay.AfterRow();
        }
        return rows;
    }

    /// <summary>The fields of a single line.</summary>
    public static string[] Fields(string line, string delimiter)
    {
        using var text = new StringReader(line);
        using var parser = new CsvParser(text, Configured(delimiter));
        return parser.Read() ? parser.Record! : [];
    }

    static CsvConfiguration Configured(string delimiter) => new(CultureInfo.InvariantCulture)
    {
        Delimiter = delimiter,
        HasHeaderRecord = false,
        // A quote in the middle of a field is taken as it stands.
        BadDataFound = null,
        BufferSize = 64 * 1024,
    };
}
