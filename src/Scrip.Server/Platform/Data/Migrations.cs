using DbUp.Builder;
using DbUp.Engine.Output;

namespace Scrip.Server.Platform.Data;

/// <summary>Runs the one numbered series of SQL files, forward only. Identifiers are <c>$id$</c>: text that
/// sorts by bytes on both databases. A line that begins with <c>$on_postgres$</c> is for PostgreSQL alone.</summary>
static class Migrations
{
    public static void Run(UpgradeEngineBuilder builder, string idType, bool isPostgres)
    {
        var result = builder
            .WithScriptsEmbeddedInAssembly(typeof(Migrations).Assembly, name => name.Contains(".Migrations.", StringComparison.Ordinal))
            .WithVariable("id", idType)
            .WithVariable("on_postgres", isPostgres ? "" : "-- ")
            .WithTransactionPerScript()
            .LogTo(new NoOpUpgradeLog())
            .Build()
            .PerformUpgrade();
        if (!result.Successful)
            throw new InvalidOperationException($"Migration {result.ErrorScript?.Name} failed: {result.Error.Message}", result.Error);
    }
}
