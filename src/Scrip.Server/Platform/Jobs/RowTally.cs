using System.Text;
using Scrip.Engine;
using Scrip.Server.Platform.Http;

namespace Scrip.Server.Platform.Jobs;

/// <summary>What the rows of one part came to: how many are done, and why the others failed.</summary>
public sealed class RowTally
{
    readonly List<string> faults = [];
    readonly StringBuilder report = new();

    /// <summary>Rows that are done.</summary>
    public long Done { get; set; }

    /// <summary>The reasons, as JSON, in the order of the rows.</summary>
    public IReadOnlyList<string> Faults => faults;

    /// <summary>The lines of the report.</summary>
    public byte[] Report => Encoding.UTF8.GetBytes(report.ToString());

    /// <summary>A row of an import failed.</summary>
    public void Fail(RowFault fault) => faults.Add(Wire.Text(fault));

    /// <summary>An object of a bulk update failed.</summary>
    public void Fail(BulkFault fault) => faults.Add(Wire.Text(fault));

    /// <summary>The reason that a caller would be told.</summary>
    public static string Reason(Refusal refusal) => refusal.Details ?? refusal.Message;

    /// <summary>Adds a line to the report: what the object is called, whether it was there, and whether it was written.</summary>
    public void Tell(string name, bool isFound, bool isUpdated, string? error = null) => report
        .Append(Field(name)).Append(',').Append(isFound ? "true" : "false").Append(',').Append(isUpdated ? "true" : "false")
        .Append(',').Append(error is null ? "" : Field(error)).Append('\n');

    // A spreadsheet takes a field that begins like a formula for one.
    static string Field(string text)
    {
        var safe = text.Length > 0 && text[0] is ('=' or '+' or '-' or '@' or '\t' or '\r') ? "'" + text : text;
        return safe.AsSpan().IndexOfAny(",\"\r\n") < 0 ? safe : "\"" + safe.Replace("\"", "\"\"", StringComparison.Ordinal) + "\"";
    }
}
