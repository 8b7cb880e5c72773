using System.Buffers;
using System.Text;
using System.Text.Unicode;
using Scrip.Engine;
using Scrip.Server.Platform.Jobs;

namespace Scrip.Server.Platform.Csv;

/// <summary>
/// Cuts a CSV file into parts while it arrives. A part holds whole rows, so that it can be read without the others; a
/// line break inside quotes does not end a row. Only one part is in memory at a time.
/// </summary>
/// <param name="file">The file in UTF-8, with or without a byte order mark.</param>
/// <param name="rowsMax">The most rows of a part.</param>
sealed class CsvSplitter(Stream file, int rowsMax)
{
    const int PartBytesMax = 2 * 1024 * 1024;
    const int RowBytesMax = 1024 * 1024;
    const int ReadBytes = 128 * 1024;

    byte[] buffer = new byte[ReadBytes * 2];
    int length;
    int scanned;
    int rowStart;
    long rows;
    bool isOver;
    byte delimiter;
    SearchValues<byte> plainEnds = SearchValues.Create(",\r\n"u8);
    State state = State.FieldStart;

    enum State
    {
        FieldStart,
        Plain,
        Quoted,
        QuoteInQuoted,
    }

    /// <summary>Rows that were handed out so far, without the header.</summary>
    public long Rows => rows;

    /// <summary>Reads the header line.</summary>
    /// <exception cref="ApiFault">There is none, or the file is no text.</exception>
    public async Task<CsvFile> ReadHeader()
    {
        delimiter = (byte)',';
        while (length < 3 && await Fill()) { }
        if (buffer.AsSpan(0, length).StartsWith(Encoding.UTF8.Preamble)) Drop(3);
        if (length >= 2 && (buffer[0], buffer[1]) is (0xFF, 0xFE) or (0xFE, 0xFF)) throw NoCsv("it is UTF-16 text; save it as UTF-8");
        while (await NextRow())
        {
            var isBlank = IsBlank();
            rowStart = scanned;
            var line = Taken(0);
            if (isBlank) continue;
            var text = Encoding.UTF8.GetString(line);
            var separator = Outside(text, ';') > Outside(text, ',') ? ";" : ",";
            if (separator == ";") (delimiter, plainEnds) = ((byte)';', SearchValues.Create(";\r\n"u8));
            return new CsvFile([.. CsvRows.Fields(text, separator).Select(name => name.Trim())], separator);
        }
        throw NoCsv("it is empty");
    }

    /// <summary>The next part, or null at the end of the file.</summary>
    /// <exception cref="ApiFault">The file is no CSV from some row on.</exception>
    public async Task<JobPart?> ReadPart(long number)
    {
        var (first, count) = (rows, 0);
        while (count < rowsMax && rowStart < PartBytesMax && await NextRow())
        {
            if (!IsBlank()) (count, rows) = (count + 1, rows + 1);
            rowStart = scanned;
        }
        return count == 0 ? null : new JobPart { Part = number, FirstRow = first + 1, RowCount = count, Content = Taken(first + 1) };
    }

    // Scans to the end of the row that begins at rowStart, its line break included; false when there is no row any more.
    async Task<bool> NextRow()
    {
        while (!Scan())
        {
            if (length - rowStart > RowBytesMax) throw NoCsv($"row {rows + 1} is longer than {RowBytesMax} bytes; perhaps a quote is not closed");
            if (await Fill()) continue;
            if (rowStart >= length) return false;
            if (state == State.Quoted) throw NoCsv($"the quote that is opened in row {rows + 1} is never closed");
            state = State.FieldStart;
            return true;
        }
        return true;
    }

    bool IsBlank() => buffer.AsSpan(rowStart, scanned - rowStart).IndexOfAnyExcept((byte)'\r', (byte)'\n') < 0;

    // True when it came to the end of a row. A carriage return ends one, too; the line feed behind it is an empty row.
    bool Scan()
    {
        while (scanned < length)
        {
            var rest = buffer.AsSpan(scanned, length - scanned);
            switch (state)
            {
                case State.FieldStart when rest[0] == (byte)'"':
                    (state, scanned) = (State.Quoted, scanned + 1);
                    break;
                case State.Quoted:
                    var quote = rest.IndexOf((byte)'"');
                    scanned = quote < 0 ? length : scanned + quote + 1;
                    if (quote >= 0) state = State.QuoteInQuoted;
                    break;
                case State.QuoteInQuoted when rest[0] == (byte)'"':
                    (state, scanned) = (State.Quoted, scanned + 1);
                    break;
                default:
                    var end = rest.IndexOfAny(plainEnds);
                    state = State.Plain;
                    if (end < 0)
                    {
                        scanned = length;
                        break;
                    }
                    var found = rest[end];
                    scanned += end + 1;
                    state = State.FieldStart;
                    if (found != delimiter) return true;
                    break;
            }
        }
        return false;
    }

    async Task<bool> Fill()
    {
        if (isOver) return false;
        if (buffer.Length - length < ReadBytes) Array.Resize(ref buffer, buffer.Length * 2);
        var read = await file.ReadAsync(buffer.AsMemory(length, ReadBytes));
        length += read;
        isOver = read == 0;
        return !isOver;
    }

    // The whole rows so far.
    byte[] Taken(long row)
    {
        var content = buffer.AsSpan(0, rowStart).ToArray();
        Drop(rowStart);
        if (content.AsSpan().Contains((byte)0) || !Utf8.IsValid(content))
            throw NoCsv(row == 0 ? "it is not UTF-8 text" : $"it is not UTF-8 text from row {row} on");
        return content;
    }

    void Drop(int end)
    {
        buffer.AsSpan(end, length - end).CopyTo(buffer);
        length -= end;
        scanned = Math.Max(0, scanned - end);
        rowStart = 0;
    }

    static int Outside(string line, char what)
    {
        var (count, isQuoted) = (0, false);
        foreach (var letter in line)
        {
            if (letter == '"') isQuoted = !isQuoted;
            else if (letter == what && !isQuoted) count++;
        }
        return count;
    }

    static ApiFault NoCsv(string why) => new(Refusals.InvalidPayload.With($"The file is no CSV: {why}"));
}
