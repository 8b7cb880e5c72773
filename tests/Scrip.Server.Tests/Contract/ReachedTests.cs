using Scrip.Server.Tests.Contract;
using Scrip.Server.Tests.Running;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(AfterAllOthers))]

namespace Scrip.Server.Tests.Contract;

/// <summary>What can only be said when every other test has run. The collection runs alone and last.</summary>
[Collection(nameof(AfterAllOthers))]
public sealed class ReachedTests
{
    [Theory, OnBoth]
    public void Every_served_operation_was_reached_with_success(Db db)
    {
        Assert.SkipUnless(Repository.IsWholeRun, "Only a run of all tests reaches all operations.");
        Operations.All.Where(row => row.State == Operation.Served).Concat(Operations.Own)
            .Where(row => !Reached.Succeeded(row, db))
            .Select(row => $"{row.Method} {row.Path}")
            .ShouldBeEmpty($"no test got a 2xx from these on {db}");
    }

    [Fact]
    public void Every_listed_deviation_was_needed()
    {
        Assert.SkipUnless(Repository.IsWholeRun && OpenApi.IsPresent, "Only a run of all tests needs all deviations.");
        Deviations.Unused.ShouldBeEmpty();
    }
}

/// <summary>
/// Puts the collection of this name behind all others: xunit runs the collections that refuse company after the
/// parallel ones, in this order.
/// </summary>
[CollectionDefinition(nameof(AfterAllOthers), DisableParallelization = true)]
public sealed class AfterAllOthers : ITestCollectionOrderer
{
    /// <inheritdoc/>
    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections)
        where TTestCollection : ITestCollection =>
        [.. testCollections.OrderBy(collection => collection.TestCollectionDisplayName == nameof(AfterAllOthers))];
}
