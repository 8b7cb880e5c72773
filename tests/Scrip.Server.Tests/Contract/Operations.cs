using System.Text.RegularExpressions;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Contract;

/// <summary>A row of <c>contract/operations.tsv</c>.</summary>
/// <param name="Method">The HTTP method in capitals.</param>
/// <param name="Path">The path with its parameters in braces.</param>
/// <param name="Id">The operation's name in the contract.</param>
/// <param name="Feature">The document it is described in.</param>
/// <param name="State">Whether Scrip serves it: <see cref="Served"/> or <see cref="NotYet"/>.</param>
public sealed record Operation(string Method, string Path, string Id, string Feature, string State)
{
    /// <summary>The state of an operation that Scrip maps and tests.</summary>
    public const string Served = "served";

    /// <summary>The state of an operation that Scrip adds to the contract.</summary>
    public const string Own = "own";

    /// <summary>The state of an operation that still answers 501 or 404.</summary>
    public const string NotYet = "not yet";

    private readonly string[] segments = Segments(Path);

    /// <summary>Method and path, without the names of the path's parameters: what two routes are compared by.</summary>
    public string Route => RouteOf(Method, Path);

    /// <summary>Method and path with every parameter's name removed.</summary>
    public static string RouteOf(string method, string path) =>
        $"{method.ToUpperInvariant()} {Regex.Replace("/" + path.Trim('/'), @"\{[^}]*\}", "{}")}";

    /// <summary>How many literal segments a path shares with this template, or null when it does not fit.</summary>
    internal int? Literals(string[] path)
    {
        if (path.Length != segments.Length) return null;
        var literals = 0;
        for (var i = 0; i < path.Length; i++)
        {
            if (segments[i].StartsWith('{')) continue;
            if (segments[i] != path[i]) return null;
            literals++;
        }
        return literals;
    }

    internal static string[] Segments(string path) => path.Split('?')[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
}

/// <summary>The list of all operations of the API, in the order of <c>contract/operations.tsv</c>.</summary>
public static class Operations
{
    /// <summary>The list's first line.</summary>
    public const string Heading = "method\tpath\toperation\tfeature\tstate";

    private const string DownloadExport = "download-export";

    private static readonly Lazy<IReadOnlyList<Operation>> Read = new(() =>
        [.. File.ReadLines(ListPath).Skip(1).Where(line => line.Length > 0).Select(line => line.Split('\t')).Select(cells =>
            new Operation(cells[0], cells[1], cells[2], cells[3], cells[4]))]);

    private static readonly Lazy<IReadOnlyList<Operation>> ReadOwn = new(() =>
        [.. File.ReadLines(Repository.At("contract", "own-operations.tsv")).Skip(1).Where(line => line.Length > 0).Select(line => line.Split('\t')).Select(cells =>
            new Operation(cells[0], cells[1], cells[2], cells[3], Operation.Own))]);

    /// <summary>Where the list lies.</summary>
    public static string ListPath => Repository.At("contract", "operations.tsv");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Operation> All => Read.Value;

    /// <summary>Those that Scrip adds: <c>contract/own-operations.tsv</c>.</summary>
    public static IReadOnlyList<Operation> Own => ReadOwn.Value;

    /// <summary>
    /// The operation that a request reaches: of several templates that fit, the one with most literal segments.
    /// Two operations share the route of an export; the token in the query tells the download.
    /// </summary>
    public static Operation? Match(string method, string path)
    {
        var segments = Operation.Segments(path);
        var isDownload = path.Contains("?token=") || path.Contains("&token=");
        return All.Concat(Own)
            .Where(operation => operation.Method == method)
            .Select(operation => (operation, Literals: operation.Literals(segments)))
            .Where(pair => pair.Literals is not null)
            .OrderByDescending(pair => pair.Literals)
            .ThenBy(pair => pair.operation.Id == DownloadExport != isDownload)
            .Select(pair => pair.operation)
            .FirstOrDefault();
    }
}
