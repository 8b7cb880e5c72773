using System.Collections.Concurrent;
using Scrip.Server.Tests.Running;

namespace Scrip.Server.Tests.Contract;

/// <summary>Which operations were reached on which database, and with which statuses they answered.</summary>
public static class Reached
{
    private static readonly ConcurrentDictionary<(Operation Operation, Db Db, int Status), int> Answers = new();

    /// <summary>Notes an answer.</summary>
    public static void Add(Operation operation, Db db, int status) =>
        Answers.AddOrUpdate((operation, db, status), 1, (_, count) => count + 1);

    /// <summary>Whether an operation has done what it is for, at least once, on a database; refusals do not count.</summary>
    public static bool Succeeded(Operation operation, Db db) =>
        Answers.Keys.Any(answer => answer.Operation == operation && answer.Db == db && answer.Status < 300);

    /// <summary>Writes <c>artifacts/contract-reached.tsv</c> for people to read.</summary>
    public static void Write()
    {
        Directory.CreateDirectory(Repository.At("artifacts"));
        var rows = Answers
            .Select(pair => $"{pair.Key.Operation.Method}\t{pair.Key.Operation.Path}\t{pair.Key.Db}\t{pair.Key.Status}\t{pair.Value}")
            .Order(StringComparer.Ordinal);
        File.WriteAllLines(Repository.At("artifacts", "contract-reached.tsv"), ["method\tpath\tdatabase\tstatus\tanswers", .. rows]);
    }
}
