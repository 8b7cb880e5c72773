using System.Buffers;
using System.Text;

namespace Scrip.Server.Features.Exports;

/// <summary>One cell of a file. Text that people wrote never begins like a formula, which a spreadsheet would run.</summary>
readonly record struct Cell
{
    Cell(string content) => Content = content;

    /// <summary>What is written, before it is quoted.</summary>
    public string Content { get; }

    /// <summary>Numbers, dates and words of our own.</summary>
    public static Cell Own(string content) => new(content);

    /// <summary>Text that somebody may have written: an apostrophe goes before what a spreadsheet takes for a formula.</summary>
    public static Cell Text(string content) => new(content.Length > 0 && content[0] is '=' or '+' or '-' or '@' or '\t' or '\r' or '\n' ? "'" + content : content);
}

/// <summary>Lines of a file as RFC 4180 has them, in UTF-8.</summary>
sealed class CsvLines
{
    static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n;");

    readonly StringBuilder text = new();

    /// <summary>Adds a line.</summary>
    public void Add(IEnumerable<Cell> cells)
    {
        var first = true;
        foreach (var cell in cells)
        {
            if (!first) text.Append(',');
            first = false;
            var content = cell.Content;
            var quotes = content.AsSpan().ContainsAny(Quoted) || (content.Length > 0 && (content[0] == ' ' || content[^1] == ' '));
            if (quotes) text.Append('"').Append(content.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
            else text.Append(content);
        }
        text.Append("\r\n");
    }

    /// <summary>What was added so far.</summary>
    public byte[] Bytes => Encoding.UTF8.GetBytes(text.ToString());

    /// <summary>The title of a column: <c>voucher_type</c> is <c>Voucher Type</c>; keys of metadata keep their name.</summary>
    public static string Title(string field) => field.StartsWith(ExportTable.MetadataPrefix, StringComparison.Ordinal)
        ? field
        : string.Join(' ', field.Split('_').Select(word => word switch
        {
            "id" => "ID",
            "qr" => "QR",
            "url" => "URL",
            "sku" => "SKU",
            _ => char.ToUpperInvariant(word[0]) + word[1..],
        }));
}
