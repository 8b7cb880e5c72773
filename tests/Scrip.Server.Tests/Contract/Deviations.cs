using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Contract;

/// <summary>
/// A place where Scrip rightly answers something else than its document says, for example because the document
/// contradicts the vendor's own examples. In every column but the reason, <c>*</c> stands for anything.
/// </summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">The path with its parameters in braces.</param>
/// <param name="Status">The status of the answer.</param>
/// <param name="Pointer">The JSON pointer; a <c>*</c> stands for any steps. With <c>=null</c> behind it, only a null there is right.</param>
/// <param name="Reason">Why it is right.</param>
public sealed record Deviation(string Method, string Path, string Status, string Pointer, string Reason)
{
    /// <summary>Whether it excuses a violation in an answer of an operation.</summary>
    public bool Excuses(Operation operation, int status, Violation violation) =>
        (Method == "*" || Method == operation.Method)
        && (Path == "*" || Operation.RouteOf(operation.Method, Path) == operation.Route)
        && (Status == "*" || Status == $"{status}")
        && Pattern(Pointer).IsMatch(violation.Actual == "null" && Pointer.EndsWith("=null", StringComparison.Ordinal)
            ? violation.Pointer + "=null"
            : violation.Pointer);

    private static Regex Pattern(string pointer) => new($"^{Regex.Escape(pointer).Replace("\\*", ".*")}$");
}

/// <summary>The rows of <c>contract/deviations.tsv</c>, and which of them were needed in this run.</summary>
public static class Deviations
{
    /// <summary>The list's first line.</summary>
    public const string Heading = "method\tpath\tstatus\tpointer\treason";

    private static readonly Lazy<IReadOnlyList<Deviation>> Read = new(() =>
        [.. File.ReadLines(Repository.At("contract", "deviations.tsv")).Skip(1).Where(line => line.Length > 0).Select(line => line.Split('\t')).Select(cells =>
            new Deviation(cells[0], cells[1], cells[2], cells[3], cells[4]))]);

    private static readonly ConcurrentDictionary<Deviation, bool> Needed = new();

    /// <summary>The rows that excused nothing so far.</summary>
    public static IEnumerable<Deviation> Unused => Read.Value.Where(row => !Needed.ContainsKey(row));

    /// <summary>All rows.</summary>
    public static IReadOnlyList<Deviation> All => Read.Value;

    /// <summary>Whether a violation is listed as right.</summary>
    public static bool Excuse(Operation operation, int status, Violation violation)
    {
        var row = Read.Value.FirstOrDefault(row => row.Excuses(operation, status, violation));
        return row is not null && (Needed[row] = true);
    }
}
