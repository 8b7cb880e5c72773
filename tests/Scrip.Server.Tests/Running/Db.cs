using System.Reflection;
using Xunit.Sdk;
using Xunit.v3;

namespace Scrip.Server.Tests.Running;

/// <summary>The two databases Scrip runs on. Every server test runs on both.</summary>
public enum Db
{
    /// <summary>The embedded store: one file.</summary>
    Sqlite,

    /// <summary>The server store: the cluster that <c>./dev test</c> starts.</summary>
    Postgres,
}

/// <summary>
/// Runs a theory once on each database; the method's first parameter is the <see cref="Db"/>, the values given
/// here follow it. Repeat the attribute for several rows.
/// </summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnBothAttribute(params object?[] values) : DataAttribute
{
    /// <summary>The values that follow the database.</summary>
    public IReadOnlyList<object?> Values { get; } = values;

    /// <inheritdoc/>
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker)
    {
        ITheoryDataRow[] rows = [.. Enum.GetValues<Db>().Select(db => new TheoryDataRow([db, .. Values]))];
        return new(rows);
    }

    /// <inheritdoc/>
    public override bool SupportsDiscoveryEnumeration() => true;
}
